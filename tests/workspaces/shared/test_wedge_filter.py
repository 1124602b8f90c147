"""A code scanner's keys: never text, never a pressed button, wherever the focus is."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from onewindow_desk.workspaces.shared.wedge_filter import WedgeFilter

CODE = "115260921001200319"
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def wedge(qapp: QApplication) -> Iterator[WedgeFilter]:
    made = WedgeFilter(qapp)
    yield made
    qapp.removeEventFilter(made)
    made.deleteLater()


class Keys:
    """Sends keys with a time of their own, as the window system does."""

    def __init__(self) -> None:
        self.now = 1_000

    def send(self, text: str, gap: int, key: int = 0, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.now += gap
        target = QApplication.focusWidget()
        assert target is not None
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key or _key(text), modifiers, text)
            event.setTimestamp(self.now)
            QApplication.sendEvent(target, event)

    def scan(self, code: str = CODE, gap: int = 8) -> None:
        for character in code:
            self.send(character, gap)
        self.send("\r", gap, Qt.Key.Key_Return)

    def type(self, text: str, gap: int = 120) -> None:
        for character in text:
            self.send(character, gap)


def _key(character: str) -> int:
    return ord(character.upper()) if character.isascii() and character else 0


@pytest.fixture
def keys() -> Keys:
    return Keys()


class Page(QWidget):
    """One of each widget that keys do something to, and what was done."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        self.line, self.long = QLineEdit(), QPlainTextEdit()
        self.button, self.box, self.number = QPushButton("收件"), QCheckBox("勾选"), QSpinBox()
        self.choice, self.list = QComboBox(), QListWidget()
        self.choice.addItems(["护照", "115", "其他"])
        self.list.addItems(["a", "1 件", "5 件"])
        self.button.clicked.connect(self._clicked)
        self.line.returnPressed.connect(self._entered)
        column = QVBoxLayout(self)
        for widget in self.parts():
            column.addWidget(widget)

    def parts(self) -> tuple[QWidget, ...]:
        return (self.line, self.long, self.button, self.box, self.number, self.choice, self.list)

    def state(self) -> tuple[object, ...]:
        chosen = self.list.currentRow()
        texts = (self.line.text(), self.long.toPlainText(), self.number.value())
        return (*texts, self.box.isChecked(), self.choice.currentText(), chosen, tuple(self.done))

    def _clicked(self) -> None:
        self.done.append("clicked")

    def _entered(self) -> None:
        self.done.append("entered")


@pytest.fixture
def page(qtbot, wedge) -> Page:
    page = Page()
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
    page.line.setText("钱样安")
    page.long.setPlainText("第一行\n第二行")
    return page


@pytest.fixture
def heard(wedge) -> list[str]:
    heard: list[str] = []
    wedge.scanned.connect(heard.append)
    return heard


@pytest.mark.parametrize("place", range(7))
def test_a_scan_leaves_every_widget_as_it_was_and_is_heard(page, keys, heard, qtbot, place) -> None:
    page.parts()[place].setFocus()
    before = page.state()
    keys.scan()
    qtbot.wait(60)  # past the gap in which keys are held back
    assert heard == [CODE]
    assert page.state() == before


def test_a_selection_that_the_scan_typed_over_is_there_again(page, keys, heard) -> None:
    page.line.setFocus()
    page.line.setSelection(1, 2)
    keys.scan()
    assert (page.line.text(), page.line.selectedText()) == ("钱样安", "样安")


def test_in_the_middle_of_a_word_the_word_stays(page, keys, heard) -> None:
    page.line.setFocus()
    page.line.setText("12")
    page.line.setCursorPosition(1)
    keys.type("3")
    keys.now += 500
    keys.scan()
    assert (page.line.text(), page.line.cursorPosition()) == ("132", 2)


