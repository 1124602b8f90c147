import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from onewindow_desk.workspaces.shared.widgets.password_edit import PasswordField, capitals_locked


@given(st.sampled_from(string.ascii_letters), st.booleans())
def test_a_letter_gives_caps_lock_away(letter, shift):
    assert capitals_locked(letter, shift=shift) is (letter.isupper() != shift)


@given(st.text().filter(lambda text: text not in string.ascii_letters or len(text) != 1))
def test_anything_else_tells_nothing(text):
    assert capitals_locked(text, shift=False) is None


@pytest.fixture
def field(show):
    field = PasswordField(caption="口令")
    show(field)
    field.setFocus()
    return field


def capitals_told(field):
    return any(
        "大写锁定" in label.text() and label.isVisible()
        for label in field.children()
        if hasattr(label, "text")
    )


def test_caps_lock_is_told_while_it_lasts(field):
    QTest.keyClicks(field.line, "A")
    assert capitals_told(field)
    QTest.keyClick(field.line, Qt.Key.Key_CapsLock)
    assert not capitals_told(field)
    QTest.keyClicks(field.line, "B")
    field.clear()
    assert not capitals_told(field)
    assert field.value() == ""


def test_a_wanted_capital_is_no_caps_lock(field):
    QTest.keyClicks(field.line, "A", Qt.KeyboardModifier.ShiftModifier)
    assert field.value() == "A"
    assert not capitals_told(field)
