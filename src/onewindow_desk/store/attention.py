"""Operations that the central did not apply: each stays here until a person has settled it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from onewindow_desk.domain.exchange import Verdict
from onewindow_desk.faults import Fault
from onewindow_desk.store import chain, feed, log
from onewindow_desk.store.feed import among, many
from onewindow_desk.store.rows import AttentionEntry
from onewindow_desk.store.tables import attention, operation

if TYPE_CHECKING:
    from onewindow_desk.store.street import Settlement

ESCALATED = "escalated"
_OPEN = attention.c.how.in_(["", ESCALATED])
_SETTLE = (
    update(attention)
    .where(attention.c.op_id == bindparam("of"))
    .values(how=bindparam("new_how"), note=bindparam("new_note"), settled_at=bindparam("at"))
)


def note(
    connection: Connection, words: Mapping[UUID, feed.Standing], own: frozenset[UUID], now: datetime
) -> bool:
    """Keep what the central made of operations; whether anything changed.

    `own` names those of this desk's. Others are kept only once somebody handed them to a supervisor.
    """
    there = _there(connection, words)
    done = [op_id for op_id in there if words[op_id].verdict is Verdict.APPLIED]
    if done:
        connection.execute(delete(attention).where(among(attention.c.op_id)), {"asked": many(done)})
    rows = [
        {
            "op_id": op_id,
            "since": now,
            "verdict": word.verdict.value,
            "reason": word.reason,
            "own": int(op_id in own),
        }
        for op_id, word in words.items()
        if word.verdict not in (Verdict.APPLIED, Verdict.DUPLICATE) and (op_id in own or op_id in there)
    ]
    if rows:
        row = upsert(attention)
        fresh = {"verdict": row.excluded.verdict, "reason": row.excluded.reason}
        connection.execute(row.on_conflict_do_update(index_elements=["op_id"], set_=fresh), rows)
    return bool(done or rows)


def adopt(connection: Connection, replicas: Collection[UUID], now: datetime) -> None:
    """Enrolments turned out to be this desk's: what the central did not apply of theirs is ours to settle."""
    if not replicas:
        return
    made = select(operation.c.op_id).where(operation.c.replica.in_(replicas))
    acts = frozenset(connection.execute(made).scalars())
    connection.execute(update(attention).where(among(attention.c.op_id)).values(own=1), {"asked": many(acts)})
    note(connection, feed.of_operations(connection, acts), acts, now)


def settle(connection: Connection, settlements: Sequence["Settlement"]) -> None:
    """Say how operations were settled; one handed to a supervisor is then known at every desk."""
    if not settlements:
        return
    _take_over(connection, {one.op_id: one.at for one in settlements if one.how == ESCALATED})
    rows = [{"of": one.op_id, "new_how": one.how, "new_note": one.note, "at": one.at} for one in settlements]
    connection.execute(_SETTLE, rows)


def settle_anew(connection: Connection, settlements: Sequence["Settlement"]) -> None:
    """As `settle`, after forgetting what was settled before."""
    connection.execute(update(attention).values(how="", note="", settled_at=None))
    connection.execute(delete(attention).where(attention.c.own == 0))
    settle(connection, settlements)


def entries(connection: Connection) -> tuple[AttentionEntry, ...]:
    """What nobody has settled, the longest waiting first."""
    rows = connection.execute(select(attention).where(_OPEN).order_by(attention.c.since)).all()
    stored = {one.op_id: one for one in log.named(connection, [row.op_id for row in rows])}
    return tuple(
        _entry(stored[row.op_id], row.verdict, row.reason, row.how, row.note, own=bool(row.own))
        for row in rows
        if row.op_id in stored
    )


def _entry(one: log.Stored, verdict: str, reason: str, how: str, note_: str, *, own: bool) -> AttentionEntry:
    head = chain.read_head(one.sealed.head)
    return AttentionEntry(
        op_id=one.op_id,
        case_id=one.case_id,
        kind=one.kind,
        author=head.author,
        at=head.at,
        verdict=verdict,
        reason=reason,
        how=how,
        note=note_,
        own=own,
    )


def _there(connection: Connection, words: Mapping[UUID, feed.Standing]) -> frozenset[UUID]:
    query = select(attention.c.op_id).where(among(attention.c.op_id))
    return frozenset(connection.execute(query, {"asked": many(words)}).scalars())


def _take_over(connection: Connection, operations: Mapping[UUID, datetime]) -> None:
    """Keep other desks' refused operations that were handed to a supervisor, and when."""
    if not operations:
        return
    words = feed.of_operations(connection, tuple(operations))
    here = {one.op_id for one in log.named(connection, tuple(operations)) if _readable(one)}
    rows = [
        {
            "op_id": op_id,
            "since": operations[op_id],
            "verdict": word.verdict.value,
            "reason": word.reason,
            "own": 0,
        }
        for op_id, word in words.items()
        if op_id in here and word.verdict not in (Verdict.APPLIED, Verdict.DUPLICATE)
    ]
    if rows:
        connection.execute(insert(attention).prefix_with("OR IGNORE"), rows)


def _readable(one: log.Stored) -> bool:
    try:
        chain.read_head(one.sealed.head)
    except Fault:
        return False
    return True
