import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from onewindow_desk.domain.paper import PaperStatus
from onewindow_desk.faults import Refusal
from onewindow_desk.services import papers
from onewindow_desk.workspaces.shared.keys import Key, doubles
from onewindow_desk.workspaces.shared.widgets.lists import RowsTable
from onewindow_desk.workspaces.today import TodayWorkspace
from onewindow_desk.workspaces.today.chips import FilterChips
from onewindow_desk.workspaces.today.listing import Filter

ALT = Qt.KeyboardModifier.AltModifier


def applicants(workspace):
    return [row.applicant for row in workspace.rows()]


def shown(page):
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible() and label.text()]


def blue(workspace):
    return next(action for action in workspace.bar_actions() if action.primary)


def marks(shift, case_id):
    return [(mark.status, mark.reprint) for mark in shift.store.case(case_id).papers]


def test_an_empty_list_says_which_key_fills_it(open_today):
    workspace, _ = open_today()
    assert any("F2" in text for text in shown(workspace))
    assert not blue(workspace).enabled
    assert workspace.hint() == ""


def test_the_most_urgent_case_is_chosen_and_explained(open_today, receive):
    receive("赵样青", day=18)
    receive("孙样宁", day=15)
    workspace, _ = open_today()
    assert applicants(workspace) == ["孙样宁", "赵样青"]
    assert isinstance(QApplication.focusWidget(), RowsTable)
    assert {"孙样宁", "为什么是今天", "000-****-0031"} <= set(shown(workspace))


def test_arrows_move_and_the_panel_follows(open_today, receive, key):
    receive("孙样宁", day=15)
    receive("赵样青", day=18)
    workspace, _ = open_today()
    key(Qt.Key.Key_Down)
    assert "赵样青" in shown(workspace)
    assert "为什么是 9月24日" in shown(workspace)


@pytest.mark.parametrize("stroke", [Qt.Key.Key_Return, Qt.Key.Key_F9, Qt.Key.Key_F5])
def test_opening_a_case_goes_into_its_details_and_esc_comes_back(open_today, receive, key, stroke):
    receive()
    workspace, _ = open_today()
    key(stroke)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == "办件明细"
    assert "Esc" in workspace.hint()
    key(Qt.Key.Key_Escape)
    assert isinstance(QApplication.focusWidget(), RowsTable)


def test_where_there_is_no_room_the_case_stands_instead_of_the_list(open_today, receive, key):
    receive()
    workspace, shell = open_today(width=1180)
    table = workspace.findChild(RowsTable)
    assert "为什么是 9月29日" not in shown(workspace)
    assert table.isColumnHidden(1)
    key(Qt.Key.Key_F5)
    assert not table.isVisible()
    assert "联系电话" in shown(workspace)
    key(Qt.Key.Key_Escape)
    assert table.isVisible()
    assert "联系电话" not in shown(workspace)
    shell.resize(1366, 768)
    assert "联系电话" in shown(workspace)
    assert not table.isColumnHidden(1)


def test_filters_by_key_by_arrow_and_back_by_esc(open_today, receive, key):
    receive("孙样宁", day=15)
    receive("赵样青", day=16)
    receive("李样和", day=18, paper="sent")
    workspace, _ = open_today()
    key(Qt.Key.Key_2, ALT)
    assert applicants(workspace) == ["孙样宁"]
    key(Qt.Key.Key_3, ALT)
    assert applicants(workspace) == ["赵样青"]
    key(Qt.Key.Key_4, ALT)
    assert applicants(workspace) == ["李样和"]
    key(Qt.Key.Key_Escape)
    assert len(workspace.rows()) == 3
    chips = workspace.findChild(FilterChips)
    chips.setFocus()
    key(Qt.Key.Key_Right)
    assert chips.value() is Filter.DUE
    assert applicants(workspace) == ["孙样宁"]


