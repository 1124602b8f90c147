"""The workspace as the shell and a person know it."""

from uuid import uuid4

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from onewindow_desk.faults import Refusal
from onewindow_desk.services import intake
from onewindow_desk.workspaces.intake import IntakeWorkspace
from onewindow_desk.workspaces.shared.keys import Key as Keys
from onewindow_desk.workspaces.workspace import Notice, Weight

Key = Qt.Key


def test_a_draft_is_there_again_as_it_was(ready, shift, background, devices, qtbot, item, settle):
    workspace, _ = ready
    again = IntakeWorkspace(shift, background, devices)
    qtbot.addWidget(again)
    settle()
    assert again.state.draft.values == workspace.state.draft.values
    assert again.applicant.field("applicant.name").value() == "钱样安"
    assert [row.row.ticked for row in again.ui.materials.table.rows()] == [
        row.required for row in item.materials
    ]


def test_every_stop_has_a_name_and_tab_goes_as_one_reads(ready, walk_focus, key):
    workspace, _ = ready
    key(Key.Key_F4)
    workspace.item_card.box.setFocus()
    walk_focus(workspace)


def test_every_stop_of_the_finder_too(open_intake, walk_focus):
    workspace, _ = open_intake()
    walk_focus(workspace)


def test_blocks_by_number_and_back_by_escape(ready, key):
    workspace, _ = ready
    alt = Qt.KeyboardModifier.AltModifier
    key(Key.Key_3, alt)
    assert workspace.ui.materials.table.hasFocus()
    key(Key.Key_Escape)
    assert workspace.applicant.isAncestorOf(QApplication.focusWidget())
    key(Key.Key_Escape)
    assert workspace.item_card.box.hasFocus()
    key(Key.Key_4, alt)
    assert workspace.ui.deadline.reasons.hasFocus()
    key(Key.Key_Escape)
    assert workspace.ui.materials.table.hasFocus()


def test_space_ticks_and_return_goes_to_the_counts_and_on(ready, key, type_text):
    workspace, _ = ready
    workspace.go_to_block(3)
    key(Key.Key_Return)
    type_text("2")
    key(Key.Key_Return)
    type_text("1")
    key(Key.Key_Return)
    key(Key.Key_Space)
    key(Key.Key_Return)
    row = workspace.state.draft.materials["M-APP"]
    assert (row.originals, row.copies, row.keeps_original) == (2, 1, True)
    assert workspace.ui.materials.table.hasFocus()
    assert workspace.ui.materials.table.currentIndex().row() == 1
    key(Key.Key_Space)
    code = workspace.ui.materials.table.current().code
    assert not workspace.state.draft.materials[code].ticked


def test_f2_and_f6(ready, key):
    workspace, _ = ready
    key(Key.Key_F2)
    assert workspace.state.current.fresh
    key(Key.Key_F6)
    assert workspace.state.draft.value("applicant.name") == "钱样安"
    assert QApplication.focusWidget() is workspace.applicant.stop()


def test_alone_f6_says_how_another_comes(open_intake, key):
    workspace, _ = open_intake()
    key(Key.Key_F6)
    assert "F2" in workspace.hint()


def test_keys_that_belong_to_others_are_left_to_them(open_intake):
    workspace, _ = open_intake()
    assert not workspace.answer(Keys.FIND)


def test_a_disk_that_refuses_is_told_in_the_banner_and_the_text_stays(ready, shift, monkeypatch, type_text):
    workspace, _ = ready
    told: list[Notice] = []
    untold: list[str] = []
    workspace.told.connect(told.append)
    workspace.untold.connect(untold.append)

    def full(*_: object) -> None:
        raise Refusal("磁盘快满了。请清理磁盘后再试。")

    with monkeypatch.context() as patch:
        patch.setattr(shift.store.drafts, "save", full)
        editor = workspace.applicant.field("applicant.address").editor
        editor.setFocus()
        type_text("12")
    assert told[-1].weight is Weight.ACT
    assert "磁盘快满了" in told[-1].text
    assert editor.text() == workspace.state.draft.value("applicant.address") == "12"
    type_text("3")
    assert untold[-1] == told[-1].source


def test_nothing_can_be_received_before_an_item(open_intake):
    workspace, _ = open_intake()
    enabled = {action.key: action.enabled for action in workspace.bar_actions()}
    assert not enabled[Keys.DO]
    assert not enabled[Keys.INTAKE_SCAN]


def test_exactly_one_action_is_blue_and_no_key_has_two_meanings(ready, key):
    workspace, _ = ready
    for _ in range(2):
        actions = workspace.bar_actions()
        assert [action.key for action in actions if action.primary] == [Keys.DO]
        sequences = [name for action in actions for name in action.key.sequences]
        assert len(sequences) == len(set(sequences))
        key(Key.Key_F9)


@pytest.mark.parametrize(("scale", "height"), [(0, 690), (1, 690)])
def test_it_fits_a_small_screen(ready, dressed, key, scale, height):
    _, shell = ready
    key(Key.Key_F4)
    if scale:
        dressed.resize(scale)
    shell.resize(1366, height)
    QApplication.processEvents()
    hint = shell.minimumSizeHint()
    assert (hint.width() <= 1366, hint.height() <= height) == (True, True), hint
    dressed.resize(0)


def test_a_refused_receipt_done_anew_is_in_front_when_the_page_opens(ready, shift):
    workspace, _ = ready
    begun = intake.new_draft(shift, uuid4()).with_value("applicant.name", "沈样真")
    intake.save_draft(shift, replace(begun, redoes=uuid4()))
    workspace.opened()
    assert workspace.state.draft.value("applicant.name") == "沈样真"
    notes = [label.text() for label in workspace.findChildren(QLabel) if label.isVisible()]
    assert "改后重做：接替中心退回的那一件" in notes
