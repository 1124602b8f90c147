"""The right side: page, receipt, 一次性告知单, and what becomes of it where there is no room."""

from PySide6.QtCore import Qt

from onewindow_desk.devices.printer import Paper
from onewindow_desk.faults import Refusal
from onewindow_desk.workspaces.intake.preview import Shown

Key = Qt.Key


def drawn(qtbot, workspace):
    qtbot.waitUntil(workspace.ui.preview.view.has_picture)
    return workspace.ui.preview.view.accessibleName()


def test_f5_turns_between_page_and_receipt(ready, key, qtbot):
    workspace, _ = ready
    assert workspace.side.showing() is Shown.PAGE
    key(Key.Key_F5)
    assert drawn(qtbot, workspace) == "接收凭证，编号确认后给出"
    key(Key.Key_F5)
    assert workspace.side.showing() is Shown.PAGE


def test_the_sheet_of_the_item_looked_at_is_shown_and_printed(open_intake, key, type_text, qtbot, printers):
    workspace, _ = open_intake()
    type_text("ggcs")
    assert "公共场所卫生许可" in drawn(qtbot, workspace)
    key(Key.Key_F7)
    assert [(job[0], job[1], job[2]) for job in printers.jobs] == [("first", Paper.A4, "一次性告知单")]
    assert workspace.hint() == "一次性告知单已送打印机“窗口打印机”。"


def test_in_a_draft_f7_shows_before_it_prints(ready, key, printers, qtbot):
    workspace, _ = ready
    key(Key.Key_F7)
    assert workspace.side.showing() is Shown.GUIDE
    assert printers.jobs == []
    assert "F7" in workspace.hint()
    key(Key.Key_F7)
    assert len(printers.jobs) == 1


def test_a_sheet_that_could_not_be_printed_is_told(ready, key, printers):
    workspace, _ = ready
    printers.refusal = Refusal("打印机缺纸。请装 A4 纸。")
    key(Key.Key_F7)
    key(Key.Key_F7)
    assert workspace.hint() == "打印机缺纸。请装 A4 纸。"


def test_a_name_that_cannot_be_printed_says_so_in_the_preview(ready, key, qtbot):
    workspace, _ = ready
    workspace.state.set_value("applicant.name", "钱\U0003fffd")
    key(Key.Key_F5)
    qtbot.waitUntil(lambda: "3FFFD" in workspace.ui.preview.view.words())


def test_where_there_is_no_room_the_sides_open_with_f5(ready, key, qtbot, dressed):
    workspace, shell = ready
    dressed.resize(1)
    shell.resize(1366, 690)
    assert workspace.side.narrow()
    assert not workspace.ui.side.isVisible()
    assert workspace.ui.dueLine.isVisible()
    workspace.applicant.field("applicant.name").editor.setFocus()
    key(Key.Key_F5)
    assert workspace.ui.side.isVisible()
    assert workspace.ui.materials.table.hasFocus()
    key(Key.Key_Escape)
    assert not workspace.ui.side.isVisible()
    dressed.resize(0)


def test_alt_4_says_why(ready, key):
    workspace, _ = ready
    short = workspace.ui.deadline.reasons.text()
    workspace.go_to_block(4)
    assert workspace.ui.deadline.reasons.hasFocus()
    full = workspace.ui.deadline.reasons.text()
    assert full != short
    assert "许可法第32条" in full
    workspace.go_to_block(4)
    assert workspace.ui.deadline.reasons.text() == short


def test_where_there_is_no_room_counts_show_while_they_are_typed(ready, key, dressed, type_text):
    workspace, shell = ready
    dressed.resize(1)
    shell.resize(1366, 690)
    counts = workspace.ui.materials.counts
    workspace.show_all()
    assert not counts.isVisible()
    workspace.go_to_block(3)
    key(Key.Key_Return)
    assert counts.isVisible()
    type_text("2")
    assert counts.isVisible()
    key(Key.Key_Escape)
    assert not counts.isVisible()
    assert workspace.state.draft.materials["M-APP"].originals == 2
    dressed.resize(0)


def test_scanning_does_not_make_the_window_grow(ready, dressed, scanner, qtbot, settle):
    workspace, shell = ready
    dressed.resize(1)
    shell.resize(1366, 690)
    scanner.wait_before = 2
    workspace.pages.scan()
    qtbot.waitUntil(workspace.ui.materials.progress.isVisible)
    qtbot.waitUntil(lambda: len(workspace.state.draft.pages) == 1)
    assert (shell.width(), shell.height()) == (1366, 690)
    scanner.gate.set()
    settle()
    assert (shell.width(), shell.height()) == (1366, 690)
    dressed.resize(0)
