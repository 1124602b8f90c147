"""Doing a refused step anew: the same act on the present state, or a draft with everything in it."""

from uuid import UUID

from msgspec.structs import replace

from onewindow_desk.domain.case import Agent, Applicant, HandedIn, Received, Source
from onewindow_desk.domain.operation import NewOperation, Operation
from onewindow_desk.services.draft import Draft, DraftMaterial, DraftPage

_FOUND_ANEW = ("role", "relaxed", "proposal", "deemed_accepted")
"""Facts that `permit` finds from the case as it stands now."""


def again(operation: Operation, base: int | None) -> NewOperation:
    """The same act once more, resting on version `base`, with the refused one named in it."""
    head = operation.head
    kept = {key: fact for key, fact in head.envelope.items() if key not in _FOUND_ANEW}
    return NewOperation(
        kind=head.kind,
        case_id=head.case_id,
        base=base if head.base is not None else None,
        envelope={**kept, "redoes": str(head.op_id)},
        payload=operation.payload or {},
        schema=head.schema,
    )


def draft_from(received: Received, empty: Draft, redoes: UUID) -> Draft:
    """`empty` filled with all that was typed, ticked and scanned for the refused receipt."""
    values = {
        **_of_applicant(received.applicant),
        **(_of_agent(received.agent) if received.agent else {}),
        **{f"field.{key}": text for key, text in received.fields.items()},
    }
    pages = ((row.code, page) for row in received.materials for page in row.pages)
    return replace(
        empty,
        item_id=received.item_id,
        applicant_kind=received.applicant.kind,
        with_agent=received.agent is not None,
        values={key: text for key, text in values.items() if text},
        materials={row.code: _ticked(row) for row in received.materials},
        pages=tuple(DraftPage(page=page, material=code) for code, page in pages),
        redoes=redoes,
    )


def _of_applicant(applicant: Applicant) -> dict[str, str]:
    values = {
        "applicant.name": applicant.name,
        "applicant.identity_type": applicant.identity.type.value,
        "applicant.number": applicant.identity.number,
        "applicant.phone": applicant.phone,
        "applicant.address": applicant.address,
        "representative.name": applicant.representative,
    }
    identity = applicant.representative_identity
    if identity is not None:
        values["representative.identity_type"] = identity.type.value
        values["representative.number"] = identity.number
    return values


def _of_agent(agent: Agent) -> dict[str, str]:
    return {
        "agent.name": agent.name,
        "agent.identity_type": agent.identity.type.value,
        "agent.number": agent.identity.number,
        "agent.phone": agent.phone,
        "agent.authority": agent.authority,
    }


def _ticked(row: HandedIn) -> DraftMaterial:
    return DraftMaterial(
        ticked=row.source is Source.SUBMITTED,
        originals=row.originals,
        copies=row.copies,
        keeps_original=row.keeps_original,
    )
