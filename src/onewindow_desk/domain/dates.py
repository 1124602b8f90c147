"""Days and times as the law and the papers speak of them: Asia/Shanghai, Chinese words."""

from datetime import date, datetime, timedelta, timezone

# China has had one offset and no summer time since 1991; a fixed offset needs no zone table.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
_WEEKDAYS = "一二三四五六日"


def local_date(at: datetime) -> date:
    """The day in Shanghai of an aware moment."""
    return at.astimezone(SHANGHAI).date()


def weekday_name(day: date, prefix: str = "周") -> str:
    """周二, or 星期二 with that prefix."""
    return prefix + _WEEKDAYS[day.weekday()]


def day_words(day: date, year: int | None = None) -> str:
    """9月15日; with the year in front when it is not `year`."""
    words = f"{day.month}月{day.day}日"
    return words if year is None or day.year == year else f"{day.year}年{words}"


def span_words(first: date, last: date, year: int | None = None) -> str:
    """9月25–27日, or 9月29日–10月7日 over the end of a month."""
    if first == last:
        return day_words(first, year)
    head = day_words(first, year).removesuffix("日")
    if (first.year, first.month) == (last.year, last.month):
        return f"{head}–{last.day}日"
    return f"{head}日–{day_words(last, first.year)}"
