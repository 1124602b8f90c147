"""F11: what goes on without the line, what waits, and the way back."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea

from onewindow_desk.services.line import LineFacts, LineKind
from onewindow_desk.workspaces.line import LineWorkspace
from onewindow_desk.workspaces.line.board import ICONS, WorksBoard
from onewindow_desk.workspaces.shared import icons
from onewindow_desk.workspaces.shared.widgets.lists import RowsTable
from onewindow_desk.workspaces.shared.widgets.rail import Rail


@pytest.fixture
def down(clock):
    return LineFacts(kind=LineKind.DOWN, since=clock() - timedelta(minutes=18), last_synced=clock())


@pytest.fixture
def up(clock):
    return LineFacts(kind=LineKind.UP, last_synced=clock())


@pytest.fixture
def show(attached, background, in_shell, settle):
    def bring(facts, size=(1366, 768), opened=True):
        page = LineWorkspace(attached, background)
        shell = in_shell(line=page, size=size)
        shell.show_line(facts)
        if opened:
            shell.press("F11")
        settle()
        return page, shell

    return bring


def texts(page):
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible() and label.text()]


def test_f11_opens_the_page_over_the_work_and_no_place_in_the_rail(show, down):
    page, shell = show(down)
    assert shell.current() is page
    assert not any(button.isChecked() for button in shell.findChild(Rail).buttons())
    assert "现在还能办什么" in texts(shell)
    assert {"照常可办", "有条件可办", "连上后再办"} <= set(texts(page))


def test_it_never_opens_by_itself_only_the_banner_does(show, down):
    page, shell = show(down, opened=False)
    assert shell.current() is not page
    assert "线路断开 18 分钟，照常接待。" in texts(shell)


@pytest.mark.parametrize("stroke", [Qt.Key.Key_F9, Qt.Key.Key_Escape, Qt.Key.Key_F11])
def test_each_way_back_leads_to_the_page_before(show, down, key, stroke):
    page, shell = show(down, opened=False)
    shell.open("intake")
    before = shell.current()
    shell.press("F11")
    assert shell.current() is page
    key(stroke)
    assert shell.current() is before
    assert shell.findChild(Rail).buttons()[1].isChecked()


def test_when_the_line_is_back_so_is_the_page_before(show, down, up):
    page, shell = show(down)
    shell.show_line(up)
    assert shell.current() is not page
    assert "线路断开 18 分钟，照常接待。" not in texts(shell)


def test_looked_at_on_a_good_line_it_answers_what_if_and_stays(show, up, settle):
    page, shell = show(up)
    assert "断线时还能办什么" in texts(shell)
    shell.show_line(up)
    settle()
    assert shell.current() is page
    assert not any("断开超过" in text for text in texts(page))


def test_a_desk_of_its_own_has_no_such_page(show, qtbot):
    page, shell = show(LineFacts(kind=LineKind.NEVER), opened=False)
    with qtbot.waitSignal(shell.line_requested):
        shell.press("F11")
    assert shell.current() is not page


def test_what_waits_is_listed_newest_first_and_leads_to_its_case(
    show, down, attached, receive_case, clock, key
):
    first = receive_case(attached, "沈样真")
    clock.at += timedelta(minutes=1)
    receive_case(attached, "孙样宁")
    page, shell = show(down)
    assert [(row.applicant, row.step) for row in page.rows()] == [("孙样宁", "收件"), ("沈样真", "收件")]
    assert "等着发出的 2 步" in texts(page)
    assert isinstance(QApplication.focusWidget(), RowsTable)
    key(Qt.Key.Key_Down)
    key(Qt.Key.Key_Return)
    today = shell.workspaces()[0]
    assert shell.current() is today
    assert today.found == [attached.store.case(first).receipt_no]


def test_nothing_waiting_is_said_and_the_board_has_the_focus(show, down):
    page, _ = show(down)
    assert "没有等着发出的" in texts(page)
    focus = QApplication.focusWidget()
    assert isinstance(focus, QScrollArea)


def test_a_new_step_shows_while_the_page_is_open(show, down, attached, receive_case, settle):
    page, _ = show(down)
    receive_case(attached)
    settle()
    assert len(page.rows()) == 1


def test_connecting_now_is_asked_for_only_while_the_line_is_down(show, down, up, qtbot):
    page, shell = show(down)
    with qtbot.waitSignal(page.connecting):
        shell.press("F8")
    assert "正在再连" in page.hint()


def test_on_a_good_line_there_is_nothing_to_connect(show, up, qtbot):
    page, shell = show(up)
    with qtbot.assertNotEmitted(page.connecting):
        shell.press("F8")


def test_whom_to_tell_names_this_window(show, down):
    page, _ = show(down)
    assert any("30 分钟" in text and "1 号窗口" in text for text in texts(page))


def test_where_there_is_no_room_the_steps_take_turns_with_the_board(
    show, down, attached, receive_case, dressed, key
):
    receive_case(attached)
    dressed.resize(1)
    page, _ = show(down, (1366, 690))
    assert not page.findChild(RowsTable).isVisible()
    key(Qt.Key.Key_F5)
    assert isinstance(QApplication.focusWidget(), RowsTable)
    assert not page.findChild(WorksBoard).isVisible()
    key(Qt.Key.Key_Escape)
    assert page.findChild(WorksBoard).isVisible()


@pytest.mark.parametrize(("scale", "size"), [(0, (1366, 768)), (1, (1366, 690)), (2, (1366, 690))])
def test_nothing_is_cut(show, down, attached, receive_case, dressed, uncut, settle, scale, size):
    receive_case(attached)
    dressed.resize(scale)
    page, shell = show(down, size)
    settle()
    assert (shell.width(), shell.height()) == size
    assert uncut(page) == []


def test_the_focus_walks(show, down, attached, receive_case, walk_focus):
    receive_case(attached)
    page, _ = show(down)
    assert len(walk_focus(page)) == 2


@pytest.mark.parametrize("name", ICONS.values())
def test_every_kind_of_work_has_its_drawing(qapp, name):
    assert not icons.image(name, "17212E", 20).isNull()
