"""The one place where shortcuts are made: one per key sequence, all handed to one function.

Two shortcuts on one sequence would silence both, so meanings are told apart here, not by Qt.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from onewindow_desk.workspaces.shared.keys import Key

_REPEATING = (*Key.LARGER.sequences, *Key.SMALLER.sequences)


def sequences() -> tuple[str, ...]:
    """Every key sequence that needs a shortcut, once."""
    return tuple(dict.fromkeys(name for key in Key if not key.by_widget for name in key.sequences))


class Keyboard(QObject):
    """Installs a shortcut for every sequence of the enum for the window, while `page` shows."""

    def __init__(self, page: QWidget, answer: Callable[[str], None]) -> None:
        super().__init__(page)
        self._shortcuts = {name: self._shortcut(page, name, answer) for name in sequences()}

    @staticmethod
    def _shortcut(page: QWidget, name: str, answer: Callable[[str], None]) -> QShortcut:
        made = QShortcut(QKeySequence(name, QKeySequence.SequenceFormat.PortableText), page)
        made.setContext(Qt.ShortcutContext.WindowShortcut)
        made.setAutoRepeat(name in _REPEATING)
        made.activated.connect(partial(answer, name))
        return made

    def installed(self) -> tuple[QShortcut, ...]:
        """The shortcuts, one per sequence."""
        return tuple(self._shortcuts.values())
