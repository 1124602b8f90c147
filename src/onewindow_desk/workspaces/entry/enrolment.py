"""A machine that belongs to a street with a central: the invitation is typed in place of founding."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from onewindow_desk._built.ui_enrolment import Ui_Enrolment
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.workspaces.entry.page import EntryPage
from onewindow_desk.workspaces.shared.forms import dress
from onewindow_desk.workspaces.shared.keys import Key

PANEL = 560


class EnrolmentPage(EntryPage):
    """`submitted` emits an Invitation, once until `refuse` answers it; `leaving` goes back to founding."""

    submitted = Signal(object)
    leaving = Signal()
    keys = (Key.DO, Key.BACK, Key.JOIN_FILE)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waiting = False
        self._form = Ui_Enrolment()
        self._form.setupUi(self)
        dress(self)
        # The page itself has the focus while it waits: its fields are shut then, its keys are not.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._form.form.finished.connect(self.submit)
        self._form.join.clicked.connect(self.submit)
        self._form.leave.clicked.connect(self._leave)
        self._say_keys()
        self.fit_panel(self._form.panel, PANEL)

    def first_focus(self) -> QWidget:
        """The first field that wants something."""
        return self._form.form.first_focus()

    def act(self, key: Key) -> None:
        """F9 joins, Esc goes back, Ctrl+O picks the certificate."""
        acts = {Key.DO: self.submit, Key.BACK: self._leave, Key.JOIN_FILE: self._form.form.pick}
        acts[key]()

    def take_code(self, code: str) -> None:
        """A code scanner read the ticket."""
        if not self._waiting:
            self._form.form.take_code(code)

    def submit(self) -> None:
        """Ask to be let in; what cannot be an invitation is named first."""
        if self._waiting:
            return
        try:
            invitation = self._form.form.invitation()
        except Refusal as refusal:
            self._form.form.refuse(refusal.text, refusal.field)
            return
        self._wait(waiting=True)
        self._form.hint.setText(self.tr("正在接入中心库…"))
        self.submitted.emit(invitation)

    def refuse(self, trouble: Refusal | Unreachable) -> None:
        """Say why this machine was not let in; everything typed stays."""
        self._wait(waiting=False)
        self._say_keys()
        field = trouble.field if isinstance(trouble, Refusal) else ""
        self._form.form.refuse(trouble.text, field)

    def _wait(self, *, waiting: bool) -> None:
        self._waiting = waiting
        self._form.join.setEnabled(not waiting)
        self._form.form.setEnabled(not waiting)
        if waiting:
            self.setFocus()

    def _say_keys(self) -> None:
        self._form.hint.setText(self.tr("Enter 下一格"))

    def _leave(self) -> None:
        if not self._waiting:
            self.leaving.emit()
