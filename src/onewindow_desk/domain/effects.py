"""What each operation does to a case that allows it: pure, one function a kind."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from onewindow_desk.domain import paper
from onewindow_desk.domain.dates import local_date
from onewindow_desk.domain.facts import Facts
from onewindow_desk.domain.item import DecisionLevel
from onewindow_desk.domain.lifecycle import Transition
from onewindow_desk.domain.operation import Operation
from onewindow_desk.domain.records import (
    Acceptance,
    Case,
    CorrectedOnSpot,
    Correction,
    Decision,
    Extension,
    FieldChange,
    HandedIn,
    MaterialAdded,
    Mode,
    Outcome,
    Proposal,
    Received,
)
from onewindow_desk.domain.states import State
from onewindow_desk.domain.suspension import StopKind, Suspension
from onewindow_desk.faults import Fault, Refusal

T = TypeVar("T")
Effect = Callable[[Case, Operation, Facts], Case]


def moved(case: Case, row: Transition, operation: Operation) -> Case:
    """The case after the act: its own effect, then the row's target state, no proposal left."""
    facts = Facts(operation.head.envelope)
    effect = _EFFECTS.get(operation.kind)
    changed = effect(case, operation, facts) if effect else case
    return replace(changed, state=_target(row, facts), proposal=None)


def proposed(case: Case, operation: Operation) -> Case:
    """The case with the first person's word on it; the state waits for the second person."""
    facts = Facts(operation.head.envelope)
    head = operation.head
    proposal = Proposal(
        kind=head.kind,
        op_id=head.op_id,
        author=head.author,
        at=head.at,
        stop_kind=facts.one_of("stop_kind", StopKind),
        told_days=facts.number("told_days"),
        defects=facts.texts("defects"),
        answer_by=facts.day("answer_by"),
    )
    return replace(case, proposal=proposal)


def added(case: Case, operation: Operation) -> Case:
    """The case after an additive act; what only its payload tells is left out without it."""
    effect = _ADDED.get(operation.kind)
    return effect(case, operation, Facts(operation.head.envelope)) if effect else case


def _target(row: Transition, facts: Facts) -> State:
    if len(row.targets) == 1:
        return row.targets[0]
    outcome = facts.one_of("outcome", Outcome)
    return State.GRANTED if outcome is Outcome.GRANTED else State.DENIED


def _payload(operation: Operation, shape: type[T]) -> T | None:
    if operation.payload is None:
        return None
    try:
        return msgspec.convert(operation.payload, shape)
    except msgspec.ValidationError as trouble:
        # Names the place in the shape, never the value, which may be personal.
        raise Fault(f"payload of {operation.kind} does not have its shape") from trouble


def _on(operation: Operation) -> date:
    return local_date(operation.head.at)


def _receive(case: Case, operation: Operation, facts: Facts) -> Case:
    known = replace(
        case,
        receipt_no=facts.text("receipt_no"),
        item_id=facts.text("item_id"),
        item_version=facts.text("item_version"),
        item_name=facts.text("item_name"),
        received_at=facts.moment("received_at"),
        decision_level=facts.one_of("decision_level", DecisionLevel),
        statutory_days=facts.number_or_none("statutory_days"),
        promised_days=facts.number_or_none("promised_days"),
    )
    received = _payload(operation, Received)
    return known if received is None else _with_received(known, received)


def _with_received(case: Case, received: Received) -> Case:
    if received.receipt_no != case.receipt_no:
        raise Fault("envelope and payload of receive name different receipt numbers")
    return replace(
        case,
        applicant=received.applicant,
        agent=received.agent,
        fields=received.fields,
        materials=received.materials,
        window=received.window,
        refers_to=received.refers_to or case.refers_to,
    )


def _reapply(case: Case, _operation: Operation, facts: Facts) -> Case:
    return replace(case, refers_to=facts.one_of("refers_to", UUID))


def _correct_on_spot(case: Case, operation: Operation, _facts: Facts) -> Case:
    corrected = _payload(operation, CorrectedOnSpot)
    for change in corrected.changes if corrected else ():
        case = _with_field(case, change)
    return case


def _with_field(case: Case, change: FieldChange) -> Case:
    place, _, key = change.key.partition(".")
    current = _current(case, place, key)
    if current is None:
        raise Refusal("没有这一栏。请刷新后再更正。", field=change.key)
    if current != change.old:
        raise Refusal("这一栏已有人先改过。请看过最新内容后再改。", field=change.key)
    if place == "field":
        return replace(case, fields={**case.fields, key: change.new})
    if case.applicant is None:
        return case
    return replace(case, applicant=replace(case.applicant, **{key: change.new}))


def _current(case: Case, place: str, key: str) -> str | None:
    if place == "field":
        return case.fields.get(key)
    if place == "applicant" and case.applicant is not None and key in _CORRECTABLE:
        text: str = getattr(case.applicant, key)
        return text
    return None


_CORRECTABLE = frozenset({"name", "phone", "address", "representative"})


def _request_correction(case: Case, operation: Operation, facts: Facts) -> Case:
    answer_by = facts.day("answer_by") or _on(operation)
    notice = Correction(told_on=_on(operation), defects=facts.texts("defects"), answer_by=answer_by)
    return replace(case, corrections=(*case.corrections, notice))


