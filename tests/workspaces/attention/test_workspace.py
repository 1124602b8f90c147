"""The list of refused steps by keyboard: reason, ways on, and what becomes of them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel

from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.services import intake, papers
from onewindow_desk.workspaces.attention import AttentionWorkspace
from onewindow_desk.workspaces.attention.exits import ExitButton
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.widgets.field import FaultLine
from onewindow_desk.workspaces.shared.widgets.lists import RowsTable
from onewindow_desk.workspaces.workspace import Count

STALE = ("rejected", "stale")


@pytest.fixture
def refused(attached, notary, receive_case):
    """A case whose acceptance the central refuses with the reason given; gives the case."""

    def make(reason="stale", verdict="rejected", name="沈样真"):
        case_id = receive_case(attached, name)
        notary.take(attached.store)
        accept = NewOperation(kind="accept", case_id=case_id, envelope={"complete": True, "role": "window"})
        attached.perform(lambda writing: writing.perform(accept))
        notary.take(attached.store, accept=(verdict, reason))
        return case_id

    return make


@pytest.fixture
def show(attached, background, in_shell, settle):
    def bring(size=(1366, 768)):
        page = AttentionWorkspace(attached, background)
        shell = in_shell(page, size=size)
        shell.open("attention")
        settle()
        return page, shell

    return bring


def texts(page):
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible() and label.text()]


def ways(page):
    return {button.way().title: button for button in page.findChildren(ExitButton) if button.isVisible()}


def blue(page):
    return next(action for action in page.bar_actions() if action.primary)


def settled(shift):
    return [
        act.head.envelope["how"] for act in shift.store.operations(None) if act.kind == "attention_settled"
    ]


def test_an_empty_list_says_what_will_stand_there(show):
    page, shell = show()
    assert "没有等您处理的" in texts(page)
    assert page.count() == Count(0, urgent=True)
    assert not blue(page).enabled
    shell.press("F8")
    assert page.hint() == ""


def test_the_step_is_explained_and_counted_red(show, refused):
    refused()
    page, _ = show()
    shown = texts(page)
    assert "1 项等您处理" in shown
    assert "这一步没有被中心采纳：9月21日 09:42 的“受理”" in shown
    assert any("依据的是之前的状态" in text for text in shown)
    assert {"您做的", "中心现状", "纸面", "没有丢失"} <= set(shown)
    assert page.count() == Count(1, urgent=True)
    assert isinstance(QApplication.focusWidget(), RowsTable)


def test_enter_goes_to_the_recommended_way_and_enter_again_takes_it(show, refused, key, attached):
    case_id = refused()
    page, _ = show()
    key(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is ways(page)["改后重做"]
    assert "Esc" in page.hint()
    key(Qt.Key.Key_Return)
    assert page.rows() == ()
    assert page.count() == Count(0, urgent=True)
    assert attached.store.case(case_id).state == "accepted"
    assert settled(attached) == ["redone"]
    assert page.hint() == "已重做“受理”。"


def test_esc_goes_back_to_the_list_and_nothing_is_done(show, refused, key, attached):
    refused()
    show()
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Escape)
    assert isinstance(QApplication.focusWidget(), RowsTable)
    assert settled(attached) == []


@pytest.mark.parametrize(
    ("stroke", "how"),
    [(Qt.Key.Key_F9, "redone"), (Qt.Key.Key_F7, "escalated"), (Qt.Key.Key_F8, "withdrawn")],
)
def test_each_way_has_its_key_from_the_list(show, refused, key, attached, stroke, how):
    refused()
    page, _ = show()
    key(stroke)
    assert settled(attached) == [how]
    assert page.rows() == ()


def test_the_one_chosen_is_the_one_settled(show, refused, key, attached):
    refused(name="沈样真")
    second = refused(name="孙样宁")
    page, _ = show()
    key(Qt.Key.Key_Down)
    assert page.row().case_id == second
    key(Qt.Key.Key_F8)
    assert [row.title for row in page.rows()] == ["沈样真"]


def test_the_whole_case_is_looked_up_where_cases_are(show, refused, key, attached):
    case_id = refused()
    _, shell = show()
    key(Qt.Key.Key_F5)
    today = shell.workspaces()[0]
    assert shell.current() is today
    assert today.found == [attached.store.case(case_id).receipt_no]


def test_what_nobody_here_can_mend_goes_to_the_supervisor_with_the_blue_key(show, refused, key, attached):
    refused("separation")
    page, _ = show()
    assert not ways(page)["改后重做"].isEnabled()
    assert blue(page).text == "交给主管"
    key(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is ways(page)["交给主管"]
    key(Qt.Key.Key_F9)
    assert settled(attached) == ["escalated"]


def test_a_step_that_only_waits_asks_for_nothing(show, refused, key, attached):
    refused("version_ahead", "parked")
    page, _ = show()
    assert "没有等您处理的" in texts(page)
    assert "1 项排队" in texts(page)
    assert page.count().number == 0
    assert not blue(page).enabled
    key(Qt.Key.Key_F9)
    assert settled(attached) == []


def test_a_refused_receipt_goes_on_in_the_intake(show, attached, notary, receive_case, key):
    receive_case(attached)
    notary.take(attached.store, receive=("quarantined", "receipt_no"))
    page, shell = show()
    key(Qt.Key.Key_F9)
    assert shell.current().name == "intake"
    assert [draft.value("applicant.name") for draft in intake.drafts(attached)] == ["钱样安"]
    shell.open("attention")
    assert page.rows()[0].note.startswith("重做的草稿")


def test_a_printed_receipt_is_withdrawn_after_the_applicant_was_told(
    show, attached, notary, receive_case, key
):
    papers.send_receipt(attached, receive_case(attached), "first")
    notary.take(attached.store, receive=("rejected", "role"), paper_sent=("parked", "case_unknown"))
    page, _ = show()
    assert any("在申请人手中" in text for text in texts(page))
    key(Qt.Key.Key_F8)
    box = QApplication.focusWidget()
    assert isinstance(box, QCheckBox)
    assert "先联系申请人" in page.findChild(FaultLine).text()
    assert settled(attached) == []
    key(Qt.Key.Key_Space)
    key(Qt.Key.Key_F8)
    assert settled(attached) == ["withdrawn", "withdrawn"]
    assert page.rows() == ()


def test_being_told_for_one_is_not_being_told_for_the_next(show, attached, notary, receive_case, key):
    for name in ("钱样安", "孙样宁"):
        papers.send_receipt(attached, receive_case(attached, name), "first")
    notary.take(attached.store, receive=("rejected", "role"), paper_sent=("parked", "case_unknown"))
    page, _ = show()
    page.findChild(QCheckBox).setChecked(True)
    key(Qt.Key.Key_Down)
    assert not page.findChild(QCheckBox).isChecked()


def test_a_refusal_of_the_rules_is_said_and_the_step_stays(show, refused, key, attached):
    case_id = refused()
    notice = {"defects": ["M1"], "answer_by": "2026-10-15", "role": "window"}
    told = NewOperation(kind="request_correction", case_id=case_id, envelope=notice)
    attached.perform(lambda writing: writing.perform(told))
    page, _ = show()
    key(Qt.Key.Key_F9)
    assert "待补正" in page.hint()
    assert len(page.rows()) == 1


def test_what_comes_from_the_central_shows_without_being_asked_for(show, refused, settle, shift):
    page, shell = show()
    refused()
    shell.refresh(object())
    settle()
    assert page.count() == Count(1, urgent=True)


def test_a_doubtful_printing_is_answered_in_the_days_list(show, attached, receive_case, clock, key):
    case_id = receive_case(attached)
    papers.send_receipt(attached, case_id, "first")
    clock.at = clock.at.replace(hour=3)
    page, shell = show()
    assert list(ways(page)) == ["去确认凭证"]
    key(Qt.Key.Key_F9)
    assert shell.current().name == "today"


@pytest.mark.parametrize(("scale", "size"), [(0, (1366, 768)), (1, (1366, 690)), (2, (1366, 690))])
def test_nothing_is_cut_and_the_focus_walks(show, refused, dressed, uncut, walk_focus, settle, scale, size):
    refused()
    dressed.resize(scale)
    page, shell = show(size)
    QApplication.processEvents()
    assert shell.width() == size[0]
    assert shell.height() == size[1]
    assert uncut(page) == []
    assert len(walk_focus(page)) == 4


def test_the_keys_of_the_page_are_in_the_overlay(show):
    page, _ = show()
    assert {Key.ATTENTION_CASE, Key.ATTENTION_SUPERVISOR, Key.ATTENTION_WITHDRAW, Key.DO} == {
        action.key for action in page.bar_actions()
    }
