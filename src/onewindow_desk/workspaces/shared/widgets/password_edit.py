"""A field for passwords: never shown, never kept, no input method, and a word about Caps Lock."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from onewindow_desk.workspaces.shared.widgets.field import Field
from onewindow_desk.workspaces.shared.widgets.label import Label

LONGEST = 256


def capitals_locked(typed: str, *, shift: bool) -> bool | None:
    """Whether a typed sign shows that Caps Lock is on; None when it tells nothing.

    Qt knows no Caps Lock state; a capital without Shift, or a small letter with it, gives it away.
    """
    if len(typed) != 1 or not (typed.isascii() and typed.isalpha()):
        return None
    return typed.isupper() != shift


class PasswordEdit(QLineEdit):
    """A line edit of dots; `capitals` emits True when Caps Lock seems on, False when it seems off."""

    capitals = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        # After the echo mode, which sets the attribute again.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setMaxLength(LONGEST)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Watch for Caps Lock; type as usual."""
        if event.key() == Qt.Key.Key_CapsLock:
            self.capitals.emit(False)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        locked = capitals_locked(event.text(), shift=shift)
        if locked is not None:
            self.capitals.emit(locked)
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The word about Caps Lock goes with the focus."""
        self.capitals.emit(False)
        super().focusOutEvent(event)


class PasswordField(Field):
    """Caption, dots, a word about Caps Lock, fault line."""

    def __init__(self, parent: QWidget | None = None, *, caption: str = "") -> None:
        edit = PasswordEdit()
        super().__init__(parent, caption=caption, editor=edit)
        self._capitals = Label(self, text=self.tr("大写锁定开着。不需要的话请按 Caps Lock。"), role="caption")
        self._capitals.hide()
        if column := self.layout():
            column.addWidget(self._capitals)
        edit.capitals.connect(self._say_capitals)

    def clear(self) -> None:
        """Forget what was typed."""
        # Not clear(): that one can be undone.
        self.line.setText("")
        self._capitals.hide()

    def _say_capitals(self, locked: object) -> None:
        self._capitals.setVisible(bool(locked))
