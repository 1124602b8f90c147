"""What the page says of a refused step: badges, headings, the ways on, the facts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from onewindow_desk.domain.dates import SHANGHAI, day_words
from onewindow_desk.services.attention import AttentionRow, Exit
from onewindow_desk.services.attention import Badge as Kind
from onewindow_desk.services.words import moment_words
from onewindow_desk.workspaces.shared.badges import Badge
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.rows import Cell, Column


def tr(text: str) -> str:
    """The page's words in the person's language; Chinese is the source."""
    return QCoreApplication.translate("Attention", text)


def fill(text: str, *parts: str) -> str:
    """Put `parts` for %1, %2 … after translation; a part that holds a percent sign is left as it is."""
    for place in range(len(parts), 0, -1):
        text = text.replace(f"%{place}", f"\x00{place}\x00")
    for place, part in enumerate(parts, 1):
        text = text.replace(f"\x00{place}\x00", part)
    return text


@dataclass(frozen=True, slots=True)
class Way:
    """One way on, as its button shows it; `best` is drawn recommended, `ready` can be taken."""

    exit: Exit
    icon: str
    title: str
    text: str
    key: Key | None
    best: bool
    ready: bool


@dataclass(frozen=True, slots=True)
class Why:
    """The box that says what happened: its colour, icon, ink, title and text."""

    card: str
    icon: str
    ink: str
    title: str
    text: str


def column(now: Callable[[], datetime]) -> Column[AttentionRow]:
    """The one column of the list."""
    return Column(tr("需要处理"), lambda row: _cell(row, now()))


def _cell(row: AttentionRow, now: datetime) -> Cell:
    parts = (row.step, row.item_name) if row.badge is not Kind.BEHIND else (row.step, tr("等上一步处理好"))
    sub = " ・ ".join(part for part in parts if part)
    return Cell(
        row.title, sub=sub, badge=badge(row), bold=True, aside=moment_words(row.at, now), stacked=True
    )


def badge(row: AttentionRow) -> Badge:
    """中心退回, 需您确认, 排在后面, 同事转交."""
    words = {
        Kind.RETURNED: tr("中心退回"),
        Kind.CONFIRM: tr("需您确认"),
        Kind.BEHIND: tr("排在后面"),
        Kind.ESCALATED: tr("同事转交"),
    }
    return Badge(row.badge.value, words[row.badge])


def why(row: AttentionRow) -> Why:
    """What happened, and why."""
    looks = {
        Kind.RETURNED: ("red", "octagon-alert", "red", tr("这一步没有被中心采纳：%1 的“%2”")),
        Kind.CONFIRM: ("amber", "triangle-alert", "amber", tr("这一步要您确认：%1 的“%2”")),
        Kind.BEHIND: ("empty", "circle-dashed", "text2", tr("这一步排在后面：%1 的“%2”")),
        Kind.ESCALATED: ("amber", "send", "amber", tr("同事转交给您：%1 的“%2”")),
    }
    card, icon, ink, title = looks[row.badge]
    local = row.at.astimezone(SHANGHAI)
    when = f"{day_words(local.date())} {local:%H:%M}"
    text = fill(tr("原因：%1%2"), row.reason, row.advice)
    if row.recommended is Exit.PAPER:
        title = tr("打印结果不明：%1 送打印机的凭证")
    return Why(card, icon, ink, fill(title, when, row.step), text)


def question(row: AttentionRow) -> str:
    """The words over the ways on."""
    if row.badge is Kind.BEHIND:
        return tr("不用办，等着就行；也可以")
    return tr("怎么办？选一种") if len(ways(row)) > 1 else tr("怎么办")


def ways(row: AttentionRow) -> tuple[Way, ...]:
    """The ways on, the first one first; what is impossible now is there and cannot be pressed."""
    if row.recommended is Exit.PAPER:
        text = tr("打开今日里的这个办件，回答纸拿到了没有。")
        return (Way(Exit.PAPER, "printer", tr("去确认凭证"), text, Key.DO, best=True, ready=True),)
    best = row.recommended
    return (
        Way(
            Exit.REDO, "refresh-cw", tr("改后重做"), _redo_text(row),
            Key.DO if best is Exit.REDO else None, best=best is Exit.REDO, ready=row.can_redo,
        ),
        Way(
            Exit.ESCALATE, "send", tr("交给主管"), _escalate_text(row),
            Key.ATTENTION_SUPERVISOR, best=best is Exit.ESCALATE, ready=_can_escalate(row),
        ),
        Way(
            Exit.WITHDRAW, "undo-2", tr("撤回这一步"), _withdraw_text(row),
            Key.ATTENTION_WITHDRAW, best=False, ready=row.can_withdraw,
        ),
    )  # fmt: skip


def _can_escalate(row: AttentionRow) -> bool:
    return bool(row.supervisors) and row.badge is not Kind.ESCALATED


def _redo_text(row: AttentionRow) -> str:
    if not row.can_redo:
        return tr("现在重做也不会被采纳，请看上面的原因。")
    if row.kind == "receive":
        return tr("打开收件，已填的和扫描件都在；新的一步会注明接替这一步。")
    return fill(tr("按办件现在的情况再办一次“%1”，新的一步会注明接替这一步。"), row.step)


def _escalate_text(row: AttentionRow) -> str:
    if row.badge is Kind.ESCALATED:
        return tr("已经交到主管这里。")
    if not row.supervisors:
        return tr("本街道还没有登记主管，请告诉系统管理员。")
    return fill(tr("连同原因交给主管 %1；您这里不再提醒。"), "、".join(row.supervisors))


def _withdraw_text(row: AttentionRow) -> str:
    if row.told_first:
        return tr("接收凭证已在申请人手中，先联系申请人收回，再撤回。")
    if row.kind == "receive":
        return tr("不再收这一件；撤回本身也记录在案。")
    return fill(tr("不再办“%1”，办件保持中心现状；撤回本身也记录在案。"), row.step)


def facts(row: AttentionRow) -> tuple[tuple[str, str], ...]:
    """What was done, how it stands, what is on paper, what is safe."""
    return (
        (tr("您做的") if row.badge is not Kind.ESCALATED else tr("做了什么"), row.did),
        (tr("中心现状"), row.current),
        (tr("纸面"), row.paper),
        (tr("没有丢失"), row.kept),
    )