@pytest.mark.parametrize("place", [0, 1])
def test_a_person_s_typing_stays_and_return_works(page, keys, heard, place) -> None:
    part = page.parts()[place]
    part.setFocus()
    keys.type("320115199001010011")
    keys.send("\r", 120, Qt.Key.Key_Return)
    assert heard == []
    assert "320115199001010011" in str(page.state()[place])


def test_a_person_s_space_still_presses_after_a_moment(page, keys, qtbot) -> None:
    page.button.setFocus()
    keys.send(" ", 500, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.done == ["clicked"])


def test_keys_without_a_time_are_a_person_s(page, heard, qtbot) -> None:
    page.line.setFocus()
    page.line.clear()
    qtbot.keyClicks(page.line, CODE)
    qtbot.keyClick(page.line, Qt.Key.Key_Return)
    assert heard == []
    assert page.line.text() == CODE


def test_a_code_of_another_kind_is_taken_back_and_told(page, keys, wedge, heard) -> None:
    told: list[bool] = []
    wedge.unrecognised.connect(lambda: told.append(True))
    page.line.setFocus()
    keys.scan("收件115260")
    assert page.line.text() == "钱样安"
    assert (heard, told) == ([], [True])


def test_a_control_key_within_a_scan_reaches_no_shortcut(page, keys, qtbot) -> None:
    pressed: list[str] = []
    shortcut = QShortcut(QKeySequence("F9"), page)
    shortcut.activated.connect(lambda: pressed.append("F9"))
    page.line.setFocus()
    for character in "115":
        keys.send(character, 8)
    keys.send("", 8, Qt.Key.Key_F9)
    for character in "260921":
        keys.send(character, 8)
    keys.send("\r", 8, Qt.Key.Key_Return)
    qtbot.wait(60)
    assert pressed == []
    assert page.line.text() == "钱样安"


def test_a_code_that_begins_with_a_control_key_reaches_no_shortcut(page, keys, qtbot, heard) -> None:
    pressed: list[str] = []
    shortcut = QShortcut(QKeySequence("F9"), page)
    shortcut.activated.connect(lambda: pressed.append("F9"))
    page.line.setFocus()
    keys.send("", 500, Qt.Key.Key_F9)
    keys.scan()
    qtbot.wait(60)
    assert (pressed, heard) == ([], [])
    assert page.line.text() == "钱样安"


def test_a_person_s_control_keys_work_after_a_moment_and_in_their_order(page, keys, qtbot) -> None:
    pressed: list[str] = []
    shortcut = QShortcut(QKeySequence("F9"), page)
    shortcut.activated.connect(lambda: pressed.append("F9"))
    page.line.setFocus()
    keys.send("", 500, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: pressed == ["F9"])
    page.line.setCursorPosition(0)
    keys.send("", 500, Qt.Key.Key_End)
    keys.send("1", 36)
    assert page.line.text() == "钱样安1"
    keys.send("\b", 120, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: page.line.text() == "钱样安")


def test_repeats_of_a_held_key_and_bare_modifiers_pass(page, qtbot, wedge) -> None:
    page.line.setFocus()
    for place, (key, repeat) in enumerate(((Qt.Key.Key_Shift, False), (Qt.Key.Key_Backspace, True))):
        event = QKeyEvent(QEvent.Type.KeyPress, key, NONE, "", repeat)
        event.setTimestamp(1_000 + 5 * place)
        QApplication.sendEvent(page.line, event)
    assert page.line.text() == "钱样"


def test_two_scans_one_after_the_other(page, keys, heard) -> None:
    page.line.setFocus()
    keys.scan()
    keys.now += 400
    keys.scan("OWD1:R:1:ABCDEF")
    assert heard == [CODE, "OWD1:R:1:ABCDEF"]
    assert page.line.text() == "钱样安"


def test_typing_goes_on_after_a_scan(page, keys, heard) -> None:
    page.line.setFocus()
    page.line.setCursorPosition(3)
    keys.scan()
    keys.type("12")
    assert page.line.text() == "钱样安12"
