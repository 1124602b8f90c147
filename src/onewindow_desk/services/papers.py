"""Papers on their way to the hand: rendered, kept, recorded as sent, then confirmed by a person.

The order is the promise: the case is on disk before its receipt is drawn, the sending is on disk
before the printer gets anything, and only a person says that paper came out. Whatever fails in
between, the record says which receipt counts, and it is one (材料接收凭证, 行政许可法 32).
"""

import base64
import hashlib
from uuid import UUID

import msgspec
from msgspec import Struct

from onewindow_desk.documents.data import Office, ReceiptData, ReceiptMaterial, Reprint
from onewindow_desk.documents.receipt import render_receipt
from onewindow_desk.domain.case import Case, HandedIn, Source
from onewindow_desk.domain.dates import local_date
from onewindow_desk.domain.deadline import acceptance_deadline
from onewindow_desk.domain.identity import mask_identity
from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.domain.paper import PaperAnswered, PaperMark, PaperReprinted, PaperSent, PaperStatus
from onewindow_desk.domain.records import Received
from onewindow_desk.faults import Fault, Refusal
from onewindow_desk.services.shift import Shift

RECEIPT = "material_receipt"
RECEIPT_COPIES = 1
"""The PDF itself holds both copies (申请人联, 存档联)."""


class Outgoing(Struct, frozen=True, kw_only=True):
    """A paper whose sending is on record and that the printer may now have."""

    case_id: UUID
    document: str
    sha256: str
    printer: str
    pdf: bytes
    copies: int = RECEIPT_COPIES


def office(shift: Shift, window: str = "") -> Office:
    """Who issues, as it stands on the paper."""
    street = shift.street
    return Office(
        name=street.authority,
        window=window or shift.window,
        inquiry_phone=street.inquiry_phone,
        supervise_phone=street.supervise_phone,
        place=street.address,
        hours=street.hours,
    )


def query_code(case_id: UUID) -> str:
    """Six characters that a citizen types beside the receipt number; the case's id is random."""
    return base64.b32encode(hashlib.sha256(b"onewindow query code" + case_id.bytes).digest()).decode()[:6]


def send_receipt(shift: Shift, case_id: UUID, printer: str) -> Outgoing:
    """Draw the receipt, keep its bytes, record that it goes to `printer`; then it may be printed."""
    case = _case(shift, case_id)
    outgoing = _kept(shift, case_id, printer, receipt_pdf(shift, case))
    paper = PaperSent(
        document=RECEIPT, sha256=outgoing.sha256, printer=printer, copies=RECEIPT_COPIES,
        number=case.receipt_no,
    )  # fmt: skip
    _record(shift, case_id, "paper_sent", paper)
    return outgoing


def reprint_receipt(shift: Shift, case_id: UUID, printer: str, reason: str) -> Outgoing:
    """Draw the receipt again with its 补打 mark and reason, keep it and record it."""
    if not reason.strip():
        raise Refusal("请填写补打的原因，例如：原件遗失。", field="reason")
    case = _case(shift, case_id)
    again = Reprint(reason=reason.strip(), at=shift.now(), by=shift.person.name)
    outgoing = _kept(shift, case_id, printer, receipt_pdf(shift, case, again))
    paper = PaperReprinted(
        document=RECEIPT, sha256=outgoing.sha256, printer=printer, copies=RECEIPT_COPIES,
        number=case.receipt_no, reason=again.reason,
    )  # fmt: skip
    _record(shift, case_id, "paper_reprinted", paper)
    return outgoing


def confirm(shift: Shift, outgoing: Outgoing) -> None:
    """The person holds the paper."""
    _answer(shift, outgoing, "paper_confirmed", "")


def came_to_nothing(shift: Shift, outgoing: Outgoing, reason: str) -> None:
    """No paper came out, or not a usable one; the same receipt may go to another printer."""
    _answer(shift, outgoing, "paper_failed", reason)


def unanswered(case: Case) -> tuple[PaperMark, ...]:
    """Printings of which nobody has said whether paper came out."""
    return tuple(mark for mark in case.papers if mark.status is PaperStatus.SENT)


