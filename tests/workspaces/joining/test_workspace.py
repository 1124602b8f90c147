"""Where the administrator of a street that works alone joins a central."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from onewindow_desk.domain.people import Role
from onewindow_desk.faults import Refusal
from onewindow_desk.services.enrolment import Invitation
from onewindow_desk.services.line import LineFacts, LineKind
from onewindow_desk.workspaces.joining import JoiningWorkspace

PEM = b"-----BEGIN CERTIFICATE-----\nAAAA\n"


@pytest.fixture
def show(shift, in_shell, settle):
    def bring(size=(1366, 768)):
        page = JoiningWorkspace(shift)
        shell = in_shell(page, size=size)
        shell.open("joining")
        settle()
        return page, shell

    return bring


@pytest.fixture
def filled(tmp_path):
    def fill(page):
        path = tmp_path / "ca.pem"
        path.write_bytes(PEM)
        for line, text in zip(lines(page), ("db.example", str(path), "K7QM", "1 号窗口"), strict=True):
            line.setText(text)

    return fill


def lines(page):
    return [line for line in page.findChildren(QLineEdit) if line.isVisible()]


def texts(page):
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible() and label.text()]


def test_it_is_for_the_system_administrator_alone():
    assert JoiningWorkspace.needs == {Role.SYSTEM_ADMIN}


def test_a_desk_of_its_own_is_explained_and_its_label_known(show):
    page, _ = show()
    assert "独立运行 · 数据存本机" in texts(page)
    assert lines(page)[3].text() == "1 号窗口"
    assert QApplication.focusWidget() is lines(page)[0]


def test_f9_asks_once_with_what_was_typed(show, filled, key):
    page, _ = show()
    asked: list[Invitation] = []
    page.joining.connect(asked.append)
    filled(page)
    key(Qt.Key.Key_F9)
    key(Qt.Key.Key_F9)
    assert [(one.ticket, one.authority) for one in asked] == [("K7QM", PEM)]
    assert "正在接入" in page.hint()


def test_a_refusal_stands_at_its_field(show, filled, key):
    page, _ = show()
    filled(page)
    key(Qt.Key.Key_F9)
    page.refuse(Refusal("接入码已用过或过期。请管理员重新出一个。", field="ticket"))
    assert QApplication.focusWidget() is lines(page)[2]
    assert page.bar_actions()[-1].enabled


def test_joined_it_shows_how_the_line_stands_and_forgets_the_ticket(show, filled, key, clock):
    page, shell = show()
    filled(page)
    key(Qt.Key.Key_F9)
    page.joined(LineFacts(kind=LineKind.UP, unsent=12, last_synced=clock()))
    assert {"已连接中心库", "最近同步", "09:42", "待发步数", "12"} <= set(texts(page))
    assert lines(page) == []
    assert page.bar_actions() == ()
    shell.show_line(LineFacts(kind=LineKind.DOWN, unsent=3, since=clock()))
    assert any(text.startswith("线路断开") for text in texts(page))


def test_a_scanned_ticket_lands_in_its_field(show):
    page, shell = show()
    shell.look_for("K7QM-2X4P")
    assert lines(page)[2].text() == "K7QM-2X4P"


def test_a_field_below_the_edge_is_scrolled_into_sight(show, dressed):
    dressed.resize(1)
    page, _ = show((1366, 690))
    last = lines(page)[3]
    last.setFocus()
    QApplication.processEvents()
    corner = last.mapTo(page, last.rect().bottomLeft())
    assert corner.y() <= page.height()


@pytest.mark.parametrize(("scale", "size"), [(0, (1366, 768)), (1, (1366, 690)), (2, (1366, 690))])
def test_nothing_is_cut_and_the_focus_walks(show, dressed, uncut, walk_focus, scale, size):
    dressed.resize(scale)
    page, shell = show(size)
    QApplication.processEvents()
    assert (shell.width(), shell.height()) == size
    assert uncut(page) == []
    assert len(walk_focus(page)) == 5
