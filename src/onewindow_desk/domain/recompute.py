"""What an imported calendar changes: every open case's dates, before and after."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from onewindow_desk.domain.calendar import WorkCalendar
from onewindow_desk.domain.case import Case, as_of
from onewindow_desk.domain.deadline import (
    Deadline,
    acceptance_deadline,
    deadlines_by,
    delivery_deadline,
    terms_of,
    terms_of_case,
)
from onewindow_desk.domain.item import Item
from onewindow_desk.domain.states import FINAL, State

_DECIDED = frozenset({State.GRANTED, State.DENIED, State.FEE_DUE, State.CERTIFIED, State.READY})


class Limit(StrEnum):
    """Which of a case's dates is meant."""

    ANSWER = "answer"
    PROMISED = "promised"
    STATUTORY = "statutory"
    DELIVERY = "delivery"


class DueChange(Struct, frozen=True, kw_only=True):
    """One date of one case that an import moved, or turned from provisional into firm."""

    case_id: UUID
    receipt_no: str
    limit: Limit
    was: date
    was_provisional: bool
    due: date
    provisional: bool


def due_changes(
    cases: Iterable[Case],
    item_of: Callable[[Case], Item | None],
    before: WorkCalendar,
    after: WorkCalendar,
    now: datetime,
) -> tuple[DueChange, ...]:
    """Every open case's dates that differ between the calendars, in the order of the cases."""
    return tuple(
        change
        for case in cases
        if case.state not in FINAL
        for change in _case_changes(case, item_of(case), before, after, now)
    )


def running_limits(
    case: Case, item: Item | None, calendar: WorkCalendar, now: datetime
) -> dict[Limit, Deadline]:
    """The limits that run on a case now; none while the applicant has the word."""
    seen = as_of(case, now, calendar)
    if seen.state is State.RECEIVED and seen.received_at is not None:
        return {Limit.ANSWER: acceptance_deadline(seen.received_at, calendar)}
    if seen.state in _DECIDED and seen.decision is not None:
        return {Limit.DELIVERY: delivery_deadline(seen.decision.on, calendar)}
    terms = terms_of(item) if item else terms_of_case(seen)
    if seen.acceptance is None or terms is None or seen.decision is not None:
        return {}
    promised, statutory = deadlines_by(seen, terms, calendar)
    return {Limit.PROMISED: promised, Limit.STATUTORY: statutory}


def _case_changes(
    case: Case, item: Item | None, before: WorkCalendar, after: WorkCalendar, now: datetime
) -> Iterator[DueChange]:
    old = running_limits(case, item, before, now)
    new = running_limits(case, item, after, now)
    for limit in Limit:
        if limit not in old or limit not in new:
            continue
        was, due = old[limit], new[limit]
        if (was.due, was.provisional) != (due.due, due.provisional):
            yield DueChange(
                case_id=case.case_id,
                receipt_no=case.receipt_no,
                limit=limit,
                was=was.due,
                was_provisional=was.provisional,
                due=due.due,
                provisional=due.provisional,
            )
