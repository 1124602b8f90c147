"""The store stays shut: what is wrong, what is safe, what to do, and a key to try again."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from onewindow_desk._built.ui_trouble import Ui_Trouble
from onewindow_desk.workspaces.entry.page import EntryPage
from onewindow_desk.workspaces.shared.forms import dress
from onewindow_desk.workspaces.shared.keys import Key

PANEL = 600


class TroublePage(EntryPage):
    """Shows why the store could not be opened, as its Refusal says; `again` asks for another try.

    The other button closes the window. `place` is the folder of the store, for the administrator who
    puts it right.
    """

    again = Signal()

    def __init__(self, trouble: str, place: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = Ui_Trouble()
        self._form.setupUi(self)
        dress(self)
        self._form.again.clicked.connect(self.again)
        self._form.leave.clicked.connect(self._leave)
        self.fit_panel(self._form.panel, PANEL)
        self.show_trouble(trouble, place)

    def show_trouble(self, trouble: str, place: str = "") -> None:
        """Say what is wrong now, after another try."""
        self._form.what.setText(trouble)
        self._form.place.setText(place)
        for part in (self._form.rule, self._form.place_caption, self._form.place):
            part.setVisible(bool(place))

    def first_focus(self) -> QWidget:
        """The button that tries again."""
        return self._form.again

    def act(self, key: Key) -> None:
        """F9 tries again."""
        if key is Key.DO:
            self.again.emit()

    def _leave(self) -> None:
        self.window().close()
