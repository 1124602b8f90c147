"""Short facts, one per line: what, then how it stands."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from onewindow_desk.workspaces.shared.widgets.label import Label


class FactList(QWidget):
    """Two columns of labels; `show_facts` replaces them all. An empty value leaves its line out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: list[Label] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show other facts."""
        for label in self._labels:
            self._grid.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._labels = []
        for place, (what, how) in enumerate(fact for fact in facts if fact[1]):
            self._put(place, 0, Label(self, text=what, role="dim"))
            self._put(place, 1, Label(self, text=how, wrap=True))

    def facts(self) -> tuple[tuple[str, str], ...]:
        """What is shown."""
        words = [label.text() for label in self._labels]
        return tuple(zip(words[::2], words[1::2], strict=True))

    def _put(self, row: int, column: int, label: Label) -> None:
        self._labels.append(label)
        self._grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        label.show()
