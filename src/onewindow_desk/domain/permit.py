"""May this person do this now? Asked before an operation is made.

Here stands what the fold cannot know: the person's roles, the authority's presence, today, the
calendar and the item. What was found from a calendar (deemed acceptance) is written into the
envelope, so that the fold of an operation never changes when a calendar does.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from onewindow_desk.domain import lifecycle
from onewindow_desk.domain.calendar import WorkCalendar
from onewindow_desk.domain.case import Case, Mode, Source, apply, as_of
from onewindow_desk.domain.dates import day_words, local_date
from onewindow_desk.domain.deadline import PERMIT, decision_deadlines, terms_of
from onewindow_desk.domain.facts import Facts
from onewindow_desk.domain.item import DecisionLevel, Item
from onewindow_desk.domain.operation import FORMAT_VERSION, Algorithms, Head, NewOperation, Operation
from onewindow_desk.domain.people import Person, Role
from onewindow_desk.domain.separation import RELAXABLE, RELAXATION, clash, held_before
from onewindow_desk.domain.states import State
from onewindow_desk.faults import Refusal

ON_THE_SPOT = "即办件"
_PERMIT_EXTENSION = 10


class Standing(Struct, frozen=True, kw_only=True):
    """How this desk stands at the moment of the act.

    `authority`: the central answers, or the desk is standalone. `acceptance_seal`: the window
    holds the physical acceptance seal or an unexpired counted quota. `issuer_may_seal`: the dated
    setting that lets one person seal and issue is in force.
    """

    authority: bool = True
    acceptance_seal: bool = True
    issuer_may_seal: bool = False


AT_HAND = Standing()
"""The authority answers, the acceptance seal is there, no pair of duties is relaxed."""


class _Question(Struct, frozen=True, kw_only=True):
    """All that is looked at when one act is asked for."""

    case: Case
    facts: Facts
    today: date
    calendar: WorkCalendar
    item: Item | None


def permit(
    case: Case,
    operation: NewOperation,
    person: Person,
    *,
    at: datetime,
    calendar: WorkCalendar,
    item: Item | None = None,
    standing: Standing = AT_HAND,
) -> NewOperation:
    """The operation with every fact it rests on, ready to record; Refusal in the person's words."""
    if case.case_id != operation.case_id:
        raise Refusal("办件已经换了。请刷新后再办。")
    _check_person(person, operation.kind)
    _check_standing(operation.kind, standing)
    completed = _completed(case, operation, person, at, calendar, standing)
    asked = _Question(
        case=as_of(case, at, calendar),
        facts=Facts(completed.envelope),
        today=local_date(at),
        calendar=calendar,
        item=item,
    )
    _ask(operation.kind, asked)
    apply(case, trial(completed, person.person_id, at))
    return completed


def trial(operation: NewOperation, author: UUID, at: datetime) -> Operation:
    """The operation as the fold would read it, unsigned and in no chain: to be tried, never kept."""
    nobody = UUID(int=0)
    head = Head(
        v=FORMAT_VERSION,
        op_id=nobody,
        case_id=operation.case_id,
        kind=operation.kind,
        schema=operation.schema,
        author=author,
        at=at,
        base=operation.base,
        envelope=operation.envelope,
        payload_sha256="",
        payload_size=0,
        alg=Algorithms(),
        person_key="",
    )
    return Operation(replica=nobody, seq=0, head=head, payload=operation.payload or None)


def _check_person(person: Person, kind: str) -> None:
    if not lifecycle.person_allowed(person, kind):
        raise Refusal("您的岗位不办这一步。请换有权限的同事办理（F12 换人）。")


def _check_standing(kind: str, standing: Standing) -> None:
    row = lifecycle.BY_PROPOSAL.get(kind) or lifecycle.BY_KIND.get(kind)
    if row is None or standing.authority:
        return
    if not row.offline:
        raise Refusal("线路断开，这一步要等连上后再办。已填的内容都在。")
    if row.needs_seal and not standing.acceptance_seal:
        raise Refusal("线路断开，本窗口没有受理专用章。请先收件，连上后再办这一步。")


