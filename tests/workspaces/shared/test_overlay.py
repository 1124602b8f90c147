import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from onewindow_desk.workspaces.shared.keys import Group, Key, keys_of
from onewindow_desk.workspaces.shared.overlay import KeyOverlay
from onewindow_desk.workspaces.shared.widgets.key_cap import KeyCap


def line(page: QWidget) -> QLineEdit:
    (found,) = page.findChildren(QLineEdit)
    return found


@pytest.fixture
def page(qtbot, dressed) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.addWidget(QLineEdit(made))
    qtbot.addWidget(made)
    made.resize(1366, 690)
    made.show()
    qtbot.waitExposed(made)
    line(made).setFocus()
    return made


@pytest.fixture
def overlay(page: QWidget) -> KeyOverlay:
    made = KeyOverlay(page)
    made.open_for((Group.FORM, Group.INTAKE, Group.STRIP))
    return made


def test_every_key_that_works_here_is_listed_with_its_caps(overlay: KeyOverlay) -> None:
    words = [label.text() for label in overlay.findChildren(QLabel)]
    for keys in keys_of((Group.EVERYWHERE, Group.FORM, Group.INTAKE, Group.STRIP)).values():
        for key in keys:
            assert key.text in words
            assert all(cap in words for cap in key.cap.split(" "))
    assert Key.REVIEW_YES.text not in words
    assert words.count(Key.TICK.text) == 1


def test_no_word_of_it_is_cut_on_the_smallest_screen(overlay: KeyOverlay, qtbot) -> None:
    QApplication.processEvents()
    for label in overlay.findChildren(QLabel):
        assert label.width() >= label.sizeHint().width(), label.text()
        assert label.height() >= label.sizeHint().height(), label.text()
        corner = label.mapTo(overlay, label.rect().bottomRight())
        assert overlay.rect().contains(corner), label.text()


def test_in_large_type_the_page_keys_bring_the_last_line_into_sight(page: QWidget, dressed, qtbot) -> None:
    dressed("contrast", 1.5)
    overlay = KeyOverlay(page)
    overlay.open_for((Group.INTAKE, Group.STRIP))
    QApplication.processEvents()
    last = next(label for label in overlay.findChildren(QLabel) if label.text() == Key.BACK.text)
    assert last.visibleRegion().isEmpty()
    for _ in range(3):
        qtbot.keyClick(overlay, Qt.Key.Key_PageDown)
    QApplication.processEvents()
    assert last.visibleRegion().boundingRect() == last.rect()


def test_escape_closes_and_the_focus_returns(overlay: KeyOverlay, page: QWidget, qtbot) -> None:
    assert overlay.hasFocus()
    with qtbot.waitSignal(overlay.closed):
        qtbot.keyClick(overlay, Qt.Key.Key_Escape)
    assert overlay.isHidden()
    assert line(page).hasFocus()


def test_nothing_typed_goes_through_and_tab_stays(overlay: KeyOverlay, page: QWidget, qtbot) -> None:
    qtbot.keyClicks(overlay, "ab")
    qtbot.keyClick(overlay, Qt.Key.Key_Tab)
    assert line(page).text() == ""
    assert overlay.hasFocus()


def test_a_click_beside_the_panel_closes_it(overlay: KeyOverlay, qtbot) -> None:
    qtbot.mouseClick(overlay, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert overlay.isHidden()


def test_it_covers_the_page_whatever_its_size(overlay: KeyOverlay, page: QWidget, qtbot) -> None:
    page.resize(1600, 900)
    assert overlay.size() == page.size()


def test_a_cap_keeps_its_height_in_a_tall_row(qtbot, dressed) -> None:
    holder = QWidget()
    column = QVBoxLayout(holder)
    cap = KeyCap(key=Key.FIND)
    column.addWidget(cap)
    qtbot.addWidget(holder)
    holder.resize(200, 300)
    holder.show()
    assert cap.height() == 22
    assert cap.text() == "F3"
