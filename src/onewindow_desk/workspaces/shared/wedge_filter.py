"""Keeps a keyboard code scanner's keys out of fields and buttons, wherever the focus is.

The application's event filter hears every key before the widget does. In a text the keys of a burst
appear as they come and are taken back when its Enter shows that a scanner typed them: the text is put
back as it was, a replaced selection included. Anywhere else, and control keys everywhere, are held for
the length of one gap, so that no letter turns a page, no space presses a button and no printed code
reaches a shortcut before it is known whose keys they are.
"""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from onewindow_desk.devices.wedge import MAX_GAP_MS, Burst, Meaning, Verdict, press

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MODIFIERS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
)
_SILENT = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


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


@dataclass(frozen=True, slots=True)
class _Held:
    """A key kept back, and what it would show ("" for a control key)."""

    widget: QWidget
    event: QKeyEvent
    text: str


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
        self._held: list[_Held] = []
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
        if watched is not _receiver() or not _tells(event):
            return False
        if event.type() is QEvent.Type.ShortcutOverride:
            return self._override(event)
        if event.type() is QEvent.Type.KeyPress:
            return self._pressed(watched, event)
        return False

    def _override(self, event: QKeyEvent) -> bool:
        """A key that may be the scanner's must not reach a shortcut; it comes again as a key press."""
        _, verdict = press(self._burst, event.timestamp(), _character(event))
        if verdict.meaning is Meaning.ORDINARY:
            return False
        event.accept()
        return True

    def _pressed(self, widget: QWidget, event: QKeyEvent) -> bool:
        fresh, verdict = press(self._burst, event.timestamp(), _character(event))
        if fresh.keys == 1:
            self._begin(widget)
        elif fresh.keys > 1:
            # Another key came in time: a control key held back was a scanner's.
            self._held = [held for held in self._held if held.text]
        self._burst = fresh
        if verdict.meaning in (Meaning.SCANNED, Meaning.UNRECOGNISED):
            self._end(verdict)
        elif verdict.meaning is Meaning.HOLD:
            self._hold(widget, event, "")
        elif verdict.meaning is Meaning.ORDINARY:
            return self._ordinary(widget, event)
        return True

    def _begin(self, widget: QWidget) -> None:
        self._let_go()
        self._before = _Before.of(widget)

    def _ordinary(self, widget: QWidget, event: QKeyEvent) -> bool:
        """Texts show a key at once; a widget that would act on it waits for the length of one gap."""
        if event.key() in _ENTER:
            self._let_go()
            return False
        if self._before is not None:
            return False
        self._hold(widget, event, event.text())
        return True

    def _hold(self, widget: QWidget, event: QKeyEvent, text: str) -> None:
        self._held.append(_Held(widget, QKeyEvent(event), text))
        self._gap.start()

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
        for key in held:
            if isValid(key.widget):
                QApplication.sendEvent(key.widget, key.event)
                QApplication.sendEvent(key.widget, _release(key.event))
        self._replaying = False


def _receiver() -> QWidget | None:
    """The widget that is given the key first; its parents hear it again and are passed over."""
    popup = QApplication.activePopupWidget()
    if popup is not None:
        return popup.focusWidget() or popup  # type: ignore[truthy-bool]  # None where nothing in it has focus
    return QApplication.focusWidget()


def _tells(event: QKeyEvent) -> bool:
    """Whether a key says anything about whose it is: it has a time, was pressed anew, and is no modifier."""
    return bool(event.timestamp()) and not event.isAutoRepeat() and event.key() not in _MODIFIERS


def _character(event: QKeyEvent) -> str:
    if event.key() in _ENTER:
        return "\r"
    return "" if event.modifiers() & _SILENT else event.text()


def _release(event: QKeyEvent) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyRelease, event.key(), event.modifiers(), event.text())
