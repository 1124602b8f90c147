"""A code scanner read by mistake, or on purpose, while any part of the intake has the focus."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from onewindow_desk.workspaces.shared.wedge_filter import WedgeFilter

CODE = "OWD1:R:115260921001200319:RRRRRR"


@pytest.fixture
def heard(qapp):
    wedge = WedgeFilter(qapp)
    heard: list[str] = []
    wedge.scanned.connect(heard.append)
    yield heard
    qapp.removeEventFilter(wedge)
    wedge.deleteLater()


def scan(at: int) -> None:
    for place, character in enumerate(f"{CODE}\r"):
        enter = character == "\r"
        key = Qt.Key.Key_Return if enter else Qt.Key(ord(character.upper()))
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, character)
        event.setTimestamp(at + 9 * place)
        focused = QApplication.focusWidget()
        assert focused is not None
        QApplication.sendEvent(focused, event)


def typed(draft):
    return {key: text for key, text in draft.values.items() if text}


def stops(workspace):
    fields = [workspace.applicant.field(key).editor for key in workspace.applicant.form_keys()]
    card = workspace.ui.materials
    others = [
        workspace.item_card.box,
        workspace.applicant.agent,
        card.table,
        card.strip,
        workspace.ui.deadline.reasons,
    ]
    return [*fields, *others, workspace.applicant.kind.focusProxy(), workspace.ui.tabs]


def test_wherever_the_focus_is_nothing_is_typed_ticked_turned_or_pressed(
    ready, heard, key, settle, qtbot, shift
):
    workspace, _ = ready
    key(Qt.Key.Key_F4)
    before = workspace.state.draft
    for number, stop in enumerate(stops(workspace), 1):
        stop.setFocus()
        scan(number * 10_000)
        qtbot.wait(50)  # past the gap in which keys are held back
        settle()
        after = workspace.state.draft
        assert typed(after) == typed(before)
        assert (after.materials, after.pages) == (before.materials, before.pages)
        assert (after.applicant_kind, after.with_agent) == (before.applicant_kind, before.with_agent)
        assert len(heard) == number
    assert set(heard) == {CODE}
    assert shift.store.cases() == ()


def test_in_the_item_search_no_item_is_taken(open_intake, heard, qtbot):
    workspace, _ = open_intake()
    scan(10_000)
    qtbot.wait(50)
    assert heard == [CODE]
    assert workspace.state.item is None
    assert workspace.item_card.finder.search.text() == ""


def test_on_the_line_about_the_paper_nothing_is_confirmed(ready, heard, key, qtbot, shift):
    workspace, _ = ready
    key(Qt.Key.Key_F9)
    key(Qt.Key.Key_F8)
    scan(10_000)
    qtbot.wait(50)
    (row,) = shift.store.cases()
    assert [mark.status.value for mark in shift.store.case(row.case_id).papers] == ["failed"]
    assert workspace.state.current.handed is not None
