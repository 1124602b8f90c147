"""Folding the log into fresh views and comparing them with what stood there."""

import hashlib

from sqlalchemy import Connection, Table, delete, select

from onewindow_desk.store import log, projection
from onewindow_desk.store.rows import RebuildReport
from onewindow_desk.store.search import empty_index
from onewindow_desk.store.tables import VIEWS

Fingerprints = dict[tuple[object, ...], bytes]


def rebuild(connection: Connection) -> RebuildReport:
    """Replace all views by a fresh fold; the report tells which stored rows were not its equal."""
    before = {table.name: _fingerprints(connection, table) for table in VIEWS}
    _empty(connection)
    count = 0
    for operation in log.all_operations(connection):
        projection.prepare(connection, operation).write()
        count += 1
    after = {table.name: _fingerprints(connection, table) for table in VIEWS}
    differing = {name: len(before[name].items() ^ after[name].items()) for name in before}
    return RebuildReport(operations=count, differing={name: n for name, n in differing.items() if n})


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
