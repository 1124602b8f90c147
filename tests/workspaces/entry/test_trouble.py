import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from onewindow_desk.workspaces.entry.trouble import TroublePage

WHAT = "本机库文件与钥匙不符。请管理员用备份恢复。"


@pytest.fixture
def page(show):
    return show(TroublePage(WHAT, "C:/数据/一窗办"))


def texts(page):
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def test_it_says_what_is_wrong_what_is_safe_and_where_the_store_lies(page):
    assert WHAT in texts(page)
    assert any("没有改动任何数据" in text for text in texts(page))
    assert "C:/数据/一窗办" in texts(page)


def test_without_a_place_there_is_no_line_for_one(show):
    assert "本机库的位置" not in texts(show(TroublePage(WHAT)))


@pytest.mark.parametrize("key", [Qt.Key.Key_F9, Qt.Key.Key_Return])
def test_the_blue_key_tries_again(page, qtbot, press, key):
    assert QApplication.focusWidget() is page.first_focus()
    with qtbot.waitSignal(page.again):
        press(key)


def test_another_try_may_find_other_trouble(page):
    page.show_trouble("密钥库没有打开。请登录电脑后再试。")
    assert WHAT not in texts(page)
    assert "密钥库没有打开。请登录电脑后再试。" in texts(page)


def test_the_other_button_closes_the_window(page, press):
    press(Qt.Key.Key_Backtab)
    press(Qt.Key.Key_Return)
    assert not page.window().isVisible()


def test_the_focus_walks(page, walk_focus):
    assert len(walk_focus(page)) == 2
