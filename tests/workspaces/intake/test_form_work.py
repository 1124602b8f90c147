"""The applicant's fields: kept as typed, checked when left, never emptied by a refusal."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from onewindow_desk.domain.case import ApplicantKind
from onewindow_desk.workspaces.intake.editors import LONGEST

Key = Qt.Key


def go(workspace, field):
    workspace.applicant.field(field).editor.setFocus()
    QApplication.processEvents()


@pytest.fixture
def typing(ready, type_text, key):
    """Types a text into a field in place of what is there and leaves it with Return."""
    workspace, _ = ready

    def put(field, text):
        editor = workspace.applicant.field(field).editor
        go(workspace, field)
        editor.clear()
        if text:
            editor.insert(text)
        key(Key.Key_Return)

    return put


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("applicant.name", "", "还没有填姓名"),
        ("applicant.name", "钱\u200b样安", "看不见"),
        ("applicant.name", "钱\u202e样安", "看不见"),
        ("applicant.number", "320115199001010019", "第 18 位不符"),
        ("applicant.number", "32011519900101", "应为 18 位"),
        ("applicant.phone", "12", "7 到 20 位"),
        ("applicant.address", "很" * (LONGEST // 2), "最多 500 个字"),
        ("field.area", "很大", "要填数字"),
    ],
)
def test_a_refusal_stands_under_its_field_and_the_text_stays(ready, typing, field, text, words):
    workspace, _ = ready
    typing(field, text)
    assert words in workspace.applicant.fault(field)
    assert workspace.applicant.field(field).value() == text
    assert workspace.state.draft.value(field) == text
    assert "还有 1 处要改" in workspace.hint()


def test_the_fault_goes_as_soon_as_it_is_put_right(ready, typing, number, type_text):
    workspace, _ = ready
    typing("applicant.number", number[:-1])
    assert workspace.applicant.fault("applicant.number")
    go(workspace, "applicant.number")
    workspace.applicant.field("applicant.number").line.end(False)
    type_text(number[-1])
    assert workspace.applicant.fault("applicant.number") == ""
    assert workspace.hint() == "都齐了，按 F9 收件"


def test_a_field_left_empty_says_what_to_fill_in(open_intake, key, type_text):
    workspace, _ = open_intake()
    type_text("ggcs")
    key(Key.Key_Return)
    editor = workspace.applicant.field("applicant.name").editor
    editor.setFocus()
    editor.clearFocus()  # reason "other": left
    assert workspace.applicant.fault("applicant.name")


def test_return_walks_through_the_fields_to_the_materials(ready, key):
    workspace, _ = ready
    go(workspace, "applicant.name")
    seen = []
    for _ in workspace.applicant.form_keys():
        seen.append(QApplication.focusWidget().property("form_key"))
        key(Key.Key_Return)
    assert tuple(seen) == workspace.applicant.form_keys()
    assert QApplication.focusWidget() is workspace.ui.materials.table


def test_shift_return_walks_back(ready, key):
    workspace, _ = ready
    go(workspace, "applicant.phone")
    key(Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget().property("form_key") == "applicant.name"
    key(Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is workspace.item_card.box


def test_an_organisation_by_arrow_key_asks_its_own_questions(ready, key):
    workspace, _ = ready
    workspace.applicant.kind.button(ApplicantKind.PERSON).setFocus()
    key(Key.Key_Right)
    assert workspace.state.draft.applicant_kind is ApplicantKind.ORGANISATION
    assert "representative.name" in workspace.applicant.form_keys()
    assert workspace.applicant.field("applicant.name").value() == ""
    assert workspace.applicant.field("applicant.phone").value() == "000-0000-0021"
    key(Key.Key_Left)
    assert workspace.applicant.field("applicant.name").value() == "钱样安"


def test_somebody_came_instead_and_the_proxy_becomes_due(ready, key):
    workspace, _ = ready
    workspace.applicant.agent.setFocus()
    key(Key.Key_Space)
    assert workspace.state.draft.with_agent
    assert "agent.authority" in workspace.applicant.form_keys()
    badge = {row.code: row.badge.text for row in workspace.ui.materials.table.rows()}["M-PROXY"]
    assert badge == "待交"


def test_another_kind_of_document_changes_the_rule(ready, typing):
    workspace, _ = ready
    typing("applicant.number", "E00000001")
    assert workspace.applicant.fault("applicant.number")
    choice = workspace.applicant.field("applicant.identity_type").editor
    choice.setCurrentIndex(choice.findData("passport"))
    assert workspace.applicant.fault("applicant.number") == ""


def test_a_date_is_written_one_way_when_the_field_is_left(ready, key, type_text, other_item):
    workspace, _ = ready
    workspace.state.choose(other_item)
    workspace.show_all()
    go(workspace, "field.from")
    type_text("2026.9.1")
    key(Key.Key_Return)
    assert workspace.state.draft.value("field.from") == "2026-09-01"


def test_markup_in_a_name_stays_letters_on_every_view(ready, typing):
    workspace, shell = ready
    name = "<img src=x onerror=alert(1)>"
    typing("applicant.name", name)
    assert workspace.state.draft.value("applicant.name") == name
    shown = [label for label in shell.findChildren(QLabel) if "<img" in label.text()]
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in shown)
    tabs = workspace.ui.tabs.findChildren(type(workspace.item_card.box).__mro__[1])
    assert all("<img" in tab.accessibleName() for tab in tabs)


def test_the_field_with_its_fault_is_scrolled_into_view(ready, key, shift):
    workspace, _ = ready
    workspace.state.set_value("field.area", "很大")
    workspace.show_all()
    workspace.ui.formScroll.verticalScrollBar().setValue(0)
    key(Key.Key_F9)
    QApplication.processEvents()
    field = workspace.applicant.field("field.area")
    assert field.editor.hasFocus()
    viewport = workspace.ui.formScroll.viewport()
    below = field.mapTo(viewport, field.rect().bottomLeft()).y()
    assert below <= viewport.height()


def test_undo_in_a_line_is_the_line_s_own_first(ready, key, type_text, other_item, item):
    workspace, _ = ready
    workspace.state.choose(other_item)
    workspace.show_all()
    go(workspace, "field.place")
    type_text("12")
    key(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert workspace.state.draft.value("field.place") == ""
    assert workspace.state.item == other_item
    key(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert workspace.state.item == item
