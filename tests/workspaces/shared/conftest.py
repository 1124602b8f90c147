"""A page with every shared part on it, as a workspace would put them together."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from onewindow_desk.domain.deadline import CellKind, DayCell
from onewindow_desk.workspaces.shared.badges import SHAPES, Badge
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.rows import Cell, Column
from onewindow_desk.workspaces.shared.theme import Theme
from onewindow_desk.workspaces.shared.widgets.action_button import ActionButton
from onewindow_desk.workspaces.shared.widgets.applicant_tabs import ApplicantTabs
from onewindow_desk.workspaces.shared.widgets.banner import Banner
from onewindow_desk.workspaces.shared.widgets.card import Card
from onewindow_desk.workspaces.shared.widgets.clock_badge import ClockBadge
from onewindow_desk.workspaces.shared.widgets.day_ruler import DayRuler
from onewindow_desk.workspaces.shared.widgets.empty_state import EmptyState
from onewindow_desk.workspaces.shared.widgets.field import Field
from onewindow_desk.workspaces.shared.widgets.label import Label
from onewindow_desk.workspaces.shared.widgets.lists import ResultList, RowsTable
from onewindow_desk.workspaces.shared.widgets.masked_edit import MaskedEdit
from onewindow_desk.workspaces.shared.widgets.progress_line import ProgressLine
from onewindow_desk.workspaces.shared.widgets.search_field import SearchField
from onewindow_desk.workspaces.shared.widgets.segments import Segments
from onewindow_desk.workspaces.workspace import Notice

MATERIALS = (
    ("公共场所卫生许可申请表", True, Badge("ready", "2 页")),
    ("卫生检测或评价报告", False, Badge("tolerated", "可容缺")),
    ("从业人员健康合格证明", False, Badge("waiting", "要交")),
)
ITEMS = (
    ("公共场所卫生许可（新发）", "行政许可 · 承诺 3 个工作日 · 材料 7 种"),
    ("公共场所卫生许可（延续）", "行政许可 · 承诺 3 个工作日 · 材料 4 种"),
)


def ruler_days() -> tuple[DayCell, ...]:
    """21 to 29 September 2026: five working days over the Mid-Autumn holiday."""
    first = date(2026, 9, 21)
    kinds = (CellKind.START, *[CellKind.COUNTED] * 3, *[CellKind.REST] * 3, CellKind.COUNTED, CellKind.LAST)
    counts = (0, 1, 2, 3, 0, 0, 0, 4, 5)
    notes = ("", "", "", "", "中秋", "", "", "", "")
    return tuple(
        DayCell(day=first + timedelta(days=place), kind=kind, count=count, note=note)
        for place, (kind, count, note) in enumerate(zip(kinds, counts, notes, strict=True))
    )


class Gallery(QWidget):
    """Every part once, in the three columns of 收件."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        page = QVBoxLayout(self)
        self.banner = Banner()
        self.banner.tell(
            Notice(
                "line",
                "线路断开 18 分钟，照常接待。",
                "已做的 7 步都存在本机，连上后自动发出。",
                key=Key.LINE,
            )
        )
        self.tabs = ApplicantTabs()
        self.tabs.show_tabs(("演示街道样例理发店", "钱样安 · 最低生活保障（草稿）"), 0)
        self.tabs.set_note("收件编号在确认后给出")
        page.addWidget(self.banner)
        page.addWidget(self.tabs)
        row = QHBoxLayout()
        page.addLayout(row, 1)
        row.addWidget(self._applicant())
        row.addWidget(self._materials(), 2)
        row.addWidget(self._deadline())
        page.addLayout(self._bar())

    def _applicant(self) -> Card:
        card = Card(title="申请人", number=2, cap="Alt+2", note="读卡器就绪")
        self.kind = Segments(
            choices=(("person", "个人"), ("unit", "单位"), ("agent", "代办人到场")), name="申请人"
        )
        self.name = Field(caption="单位名称")
        self.name.line.setText("演示街道样例理发店 gyj")
        self.number = Field(caption="证件号码", editor=MaskedEdit())
        self.number.line.setText("320115198103041237")
        self.number.set_fault("证件号码第 18 位不符。请对照证件重新输入。")
        choice = QComboBox()
        choice.addItems(["理发店", "餐饮店"])
        self.choice = Field(caption="经营项目", editor=choice, optional=True)
        self.remark = Field(caption="备注", editor=QPlainTextEdit(), optional=True)
        self.keep = QCheckBox("原件留存")
        for part in (self.kind, self.name, self.number, self.choice, self.remark, self.keep):
            card.add(part)
        card.column.addStretch(1)
        return card

    def _materials(self) -> Card:
        card = Card(title="材料", number=3, cap="Alt+3", note="已齐 1 / 3 种 · 2 页")
        self.table: RowsTable[tuple[str, bool, Badge]] = RowsTable(
            columns=(
                Column("材料", lambda row: Cell(row[0], ticked=row[1])),
                Column("状态", lambda row: Cell(badge=row[2]), 110),
            ),
            name="材料",
        )
        self.table.show_rows(MATERIALS)
        self.progress = ProgressLine(key=Key.INTAKE_STOP_SCAN)
        self.progress.begin("正在扫描 第 6 页", 10)
        self.progress.step("正在扫描 第 6 页", 6)
        self.progress.show()
        self.empty = EmptyState(
            icon="scan-line", title="选定事项后就能扫描", text="按 F4 扫描，或把文件拖进来"
        )
        card.add(self.table, 1)
        card.add(self.progress)
        card.add(self.empty, 1)
        return card

    def _deadline(self) -> Card:
        card = Card(title="答复期限", number=4, cap="Alt+4")
        card.head.add(ClockBadge(badge=Badge("ok", "5 个工作日")))
        self.ruler = DayRuler(days=ruler_days())
        self.search = SearchField(placeholder="找事项", key=Key.FIND)
        self.results: ResultList[tuple[str, str]] = ResultList(
            column=Column("事项", lambda row: Cell(row[0], row[1])), name="找到的事项"
        )
        self.results.show_rows(ITEMS)
        self.search.drive(self.results)
        card.add(Label(text="9月29日", role="figure"))
        for part in (self.ruler, self.search, self.results):
            card.add(part)
        for kind in SHAPES:
            card.add(ClockBadge(badge=Badge(kind, "剩 1 天", provisional=kind == "soon")))
        return card

    def _bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.addStretch(1)
        self.scan = ActionButton(text="扫描", icon="scan-line", key=Key.INTAKE_SCAN)
        self.do = ActionButton(text="收件并打印凭证", icon="printer", key=Key.DO, primary=True)
        self.later = ActionButton(text="收件并打印凭证", icon="printer", key=Key.DO, primary=True)
        self.later.setEnabled(False)
        for button in (self.scan, self.later, self.do):
            bar.addWidget(button)
        return bar


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[Callable[..., Theme]]:
    """Dress the application; the light theme at 100 % comes back afterwards."""

    def dress(name: str = "light", scale: float = 1.0) -> Theme:
        theme = Theme(name, scale)
        theme.apply(qapp)
        return theme

    dress()
    yield dress
    dress()


@pytest.fixture
def gallery(qtbot, dressed) -> Gallery:
    """The page shown in the light theme, 1366 wide."""
    page = Gallery()
    qtbot.addWidget(page)
    page.resize(1366, 900)
    page.show()
    qtbot.waitExposed(page)
    return page


@pytest.fixture
def days() -> tuple[DayCell, ...]:
    return ruler_days()