def _completed(
    case: Case,
    operation: NewOperation,
    person: Person,
    at: datetime,
    calendar: WorkCalendar,
    standing: Standing,
) -> NewOperation:
    """The operation with the duty, the proposal, the relaxation and the derived state it rests on."""
    envelope: dict[str, Any] = dict(operation.envelope)
    held = held_before(person.person_id, ((act.author, act.role) for act in case.acts))
    role = _role(operation, person, held, case)
    if role is not None:
        envelope["role"] = role.value
        if standing.issuer_may_seal and clash(role, held) and not clash(role, held, relaxed=True):
            envelope["relaxed"] = RELAXATION
    row = lifecycle.BY_KIND.get(operation.kind)
    if row is not None and row.proposal and case.proposal is not None:
        envelope.setdefault("proposal", str(case.proposal.op_id))
        if standing.issuer_may_seal and set(RELAXABLE) == {*row.actors, *row.proposers}:
            envelope["relaxed"] = RELAXATION
    _add_deemed(case, envelope, operation.kind, at, calendar)
    return replace(operation, envelope=envelope)


def _role(operation: NewOperation, person: Person, held: frozenset[Role], case: Case) -> Role | None:
    if operation.kind in lifecycle.ADDITIVE:
        return None
    claimed = Facts(operation.envelope).one_of("role", Role)
    if claimed is not None:
        if claimed not in person.roles:
            raise Refusal("您的岗位不办这一步。请换有权限的同事办理（F12 换人）。")
        return claimed
    allowed = lifecycle.actors(operation.kind)
    if operation.kind == lifecycle.DECLINE and case.proposal is not None:
        allowed = lifecycle.BY_PROPOSAL[case.proposal.kind].actors
    mine = [role for role in allowed if role in person.roles]
    # Of several duties the one that separation leaves open; else the first, to be refused in words.
    return next((role for role in mine if clash(role, held) is None), mine[0] if mine else None)


def _add_deemed(
    case: Case, envelope: dict[str, Any], kind: str, at: datetime, calendar: WorkCalendar
) -> None:
    seen = as_of(case, at, calendar)
    if kind in lifecycle.ADDITIVE or seen.state is case.state or seen.acceptance is None:
        return
    envelope["deemed_accepted"] = seen.acceptance.on.isoformat()


def _ask(kind: str, asked: _Question) -> None:
    for question in _QUESTIONS.get(kind, ()):
        question(asked)


def _still_answerable(asked: _Question) -> None:
    accepted = asked.case.acceptance
    if asked.case.state is State.ACCEPTED and accepted is not None and accepted.mode is Mode.DEEMED:
        words = day_words(accepted.on, asked.today.year)
        raise Refusal(f"答复期已过，本件自 {words} 起视为受理，不能再告知补正。请补出受理通知书。")


def _correction_overdue(asked: _Question) -> None:
    if asked.case.corrections and asked.today <= asked.case.corrections[-1].answer_by:
        words = day_words(asked.case.corrections[-1].answer_by, asked.today.year)
        raise Refusal(f"补正期限 {words} 还没有过。请等期满后再终止。")


def _reachable_day(asked: _Question) -> None:
    answer_by = asked.facts.day("answer_by")
    if answer_by is not None and answer_by <= asked.today:
        raise Refusal("补正期限要在今天以后。请重新选择日期。", field="answer_by")


def _all_required(asked: _Question) -> None:
    if asked.item is None:
        return
    there = {row.code for row in asked.case.materials if row.source in (Source.SUBMITTED, Source.SHARED)}
    for material in asked.item.materials:
        if material.required and not material.condition and material.code not in there:
            raise Refusal(f"还缺“{material.name}”。请补齐，或改用容缺受理、出补正告知。", field=material.code)