def test_a_filter_that_leaves_nothing_keeps_the_way_back(open_today, receive, key):
    receive()
    workspace, _ = open_today()
    key(Qt.Key.Key_2, ALT)
    assert workspace.rows() == ()
    assert any("Esc" in text for text in shown(workspace))
    key(Qt.Key.Key_Escape)
    assert len(workspace.rows()) == 1
    assert isinstance(QApplication.focusWidget(), RowsTable)


def test_what_was_found_stands_in_the_list_until_esc(open_today, receive, settle, key):
    receive("孙样宁")
    receive("赵样青")
    workspace, _ = open_today()
    workspace.show_found("样青")
    settle()
    assert applicants(workspace) == ["赵样青"]
    assert "查找“样青”：1 件" in shown(workspace)
    key(Qt.Key.Key_Escape)
    assert len(workspace.rows()) == 2
    workspace.show_found("没有这个人")
    settle()
    assert "没有找到“没有这个人”" in shown(workspace)


def test_the_answer_to_an_older_question_is_dropped(open_today, receive, settle):
    receive("孙样宁")
    receive("赵样青")
    workspace, _ = open_today()
    workspace.show_found("样宁")
    workspace.show_found("样青")
    settle()
    settle()
    assert applicants(workspace) == ["赵样青"]


def test_a_new_case_joins_the_list_and_the_chosen_one_stays_chosen(open_today, receive, settle):
    receive("赵样青", day=18)
    workspace, _ = open_today()
    receive("孙样宁", day=15)
    settle()
    assert applicants(workspace) == ["孙样宁", "赵样青"]
    assert workspace.detail().case.applicant.name == "赵样青"


def test_markup_in_a_name_stays_letters(open_today, receive):
    receive("<img src=x>")
    workspace, _ = open_today()
    label = next(label for label in workspace.findChildren(QLabel) if label.text() == "<img src=x>")
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in workspace.findChildren(QLabel))


