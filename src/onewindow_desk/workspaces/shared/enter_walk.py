"""Return goes to the next field, Shift+Return to the one before; Tab keeps its own order."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QPushButton, QToolButton, QWidget

_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class EnterWalk(QObject):
    """Walks through the fields given, in their order; hidden and disabled ones are passed over.

    `finished` is emitted by Return in the last one, `left` by Shift+Return in the first. In a text of
    several lines Return stays a new line; on a button it presses.
    """

    finished = Signal()
    left = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stops: tuple[QWidget, ...] = ()

    def walk(self, stops: Iterable[QWidget]) -> None:
        """Walk through these from now on."""
        for stop in self._stops:
            stop.removeEventFilter(self)
        self._stops = tuple(stops)
        for stop in self._stops:
            stop.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Return where it means the next field."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        if event.key() not in _RETURN or not self._takes(watched, event):
            return False
        self._go(watched, -1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        return True

    @staticmethod
    def _takes(watched: QObject, event: QKeyEvent) -> bool:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        if isinstance(watched, QPlainTextEdit | QPushButton | QToolButton):
            return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        return not (isinstance(watched, QComboBox) and watched.view().isVisible())

    def _go(self, watched: QObject, step: int) -> None:
        open_stops = [stop for stop in self._stops if stop.isVisible() and stop.isEnabled()]
        place = open_stops.index(watched) + step if watched in open_stops else 0
        if place < 0:
            self.left.emit()
        elif place >= len(open_stops):
            self.finished.emit()
        else:
            reason = Qt.FocusReason.TabFocusReason if step > 0 else Qt.FocusReason.BacktabFocusReason
            open_stops[place].setFocus(reason)
