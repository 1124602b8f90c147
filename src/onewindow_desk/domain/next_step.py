"""What a list says about a case: the clock, the next step, and one line of why."""

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from onewindow_desk.domain.calendar import WorkCalendar
from onewindow_desk.domain.case import Case, Mode, as_of
from onewindow_desk.domain.dates import day_words, local_date
from onewindow_desk.domain.deadline import (
    Due,
    answer_due,
    decision_dues,
    delivery_due,
    effective_end,
    terms_of,
    terms_of_case,
)
from onewindow_desk.domain.item import DecisionLevel, Item
from onewindow_desk.domain.lifecycle import BY_PROPOSAL
from onewindow_desk.domain.states import FINAL, STATE_NAMES, State
from onewindow_desk.domain.suspension import STOP_NAMES

_UNANSWERED_SOON = 2
_SHARE_SOON = 5


class BadgeKind(StrEnum):
    """The sign and colour of the clock badge."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    OK = "ok"
    STOPPED = "stopped"
    WAITING = "waiting"
    READY = "ready"
    DONE = "done"


class ClockBadge(Struct, frozen=True, kw_only=True):
    """What the badge shows; `provisional` adds 暂定. `due` sorts the list, None sorts last."""

    kind: BadgeKind
    text: str
    provisional: bool = False
    due: date | None = None


class NextStep(Struct, frozen=True, kw_only=True):
    """One row's last columns: what to do, the clock, and the second line under the item."""

    text: str
    badge: ClockBadge
    detail: str = ""


class _View:
    """One look at a case: as of now, with its calendar and, where it is known, its item."""

    def __init__(self, case: Case, now: datetime, calendar: WorkCalendar, item: Item | None) -> None:
        self.case = as_of(case, now, calendar)
        self.calendar = calendar
        self.today = local_date(now)
        self.terms = terms_of(item) if item else terms_of_case(case)

    def clock(self, deadline: Due, soon: int = 1) -> ClockBadge:
        """The badge of a running clock; `soon` is from how many days left it is amber."""
        left = self.calendar.workdays_between(self.today, deadline.due)
        kind, text = _clock_words(self.today, deadline.due, left, self.calendar)
        if kind is BadgeKind.OK and (left <= soon or left * _SHARE_SOON <= deadline.limit):
            kind = BadgeKind.SOON
        return ClockBadge(kind=kind, text=text, provisional=deadline.provisional, due=deadline.due)

    def decision_clock(self) -> tuple[ClockBadge, str]:
        """The badge of the promise and the words of both limits."""
        both = decision_dues(self.case, self.terms, self.calendar) if self.terms else None
        if both is None:
            return ClockBadge(kind=BadgeKind.OK, text=STATE_NAMES[self.case.state]), ""
        promised, statutory = both
        return self.clock(promised), f"承诺 {self.day(promised)}，法定 {self.day(statutory)}"

    def day(self, deadline: Due) -> str:
        """A due date in words, marked while it is provisional."""
        words = day_words(deadline.due, self.today.year)
        return f"{words}（暂定）" if deadline.provisional else words

    def words(self, day: date) -> str:
        """A day in words, with its year when it is not this year."""
        return day_words(day, self.today.year)

    def acted_on(self, kind: str) -> date | None:
        """The day of the last act of this kind."""
        return next((local_date(act.at) for act in reversed(self.case.acts) if act.kind == kind), None)


def next_step(case: Case, now: datetime, calendar: WorkCalendar, item: Item | None = None) -> NextStep:
    """The next step of a case at `now`; without its item the limits come from its receipt."""
    view = _View(case, now, calendar, item)
    state = view.case.state
    if state in FINAL:
        return NextStep(text=STATE_NAMES[state], badge=_plain(BadgeKind.DONE, "办结"))
    step = _STEPS[state](view)
    if view.case.proposal is None:
        return step
    return NextStep(text=_second_person(view.case.proposal.kind), badge=step.badge, detail=step.detail)


def _clock_words(today: date, due: date, left: int, calendar: WorkCalendar) -> tuple[BadgeKind, str]:
    if today == due:
        return BadgeKind.TODAY, "今天到期"
    if today > due:
        # A weekend after the last day is past it all the same.
        late = max(1, calendar.workdays_between(due, today))
        return BadgeKind.OVERDUE, f"逾期 {late} 天"
    return BadgeKind.OK, f"剩 {left} 天"


def _plain(kind: BadgeKind, text: str) -> ClockBadge:
    return ClockBadge(kind=kind, text=text)


def _second_person(proposal: str) -> str:
    if proposal == "dispatch":
        return "待后台签收"
    return f"待另一位同事确认：{BY_PROPOSAL[proposal].action}"


def _draft(_view: _View) -> NextStep:
    return NextStep(text="继续填写", badge=_plain(BadgeKind.WAITING, "草稿"))


