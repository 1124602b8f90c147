"""Card 2: who applies, who came, and what this item asks about them."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from onewindow_desk.domain.case import ApplicantKind
from onewindow_desk.workspaces.intake import editors
from onewindow_desk.workspaces.intake.form import Editor, FormField, rows
from onewindow_desk.workspaces.intake.words import tidy_date
from onewindow_desk.workspaces.shared.enter_walk import EnterWalk
from onewindow_desk.workspaces.shared.widgets.card import CardHead
from onewindow_desk.workspaces.shared.widgets.field import Field
from onewindow_desk.workspaces.shared.widgets.pressing import PressButton
from onewindow_desk.workspaces.shared.widgets.segments import Segments

_NARROW, _WIDE = 3, 4
_NOT_LEAVING = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


def _share(field: FormField, row: tuple[FormField, ...]) -> int:
    """How much of its row a field takes."""
    if any(partner.narrow for partner in row):
        return _NARROW if field.narrow else _WIDE
    return 1


class ApplicantCard(QWidget):
    """Who applies, in fields.

    `typed` emits (key, text) at each change, `left_field` the key of the field the focus leaves,
    `entered` the Field the focus comes to, `kind_chosen` an ApplicantKind, `agent_chosen` a bool;
    `finished` comes with Return in the last field, `left` with Shift+Return in the first,
    `undoing` with Ctrl+Z where a field has nothing to take back.
    """

    typed = Signal(object)
    left_field = Signal(object)
    entered = Signal(object)
    kind_chosen = Signal(object)
    agent_chosen = Signal(object)
    finished = Signal()
    left = Signal()
    undoing = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = CardHead(self, title=self.tr("申请人"), number=2, cap="Alt+2")
        kinds = ((ApplicantKind.PERSON, self.tr("个人")), (ApplicantKind.ORGANISATION, self.tr("单位")))
        self.kind = Segments(self, choices=kinds, name=self.tr("申请人类型"))
        self.agent = self._agent_button()
        self._rows = QVBoxLayout()
        self._lines: list[QHBoxLayout] = []
        self._fields: dict[str, Field] = {}
        self._form: tuple[FormField, ...] = ()
        self._walk = EnterWalk(self)
        self._lay_out()
        self.kind.chosen.connect(self.kind_chosen)
        self.agent.toggled.connect(self._agent_toggled)
        self._walk.finished.connect(self.finished)
        self._walk.left.connect(self.left)

    def _agent_button(self) -> PressButton:
        button = PressButton(self)
        button.setText(self.tr("代办人到场"))
        button.setCheckable(True)
        button.setProperty("segment", "next")
        button.setFixedHeight(self.kind.sizeHint().height())
        return button

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self.kind)
        line.addWidget(self.agent)
        line.addStretch(1)
        self._rows.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.head)
        column.addLayout(line)
        column.addLayout(self._rows)
        column.addStretch(1)

    # --- the form

    def show_form(self, form: tuple[FormField, ...]) -> None:
        """Ask for these fields; those that stay keep their text, cursor and fault."""
        if form == self._form:
            return
        kept = {field: self._fields[field.key] for field in form if self._known(field)}
        fields = {field.key: kept.get(field) or self._made(field) for field in form}
        for key, old in self._fields.items():
            if fields.get(key) is not old:
                old.hide()
                old.deleteLater()
        self._form, self._fields = form, fields
        self._place()

    def _known(self, field: FormField) -> bool:
        return field in self._form and field.key in self._fields

    def _made(self, field: FormField) -> Field:
        editor = editors.make(field)
        made = Field(self, caption=field.caption, editor=editor, optional=field.optional, unit=field.unit)
        # Qt would take the field, last made, for the editor's place in the order of Tab.
        made.setFocusProxy(None)  # type: ignore[arg-type]  # the stubs know no None here
        editor.setObjectName(field.key)
        editor.setProperty("form_key", field.key)
        if isinstance(editor, QComboBox):
            editor.currentIndexChanged.connect(partial(self._changed, field.key))
        elif isinstance(editor, QPlainTextEdit | QLineEdit):
            editor.textChanged.connect(partial(self._changed, field.key))
        editor.installEventFilter(self)
        return made

    def _place(self) -> None:
        while self._lines:
            line = self._lines.pop()
            while line.count():
                line.takeAt(0)
            self._rows.removeItem(line)
            line.deleteLater()
        before: QWidget = self.agent
        for fields in rows(self._form):
            line = QHBoxLayout()
            line.setSpacing(10)
            for field in fields:
                made = self._fields[field.key]
                line.addWidget(made, _share(field, fields), Qt.AlignmentFlag.AlignTop)
                made.show()
                QWidget.setTabOrder(before, made.editor)
                before = made.editor
            self._rows.addLayout(line)
            self._lines.append(line)
        self._walk.walk(self._fields[field.key].editor for field in self._form)

    def show_values(self, values: dict[str, str]) -> None:
        """Show what is typed so far."""
        for field in self._form:
            editors.write(self._fields[field.key].editor, values.get(field.key, ""))

    def show_kind(self, kind: ApplicantKind, *, with_agent: bool) -> None:
        """Show who applies; emits nothing."""
        self.kind.set_value(kind)
        self.agent.blockSignals(True)
        self.agent.setChecked(with_agent)
        self.agent.blockSignals(False)

    def show_fault(self, key: str, text: str) -> None:
        """Say what is to be put right in a field, if the form has it; "" clears it."""
        if key in self._fields:
            self._fields[key].set_fault(text)

    def fault(self, key: str) -> str:
        """What a field says is to be put right."""
        return self._fields[key].fault() if key in self._fields else ""

    def form_keys(self) -> tuple[str, ...]:
        """The keys of the form, in reading order."""
        return tuple(field.key for field in self._form)

    def field(self, key: str) -> Field | None:
        """The field of a key."""
        return self._fields.get(key)

    def stop(self) -> QWidget:
        """Where the focus goes in this card: the first field with nothing in it, else the first."""
        empty = (field for field in self._form if self._is_empty(field))
        first = next(empty, self._form[0] if self._form else None)
        return self._fields[first.key].editor if first else self.kind

    def _is_empty(self, field: FormField) -> bool:
        return field.editor is not Editor.CHOICE and not field.optional and not self._typed(field.key)

    def _typed(self, key: str) -> str:
        return editors.read(self._fields[key].editor).strip()

    def last_stop(self) -> QWidget:
        """The last field of the form."""
        return self._fields[self._form[-1].key].editor if self._form else self.kind

    # --- what the person does

    def _changed(self, key: str, *_: object) -> None:
        self.typed.emit((key, editors.read(self._fields[key].editor)))

    def _agent_toggled(self, checked: bool) -> None:
        self.agent_chosen.emit(checked)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice when the focus comes to a field and when it leaves."""
        key = watched.property("form_key")
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._undone(watched, event)
        if isinstance(event, QFocusEvent) and key in self._fields:
            if event.type() is QEvent.Type.FocusIn:
                self.entered.emit(self._fields[key])
            elif event.reason() not in _NOT_LEAVING:
                self._leave(key)
        return False

    def _undone(self, editor: QObject, event: QKeyEvent) -> bool:
        """Ctrl+Z in a line with nothing of its own to take back is the page's."""
        if not event.matches(QKeySequence.StandardKey.Undo) or not isinstance(editor, QLineEdit):
            return False
        if editor.isUndoAvailable():
            return False
        self.undoing.emit()
        return True

    def _leave(self, key: str) -> None:
        field = next(field for field in self._form if field.key == key)
        editor = self._fields[key].editor
        if field.editor is Editor.DATE and isinstance(editor, QLineEdit):
            tidy = tidy_date(editor.text())
            if tidy != editor.text():
                editor.setText(tidy)
        self.left_field.emit(key)
