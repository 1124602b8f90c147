"""What tests of pages share: the dressed application, typing as people do, walking the focus."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAction, QInputMethodEvent, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPushButton, QWidget

from onewindow_desk.workspaces.shared.theme import Theme

_SAME_LINE = 6


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[Theme]:
    """The application in the light theme at 100 %; a test may resize it."""
    theme = Theme()
    theme.apply(qapp)
    yield theme
    qapp.setStyleSheet("")


@pytest.fixture
def type_text() -> Callable[[str], None]:
    """Types into the focused widget: letters by key, Chinese through the input method."""

    def write(text: str) -> None:
        target = QApplication.focusWidget()
        assert target is not None, "nothing has the focus"
        if text.isascii():
            QTest.keyClicks(target, text)
            return
        assert target.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled), "no input method here"
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(target, event)

    return write


@pytest.fixture
def press() -> Callable[..., None]:
    """Presses a key where the focus is."""

    def push(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        target = QApplication.focusWidget()
        assert target is not None, "nothing has the focus"
        QTest.keyClick(target, key, modifiers)
        QApplication.processEvents()

    return push


@pytest.fixture
def walk_focus() -> Callable[[QWidget], tuple[QWidget, ...]]:
    """Walks through the window of a shown page with Tab and returns the page's stops in their order.

    Every stop has a name a screen reader says, the page's stops follow the reading order, every
    widget of it that takes Tab is reached, no two shortcuts share a key, and no button is a default
    by itself. The page, or something in its window, must have the focus.
    """
    return _walked


def _walked(page: QWidget) -> tuple[QWidget, ...]:
    stops = _tabbed(page)
    assert stops, "the page has no stop at all"
    expected = {widget for widget in page.findChildren(QWidget) if _takes_tab(widget)}
    assert expected <= set(stops), f"never reached: {[_shown(w) for w in expected - set(stops)]}"
    nameless = [_shown(stop) for stop in stops if not spoken_name(stop)]
    assert not nameless, f"without a name: {nameless}"
    ordered = _in_reading_order(page, stops)
    _check_shortcuts(page)
    defaults = [_shown(button) for button in page.findChildren(QPushButton) if button.autoDefault()]
    assert not defaults, f"default by themselves: {defaults}"
    return ordered


def _tabbed(page: QWidget) -> tuple[QWidget, ...]:
    start = QApplication.focusWidget()
    assert start is not None, "nothing has the focus"
    assert page.window().isAncestorOf(start), "the focus is in another window"
    stops = [start]
    for _ in range(200):
        QTest.keyClick(stops[-1], Qt.Key.Key_Tab)
        stop = QApplication.focusWidget()
        assert stop is not None
        if stop is start:
            return tuple(stops)
        assert stop not in stops, f"Tab goes in circles at {_shown(stop)}"
        stops.append(stop)
    raise AssertionError("Tab never comes back")


def _takes_tab(widget: QWidget) -> bool:
    policy = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    inner = isinstance(widget.parentWidget(), QLineEdit)
    return (
        bool(policy) and widget.isVisible() and widget.isEnabled() and not inner and not widget.focusProxy()
    )


def spoken_name(widget: QWidget) -> str:
    """What a screen reader calls the widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    name: str = interface.text(QAccessible.Text.Name)
    return name or (widget.text() if isinstance(widget, QAbstractButton) else "")


def _in_reading_order(page: QWidget, stops: tuple[QWidget, ...]) -> tuple[QWidget, ...]:
    """The page's own stops from the first one. Tab goes in a ring, so it may go back exactly once."""
    own = [stop for stop in stops if page.isAncestorOf(stop)]
    corners = [stop.mapTo(page, QPoint(0, 0)) for stop in own]
    backwards = []
    for place, corner in enumerate(corners):
        before = corners[place - 1]
        if corner.x() <= before.x() + _SAME_LINE and corner.y() <= before.y() + _SAME_LINE:
            backwards.append(place)
    jumps = [f"{_shown(own[place - 1])} to {_shown(own[place])}" for place in backwards]
    assert len(backwards) <= 1, f"Tab goes back at {jumps}"
    first = backwards[0] if backwards else 0
    return (*own[first:], *own[:first])


def _check_shortcuts(page: QWidget) -> None:
    keys = [shortcut.key().toString() for shortcut in page.findChildren(QShortcut)]
    keys += [key.toString() for action in page.findChildren(QAction) for key in action.shortcuts()]
    doubles = {key for key in keys if keys.count(key) > 1}
    assert not doubles, f"two shortcuts on {doubles}"


def _shown(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()!r}"
