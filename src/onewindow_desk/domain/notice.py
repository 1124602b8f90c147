"""Reading next year's holiday notice: its text as pasted, or lines of date, kind and name."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from onewindow_desk.domain.calendar import CalendarYear, RestSpan, check_year
from onewindow_desk.faults import Refusal

_DAY = timedelta(days=1)
_ENTRY = re.compile(r"^\s*[一二三四五六七八九十]+、\s*([^：:]{1,20})[：:]\s*(.+)$")
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_SPAN = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:至(?:(?:(\d{4})年)?(\d{1,2})月)?(\d{1,2})日)?")
_WEEKDAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日[（(][^（）()]*(?:周|星期)([一二三四五六日天])")
_LENGTH = re.compile(r"共(\d{1,2})天")
_ROW = re.compile(r"^\s*(\d{4}-\d{2}-\d{2})\s*[,，\t]\s*(放假|上班)\s*(?:[,，\t]\s*(.*?))?\s*$")
_SHORT = {"清明节": "清明", "端午节": "端午", "中秋节": "中秋", "国庆节": "国庆"}


def parse_notice(text: str, year: int, source: str) -> CalendarYear:
    """One year's days off and worked weekends; Refusal names the line that cannot be right.

    `source` is the notice's title and number, kept beside the days.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    tabular = bool(lines) and _ROW.match(lines[0]) is not None
    parsed = _from_rows(lines, year, source) if tabular else _from_prose(lines, year, source)
    if not parsed.rest:
        raise Refusal(
            "没有读到放假的日期。请贴上通知全文，或每行写“日期，放假或上班，名称”。", field="notice"
        )
    check_year(parsed)
    return parsed


def _from_prose(lines: list[str], year: int, source: str) -> CalendarYear:
    rest: list[RestSpan] = []
    worked: list[date] = []
    for number, line in enumerate(lines, 1):
        entry = _ENTRY.match(line)
        if entry is None:
            continue
        _check_weekdays(line, number, year)
        body = _BRACKETS.sub("", entry[2])
        for sentence in re.split(r"[。；;]", body):
            if "上班" in sentence:
                worked += [first for first, _ in _spans(sentence, number, year)]
            elif "放假" in sentence:
                rest += _rest(_short(entry[1]), sentence, number, year)
    return CalendarYear(year=year, source=source, rest=tuple(rest), worked=tuple(sorted(worked)))


def _from_rows(lines: list[str], year: int, source: str) -> CalendarYear:
    rest: list[RestSpan] = []
    worked: list[date] = []
    for number, line in enumerate(lines, 1):
        row = _ROW.match(line)
        day = _day(row[1], number) if row else None
        if row is None or day is None:
            raise _unread(number)
        if row[2] == "上班":
            worked.append(day)
        elif rest and rest[-1].last + _DAY == day and rest[-1].name == _short(row[3] or ""):
            rest[-1] = RestSpan(name=rest[-1].name, first=rest[-1].first, last=day)
        else:
            rest.append(RestSpan(name=_short(row[3] or "放假"), first=day, last=day))
    return CalendarYear(year=year, source=source, rest=tuple(rest), worked=tuple(sorted(worked)))


def _rest(name: str, sentence: str, number: int, year: int) -> list[RestSpan]:
    spans = [RestSpan(name=name, first=first, last=last) for first, last in _spans(sentence, number, year)]
    told = _LENGTH.search(sentence)
    days = sum((span.last - span.first).days + 1 for span in spans)
    if told is not None and int(told[1]) != days:
        raise Refusal(
            f"第 {number} 行写的是共 {told[1]} 天，日期却有 {days} 天。请核对后再导入。", field="notice"
        )
    return spans


def _spans(sentence: str, number: int, year: int) -> Iterator[tuple[date, date]]:
    for found in _SPAN.finditer(sentence):
        first_year, month, day, last_year, last_month, last_day = found.groups()
        first = _date(int(first_year or year), int(month), int(day), number)
        if last_day is None:
            yield first, first
            continue
        last = _date(int(last_year or year), int(last_month or month), int(last_day), number)
        yield first, last


def _check_weekdays(line: str, number: int, year: int) -> None:
    for found in _WEEKDAY.finditer(line):
        day = _date(int(found[1] or year), int(found[2]), int(found[3]), number)
        if "一二三四五六日".index(found[4].replace("天", "日")) != day.weekday():
            raise Refusal(
                f"第 {number} 行的 {found[2]}月{found[3]}日 不是周{found[4]}。请核对年份和日期后再导入。",
                field="notice",
            )


def _date(year: int, month: int, day: int, number: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as trouble:
        raise _unread(number) from trouble


def _day(text: str, number: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as trouble:
        raise _unread(number) from trouble


def _unread(number: int) -> Refusal:
    return Refusal(f"第 {number} 行的日期读不懂。请改正后再导入。", field="notice")


def _short(name: str) -> str:
    plain = name.strip() or "放假"
    return "、".join(_SHORT.get(part, part) for part in plain.split("、"))
