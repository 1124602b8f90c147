from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from onewindow_desk.domain.calendar import CalendarYear, RestSpan, import_year
from onewindow_desk.faults import Refusal

DAY = timedelta(days=1)
# Days off and worked weekends of 2026, written out here a second time from the notice.
OFF_2026 = (
    [date(2026, 1, d) for d in (1, 2, 3)]
    + [date(2026, 2, d) for d in range(15, 24)]
    + [date(2026, 4, d) for d in (4, 5, 6)]
    + [date(2026, 5, d) for d in range(1, 6)]
    + [date(2026, 6, d) for d in (19, 20, 21)]
    + [date(2026, 9, d) for d in (25, 26, 27)]
    + [date(2026, 10, d) for d in range(1, 8)]
)
WORKED_2026 = [date(2026, m, d) for m, d in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))]


def naive_workday(day: date) -> bool:
    if day in WORKED_2026:
        return True
    return day.weekday() < 5 and day not in OFF_2026


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + DAY * n for n in range((date(year + 1, 1, 1) - first).days)]


def test_2026_agrees_with_the_notice_on_every_day(calendar):
    assert [day for day in days_of(2026) if calendar.is_workday(day) != naive_workday(day)] == []
    assert len(OFF_2026) == 33


# 248 as counted from the table; the other two years from their notices.
@pytest.mark.parametrize(("year", "workdays"), [(2024, 251), (2025, 248), (2026, 248)])
def test_working_days_in_a_year(calendar, year, workdays):
    assert sum(calendar.is_workday(day) for day in days_of(year)) == workdays


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ((2026, 9, 28), 20, (2026, 10, 30)),
        ((2026, 9, 28), 30, (2026, 11, 13)),
        ((2026, 9, 21), 5, (2026, 9, 29)),
        ((2026, 9, 21), 20, (2026, 10, 26)),
        ((2026, 2, 13), 5, (2026, 2, 27)),
        ((2026, 2, 10), 20, (2026, 3, 16)),
        ((2026, 9, 19), 1, (2026, 9, 20)),
        ((2026, 6, 18), 1, (2026, 6, 22)),
        ((2026, 9, 26), 5, (2026, 10, 9)),
        ((2026, 9, 15), 5, (2026, 9, 21)),
        ((2025, 9, 26), 3, (2025, 9, 30)),
        ((2024, 2, 8), 5, (2024, 2, 21)),
        ((2026, 12, 31), 1, (2027, 1, 4)),
        ((2027, 2, 4), 1, (2027, 2, 9)),
    ],
)
def test_golden_dates(calendar, start, count, due):
    assert calendar.add_workdays(date(*start), count) == date(*due)


@settings(deadline=None)
@given(start=st.dates(date(2026, 1, 1), date(2026, 10, 31)), count=st.integers(0, 40))
def test_counting_agrees_with_a_list_of_days(calendar, start, count):
    worked = [day for n in range(1, 120) if naive_workday(day := start + DAY * n) and day.year == 2026]
    if count == 0:
        assert calendar.add_workdays(start, 0) == start
    elif count <= len(worked):
        assert calendar.add_workdays(start, count) == worked[count - 1]


@settings(deadline=None)
@given(start=st.dates(date(2023, 6, 1), date(2041, 6, 1)), count=st.integers(1, 260))
def test_between_undoes_adding(calendar, start, count):
    due = calendar.add_workdays(start, count)
    assert calendar.is_workday(due)
    assert calendar.workdays_between(start, due) == count
    assert calendar.workdays_between(due, start) == -count


@pytest.mark.parametrize("count", [-1, 2001])
def test_a_senseless_count_is_our_mistake(calendar, count):
    with pytest.raises(ValueError, match="cannot count"):
        calendar.add_workdays(date(2026, 9, 21), count)


def test_an_unpublished_year_is_reckoned_and_provisional(calendar):
    assert calendar.is_provisional(date(2027, 1, 4))
    assert not calendar.is_provisional(date(2026, 12, 31))
    off = [
        (1, 1), (2, 5), (2, 6), (2, 7), (2, 8), (4, 5), (5, 1), (5, 2),
        (6, 9), (9, 15), (10, 1), (10, 2), (10, 3),
    ]  # fmt: skip
    named = [day for day in days_of(2027) if calendar.name(day) not in ("", "休")]
    assert named == [date(2027, *d) for d in off]


