"""Folding the log into fresh views and comparing them with what stood there."""

import hashlib
from uuid import UUID

from sqlalchemy import Connection, Table, delete, func, select

from onewindow_desk.store import folding, link, street, views
from onewindow_desk.store.folding import Undecided
from onewindow_desk.store.rows import RebuildReport
from onewindow_desk.store.search import empty_index
from onewindow_desk.store.tables import VIEWS, case_view, operation

Fingerprints = dict[tuple[object, ...], bytes]
_BATCH = 500


def rebuild(connection: Connection, replica: UUID) -> RebuildReport:
    """Replace all views by a fresh fold; the report tells which stored rows were not its equal."""
    before = {table.name: _fingerprints(connection, table) for table in VIEWS}
    _empty(connection)
    undecided = Undecided(replica, link.load(connection).decided)
    street.refold(connection, undecided)
    for cases in _cases(connection):
        views.write(connection, folding.refold(connection, cases, undecided))
    after = {table.name: _fingerprints(connection, table) for table in VIEWS}
    differing = {name: len(before[name].items() ^ after[name].items()) for name in before}
    count = connection.execute(select(func.count()).select_from(operation)).scalar_one()
    return RebuildReport(operations=count, differing={name: n for name, n in differing.items() if n})


def refold_outgrown(connection: Connection, replica: UUID) -> None:
    """Fold anew the cases that an older program did not understand: this one may."""
    query = select(case_view.c.case_id).where(case_view.c.upgrade_needed == 1)
    cases = tuple(connection.execute(query).scalars())
    if cases:
        undecided = Undecided(replica, link.load(connection).decided)
        views.write(connection, folding.refold(connection, cases, undecided))


def _cases(connection: Connection) -> list[tuple[UUID, ...]]:
    query = select(operation.c.case_id).where(operation.c.case_id.is_not(None)).group_by(operation.c.case_id)
    names = connection.execute(query.order_by(func.min(operation.c.position))).scalars().all()
    known = [name for name in names if name is not None]
    return [tuple(known[start : start + _BATCH]) for start in range(0, len(known), _BATCH)]


def _empty(connection: Connection) -> None:
    for table in VIEWS:
        connection.execute(delete(table))
    empty_index(connection)


def _fingerprints(connection: Connection, table: Table) -> Fingerprints:
    """A hash a row, by its key: 100,000 cases compared without holding them all."""
    keys = len(table.primary_key.columns)
    columns = (*table.primary_key.columns, *table.columns)
    rows = connection.execute(select(*columns))
    return {tuple(row[:keys]): hashlib.sha256(repr(tuple(row[keys:])).encode()).digest() for row in rows}
