"""Payloads that come later than their operations: which are wanted, and putting them in their places."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from onewindow_desk.domain.operation import digest
from onewindow_desk.faults import Fault
from onewindow_desk.store import chain, folding, link, log, street, views
from onewindow_desk.store.feed import among, many
from onewindow_desk.store.folding import Undecided
from onewindow_desk.store.rows import Changes
from onewindow_desk.store.tables import operation, wanted_payload

_FILL = (
    update(operation)
    .where(operation.c.op_id == bindparam("of"), operation.c.payload.is_(None))
    .values(payload=bindparam("came"))
)


def want(connection: Connection, case_id: UUID, now: datetime) -> None:
    """Somebody here works on this case: its operations' payloads should be here."""
    lacking_ = select(operation.c.op_id).where(operation.c.case_id == case_id, operation.c.payload.is_(None))
    rows = [{"op_id": op_id, "since": now} for op_id in connection.execute(lacking_).scalars()]
    if rows:
        connection.execute(insert(wanted_payload).prefix_with("OR IGNORE"), rows)


def lacking(connection: Connection, limit: int) -> tuple[UUID, ...]:
    """Operations whose payload is wanted, the longest wanted first."""
    query = select(wanted_payload.c.op_id).order_by(wanted_payload.c.since).limit(limit)
    return tuple(connection.execute(query).scalars())


def fill(connection: Connection, replica: UUID, came: Mapping[UUID, bytes]) -> Changes:
    """Put payloads in and fold what they belong to; Fault when one is not what its head names."""
    stored = log.named(connection, tuple(came))
    for one in stored:
        if digest(came[one.op_id]) != chain.read_head(one.sealed.head).payload_sha256:
            raise Fault("A payload that came is not the one that its operation names")
    if not stored:
        return Changes()
    connection.execute(_FILL, [{"of": one.op_id, "came": came[one.op_id]} for one in stored])
    connection.execute(delete(wanted_payload).where(among(wanted_payload.c.op_id)), {"asked": many(came)})
    undecided = Undecided(replica, link.load(connection).decided)
    cases = frozenset(one.case_id for one in stored if one.case_id is not None)
    views.write(connection, folding.refold(connection, tuple(cases), undecided))
    changes = Changes(cases=cases)
    if any(one.kind in street.KINDS for one in stored):
        street.refold(connection, undecided)
        changes = changes.joined(Changes(people=True, settings=True, attention=True))
    return changes
