"""Questions to the views, answered in frozen rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Row, select, union

from onewindow_desk.domain.case import Case
from onewindow_desk.domain.people import Person
from onewindow_desk.domain.states import State
from onewindow_desk.faults import Refusal
from onewindow_desk.store import projection, views
from onewindow_desk.store.rows import CaseRow
from onewindow_desk.store.tables import (
    case_file,
    case_view,
    draft_file,
    person_view,
    replica,
    setting_view,
)

_COLUMNS = [column for column in case_view.c if column.name not in ("position", "data")]


def case(connection: Connection, case_id: UUID) -> Case:
    """The folded case; Refusal when there is none."""
    kept = views.kept_case(connection, case_id)
    if kept is None:
        raise Refusal("本机没有这个办件。请核对收件编号后再找。")
    return kept.case


def cases(
    connection: Connection, states: frozenset[State] | None, since: datetime | None, limit: int
) -> tuple[CaseRow, ...]:
    """Cases newest first."""
    query = select(*_COLUMNS).order_by(case_view.c.position.desc()).limit(limit)
    if states is not None:
        query = query.where(case_view.c.state.in_(sorted(states)))
    if since is not None:
        query = query.where(case_view.c.received_at >= since)
    return tuple(_case_row(row) for row in connection.execute(query))


def folded(connection: Connection, states: frozenset[State] | None, limit: int) -> tuple[Case, ...]:
    """Whole cases, newest first."""
    query = select(case_view.c.data).order_by(case_view.c.position.desc()).limit(limit)
    if states is not None:
        query = query.where(case_view.c.state.in_(sorted(states)))
    return tuple(views.case_of(data) for data in connection.execute(query).scalars())


def rows_at(connection: Connection, positions: tuple[int, ...]) -> tuple[CaseRow, ...]:
    """The lines at these positions, in this order."""
    query = select(case_view.c.position, *_COLUMNS).where(case_view.c.position.in_(positions))
    found = {row.position: _case_row(row) for row in connection.execute(query)}
    return tuple(found[position] for position in positions)


def people(connection: Connection) -> tuple[Person, ...]:
    """All people, by login."""
    rows = connection.execute(select(person_view.c.data).order_by(person_view.c.login)).scalars()
    return tuple(projection.person_of(data) for data in rows)


def person(connection: Connection, login: str) -> Person | None:
    """The person of this login."""
    query = select(person_view.c.data).where(person_view.c.login == login)
    data = connection.execute(query).scalar_one_or_none()
    return None if data is None else projection.person_of(data)


def settings(connection: Connection) -> Mapping[str, Any]:
    """All settings by name."""
    rows = connection.execute(select(setting_view.c.name, setting_view.c.value))
    return {row.name: msgspec.json.decode(row.value) for row in rows}


def last_receipt_no(connection: Connection) -> str:
    """The last receipt number given, "" for none."""
    number: str = connection.execute(select(replica.c.last_no)).scalar_one()
    return number


def named_files(connection: Connection) -> frozenset[str]:
    """Addresses of all files that a case or a draft names."""
    both = union(select(case_file.c.sha256), select(draft_file.c.sha256))
    return frozenset(connection.execute(both).scalars())


def _case_row(row: Row[Any]) -> CaseRow:
    return CaseRow(
        case_id=row.case_id,
        receipt_no=row.receipt_no or "",
        state=State(row.state),
        applicant_name=row.applicant_name,
        item_id=row.item_id,
        item_name=row.item_name,
        received_at=row.received_at,
        version=row.version,
        pages=row.pages,
        upgrade_needed=bool(row.upgrade_needed),
        unsound=bool(row.unsound),
    )
