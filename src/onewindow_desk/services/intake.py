"""Receiving (收件): the draft, its checks, and the one transaction that makes it a case.

A draft is the clerk's own and lives on this desk alone; it is saved on every change. Confirming
records the operation `receive` and removes the draft in the same transaction (行政许可法 29, 32).
"""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from onewindow_desk.domain.case import (
    Agent,
    Applicant,
    ApplicantKind,
    HandedIn,
    Identity,
    IdentityType,
    PageRef,
    Received,
    Source,
)
from onewindow_desk.domain.dates import local_date
from onewindow_desk.domain.identity import check_name, check_phone, normalise_number
from onewindow_desk.domain.item import Item, Material
from onewindow_desk.domain.people import Role
from onewindow_desk.domain.receiving import receive_operation
from onewindow_desk.faults import Refusal, Refusals
from onewindow_desk.services.draft import Draft, DraftMaterial, DraftPage
from onewindow_desk.services.intake_checks import check
from onewindow_desk.services.settling import How, settlements
from onewindow_desk.services.shift import Shift
from onewindow_desk.store import Writing


class Confirmed(Struct, frozen=True, kw_only=True):
    """A case that is now on disk: its id and receipt number."""

    case_id: UUID
    receipt_no: str


def new_draft(shift: Shift, draft_id: UUID) -> Draft:
    """An empty draft of this person; it is stored at its first change."""
    now = shift.now()
    return Draft(draft_id=draft_id, owner=shift.person.person_id, started_at=now, saved_at=now)


def save_draft(shift: Shift, draft: Draft) -> Draft:
    """Keep the draft on disk; the saved one carries the time of saving."""
    saved = replace(draft, saved_at=shift.now())
    data = msgspec.json.encode(saved)
    files = {entry.page.sha256 for entry in saved.pages}
    shift.store.drafts.save(saved.draft_id, saved.owner, data, saved.saved_at, files)
    return saved


def drafts(shift: Shift) -> tuple[Draft, ...]:
    """This person's open drafts, oldest first."""
    rows = shift.store.drafts.all(shift.person.person_id)
    return tuple(msgspec.json.decode(row.data, type=Draft) for row in rows)


def discard_draft(shift: Shift, draft: Draft) -> None:
    """Forget a draft that nobody needs any more."""
    shift.store.drafts.delete(draft.draft_id)


def keep_page(
    shift: Shift, draft: Draft, data: bytes, media_type: str, material: str = "", pages: int = 1
) -> Draft:
    """Put one file into the store, durable, and file its `pages` in the draft, which is saved at once."""
    sha256 = shift.store.scans.put(data)
    refs = (PageRef(sha256=sha256, media_type=media_type, size=len(data), page=page) for page in range(pages))
    filed = (*draft.pages, *(DraftPage(page=ref, material=material) for ref in refs))
    return save_draft(shift, replace(draft, pages=filed))


def receive(shift: Shift, draft: Draft) -> Confirmed:
    """Make the draft a case: number, operation, and the draft gone, all or nothing.

    Raises Refusals naming every field to be put right; the draft stays as it is then.
    """
    shift.need(Role.WINDOW)
    if shift.store.link().upgrade:
        raise Refusal(
            "本机程序要升级了，先不收新件；草稿和扫描件都在。请系统管理员升级本机，急件请到别的窗口办。"
        )
    item = shift.rules.catalogue.item(draft.item_id) if draft.item_id else None
    blames = check(draft, item)
    if blames or item is None:
        raise Refusals(blames)
    return shift.perform(lambda writing: _record(writing, shift, draft, item))


def _record(writing: Writing, shift: Shift, draft: Draft, item: Item) -> Confirmed:
    now = shift.now()
    received = received_from(draft, item, now, shift.window, writing.next_receipt_no(local_date(now)))
    # The draft's id becomes the case's, so that a repeated confirmation cannot make two. The number
    # was checked above; that the document lay on the counter is what the clerk's act says.
    new = receive_operation(draft.draft_id, received, item, identity_checked=True)
    if draft.redoes is not None:
        new = replace(new, envelope={**new.envelope, "redoes": str(draft.redoes)})
    operation = writing.perform(new)
    if draft.redoes is not None:
        for settled in settlements(shift.store, draft.redoes, How.REDONE):
            writing.perform(settled)
    writing.discard_draft(draft.draft_id)
    case_id = operation.head.case_id or draft.draft_id
    return Confirmed(case_id=case_id, receipt_no=received.receipt_no)


def received_from(draft: Draft, item: Item, now: datetime, window: str, receipt_no: str) -> Received:
    """What the draft says, as the operation keeps it; for a look before that, `receipt_no` is ""."""
    return Received(
        receipt_no=receipt_no,
        item_id=item.id,
        item_version=item.version,
        applicant=_applicant(draft),
        agent=_agent(draft) if draft.with_agent else None,
        fields={field.key: draft.value(f"field.{field.key}").strip() for field in item.fields},
        materials=tuple(_handed_in(draft, row) for row in item.materials),
        received_at=now,
        window=window,
    )


def _identity(draft: Draft, who: str, default: IdentityType) -> Identity:
    kind = IdentityType(draft.value(f"{who}.identity_type") or default)
    return Identity(type=kind, number=normalise_number(draft.value(f"{who}.number")))


def _applicant(draft: Draft) -> Applicant:
    organisation = draft.applicant_kind is ApplicantKind.ORGANISATION
    default = IdentityType.USCC if organisation else IdentityType.RESIDENT
    return Applicant(
        kind=draft.applicant_kind,
        name=check_name(draft.value("applicant.name")),
        identity=_identity(draft, "applicant", default),
        phone=check_phone(draft.value("applicant.phone")),
        address=draft.value("applicant.address").strip(),
        representative=check_name(draft.value("representative.name")) if organisation else "",
        representative_identity=(
            _identity(draft, "representative", IdentityType.RESIDENT) if organisation else None
        ),
    )


def _agent(draft: Draft) -> Agent:
    return Agent(
        name=check_name(draft.value("agent.name")),
        identity=_identity(draft, "agent", IdentityType.RESIDENT),
        phone=check_phone(draft.value("agent.phone")),
        authority=draft.value("agent.authority").strip(),
    )


def _handed_in(draft: Draft, row: Material) -> HandedIn:
    ticked = draft.materials.get(row.code, DraftMaterial())
    pages = tuple(entry.page for entry in draft.pages if entry.material == row.code)
    return HandedIn(
        code=row.code,
        name=row.name,
        source=Source.SUBMITTED if ticked.ticked else Source.MISSING,
        originals=ticked.originals if ticked.ticked else 0,
        copies=ticked.copies if ticked.ticked else 0,
        keeps_original=ticked.keeps_original,
        pages=pages,
    )
