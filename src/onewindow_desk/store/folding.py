"""In which order operations make a case, and what becomes of those that do not fit.

First what the central applied, in the order of its feed: its word stands. Then what this desk made
and the feed does not show yet, in the order in which it was made; what the rules refuse on top of
the others' acts is left out until the central's word comes. Without a central that is the order in
which things were done.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from onewindow_desk.domain.case import Case, apply, blank
from onewindow_desk.domain.exchange import Sealed
from onewindow_desk.domain.operation import Operation
from onewindow_desk.faults import Fault, Refusal
from onewindow_desk.store import chain, feed, log, views
from onewindow_desk.store.feed import Standings
from onewindow_desk.store.log import Stored
from onewindow_desk.store.packing import Unpacker
from onewindow_desk.store.views import CaseChange

Unpack = Callable[[bytes], dict[str, Any]]


class Undecided(Struct, frozen=True):
    """Which own operations the feed does not show yet: those of `replica` with a seq above `after`."""

    replica: UUID
    after: int

    def has(self, one: Stored) -> bool:
        """Whether this is one of them."""
        place = one.sealed.place
        return one.own and place.replica == self.replica and place.seq > self.after


class Folded(Struct, frozen=True):
    """A case so far; `upgrade_needed` once the central applied what this program does not understand.

    `unsound`: a step is left out because no fitting desk signature covers it.
    """

    case: Case
    upgrade_needed: bool = False
    unsound: bool = False

    @property
    def or_none(self) -> Case | None:
        """The case, None while nothing has made it."""
        return self.case if self.case.acts else None


class Order(Struct, frozen=True):
    """The operations that make a case (or the street): settled by the central, and still pending.

    `unsound`: the central applied one that is left out, since no fitting desk signature covers it.
    """

    settled: tuple[Stored, ...]
    pending: tuple[Stored, ...]
    unsound: bool


def in_order(stored: Sequence[Stored], words: Standings, undecided: Undecided) -> Order:
    """Put operations into the order of the fold; an act is taken once, wherever it stands."""
    by_hash = {one.sealed.hash: one for one in stored}
    applied = [by_hash[name] for name in feed.applied(words) if name in by_hash]
    settled = tuple(one for one in applied if not one.unsound)
    pending = tuple(one for one in stored if undecided.has(one) and one.op_id not in words)
    return Order(settled, pending, len(settled) < len(applied))


def read(sealed: Sealed, unpack: Unpack) -> Operation | None:
    """The parsed operation; None for another format, without payload when that cannot be read."""
    try:
        head = chain.read_head(sealed.head)
    except Fault:
        return None
    payload = None
    if sealed.payload is not None:
        try:
            payload = unpack(sealed.payload)
        except Fault:
            payload = None
    return Operation(replica=sealed.place.replica, seq=sealed.place.seq, head=head, payload=payload)


def settled_on(folded: Folded, operation: Operation | None) -> Folded:
    """One more operation that the central applied.

    What only its payload forbids (two desks corrected one field) the central could not see: the act
    counts, without what it says. What is not understood at all closes the case to this program.
    """
    tries = () if operation is None else (operation, replace(operation, payload=None))
    for one in tries:
        after = _attempt(folded.case, one)
        if after is not None:
            return Folded(after, folded.upgrade_needed, folded.unsound)
    return Folded(folded.case, upgrade_needed=True, unsound=folded.unsound)


def pending_on(folded: Folded, operation: Operation | None) -> Folded:
    """One more operation that waits for the central's word, left out when the rules refuse it."""
    after = None if operation is None else _attempt(folded.case, operation)
    return folded if after is None else Folded(after, folded.upgrade_needed, folded.unsound)


def fold(case_id: UUID, order: Order, unpack: Unpack) -> Folded:
    """The case that these operations make."""
    folded = Folded(blank(case_id), unsound=order.unsound)
    for one in order.settled:
        folded = settled_on(folded, read(one.sealed, unpack))
    for one in order.pending:
        folded = pending_on(folded, read(one.sealed, unpack))
    return folded


def refold(connection: Connection, cases: Collection[UUID], undecided: Undecided) -> tuple[CaseChange, ...]:
    """What the rows of these cases become when they are folded anew from the log."""
    stored = log.of_cases(connection, cases)
    words = feed.of_cases(connection, cases)
    kept = views.kept_cases(connection, cases)
    unpack = Unpacker()
    return tuple(
        _refolded(
            case_id, stored.get(case_id, []), words.get(case_id, {}), undecided, kept.get(case_id), unpack
        )
        for case_id in cases
    )


def operations(connection: Connection, case_id: UUID | None, undecided: Undecided) -> tuple[Operation, ...]:
    """The operations of a case, or those of the street (None), in the order of the fold."""
    stored: Sequence[Stored]
    if case_id is None:
        stored = log.of_street(connection)
        words = feed.of_operations(connection, [one.op_id for one in stored])
    else:
        stored = log.of_cases(connection, [case_id]).get(case_id, [])
        words = feed.of_cases(connection, [case_id]).get(case_id, {})
    order = in_order(stored, words, undecided)
    unpack = Unpacker()
    return tuple(_understood(read(one.sealed, unpack) for one in (*order.settled, *order.pending)))


def _refolded(
    case_id: UUID,
    stored: Sequence[Stored],
    words: Standings,
    undecided: Undecided,
    kept: views.Kept | None,
    unpack: Unpack,
) -> CaseChange:
    folded = fold(case_id, in_order(stored, words, undecided), unpack)
    position = kept.position if kept else min((one.position for one in stored), default=0)
    before = kept.case if kept else None
    return CaseChange(position, before, folded.or_none, folded.upgrade_needed, folded.unsound)


def _attempt(case: Case, operation: Operation) -> Case | None:
    try:
        return apply(case, operation)
    except (Refusal, Fault):
        # A Fault here is another desk's: its operation stays as it is, and only this case shows it.
        return None


def _understood(operations: Iterable[Operation | None]) -> Iterable[Operation]:
    return (one for one in operations if one is not None)