def _tolerable(asked: _Question) -> None:
    if asked.item is None:
        return
    if not asked.item.tolerance_allowed:
        raise Refusal("本事项不能容缺受理。请补齐材料，或出补正告知。")
    rows = {row.code: row for row in asked.item.materials}
    for code in asked.facts.texts("tolerated"):
        if code not in rows or not rows[code].tolerable:
            name = rows[code].name if code in rows else code
            raise Refusal(f"“{name}”不能容缺。请补齐，或出补正告知。", field="tolerated")


def _supply_in_time(asked: _Question) -> None:
    supply_by = asked.facts.day("supply_by")
    if asked.item is None or supply_by is None:
        return
    last = asked.calendar.add_workdays(asked.today, terms_of(asked.item).promised)
    if not asked.today <= supply_by <= last:
        words = day_words(last, asked.today.year)
        raise Refusal(f"补交期限最迟为承诺办结日 {words}。请改短。", field="supply_by")


def _may_commit(asked: _Question) -> None:
    if asked.item is not None and not asked.item.commitment_eligible:
        raise Refusal("本事项不适用告知承诺。请核对材料后受理，或出补正告知。")


def _on_the_spot(asked: _Question) -> None:
    if asked.item is not None and asked.item.case_type != ON_THE_SPOT:
        raise Refusal("本事项不是即办件。请受理后移交后台。")


def _street_item(asked: _Question) -> None:
    if asked.item is not None and asked.item.decision_level is DecisionLevel.DISTRICT:
        raise Refusal("本事项由区级决定，街道不能作决定。请转报区级。")


def _district_item(asked: _Question) -> None:
    if asked.item is not None and asked.item.decision_level is DecisionLevel.STREET:
        raise Refusal("本事项由街道决定，不用转报。请提交审查意见。")


def _charged(asked: _Question) -> None:
    if asked.item is not None and not asked.item.fee_charged:
        raise Refusal("本事项不收费。请直接制证用印。")


def _within_extension(asked: _Question) -> None:
    if asked.item is None or asked.case.acceptance is None:
        return
    longest = longest_extension(asked.item)
    if longest == 0:
        raise Refusal("本事项没有延长期限的依据。请在期限内作出决定。")
    if asked.facts.number("days") > longest:
        raise Refusal(f"最多延长 {longest} 个工作日。请改短。", field="days")


def _before_expiry(asked: _Question) -> None:
    if asked.item is None or asked.case.acceptance is None:
        return
    _, statutory = decision_deadlines(asked.case, asked.item, asked.calendar)
    if asked.today > statutory.due:
        words = day_words(statutory.due, asked.today.year)
        raise Refusal(f"法定期限 {words} 已过，不能再延长。请立即作出决定。")


def longest_extension(item: Item) -> int:
    """Working days the one extension may add: ten for a permit, else what the item's law allows."""
    allowed = item.limits.extension_days
    if item.category == PERMIT:
        return _PERMIT_EXTENSION if allowed is None else min(allowed, _PERMIT_EXTENSION)
    return allowed or 0


_QUESTIONS: Mapping[str, tuple[Callable[[_Question], None], ...]] = {
    "accept": (_all_required,),
    "propose_grant_on_spot": (_on_the_spot, _street_item, _all_required),
    "grant_on_spot": (_on_the_spot, _street_item),
    "accept_tolerant": (_tolerable, _supply_in_time),
    "accept_on_commitment": (_may_commit,),
    "request_correction": (_still_answerable, _reachable_day),
    "propose_second_correction": (_reachable_day,),
    "terminate_uncorrected": (_correction_overdue,),
    "extend": (_within_extension, _before_expiry),
    "report_up": (_district_item,),
    "grant": (_street_item,),
    "deny": (_street_item,),
    "demand_payment": (_charged,),
}
