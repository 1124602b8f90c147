"""Settling a step that the central did not take: the operation that says what became of it.

The refused operation stays for ever as it was made; `attention_settled` is a new act of a person
who did it anew, gave it to a supervisor, or took it back.
"""

from collections.abc import Iterator
from enum import StrEnum
from uuid import UUID

from onewindow_desk.domain.exchange import Verdict
from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.store import Store


class How(StrEnum):
    """What became of a refused step."""

    REDONE = "redone"
    WITHDRAWN = "withdrawn"
    ESCALATED = "escalated"


def settle_operation(op_id: UUID, how: How, case_id: UUID | None, reason: str = "") -> NewOperation:
    """The operation that settles `op_id`; the reason, which may name a person, goes into the payload."""
    return NewOperation(
        kind="attention_settled",
        envelope={"op_id": str(op_id), "how": how.value, "case": str(case_id) if case_id else None},
        payload={"reason": reason},
    )


def settlements(store: Store, op_id: UUID, how: How, reason: str = "") -> Iterator[NewOperation]:
    """What settles a refused step, and with a refused receipt everything that waits behind it."""
    entries = store.attention()
    entry = next((one for one in entries if one.op_id == op_id), None)
    if entry is None:
        return
    yield settle_operation(op_id, how, entry.case_id, reason)
    if entry.kind != "receive" or how is How.ESCALATED:
        return
    for other in entries:
        if other.case_id == entry.case_id and other.verdict == Verdict.PARKED:
            yield settle_operation(other.op_id, How.WITHDRAWN, other.case_id, reason)
