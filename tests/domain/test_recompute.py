from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from msgspec.structs import replace

from onewindow_desk.domain.calendar import CalendarYear, RestSpan, import_year
from onewindow_desk.domain.case import Acceptance, Case, Correction, Decision, Mode, Outcome
from onewindow_desk.domain.item import DecisionLevel
from onewindow_desk.domain.recompute import Limit, due_changes, running_limits
from onewindow_desk.domain.states import State

NOW = datetime(2026, 12, 29, 2, tzinfo=UTC)
NOTICE = CalendarYear(
    year=2027,
    source="样例通知",
    rest=(
        RestSpan(name="元旦", first=date(2027, 1, 1), last=date(2027, 1, 5)),
        RestSpan(name="国庆", first=date(2027, 10, 1), last=date(2027, 10, 7)),
    ),
    worked=(),
)


@pytest.fixture
def after(calendar):
    return import_year(calendar, NOTICE)[0]


def case(number: int, state: State, **more) -> Case:
    return Case(case_id=UUID(int=number), receipt_no=str(number), state=state, **more)


@pytest.fixture
def changes(calendar, after, permit_item):
    def listed(*cases: Case):
        found = due_changes(cases, lambda _: permit_item, calendar, after, NOW)
        return [(c.receipt_no, c.limit, c.was, c.was_provisional, c.due, c.provisional) for c in found]

    return listed


def test_a_receipt_over_the_new_year_moves_and_becomes_firm(changes):
    waiting = case(1, State.RECEIVED, received_at=NOW)
    assert changes(waiting) == [("1", Limit.ANSWER, date(2027, 1, 6), True, date(2027, 1, 8), False)]


def test_both_limits_of_an_accepted_case(changes):
    accepted = case(2, State.ACCEPTED, acceptance=Acceptance(mode=Mode.COMPLETE, on=date(2026, 12, 29)))
    assert [row[1] for row in changes(accepted)] == [Limit.PROMISED, Limit.STATUTORY]


def test_a_decided_case_has_its_delivery(changes):
    decision = Decision(outcome=Outcome.GRANTED, level=DecisionLevel.STREET, on=date(2026, 12, 29))
    decided = case(
        3,
        State.READY,
        acceptance=Acceptance(mode=Mode.COMPLETE, on=date(2026, 12, 1)),
        decision=decision,
    )
    assert [row[1] for row in changes(decided)] == [Limit.DELIVERY]


def test_what_does_not_run_is_not_listed(changes):
    notice = Correction(told_on=date(2026, 12, 29), defects=("M-BIZ",), answer_by=date(2027, 1, 20))
    closed = case(4, State.WITHDRAWN, received_at=NOW)
    old = case(5, State.RECEIVED, received_at=datetime(2026, 12, 22, 2, tzinfo=UTC))
    assert changes(case(6, State.CORRECTION, corrections=(notice,)), closed, old) == []


def test_a_date_that_only_becomes_firm_is_listed_too(calendar, permit_item):
    same = replace(
        NOTICE, rest=(RestSpan(name="元旦", first=date(2027, 1, 1), last=date(2027, 1, 3)), NOTICE.rest[1])
    )
    firm, _ = import_year(calendar, same)
    waiting = case(1, State.RECEIVED, received_at=NOW)
    (change,) = due_changes([waiting], lambda _: None, calendar, firm, NOW)
    assert change.was == change.due == date(2027, 1, 6)
    assert (change.was_provisional, change.provisional) == (True, False)


def test_a_deemed_acceptance_is_counted_as_such(calendar, permit_item):
    late = case(7, State.RECEIVED, received_at=datetime(2026, 12, 1, 2, tzinfo=UTC))
    assert set(running_limits(late, permit_item, calendar, NOW)) == {Limit.PROMISED, Limit.STATUTORY}
