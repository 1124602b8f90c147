"""The central's rows and JSON as the domain's Structs."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from onewindow_desk.domain.exchange import FeedRow, Sealed, What
from onewindow_desk.domain.operation import Place
from onewindow_desk.faults import Fault

FEED_COLUMNS = (
    b"seq, chain, what, subject, verdict, reason, op_id, case_id, case_version, replica, op_seq, prev, "
    b"head, payload, desk_signature, person_mac, body"
)

T = TypeVar("T")


def parsed(text: str, shape: type[T]) -> T:
    """JSON of the central in the shape that was agreed; Fault when it has another."""
    try:
        return msgspec.json.decode(text, type=shape)
    except msgspec.DecodeError:
        # The decoder's words may quote a value.
        raise Fault("The central's answer has not the form that was agreed") from None


def feed_rows(rows: Sequence[tuple[Any, ...]]) -> tuple[FeedRow, ...]:
    """Rows in the order of FEED_COLUMNS."""
    return tuple(_feed_row(*row) for row in rows)


def _feed_row(
    seq: int,
    chain: bytes,
    what: str,
    subject: bytes,
    verdict: str | None,
    reason: str | None,
    op_id: UUID | None,
    case_id: UUID | None,
    case_version: int | None,
    replica: UUID | None,
    op_seq: int | None,
    prev: bytes | None,
    head: bytes | None,
    payload: bytes | None,
    desk_signature: bytes | None,
    person_mac: bytes | None,
    body: bytes | None,
) -> FeedRow:
    sealed = None
    if replica and op_seq and prev and head is not None and desk_signature and person_mac:
        sealed = Sealed(
            place=Place(replica, op_seq, prev.hex()),
            head=head,
            payload=payload,
            hash=subject.hex(),
            desk_signature=desk_signature,
            person_mac=person_mac,
        )
    return FeedRow(
        seq=seq,
        chain=chain.hex(),
        what=What(what),
        subject=subject.hex(),
        verdict=verdict or "",
        reason=reason or "",
        op_id=op_id,
        case_id=case_id,
        case_version=case_version,
        sealed=sealed,
        body=body,
    )
