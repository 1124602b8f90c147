"""Taking off this desk what the central keeps: files first, whole cases much later.

A file goes 30 days after its case was closed, once the central has it in full. A case goes after 90,
once all its operations are in a checked backup of the central. The links of its operations stay, so
that the chains still hold; the last ones of this enrolment's chain stay whole.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, Row, delete, func, insert, or_, select
from sqlalchemy.sql import Select

from onewindow_desk.domain.case import Case
from onewindow_desk.domain.states import FINAL
from onewindow_desk.store import feed, link, log, transfer, views
from onewindow_desk.store.feed import among, many
from onewindow_desk.store.rows import RetireReport
from onewindow_desk.store.start import TAIL
from onewindow_desk.store.tables import attention, case_file, case_view, draft_file, operation, retired
from onewindow_desk.store.tables import feed as feed_table
from onewindow_desk.store.views import CaseChange

FILE_DAYS = 30
CASE_DAYS = 90
_AT_ONCE = 200


class Closed(Struct, frozen=True):
    """A closed case, where its row stands, and when its last step was done."""

    position: int
    case: Case
    at: datetime


def closed_before(connection: Connection, day: datetime) -> tuple[Closed, ...]:
    """Cases in a final state whose last step was before `day`."""
    query = select(case_view.c.position, case_view.c.data).where(
        case_view.c.state.in_(sorted(FINAL)), case_view.c.upgrade_needed == 0, case_view.c.unsound == 0
    )
    # Spares reading those that came in later: no last step is older than the first.
    query = query.where(or_(case_view.c.received_at.is_(None), case_view.c.received_at < day))
    return tuple(one for row in connection.execute(query) if (one := _closed(row)).at < day)


def free_files(
    connection: Connection, closed: Collection[Closed], has_file: Callable[[str], bool]
) -> frozenset[str]:
    """Files of these cases that the central has and nothing else here needs."""
    named = frozenset().union(*(views.files_of(one.case) for one in closed))
    here = {address for address in named if has_file(address)}
    needed = _named_elsewhere(connection, here, {one.case.case_id for one in closed})
    return transfer.at_central(connection, here) - needed - transfer.only_here(connection)


def retire_cases(connection: Connection, replica: UUID, closed: Collection[Closed]) -> RetireReport:
    """Let those of the cases go that the central has in a checked backup."""
    durable = link.load(connection).facts.durable_before
    if durable is None:
        return RetireReport(cases=0, operations=0, files=0)
    last = log.chain_head(connection, replica).seq
    gone = [one for one in closed if _may_go(connection, one, replica, last - TAIL, durable)][:_AT_ONCE]
    count = _retire(connection, [one.case.case_id for one in gone])
    views.write(connection, [CaseChange(one.position, one.case, None) for one in gone])
    return RetireReport(cases=len(gone), operations=count, files=0)


def days_before(now: datetime, days: int) -> datetime:
    """The moment so many days before `now`."""
    return now - timedelta(days=days)


def _closed(row: Row[int, bytes]) -> Closed:
    case = views.case_of(row.data)
    return Closed(row.position, case, max(act.at for act in case.acts))


def _named_elsewhere(
    connection: Connection, files: Collection[str], cases: Collection[UUID]
) -> frozenset[str]:
    asked = {"asked": many(files)}
    rows = connection.execute(
        select(case_file.c.sha256, case_file.c.case_id).where(among(case_file.c.sha256)), asked
    )
    drafts = connection.execute(select(draft_file.c.sha256).where(among(draft_file.c.sha256)), asked)
    return frozenset({row.sha256 for row in rows if row.case_id not in cases}) | frozenset(drafts.scalars())


def _may_go(connection: Connection, one: Closed, replica: UUID, tail: int, durable: datetime) -> bool:
    case_id = one.case.case_id
    stored = log.of_cases(connection, [case_id]).get(case_id, [])
    words = feed.of_cases(connection, [case_id]).get(case_id, {})
    if any(act.op_id not in words or (act.sealed.place.seq > tail and _own(act, replica)) for act in stored):
        return False
    return (
        _newest(connection, case_id) < durable
        and not _counted(connection, _open_attention([act.op_id for act in stored]))
        and not transfer.any_waiting(connection, views.files_of(one.case))
    )


def _own(one: log.Stored, replica: UUID) -> bool:
    return one.own and one.sealed.place.replica == replica


def _newest(connection: Connection, case_id: UUID) -> datetime:
    """When the last row of a case came; the central had it before that."""
    newest = select(feed_table.c.kept_at).where(feed_table.c.case_id == case_id)
    at: datetime = connection.execute(newest.order_by(feed_table.c.seq.desc()).limit(1)).scalar_one()
    return at


def _open_attention(operations: Collection[UUID]) -> Select[int]:
    rows = select(func.count()).select_from(attention).where(attention.c.how.in_(["", "escalated"]))
    return rows.where(attention.c.op_id.in_(operations))


def _counted(connection: Connection, query: Select[int]) -> int:
    return connection.execute(query).scalar_one()


def _retire(connection: Connection, cases: Collection[UUID]) -> int:
    """Leave only the links of these cases' operations; how many those were."""
    asked = {"asked": many(cases)}
    parts = [operation.c[column.name] for column in retired.c]
    links = select(*parts).where(among(operation.c.case_id))
    connection.execute(insert(retired).prefix_with("OR IGNORE").from_select(retired.c.keys(), links), asked)
    return connection.execute(delete(operation).where(among(operation.c.case_id)), asked).rowcount
