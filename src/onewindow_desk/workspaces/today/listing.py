"""The list without its widgets: the filters with their counts, and what each column shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from PySide6.QtCore import QCoreApplication

from onewindow_desk.domain.calendar import WorkCalendar
from onewindow_desk.domain.dates import day_words
from onewindow_desk.domain.next_step import BadgeKind
from onewindow_desk.domain.numbering import format_receipt_no
from onewindow_desk.services.today import TodayRow
from onewindow_desk.workspaces.shared.badges import Badge
from onewindow_desk.workspaces.shared.rows import Cell, Column

NUMBER_COLUMN = 1
_PRESSING = (BadgeKind.OVERDUE, BadgeKind.TODAY, BadgeKind.SOON)


def tr(text: str) -> str:
    """The list's words in the person's language; Chinese is the source."""
    return QCoreApplication.translate("Today", text)


class Filter(IntEnum):
    """What the list is narrowed to, in the order of the chips and of Alt+1…4."""

    ALL = 0
    DUE = 1
    NEXT = 2
    PAPER = 3


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter as it is drawn: icon, colour token, words, how many rows it leaves."""

    filter: Filter
    icon: str
    colour: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Days:
    """Today and the next working day, which the two filters of time stand for."""

    today: date
    following: date


def days_at(today: date, calendar: WorkCalendar) -> Days:
    """Today and the working day after it."""
    return Days(today, calendar.add_workdays(today, 1))


def passes(row: TodayRow, chosen: Filter, days: Days) -> bool:
    """Whether a filter leaves this row in the list; what is overdue counts as due today."""
    due = row.badge.due
    if chosen is Filter.DUE:
        return due is not None and due <= days.today
    if chosen is Filter.NEXT:
        return due is not None and days.today < due <= days.following
    return chosen is Filter.ALL or row.paper_open


def narrowed(rows: Sequence[TodayRow], chosen: Filter, days: Days) -> tuple[TodayRow, ...]:
    """The rows that pass, in their order."""
    return tuple(row for row in rows if passes(row, chosen, days))


def chips(rows: Sequence[TodayRow], days: Days) -> tuple[Chip, ...]:
    """The four chips over these rows."""
    late = any(row.badge.kind is BadgeKind.OVERDUE for row in rows)
    looks = {
        Filter.ALL: ("inbox", "text", tr("全部")),
        Filter.DUE: ("octagon-alert", "red", tr("今天到期、逾期") if late else tr("今天到期")),
        Filter.NEXT: ("triangle-alert", "amber", _following(days)),
        Filter.PAPER: ("printer", "text", tr("凭证待确认")),
    }
    return tuple(
        Chip(chosen, *look, count=len(narrowed(rows, chosen, days))) for chosen, look in looks.items()
    )


def _following(days: Days) -> str:
    if (days.following - days.today).days == 1:
        return tr("明天到期")
    return tr("%1 到期").replace("%1", day_words(days.following, days.today.year))


def columns() -> tuple[Column[TodayRow], ...]:
    """The columns; widths in pixels at 100 %, the item takes what is left."""
    return (
        Column(tr("时限"), lambda row: Cell(badge=row.badge), 112),
        Column(tr("收件编号"), lambda row: Cell(format_receipt_no(row.receipt_no)), 206),
        Column(tr("申请人"), lambda row: Cell(row.applicant), 138),
        Column(tr("事项"), lambda row: Cell(row.item_name, sub=row.note)),
        Column(tr("阶段"), lambda row: Cell(row.stage, sub=scans_words(row.scans)), 96),
        Column(tr("下一步"), _step, 158),
    )


def scans_words(scans: tuple[int, int] | None) -> str:
    """扫描件 2/5 while they are on their way; "" when all are at the central."""
    return tr("扫描件 %1/%2").replace("%1", str(scans[0])).replace("%2", str(scans[1])) if scans else ""


def _step(row: TodayRow) -> Cell:
    if row.unsound:
        return Cell(badge=Badge("unsound", tr("请核对")))
    if row.upgrade:
        return Cell(badge=Badge("upgrade", tr("请升级")))
    return Cell(row.step, bold=row.paper_open or row.badge.kind in _PRESSING)


def place_of(rows: Sequence[TodayRow], case_id: object) -> int:
    """Where a case stands in the rows; the first place when it is not there."""
    return next((place for place, row in enumerate(rows) if row.case_id == case_id), 0)
