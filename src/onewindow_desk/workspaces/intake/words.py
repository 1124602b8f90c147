"""The words of the intake workspace that are made from facts, and the one way to fill them in."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from PySide6.QtCore import QCoreApplication

from onewindow_desk.domain.dates import SHANGHAI, day_words, local_date, weekday_name
from onewindow_desk.domain.item import DecisionLevel, Item, Material

AT_ONCE = "即办件"
_PLACE = re.compile(r"%(\d)")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_NAMED = 3


def tr(text: str) -> str:
    """The words in the person's language; Chinese is the source."""
    return QCoreApplication.translate("Intake", text)


def fill(text: str, *parts: object) -> str:
    """`text` with %1, %2, … filled in, in one pass: what is filled in is never read again."""
    return _PLACE.sub(lambda place: str(parts[int(place[1]) - 1]), text)


def promise(item: Item) -> str:
    """承诺 3 个工作日, or 即办."""
    if item.case_type == AT_ONCE:
        return tr("即办")
    return fill(tr("承诺 %1 个工作日"), item.limits.promised_days)


def result_line(item: Item) -> str:
    """The second line of a search result."""
    return " · ".join((item.category, promise(item), fill(tr("材料 %1 种"), len(item.materials))))


def item_line(item: Item) -> str:
    """The second line of the item chosen."""
    fee = tr("收费") if item.fee_charged else tr("不收费")
    street = item.decision_level is DecisionLevel.STREET
    return " · ".join(
        (item.category, item.case_type, fee, tr("街道决定") if street else tr("街道初审，区里决定"))
    )


def requirement(material: Material) -> str:
    """What is asked of a material: 验原件, 原件 1, 复印件 2."""
    parts = []
    if "核验" in material.form:
        parts.append(tr("验原件"))
    elif material.originals:
        parts.append(fill(tr("原件 %1"), material.originals))
    if material.copies:
        parts.append(fill(tr("复印件 %1"), material.copies))
    return "、".join(parts) or material.form


def handed(originals: int, copies: int) -> str:
    """What came in: 原件 1、复印件 2."""
    parts = []
    if originals:
        parts.append(fill(tr("原件 %1"), originals))
    if copies:
        parts.append(fill(tr("复印件 %1"), copies))
    return "、".join(parts) or tr("未填份数")


def day(when: date, today: date) -> str:
    """9月29日, with the year where it is not this one."""
    return day_words(when, today.year)


def weekday(when: date) -> str:
    """星期二."""
    return weekday_name(when, "星期")


def lately(times: Sequence[datetime], now: datetime) -> str:
    """When an item was received, newest first: 今天已办 4 件, 上次 今天 09:20, 上次 昨天, or the day."""
    today = local_date(now)
    often = sum(local_date(at) == today for at in times)
    if often > 1:
        return fill(tr("今天已办 %1 件"), often)
    last = times[0]
    days = (today - local_date(last)) // timedelta(days=1)
    if days == 0:
        return fill(tr("上次 今天 %1"), f"{last.astimezone(SHANGHAI):%H:%M}")
    return tr("上次 昨天") if days == 1 else fill(tr("上次 %1"), day_words(local_date(last), today.year))


def to_mend(names: Sequence[str], wrong: bool) -> str:
    """还有 2 处要改：证件号码、手机, or 要填 while nothing `wrong` was typed yet; "" when nothing is left."""
    if not names:
        return ""
    shown = "、".join(names[:_NAMED])
    if len(names) > _NAMED:
        shown = fill(tr("%1 等"), shown)
    words = tr("还有 %1 处要改：%2") if wrong else tr("还有 %1 处要填：%2")
    return fill(words, len(names), shown)


def tidy_date(text: str) -> str:
    """A date as typed, written as 2026-09-21 where it can be read; else as it was typed."""
    found = _DATE.fullmatch(text.strip())
    if not found:
        return text
    year, month, day_ = (int(part) for part in found.groups())
    try:
        return date(year, month, day_).isoformat()
    except ValueError:
        return text