def _received(view: _View) -> NextStep:
    received_at = view.case.received_at
    if received_at is None:
        return _draft(view)
    deadline = answer_due(received_at, view.calendar)
    badge = view.clock(deadline, soon=_UNANSWERED_SOON)
    last = badge.kind is BadgeKind.TODAY
    detail = "今天不答复即视为受理" if last else f"答复期 {view.day(deadline)} 止"
    return NextStep(text="受理，或出补正告知", badge=badge, detail=detail)


def _correction(view: _View) -> NextStep:
    notice = view.case.corrections[-1]
    late = view.today > notice.answer_by
    return NextStep(
        text="联系申请人，或终止办理" if late else "等补正材料",
        badge=_plain(BadgeKind.WAITING, "等申请人"),
        detail=f"补正告知 {view.words(notice.told_on)}，{view.words(notice.answer_by)} 前补齐",
    )


def _accepted(view: _View) -> NextStep:
    badge, detail = view.decision_clock()
    accepted = view.case.acceptance
    if accepted is not None and accepted.mode is Mode.DEEMED:
        detail = f"{view.words(accepted.on)} 起已视为受理，{detail}".rstrip("，")
        return NextStep(text="补出受理通知书，移交后台", badge=badge, detail=detail)
    return NextStep(text="移交后台", badge=badge, detail=detail)


def _reviewing(view: _View) -> NextStep:
    badge, detail = view.decision_clock()
    pressing = badge.kind in (BadgeKind.OVERDUE, BadgeKind.TODAY, BadgeKind.SOON)
    return NextStep(text="催后台" if pressing else "待后台审查", badge=badge, detail=detail)


def _special(view: _View) -> NextStep:
    stop = view.case.suspensions[-1]
    name = STOP_NAMES[stop.kind]
    if view.today <= effective_end(stop, view.calendar):
        detail = f"{name}中，自 {view.words(stop.start)} 停"
        badge = _plain(BadgeKind.STOPPED, "停钟")
        return NextStep(text=f"等{name}结论", badge=badge, detail=detail)
    badge, _ = view.decision_clock()
    return NextStep(text=f"催{name}结论", badge=badge, detail=f"{name}已过告知天数，恢复计时")


def _reported_up(view: _View) -> NextStep:
    on = view.case.reported_on
    detail = f"{view.words(on)} 转报" if on else ""
    return NextStep(text="等区级决定", badge=_plain(BadgeKind.WAITING, "等区级"), detail=detail)


def _reviewed(view: _View) -> NextStep:
    badge, detail = view.decision_clock()
    return NextStep(text="待签发决定", badge=badge, detail=detail)


def _decided(view: _View) -> NextStep:
    decision = view.case.decision
    by_district = decision is not None and decision.level is DecisionLevel.DISTRICT
    return _before_delivery(view, "转出件窗口" if by_district else "制证用印")


def _certified(view: _View) -> NextStep:
    return _before_delivery(view, "送出件窗口")


def _fee_due(_view: _View) -> NextStep:
    return NextStep(text="等缴费", badge=_plain(BadgeKind.WAITING, "等申请人"))


def _before_delivery(view: _View, text: str) -> NextStep:
    deadline = _delivery(view)
    if deadline is None:
        return NextStep(text=text, badge=_plain(BadgeKind.OK, STATE_NAMES[view.case.state]))
    badge = view.clock(deadline, soon=_UNANSWERED_SOON)
    return NextStep(text=text, badge=badge, detail=f"{view.day(deadline)} 前送达")


def _ready(view: _View) -> NextStep:
    told = view.acted_on("take_for_issue") or view.acted_on("forward_district_paper")
    detail = f"已通知 {view.words(told)}" if told else ""
    deadline = _delivery(view)
    badge = _plain(BadgeKind.READY, "可发证")
    if deadline is not None and view.today > deadline.due:
        badge = view.clock(deadline)
    return NextStep(text="核身份后发证", badge=badge, detail=detail)


def _delivered(_view: _View) -> NextStep:
    return NextStep(text="归档", badge=_plain(BadgeKind.DONE, "办结"))


def _delivery(view: _View) -> Due | None:
    decision = view.case.decision
    return delivery_due(decision.on, view.calendar) if decision else None


_STEPS: dict[State, Callable[[_View], NextStep]] = {
    State.DRAFT: _draft,
    State.RECEIVED: _received,
    State.CORRECTION: _correction,
    State.ACCEPTED: _accepted,
    State.REVIEWING: _reviewing,
    State.SPECIAL: _special,
    State.REPORTED_UP: _reported_up,
    State.REVIEWED: _reviewed,
    State.GRANTED: _decided,
    State.DENIED: _decided,
    State.FEE_DUE: _fee_due,
    State.CERTIFIED: _certified,
    State.READY: _ready,
    State.DELIVERED: _delivered,
}
