"""Card 3: the list of materials, how much of each came, and the strip of pages."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QSizePolicy, QWidget

from onewindow_desk.workspaces.intake.counts_line import CountsLine
from onewindow_desk.workspaces.intake.materials import MaterialRow
from onewindow_desk.workspaces.intake.page_strip import PageStrip
from onewindow_desk.workspaces.intake.showing import show_only
from onewindow_desk.workspaces.intake.words import fill, tr
from onewindow_desk.workspaces.shared import icons
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.rows import Cell, Column
from onewindow_desk.workspaces.shared.widgets.card import Card
from onewindow_desk.workspaces.shared.widgets.empty_state import EmptyState
from onewindow_desk.workspaces.shared.widgets.field import FaultLine
from onewindow_desk.workspaces.shared.widgets.label import Label
from onewindow_desk.workspaces.shared.widgets.lists import RowsTable
from onewindow_desk.workspaces.shared.widgets.pressing import PressButton, ToolButton
from onewindow_desk.workspaces.shared.widgets.progress_line import ProgressLine


def _box(row: MaterialRow) -> Cell:
    return Cell(ticked=row.row.ticked)


def _name(row: MaterialRow) -> Cell:
    return Cell(text=row.material.name)


def _asked(row: MaterialRow) -> Cell:
    return Cell(text=row.asked)


def _state(row: MaterialRow) -> Cell:
    return Cell(badge=row.badge)


class MaterialsTable(RowsTable[MaterialRow]):
    """The list of materials; the box is the first column, the name is spoken with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        columns = (
            Column("", _box, 40),
            Column(tr("材料"), _name),
            Column(tr("要求"), _asked, 82),
            Column(tr("状态"), _state, 100),
        )
        super().__init__(parent, columns=columns, name=tr("材料清单"))
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)


