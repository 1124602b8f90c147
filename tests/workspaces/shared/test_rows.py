from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QStyleOptionViewItem

from onewindow_desk.workspaces.shared import delegate
from onewindow_desk.workspaces.shared.badges import Badge
from onewindow_desk.workspaces.shared.rows import Cell, Column, RowsModel
from onewindow_desk.workspaces.shared.widgets.lists import ResultList, RowsTable


@dataclass(frozen=True)
class Paper:
    name: str
    here: bool = False


COLUMNS: tuple[Column[Paper], ...] = (
    Column("材料", lambda paper: Cell(paper.name, ticked=paper.here)),
    Column("状态", lambda paper: Cell(badge=Badge("ready" if paper.here else "waiting", "要交")), 100),
)
PAPERS = (Paper("申请表"), Paper("营业执照", here=True), Paper("身份证件"))


@pytest.fixture
def table(qtbot, dressed) -> RowsTable[Paper]:
    made: RowsTable[Paper] = RowsTable(columns=COLUMNS, name="材料")
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show_rows(PAPERS)
    made.show()
    qtbot.waitExposed(made)
    made.setFocus()
    return made


def test_the_model_is_one_qt_accepts(qtmodeltester) -> None:
    model = RowsModel(COLUMNS)
    model.show_rows(PAPERS)
    qtmodeltester.check(model)
    model.show_rows(())
    qtmodeltester.check(model)


def test_a_screen_reader_hears_badge_and_words() -> None:
    cell = Cell("公共场所卫生许可", "答复期 9月22日 止", Badge("soon", "剩 1 天"), aside="09:36")
    assert cell.spoken() == "剩 1 天，公共场所卫生许可，答复期 9月22日 止，09:36"


def test_the_first_row_is_chosen_and_arrows_move_on(table: RowsTable[Paper], qtbot) -> None:
    heard: list[object] = []
    table.chosen.connect(heard.append)
    assert table.current() is PAPERS[0]
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert heard == [PAPERS[1]]


def test_return_opens_the_row(table: RowsTable[Paper], qtbot) -> None:
    heard: list[object] = []
    table.entered_row.connect(heard.append)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert heard == [PAPERS[1]]


def test_space_ticks_the_row_once(table: RowsTable[Paper], qtbot) -> None:
    heard: list[object] = []
    table.ticked.connect(heard.append)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert heard == [(PAPERS[0], True), (PAPERS[1], False)]


def test_a_click_on_the_box_ticks_it_once(table: RowsTable[Paper], qtbot) -> None:
    heard: list[object] = []
    table.ticked.connect(heard.append)
    box = table.visualRect(table.model().index(2, 0))
    where = QPoint(box.left() + 18, box.center().y())
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert heard == [(PAPERS[2], True)]


def test_a_click_on_the_words_chooses_and_ticks_nothing(table: RowsTable[Paper], qtbot) -> None:
    heard: list[object] = []
    table.ticked.connect(heard.append)
    box = table.visualRect(table.model().index(2, 0))
    where = QPoint(box.left() + 120, box.center().y())
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert table.current() is PAPERS[2]
    assert not heard


def test_new_rows_of_the_same_number_keep_the_place(table: RowsTable[Paper], qtbot) -> None:
    table.choose(1)
    table.show_rows((PAPERS[0], replace(PAPERS[1], here=False), PAPERS[2]))
    assert table.current() == Paper("营业执照")


def test_an_empty_table_has_no_current_row(table: RowsTable[Paper]) -> None:
    table.show_rows(())
    assert table.current() is None


def test_letters_are_left_to_the_workspace(table: RowsTable[Paper], qtbot) -> None:
    table.choose(0)
    qtbot.keyClick(table, Qt.Key.Key_R)
    assert table.current() is PAPERS[0]


def test_the_selection_is_blue_with_the_focus_and_grey_without(table: RowsTable[Paper], qtbot) -> None:
    def ground() -> str:
        box = table.visualRect(table.model().index(0, 0))
        return table.viewport().grab().toImage().pixelColor(box.right() - 4, box.center().y()).name()

    assert ground() == "#d6e7f8"
    table.clearFocus()
    assert ground() == "#e9edf2"


def test_the_ring_takes_no_room(table: RowsTable[Paper]) -> None:
    focused = table.viewport().geometry()
    table.clearFocus()
    assert table.viewport().geometry() == focused


def test_what_does_not_fit_is_told_whole_in_a_tooltip(table: RowsTable[Paper], monkeypatch) -> None:
    told: list[str] = []

    class Tip:
        """Takes the words instead of showing a window."""

        @staticmethod
        def showText(_where: QPoint, text: str, _view: object) -> None:
            told.append(text)

        @staticmethod
        def hideText() -> None:
            told.append("")

    monkeypatch.setattr(delegate, "QToolTip", Tip)
    table.show_rows((Paper("<b>方位图、平面图、卫生设施布局图</b>" * 3), *PAPERS[1:]))
    for place in (0, 1):
        index = table.model().index(place, 0)
        option = QStyleOptionViewItem()
        option.rect = table.visualRect(index)
        middle = option.rect.center()
        event = QHelpEvent(QEvent.Type.ToolTip, middle, table.viewport().mapToGlobal(middle))
        table.itemDelegate().helpEvent(event, table, option, index)
    assert told == ["‹b>方位图、平面图、卫生设施布局图‹/b>" * 3, ""]


def test_a_picked_result_is_told(qtbot, dressed) -> None:
    results: ResultList[Paper] = ResultList(column=Column("材料", lambda paper: Cell(paper.name)))
    qtbot.addWidget(results)
    results.show_rows(PAPERS)
    heard: list[object] = []
    results.picked.connect(heard.append)
    qtbot.keyClick(results, Qt.Key.Key_Down)
    qtbot.keyClick(results, Qt.Key.Key_Return)
    results.take()
    assert heard == [PAPERS[1], PAPERS[1]]
    assert results.accessibleName() == "材料"
