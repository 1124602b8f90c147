"""Buttons that Return presses: in a plain page Qt lets only Space do it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CONTROL = Qt.KeyboardModifier.ControlModifier


class PressButton(QPushButton):
    """A push button that Return presses, and that is nobody's default: a scanned code ends with Return."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoDefault(False)

    def changeEvent(self, event: QEvent) -> None:
        """Ask for room anew when the text scale changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses, once however long it is held; the rest as usual."""
        if event.key() in _RETURN and not (event.isAutoRepeat() or event.modifiers() & _CONTROL):
            self.click()
            return
        super().keyPressEvent(event)


class ToolButton(QToolButton):
    """A tool button that Return presses."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses, once however long it is held; the rest as usual."""
        if event.key() in _RETURN and not (event.isAutoRepeat() or event.modifiers() & _CONTROL):
            self.click()
            return
        super().keyPressEvent(event)
