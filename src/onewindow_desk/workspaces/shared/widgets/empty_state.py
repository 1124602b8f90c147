"""What stands where nothing is yet."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from onewindow_desk.workspaces.shared.widgets.icon_label import IconLabel
from onewindow_desk.workspaces.shared.widgets.label import Label


class EmptyState(QFrame):
    """Icon, what will stand here, which key fills it."""

    def __init__(
        self, parent: QWidget | None = None, *, icon: str = "inbox", title: str = "", text: str = ""
    ) -> None:
        super().__init__(parent)
        self.setProperty("card", "empty")
        self._icon = IconLabel(self, name=icon, size=24)
        self._title = Label(self, role="body", wrap=True)
        self._text = Label(self, role="caption", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(1)
        self.say(title, text)

    def say(self, title: str, text: str) -> None:
        """Other words: what will stand here, and the key that fills it."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
