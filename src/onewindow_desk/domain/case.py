"""A case (办件): the fold of its operations.

`apply` is the one way an operation takes effect, on the desk that made it, on the desks that pull
it, and when a projection is rebuilt. It knows no clock and no calendar: what a later calendar
could change is settled when the operation is made (`permit`) and stands in its envelope.
"""

from datetime import date, datetime, timedelta

from msgspec.structs import replace

from onewindow_desk.domain import effects, rules
from onewindow_desk.domain.calendar import WorkCalendar
from onewindow_desk.domain.dates import local_date
from onewindow_desk.domain.facts import Facts
from onewindow_desk.domain.lifecycle import ADDITIVE, DECLINE
from onewindow_desk.domain.operation import Operation
from onewindow_desk.domain.people import Role
from onewindow_desk.domain.records import (
    Acceptance,
    Act,
    Agent,
    Applicant,
    ApplicantKind,
    Case,
    CorrectedOnSpot,
    Correction,
    Decision,
    Extension,
    FieldChange,
    HandedIn,
    Identity,
    IdentityType,
    MaterialAdded,
    Mode,
    Outcome,
    PageRef,
    Proposal,
    Received,
    Source,
    blank,
)
from onewindow_desk.domain.states import FINAL, STATE_NAMES, State
from onewindow_desk.faults import Fault, Refusal

ANSWER_DAYS = 5
"""Working days to answer an application, 行政许可法 32(1)(4)."""

_OPEN_FOR_MATERIALS = frozenset(
    {State.RECEIVED, State.CORRECTION, State.ACCEPTED, State.REVIEWING, State.SPECIAL, State.REVIEWED}
)


def apply(case: Case, operation: Operation) -> Case:
    """The case after the operation; pure. Refusal when the case does not allow it."""
    if operation.head.case_id != case.case_id:
        raise Fault("operation of another case")
    if operation.kind in ADDITIVE:
        return _remember(_added(case, operation), operation, None, counts=False)
    case = _with_relied_on(case, operation)
    if operation.kind == DECLINE:
        role = rules.check_decline(case, operation)
        return _remember(replace(case, proposal=None), operation, role)
    row = rules.row_of(operation.kind)
    role = rules.check(case, operation)
    if operation.kind == row.proposal:
        return _remember(effects.proposed(case, operation), operation, role)
    return _remember(effects.moved(case, row, operation), operation, role)


def state_as_of(case: Case, now: datetime, calendar: WorkCalendar) -> State:
    """The state in law at `now`: a receipt left unanswered past its last day is accepted."""
    return as_of(case, now, calendar).state


def as_of(case: Case, now: datetime, calendar: WorkCalendar) -> Case:
    """The case with deemed acceptance derived from the dates (行政许可法 32(1)(4))."""
    if case.state is not State.RECEIVED or case.received_at is None:
        return case
    received = local_date(case.received_at)
    if local_date(now) <= calendar.add_workdays(received, ANSWER_DAYS):
        return case
    return _deemed(case, received)


def _deemed(case: Case, received: date) -> Case:
    acceptance = Acceptance(mode=Mode.DEEMED, on=received)
    return replace(case, state=State.ACCEPTED, acceptance=acceptance)


def _with_relied_on(case: Case, operation: Operation) -> Case:
    """The case as the author saw it, when the act rests on a deemed acceptance."""
    relied_on = Facts(operation.head.envelope).day("deemed_accepted")
    if relied_on is None or case.state is not State.RECEIVED or case.received_at is None:
        return case
    received = local_date(case.received_at)
    # Five working days take at least five days, whatever the calendar says.
    early = local_date(operation.head.at) <= received + timedelta(days=ANSWER_DAYS)
    if relied_on != received or early:
        raise Refusal("还在答复期内，不能视为受理。请受理，或出补正告知。")
    return _deemed(case, received)


def _added(case: Case, operation: Operation) -> Case:
    if case.version == 0:
        raise Refusal("办件还没有收件。请先收件。")
    if operation.kind == "material_added" and case.state not in _OPEN_FOR_MATERIALS:
        raise Refusal(f"办件现在是“{STATE_NAMES[case.state]}”，不再收材料。请另行申请。")
    return effects.added(case, operation)


def _remember(case: Case, operation: Operation, role: Role | None, *, counts: bool = True) -> Case:
    head = operation.head
    act = Act(kind=head.kind, author=head.author, at=head.at, role=role, op_id=head.op_id)
    return replace(case, acts=(*case.acts, act), version=case.version + counts)


__all__ = [
    "ANSWER_DAYS",
    "FINAL",
    "STATE_NAMES",
    "Acceptance",
    "Act",
    "Agent",
    "Applicant",
    "ApplicantKind",
    "Case",
    "CorrectedOnSpot",
    "Correction",
    "Decision",
    "Extension",
    "FieldChange",
    "HandedIn",
    "Identity",
    "IdentityType",
    "MaterialAdded",
    "Mode",
    "Outcome",
    "PageRef",
    "Proposal",
    "Received",
    "Source",
    "State",
    "apply",
    "as_of",
    "blank",
    "state_as_of",
]
