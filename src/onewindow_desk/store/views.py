"""The case view: what is folded, written down; one case at a confirmation, many when a feed comes in."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, select

from onewindow_desk.domain.case import Case
from onewindow_desk.domain.operation import canonical
from onewindow_desk.store import bulk
from onewindow_desk.store.feed import among, many
from onewindow_desk.store.search import forget_names, index_names
from onewindow_desk.store.tables import case_file, case_view, feed

_CASE = msgspec.json.Decoder(Case)

# Built once: every confirmation runs them, and building costs more than running.
_KEPT = (
    case_view.c.position,
    case_view.c.case_id,
    case_view.c.upgrade_needed,
    case_view.c.unsound,
    case_view.c.data,
)
_CASE_OF = select(*_KEPT).where(case_view.c.case_id == bindparam("asked"))
_CASES_OF = select(*_KEPT).where(among(case_view.c.case_id))
_COLUMNS = (
    "case_id",
    "receipt_no",
    "state",
    "applicant_name",
    "item_id",
    "item_name",
    "received_at",
    "version",
    "pages",
    "upgrade_needed",
    "data",
    "unsound",
)
_NEW_CASE = bulk.insert_text(case_view, (*_COLUMNS, "position"))
_CHANGED_CASE = bulk.update_text(case_view, _COLUMNS, "position")
_GONE_CASE = delete(case_view).where(case_view.c.position == bindparam("at"))
_NEW_FILES = bulk.insert_text(case_file, ("sha256", "case_id"), ignore=True)
_GONE_FILES = delete(case_file).where(
    case_file.c.sha256 == bindparam("address"), case_file.c.case_id == bindparam("of")
)


class Kept(Struct, frozen=True):
    """A case as the view holds it: its place, the fold so far, and why it can only be read, if so."""

    position: int
    case: Case
    upgrade_needed: bool = False
    unsound: bool = False


class CaseChange(Struct, frozen=True):
    """What becomes of one case's row: from `before` (None: not there) to `after` (None: gone)."""

    position: int
    before: Case | None
    after: Case | None
    upgrade_needed: bool = False
    unsound: bool = False


def kept_case(connection: Connection, case_id: UUID) -> Kept | None:
    """The stored fold of a case, None when there is none yet."""
    row = connection.execute(_CASE_OF, {"asked": case_id}).first()
    return None if row is None else _kept(row)


def kept_cases(connection: Connection, cases: Collection[UUID]) -> Mapping[UUID, Kept]:
    """The stored folds of those of the cases that there are."""
    rows = connection.execute(_CASES_OF, {"asked": many(cases)})
    return {row.case_id: _kept(row) for row in rows}


def outside_feed(connection: Connection) -> tuple[UUID, ...]:
    """Cases of which the feed has no row."""
    told = select(feed.c.seq).where(feed.c.case_id == case_view.c.case_id).exists()
    query = select(case_view.c.case_id).where(~told).order_by(case_view.c.position)
    return tuple(connection.execute(query).scalars())


def case_of(data: bytes) -> Case:
    """A case out of the view's bytes."""
    return _CASE.decode(data)


def files_of(case: Case | None) -> frozenset[str]:
    """Addresses of all scans and papers that a case names."""
    if case is None:
        return frozenset()
    scans = {page.sha256 for row in case.materials for page in row.pages}
    return frozenset(scans | {mark.sha256 for mark in case.papers})


def write(connection: Connection, changes: Sequence[CaseChange]) -> None:
    """Bring rows, name index and file list to what the changes say, a statement a kind of change."""
    new = [change for change in changes if change.before is None and change.after is not None]
    gone = [change for change in changes if change.before is not None and change.after is None]
    other = [change for change in changes if change.before is not None and change.after is not None]
    _run(connection, _GONE_CASE, [{"at": change.position} for change in gone])
    bulk.run(connection, _NEW_CASE, [_values(change.after, change) for change in new if change.after])
    bulk.run(connection, _CHANGED_CASE, [_values(change.after, change) for change in other if change.after])
    renamed = [change for change in other if _name(change.before) != _name(change.after)]
    forget_names(connection, [change.position for change in (*gone, *renamed)])
    index_names(connection, [(change.position, _name(change.after)) for change in (*new, *renamed)])
    _write_files(connection, changes)


def _write_files(connection: Connection, changes: Iterable[CaseChange]) -> None:
    new: list[tuple[bulk.Value, ...]] = []
    gone = []
    for change in changes:
        before, after = files_of(change.before), files_of(change.after)
        case = change.after or change.before
        if case is None:
            continue
        new += [(address, case.case_id.hex) for address in sorted(after - before)]
        gone += [{"address": address, "of": case.case_id} for address in sorted(before - after)]
    _run(connection, _GONE_FILES, gone)
    bulk.run(connection, _NEW_FILES, new)


def _kept(row: Any) -> Kept:
    return Kept(row.position, case_of(row.data), bool(row.upgrade_needed), bool(row.unsound))


def _values(case: Case, change: CaseChange) -> tuple[bulk.Value, ...]:
    return (
        case.case_id.hex,
        case.receipt_no or None,
        case.state.value,
        _name(case),
        case.item_id,
        case.item_name,
        bulk.moment(case.received_at),
        case.version,
        sum(len(row.pages) for row in case.materials),
        int(change.upgrade_needed),
        canonical(case),
        int(change.unsound),
        change.position,
    )


def _name(case: Case | None) -> str:
    return case.applicant.name if case and case.applicant else ""


def _run(connection: Connection, statement: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(statement, rows)
