"""The operation table: append, read, and where the chain ends."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, Uuid, bindparam, func, insert, select, type_coerce, union_all

from onewindow_desk.domain.exchange import Sealed
from onewindow_desk.domain.operation import Operation, Place
from onewindow_desk.store import bulk
from onewindow_desk.store.feed import among, many
from onewindow_desk.store.keys import ChainHead
from onewindow_desk.store.tables import operation as log
from onewindow_desk.store.tables import retired, unsound

_BATCH = 500
_PARTS = (
    log.c.position,
    log.c.replica,
    log.c.seq,
    log.c.op_id,
    log.c.case_id,
    log.c.kind,
    log.c.own,
    log.c.prev,
    log.c.head,
    log.c.payload,
    log.c.hash,
    log.c.desk_signature,
    log.c.person_mac,
    select(unsound.c.hash).where(unsound.c.hash == log.c.hash).exists().label("unsound"),
)
_COLUMNS = (
    "op_id",
    "case_id",
    "replica",
    "seq",
    "prev",
    "head",
    "payload",
    "hash",
    "desk_signature",
    "person_mac",
)
_OWN = log.c.own == 1
# Built once: every confirmation runs them, and building costs more than running.
_APPEND = insert(log)
_APPEND_ALL = bulk.insert_text(log, ("position", "own", "kind", *_COLUMNS))
_END = (
    select(log.c.seq, log.c.hash)
    .where(log.c.replica == bindparam("replica"), _OWN)
    .order_by(log.c.seq.desc())
    .limit(1)
)
_OF_CASES = select(*_PARTS).where(among(log.c.case_id)).order_by(log.c.position)
_EACH = func.json_each(bindparam("asked")).table_valued("value")
# Asked case by case: grouped, all of the index would be walked.
_FIRST = select(
    type_coerce(_EACH.c.value, Uuid()).label("case_id"),
    select(func.min(log.c.position)).where(log.c.case_id == _EACH.c.value).scalar_subquery().label("first"),
)
_OWN_OF_CASES = (
    select(log.c.case_id, log.c.op_id)
    .where(among(log.c.case_id), log.c.replica == bindparam("replica"), log.c.seq > bindparam("after"), _OWN)
    .order_by(log.c.position)
)
_THERE = union_all(
    select(log.c.hash).where(among(log.c.hash)), select(retired.c.hash).where(among(retired.c.hash))
)
_RETIRED_CASES = select(retired.c.case_id).where(among(retired.c.case_id)).distinct()


class Stored(Struct, frozen=True):
    """An operation as the log holds it; `position` tells when it came, `own` that this store made it.

    `unsound`: no fitting desk signature covers it.
    """

    position: int
    op_id: UUID
    case_id: UUID | None
    kind: str
    own: bool
    sealed: Sealed
    unsound: bool = False


def append(connection: Connection, sealed: Sealed, operation: Operation) -> int:
    """Add one sealed operation of our own, `operation` being its parsed form; its position."""
    head = operation.head
    place = {"op_id": head.op_id, "case_id": head.case_id, "kind": head.kind, "own": 1}
    return int(connection.execute(_APPEND, {**_values(sealed), **place}).lastrowid or 0)


def append_all(connection: Connection, operations: Sequence[Stored]) -> None:
    """Add operations at the positions that they name."""
    bulk.run(connection, _APPEND_ALL, [_bulk_values(one) for one in operations])


def last_position(connection: Connection) -> int:
    """The position of the newest operation, 0 when there is none."""
    position: int = connection.execute(select(func.coalesce(func.max(log.c.position), 0))).scalar_one()
    return position


def first_positions(connection: Connection, cases: Collection[UUID]) -> Mapping[UUID, int]:
    """The position of the first operation of each of these cases."""
    return {row.case_id: row.first for row in connection.execute(_FIRST, {"asked": many(cases)})}


def retired_cases(connection: Connection, cases: Collection[UUID]) -> frozenset[UUID]:
    """Those of the cases that only the central keeps."""
    return frozenset(connection.execute(_RETIRED_CASES, {"asked": many(cases)}).scalars())


def own_of_cases(
    connection: Connection, cases: Collection[UUID], replica: UUID, after: int
) -> Mapping[UUID, list[UUID]]:
    """The own operations of these cases with a seq above `after`, in order."""
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    asked = {"asked": many(cases), "replica": replica, "after": after}
    for row in connection.execute(_OWN_OF_CASES, asked):
        found[row.case_id].append(row.op_id)
    return found


def chain_head(connection: Connection, replica: UUID) -> ChainHead:
    """Where this store's own chain ends under this replica."""
    row = connection.execute(_END, {"replica": replica}).first()
    return ChainHead() if row is None else ChainHead(row.seq, row.hash)


def hash_at(connection: Connection, replica: UUID, seq: int) -> str | None:
    """The hash of one own operation of a replica, None when there is no such seq."""
    here = select(log.c.hash).where(log.c.replica == replica, log.c.seq == seq, _OWN)
    name = connection.execute(here).scalar_one_or_none()
    if name is None:
        gone = select(retired.c.hash).where(retired.c.replica == replica, retired.c.seq == seq)
        name = connection.execute(gone.limit(1)).scalar_one_or_none()
    return name


