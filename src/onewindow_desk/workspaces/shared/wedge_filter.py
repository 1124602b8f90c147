"""Keeps a keyboard code scanner's keys out of fields and buttons, wherever the focus is.

The application's event filter hears every key before the widget does. In a text the keys of a burst
appear as they come and are taken back when its Enter shows that a scanner typed them: the text is put
back as it was, a replaced selection included. Anywhere else the keys are held for the length of one
gap, so that no letter turns a page and no space presses a button before it is known whose they are.
"""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from onewindow_desk.devices.wedge import MAX_GAP_MS, Burst, Meaning, Verdict, press

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_BARE = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.KeypadModifier,
)


@dataclass(frozen=True, slots=True)
class _Before:
    """A text as it stood before the first key of a burst: selection as anchor and position."""

    widget: QWidget
    text: str
    anchor: int
    position: int

    @classmethod
    def of(cls, widget: QWidget) -> "_Before | None":
        if isinstance(widget, QLineEdit):
            start = widget.selectionStart()
            anchor = start if start >= 0 else widget.cursorPosition()
            return cls(widget, widget.text(), anchor, anchor + len(widget.selectedText()))
        if isinstance(widget, QPlainTextEdit):
            cursor = widget.textCursor()
            return cls(widget, widget.toPlainText(), cursor.anchor(), cursor.position())
        return None

    def put_back(self) -> None:
        if isinstance(self.widget, QLineEdit):
            self.widget.selectAll()
            self.widget.insert(self.text)
            self.widget.setSelection(self.anchor, self.position - self.anchor)
        elif isinstance(self.widget, QPlainTextEdit):
            self._put_back_long(self.widget)

    def _put_back_long(self, edit: QPlainTextEdit) -> None:
        edit.selectAll()
        edit.insertPlainText(self.text)
        cursor = edit.textCursor()
        cursor.setPosition(self.anchor)
        cursor.setPosition(self.position, QTextCursor.MoveMode.KeepAnchor)
        edit.setTextCursor(cursor)


class WedgeFilter(QObject):
    """Install it on the application. `scanned` emits the code, `unrecognised` that it is not one of ours.

    Keys without a time of their own (0) are a person's: some platforms and all synthetic keys have none.
    """

    scanned = Signal(object)
    unrecognised = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._burst = Burst()
        self._before: _Before | None = None
        self._held: list[tuple[QWidget, QKeyEvent]] = []
        self._replaying = False
        self._gap = QTimer(self)
        self._gap.setSingleShot(True)
        self._gap.setInterval(MAX_GAP_MS + 5)
        self._gap.timeout.connect(self._let_go)
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a key out of the scanner's burst; True when nobody else may have it."""
        if self._replaying or not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
            return False
        if watched is not _receiver() or not event.timestamp():
            return False
        if event.type() is QEvent.Type.ShortcutOverride:
            return self._override(event)
        if event.type() is QEvent.Type.KeyPress:
            return self._pressed(watched, event)
        return False

    def _override(self, event: QKeyEvent) -> bool:
        """A scanner's control key must not reach a shortcut; it comes again as a key press."""
        _, verdict = press(self._burst, event.timestamp(), _character(event))
        if verdict.meaning is Meaning.ORDINARY:
            return False
        event.accept()
        return True

    def _pressed(self, widget: QWidget, event: QKeyEvent) -> bool:
        fresh, verdict = press(self._burst, event.timestamp(), _character(event))
        if fresh.keys == 1:
            self._begin(widget)
        self._burst = fresh
        if verdict.meaning is Meaning.SWALLOW:
            return True
        if verdict.meaning is not Meaning.ORDINARY:
            self._end(verdict)
            return True
        if event.key() in _ENTER:
            self._let_go()
            return False
        return self._hold(widget, event)

    def _begin(self, widget: QWidget) -> None:
        self._let_go()
        self._before = _Before.of(widget)

    def _hold(self, widget: QWidget, event: QKeyEvent) -> bool:
        """Keep a visible key back from a widget that would act on it; texts show it at once."""
        if self._before is not None or not self._burst.keys or not event.text().isprintable():
            return False
        if not event.text() or event.modifiers() not in _BARE:
            return False
        self._held.append((widget, QKeyEvent(event)))
        self._gap.start()
        return True

    def _end(self, verdict: Verdict) -> None:
        self._gap.stop()
        self._held.clear()
        before, self._before = self._before, None
        if before is not None and isValid(before.widget) and verdict.take_back:
            before.put_back()
        if verdict.meaning is Meaning.SCANNED:
            self.scanned.emit(verdict.text)
        else:
            self.unrecognised.emit()

    def _let_go(self) -> None:
        """No scanner after all: the keys held back go where they were going."""
        self._gap.stop()
        held, self._held = self._held, []
        self._replaying = True
        for widget, event in held:
            if isValid(widget):
                QApplication.sendEvent(widget, event)
                QApplication.sendEvent(widget, _release(event))
        self._replaying = False


def _receiver() -> QWidget | None:
    """The widget that is given the key first; its parents hear it again and are passed over."""
    popup = QApplication.activePopupWidget()
    if popup is not None:
        return popup.focusWidget() or popup  # type: ignore[truthy-bool]  # None where nothing in it has focus
    return QApplication.focusWidget()


def _character(event: QKeyEvent) -> str:
    return "\r" if event.key() in _ENTER else event.text()


def _release(event: QKeyEvent) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyRelease, event.key(), event.modifiers(), event.text())
