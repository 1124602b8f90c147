"""Deadlines: the day, why it is that day, and the days between.

All limits are working days (行政许可法 82); the starting day is not counted (民法典 201) and the
last day runs to midnight. Only the eight procedures stop the clock, and only for the days told;
the one extension adds its days to both the law's limit and the promise.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from onewindow_desk.domain import explain
from onewindow_desk.domain.calendar import WorkCalendar
from onewindow_desk.domain.case import ANSWER_DAYS, Case, Mode
from onewindow_desk.domain.dates import local_date
from onewindow_desk.domain.explain import ExplainLine
from onewindow_desk.domain.item import Item
from onewindow_desk.domain.suspension import STOP_NAMES, StopKind, Suspension
from onewindow_desk.faults import Refusal

DEFAULT_STATUTORY_DAYS = 20
"""行政许可法 42(1), where an item's own law says nothing."""
DELIVERY_DAYS = 10
"""行政许可法 44."""
FIRST_REVIEW_DAYS = 20
"""行政许可法 43."""
PERMIT = "行政许可"
ITEM_ARTICLE = "按本事项法定期限"
_DAY = timedelta(days=1)
_WEEKEND_FROM = 5


class CellKind(StrEnum):
    """What a day is in the day ruler."""

    START = "start"
    COUNTED = "counted"
    REST = "rest"
    STOPPED = "stopped"
    LAST = "last"


class DayCell(Struct, frozen=True, kw_only=True):
    """One day of the ruler; `count` is 0 where the day is not counted, `note` what stands below."""

    day: date
    kind: CellKind
    count: int = 0
    note: str = ""


class Due(Struct, frozen=True, kw_only=True):
    """A last day without its reasons, for lists: found several times quicker than a Deadline."""

    due: date
    limit: int
    provisional: bool


class Deadline(Struct, frozen=True, kw_only=True):
    """A last day with its reasons; `brief` is the short form of the intake card.

    `limit` is the number of working days counted; `provisional` must be shown wherever `due` is.
    """

    due: date
    limit: int
    provisional: bool
    lines: tuple[ExplainLine, ...]
    days: tuple[DayCell, ...]
    brief: tuple[ExplainLine, ...] = ()


class Terms(Struct, frozen=True, kw_only=True):
    """An item's limits in working days and the article each rests on."""

    promised: int
    statutory: int
    article: str


def acceptance_deadline(received_at: datetime, calendar: WorkCalendar, today: date | None = None) -> Deadline:
    """The last day to answer an application; past it, it is accepted from the day of receipt."""
    start = local_date(received_at)
    days = _ruler(start, ANSWER_DAYS, calendar, frozenset(), "收件")
    due = days[-1].day
    provisional = calendar.is_provisional(due)
    lines = explain.sentences(
        explain.start_line("收件", start),
        explain.special_days(start, due, calendar),
        explain.nth_line(ANSWER_DAYS, due, start, today, provisional=provisional),
        explain.deemed_line(start, due, today),
        article="许可法第32条",
    )
    return Deadline(
        due=due,
        limit=ANSWER_DAYS,
        provisional=provisional,
        lines=lines,
        days=days,
        brief=explain.brief_answer(start, due, calendar),
    )


def decision_deadlines(
    case: Case, item: Item, calendar: WorkCalendar, today: date | None = None
) -> tuple[Deadline, Deadline]:
    """(promised, statutory) of an accepted case; Refusal before acceptance (see `case.as_of`)."""
    return deadlines_by(case, terms_of(item), calendar, today)


def deadlines_by(
    case: Case, terms: Terms, calendar: WorkCalendar, today: date | None = None
) -> tuple[Deadline, Deadline]:
    """The same from bare terms, where the catalogue is not at hand."""
    accepted = case.acceptance
    if accepted is None:
        raise Refusal("本件还没有受理，没有办结期限。请先受理。")
    what = "收件并视为受理" if accepted.mode is Mode.DEEMED else "受理"
    clock = _Clock(what, accepted.on, case.suspensions, _added_days(case), calendar, today)
    return _both(clock, terms)


def deadlines_if_accepted(on: date, item: Item, calendar: WorkCalendar) -> tuple[Deadline, Deadline]:
    """(promised, statutory) were an application accepted on that day."""
    return _both(_Clock("受理", on, (), 0, calendar, None), terms_of(item))


def answer_due(received_at: datetime, calendar: WorkCalendar) -> Due:
    """The day of `acceptance_deadline`."""
    return _due(local_date(received_at), ANSWER_DAYS, calendar, frozenset())


def decision_dues(case: Case, terms: Terms, calendar: WorkCalendar) -> tuple[Due, Due] | None:
    """The days of `deadlines_by`; None before acceptance."""
    if case.acceptance is None:
        return None
    stopped = stopped_days(case.suspensions, calendar)
    start, added = case.acceptance.on, _added_days(case)
    promised = _due(start, terms.promised + added, calendar.for_promises(), stopped)
    return promised, _due(start, terms.statutory + added, calendar, stopped)


def delivery_due(decided_on: date, calendar: WorkCalendar) -> Due:
    """The day of `delivery_deadline`."""
    return _due(decided_on, DELIVERY_DAYS, calendar, frozenset())


def delivery_deadline(decided_on: date, calendar: WorkCalendar, today: date | None = None) -> Deadline:
    """The last day to hand over or send the decision, 行政许可法 44."""
    clock = _Clock("作出决定", decided_on, (), 0, calendar, today)
    return clock.deadline(DELIVERY_DAYS, calendar, "许可法第44条")