def own_hashes(connection: Connection, replica: UUID, first: int, last: int) -> Mapping[int, str]:
    """The hashes of own operations by seq, from `first` to `last`, retired ones too."""
    here = select(log.c.seq, log.c.hash).where(log.c.replica == replica, log.c.seq.between(first, last), _OWN)
    gone = select(retired.c.seq, retired.c.hash).where(
        retired.c.replica == replica, retired.c.seq.between(first, last)
    )
    return {row.seq: row.hash for row in connection.execute(union_all(gone, here))}


def there(connection: Connection, hashes: Collection[str]) -> frozenset[str]:
    """Which of these operations are or were in the log."""
    return frozenset(connection.execute(_THERE, {"asked": many(hashes)}).scalars())


def sealed_after(connection: Connection, replica: UUID, seq: int, limit: int = _BATCH) -> tuple[Sealed, ...]:
    """Own operations of a replica with a seq above `seq`, in order, as stored."""
    query = select(*_PARTS).where(log.c.replica == replica, log.c.seq > seq, _OWN).order_by(log.c.seq)
    return tuple(_sealed(row) for row in connection.execute(query.limit(limit)))


def own_after(connection: Connection, replica: UUID, seq: int) -> tuple[Stored, ...]:
    """Own operations of a replica with a seq above `seq`, in order."""
    query = select(*_PARTS).where(log.c.replica == replica, log.c.seq > seq, _OWN).order_by(log.c.seq)
    return tuple(_stored(row) for row in connection.execute(query))


def of_cases(connection: Connection, cases: Collection[UUID]) -> Mapping[UUID, list[Stored]]:
    """All operations of these cases, in the order in which they came."""
    found: defaultdict[UUID, list[Stored]] = defaultdict(list)
    for row in connection.execute(_OF_CASES, {"asked": many(cases)}):
        found[row.case_id].append(_stored(row))
    return found


def of_street(connection: Connection, kinds: Collection[str] | None = None) -> tuple[Stored, ...]:
    """The operations without a case, of some kinds or all, in the order in which they came."""
    query = select(*_PARTS).where(log.c.case_id.is_(None)).order_by(log.c.position)
    if kinds is not None:
        query = query.where(log.c.kind.in_(sorted(kinds)))
    return tuple(_stored(row) for row in connection.execute(query))


def named(connection: Connection, operations: Collection[UUID]) -> tuple[Stored, ...]:
    """All places of these acts, in the order in which they came."""
    query = select(*_PARTS).where(among(log.c.op_id)).order_by(log.c.position)
    return tuple(_stored(row) for row in connection.execute(query, {"asked": many(operations)}))


def after_position(connection: Connection, position: int) -> tuple[Stored, ...]:
    """The next operations in the order in which they came, at most one batch."""
    query = select(*_PARTS).where(log.c.position > position).order_by(log.c.position).limit(_BATCH)
    return tuple(_stored(row) for row in connection.execute(query))


class Link(Struct, frozen=True):
    """An operation's place, the hash it names as the one before it, and its own."""

    replica: UUID
    seq: int
    prev: str
    hash: str


def links_of_others(connection: Connection, replica: UUID) -> Iterator[Link]:
    """All links of all chains but that of `replica`, retired ones too, by enrolment and seq."""
    here = select(log.c.replica, log.c.seq, log.c.prev, log.c.hash).where(log.c.replica != replica)
    gone = select(retired.c.replica, retired.c.seq, retired.c.prev, retired.c.hash)
    gone = gone.where(retired.c.replica != replica)
    for row in connection.execute(union_all(here, gone).order_by("replica", "seq")):
        yield Link(row.replica, row.seq, row.prev, row.hash)


def retired_links(connection: Connection, replica: UUID, first: int, last: int) -> tuple[Link, ...]:
    """The links of a chain from `first` to `last` whose operations only the central keeps."""
    query = select(retired).where(retired.c.replica == replica, retired.c.seq.between(first, last))
    rows = connection.execute(query.order_by(retired.c.seq))
    return tuple(Link(row.replica, row.seq, row.prev, row.hash) for row in rows)


def _bulk_values(one: Stored) -> tuple[bulk.Value, ...]:
    sealed = one.sealed
    return (
        one.position,
        int(one.own),
        one.kind,
        bulk.uuid(one.op_id),
        bulk.uuid(one.case_id),
        bulk.uuid(sealed.place.replica),
        sealed.place.seq,
        sealed.place.prev,
        sealed.head,
        sealed.payload,
        sealed.hash,
        sealed.desk_signature,
        sealed.person_mac,
    )


def _values(sealed: Sealed) -> dict[str, Any]:
    return {
        "replica": sealed.place.replica,
        "seq": sealed.place.seq,
        "prev": sealed.place.prev,
        "head": sealed.head,
        "payload": sealed.payload,
        "hash": sealed.hash,
        "desk_signature": sealed.desk_signature,
        "person_mac": sealed.person_mac,
    }


def _stored(row: Any) -> Stored:
    own, unsound_ = bool(row.own), bool(row.unsound)
    return Stored(row.position, row.op_id, row.case_id, row.kind, own, _sealed(row), unsound_)


def _sealed(row: Any) -> Sealed:
    return Sealed(
        place=Place(row.replica, row.seq, row.prev),
        head=row.head,
        payload=row.payload,
        hash=row.hash,
        desk_signature=row.desk_signature,
        person_mac=row.person_mac,
    )
