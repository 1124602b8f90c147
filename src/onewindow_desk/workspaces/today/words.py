"""What the details of a case say: the heading over the date, the facts, what was done when by whom."""

from datetime import date, datetime

from PySide6.QtCore import QCoreApplication

from onewindow_desk.domain.case import Case, Source
from onewindow_desk.domain.dates import SHANGHAI, day_words
from onewindow_desk.domain.deadline import Deadline
from onewindow_desk.domain.identity import mask_phone
from onewindow_desk.domain.paper import PaperMark, PaperStatus
from onewindow_desk.services.papers import RECEIPT
from onewindow_desk.services.today import Detail
from onewindow_desk.services.words import act_words
from onewindow_desk.workspaces.today.paper import Receipt, standing

Facts = tuple[tuple[str, str], ...]


def tr(text: str) -> str:
    """The details' words in the person's language; Chinese is the source."""
    return QCoreApplication.translate("Today", text)


def fill(text: str, *parts: str) -> str:
    """Put `parts` for %1, %2 … after translation; a part that holds a percent sign is left as it is."""
    pieces = text
    for place in range(len(parts), 0, -1):
        pieces = pieces.replace(f"%{place}", f"\x00{place}\x00")
    for place, part in enumerate(parts, 1):
        pieces = pieces.replace(f"\x00{place}\x00", part)
    return pieces


def why_title(deadline: Deadline, today: date) -> str:
    """为什么是今天, or the day in words."""
    if deadline.due == today:
        return tr("为什么是今天")
    words = fill(tr("为什么是 %1"), day_words(deadline.due, today.year))
    return fill(tr("%1（暂定）"), words) if deadline.provisional else words


def why(deadline: Deadline) -> str:
    """The sentences, one per line, the article last."""
    return "\n".join(line.text for line in deadline.lines)


def facts(case: Case) -> Facts:
    """Limits, materials, telephone; the telephone masked."""
    return (
        (tr("承诺办结"), _limit(case.promised_days)),
        (tr("法定办结"), _limit(case.statutory_days)),
        (tr("材料"), _materials(case)),
        (tr("联系电话"), mask_phone(case.applicant.phone) if case.applicant else ""),
        (tr("代办人"), case.agent.name if case.agent else ""),
        (tr("收件窗口"), case.window),
    )


def _limit(days: int | None) -> str:
    if days is None:
        return ""
    return tr("当场办结") if days == 0 else fill(tr("受理起 %1 个工作日"), str(days))


def _materials(case: Case) -> str:
    here = [entry for entry in case.materials if entry.source in (Source.SUBMITTED, Source.SHARED)]
    if not here:
        return ""
    pages = sum(len(entry.pages) for entry in here)
    words = fill(tr("%1 种 %2 页"), str(len(here)), str(pages))
    tolerated = sum(entry.source is Source.TOLERATED for entry in case.materials)
    missing = sum(entry.source is Source.MISSING for entry in case.materials)
    if tolerated:
        words += fill(tr("，%1 种容缺"), str(tolerated))
    return words + fill(tr("，%1 种未交"), str(missing)) if missing else words


def acts(detail: Detail) -> Facts:
    """What was done, oldest first: day and time, then the act and who did it."""
    return tuple((_moment(at), _act(kind, name)) for at, kind, name in detail.acts)


def _moment(at: datetime) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{day_words(local.date())} {local:%H:%M}"


def _act(kind: str, name: str) -> str:
    return fill(tr("%1 ・ %2"), act_words(kind), name) if name else act_words(kind)


def paper_words(case: Case) -> tuple[str, str]:
    """How the receipt stands, and the role of the label that says it."""
    receipt = standing(case)
    if receipt is Receipt.UNSENT:
        return tr("凭证还没有打出来。请按 F9 打印。"), "limit"
    if receipt is Receipt.UNANSWERED:
        return tr("凭证已送打印机。纸在手里了按 F9，没出来按 F8。"), "limit"
    return _settled(case), "caption"


def _settled(case: Case) -> str:
    confirmed = [mark for mark in case.papers if _is_out(mark)]
    again = sum(mark.reprint for mark in confirmed)
    when = _moment(confirmed[-1].at) if confirmed else ""
    if again:
        return fill(tr("凭证已打印，补打 %1 次，最近 %2"), str(again), when)
    return fill(tr("凭证 %1 已打印"), when) if when else tr("凭证已打印")


def _is_out(mark: PaperMark) -> bool:
    return mark.document == RECEIPT and mark.status is PaperStatus.CONFIRMED
