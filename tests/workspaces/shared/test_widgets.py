import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from onewindow_desk.workspaces.shared.badges import Badge
from onewindow_desk.workspaces.shared.enter_walk import EnterWalk
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.widgets.action_bar import ActionBar
from onewindow_desk.workspaces.shared.widgets.action_button import ActionButton
from onewindow_desk.workspaces.shared.widgets.applicant_tabs import ApplicantTabs
from onewindow_desk.workspaces.shared.widgets.banner import Banner
from onewindow_desk.workspaces.shared.widgets.clock_badge import ClockBadge
from onewindow_desk.workspaces.shared.widgets.day_ruler import DayRuler, below
from onewindow_desk.workspaces.shared.widgets.field import Field
from onewindow_desk.workspaces.shared.widgets.label import ElidedLabel, Label
from onewindow_desk.workspaces.shared.widgets.masked_edit import MaskedEdit, masked
from onewindow_desk.workspaces.shared.widgets.progress_line import SHOW_AFTER_MS, ProgressLine
from onewindow_desk.workspaces.workspace import Action, Notice, Weight

NUMBER = "320115198103041237"


def nothing() -> None:
    """An action whose work is of no interest."""


def source_shown(banner: Banner) -> str:
    notice = banner.shown()
    return notice.source if notice else ""


def title_shown(banner: Banner) -> str:
    notice = banner.shown()
    return notice.title if notice else ""


def button_of(bar: ActionBar, key: Key) -> ActionButton:
    button = bar.button(key)
    assert button is not None
    return button


# Labels


def test_markup_in_a_name_stays_letters(qtbot) -> None:
    plain, marked = Label(text="img"), Label(text="<img src=x><b>钱样安</b>")
    for label in (plain, marked):
        qtbot.addWidget(label)
    assert marked.sizeHint().width() > 4 * plain.sizeHint().width()


def test_a_shortened_label_keeps_the_whole_for_tooltip_and_reader(qtbot) -> None:
    label = ElidedLabel(text="还有 1 处要改：证件号码")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    assert label.text().endswith("…")
    assert label.toolTip() == label.whole() == label.accessibleName() == "还有 1 处要改：证件号码"
    label.resize(600, 20)
    assert label.text() == label.whole()
    assert label.toolTip() == ""


# Field


def test_a_fault_stands_below_and_the_text_stays(gallery) -> None:
    gallery.name.set_fault("单位名称没有填。请照营业执照填写。")
    assert gallery.name.value() == "演示街道样例理发店 gyj"
    assert (
        gallery.name.fault()
        == gallery.name.line.accessibleDescription()
        == "单位名称没有填。请照营业执照填写。"
    )
    gallery.name.set_fault("")
    assert gallery.name.fault() == ""


def test_a_faulty_field_has_a_red_edge_until_it_has_the_focus(gallery) -> None:
    def edge() -> str:
        return str(gallery.name.line.grab().toImage().pixelColor(gallery.name.line.width() // 2, 0).name())

    gallery.scan.setFocus()
    gallery.name.set_fault("请填写。")
    assert edge() == "#a8201a"
    gallery.name.line.setFocus()
    assert edge() == "#0a559e"


def test_a_fault_takes_room_only_while_there_is_one(gallery, qtbot) -> None:
    before = gallery.name.sizeHint().height()
    gallery.name.set_fault("请填写。")
    assert gallery.name.sizeHint().height() > before
    gallery.name.set_fault("")
    assert gallery.name.sizeHint().height() == before


def test_a_caption_names_its_editor_and_marks_what_may_stay_empty(qtbot) -> None:
    field = Field(caption="使用面积", unit="平方米", optional=True)
    qtbot.addWidget(field)
    assert field.line.accessibleName() == "使用面积（平方米）　选填"
    assert field.caption() == "使用面积"


@pytest.mark.parametrize("editor", [QLineEdit, QPlainTextEdit])
def test_the_value_is_what_is_typed(qtbot, editor) -> None:
    field = Field(caption="备注", editor=editor())
    qtbot.addWidget(field)
    qtbot.keyClicks(field.editor, "abc")
    assert field.value() == "abc"


def test_asking_for_the_line_of_a_text_field_is_our_mistake(qtbot) -> None:
    field = Field(caption="备注", editor=QPlainTextEdit())
    qtbot.addWidget(field)
    with pytest.raises(TypeError):
        field.line.clear()


# Masked numbers


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (NUMBER, "320115********1237"),
        ("92320115MA0000000X", "923201********000X"),
        ("E12345678", "E1*****78"),
        ("A12", "A*2"),
        ("12", "**"),
        ("", ""),
    ],
)
def test_the_middle_of_a_number_is_hidden(number: str, shown: str) -> None:
    assert masked(number) == shown


