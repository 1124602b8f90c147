"""The enrolments of the street: whose key signs for which, and which of them this store was."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from onewindow_desk.domain.exchange import FeedRow, ReplicaBody, decode_replica
from onewindow_desk.faults import Fault
from onewindow_desk.store.keys import StoreKeys
from onewindow_desk.store.tables import replica_view


def keep(connection: Connection, rows: Sequence[FeedRow], replica: UUID) -> frozenset[UUID]:
    """Keep what replica rows say; Fault when one gives an enrolment another key than it had.

    Gives earlier enrolments that turn out to be of the same desk, from a store that is no more.
    """
    if not rows:
        return frozenset()
    before = lineage(connection, replica)
    known = {row.replica: row.public_key for row in connection.execute(select(replica_view))}
    for body in (_body(row) for row in rows):
        if known.setdefault(body.replica, body.public_key) != body.public_key:
            raise Fault("The feed gives an enrolment another key than it had")
        _put(connection, body, own=body.replica == replica)
    ours = select(replica_view.c.desk).where(replica_view.c.own == 1, replica_view.c.desk != "")
    connection.execute(update(replica_view).where(replica_view.c.desk.in_(ours)).values(own=1))
    return lineage(connection, replica) - before


def keep_own(connection: Connection, keys: StoreKeys) -> None:
    """Remember that this store was this enrolment."""
    public = keys.desk_public.public_bytes_raw().hex()
    row = upsert(replica_view).values(
        replica=keys.replica, desk="", public_key=public, label="", closed=1, own=1
    )
    connection.execute(row.on_conflict_do_update(index_elements=["replica"], set_={"own": 1}))


def lineage(connection: Connection, replica: UUID) -> frozenset[UUID]:
    """All enrolments that this store was or is."""
    former = connection.execute(select(replica_view.c.replica).where(replica_view.c.own == 1)).scalars()
    return frozenset({replica, *former})


def keys(connection: Connection, own: StoreKeys) -> Mapping[UUID, Ed25519PublicKey]:
    """The public key of every enrolment that is known here."""
    rows = connection.execute(select(replica_view.c.replica, replica_view.c.public_key))
    known = {row.replica: Ed25519PublicKey.from_public_bytes(bytes.fromhex(row.public_key)) for row in rows}
    return {**known, own.replica: own.desk_public}


def _body(row: FeedRow) -> ReplicaBody:
    try:
        body = decode_replica(row.body or b"")
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(body.public_key))
    except (msgspec.DecodeError, ValueError) as trouble:
        raise Fault("A replica row of the feed cannot be read") from trouble
    return body


def _put(connection: Connection, body: ReplicaBody, *, own: bool) -> None:
    values = {"label": body.label, "closed": int(body.closed), "desk": body.desk}
    row = upsert(replica_view).values(
        replica=body.replica, public_key=body.public_key, own=int(own), **values
    )
    fresh = {**values, "own": func.max(replica_view.c.own, row.excluded.own)}
    connection.execute(row.on_conflict_do_update(index_elements=["replica"], set_=fresh))
