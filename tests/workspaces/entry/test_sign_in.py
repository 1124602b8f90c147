import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from onewindow_desk.workspaces.entry.requests import SignInRequest
from onewindow_desk.workspaces.entry.sign_in import LockPage, SignInPage
from onewindow_desk.workspaces.shared.widgets.password_edit import PasswordEdit

PASSWORD = "a-long-sentence-1"


@pytest.fixture
def page(show):
    page = SignInPage()
    page.ready("演示街道", sample=True)
    return show(page)


@pytest.fixture
def asked(page):
    requests: list[SignInRequest] = []
    page.submitted.connect(requests.append)
    return requests


def texts(page):
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible() and label.text()]


def test_enter_goes_to_the_password_and_then_signs_in(page, asked, type_text, press):
    type_text("wang")
    press(Qt.Key.Key_Return)
    assert isinstance(QApplication.focusWidget(), PasswordEdit)
    type_text(PASSWORD)
    press(Qt.Key.Key_Return)
    assert asked == [SignInRequest("wang", PASSWORD)]


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_F9, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.ControlModifier),
    ],
)
def test_the_blue_key_signs_in_from_any_field(page, asked, type_text, press, key, modifier):
    type_text(" wang ")
    press(Qt.Key.Key_Tab)
    type_text(PASSWORD)
    press(key, modifier)
    assert asked == [SignInRequest("wang", PASSWORD)]


@pytest.mark.parametrize("keys", [(), (Qt.Key.Key_Tab,)])
def test_an_empty_field_is_named_and_gets_the_focus(page, asked, press, keys):
    for key in keys:
        press(key)
    press(Qt.Key.Key_F9)
    assert not asked
    assert any("还没有填登录名" in text for text in texts(page))
    assert not isinstance(QApplication.focusWidget(), PasswordEdit)


def test_a_second_press_asks_nothing_until_the_first_is_answered(page, asked, type_text, press):
    type_text("wang")
    press(Qt.Key.Key_Return)
    type_text(PASSWORD)
    press(Qt.Key.Key_F9)
    press(Qt.Key.Key_F9)
    assert len(asked) == 1
    page.refuse("登录名或口令不符。请核对后再输入。", "password")
    type_text(PASSWORD)
    press(Qt.Key.Key_F9)
    assert len(asked) == 2


def test_who_is_quicker_than_the_store_waits_for_it(show, type_text, press):
    page = show(SignInPage("wang"))
    requests: list[SignInRequest] = []
    page.submitted.connect(requests.append)
    assert isinstance(QApplication.focusWidget(), PasswordEdit)
    type_text(PASSWORD)
    press(Qt.Key.Key_Return)
    assert requests == []
    page.ready("演示街道", sample=False)
    assert requests == [SignInRequest("wang", PASSWORD)]


def test_a_refusal_stands_at_the_password_which_must_be_typed_again(page, type_text, press):
    type_text("wang")
    press(Qt.Key.Key_Return)
    type_text(PASSWORD)
    press(Qt.Key.Key_F9)
    page.refuse("登录名或口令不符。还可以试 4 次。", "password")
    focused = QApplication.focusWidget()
    assert isinstance(focused, PasswordEdit)
    assert focused.text() == ""
    assert "登录名或口令不符。还可以试 4 次。" in texts(page)
    assert "登录名或口令不符" in focused.accessibleDescription()
    assert "wang" in [line.text() for line in page.findChildren(QLineEdit)]


def test_clear_leaves_nothing_of_the_person_before(page, type_text, press):
    type_text("wang")
    press(Qt.Key.Key_Return)
    type_text(PASSWORD)
    page.refuse("口令不符。请再输入。")
    page.clear()
    for line in page.findChildren(QLineEdit):
        assert line.text() == ""
        assert not line.isUndoAvailable()
    assert "口令不符。请再输入。" not in texts(page)


def test_the_sample_tag_and_the_street_show_once_they_are_known(show):
    page = show(SignInPage())
    assert "样例数据" not in texts(page)
    page.ready("<b>演示街道</b>", sample=True)
    assert {"样例数据", "<b>演示街道</b>"} <= set(texts(page))
    page.ready("演示街道", sample=False)
    assert "样例数据" not in texts(page)


def test_the_password_is_never_shown_copied_or_kept_in_a_repr(page, type_text, press):
    press(Qt.Key.Key_Tab)
    type_text(PASSWORD)
    edit = page.findChild(PasswordEdit)
    edit.selectAll()
    press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert PASSWORD not in QApplication.clipboard().text()
    assert PASSWORD not in edit.displayText()
    assert not edit.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    assert PASSWORD not in repr(SignInRequest("wang", PASSWORD))


def test_every_stop_has_a_name_and_follows_the_reading_order(page, walk_focus):
    assert len(walk_focus(page)) == 3


class TestLocked:
    @pytest.fixture
    def page(self, show):
        page = LockPage()
        page.show_person("wang", "王样鸣")
        return show(page)

    def test_only_the_password_of_the_person_who_locked_it_is_asked(self, page, type_text, press):
        requests: list[SignInRequest] = []
        page.submitted.connect(requests.append)
        type_text(PASSWORD)
        press(Qt.Key.Key_Return)
        assert requests == [SignInRequest("wang", PASSWORD)]
        assert any("王样鸣" in text for text in texts(page))

    def test_an_empty_password_is_not_sent(self, page, press):
        requests: list[SignInRequest] = []
        page.submitted.connect(requests.append)
        press(Qt.Key.Key_F9)
        assert requests == []
        assert any("还没有填口令" in text for text in texts(page))

    def test_f12_goes_to_another_person_and_forgets_what_was_typed(self, page, qtbot, type_text, press):
        type_text(PASSWORD)
        with qtbot.waitSignal(page.leaving):
            press(Qt.Key.Key_F12)
        assert page.findChild(PasswordEdit).text() == ""

    def test_a_refusal_is_said_and_the_password_typed_again(self, page, type_text, press):
        type_text(PASSWORD)
        press(Qt.Key.Key_F9)
        page.refuse("口令不符。还可以试 4 次。")
        assert page.findChild(PasswordEdit).text() == ""
        assert "口令不符。还可以试 4 次。" in texts(page)

    def test_the_focus_walks(self, page, walk_focus):
        walk_focus(page)
