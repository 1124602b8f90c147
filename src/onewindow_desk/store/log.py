"""The operation table: append, read, and where the chain ends."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, insert, select
from sqlalchemy.sql import Select

from onewindow_desk.domain.exchange import Sealed
from onewindow_desk.domain.operation import Operation, Place
from onewindow_desk.store import chain
from onewindow_desk.store.keys import ChainHead
from onewindow_desk.store.tables import operation as log

_BATCH = 500
_PARTS = (
    log.c.position,
    log.c.replica,
    log.c.seq,
    log.c.prev,
    log.c.head,
    log.c.payload,
    log.c.hash,
    log.c.desk_signature,
    log.c.person_mac,
)
# Built once: every confirmation runs them, and building costs more than running.
_APPEND = insert(log)
_END = (
    select(log.c.seq, log.c.hash)
    .where(log.c.replica == bindparam("replica"))
    .order_by(log.c.seq.desc())
    .limit(1)
)
_SealedRow = Row[int, UUID, int, str, bytes, bytes | None, str, bytes, bytes]


def append(connection: Connection, sealed: Sealed, operation: Operation) -> None:
    """Add one sealed operation; `operation` is its parsed form."""
    head = operation.head
    connection.execute(
        _APPEND,
        {
            "replica": sealed.place.replica,
            "seq": sealed.place.seq,
            "prev": sealed.place.prev,
            "op_id": head.op_id,
            "case_id": head.case_id,
            "kind": head.kind,
            "head": sealed.head,
            "payload": sealed.payload,
            "hash": sealed.hash,
            "desk_signature": sealed.desk_signature,
            "person_mac": sealed.person_mac,
        },
    )


def chain_head(connection: Connection, replica: UUID) -> ChainHead:
    """Where this replica's chain ends in the table."""
    row = connection.execute(_END, {"replica": replica}).first()
    return ChainHead() if row is None else ChainHead(row.seq, row.hash)


def hash_at(connection: Connection, replica: UUID, seq: int) -> str | None:
    """The stored hash of one operation of a replica, None when there is no such seq."""
    query = select(log.c.hash).where(log.c.replica == replica, log.c.seq == seq)
    return connection.execute(query).scalar_one_or_none()


def sealed_after(connection: Connection, replica: UUID, seq: int, limit: int = _BATCH) -> tuple[Sealed, ...]:
    """Operations of a replica with a seq above `seq`, in order, as stored."""
    query = select(*_PARTS).where(log.c.replica == replica, log.c.seq > seq).order_by(log.c.seq).limit(limit)
    return tuple(_sealed(row) for row in connection.execute(query))


def operations(connection: Connection, case_id: UUID | None) -> tuple[Operation, ...]:
    """The operations of a case, or those of the street (None), in the order of the fold."""
    query = select(*_PARTS).where(log.c.case_id == case_id).order_by(log.c.position)
    return tuple(chain.read(_sealed(row)) for row in connection.execute(query))


def all_operations(connection: Connection) -> Iterator[Operation]:
    """Every operation in the order of the fold, a batch in memory at a time."""
    position = 0
    while rows := connection.execute(_after(position)).all():
        for row in rows:
            yield chain.read(_sealed(row))
        position = rows[-1].position


def _after(position: int) -> Select[int, UUID, int, str, bytes, bytes | None, str, bytes, bytes]:
    return select(*_PARTS).where(log.c.position > position).order_by(log.c.position).limit(_BATCH)


def _sealed(row: _SealedRow) -> Sealed:
    return Sealed(
        place=Place(row.replica, row.seq, row.prev),
        head=row.head,
        payload=row.payload,
        hash=row.hash,
        desk_signature=row.desk_signature,
        person_mac=row.person_mac,
    )
