from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from onewindow_desk.domain.case import Acceptance, Case, Extension, Mode
from onewindow_desk.domain.deadline import (
    CellKind,
    Due,
    StopKind,
    Suspension,
    acceptance_deadline,
    answer_due,
    deadlines_if_accepted,
    decision_deadlines,
    decision_dues,
    delivery_deadline,
    delivery_due,
    first_review_deadline,
    local_date,
    stopped_days,
    terms_of,
)
from onewindow_desk.faults import Refusal

DAY = timedelta(days=1)


def morning(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 1, 42, tzinfo=UTC)


def accepted(*day: int, mode: Mode = Mode.COMPLETE, **more) -> Case:
    return Case(case_id=UUID(int=1), acceptance=Acceptance(mode=mode, on=date(*day)), **more)


def stop(start: date, ended: date | None = None, told: int = 60, kind=StopKind.EXPERT_REVIEW) -> Suspension:
    return Suspension(kind=kind, start=start, told_days=told, ended=ended)


def october(first: int, last: int | None, told: int = 60) -> Suspension:
    return stop(date(2026, 10, first), date(2026, 10, last) if last else None, told)


def texts(deadline) -> list[str]:
    return [line.text for line in deadline.lines]


@pytest.mark.parametrize(
    ("stops", "extension", "due"),
    [
        ((), 0, (2026, 10, 30)),
        ((october(12, 16),), 0, (2026, 11, 5)),
        ((october(12, 12),), 0, (2026, 10, 30)),
        ((), 10, (2026, 11, 13)),
        ((october(12, 16), october(14, 20)), 0, (2026, 11, 9)),
        ((october(12, 16), october(12, 16)), 0, (2026, 11, 5)),
        # Told five days and never ended, or ended a month late: five days and no more.
        ((october(12, None, told=5),), 0, (2026, 11, 6)),
        ((stop(date(2026, 10, 12), date(2026, 11, 20), 5),), 0, (2026, 11, 6)),
        # Over days off: only working days are left out.
        ((stop(date(2026, 9, 30), date(2026, 10, 8)),), 0, (2026, 11, 2)),
        ((october(12, 16),), 10, (2026, 11, 19)),
        # After the last day there is nothing left to stop.
        ((stop(date(2026, 12, 1), date(2026, 12, 20)),), 0, (2026, 10, 30)),
    ],
)
def test_golden_statutory_dates(calendar, permit_item, stops, extension, due):
    granted = Extension(days=extension, decided_on=date(2026, 10, 20)) if extension else None
    case = accepted(2026, 9, 28, suspensions=stops, extension=granted)
    _, statutory = decision_deadlines(case, permit_item, calendar)
    assert statutory.due == date(*due)


def test_deemed_acceptance_counts_from_the_receipt(calendar, permit_item):
    case = accepted(2026, 9, 21, mode=Mode.DEEMED)
    promised, statutory = decision_deadlines(case, permit_item, calendar)
    assert (promised.due, statutory.due) == (date(2026, 9, 24), date(2026, 10, 26))
    assert texts(statutory)[0] == "收件并视为受理 9月21日（周一），当天不计。"


def test_the_case_of_the_first_picture(calendar):
    deadline = acceptance_deadline(morning(2026, 9, 15), calendar, today=date(2026, 9, 21))
    assert deadline.due == date(2026, 9, 21)
    assert texts(deadline) == [
        "收件 9月15日（周二），当天不计。",
        "9月20日（周日）是上班日，计 1 天。",
        "第 5 个工作日是今天，到 24 时止。",
        "届时未答复，自 9月15日 起视为受理。",
        "（许可法第32条）",
    ]
    assert [line.article for line in deadline.lines] == [False] * 4 + [True]
    assert [(cell.day.day, cell.kind, cell.count, cell.note) for cell in deadline.days] == [
        (15, CellKind.START, 0, "收件"),
        (16, CellKind.COUNTED, 1, ""),
        (17, CellKind.COUNTED, 2, ""),
        (18, CellKind.COUNTED, 3, ""),
        (19, CellKind.REST, 0, "休"),
        (20, CellKind.COUNTED, 4, ""),
        (21, CellKind.LAST, 5, "止"),
    ]


def test_the_card_of_the_intake_picture(calendar, permit_item):
    deadline = acceptance_deadline(morning(2026, 9, 21), calendar)
    assert deadline.due == date(2026, 9, 29)
    assert [line.text for line in deadline.brief] == [
        "收件当天不计；25–27日 中秋放假，不计。",
        "到期未答复，自 9月21日 起视为受理。",
    ]
    assert [cell.note for cell in deadline.days if cell.kind is CellKind.REST] == ["中秋", "休", "休"]
    promised, statutory = deadlines_if_accepted(date(2026, 9, 21), permit_item, calendar)
    assert (promised.due, statutory.due) == (date(2026, 9, 24), date(2026, 10, 26))


