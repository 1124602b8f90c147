"""What this desk made and the central has not said its word on, as the screens list it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select
from sqlalchemy.sql import Select

from onewindow_desk.domain.case import Case
from onewindow_desk.domain.paper import PaperStatus
from onewindow_desk.store import chain, link, log, unsound, views
from onewindow_desk.store.link import LinkState
from onewindow_desk.store.rows import LinkRow, UnsentRow
from onewindow_desk.store.tables import attention, case_view, feed, operation, replica

RECEIPT = "material_receipt"
_EXACT = 1000
"""Above this many the count takes no note of acts that an earlier enrolment sent already."""


def unsent(connection: Connection, name: UUID, limit: int) -> tuple[UnsentRow, ...]:
    """The newest first; none in a store that no central knows."""
    state = link.load(connection)
    if not state.attached:
        return ()
    columns = (operation.c.op_id, operation.c.case_id, operation.c.kind, operation.c.seq, operation.c.head)
    query = _waiting(select(*columns, case_view.c.data), name, state)
    query = query.join(case_view, case_view.c.case_id == operation.c.case_id, isouter=True)
    rows = connection.execute(query.order_by(operation.c.seq.desc()).limit(limit))
    return tuple(_row(row, state) for row in rows)


def count(connection: Connection, name: UUID) -> int:
    """How many operations wait."""
    state = link.load(connection)
    if not state.attached:
        return 0
    most = log.chain_head(connection, name).seq - state.decided
    if most > _EXACT:
        return most
    waiting: int = connection.execute(_waiting(select(func.count()), name, state)).scalar_one()
    return waiting


def oldest(connection: Connection, name: UUID) -> datetime | None:
    """When the longest waiting operation was made."""
    state = link.load(connection)
    if not state.attached:
        return None
    query = _waiting(select(operation.c.head), name, state).order_by(operation.c.seq).limit(1)
    head = connection.execute(query).scalar_one_or_none()
    return None if head is None else chain.read_head(head).at


def line(connection: Connection, name: UUID) -> LinkRow:
    """What there is to say of the line."""
    state = link.load(connection)
    series = connection.execute(select(replica.c.series)).scalar_one()
    if not state.attached:
        return LinkRow(series=series)
    facts = state.facts
    return LinkRow(
        attached=True,
        attached_at=state.attached_at,
        unsent=count(connection, name),
        oldest_unsent=oldest(connection, name),
        last_synced=state.last_hello,
        upgrade=facts.upgrade,
        offset_seconds=round(state.offset_ms / 1000),
        attention=_open_attention(connection),
        label=facts.label,
        scope=facts.scope,
        series=series,
        spare_series=facts.spare_series,
        kinds=facts.kinds,
        epoch=facts.epoch,
        durable_before=facts.durable_before,
        acked=state.acked,
        cursor=state.cursor.seq,
        unsound=unsound.count(connection),
    )


def _waiting(query: Select[Any], name: UUID, state: LinkState) -> Select[Any]:
    told = select(feed.c.seq).where(feed.c.op_id == operation.c.op_id).exists()
    return query.select_from(operation).where(
        operation.c.replica == name, operation.c.seq > state.decided, operation.c.own == 1, ~told
    )


def _row(row: Any, state: LinkState) -> UnsentRow:
    case = None if row.data is None else views.case_of(row.data)
    return UnsentRow(
        op_id=row.op_id,
        case_id=row.case_id,
        kind=row.kind,
        at=chain.read_head(row.head).at,
        state="queued" if row.seq > state.acked else "sent",
        receipt_no=case.receipt_no if case else "",
        applicant_name=case.applicant.name if case and case.applicant else "",
        printed=case is not None and _printed(case),
    )


def _printed(case: Case) -> bool:
    return any(mark.document == RECEIPT and mark.status is PaperStatus.CONFIRMED for mark in case.papers)


def _open_attention(connection: Connection) -> int:
    return connection.execute(select(func.count()).where(attention.c.how.in_(["", "escalated"]))).scalar_one()
