"""What the entry pages have in common: they stand in place of the whole desk and answer their keys.

The shell's shortcuts belong to a signed-in person, so these pages take their keys as plain key
presses, ahead of any shortcut of the window.
"""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QWidget

from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.look import look


def means(event: QKeyEvent, key: Key) -> bool:
    """Whether the press is one of a key's sequences."""
    pressed = QKeySequence(event.keyCombination())
    return any(pressed == QKeySequence(sequence) for sequence in key.sequences)


class EntryPage(QWidget):
    """A page before the work. Subclasses say what the blue key, Esc and F12 do here."""

    keys: tuple[Key, ...] = (Key.DO,)
    """The keys this page answers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panel: tuple[QWidget, int] | None = None

    def first_focus(self) -> QWidget:
        """The widget that gets the focus when the page is shown."""
        return self

    def act(self, key: Key) -> None:
        """Do what a key of `keys` means here."""
        raise KeyError(key)

    def showEvent(self, event: QShowEvent) -> None:
        """Put the focus where work starts."""
        super().showEvent(event)
        if not event.spontaneous():
            self.first_focus().setFocus()

    def event(self, event: QEvent) -> bool:
        """Claim our keys before a shortcut of the window takes them."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._key_of(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Our keys act; the rest goes on."""
        key = self._key_of(event)
        if key is None:
            super().keyPressEvent(event)
            return
        self.act(key)

    def fit_panel(self, panel: QWidget, width: int) -> None:
        """Keep a panel this wide, in pixels at 100 %, at every text scale."""
        self._panel = (panel, width)
        panel.setFixedWidth(look().px(width))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._panel is not None:
            self.fit_panel(*self._panel)

    def _key_of(self, event: QKeyEvent) -> Key | None:
        return next((key for key in self.keys if means(event, key)), None)