def test_past_the_last_day_the_words_change(calendar):
    deadline = acceptance_deadline(morning(2026, 9, 15), calendar, today=date(2026, 9, 22))
    assert texts(deadline)[2:4] == [
        "第 5 个工作日是 9月21日（周一），24 时已过。",
        "到期未答复，已自 9月15日 起视为受理。",
    ]


def test_both_festivals_and_worked_weekends_are_one_sentence(calendar):
    deadline = acceptance_deadline(morning(2026, 9, 28), calendar)
    assert texts(deadline)[1] == "10月1–7日 国庆放假，不计；10月10日（周六）是上班日，计 1 天。"


def test_a_festival_over_the_end_of_a_month_and_a_year(calendar):
    may = acceptance_deadline(morning(2024, 9, 30), calendar)
    assert texts(may)[1] == "10月1–7日 国庆放假，不计；10月12日（周六）是上班日，计 1 天。"
    spring = acceptance_deadline(morning(2025, 1, 26), calendar)
    assert texts(spring)[1] == "1月28日–2月4日 春节放假，不计；2月8日（周六）是上班日，计 1 天。"


@pytest.mark.parametrize(
    ("received", "due", "provisional"),
    [((2026, 12, 24), (2026, 12, 31), False), ((2026, 12, 25), (2027, 1, 4), True)],
)
def test_a_date_that_rests_on_an_unpublished_year_is_marked(calendar, received, due, provisional):
    deadline = acceptance_deadline(morning(*received), calendar, today=date(*received))
    assert (deadline.due, deadline.provisional) == (date(*due), provisional)
    said = any("暂定" in text and "以国务院办公厅节假日安排为准" in text for text in texts(deadline))
    assert said == provisional
    assert ("暂定" in deadline.brief[-1].text) == provisional


def test_what_stopped_the_clock_is_said_once_with_its_sum(calendar, permit_item):
    case = accepted(2026, 9, 28, suspensions=(october(12, 16), october(14, 20)))
    _, statutory = decision_deadlines(case, permit_item, calendar)
    assert texts(statutory) == [
        "受理 9月28日（周一），当天不计。",
        "10月1–7日 国庆放假，不计；10月10日（周六）是上班日，计 1 天。",
        "专家评审 10月13–16日、专家评审 10月15–20日 停钟，共 6 个工作日不计。",
        "第 20 个工作日是 11月9日（周一），到 24 时止。",
        "（许可法第42条、第45条）",
    ]
    stopped = [cell.day.day for cell in statutory.days if cell.kind is CellKind.STOPPED]
    assert stopped == [13, 14, 15, 16, 19, 20]


def test_an_open_stop_says_what_was_told(calendar, permit_item):
    case = accepted(2026, 9, 28, suspensions=(october(12, None, told=5),))
    _, statutory = decision_deadlines(case, permit_item, calendar)
    assert texts(statutory)[2] == "专家评审 10月13–19日（告知 5 个工作日） 停钟，共 5 个工作日不计。"


def test_a_stop_of_no_day_changes_nothing(calendar, permit_item):
    case = accepted(2026, 9, 28, suspensions=(october(12, 12),))
    _, statutory = decision_deadlines(case, permit_item, calendar)
    assert texts(statutory)[2] == "专家评审当天结束，期限不变。"


def test_the_extension_is_said(calendar, permit_item):
    case = accepted(2026, 9, 28, extension=Extension(days=10, decided_on=date(2026, 10, 20)))
    promised, statutory = decision_deadlines(case, permit_item, calendar)
    assert texts(statutory)[-2] == "已延长 10 个工作日，第 30 个工作日是 11月13日（周五），到 24 时止。"
    assert promised.limit == 13


def test_before_acceptance_there_is_no_decision_date(calendar, permit_item):
    with pytest.raises(Refusal, match="还没有受理"):
        decision_deadlines(Case(case_id=UUID(int=1)), permit_item, calendar)


def test_an_item_without_a_statutory_limit_has_twenty_days(calendar, catalogue):
    item = catalogue.item("JN34-ZS-01")
    assert item.limits.statutory_days is None
    assert terms_of(item).statutory == 20
    _, statutory = deadlines_if_accepted(date(2026, 9, 28), item, calendar)
    assert statutory.due == date(2026, 10, 30)
    assert texts(statutory)[-1] == "（按本事项法定期限）"


def test_closures_move_the_promise_and_not_the_law(calendar, permit_item):
    closed = replace(calendar, closures={date(2026, 9, 22): "停电"})
    promised, statutory = deadlines_if_accepted(date(2026, 9, 21), permit_item, closed)
    assert (promised.due, statutory.due) == (date(2026, 9, 28), date(2026, 10, 26))
    assert "停电放假，不计" in texts(promised)[1]


