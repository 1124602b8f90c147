"""Desk signatures of other desks' operations: which do not fit, and what is kept of that.

The central cannot check them, so one desk could push an operation whose signature does not fit.
Such an operation is left out of the fold. A signature covers all links before it, so a later one that
fits takes the mark off again, however the feed was cut into pages.
"""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct
from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from onewindow_desk.domain.exchange import Sealed
from onewindow_desk.domain.operation import desk_statement
from onewindow_desk.faults import Fault
from onewindow_desk.store.feed import among, many
from onewindow_desk.store.tables import operation, unsound

_FOUND = select(unsound.c.hash, unsound.c.prev, unsound.c.case_id).where(among(unsound.c.hash))
_GONE = delete(unsound).where(among(unsound.c.hash))
_CASES = select(unsound.c.case_id).where(among(unsound.c.case_id))
_COUNT = select(func.count()).select_from(unsound).join(operation, operation.c.hash == unsound.c.hash)


class Judged(Struct, frozen=True):
    """Link hashes: of operations that no signature covers, and of those that one does."""

    unsound: frozenset[str]
    covered: frozenset[str]


class Runs:
    """Unbroken runs of desks' chains; one signature is checked for each while all fit."""

    def __init__(self, public: Mapping[UUID, Ed25519PublicKey]) -> None:
        self._public = public
        self._runs: dict[UUID, list[Sealed]] = {}
        self._ended: list[list[Sealed]] = []

    def add(self, sealed: Sealed) -> None:
        """The next operation of some desk; Fault when nobody enrolled it."""
        place = sealed.place
        if place.replica not in self._public:
            raise Fault("An operation of the feed is of a desk that nobody enrolled")
        run = self._runs.setdefault(place.replica, [])
        if run and (place.seq, place.prev) != (run[-1].place.seq + 1, run[-1].hash):
            self._ended.append(run)
            run = self._runs[place.replica] = []
        run.append(sealed)

    def judge(self) -> Judged:
        """What the signatures of all runs cover."""
        bad: set[str] = set()
        covered: set[str] = set()
        for run in (*self._ended, *self._runs.values()):
            fitting = self._fitting(run)
            bad.update(sealed.hash for sealed in run[fitting:])
            if fitting:
                covered.update((run[0].place.prev, *(sealed.hash for sealed in run[:fitting])))
        return Judged(frozenset(bad), frozenset(covered))

    def _fitting(self, run: Sequence[Sealed]) -> int:
        """How many from the front are covered: up to the last one whose own signature fits."""
        for count in range(len(run), 0, -1):
            if self._fits(run[count - 1]):
                return count
        return 0

    def _fits(self, sealed: Sealed) -> bool:
        public = self._public[sealed.place.replica]
        try:
            public.verify(sealed.desk_signature, desk_statement(sealed.hash))
        except InvalidSignature:
            return False
        return True


def mark(connection: Connection, operations: Sequence[tuple[Sealed, UUID | None]]) -> None:
    """Remember that nothing covers these operations, each with its case."""
    rows = [
        {"hash": sealed.hash, "prev": sealed.place.prev, "case_id": case_id} for sealed, case_id in operations
    ]
    if rows:
        connection.execute(upsert(unsound).on_conflict_do_nothing(), rows)


def lift(connection: Connection, covered: Collection[str]) -> frozenset[UUID | None]:
    """Take the mark off these and all that led to them; their cases, None for the street's."""
    cases: set[UUID | None] = set()
    while rows := connection.execute(_FOUND, {"asked": many(covered)}).all():
        connection.execute(_GONE, {"asked": many(row.hash for row in rows)})
        cases.update(row.case_id for row in rows)
        covered = {row.prev for row in rows}
    return frozenset(cases)


def of_cases(connection: Connection, cases: Collection[UUID]) -> frozenset[UUID]:
    """Those of the cases that have an operation which nothing covers."""
    return frozenset(connection.execute(_CASES, {"asked": many(cases)}).scalars())


def count(connection: Connection) -> int:
    """How many such operations there are here."""
    return connection.execute(_COUNT).scalar_one()