def _second_correction(case: Case, operation: Operation, _facts: Facts) -> Case:
    proposal = case.proposal
    if proposal is None or proposal.answer_by is None:
        raise Fault("second correction without its proposal")
    notice = Correction(told_on=_on(operation), defects=proposal.defects, answer_by=proposal.answer_by)
    return replace(case, corrections=(*case.corrections, notice))


def _accepted(mode: Mode) -> Effect:
    def effect(case: Case, operation: Operation, _facts: Facts) -> Case:
        return replace(case, acceptance=Acceptance(mode=mode, on=_on(operation)))

    return effect


def _accept_tolerant(case: Case, operation: Operation, facts: Facts) -> Case:
    return replace(
        case,
        acceptance=Acceptance(mode=Mode.TOLERANT, on=_on(operation)),
        tolerated=facts.texts("tolerated"),
        supply_by=facts.day("supply_by"),
    )


def _grant_on_spot(case: Case, operation: Operation, facts: Facts) -> Case:
    accepted = replace(case, acceptance=Acceptance(mode=Mode.ON_SPOT, on=_on(operation)))
    return _decided(Outcome.GRANTED)(accepted, operation, facts)


def _start_special(case: Case, operation: Operation, _facts: Facts) -> Case:
    proposal = case.proposal
    if proposal is None or proposal.stop_kind is None:
        raise Fault("special procedure without its proposal")
    stop = Suspension(kind=proposal.stop_kind, start=_on(operation), told_days=proposal.told_days)
    return replace(case, suspensions=(*case.suspensions, stop))


def _end_special(case: Case, operation: Operation, _facts: Facts) -> Case:
    *before, last = case.suspensions
    return replace(case, suspensions=(*before, replace(last, ended=_on(operation))))


def _extend(case: Case, operation: Operation, facts: Facts) -> Case:
    return replace(case, extension=Extension(days=facts.number("days"), decided_on=_on(operation)))


def _report_up(case: Case, operation: Operation, _facts: Facts) -> Case:
    return replace(case, reported_on=_on(operation))


def _district_decision(case: Case, operation: Operation, facts: Facts) -> Case:
    outcome = facts.one_of("outcome", Outcome) or Outcome.DENIED
    on = facts.day("decided_on") or _on(operation)
    return replace(case, decision=Decision(outcome=outcome, level=DecisionLevel.DISTRICT, on=on))


def _decided(outcome: Outcome) -> Effect:
    def effect(case: Case, operation: Operation, _facts: Facts) -> Case:
        decision = Decision(outcome=outcome, level=DecisionLevel.STREET, on=_on(operation))
        return replace(case, decision=decision)

    return effect


def _material_added(case: Case, operation: Operation, facts: Facts) -> Case:
    # The code stands in the envelope too: a desk without payloads knows what is outstanding.
    tolerated = tuple(code for code in case.tolerated if code != facts.text("code"))
    case = replace(case, tolerated=tolerated)
    payload = _payload(operation, MaterialAdded)
    return case if payload is None else _with_material(case, payload.material)


def _with_material(case: Case, material: HandedIn) -> Case:
    if all(row.code != material.code for row in case.materials):
        return replace(case, materials=(*case.materials, material))
    rows = tuple(material if row.code == material.code else row for row in case.materials)
    return replace(case, materials=rows)


def _paper_sent(case: Case, operation: Operation, _facts: Facts) -> Case:
    payload = _payload(operation, paper.PaperSent)
    if payload is None:
        return case
    return replace(case, papers=paper.sent(case.papers, payload, operation.head.at))


def _paper_reprinted(case: Case, operation: Operation, _facts: Facts) -> Case:
    payload = _payload(operation, paper.PaperReprinted)
    if payload is None:
        return case
    return replace(case, papers=paper.reprinted(case.papers, payload, operation.head.at))


def _paper_answered(status: paper.PaperStatus) -> Effect:
    def effect(case: Case, operation: Operation, _facts: Facts) -> Case:
        payload = _payload(operation, paper.PaperAnswered)
        if payload is None:
            return case
        return replace(case, papers=paper.answered(case.papers, payload, status))

    return effect


_EFFECTS: Mapping[str, Effect] = {
    "receive": _receive,
    "reapply": _reapply,
    "correct_on_spot": _correct_on_spot,
    "request_correction": _request_correction,
    "second_correction": _second_correction,
    "accept": _accepted(Mode.COMPLETE),
    "accept_corrected": _accepted(Mode.CORRECTED),
    "accept_on_commitment": _accepted(Mode.COMMITMENT),
    "accept_tolerant": _accept_tolerant,
    "grant_on_spot": _grant_on_spot,
    "start_special": _start_special,
    "end_special": _end_special,
    "extend": _extend,
    "report_up": _report_up,
    "register_district_decision": _district_decision,
    "grant": _decided(Outcome.GRANTED),
    "deny": _decided(Outcome.DENIED),
    "deny_false_materials": _decided(Outcome.DENIED),
}

_ADDED: Mapping[str, Effect] = {
    "material_added": _material_added,
    "paper_sent": _paper_sent,
    "paper_reprinted": _paper_reprinted,
    "paper_confirmed": _paper_answered(paper.PaperStatus.CONFIRMED),
    "paper_failed": _paper_answered(paper.PaperStatus.FAILED),
}