class TestReceipt:
    def test_paper_in_the_hand_is_one_key(self, open_today, receive, shift, key):
        case_id = receive(paper="sent")
        workspace, _ = open_today()
        assert blue(workspace).text == "拿到纸了"
        key(Qt.Key.Key_F9)
        assert marks(shift, case_id) == [(PaperStatus.CONFIRMED, False)]
        assert blue(workspace).text == "打开办件"
        assert "凭证已确认拿到。" in workspace.hint()

    def test_no_paper_prints_again_elsewhere_and_one_receipt_counts(
        self, open_today, receive, shift, printers, key
    ):
        case_id = receive(paper="sent")
        workspace, _ = open_today()
        key(Qt.Key.Key_F8)
        assert isinstance(QApplication.focusWidget(), QLineEdit)
        key(Qt.Key.Key_Return)
        key(Qt.Key.Key_Down)
        key(Qt.Key.Key_F9)
        assert [name for name, _ in printers.jobs] == ["second"]
        assert marks(shift, case_id) == [(PaperStatus.FAILED, False), (PaperStatus.SENT, False)]
        assert papers.counted_receipts(shift.store.case(case_id)) == 1
        assert "大厅打印机" in workspace.hint()
        key(Qt.Key.Key_F9)
        assert marks(shift, case_id)[-1] == (PaperStatus.CONFIRMED, False)

    def test_a_receipt_that_never_went_out_is_printed_with_the_blue_key(
        self, open_today, receive, shift, printers, key
    ):
        case_id = receive(paper="none")
        workspace, _ = open_today()
        assert blue(workspace).text == "打印凭证"
        key(Qt.Key.Key_F9)
        assert [name for name, _ in printers.jobs] == ["first"]
        assert marks(shift, case_id) == [(PaperStatus.SENT, False)]

    def test_a_printer_that_refuses_leaves_no_receipt_counted_and_says_why(
        self, open_today, receive, shift, printers, key
    ):
        case_id = receive(paper="none")
        workspace, _ = open_today()
        printers.refusal = Refusal("打印机没有纸。请放好 A5 纸再打。")
        key(Qt.Key.Key_F9)
        assert papers.counted_receipts(shift.store.case(case_id)) == 0
        assert workspace.hint() == "打印机没有纸。请放好 A5 纸再打。"
        printers.refusal = None
        key(Qt.Key.Key_F9)
        assert papers.counted_receipts(shift.store.case(case_id)) == 1

    def test_without_a_printer_nothing_is_recorded(self, open_today, receive, shift, printers, key):
        printers.gone = True
        case_id = receive(paper="none")
        workspace, _ = open_today()
        key(Qt.Key.Key_F9)
        assert marks(shift, case_id) == []
        assert "没有找到打印机" in workspace.hint()

    def test_a_reprint_asks_why_in_place_and_keeps_what_was_typed(
        self, open_today, receive, shift, printers, type_text, key
    ):
        case_id = receive()
        workspace, _ = open_today()
        key(Qt.Key.Key_F7)
        key(Qt.Key.Key_F9)
        assert marks(shift, case_id) == [(PaperStatus.CONFIRMED, False)]
        assert any("请填写补打的原因" in text for text in shown(workspace))
        type_text("原件遗失")
        key(Qt.Key.Key_Return)
        key(Qt.Key.Key_Return)
        assert marks(shift, case_id) == [(PaperStatus.CONFIRMED, False), (PaperStatus.SENT, True)]
        assert shift.store.case(case_id).papers[-1].reason == "原件遗失"
        assert len(printers.jobs) == 1
        assert blue(workspace).text == "拿到纸了"

    def test_esc_leaves_the_question_and_nothing_is_printed(self, open_today, receive, printers, key):
        receive()
        workspace, _ = open_today()
        key(Qt.Key.Key_F7)
        key(Qt.Key.Key_Escape)
        assert blue(workspace).text == "打开办件"
        assert isinstance(QApplication.focusWidget(), RowsTable)
        assert printers.jobs == []

    def test_a_failed_reprint_is_printed_again_with_its_own_reason(self, open_today, receive, shift, key):
        case_id = receive()
        papers.reprint_receipt(shift, case_id, "first", "原件遗失")
        open_today()
        key(Qt.Key.Key_F8)
        key(Qt.Key.Key_F9)
        last = shift.store.case(case_id).papers[-1]
        assert (last.reprint, last.reason, last.status) == (True, "原件遗失", PaperStatus.SENT)

    def test_a_person_without_the_right_is_offered_no_printing(self, open_today, receive, shift):
        from msgspec.structs import replace

        from onewindow_desk.domain.people import Role

        receive(paper="sent")
        shift.person = replace(shift.person, roles=frozenset({Role.ARCHIVIST}))
        workspace, _ = open_today()
        assert blue(workspace).text == "打开办件"
        assert Key.TODAY_REPRINT not in [action.key for action in workspace.bar_actions()]


@pytest.mark.parametrize("paper", ["none", "sent", "confirmed"])
def test_no_key_has_two_meanings(open_today, receive, paper):
    receive(paper=paper)
    workspace, _ = open_today()
    sequences = [name for action in workspace.bar_actions() for name in action.key.sequences]
    assert len(sequences) == len(set(sequences))
    assert doubles((*TodayWorkspace.groups,)) == ()


@pytest.mark.parametrize("width", [1366, 1180])
@pytest.mark.parametrize("strokes", [(), (Qt.Key.Key_F5,), (Qt.Key.Key_F7,)])
def test_every_stop_has_a_name_and_follows_the_reading_order(
    open_today, receive, key, walk_focus, width, strokes
):
    receive()
    workspace, _ = open_today(width=width)
    for stroke in strokes:
        key(stroke)
    walk_focus(workspace)


@pytest.mark.parametrize("steps", [0, 1])
def test_it_fits_1366_by_690(open_today, receive, dressed, settle, steps):
    receive()
    _, shell = open_today(height=690)
    dressed.resize(steps)
    settle()
    assert shell.minimumSizeHint().width() <= 1366
    assert shell.minimumSizeHint().height() <= 690


def test_administrators_do_not_open_it():
    from onewindow_desk.domain.people import Role

    assert Role.WINDOW in TodayWorkspace.needs
    assert not TodayWorkspace.needs & {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
