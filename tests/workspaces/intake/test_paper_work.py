"""From F9 to the paper in the hand: committed first, then printed, then answered for."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from onewindow_desk.devices.printer import Paper
from onewindow_desk.domain.paper import PaperStatus
from onewindow_desk.faults import Refusal
from onewindow_desk.services import papers

Key = Qt.Key


def only_case(shift):
    (row,) = shift.store.cases()
    return shift.store.case(row.case_id)


def statuses(shift):
    return [mark.status for mark in only_case(shift).papers]


def test_received_printed_and_confirmed_by_one_key_twice(ready, key, shift, printers):
    workspace, _ = ready
    key(Key.Key_F9)
    case = only_case(shift)
    assert [(job[0], job[1], job[2]) for job in printers.jobs] == [("first", Paper.A5, "材料接收凭证")]
    assert statuses(shift) == [PaperStatus.SENT]
    assert "窗口打印机" in workspace.ui.paperLine.words()
    assert case.applicant.name == "钱样安"
    key(Key.Key_F9)
    assert statuses(shift) == [PaperStatus.CONFIRMED]
    assert workspace.state.current.fresh
    assert QApplication.focusWidget() is workspace.item_card.finder.search.line


def test_the_case_is_on_disk_before_the_printer_hears_of_it(ready, key, shift, printers):
    seen = []
    printing = printers.print_pdf

    def watch(*job: object):
        seen.append([(row.receipt_no, shift.store.case(row.case_id).papers) for row in shift.store.cases()])
        return printing(*job)

    printers.print_pdf = watch
    key(Key.Key_F9)
    ((number, marks),) = seen[0]
    assert number
    assert [mark.status for mark in marks] == [PaperStatus.SENT]


def test_no_paper_goes_to_another_printer_and_one_receipt_counts(ready, key, shift, printers):
    workspace, _ = ready
    key(Key.Key_F9)
    key(Key.Key_F8)
    assert QApplication.focusWidget().property("printer") == "first"
    assert workspace.ui.paperLine.words() == "请选一台打印机，按 Enter 打印凭证。"
    key(Key.Key_Tab)
    assert QApplication.focusWidget().property("printer") == "second"
    key(Key.Key_Return)
    assert [job[0] for job in printers.jobs] == ["first", "second"]
    assert "大厅打印机" in workspace.ui.paperLine.words()
    key(Key.Key_F9)
    assert statuses(shift) == [PaperStatus.FAILED, PaperStatus.CONFIRMED]
    assert papers.counted_receipts(only_case(shift)) == 1


def test_a_printer_that_refuses_leaves_the_case_and_offers_another(ready, key, shift, printers):
    workspace, _ = ready
    printers.refusal = Refusal("打印机缺纸。请装 A5 纸。")
    key(Key.Key_F9)
    assert statuses(shift) == [PaperStatus.FAILED]
    assert "打印机缺纸" in workspace.ui.paperLine.words()
    printers.refusal = None
    assert QApplication.focusWidget().property("printer") == "first"
    key(Key.Key_Return)
    assert statuses(shift) == [PaperStatus.FAILED, PaperStatus.SENT]


def test_without_a_printer_the_case_is_safe_and_work_goes_on(open_intake, printers, fill_in, key, shift):
    printers.gone = True
    workspace, _ = open_intake()
    fill_in(workspace.state)
    workspace.show_all()
    workspace.first_focus().setFocus()
    key(Key.Key_F9)
    assert only_case(shift).papers == ()
    assert "没有找到打印机" in workspace.ui.paperLine.words()
    key(Key.Key_F9)
    assert workspace.state.current.fresh
    assert only_case(shift).papers == ()


@pytest.mark.parametrize(
    ("field", "focus"), [("applicant.phone", "applicant.phone"), ("field.place", "field.place")]
)
def test_with_faults_left_the_blue_key_goes_to_the_first(ready, key, shift, field, focus):
    workspace, _ = ready
    workspace.state.set_value(field, "")
    workspace.show_all()
    key(Key.Key_F9)
    assert shift.store.cases() == ()
    assert QApplication.focusWidget().property("form_key") == focus
    assert workspace.applicant.fault(field)
    assert "还有 1 处要改" in workspace.hint()


def test_materials_left_open_bring_the_focus_to_the_table(ready, key, shift, item):
    workspace, _ = ready
    workspace.state.tick(item.materials[0], False)
    workspace.show_all()
    key(Key.Key_F9)
    assert QApplication.focusWidget() is workspace.ui.materials.table
    assert "申请表" in workspace.ui.materials.fault.text()
    key(Key.Key_Space)
    assert workspace.ui.materials.fault.text() == ""


def test_a_name_that_cannot_be_printed_is_refused_before_the_number(ready, key, shift):
    workspace, _ = ready
    workspace.state.set_value("applicant.name", "钱\U0003fffd")
    workspace.show_all()
    key(Key.Key_F9)
    assert shift.store.cases() == ()
    assert "U+3FFFD" in workspace.applicant.fault("applicant.name") + workspace.hint()
    assert workspace.state.draft.value("applicant.name") == "钱\U0003fffd"


def test_a_full_disk_refuses_before_a_number_is_given(ready, key, shift, monkeypatch):
    workspace, _ = ready

    def full(*_: object) -> None:
        raise Refusal("磁盘快满了。请清理磁盘后再收件。")

    monkeypatch.setattr(shift.store, "_need_space", full)
    key(Key.Key_F9)
    assert shift.store.last_receipt_no() == ""
    assert workspace.hint() == "磁盘快满了。请清理磁盘后再收件。"
    assert workspace.state.draft.value("applicant.name") == "钱样安"


def test_another_applicant_can_be_served_while_one_waits(ready, key, shift):
    workspace, _ = ready
    key(Key.Key_F9)
    key(Key.Key_F2)
    assert workspace.state.current.fresh
    assert not workspace.ui.paperLine.isVisible()
    key(Key.Key_F6)
    assert workspace.ui.paperLine.isVisible()
    key(Key.Key_F9)
    assert statuses(shift) == [PaperStatus.CONFIRMED]


def test_an_answer_given_elsewhere_ends_the_waiting_here(ready, key, shift):
    workspace, _ = ready
    key(Key.Key_F9)
    papers.confirm(shift, workspace.state.current.handed.outgoing)
    assert workspace.state.current.fresh


def test_the_receipt_on_the_screen_is_the_one_that_was_sent(ready, key, printers):
    workspace, _ = ready
    key(Key.Key_F9)
    assert workspace.state.current.handed.pdf == printers.jobs[0][3]


def test_a_held_key_does_not_confirm_what_nobody_saw(ready, key, shift, printers):
    workspace, shell = ready
    shell.press("F9")
    actions = {action.key.name: action for action in workspace.bar_actions()}
    assert not actions["DO"].enabled
