"""The first day of a desk, by keyboard: a street is founded, a wrong password locks, the right one opens."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from onewindow_desk.desk import Desk, Outside
from onewindow_desk.devices.printer_file import FolderPrinter
from onewindow_desk.shell import Shell
from onewindow_desk.store import Store
from onewindow_desk.workspaces.entry.founding import FoundingWizard
from onewindow_desk.workspaces.entry.sign_in import SignInPage
from onewindow_desk.workspaces.entry.trouble import TroublePage
from onewindow_desk.workspaces.intake import IntakeDevices
from onewindow_desk.workspaces.shared.theme import Theme

MORNING = datetime(2026, 9, 21, 0, 30, tzinfo=UTC)
RIGHT = "chuangkou-yuan-1"
STEPS = (
    ("演示街道", "演示区演示街道办事处", "115", "", "000-0000-0010", "000-0000-0011", ""),
    (
        "xt",
        "钱样安",
        "xitong-guanli-12",
        "xitong-guanli-12",
        "aq",
        "沈样真",
        "anquan-guanli-12",
        "anquan-guanli-12",
    ),
    ("wang", "王样鸣", RIGHT, RIGHT),
    ("0012",),
)

Page = TypeVar("Page", bound=QWidget)


class MemoryVault(dict[str, bytes]):
    """A vault of this process alone."""

    def set(self, name: str, secret: bytes) -> None:
        self[name] = secret

    def delete(self, name: str) -> None:
        self.pop(name, None)


class FirstDay:
    """The desk, and the hands at it."""

    def __init__(self, folder: Path, qtbot, qapp) -> None:
        self.folder = folder
        self.vault = MemoryVault()
        self.now = MORNING
        self._qtbot = qtbot
        theme = Theme()
        theme.apply(qapp)
        devices = IntakeDevices(
            scanner=None, printers=FolderPrinter(folder / "papers"), read=lambda _source: ()
        )
        outside = Outside(folder, lambda: self.vault, lambda: self.now, lambda _settings: devices)
        self.desk = Desk(outside, theme)
        self.desk.start()

    def page(self, kind: type[Page]) -> Page:
        """The page of this kind, once it stands in front and has the focus."""

        def there() -> bool:
            focus = QApplication.focusWidget()
            front = self.desk.front.currentWidget()
            return isinstance(front, kind) and focus is not None and front.isAncestorOf(focus)

        self._qtbot.waitUntil(there, timeout=20_000)
        front = self.desk.front.currentWidget()
        assert isinstance(front, kind)
        return front

    def answered(self) -> None:
        """Nothing runs any more."""
        self._qtbot.waitUntil(lambda: self.desk.idle, timeout=20_000)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        if text.isascii():
            QTest.keyClicks(focus, text)
            return
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(focus, event)

    def press(self, key: Qt.Key) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)
        # Return takes the focus on; the next step of the wizard takes it when it is laid out.
        if key == Qt.Key.Key_Return:
            self._qtbot.waitUntil(lambda: QApplication.focusWidget() is not focus)

    def sign_in(self, password: str) -> None:
        self.type(password)
        self.press(Qt.Key.Key_F9)
        self.answered()

    def shown(self) -> str:
        front = self.desk.front.currentWidget()
        assert front is not None
        labels = front.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())


@pytest.fixture
def first_day(qtbot, qapp, tmp_path) -> Iterator[Callable[[], FirstDay]]:
    days = []

    def begin() -> FirstDay:
        days.append(FirstDay(tmp_path / "desk", qtbot, qapp))
        return days[-1]

    yield begin
    for day in days:
        day.desk.front.close()
        day.desk.close()
        day.desk.front.deleteLater()
    qapp.setStyleSheet("")


def found(day: FirstDay) -> None:
    day.page(FoundingWizard)
    for texts in STEPS:
        for text in texts:
            day.type(text)
            day.press(Qt.Key.Key_Return)
    day.press(Qt.Key.Key_F9)
    day.answered()


def test_from_an_empty_folder_to_an_open_window(first_day):
    day = first_day()
    found(day)
    page = day.page(SignInPage)
    assert "演示街道" in day.shown()
    assert "样例数据" in day.shown()
    assert Store.exists(day.folder)

    day.type("wang")
    day.press(Qt.Key.Key_Return)
    for left in (4, 3, 2, 1):
        day.sign_in("not-the-password")
        assert f"还可以试 {left} 次" in day.shown()
    day.sign_in("not-the-password")
    assert "暂停 15 分钟" in day.shown()
    day.sign_in(RIGHT)
    assert "15 分钟后再试" in day.shown()
    assert day.desk.front.currentWidget() is page

    day.now += timedelta(minutes=15, seconds=1)
    day.sign_in(RIGHT)
    shell = day.page(Shell)
    assert "王样鸣" in day.shown()
    assert [workspace.name for workspace in shell.workspaces()] == ["today", "intake", "attention"]


def test_an_administrator_sees_no_cases(first_day):
    day = first_day()
    found(day)
    day.page(SignInPage)
    day.type("xt")
    day.press(Qt.Key.Key_Return)
    day.type("xitong-guanli-12")
    day.press(Qt.Key.Key_F9)
    day.answered()
    shell = day.desk.front.currentWidget()
    assert isinstance(shell, Shell)
    assert "today" not in [workspace.name for workspace in shell.workspaces()]


def test_a_founding_that_is_cut_off_can_be_begun_again(first_day):
    day = first_day()
    day.page(FoundingWizard)
    day.type("演示街道")
    day.desk.close()
    assert not Store.exists(day.folder)
    found(first_day())


def test_a_store_whose_keys_are_gone_says_what_to_do_and_may_be_tried_again(first_day):
    day = first_day()
    found(day)
    day.page(SignInPage)
    kept = dict(day.vault)
    day.desk.front.close()
    day.desk.close()

    other = first_day()
    page = other.page(TroublePage)
    assert "请" in other.shown()
    other.vault.update(kept)
    assert other.desk.front.currentWidget() is page
    other.press(Qt.Key.Key_F9)
    other.answered()
    other.page(SignInPage)
    assert "演示街道" in other.shown()
