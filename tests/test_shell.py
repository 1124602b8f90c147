from datetime import UTC, datetime
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from onewindow_desk.shell import Shell
from onewindow_desk.workspaces.shared.keyboard import Keyboard, sequences
from onewindow_desk.workspaces.shared.keys import Group, Key
from onewindow_desk.workspaces.shared.look import SCALES, look
from onewindow_desk.workspaces.shared.overlay import KeyOverlay
from onewindow_desk.workspaces.shared.theme import Theme
from onewindow_desk.workspaces.shared.widgets.action_bar import ActionBar
from onewindow_desk.workspaces.shared.widgets.rail import Rail
from onewindow_desk.workspaces.shared.widgets.status_line import Link, LinkKind, StatusLine
from onewindow_desk.workspaces.workspace import Action, Count, Notice, Weight, Workspace

# A Monday; 01:42 in UTC is 09:42 in Shanghai.
MORNING = datetime(2026, 9, 21, 1, 42, tzinfo=UTC)


class Page(Workspace):
    """A workspace that writes down what is asked of it."""

    groups = (Group.TODAY,)

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.name = name
        self._title = title
        self.heard: list[object] = []
        self.field = QLineEdit(self)
        self.field.setAccessibleName(title)
        QVBoxLayout(self).addWidget(self.field)
        self.can = True
        self.number = Count()
        self.words = "↑↓ 选办件"
        self.knows = ""

    def title(self) -> str:
        return self._title

    def first_focus(self) -> QWidget:
        return self.field

    def bar_actions(self) -> tuple[Action, ...]:
        return (
            Action(Key.TODAY_DETAILS, "看明细", lambda: self.heard.append("details")),
            Action(Key.DO, "打开办件", lambda: self.heard.append("do"), primary=True, enabled=self.can),
        )

    def hint(self) -> str:
        return self.words

    def count(self) -> Count:
        return self.number

    def opened(self) -> None:
        self.heard.append("opened")

    def closed(self) -> None:
        self.heard.append("closed")

    def refresh(self, changes: object) -> None:
        self.heard.append(changes)

    def go_to_block(self, number: int) -> None:
        self.heard.append(number)

    def answer(self, key: Key) -> bool:
        return key is Key.NEW_INTAKE and self.name == "intake"

    def find_text(self, text: str) -> bool:
        return bool(self.knows) and text == self.knows

    def back(self) -> bool:
        self.heard.append("back")
        return True


@pytest.fixture
def theme(qapp: QApplication):
    made = Theme()
    made.apply(qapp)
    yield made
    Theme().apply(qapp)


@pytest.fixture
def today() -> Page:
    return Page("today", "今日")


@pytest.fixture
def intake() -> Page:
    return Page("intake", "收件")


@pytest.fixture
def shell(qtbot, theme: Theme, today: Page, intake: Page) -> Shell:
    made = Shell(theme, clock=lambda: MORNING)
    qtbot.addWidget(made)
    made.show_person("王样明", "2 号窗口 · 收件岗", sample=True)
    made.add(today)
    made.add(intake)
    made.resize(1366, 768)
    made.show()
    qtbot.waitExposed(made)
    made.begin()
    return made


Part = TypeVar("Part", bound=QObject)


def part(page: QWidget, kind: type[Part]) -> Part:
    """The one part of its kind on the page."""
    (found,) = page.findChildren(kind)
    return found


def search_line(shell: Shell) -> QLineEdit:
    """The search field, which F3 has given the focus."""
    field = shell.window().focusWidget()
    assert isinstance(field, QLineEdit)
    return field


def words(shell: QWidget) -> list[str]:
    return [label.text() for label in shell.findChildren(QLabel) if label.isVisible()]


