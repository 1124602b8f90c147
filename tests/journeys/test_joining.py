"""A desk comes to a central by its screens: as a new one, and as a street that worked alone."""

from pathlib import Path

import pytest
from demo_central import Demo
from PySide6.QtWidgets import QApplication

from onewindow_desk import run
from onewindow_desk.demo import DEMO_LOGIN, DEMO_PASSWORD, demo_plan
from onewindow_desk.desk import Desk, Outside
from onewindow_desk.devices.printer_file import FolderPrinter
from onewindow_desk.devices.reader.client import open_untrusted
from onewindow_desk.hands import Hands
from onewindow_desk.opening import found_desk
from onewindow_desk.settings import DeskSettings
from onewindow_desk.workspaces.intake import IntakeDevices


class MemoryVault(dict[str, bytes]):
    def set(self, name: str, secret: bytes) -> None:
        self[name] = secret

    def delete(self, name: str) -> None:
        self.pop(name, None)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A central with the demo street and its people, and no desk yet."""
    folder = tmp_path_factory.mktemp("demo")
    made = Demo(folder)
    made.cluster.start()
    made.make_central()
    made.make_street()
    made.make_people()
    yield made
    made.cluster.destroy()


@pytest.fixture
def vault():
    return MemoryVault()


@pytest.fixture
def begin(qapp, tmp_path, vault):
    """Start a desk on a folder; it is ended after the test."""
    desks = []
    sheet = qapp.styleSheet()

    def start(folder: Path) -> tuple[Desk, Hands]:
        papers = tmp_path / "papers"
        papers.mkdir(exist_ok=True)
        devices = IntakeDevices(scanner=None, printers=FolderPrinter(papers), read=open_untrusted)
        theme = run.apply_theme(qapp, DeskSettings())
        desk = Desk(Outside(folder, lambda: vault, run.now, lambda _: devices), theme)
        desks.append(desk)
        desk.start()
        hands = Hands(desk.front)
        hands.until(lambda: QApplication.focusWidget() is not None, "the focus somewhere")
        return desk, hands

    yield start
    for desk in desks:
        desk.close()
        desk.front.close()
        desk.front.deleteLater()
        desk.deleteLater()
    qapp.setStyleSheet(sheet)


def fill_invitation(hands: Hands, invitation, certificate: Path) -> None:
    hands.fill(invitation.address.hosts[0], str(certificate), invitation.ticket, invitation.label)


@pytest.mark.slow
def test_a_new_machine_joins_by_the_ticket_and_its_clerk_signs_in(demo, begin, tmp_path):
    desk, hands = begin(tmp_path / "desk")
    hands.until(lambda: hands.shows("街道名称"), "the wizard")
    hands.press("F8")
    hands.until(lambda: hands.shows("接入"), "the invitation's fields")
    fill_invitation(hands, demo.invitation("7 号窗口"), demo.cluster.ca)
    hands.until(lambda: hands.shows("登录名"), "the sign-in page")
    hands.until(desk.connected, "the line")
    hands.until(lambda: desk.opened.store.person("li") is not None, "the people of the street")
    hands.fill("li", DEMO_PASSWORD)
    hands.until(lambda: hands.shows("李样和"), "signed in")
    assert hands.shows("已连接中心库")
    assert hands.shows("7 号窗口")


@pytest.mark.slow
def test_a_false_ticket_is_said_and_everything_typed_stays(demo, begin, tmp_path):
    from msgspec.structs import replace

    _, hands = begin(tmp_path / "desk")
    hands.until(lambda: hands.shows("街道名称"), "the wizard")
    hands.press("F8")
    fill_invitation(hands, replace(demo.invitation("8 号窗口"), ticket="WRONG-TICKET-1"), demo.cluster.ca)
    hands.until(lambda: hands.shows("接入码不"), "the refusal")
    assert hands.shows("WRONG-TICKET-1")
    assert not (tmp_path / "desk" / "desk.db").exists()


@pytest.mark.slow
def test_a_street_that_worked_alone_joins_by_its_system_administrator(demo, begin, tmp_path, vault):
    folder = tmp_path / "desk"
    found_desk(folder, lambda: vault, run.now, demo_plan()).store.close()
    desk, hands = begin(folder)
    hands.until(lambda: desk.opened is not None, "the store opened")
    hands.fill("guan", DEMO_PASSWORD)
    hands.until(lambda: hands.shows("管样明"), "signed in")
    assert hands.shows("独立运行 · 数据存本机")
    for place in range(1, 5):
        hands.press(f"Ctrl+{place}")
        if hands.shows("接入中心库"):
            break
    invitation = demo.invitation("9 号窗口", "--attach")
    fields = hands_fields(hands)
    fields[-1].selectAll()
    fill_invitation(hands, invitation, demo.cluster.ca)
    hands.press("F9")
    hands.until(desk.connected, "the line")
    hands.until(lambda: desk.waiting() == 0, "the whole history sent")
    assert desk.opened.store.attention() == ()
    hands.press("F12")
    hands.until(lambda: hands.shows("登录名"), "the sign-in page")
    hands.fill(DEMO_LOGIN, DEMO_PASSWORD)
    hands.until(lambda: hands.shows("王一鸣"), "the clerk signed in over the line")


def hands_fields(hands: Hands):
    from PySide6.QtWidgets import QLineEdit

    return [field for field in hands._window.findChildren(QLineEdit) if field.isVisible()]