def outgoing_again(shift: Shift, case: Case, mark: PaperMark, printer: str) -> Outgoing:
    """A kept paper as something to answer for, after a restart."""
    pdf = shift.store.papers.get(mark.sha256)
    return Outgoing(
        case_id=case.case_id, document=mark.document, sha256=mark.sha256, printer=printer, pdf=pdf
    )


def counted_receipts(case: Case) -> int:
    """How many original receipts are out: sent or confirmed, reprints and failures aside."""
    return sum(
        mark.document == RECEIPT and not mark.reprint and mark.status is not PaperStatus.FAILED
        for mark in case.papers
    )


def receipt_pdf(shift: Shift, case: Case, reprint: Reprint | None = None) -> bytes:
    """The receipt's PDF; the same case gives the same bytes."""
    return render_receipt(receipt_data(shift, case, reprint), shift.rules.fonts)


def receipt_data(shift: Shift, case: Case, reprint: Reprint | None = None) -> ReceiptData:
    """What stands on the receipt of a case that was received."""
    if case.applicant is None or case.received_at is None:
        raise Fault("receipt of a case without its payload")
    shown = Received(
        receipt_no=case.receipt_no, item_id=case.item_id, item_version=case.item_version,
        applicant=case.applicant, agent=case.agent, fields=case.fields, materials=case.materials,
        received_at=case.received_at, window=case.window,
    )  # fmt: skip
    return receipt_of(shift, shown, case.item_name, query_code(case.case_id), _receiver(shift, case), reprint)


def receipt_of(
    shift: Shift, received: Received, item_name: str, code: str, receiver: str, reprint: Reprint | None = None
) -> ReceiptData:
    """The receipt of what was registered; of a draft when its number is still empty."""
    applicant = received.applicant
    deadline = acceptance_deadline(received.received_at, shift.rules.calendar)
    return ReceiptData(
        office=office(shift, received.window),
        receipt_no=received.receipt_no,
        query_code=code,
        item_name=item_name,
        item_code=received.item_id,
        applicant_kind=applicant.kind,
        applicant_name=applicant.name,
        applicant_id_masked=mask_identity(applicant.identity),
        materials=tuple(_row(entry) for entry in received.materials if entry.source is not Source.MISSING),
        received_at=received.received_at,
        answer_by=deadline.due,
        provisional=deadline.provisional,
        receiver=receiver,
        agent_name=received.agent.name if received.agent else "",
        deemed_from=local_date(received.received_at),
        sample=shift.street.sample,
        reprint=reprint,
    )


def _row(entry: HandedIn) -> ReceiptMaterial:
    return ReceiptMaterial(
        name=entry.name,
        source=entry.source,
        originals=entry.originals,
        copies=entry.copies,
        pages=len(entry.pages),
        keeps_original=entry.keeps_original,
    )


def _receiver(shift: Shift, case: Case) -> str:
    author = next((act.author for act in case.acts if act.kind == "receive"), None)
    return next((person.name for person in shift.store.people() if person.person_id == author), "")


def _case(shift: Shift, case_id: UUID) -> Case:
    return shift.store.case(case_id)


def _kept(shift: Shift, case_id: UUID, printer: str, pdf: bytes) -> Outgoing:
    sha256 = shift.store.papers.put(pdf)
    return Outgoing(case_id=case_id, document=RECEIPT, sha256=sha256, printer=printer, pdf=pdf)


def _record(shift: Shift, case_id: UUID, kind: str, paper: PaperSent | PaperReprinted) -> None:
    envelope = {"document": paper.document, "sha256": paper.sha256, "copies": paper.copies}
    operation = NewOperation(
        kind=kind, case_id=case_id, envelope=envelope, payload=msgspec.to_builtins(paper)
    )
    shift.perform(lambda writing: writing.perform(operation))


def _answer(shift: Shift, outgoing: Outgoing, kind: str, reason: str) -> None:
    answer = PaperAnswered(document=outgoing.document, sha256=outgoing.sha256, reason=reason)
    operation = NewOperation(
        kind=kind,
        case_id=outgoing.case_id,
        envelope={"document": outgoing.document, "sha256": outgoing.sha256},
        payload=msgspec.to_builtins(answer),
    )
    shift.perform(lambda writing: writing.perform(operation))
