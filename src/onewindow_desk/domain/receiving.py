"""Making the operation that receives an application (行政许可法 29, 32): envelope and payload."""

from typing import Any
from uuid import UUID

import msgspec

from onewindow_desk.domain.item import Item
from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.domain.records import Received, Source
from onewindow_desk.faults import Refusal

APPLICATION_FORM = "M-APP"


def receive_operation(
    case_id: UUID, received: Received, item: Item, *, identity_checked: bool
) -> NewOperation:
    """The operation `receive`; Refusal when nobody's identity was checked or no form is there."""
    if not identity_checked:
        raise Refusal("请先核验申请人的身份证件。", field="identity_checked")
    check_form(received, item)
    return NewOperation(
        kind="receive",
        case_id=case_id,
        envelope=receive_envelope(received, item),
        payload=msgspec.to_builtins(received),
    )


def check_form(received: Received, item: Item) -> None:
    """Refuse a receipt without the application form, or of an item without one, without any paper."""
    there = {row.code for row in received.materials if row.source in (Source.SUBMITTED, Source.SHARED)}
    asked = any(row.code == APPLICATION_FORM for row in item.materials)
    if not there or (asked and APPLICATION_FORM not in there):
        raise Refusal("至少要收一份申请书。请让申请人填好申请表再收件。", field="materials")


def receive_envelope(received: Received, item: Item) -> dict[str, Any]:
    """The plain facts of a receipt: nothing in it names a person."""
    pages = [page for row in received.materials for page in row.pages]
    return {
        "receipt_no": received.receipt_no,
        "item_id": item.id,
        "item_version": item.version,
        "item_name": item.name,
        "decision_level": item.decision_level.value,
        "promised_days": item.limits.promised_days,
        "statutory_days": item.limits.statutory_days,
        "received_at": received.received_at.isoformat(),
        "materials": sum(row.source is not Source.MISSING for row in received.materials),
        "pages": len(pages),
        "files": sorted({page.sha256 for page in pages}),
    }
