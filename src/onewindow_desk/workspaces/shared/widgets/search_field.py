"""A field that finds: a magnifier at the left, a key cap at the right, arrows drive a list below."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QHBoxLayout, QLineEdit, QWidget

from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.widgets.icon_label import IconLabel
from onewindow_desk.workspaces.shared.widgets.key_cap import KeyCap
from onewindow_desk.workspaces.shared.widgets.restyle import set_state

_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class SearchField(QFrame):
    """`typed` emits each change, `submitted` the text at Return, `left` at Escape.

    `drive(list)` lets Up, Down and the page keys move in a list while the focus stays here.
    """

    typed = Signal(object)
    submitted = Signal(object)
    left = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, placeholder: str = "", name: str = "", key: Key | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("search", True)
        self._driven: QAbstractItemView | None = None
        self.line = QLineEdit(self)
        self.line.setProperty("bare", True)
        self.line.setPlaceholderText(placeholder)
        self.line.setAccessibleName(name or placeholder)
        self.line.textEdited.connect(self._tell)
        self.line.installEventFilter(self)
        self._cap = KeyCap(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(12)
        row.addWidget(IconLabel(self, name="search", size=16))
        row.addWidget(self.line, 1)
        row.addWidget(self._cap)
        self.set_key(key)
        self.setFocusProxy(self.line)
        self.setFixedHeight(look().px(34))

    def set_key(self, key: Key | None) -> None:
        """Show the cap of the key that comes here, or none."""
        self._cap.setVisible(key is not None)
        if key is not None:
            self._cap.set_key(key)

    def set_placeholder(self, text: str) -> None:
        """Say what can be found here."""
        self.line.setPlaceholderText(text)
        self.line.setAccessibleName(text)

    def text(self) -> str:
        """What is typed."""
        return self.line.text()

    def _tell(self, text: str) -> None:
        self.typed.emit(text)

    def clear(self) -> None:
        """Empty it; emits `typed` with nothing."""
        self.line.clear()
        self.typed.emit("")

    def drive(self, view: QAbstractItemView) -> None:
        """Let the arrow keys typed here move in a list."""
        self._driven = view

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setFixedHeight(look().px(34))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Light the frame with the focus; pass the moves on; Return and Escape speak."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            set_state(self, "lit", "true" if event.type() is QEvent.Type.FocusIn else "false")
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._pressed(event)
        return super().eventFilter(watched, event)

    def _pressed(self, event: QKeyEvent) -> bool:
        if self._driven is not None and event.key() in _MOVES and not event.modifiers():
            QApplication.sendEvent(self._driven, event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.submitted.emit(self.line.text())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            return False
        return True
