from datetime import timedelta

from onewindow_desk.domain.next_step import BadgeKind
from onewindow_desk.services import intake, papers, today


def test_a_received_case_shows_its_clock_and_its_next_step(shift, draft):
    done = intake.receive(shift, draft)
    papers.confirm(shift, papers.send_receipt(shift, done.case_id, "PDF"))
    (row,) = today.rows(shift)
    assert row.case_id == done.case_id
    assert row.badge.kind is BadgeKind.OK
    assert "受理" in row.step


def test_the_most_urgent_comes_first(shift, item, fill, clock):
    early = intake.receive(shift, fill(shift, item))
    clock.move(days=2)
    late = intake.receive(shift, fill(shift, item))
    assert [row.case_id for row in today.rows(shift)] == [early.case_id, late.case_id]


def test_a_receipt_nobody_answered_for_is_the_next_step(shift, draft):
    done = intake.receive(shift, draft)
    papers.send_receipt(shift, done.case_id, "PDF")
    (row,) = today.rows(shift)
    assert row.paper_open


def test_a_case_whose_receipt_never_went_out_says_so(shift, draft):
    intake.receive(shift, draft)
    (row,) = today.rows(shift)
    assert row.paper_open
    assert row.step == "打印凭证"


def test_the_date_is_explained_as_of_today(shift, draft, clock):
    done = intake.receive(shift, draft)
    clock.at += timedelta(days=8)  # 29 September: two days off lie between
    deadline = today.detail(shift, done.case_id).deadline
    assert deadline is not None
    assert any("是今天" in line.text for line in deadline.lines)


def test_after_a_silent_week_the_promise_is_what_runs(shift, draft, clock, item):
    done = intake.receive(shift, draft)
    clock.at += timedelta(days=9)
    deadline = today.detail(shift, done.case_id).deadline
    assert deadline is not None
    assert deadline.limit == item.limits.promised_days


def test_a_silent_week_counts_as_accepted(shift, draft, clock):
    done = intake.receive(shift, draft)
    clock.at += timedelta(days=9)
    assert today.detail(shift, done.case_id).case.acceptance is not None


def test_cases_are_found_by_number_name_and_item(shift, draft, item):
    done = intake.receive(shift, draft)
    for text in (done.receipt_no, "样安", "钱", item.name[:3]):
        assert [row.case_id for row in today.found(shift, text)] == [done.case_id]
    assert today.found(shift, "没有这个人") == ()