def press(
    qtbot, shell: Shell, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    qtbot.keyClick(shell.window().focusWidget(), key, modifier)


# Opening


def test_the_first_workspace_is_open_and_its_first_field_has_the_focus(shell: Shell, today: Page) -> None:
    assert shell.current() is today
    assert today.field.hasFocus()
    assert today.heard == ["opened"]


def test_a_digit_with_ctrl_opens_a_workspace(shell: Shell, today: Page, intake: Page, qtbot) -> None:
    press(qtbot, shell, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert shell.current() is intake
    assert intake.field.hasFocus()
    assert today.heard == ["opened", "closed"]
    press(qtbot, shell, Qt.Key.Key_7, Qt.KeyboardModifier.ControlModifier)
    assert shell.current() is intake


def test_a_click_in_the_rail_opens_a_workspace(shell: Shell, intake: Page, qtbot) -> None:
    qtbot.mouseClick(part(shell, Rail).buttons()[1], Qt.MouseButton.LeftButton)
    assert shell.current() is intake
    assert "收件" in words(shell)


def test_a_workspace_may_ask_for_another(shell: Shell, today: Page, intake: Page) -> None:
    today.opening.emit("intake")
    assert shell.current() is intake
    today.opening.emit("nowhere")
    assert shell.current() is intake


def test_a_shell_without_workspaces_opens_nothing(qtbot, theme: Theme) -> None:
    empty = Shell(theme, clock=lambda: MORNING)
    qtbot.addWidget(empty)
    empty.begin()
    empty.press("F9")
    empty.press("Alt+1")
    assert empty.current() is None


# Keys


@pytest.mark.parametrize("modified", [False, True])
def test_the_blue_key_acts_once_from_inside_a_field(shell: Shell, today: Page, qtbot, modified: bool) -> None:
    if modified:
        press(qtbot, shell, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    else:
        press(qtbot, shell, Qt.Key.Key_F9)
    assert today.heard == ["opened", "do"]


def test_a_key_works_for_the_open_workspace_only(shell: Shell, today: Page, intake: Page, qtbot) -> None:
    shell.open("intake")
    press(qtbot, shell, Qt.Key.Key_F5)
    assert "details" in intake.heard
    assert "details" not in today.heard


def test_what_cannot_be_done_yet_is_dashed_and_does_nothing(shell: Shell, today: Page, qtbot) -> None:
    today.can = False
    today.actions_changed.emit()
    press(qtbot, shell, Qt.Key.Key_F9)
    assert "do" not in today.heard
    today.can = True
    today.actions_changed.emit()
    press(qtbot, shell, Qt.Key.Key_F9)
    assert "do" in today.heard


def test_a_click_on_an_action_leaves_the_focus_where_the_work_is(shell: Shell, today: Page, qtbot) -> None:
    button = part(shell, ActionBar).button(Key.DO)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert today.heard[-1] == "do"
    assert today.field.hasFocus()


def test_the_focus_goes_back_to_work_when_its_button_can_no_longer_be_pressed(
    shell: Shell, today: Page, qtbot
) -> None:
    button = part(shell, ActionBar).button(Key.DO)
    assert button is not None
    button.setFocus()
    today.can = False
    today.actions_changed.emit()
    assert today.field.hasFocus()


def test_keys_work_when_nothing_has_the_focus(shell: Shell, today: Page, qtbot) -> None:
    today.field.clearFocus()
    qtbot.keyClick(shell, Qt.Key.Key_F9)
    assert today.heard[-1] == "do"


def test_blocks_are_told_by_number(shell: Shell, today: Page, qtbot) -> None:
    press(qtbot, shell, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert today.heard[-1] == 3


def test_escape_is_one_step_back(shell: Shell, today: Page, qtbot) -> None:
    press(qtbot, shell, Qt.Key.Key_Escape)
    assert today.heard[-1] == "back"


def test_a_key_that_works_everywhere_opens_the_workspace_that_answers(
    shell: Shell, intake: Page, qtbot
) -> None:
    press(qtbot, shell, Qt.Key.Key_F2)
    assert shell.current() is intake


@pytest.mark.parametrize(
    ("key", "modifier", "signal"),
    [
        (Qt.Key.Key_F12, Qt.KeyboardModifier.NoModifier, "switch_person_requested"),
        (Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier, "lock_requested"),
        (Qt.Key.Key_F11, Qt.KeyboardModifier.NoModifier, "line_requested"),
    ],
)
def test_the_shell_asks_for_what_is_not_its_own(shell: Shell, qtbot, key, modifier, signal: str) -> None:
    with qtbot.waitSignal(getattr(shell, signal)):
        press(qtbot, shell, key, modifier)


def test_there_is_one_shortcut_for_every_sequence(shell: Shell) -> None:
    installed = [shortcut.key().toString() for shortcut in part(shell, Keyboard).installed()]
    assert len(installed) == len(set(installed)) == len(sequences())
    assert QKeySequence("F9").toString() in installed


# The overlay


def test_f1_shows_the_keys_of_the_page_and_f1_again_takes_them_away(shell: Shell, today: Page, qtbot) -> None:
    press(qtbot, shell, Qt.Key.Key_F1)
    overlay = part(shell, KeyOverlay)
    assert overlay.isVisible()
    assert Key.TODAY_DETAILS.text in words(overlay)
    press(qtbot, shell, Qt.Key.Key_F9)
    assert "do" not in today.heard
    press(qtbot, shell, Qt.Key.Key_F1)
    assert overlay.isHidden()
    assert today.field.hasFocus()


def test_escape_closes_the_overlay_and_goes_no_step_back(shell: Shell, today: Page, qtbot) -> None:
    shell.press("F1")
    press(qtbot, shell, Qt.Key.Key_Escape)
    assert part(shell, KeyOverlay).isHidden()
    assert "back" not in today.heard


# Finding


def test_what_is_found_opens_where_it_is(shell: Shell, intake: Page, qtbot) -> None:
    intake.knows = "钱"
    press(qtbot, shell, Qt.Key.Key_F3)
    field = search_line(shell)
    field.setText(" 钱 ")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert shell.current() is intake


def test_what_nobody_knows_is_told(shell: Shell, qtbot) -> None:
    press(qtbot, shell, Qt.Key.Key_F3)
    field = search_line(shell)
    field.setText("没有的编号")
    with qtbot.waitSignal(shell.find_submitted) as heard:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert heard.args == ["没有的编号"]


def test_nothing_typed_finds_nothing(shell: Shell, qtbot) -> None:
    press(qtbot, shell, Qt.Key.Key_F3)
    with qtbot.assertNotEmitted(shell.find_submitted):
        press(qtbot, shell, Qt.Key.Key_Return)


def test_escape_leaves_the_search_for_the_work(shell: Shell, today: Page, qtbot) -> None:
    press(qtbot, shell, Qt.Key.Key_F3)
    press(qtbot, shell, Qt.Key.Key_A)
    press(qtbot, shell, Qt.Key.Key_Escape)
    assert today.field.hasFocus()
    assert "back" not in today.heard


# What it shows


def test_the_head_names_page_person_and_sample_data(shell: Shell) -> None:
    shown = words(shell)
    assert {"今日", "样例数据", "王样明", "2 号窗口 · 收件岗"} <= set(shown)


def test_real_data_carries_no_sample_mark(shell: Shell) -> None:
    shell.show_person("王样明", "2 号窗口")
    assert "样例数据" not in words(shell)


def test_the_window_names_nobody(shell: Shell) -> None:
    assert "王样明" not in shell.windowTitle()


def test_the_hint_follows_the_work(shell: Shell, today: Page) -> None:
    today.words = "还有 1 处要改：证件号码"
    today.hint_changed.emit()
    assert "还有 1 处要改：证件号码" in words(shell)


def test_the_rail_counts(shell: Shell, today: Page) -> None:
    today.number = Count(2, urgent=True)
    today.count_changed.emit()
    button = part(shell, Rail).buttons()[0]
    assert button.count() == Count(2, urgent=True)
    assert button.accessibleName() == "今日 2"


def test_a_notice_of_a_workspace_stands_in_the_one_line(shell: Shell, today: Page) -> None:
    today.told.emit(Notice("printer", "打印机没有纸。", "凭证已存本机。"))
    shell.tell(Notice("store", "磁盘快满了。", weight=Weight.ACT))
    assert "磁盘快满了。" in words(shell)
    assert "打印机没有纸。" not in words(shell)
    shell.untell("store")
    assert "打印机没有纸。" in words(shell)
    today.untold.emit("printer")
    assert "打印机没有纸。" not in words(shell)


def test_changes_reach_every_workspace(shell: Shell, today: Page, intake: Page) -> None:
    changes = object()
    shell.refresh(changes)
    assert today.heard[-1] is changes
    assert intake.heard[-1] is changes


def test_the_status_line_says_standalone_day_and_draft(shell: Shell, today: Page) -> None:
    shown = words(shell)
    assert "独立运行 · 数据存本机" in shown
    assert "2026年9月21日 星期一 09:42" in shown
    today.saved.emit(MORNING)
    assert "草稿 09:42 已保存" in words(shell)
    today.saved.emit(None)
    assert "草稿 09:42 已保存" not in words(shell)


def test_a_desk_without_a_centre_shows_no_key_for_the_line(shell: Shell) -> None:
    line = part(shell, StatusLine)
    assert "F11" not in words(line)
    shell.show_link(Link(LinkKind.DOWN, "线路断开 18 分钟", "待发 7 步 · 本机已保存"))
    assert {"F11", "线路断开 18 分钟", "待发 7 步 · 本机已保存"} <= set(words(line))


# Room


def test_a_wide_window_writes_the_keys_out(shell: Shell) -> None:
    assert part(shell, Rail).width() == 90
    shell.resize(1920, 1080)
    assert part(shell, Rail).width() == 212


@pytest.mark.parametrize("scale", SCALES)
def test_the_shell_itself_leaves_room_and_cuts_nothing(shell: Shell, theme: Theme, scale: float) -> None:
    theme.resize(SCALES.index(scale))
    shell.resize(1366, 690)
    QApplication.processEvents()
    assert shell.minimumSizeHint().width() <= 1366
    for label in shell.findChildren(QLabel):
        if label.isVisible():
            assert label.height() >= label.sizeHint().height(), label.text()
    page = shell.current()
    assert page is not None
    assert page.height() >= 690 - look().px(50 + 54 + 30)


def test_the_text_size_is_changed_by_keys_and_told(shell: Shell, qtbot) -> None:
    with qtbot.waitSignal(shell.text_scale_changed) as heard:
        press(qtbot, shell, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert heard.args == [1.25]
    assert look().scale == 1.25
    with qtbot.waitSignal(shell.text_scale_changed):
        press(qtbot, shell, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    with qtbot.assertNotEmitted(shell.text_scale_changed):
        press(qtbot, shell, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)


def test_everything_that_takes_the_focus_has_a_name(shell: Shell) -> None:
    stops = [
        widget
        for widget in shell.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    for widget in stops:
        name = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        assert name, f"{type(widget).__name__} {widget.objectName()}"


def test_all_words_are_plain_text(shell: Shell) -> None:
    shell.show_person("<b>王样明</b>", "<img src=x>")
    assert "<b>王样明</b>" in words(shell)
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in shell.findChildren(QLabel))
