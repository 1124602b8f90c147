from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from onewindow_desk.workspaces.shared.look import SCALES
from onewindow_desk.workspaces.shared.widgets.label import ElidedLabel

Shown = TypeVar("Shown", bound=QWidget)


def visible(page: QWidget, kind: type[Shown]) -> list[Shown]:
    return [widget for widget in page.findChildren(kind) if widget.isVisible()]


def told(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_no_label_is_cut(gallery, dressed, qtbot, theme: str, scale: float) -> None:
    dressed(theme, scale)
    gallery.resize(round(1366 * scale), round(900 * scale))
    QApplication.processEvents()
    for label in visible(gallery, QLabel):
        needed = label.sizeHint()
        assert label.height() >= (
            label.heightForWidth(label.width()) if label.wordWrap() else needed.height()
        ), label.text()
        if not isinstance(label, ElidedLabel) and not label.wordWrap():
            assert label.width() >= needed.width(), label.text()


@pytest.mark.parametrize("scale", SCALES)
def test_no_button_is_cut(gallery, dressed, qtbot, scale: float) -> None:
    dressed("light", scale)
    gallery.resize(round(1366 * scale), round(900 * scale))
    QApplication.processEvents()
    for button in visible(gallery, QAbstractButton):
        assert button.width() >= button.sizeHint().width(), button.text()
        assert button.height() >= button.sizeHint().height(), button.text()


def test_no_label_guesses_rich_text(gallery) -> None:
    assert not [
        label.text()
        for label in gallery.findChildren(QLabel)
        if label.textFormat() != Qt.TextFormat.PlainText
    ]


def test_everything_with_a_focus_has_a_name(gallery) -> None:
    stops = [widget for widget in visible(gallery, QWidget) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
    nameless = [type(widget).__name__ for widget in stops if not told(widget)]
    assert stops
    assert not nameless


def test_return_presses_a_button(gallery, qtbot) -> None:
    pressed = []
    gallery.do.clicked.connect(lambda: pressed.append("do"))
    gallery.do.setFocus()
    qtbot.keyClick(gallery.do, Qt.Key.Key_Return)
    qtbot.keyClick(gallery.do, Qt.Key.Key_Space)
    assert pressed == ["do", "do"]


def test_return_does_not_press_what_cannot_be_done_yet(gallery, qtbot) -> None:
    pressed = []
    gallery.later.clicked.connect(lambda: pressed.append("later"))
    qtbot.keyClick(gallery.later, Qt.Key.Key_Return)
    assert not pressed


def test_exactly_one_thing_looks_focused(gallery, qtbot) -> None:
    before = gallery.name.line.grab().toImage()
    gallery.name.line.setFocus()
    focused = gallery.name.line.grab().toImage()
    assert before != focused
    gallery.do.setFocus()
    ring = gallery.do.grab().toImage().pixelColor(gallery.do.width() // 2, 1).name()
    assert ring == "#ffd33d"
    assert gallery.name.line.grab().toImage() == before


def test_the_ring_moves_nothing(gallery) -> None:
    before = gallery.name.geometry(), gallery.name.line.geometry()
    gallery.name.line.setFocus()
    assert (gallery.name.geometry(), gallery.name.line.geometry()) == before