@pytest.mark.parametrize("year", range(2027, 2041))
def test_every_year_ahead_has_its_thirteen_days(calendar, year):
    named = [day for day in days_of(year) if calendar.name(day) not in ("", "休")]
    # Mid-autumn on a National Day leaves twelve different days (2031, 2039).
    assert len(named) == (12 if year in (2031, 2039) or date(year, 10, 3) in calendar.moon else 13)


def test_far_years_still_count_by_weekends_and_fixed_festivals(calendar):
    assert not calendar.is_workday(date(2077, 10, 1))
    assert calendar.is_provisional(date(2077, 10, 1))


def test_names_say_why(calendar):
    assert calendar.name(date(2026, 9, 25)) == "中秋"
    assert calendar.name(date(2026, 9, 19)) == "休"
    assert calendar.name(date(2026, 9, 20)) == ""
    assert calendar.is_worked_weekend(date(2026, 9, 20))


@pytest.mark.parametrize(
    ("today", "missing"),
    [((2026, 10, 31), None), ((2026, 11, 1), 2027), ((2025, 11, 1), None), ((2026, 12, 31), 2027)],
)
def test_next_year_is_asked_for_from_november(calendar, today, missing):
    assert calendar.missing_year(date(*today)) == missing


def test_closures_lengthen_promises_only(calendar):
    closed = replace(calendar, closures={date(2026, 9, 22): "停电"})
    assert closed.add_workdays(date(2026, 9, 21), 1) == date(2026, 9, 22)
    assert closed.for_promises().add_workdays(date(2026, 9, 21), 1) == date(2026, 9, 23)
    assert closed.for_promises().name(date(2026, 9, 22)) == "停电"
    assert calendar.for_promises() is calendar


def notice_2027(**changes) -> CalendarYear:
    notice = CalendarYear(
        year=2027,
        source="样例通知",
        rest=(
            RestSpan(name="元旦", first=date(2027, 1, 1), last=date(2027, 1, 3)),
            RestSpan(name="春节", first=date(2027, 2, 5), last=date(2027, 2, 11)),
            RestSpan(name="国庆", first=date(2027, 10, 1), last=date(2027, 10, 7)),
        ),
        worked=(date(2027, 2, 13),),
    )
    return replace(notice, **changes)


def test_import_publishes_the_year_and_lists_each_changed_day(calendar):
    after, changes = import_year(calendar, notice_2027())
    assert not after.is_provisional(date(2027, 1, 4))
    changed = {change.day: change.is_workday for change in changes}
    assert changed[date(2027, 2, 9)] is False
    assert changed[date(2027, 2, 13)] is True
    # Festivals that this notice does not name are no longer days off.
    assert changed[date(2027, 6, 9)] is True
    assert all(calendar.is_workday(c.day) == c.was_workday for c in changes)
    assert [day for day in days_of(2026) if calendar.is_workday(day) != after.is_workday(day)] == []


def test_import_twice_is_import_once(calendar):
    once, _ = import_year(calendar, notice_2027())
    twice, changes = import_year(once, notice_2027())
    assert twice == once
    assert changes == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"worked": (date(2027, 2, 15),)}, "不是周末"),
        ({"worked": (date(2027, 10, 2),)}, "又放假又上班"),
        ({"worked": (date(2029, 2, 17),)}, "不在 2027 年"),
        ({"rest": (RestSpan(name="元旦", first=date(2027, 1, 3), last=date(2027, 1, 1)),)}, "起止日期"),
        ({"rest": (RestSpan(name="元旦", first=date(2027, 1, 1), last=date(2027, 1, 1)),)}, "全年"),
    ],
)
def test_a_notice_that_cannot_be_right_is_refused(calendar, changes, words):
    with pytest.raises(Refusal, match=words):
        import_year(calendar, notice_2027(**changes))
