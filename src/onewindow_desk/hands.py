"""A person's hands for the walk-through: keys, words and looking; nothing reaches past the screen."""

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

PATIENCE_MS = 60_000
"""How long a step may take before the walk is given up."""

_KEYSTROKE_MS = 120
"""Between two keys of a person; a code scanner is ten times quicker and is told apart by that."""


class Stumbled(Exception):
    """A step of the walk did not hold; says which."""


class Hands:
    """Presses, types and looks at one window."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._milliseconds = 0

    def press(self, keys: str) -> None:
        """Press one combination, by Qt's portable name ("F9", "Ctrl+2", "Return")."""
        # To the window, as the system does: shortcuts, popups and focus decide who answers.
        popup = QApplication.activePopupWidget()
        self._come_forward()
        window = (popup or self._window).window().windowHandle()
        QTest.keySequence(window, QKeySequence(keys))
        QApplication.processEvents()

    def type(self, text: str) -> None:
        """Type text where the focus is: letters key by key, Chinese as an input method commits it."""
        self._come_forward()
        if text.isascii():
            for character in text:
                self._key(character)
        else:
            self._commit(text)
        QApplication.processEvents()

    def fill(self, *texts: str) -> None:
        """Type each text and go on with Enter."""
        for text in texts:
            self.type(text)
            self.press("Return")

    def until(self, holds: Callable[[], bool], step: str) -> None:
        """Let the program work until `holds()`; Stumbled at `step` when it never does."""
        patience = QDeadlineTimer(PATIENCE_MS)
        while not holds():
            if patience.hasExpired():
                raise Stumbled(step)
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def shows(self, words: str) -> bool:
        """Whether some visible label, button or field says these words."""
        return any(words in text for text in self._texts())

    def find_number(self, pattern: str) -> str:
        """The first text on the screen that matches a regular expression; "" when none does."""
        matches = (re.search(pattern, text) for text in self._texts())
        return next((match.group() for match in matches if match), "")

    def look(self, path: Path) -> None:
        """Keep a picture of the window."""
        QApplication.processEvents()
        if not self._window.grab().save(str(path)):
            raise Stumbled(f"the picture {path.name} could not be written")

    def _come_forward(self) -> None:
        """Have the focus in this window, where there are several."""
        if QApplication.activePopupWidget() is None and not self._window.isActiveWindow():
            self._window.activateWindow()
            QApplication.processEvents()

    def _texts(self) -> list[str]:
        texts = [label.text() for label in self._window.findChildren(QLabel) if label.isVisible()]
        texts += [field.text() for field in self._window.findChildren(QLineEdit) if field.isVisible()]
        buttons = (button for button in self._window.findChildren(QPushButton) if button.isVisible())
        return texts + [button.accessibleName() or button.text() for button in buttons]

    def _focused(self) -> QWidget:
        return QApplication.focusWidget() or self._window

    def _key(self, character: str) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            self._milliseconds += _KEYSTROKE_MS
            code = ord(character.upper())
            event = QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, character)
            event.setTimestamp(self._milliseconds)
            QApplication.sendEvent(self._focused(), event)

    def _commit(self, text: str) -> None:
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(self._focused(), event)