def test_delivery_and_first_review(calendar):
    assert delivery_deadline(date(2026, 9, 28), calendar).due == date(2026, 10, 16)
    assert delivery_due(date(2026, 9, 28), calendar).due == date(2026, 10, 16)
    assert texts(delivery_deadline(date(2026, 9, 28), calendar))[-1] == "（许可法第44条）"
    assert first_review_deadline(date(2026, 9, 28), calendar).due == date(2026, 10, 30)


# 24:00 in Shanghai is 16:00 UTC.
def test_the_day_is_shanghais():
    assert local_date(datetime(2026, 9, 20, 15, 59, tzinfo=UTC)) == date(2026, 9, 20)
    assert local_date(datetime(2026, 9, 20, 16, 0, tzinfo=UTC)) == date(2026, 9, 21)


near = st.dates(date(2026, 1, 1), date(2026, 12, 31))
stops = st.lists(
    st.builds(
        lambda start, length, told, still_open: stop(
            start, None if still_open else start + DAY * length, told
        ),
        near,
        st.integers(0, 40),
        st.integers(1, 30),
        st.booleans(),
    ),
    max_size=4,
)


def naive_stopped(calendar, all_stops) -> set[date]:
    """Day by day, as a clerk would cross them out."""
    crossed = set()
    for each in all_stops:
        day, told = each.start, each.told_days
        while told and (each.ended is None or day < each.ended):
            day += DAY
            crossed.add(day)
            told -= calendar.is_workday(day)
    return crossed


@settings(deadline=None)
@given(start=near, all_stops=stops, extension=st.integers(0, 10))
def test_counting_agrees_with_crossing_out_days(calendar, permit_item, start, all_stops, extension):
    case = accepted(2026, 1, 1, suspensions=tuple(all_stops))
    case = replace(
        case,
        acceptance=Acceptance(mode=Mode.COMPLETE, on=start),
        extension=Extension(days=extension, decided_on=start) if extension else None,
    )
    _, statutory = decision_deadlines(case, permit_item, calendar)
    crossed = naive_stopped(calendar, all_stops)
    counted = [
        day
        for n in range(1, (statutory.due - start).days + 1)
        if calendar.is_workday(day := start + DAY * n) and day not in crossed
    ]
    assert len(counted) == 20 + extension
    assert counted[-1] == statutory.due
    working = {day for day in stopped_days(all_stops, calendar) if calendar.is_workday(day)}
    assert working == {day for day in crossed if calendar.is_workday(day)}


@settings(deadline=None)
@given(start=near, all_stops=stops, today=near)
def test_every_deadline_explains_itself(calendar, permit_item, start, all_stops, today):
    case = replace(
        accepted(2026, 1, 1, suspensions=tuple(all_stops)),
        acceptance=Acceptance(mode=Mode.COMPLETE, on=start),
    )
    received_at = datetime(start.year, start.month, start.day, 4, tzinfo=UTC)
    answer = acceptance_deadline(received_at, calendar, today)
    deadlines = (answer, *decision_deadlines(case, permit_item, calendar, today))
    for deadline in deadlines:
        sentences = [line.text for line in deadline.lines if not line.article]
        assert 2 <= len(sentences) <= 4
        assert all(text.endswith("。") and text.count("。") == 1 for text in sentences)
        assert deadline.lines[-1].article
        # The ruler has every day once and its numbers run up to the limit.
        assert [cell.day for cell in deadline.days] == [
            start + DAY * n for n in range((deadline.due - start).days + 1)
        ]
        assert [cell.count for cell in deadline.days if cell.count] == [*range(1, deadline.limit + 1)]
        assert deadline.days[0].kind is CellKind.START
        assert deadline.days[-1].kind is CellKind.LAST
        assert deadline.provisional == (deadline.due.year == 2027)
    dues = decision_dues(case, terms_of(permit_item), calendar)
    assert dues is not None
    found = [Due(due=each.due, limit=each.limit, provisional=each.provisional) for each in deadlines]
    assert found == [answer_due(received_at, calendar), *dues]


@settings(deadline=None)
@given(start=near, all_stops=stops)
def test_a_stop_never_brings_a_date_forward(calendar, permit_item, start, all_stops):
    plain = replace(accepted(2026, 1, 1), acceptance=Acceptance(mode=Mode.COMPLETE, on=start))
    due = decision_deadlines(plain, permit_item, calendar)[1].due
    for n in range(len(all_stops)):
        stopped = replace(plain, suspensions=tuple(all_stops[: n + 1]))
        later = decision_deadlines(stopped, permit_item, calendar)[1].due
        assert later >= due
        due = later
