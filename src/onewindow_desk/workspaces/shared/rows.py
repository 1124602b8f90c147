"""Rows for tables and lists: frozen records in, cells out; no widget and no database in here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from onewindow_desk.workspaces.shared.badges import BadgeLike, words

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows: words, a second line, a badge, a tick box (None: no box).

    A badge stands before the words of a list's row and instead of them in a table. `aside` stands at
    the right end of a list's row. `stacked` puts badge and aside on a line of their own above the words.
    """

    text: str = ""
    sub: str = ""
    badge: BadgeLike | None = None
    bold: bool = False
    ticked: bool | None = None
    aside: str = ""
    stacked: bool = False

    def spoken(self) -> str:
        """All of it in words, for a screen reader."""
        parts = [words(self.badge) if self.badge else "", self.text, self.sub, self.aside]
        return "，".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its title, what it shows of a row, its width at 100 % (0: what is left over)."""

    title: str
    cell: Callable[[Row], Cell]
    width: int = 0


class Roles(IntEnum):
    """Roles of our own: the cell as the delegate paints it, the row as the workspace gave it."""

    CELL = Qt.ItemDataRole.UserRole + 1
    ROW = Qt.ItemDataRole.UserRole + 2


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Rows under columns. `show_rows` replaces them; `ticked` emits (row, ticked) as a tuple.

    A row whose record has a `key` given by the caller's function keeps its place in a selection.
    """

    ticked = Signal(object)

    def __init__(self, columns: Sequence[Column[Row]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._rows: tuple[Row, ...] = ()
        self._cells: dict[tuple[int, int], Cell] = {}

    def columns(self) -> tuple[Column[Row], ...]:
        """The columns."""
        return self._columns

    def rows(self) -> tuple[Row, ...]:
        """The rows."""
        return self._rows

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows; the same number of rows keeps selection and scroll position."""
        fresh = tuple(rows)
        self._cells.clear()
        if len(fresh) == len(self._rows) and fresh:
            self._rows = fresh
            self.dataChanged.emit(self.index(0, 0), self.index(len(fresh) - 1, len(self._columns) - 1))
            return
        self.beginResetModel()
        self._rows = fresh
        self.endResetModel()

    def row(self, index: Index) -> Row:
        """The record behind an index."""
        return self._rows[index.row()]

    def cell(self, index: Index) -> Cell:
        """The cell at an index, made once."""
        place = (index.row(), index.column())
        if place not in self._cells:
            self._cells[place] = self._columns[place[1]].cell(self._rows[place[0]])
        return self._cells[place]

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Rows have no children."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """The same for every row."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell in the role asked for."""
        if not index.isValid():
            return None
        cell = self.cell(index)
        if role == Roles.CELL:
            return cell
        if role == Roles.ROW:
            return self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return cell.spoken()
        if role == Qt.ItemDataRole.CheckStateRole and cell.ticked is not None:
            return Qt.CheckState.Checked if cell.ticked else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Only ticks are taken; the owner changes its rows and shows them again."""
        if role != Qt.ItemDataRole.CheckStateRole or self.cell(index).ticked is None:
            return False
        self.ticked.emit((self._rows[index.row()], Qt.CheckState(value) == Qt.CheckState.Checked))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Selectable; tickable where there is a box."""
        flags = super().flags(index)
        if index.isValid() and self.cell(index).ticked is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' titles, at the left."""
        if orientation != Qt.Orientation.Horizontal or section >= len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None
