"""Working days: published years as data, unknown years by rule and marked provisional.

A year is published by a notice of the State Council's office, normally in November before. Until
then a year is reckoned as weekends plus the 13 statutory days (全国年节及纪念日放假办法), and
every date that rests on it is provisional (暂定): nothing may show or print it unmarked.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import msgspec
import yaml
from msgspec import Struct
from msgspec.structs import replace

from onewindow_desk.faults import Refusal

_DAY = timedelta(days=1)
_SATURDAY = 5
_LONGEST_COUNT = 2000
WEEKEND = "休"

_FIXED_FESTIVALS = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆",
    (10, 2): "国庆",
    (10, 3): "国庆",
}


class RestSpan(Struct, frozen=True, kw_only=True):
    """Days off in a row for one festival, both ends included."""

    name: str
    first: date
    last: date


class CalendarYear(Struct, frozen=True, kw_only=True):
    """One published year: days off (weekends inside a span too) and weekend days worked."""

    year: int
    source: str
    rest: tuple[RestSpan, ...]
    worked: tuple[date, ...]


class WorkCalendar(Struct, frozen=True, kw_only=True):
    """Which days are worked. `moon` holds the moving festivals of years not yet published.

    `closures` are this street's own days off (停电, 台风): they lengthen promises, never the law's
    limits, so they count only in `for_promises()`.
    """

    published: frozenset[int]
    rest: Mapping[date, str]
    worked: frozenset[date]
    moon: Mapping[date, str]
    closures: Mapping[date, str] = msgspec.field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Whether offices work on this day."""
        return not self.name(day)

    def is_provisional(self, day: date) -> bool:
        """Whether the year of this day has not been published yet."""
        return day.year not in self.published

    def name(self, day: date) -> str:
        """Why nobody works on this day: the festival, 休 at a weekend; "" on a working day."""
        if day in self.worked:
            return ""
        named = self.rest.get(day) or self._by_rule(day)
        return named or (WEEKEND if day.weekday() >= _SATURDAY else "")

    def _by_rule(self, day: date) -> str:
        if not self.is_provisional(day):
            return ""
        return self.moon.get(day) or _FIXED_FESTIVALS.get((day.month, day.day), "")

    def is_worked_weekend(self, day: date) -> bool:
        """Whether this Saturday or Sunday is worked."""
        return day in self.worked

    def add_workdays(self, start: date, count: int) -> date:
        """The `count`-th working day after `start`; `start` is not counted (民法典 201)."""
        if not 0 <= count <= _LONGEST_COUNT:
            raise ValueError(f"cannot count {count} working days")
        day = start
        while count:
            day += _DAY
            count -= self.is_workday(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Working days in (start, end]; negative when `end` lies before `start`."""
        if end < start:
            return -self.workdays_between(end, start)
        span = (end - start).days
        return sum(self.is_workday(start + _DAY * step) for step in range(1, span + 1))

    def for_promises(self) -> "WorkCalendar":
        """The calendar that promised limits are counted by: this street's closures are days off."""
        if not self.closures:
            return self
        closed = {**self.rest, **self.closures}
        return replace(self, rest=closed, worked=self.worked - self.closures.keys(), closures={})

    def missing_year(self, today: date) -> int | None:
        """Next year, when it should be here and is not (asked for from 1 November on)."""
        next_year = today.year + 1
        return next_year if today.month >= 11 and next_year not in self.published else None


class DayChange(Struct, frozen=True, kw_only=True):
    """A day that an import turned from rest into work or back."""

    day: date
    was_workday: bool
    is_workday: bool


def load_calendar(*texts: bytes) -> WorkCalendar:
    """Read calendar files (YAML, UTF-8): published years, and one file of moving festivals."""
    rows = [yaml.safe_load(text) for text in texts]
    years = [msgspec.convert(row, CalendarYear) for row in rows if "year" in row]
    moon = {
        day: name
        for row in rows
        if "festivals" in row
        for name, days in row["festivals"].items()
        for day in days
    }
    return _of_years(years, moon)


def import_year(calendar: WorkCalendar, year: CalendarYear) -> tuple[WorkCalendar, tuple[DayChange, ...]]:
    """The calendar with one year's notice in it, and every day that it changed.

    Raises Refusal when the notice cannot be right, naming the day.
    """
    check_year(year)
    kept_rest = {day: name for day, name in calendar.rest.items() if day.year != year.year}
    kept_worked = {day for day in calendar.worked if day.year != year.year}
    changed = replace(
        calendar,
        published=calendar.published | {year.year},
        rest={**kept_rest, **_rest_days(year)},
        worked=frozenset(kept_worked | set(year.worked)),
    )
    return changed, _changes(calendar, changed, _touched(year))


def check_year(year: CalendarYear) -> None:
    """Refuse a notice whose days contradict each other, or lie outside its year."""
    rest = _rest_days(year)
    for span in year.rest:
        if span.last < span.first or (span.last - span.first).days > 15:
            raise Refusal(f"{span.name}的起止日期不对。请核对通知后改正。", field="rest")
    for day in (*rest, *year.worked):
        if abs((day - date(year.year, 7, 1)).days) > 190:
            raise Refusal(f"{day.isoformat()} 不在 {year.year} 年。请核对通知后改正。", field="year")
    for day in year.worked:
        if day.weekday() < _SATURDAY:
            raise Refusal(f"{day.isoformat()} 不是周末，不用写成上班日。请删去。", field="worked")
        if day in rest:
            raise Refusal(f"{day.isoformat()} 又放假又上班。请核对通知后改正。", field="worked")
    if date(year.year, 10, 1) not in rest or date(year.year, 1, 1) not in rest:
        raise Refusal("没有元旦或国庆的放假日。请贴上全年的通知。", field="rest")


def _of_years(years: Iterable[CalendarYear], moon: Mapping[date, str]) -> WorkCalendar:
    rest: dict[date, str] = {}
    worked: set[date] = set()
    published: set[int] = set()
    for year in years:
        check_year(year)
        rest.update(_rest_days(year))
        worked.update(year.worked)
        published.add(year.year)
    return WorkCalendar(published=frozenset(published), rest=rest, worked=frozenset(worked), moon=moon)


def _rest_days(year: CalendarYear) -> dict[date, str]:
    return {
        span.first + _DAY * step: span.name
        for span in year.rest
        for step in range((span.last - span.first).days + 1)
    }


def _touched(year: CalendarYear) -> list[date]:
    first = date(year.year, 1, 1)
    inside = {first + _DAY * step for step in range(366)} | set(_rest_days(year)) | set(year.worked)
    return sorted(inside)


def _changes(before: WorkCalendar, after: WorkCalendar, days: Iterable[date]) -> tuple[DayChange, ...]:
    return tuple(
        DayChange(day=day, was_workday=before.is_workday(day), is_workday=after.is_workday(day))
        for day in days
        if before.is_workday(day) != after.is_workday(day)
    )