def test_a_number_is_whole_for_the_program_and_masked_on_the_screen(gallery) -> None:
    edit = gallery.number.line
    gallery.scan.setFocus()
    hidden = edit.grab().toImage()
    edit.setText("320115" + "9" * 8 + "1237")  # differs only where the mask is
    assert edit.grab().toImage() == hidden
    assert edit.text() == "320115999999991237"
    edit.setFocus()
    shown = edit.grab().toImage()
    edit.setText(NUMBER)
    assert edit.grab().toImage() != shown


def test_input_methods_are_off_where_numbers_are_typed(qtbot) -> None:
    edit = MaskedEdit()
    qtbot.addWidget(edit)
    edit.show()
    edit.setFocus()
    assert not edit.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


# Segments


def test_arrows_move_the_choice_and_say_so(gallery, qtbot) -> None:
    heard: list[object] = []
    gallery.kind.chosen.connect(heard.append)
    gallery.kind.setFocus()
    qtbot.keyClick(gallery.kind.button("person"), Qt.Key.Key_Right)
    qtbot.keyClick(gallery.kind.button("unit"), Qt.Key.Key_Right)
    qtbot.keyClick(gallery.kind.button("agent"), Qt.Key.Key_Right)
    assert heard == ["unit", "agent"]
    assert gallery.kind.value() == "agent"
    assert gallery.kind.button("agent").hasFocus()


