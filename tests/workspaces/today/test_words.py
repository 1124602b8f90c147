from datetime import date

import pytest

from onewindow_desk.domain.deadline import Deadline
from onewindow_desk.domain.lifecycle import ADDITIVE, BY_KIND, BY_PROPOSAL, DECLINE
from onewindow_desk.services import papers, today
from onewindow_desk.services.words import act_words
from onewindow_desk.workspaces.today import words
from onewindow_desk.workspaces.today.paper import Receipt, open_mark, standing

TODAY = date(2026, 9, 21)


@pytest.fixture
def detail(shift, receive):
    def of(**given):
        return today.detail(shift, receive(**given))

    return of


def test_the_telephone_is_masked_and_no_identity_number_shows(detail):
    shown = detail()
    facts = dict(words.facts(shown.case))
    assert facts["联系电话"] == "000-****-0031"
    number = shown.case.applicant.identity.number
    said = [*facts.values(), words.why(shown.deadline), *(how for _, how in words.acts(shown))]
    assert not any(number in text for text in said)


def test_limits_and_materials_are_counted(detail, shift):
    facts = dict(words.facts(detail().case))
    item = shift.rules.catalogue.items[0]
    assert facts["承诺办结"] == f"受理起 {item.limits.promised_days} 个工作日"
    assert facts["材料"].startswith(f"{sum(row.required for row in item.materials)} 种 0 页")


def test_the_date_is_named_or_is_today(detail):
    assert words.why_title(detail(day=18).deadline, TODAY) == "为什么是 9月24日"
    assert words.why_title(detail(day=15).deadline, TODAY) == "为什么是今天"
    assert words.why(detail(day=15).deadline).endswith("（许可法第32条）")


def test_a_provisional_date_says_so():
    provisional = Deadline(due=date(2027, 1, 6), limit=5, provisional=True, lines=(), days=())
    assert words.why_title(provisional, date(2026, 12, 30)) == "为什么是 2027年1月6日（暂定）"


@pytest.mark.parametrize("kind", [*ADDITIVE, *BY_KIND, *BY_PROPOSAL, DECLINE])
def test_every_act_has_a_name_in_chinese(kind):
    assert not act_words(kind).isascii()


def test_what_was_done_is_told_in_order_with_its_author(detail):
    told = words.acts(detail(day=15))
    assert [how.split(" ")[0] for _, how in told] == ["收件", "凭证送打印机", "凭证已拿到"]
    assert told[0] == ("9月15日 10:20", "收件 ・ 王一鸣")


def test_percent_signs_in_names_stay_letters():
    assert words.fill("%1，%2", "%2", "乙") == "%2，乙"


@pytest.mark.parametrize(
    ("paper", "stands"),
    [("none", Receipt.UNSENT), ("sent", Receipt.UNANSWERED), ("confirmed", Receipt.SETTLED)],
)
def test_the_receipt_stands_as_its_marks_say(detail, paper, stands):
    case = detail(paper=paper).case
    assert standing(case) is stands
    assert (open_mark(case) is not None) is (stands is Receipt.UNANSWERED)
    said, role = words.paper_words(case)
    assert said
    assert (role == "caption") is (stands is Receipt.SETTLED)


def test_a_receipt_that_came_to_nothing_is_unsent_again(shift, receive):
    case_id = receive(paper="none")
    papers.came_to_nothing(shift, papers.send_receipt(shift, case_id, "first"), "卡纸")
    assert standing(shift.store.case(case_id)) is Receipt.UNSENT


def test_reprints_are_counted_in_the_words(shift, receive):
    case_id = receive()
    papers.confirm(shift, papers.reprint_receipt(shift, case_id, "first", "原件遗失"))
    assert "补打 1 次" in words.paper_words(shift.store.case(case_id))[0]
