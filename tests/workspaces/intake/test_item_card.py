"""Finding the item: typing, arrowing, choosing, changing one's mind."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

Key = Qt.Key


def materials_shown(workspace):
    return [row.material.name for row in workspace.ui.materials.table.rows()]


def test_the_search_has_the_focus_and_nothing_is_taken_by_a_stray_return(open_intake, key):
    workspace, _ = open_intake()
    assert QApplication.focusWidget() is workspace.item_card.finder.search.line
    assert workspace.hint() == "先选事项"
    key(Key.Key_Return)
    assert workspace.state.item is None


def test_arrowing_shows_the_materials_and_dates_of_each_result(open_intake, key, type_text, settle):
    workspace, _ = open_intake()
    type_text("ls")
    settle()
    finder = workspace.item_card.finder
    first = finder.looked()
    assert materials_shown(workspace) == [row.name for row in first.materials]
    key(Key.Key_Down)
    second = finder.looked()
    assert second != first
    assert materials_shown(workspace) == [row.name for row in second.materials]
    assert any(second.name in label.text() for label in workspace.ui.materials.head.findChildren(QLabel))
    assert workspace.state.item is None
    assert workspace.item_card.finder.search.line.hasFocus()


def test_return_takes_the_item_and_goes_to_the_first_field(open_intake, key, type_text, item):
    workspace, _ = open_intake()
    type_text("ggcs")
    key(Key.Key_Return)
    assert workspace.state.item == item
    assert QApplication.focusWidget().property("form_key") == "applicant.name"
    assert [row.material.code for row in workspace.ui.materials.table.rows()] == [
        row.code for row in item.materials
    ]


def test_nothing_found_says_what_to_do(open_intake, type_text, settle):
    workspace, _ = open_intake()
    type_text("zzzzzz")
    settle()
    assert "没有这个事项" in workspace.item_card.finder.nothing()
    assert materials_shown(workspace) == []


def test_without_typing_the_arrows_go_through_the_list_below(open_intake, key, shift):
    workspace, _ = open_intake()
    key(Key.Key_Down)
    assert workspace.item_card.finder.looked() == shift.rules.catalogue.items[0]
    key(Key.Key_Return)
    assert workspace.state.item == shift.rules.catalogue.items[0]


def test_another_item_can_be_found_and_the_first_comes_back_with_undo(
    ready, key, type_text, item, other_item, settle
):
    workspace, _ = ready
    workspace.go_to_block(1)
    key(Key.Key_Return)
    assert workspace.item_card.finding
    type_text("JN34-XK-04")
    key(Key.Key_Return)
    assert workspace.state.item == other_item
    assert item.name in workspace.hint()
    key(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert workspace.state.item == item
    assert workspace.state.draft.materials["M-APP"].ticked
    assert workspace.state.draft.value("applicant.name") == "钱样安"


def test_escape_keeps_the_item_there_was(ready, key, type_text, item):
    workspace, _ = ready
    workspace.go_to_block(1)
    key(Key.Key_Return)
    type_text("JN34")
    key(Key.Key_Escape)
    assert workspace.state.item == item
    assert not workspace.item_card.finding
    assert QApplication.focusWidget() is workspace.item_card.box


def test_looking_at_items_ticks_nothing(ready, key, type_text, settle, item):
    workspace, _ = ready
    before = workspace.state.draft.materials
    workspace.go_to_block(1)
    key(Key.Key_Return)
    type_text("JN34-XK-04")
    workspace.ui.materials.table.setFocus()
    key(Key.Key_Space)
    assert workspace.state.draft.materials == before