def test_a_group_of_segments_is_one_stop_of_the_tab_key(gallery) -> None:
    stops = [
        value
        for value in ("person", "unit", "agent")
        if gallery.kind.button(value).focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert stops == ["person"]
    gallery.kind.set_value("unit")
    assert gallery.kind.focusProxy() is gallery.kind.button("unit")


def test_choosing_changes_no_width(gallery) -> None:
    before = [gallery.kind.button(value).width() for value in ("person", "unit", "agent")]
    gallery.kind.set_value("agent")
    assert [gallery.kind.button(value).width() for value in ("person", "unit", "agent")] == before


def test_a_value_that_is_not_offered_is_our_mistake(gallery) -> None:
    with pytest.raises(ValueError, match="is not in list"):
        gallery.kind.set_value("nobody")


# Badges and days


def test_a_badge_says_its_words_and_that_a_date_is_provisional(qtbot) -> None:
    badge = ClockBadge(badge=Badge("soon", "剩 1 天", provisional=True))
    qtbot.addWidget(badge)
    before = badge.sizeHint().width()
    assert badge.accessibleName() == "剩 1 天（暂定）"
    badge.show_badge(Badge("soon", "剩 1 天"))
    assert badge.accessibleName() == "剩 1 天"
    assert badge.sizeHint().width() < before


def test_kinds_are_told_apart_in_grey(gallery, qtbot) -> None:
    def grey(kind: str) -> bytes:
        badge = ClockBadge(badge=Badge(kind, ""))
        qtbot.addWidget(badge)
        image = badge.grab().toImage()
        ink = [image.pixelColor(x, y).lightness() < 150 for y in range(4, 22) for x in range(6, 26)]
        return bytes(ink)

    drawn = [grey(kind) for kind in ("overdue", "soon", "ok", "stopped", "waiting", "ready")]
    assert len(set(drawn)) == len(drawn)


def test_the_ruler_says_every_day(days) -> None:
    assert [below(day) for day in days] == ["收件", "1", "2", "3", "中秋", "休", "休", "4", "5 止"]


def test_the_ruler_shows_every_day_where_there_is_room_and_folds_the_middle_where_not(qtbot, days) -> None:
    ruler = DayRuler(days=days)
    qtbot.addWidget(ruler)
    ruler.resize(ruler.sizeHint())
    assert ruler.cells() == days
    ruler.resize(6 * 35, 60)
    folded = ruler.cells()
    assert len(folded) == 6
    assert folded[0] == days[0]
    assert folded[-1] == days[-1]
    assert sum(cell if isinstance(cell, int) else 1 for cell in folded) == len(days)


def test_the_last_day_is_red(qtbot, dressed, days) -> None:
    ruler = DayRuler(days=days)
    qtbot.addWidget(ruler)
    ruler.resize(ruler.sizeHint())
    image = ruler.grab().toImage()
    assert image.pixelColor(8 * 35 + 16, 19).name() == "#a8201a"
    assert "5 止" in ruler.accessibleDescription()


# Banner


def test_the_worst_notice_wins_and_nothing_stacks(qtbot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    assert banner.isHidden()
    banner.tell(Notice("store", "磁盘快满了。", weight=Weight.ACT))
    banner.tell(Notice("line", "线路断开。"))
    assert source_shown(banner) == "store"
    banner.untell("store")
    assert source_shown(banner) == "line"
    banner.untell("line")
    assert banner.shown() is None
    assert banner.isHidden()


def test_a_source_replaces_its_own_notice(qtbot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.tell(Notice("line", "线路断开 1 分钟。"))
    banner.tell(Notice("printer", "打印机没有纸。"))
    banner.tell(Notice("line", "线路断开 2 分钟。"))
    assert title_shown(banner) == "线路断开 2 分钟。"
    banner.untell("line")
    assert source_shown(banner) == "printer"


# Progress


def test_progress_shows_only_what_takes_long(qtbot) -> None:
    line = ProgressLine(key=Key.INTAKE_STOP_SCAN)
    qtbot.addWidget(line)
    line.begin("正在扫描 第 1 页")
    assert line.isHidden()
    qtbot.waitUntil(line.isVisible, timeout=20 * SHOW_AFTER_MS)
    line.step("正在扫描 第 2 页")
    assert line.text() == "正在扫描 第 2 页"
    line.end()
    assert line.isHidden()


def test_short_work_shows_no_progress(qtbot) -> None:
    line = ProgressLine()
    qtbot.addWidget(line)
    line.begin("正在扫描 第 1 页")
    line.end()
    qtbot.wait(SHOW_AFTER_MS + 50)
    assert line.isHidden()


# Search


def test_arrows_typed_in_the_search_field_move_in_the_list(gallery, qtbot) -> None:
    gallery.search.setFocus()
    qtbot.keyClick(gallery.search.line, Qt.Key.Key_Down)
    assert gallery.results.current()[0] == "公共场所卫生许可（延续）"
    assert gallery.search.line.hasFocus()


def test_the_search_field_speaks(gallery, qtbot) -> None:
    heard: list[object] = []
    gallery.search.typed.connect(lambda text: heard.append(("typed", text)))
    gallery.search.submitted.connect(lambda text: heard.append(("submitted", text)))
    gallery.search.left.connect(lambda: heard.append(("left", "")))
    qtbot.keyClicks(gallery.search.line, "gg")
    qtbot.keyClick(gallery.search.line, Qt.Key.Key_Return)
    qtbot.keyClick(gallery.search.line, Qt.Key.Key_Escape)
    assert heard == [("typed", "g"), ("typed", "gg"), ("submitted", "gg"), ("left", "")]


# Applicants


def test_applicants_are_numbered_and_chosen(qtbot) -> None:
    tabs = ApplicantTabs()
    qtbot.addWidget(tabs)
    tabs.show()
    tabs.show_tabs(("新收件", "钱样安 · 最低生活保障（草稿）"), 1)
    heard: list[object] = []
    tabs.chosen.connect(heard.append)
    first, second = tabs._group.buttons()[:2]
    assert first.text() == "① 新收件"
    assert second.isChecked()
    first.click()
    assert heard == [0]


def test_a_long_name_is_shortened_in_its_tab_but_not_for_the_reader(qtbot) -> None:
    tabs = ApplicantTabs()
    qtbot.addWidget(tabs)
    tabs.show_tabs(("演示街道样例" * 12,), 0)
    tab = tabs._group.buttons()[0]
    assert tab.text().endswith("…")
    assert tab.accessibleName() == tab.toolTip() == "① " + "演示街道样例" * 12


# Action bar


def test_the_same_actions_keep_their_buttons(qtbot) -> None:
    bar = ActionBar()
    qtbot.addWidget(bar)
    bar.show_actions((Action(Key.DO, "收件", nothing, primary=True, enabled=False),))
    button = button_of(bar, Key.DO)
    bar.show_actions((Action(Key.DO, "收件并打印凭证", nothing, primary=True),))
    assert button_of(bar, Key.DO) is button
    assert button.isEnabled()
    assert button.text() == "收件并打印凭证"


def test_the_blue_button_is_rightmost(qtbot) -> None:
    bar = ActionBar()
    qtbot.addWidget(bar)
    bar.resize(900, 54)
    bar.show_actions(
        (Action(Key.DO, "收件", nothing, primary=True), Action(Key.INTAKE_SCAN, "扫描", nothing))
    )
    bar.show()
    assert button_of(bar, Key.DO).x() > button_of(bar, Key.INTAKE_SCAN).x()
    assert button_of(bar, Key.DO).property("blue") is True


def test_pressing_a_button_does_its_action(qtbot) -> None:
    bar = ActionBar()
    qtbot.addWidget(bar)
    done = []
    bar.show_actions((Action(Key.INTAKE_SCAN, "扫描", lambda: done.append("scan")),))
    qtbot.mouseClick(button_of(bar, Key.INTAKE_SCAN), Qt.MouseButton.LeftButton)
    assert done == ["scan"]


def test_an_action_may_have_a_key_and_no_button(qtbot) -> None:
    bar = ActionBar()
    qtbot.addWidget(bar)
    bar.show_actions((Action(Key.INTAKE_STOP_SCAN, "停止", nothing, shown=False),))
    assert bar.button(Key.INTAKE_STOP_SCAN) is None
    action = bar.action("Shift+F4")
    assert action is not None
    assert action.text == "停止"
    assert bar.action("F4") is None


def test_two_actions_on_one_key_are_our_mistake(qtbot) -> None:
    bar = ActionBar()
    qtbot.addWidget(bar)
    with pytest.raises(ValueError, match="two actions"):
        bar.show_actions((Action(Key.DO, "一", nothing), Action(Key.DO, "二", nothing)))


# Return through a form


class Form(QWidget):
    """Three lines and a text, walked by Return."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        self.lines = [QLineEdit() for _ in range(3)]
        self.text = QPlainTextEdit()
        for part in (*self.lines, self.text):
            column.addWidget(part)
        self.walk = EnterWalk(self)
        self.walk.walk((*self.lines, self.text))


@pytest.fixture
def form(qtbot) -> Form:
    made = Form()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.lines[0].setFocus()
    return made


def test_return_goes_to_the_next_field_and_shift_return_back(form: Form, qtbot) -> None:
    qtbot.keyClick(form.lines[0], Qt.Key.Key_Return)
    assert form.lines[1].hasFocus()
    qtbot.keyClick(form.lines[1], Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert form.lines[0].hasFocus()


def test_what_is_hidden_or_disabled_is_passed_over(form: Form, qtbot) -> None:
    form.lines[1].hide()
    form.lines[2].setEnabled(False)
    qtbot.keyClick(form.lines[0], Qt.Key.Key_Enter)
    assert form.text.hasFocus()


def test_in_a_text_of_several_lines_return_is_a_new_line(form: Form, qtbot) -> None:
    form.text.setFocus()
    qtbot.keyClick(form.text, Qt.Key.Key_Return)
    assert form.text.toPlainText() == "\n"
    qtbot.keyClick(form.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert form.lines[2].hasFocus()


def test_both_ends_of_the_form_are_told(form: Form, qtbot) -> None:
    form.walk.walk(form.lines[:2])
    with qtbot.waitSignal(form.walk.left):
        qtbot.keyClick(form.lines[0], Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(form.walk.finished):
        qtbot.keyClick(form.lines[1], Qt.Key.Key_Return)


def test_ctrl_return_is_left_to_the_blue_button(form: Form, qtbot) -> None:
    qtbot.keyClick(form.lines[0], Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert form.lines[0].hasFocus()
