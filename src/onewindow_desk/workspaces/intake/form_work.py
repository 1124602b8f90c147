"""Between the applicant's card and the draft: every keystroke kept, every field checked when left."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from onewindow_desk.domain.case import ApplicantKind
from onewindow_desk.workspaces.intake import form
from onewindow_desk.workspaces.intake.applicant_card import ApplicantCard
from onewindow_desk.workspaces.intake.state import IntakeState

_TYPE, _NUMBER = ".identity_type", ".number"


class FormWork(QObject):
    """`edited` follows every change of the draft made here."""

    edited = Signal()

    def __init__(
        self, state: IntakeState, card: ApplicantCard, attempt: Callable[[Callable[[], object]], None]
    ) -> None:
        super().__init__(card)
        self._state = state
        self._card = card
        self._attempt = attempt
        card.typed.connect(self._typed)
        card.left_field.connect(self._left)
        card.kind_chosen.connect(self._kind)
        card.agent_chosen.connect(self._agent)

    def show(self) -> None:
        """Show the draft in front; without an item there is nothing to fill in yet."""
        draft, item = self._state.draft, self._state.item
        self._card.setVisible(item is not None)
        self._card.show_kind(draft.applicant_kind, with_agent=draft.with_agent)
        self._card.show_form(form.fields(draft, item))
        self._card.show_values(draft.values)
        self.show_faults()

    def show_faults(self) -> None:
        """Say in every field that was left what is to be put right there."""
        for key in self._card.form_keys():
            self._card.show_fault(key, self._state.fault(key))

    def _typed(self, what: tuple[str, str]) -> None:
        key, text = what
        self._attempt(lambda: self._state.set_value(key, text))
        if self._card.fault(key):
            self._card.show_fault(key, self._state.fault(key))
        if key.endswith(_TYPE):
            number = key.removesuffix(_TYPE) + _NUMBER
            self._card.show_fault(number, self._state.fault(number))
        self.edited.emit()

    def _left(self, key: str) -> None:
        if self._state.current.handed is None:
            self._card.show_fault(key, self._state.leave(key))
            self.edited.emit()

    def _kind(self, kind: ApplicantKind) -> None:
        self._attempt(lambda: self._state.set_kind(kind))
        self.show()
        self.edited.emit()

    def _agent(self, with_agent: bool) -> None:
        self._attempt(lambda: self._state.set_agent(with_agent))
        self.show()
        self.edited.emit()