class MaterialsCard(Card):
    """The table, the counts, the strip.

    `ticked` emits (MaterialRow, bool), `material_chosen` the MaterialRow in front or None,
    `dropped` the Path of each file let go over it, `filed` the code a page is filed under.
    """

    ticked = Signal(object)
    material_chosen = Signal(object)
    dropped = Signal(object)
    filed = Signal(object)
    picking = Signal()
    undoing = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, title=self.tr("材料"), number=3, cap="Alt+3")
        self.table = MaterialsTable(self)
        self.fault = FaultLine(self)
        self.counts = CountsLine(self)
        self._filing = PressButton(self)
        self._filing.setProperty("link", True)
        self._tools = self._tool_row()
        self.strip = PageStrip(self)
        self.progress = ProgressLine(self, key=Key.INTAKE_STOP_SCAN)
        self.progress.installEventFilter(self)
        self.empty = EmptyState(self, icon="scan-line")
        self._small = False
        self.setAcceptDrops(True)
        for part, stretch in ((self.table, 3), (self.fault, 0), (self.counts, 0), (self._tools, 0)):
            self.add(part, stretch)
        self.add(self.strip)
        self.add(self.empty, 2)
        self.add(self.progress)
        self._connect()
        self.show_empty(chosen=False)

    def _tool_row(self) -> QWidget:
        line = QWidget(self)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._heading_row(line), 1)
        self._buttons = (
            self._tool("rotate-cw", self.tr("转正这一页"), Key.PAGE_ROTATE.cap, self._turn),
            self._tool("undo-2", self.tr("撤销"), Key.UNDO.cap, self._undo),
            self._tool("trash-2", self.tr("删掉这一页"), Key.PAGE_DELETE.cap, self._remove),
            self._tool("folder-open", self.tr("选文件"), Key.INTAKE_PICK.cap, self._pick),
        )
        for button in self._buttons:
            row.addWidget(button)
        return line

    def _heading_row(self, parent: QWidget) -> QWidget:
        """扫描页 归入：…; takes the room that is left, so that it never widens the card."""
        self._heading = QWidget(parent)
        self._heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self._heading)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Label(self._heading, text=self.tr("扫描页"), role="strong"))
        row.addWidget(self._filing)
        row.addStretch(1)
        return self._heading

    def _tool(self, icon: str, name: str, cap: str, slot: object) -> ToolButton:
        button = ToolButton(self)
        button.setIcon(icons.icon(icon, look(), 20))
        button.setAccessibleName(name)
        button.setToolTip(fill(self.tr("%1（%2）"), name, cap))
        button.setFixedSize(look().px(34), look().px(30))
        button.clicked.connect(slot)
        return button

    def _connect(self) -> None:
        self.table.ticked.connect(self.ticked)
        self.table.chosen.connect(self._chosen)
        self.table.entered_row.connect(self._enter)
        self.counts.done.connect(self._back_to_table)
        self._filing.clicked.connect(self._offer_materials)

    # --- showing

    def show_rows(self, rows: tuple[MaterialRow, ...], note: str) -> None:
        """Show a list of materials; the row in front stays in front."""
        self.table.setVisible(bool(rows))
        self.table.show_rows(rows)
        self.head.set_note(note)
        self.counts.show_row(self.table.current())

    def show_empty(self, *, chosen: bool) -> None:
        """No pages yet: say how they come."""
        how = self.tr("按 F4 扫描，把文件拖进来，或按 Ctrl+O 选文件")
        self.empty.say(self.tr("还没有扫描页") if chosen else self.tr("选定事项后就能扫描"), how)

    def show_parts(self, *, pages: bool, counts: bool, over: bool) -> None:
        """The strip or the words in its place, the counts; only the table when it is all `over`."""
        self._place_progress(above=self._small and pages)
        show_only(
            (
                (self.strip, pages and not over),
                (self._tools, pages and not over),
                (self.empty, not pages and not over),
                (self.counts, counts and not over and (not self._small or self._counting())),
            )
        )

    def _counting(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.counts.isAncestorOf(focus)

    def set_small(self, small: bool) -> None:
        """Where the page is narrow: smaller sheets, counts only while they are typed.

        Progress stands in the heading of the strip then.
        """
        self._small = small
        self.strip.set_small(small)
        self._place_progress(above=small and not self._tools.isHidden())

    def _place_progress(self, *, above: bool) -> None:
        """In the heading of the strip, where it takes no height of its own, or below the strip."""
        heading = self._tools.layout()
        if above == (self.progress.parentWidget() is self._tools) or not isinstance(heading, QHBoxLayout):
            return
        if above:
            self.column.removeWidget(self.progress)
            heading.insertWidget(0, self.progress)
        else:
            heading.removeWidget(self.progress)
            self.add(self.progress)
        self._make_way()

    def _make_way(self) -> None:
        in_the_way = self.progress.parentWidget() is self._tools and not self.progress.isHidden()
        self._heading.setVisible(not in_the_way)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The heading makes way for the progress while there is some."""
        if watched is self.progress and event.type() in (
            QEvent.Type.ShowToParent,
            QEvent.Type.HideToParent,
        ):
            self._make_way()
        return super().eventFilter(watched, event)

    def show_filing(self, material: str) -> None:
        """Say where the page in front belongs."""
        self._filing.setText(fill(self.tr("归入：%1"), self._short(material) or self.tr("还没有归入")))
        self._filing.setToolTip(material)

    def _short(self, material: str) -> str:
        room = look().px(230)
        return self.fontMetrics().elidedText(material, Qt.TextElideMode.ElideRight, room)

    def choose_material(self, code: str) -> None:
        """Bring a material's row to the front."""
        for place, row in enumerate(self.table.rows()):
            if row.code == code:
                self.table.choose(place)

    # --- what the person does

    def _chosen(self, row: MaterialRow | None) -> None:
        self.counts.show_row(row)
        self.material_chosen.emit(row)

    def _enter(self, row: MaterialRow) -> None:
        if row.row.ticked and self.counts.isEnabled():
            self.counts.show()
            self.counts.start()
        else:
            self._step()

    def _step(self) -> None:
        place = self.table.currentIndex().row() + 1
        if place < len(self.table.rows()):
            self.table.choose(place)
        elif not self.strip.isHidden():
            self.strip.setFocus(Qt.FocusReason.TabFocusReason)

    def _back_to_table(self) -> None:
        self.table.setFocus(Qt.FocusReason.TabFocusReason)
        self.counts.setVisible(not self._small)
        self._step()

    def _turn(self) -> None:
        if self.strip.place() >= 0:
            self.strip.turning.emit(self.strip.place())

    def _remove(self) -> None:
        if self.strip.place() >= 0:
            self.strip.removing.emit(self.strip.place())

    def _undo(self) -> None:
        self.undoing.emit()

    def _pick(self) -> None:
        self.picking.emit()

    def _offer_materials(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for row in self.table.rows():
            # A bare & would become a mnemonic.
            menu.addAction(row.material.name.replace("&", "&&")).setData(row.code)
        menu.triggered.connect(self._file)
        menu.popup(self._filing.mapToGlobal(QPoint(0, self._filing.height())))

    def _file(self, action: QAction) -> None:
        self.filed.emit(action.data())

    # --- files let go over it

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are welcome, nothing else."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take every local file."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.dropped.emit(Path(url.toLocalFile()))
        event.acceptProposedAction()
