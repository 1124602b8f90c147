"""Why a date is that date: at most four sentences and the article, in the words of the screen."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from onewindow_desk.domain.calendar import WEEKEND, WorkCalendar
from onewindow_desk.domain.dates import day_words, span_words, weekday_name
from onewindow_desk.domain.suspension import STOP_NAMES, Suspension

PROVISIONAL_NOTE = "以国务院办公厅节假日安排为准"
_DAY = timedelta(days=1)


class ExplainLine(Struct, frozen=True, kw_only=True):
    """One sentence; the last line is the article, in brackets."""

    text: str
    article: bool = False


def sentences(*texts: str, article: str) -> tuple[ExplainLine, ...]:
    """The lines that say something, then the article."""
    spoken = tuple(ExplainLine(text=text) for text in texts if text)
    return (*spoken, ExplainLine(text=f"（{article}）", article=True))


def start_line(what: str, start: date) -> str:
    """Where the count begins, such as 收件 9月15日（周二），当天不计."""
    return f"{what} {_with_weekday(start, start.year)}，当天不计。"


def special_days(
    start: date, due: date, calendar: WorkCalendar, stopped: frozenset[date] = frozenset()
) -> str:
    """Festivals and worked weekends after `start` up to `due`, in one sentence; "" for none."""
    spans = [
        f"{span_words(first, last, start.year)} {name}放假，不计"
        for first, last, name in _festivals(start, due, calendar)
    ]
    worked = [
        day
        for day in _days(start, due)
        if calendar.is_worked_weekend(day) and calendar.is_workday(day) and day not in stopped
    ]
    parts = spans + ([_worked_words(worked, start.year)] if worked else [])
    return "；".join(parts) + "。" if parts else ""


def nth_line(count: int, due: date, start: date, today: date | None, *, provisional: bool) -> str:
    """Which day the count ends on, such as 第 5 个工作日是今天，到 24 时止."""
    words = _with_weekday(due, start.year)
    nth = f"第 {count} 个工作日"
    if provisional:
        return f"{nth}暂定 {words}，{PROVISIONAL_NOTE}。"
    if today == due:
        return f"{nth}是今天，到 24 时止。"
    if today is not None and today > due:
        return f"{nth}是 {words}，24 时已过。"
    return f"{nth}是 {words}，到 24 时止。"


def deemed_line(received: date, due: date, today: date | None) -> str:
    """What silence does, such as 届时未答复，自 9月15日 起视为受理."""
    words = day_words(received, received.year)
    if today is not None and today > due:
        return f"到期未答复，已自 {words} 起视为受理。"
    return f"届时未答复，自 {words} 起视为受理。"


def brief_answer(received: date, due: date, calendar: WorkCalendar) -> tuple[ExplainLine, ...]:
    """The two lines of the intake card, before anything is received."""
    specials = special_days(received, due, calendar).removesuffix("。")
    # The card stands under the due date; the month of the receipt need not be said again.
    specials = specials.removeprefix(f"{received.month}月")
    first = "；".join(part for part in ("收件当天不计", specials) if part) + "。"
    words = day_words(received, received.year)
    lines = [first, f"到期未答复，自 {words} 起视为受理。"]
    if calendar.is_provisional(due):
        lines.append(f"日期暂定，{PROVISIONAL_NOTE}。")
    return tuple(ExplainLine(text=text) for text in lines)


def stops_line(stops: Sequence[tuple[Suspension, date]], start: date, not_counted: int) -> str:
    """What stopped the clock, each stop with its effective end, and the days it cost in all."""
    if not stops:
        return ""
    words = "、".join(_stop_words(stop, end, start.year) for stop, end in stops)
    return f"{words} 停钟，共 {not_counted} 个工作日不计。" if not_counted else f"{words}，期限不变。"


def _stop_words(stop: Suspension, end: date, year: int) -> str:
    name = STOP_NAMES[stop.kind]
    if end <= stop.start:
        return f"{name}当天结束"
    told = f"（告知 {stop.told_days} 个工作日）" if stop.ended is None else ""
    return f"{name} {span_words(stop.start + _DAY, end, year)}{told}"


def _with_weekday(day: date, year: int) -> str:
    return f"{day_words(day, year)}（{weekday_name(day)}）"


def _worked_words(days: list[date], year: int) -> str:
    words = "、".join(_with_weekday(day, year) for day in days)
    return f"{words}是上班日，计 1 天" if len(days) == 1 else f"{words}是上班日，各计 1 天"


def _days(start: date, due: date) -> Iterator[date]:
    for step in range(1, (due - start).days + 1):
        yield start + _DAY * step


def _festivals(start: date, due: date, calendar: WorkCalendar) -> Iterator[tuple[date, date, str]]:
    """Runs of rest days that hold a festival: first day, last day, its name."""
    run: list[date] = []
    for day in (*_days(start, due), due + _DAY):
        if day <= due and not calendar.is_workday(day):
            run.append(day)
            continue
        names = dict.fromkeys(name for rest in run if (name := calendar.name(rest)) != WEEKEND)
        if names:
            yield run[0], run[-1], "、".join(names)
        run = []
