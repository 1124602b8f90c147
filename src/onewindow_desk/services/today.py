"""The day's list: every open case with its clock, its stage and its next step."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from onewindow_desk.domain.case import FINAL, STATE_NAMES, Case, State, as_of
from onewindow_desk.domain.dates import local_date
from onewindow_desk.domain.deadline import Deadline, acceptance_deadline, deadlines_by, terms_of_case
from onewindow_desk.domain.next_step import BadgeKind, ClockBadge, next_step
from onewindow_desk.services.line import Arriving, arriving
from onewindow_desk.services.papers import counted_receipts, unanswered
from onewindow_desk.services.shift import Shift
from onewindow_desk.store import CaseRow

OPEN = frozenset(State) - FINAL


class TodayRow(Struct, frozen=True, kw_only=True):
    """One row: what it is, how it stands, what to do. `note` is the second line under the item.

    `scans`: how many of how many are at the central while they are on their way, else None. `upgrade`:
    somebody did what this program does not know; `unsound`: a desk's signature of a step does not fit.
    Either way the case can be looked at and no more.
    """

    case_id: UUID
    badge: ClockBadge
    receipt_no: str
    applicant: str
    item_name: str
    note: str
    stage: str
    step: str
    paper_open: bool
    scans: tuple[int, int] | None = None
    upgrade: bool = False
    unsound: bool = False


class Detail(Struct, frozen=True, kw_only=True):
    """A case opened: its fold as of now, the date and why, what was done by whom; the rest as in the row."""

    case: Case
    badge: ClockBadge
    step: str
    deadline: Deadline | None
    acts: tuple[tuple[datetime, str, str], ...]
    scans: tuple[int, int] | None = None
    upgrade: bool = False
    unsound: bool = False

    @property
    def read_only(self) -> bool:
        """Whether the case can be looked at and no more."""
        return self.upgrade or self.unsound


def rows(shift: Shift) -> tuple[TodayRow, ...]:
    """Open cases, the most urgent first."""
    cases, listed = shift.store.folded(states=OPEN), shift.store.cases(states=OPEN)
    return tuple(sorted(_rows(shift, cases, listed), key=_urgency))


def found(shift: Shift, text: str) -> tuple[TodayRow, ...]:
    """Cases whose number, applicant or item match what was typed, best first."""
    listed = shift.store.find(text)
    return tuple(_rows(shift, [shift.store.case(row.case_id) for row in listed], listed))


def detail(shift: Shift, case_id: UUID) -> Detail:
    """One case with its reasons."""
    case = as_of(shift.store.case(case_id), shift.now(), shift.rules.calendar)
    step = next_step(case, shift.now(), shift.rules.calendar)
    return Detail(
        case=case,
        badge=step.badge,
        step=step.text,
        deadline=_deadline(shift, case),
        acts=_acts(shift, case),
        scans=_scans(arriving(shift.store, (case,)).get(case_id)),
        upgrade=shift.store.upgrade_needed(case_id),
        unsound=shift.store.unsound(case_id),
    )


def _rows(shift: Shift, cases: Sequence[Case], listed: Sequence[CaseRow]) -> Iterator[TodayRow]:
    scans = arriving(shift.store, cases)
    newer = {row.case_id for row in listed if row.upgrade_needed}
    unsound = {row.case_id for row in listed if row.unsound}
    for case in cases:
        yield replace(
            _row(shift, case),
            scans=_scans(scans.get(case.case_id)),
            upgrade=case.case_id in newer,
            unsound=case.case_id in unsound,
        )


def _scans(arriving_now: Arriving | None) -> tuple[int, int] | None:
    return (arriving_now.there, arriving_now.all) if arriving_now else None


def _row(shift: Shift, kept: Case) -> TodayRow:
    case = as_of(kept, shift.now(), shift.rules.calendar)
    step = next_step(case, shift.now(), shift.rules.calendar)
    paper = _paper_step(case)
    return TodayRow(
        case_id=case.case_id,
        badge=step.badge,
        receipt_no=case.receipt_no,
        applicant=case.applicant.name if case.applicant else "",
        item_name=case.item_name,
        note=step.detail,
        stage=STATE_NAMES[case.state],
        step=paper or step.text,
        paper_open=bool(paper),
    )


def _paper_step(case: Case) -> str:
    """What is left to do about the receipt; "" for nothing. A case may lie on disk without one."""
    if unanswered(case):
        return "确认凭证打出来没有"
    return "" if counted_receipts(case) else "打印凭证"


def _deadline(shift: Shift, case: Case) -> Deadline | None:
    """The limit that runs now: to answer the application, then what was promised."""
    today, calendar, terms = local_date(shift.now()), shift.rules.calendar, terms_of_case(case)
    if case.state is State.RECEIVED and case.received_at is not None:
        return acceptance_deadline(case.received_at, calendar, today)
    if case.acceptance is None or case.decision is not None or terms is None:
        return None
    return deadlines_by(case, terms, calendar, today)[0]


def _acts(shift: Shift, case: Case) -> tuple[tuple[datetime, str, str], ...]:
    names = {person.person_id: person.name for person in shift.store.people()}
    return tuple((act.at, act.kind, names.get(act.author, "")) for act in case.acts)


def _urgency(row: TodayRow) -> tuple[date, int, str]:
    order = tuple(BadgeKind).index(row.badge.kind)
    return row.badge.due or date.max, order, row.receipt_no
