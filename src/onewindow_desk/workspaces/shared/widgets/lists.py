"""Tables and lists of rows, dressed and keyed alike."""

from collections.abc import Sequence
from typing import Any, Generic

from PySide6.QtCore import QEvent, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QListView, QTableView, QWidget

from onewindow_desk.workspaces.shared.delegate import ROW, TWO_LINES, RowDelegate
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.rows import Column, Roles, Row, RowsModel

_HEADER = 38
_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RowsTable(QTableView, Generic[Row]):
    """A table of rows: one row at a time is chosen.

    `chosen` emits the record the selection moved to (None: none), `entered_row` the record that Return or
    a double click opens, `ticked` a tuple (record, ticked). Space ticks the current row's box.
    `height` of a row at 100 %, where it is neither one line's nor two lines'.
    """

    chosen = Signal(object)
    entered_row = Signal(object)
    ticked = Signal(object)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        columns: Sequence[Column[Row]] = (),
        name: str = "",
        two_lines: bool = False,
        height: int = 0,
    ) -> None:
        super().__init__(parent)
        self._tall = height or (TWO_LINES if two_lines else ROW)
        self._rows: RowsModel[Row] = RowsModel(columns, self)
        self.setModel(self._rows)
        self.setItemDelegate(RowDelegate(self, height=self._tall))
        self.setAccessibleName(name)
        self._dress()
        self._measure()
        self._rows.ticked.connect(self._tick)
        self.selectionModel().currentRowChanged.connect(self._moved)
        self.doubleClicked.connect(self._open)

    def _dress(self) -> None:
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(16)

    def _measure(self) -> None:
        worn = look()
        self.verticalHeader().setDefaultSectionSize(worn.px(self._tall))
        header = self.horizontalHeader()
        header.setFixedHeight(worn.px(_HEADER))
        for place, column in enumerate(self._rows.columns()):
            fixed = QHeaderView.ResizeMode.Fixed if column.width else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(place, fixed)
            if column.width:
                self.setColumnWidth(place, worn.px(column.width))

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows; the first is chosen when none is."""
        self._rows.show_rows(rows)
        if rows and not self.currentIndex().isValid():
            self.choose(0)

    def show_column(self, place: int, *, shown: bool) -> None:
        """Show a column or leave it out where room is scarce; `place` from 0."""
        self.setColumnHidden(place, not shown)

    def rows(self) -> tuple[Row, ...]:
        """The rows shown."""
        return self._rows.rows()

    def current(self) -> Row | None:
        """The record chosen."""
        index = self.currentIndex()
        return self._rows.row(index) if index.isValid() else None

    def choose(self, place: int) -> None:
        """Move the selection to a row, counted from 0."""
        flags = QItemSelectionModel.SelectionFlag
        index = self._rows.index(place, 0)
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def _moved(self) -> None:
        self.viewport().update()
        self.chosen.emit(self.current())

    def _open(self) -> None:
        if self.current() is not None:
            self.entered_row.emit(self.current())

    def _tick(self, what: object) -> None:
        self.ticked.emit(what)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens, Space ticks, the rest moves; letters are left to the workspace."""
        if event.key() in _RETURN and not event.modifiers():
            self._open()
        elif event.key() == Qt.Key.Key_Space and not event.modifiers():
            self._tick_current()
        elif event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _tick_current(self) -> None:
        for place in range(self._rows.columnCount()):
            index = self._rows.index(self.currentIndex().row(), place)
            if index.isValid() and self._rows.cell(index).ticked is not None:
                turned = Qt.CheckState.Unchecked if self._rows.cell(index).ticked else Qt.CheckState.Checked
                self._rows.setData(index, turned, Qt.ItemDataRole.CheckStateRole)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.model() is not None:
            self._measure()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Repaint the selection in the colour of the focus."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Repaint the selection in the colour of rest."""
        super().focusOutEvent(event)
        self.viewport().update()


class ResultList(QListView, Generic[Row]):
    """Two-line rows to pick from. `column` says what a row shows.

    `chosen` emits the record the selection moved to, `picked` the record that Return or a click takes.
    """

    chosen = Signal(object)
    picked = Signal(object)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        column: Column[Row],
        name: str = "",
        height: int = 54,
    ) -> None:
        super().__init__(parent)
        self._rows: RowsModel[Row] = RowsModel((column,), self)
        self.setModel(self._rows)
        self.setItemDelegate(RowDelegate(self, height=height))
        self.setAccessibleName(name or column.title)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._moved)
        self.clicked.connect(self._pick)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows and choose the first."""
        self._rows.show_rows(rows)
        if rows:
            self.choose(0)

    def rows(self) -> tuple[Row, ...]:
        """The rows shown."""
        return self._rows.rows()

    def current(self) -> Row | None:
        """The record chosen."""
        index = self.currentIndex()
        return self._rows.row(index) if index.isValid() else None

    def choose(self, place: int) -> None:
        """Move the selection to a row, counted from 0."""
        self.setCurrentIndex(self._rows.index(place, 0))

    def take(self) -> None:
        """Take the chosen row, as Return does; a search field that drives the list calls it."""
        self._pick()

    def set_lit(self, lit: bool) -> None:
        """Paint the selection as focused though another widget drives the list."""
        self.setProperty("lit", lit)
        self.viewport().update()

    def _moved(self) -> None:
        self.chosen.emit(self.current())

    def _pick(self) -> None:
        if self.current() is not None:
            self.picked.emit(self.current())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return takes; letters are left to the workspace."""
        if event.key() in _RETURN and not event.modifiers():
            self._pick()
        elif event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.scheduleDelayedItemsLayout()

    def row_at(self, place: int) -> Any:
        """The record at a place, counted from 0."""
        return self._rows.index(place, 0).data(Roles.ROW)
