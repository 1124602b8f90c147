"""Days and moments in the words of a paper: Chinese, Shanghai time, always with the year."""

from datetime import date, datetime

from onewindow_desk.domain.dates import SHANGHAI, weekday_name

NOTHING = "—"


def day(value: date) -> str:
    """2026年9月29日: no leading zeros, as GB/T 9704 writes dates."""
    return f"{value.year}年{value.month}月{value.day}日"


def day_and_weekday(value: date) -> str:
    """2026年9月29日 星期二."""
    return f"{day(value)} {weekday_name(value, '星期')}"


def minute(at: datetime) -> str:
    """2026年9月21日 09:42."""
    local = at.astimezone(SHANGHAI)
    return f"{day(local.date())} {local:%H:%M}"


def count(number: int) -> str:
    """A number in a table, a dash for none."""
    return str(number) if number else NOTHING
