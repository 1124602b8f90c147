"""A white box with a number, a title and a key in its head."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from onewindow_desk.workspaces.shared.widgets.key_cap import KeyCap
from onewindow_desk.workspaces.shared.widgets.label import Label


class CardHead(QWidget):
    """`1 事项 [Alt+1]` at the left, a note at the right, room for more between."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        title: str = "",
        number: int = 0,
        cap: str = "",
        note: str = "",
    ) -> None:
        super().__init__(parent)
        self._title = Label(self, role="h2")
        self._note = Label(self, text=note, role="caption")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self._title)
        if cap:
            self._row.addWidget(KeyCap(self, text=cap))
        self._row.addStretch(1)
        self._row.addWidget(self._note)
        self._number = number
        self.set_title(title)

    def set_title(self, title: str) -> None:
        """Change the title; the number stays before it."""
        self._title.setText(f"{self._number} {title}" if self._number else title)

    def set_note(self, note: str) -> None:
        """Change the words at the right."""
        self._note.setText(note)

    def add(self, widget: QWidget) -> None:
        """Put a widget (a badge, a button) at the right end."""
        self._row.addWidget(widget)


class Card(QFrame):
    """A box of a workspace: head, then what `add` and `add_layout` put below it.

    `kind` is "true" (white), "mat" (ground of scans), "chosen" (blue) or "empty" (grey).
    Without a title there is no head.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        title: str = "",
        number: int = 0,
        cap: str = "",
        note: str = "",
        kind: str = "true",
    ) -> None:
        super().__init__(parent)
        self.setProperty("card", kind)
        self.head = CardHead(self, title=title, number=number, cap=cap, note=note)
        self.head.setVisible(bool(title))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(14, 12, 14, 12)
        self.column.setSpacing(8)
        self.column.addWidget(self.head)
        self.setAccessibleName(title)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget below the others."""
        self.column.addWidget(widget, stretch)