def first_review_deadline(accepted_on: date, calendar: WorkCalendar, today: date | None = None) -> Deadline:
    """The last day for the street's review of what the district decides, 行政许可法 43."""
    clock = _Clock("受理", accepted_on, (), 0, calendar, today)
    return clock.deadline(FIRST_REVIEW_DAYS, calendar, "许可法第43条")


def terms_of(item: Item) -> Terms:
    """An item's limits; 20 working days where its law gives none."""
    return Terms(
        promised=item.limits.promised_days,
        statutory=item.limits.statutory_days or DEFAULT_STATUTORY_DAYS,
        article="许可法第42条" if item.category == PERMIT else ITEM_ARTICLE,
    )


def terms_of_case(case: Case) -> Terms | None:
    """The limits as the receipt recorded them; None where it did not."""
    if case.promised_days is None:
        return None
    statutory = case.statutory_days or DEFAULT_STATUTORY_DAYS
    return Terms(promised=case.promised_days, statutory=statutory, article=ITEM_ARTICLE)


def effective_end(stop: Suspension, calendar: WorkCalendar) -> date:
    """The last day not counted: when it ended, or the last told day if that came first."""
    told = calendar.add_workdays(stop.start, stop.told_days)
    return told if stop.ended is None else min(told, stop.ended)


def stopped_days(stops: Iterable[Suspension], calendar: WorkCalendar) -> frozenset[date]:
    """Every day in (start, end] of any stop; overlapping stops count once."""
    return frozenset(
        stop.start + _DAY * step
        for stop in stops
        for step in range(1, (effective_end(stop, calendar) - stop.start).days + 1)
    )


class _Clock:
    """One counting: from where, what is left out, and by what words it is told."""

    def __init__(
        self,
        what: str,
        start: date,
        stops: tuple[Suspension, ...],
        added: int,
        calendar: WorkCalendar,
        today: date | None,
    ) -> None:
        self.what = what
        self.start = start
        self.added = added
        self.calendar = calendar
        self._today = today
        self._stops = tuple((stop, effective_end(stop, calendar)) for stop in stops)
        self._stopped = stopped_days(stops, calendar)

    def deadline(self, limit: int, calendar: WorkCalendar, article: str) -> Deadline:
        """Count `limit` working days (and the extension) by this calendar."""
        count = limit + self.added
        days = _ruler(self.start, count, calendar, self._stopped, self.what[-2:])
        due = days[-1].day
        provisional = calendar.is_provisional(due)
        stops = [pair for pair in self._stops if pair[0].start <= due]
        return Deadline(
            due=due,
            limit=count,
            provisional=provisional,
            lines=explain.sentences(
                explain.start_line(self.what, self.start),
                explain.special_days(self.start, due, calendar, self._stopped),
                explain.stops_line(stops, self.start, _not_counted(days)),
                self._nth(count, due, provisional=provisional),
                article=f"{article}、第45条" if stops and "第42条" in article else article,
            ),
            days=days,
        )

    def _nth(self, count: int, due: date, *, provisional: bool) -> str:
        line = explain.nth_line(count, due, self.start, self._today, provisional=provisional)
        return f"已延长 {self.added} 个工作日，{line}" if self.added else line


def _both(clock: _Clock, terms: Terms) -> tuple[Deadline, Deadline]:
    promised = clock.deadline(terms.promised, clock.calendar.for_promises(), "街道公开承诺")
    return promised, clock.deadline(terms.statutory, clock.calendar, terms.article)


def _added_days(case: Case) -> int:
    return case.extension.days if case.extension else 0


def _due(start: date, limit: int, calendar: WorkCalendar, stopped: frozenset[date]) -> Due:
    day, left = start, limit
    while left:
        day += _DAY
        left -= day not in stopped and calendar.is_workday(day)
    return Due(due=day, limit=limit, provisional=calendar.is_provisional(day))


def _not_counted(days: tuple[DayCell, ...]) -> int:
    return sum(cell.kind is CellKind.STOPPED for cell in days)


def _ruler(
    start: date, limit: int, calendar: WorkCalendar, stopped: frozenset[date], what: str
) -> tuple[DayCell, ...]:
    cells = [DayCell(day=start, kind=CellKind.START, note=what)]
    day, count = start, 0
    while count < limit:
        day += _DAY
        cell = _cell(day, count + 1, calendar, stopped)
        count = max(count, cell.count)
        cells.append(cell)
    cells[-1] = DayCell(day=day, kind=CellKind.LAST, count=count, note="止")
    return tuple(cells)


def _cell(day: date, count: int, calendar: WorkCalendar, stopped: frozenset[date]) -> DayCell:
    if not calendar.is_workday(day):
        name = "休" if day.weekday() >= _WEEKEND_FROM else calendar.name(day)
        return DayCell(day=day, kind=CellKind.REST, note=name)
    if day in stopped:
        return DayCell(day=day, kind=CellKind.STOPPED, note="停")
    return DayCell(day=day, kind=CellKind.COUNTED, count=count)


__all__ = [
    "STOP_NAMES",
    "CellKind",
    "DayCell",
    "Deadline",
    "Due",
    "ExplainLine",
    "StopKind",
    "Suspension",
    "Terms",
    "acceptance_deadline",
    "answer_due",
    "deadlines_by",
    "deadlines_if_accepted",
    "decision_deadlines",
    "decision_dues",
    "delivery_deadline",
    "delivery_due",
    "effective_end",
    "first_review_deadline",
    "local_date",
    "stopped_days",
    "terms_of",
    "terms_of_case",
]
