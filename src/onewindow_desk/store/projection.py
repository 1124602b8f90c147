"""The fold written down: what an operation does to the views, for one operation or for all.

Nothing here decides anything: cases change by `domain.case.apply`, and what a view holds can be
thrown away and folded anew from the log.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert

from onewindow_desk.domain.case import Case, apply, blank
from onewindow_desk.domain.operation import Operation, canonical
from onewindow_desk.domain.people import Person
from onewindow_desk.faults import Fault, Refusal
from onewindow_desk.store.rows import Changes
from onewindow_desk.store.search import index_name
from onewindow_desk.store.tables import case_file, case_view, person_view, setting_view

_CASE = msgspec.json.Decoder(Case)
_PERSON = msgspec.json.Decoder(Person)
_PERSON_KINDS = ("person_added", "person_changed")
_FOUNDED = "street_founded"

# Built once: every confirmation runs them, and building costs more than running.
_CASE_OF = select(case_view.c.position, case_view.c.data).where(case_view.c.case_id == bindparam("asked"))
_NUMBER_TAKEN = select(case_view.c.position).where(case_view.c.receipt_no == bindparam("asked"))
_NEW_CASE = insert(case_view).returning(case_view.c.position)
_CHANGED_CASE = update(case_view).where(case_view.c.position == bindparam("at"))
_NEW_FILES = upsert(case_file).on_conflict_do_nothing()


class Kept(Struct, frozen=True):
    """A case as the view holds it: its place, and the fold so far."""

    position: int
    case: Case


class Prepared(Struct, frozen=True):
    """An operation that the rules allow: what it names newly, what it changes, how it is written."""

    files: frozenset[str]
    changes: Changes
    write: Callable[[], None]


def kept_case(connection: Connection, case_id: UUID) -> Kept | None:
    """The stored fold of a case, None when there is none yet."""
    row = connection.execute(_CASE_OF, {"asked": case_id}).first()
    return None if row is None else Kept(row.position, case_of(row.data))


def case_of(data: bytes) -> Case:
    """A case out of the view's bytes."""
    return _CASE.decode(data)


def person_of(data: bytes) -> Person:
    """A person out of the view's bytes."""
    return _PERSON.decode(data)


def prepare(connection: Connection, operation: Operation) -> Prepared:
    """Check an operation against the present fold; nothing is written before `write()`.

    Raises Refusal when the rules do not allow it.
    """
    if operation.head.case_id is not None:
        return _case_step(connection, operation, operation.head.case_id)
    if operation.kind in _PERSON_KINDS:
        return _person_step(connection, operation)
    return _setting_step(connection, operation)


def files_of(case: Case) -> frozenset[str]:
    """Addresses of all scans and papers that a case names."""
    scans = {page.sha256 for row in case.materials for page in row.pages}
    return frozenset(scans | {mark.sha256 for mark in case.papers})


def _case_step(connection: Connection, operation: Operation, case_id: UUID) -> Prepared:
    kept = kept_case(connection, case_id)
    before = kept.case if kept else blank(case_id)
    after = apply(before, operation)
    if after.receipt_no != before.receipt_no:
        _check_number_free(connection, after.receipt_no)
    named = files_of(after) - files_of(before)
    return Prepared(
        files=named,
        changes=Changes(cases=frozenset({case_id})),
        write=lambda: _write_case(connection, kept, after, named),
    )


def _check_number_free(connection: Connection, receipt_no: str) -> None:
    if connection.execute(_NUMBER_TAKEN, {"asked": receipt_no}).first() is not None:
        raise Fault("A receipt number was about to be given twice")


def _write_case(connection: Connection, kept: Kept | None, case: Case, named: Iterable[str]) -> None:
    values = _case_values(case)
    if kept is None:
        position = connection.execute(_NEW_CASE, values).scalar_one()
        index_name(connection, position, values["applicant_name"], known=False)
    else:
        connection.execute(_CHANGED_CASE, {"at": kept.position, **values})
        if _applicant_name(kept.case) != values["applicant_name"]:
            index_name(connection, kept.position, values["applicant_name"], known=True)
    files = [{"sha256": address, "case_id": case.case_id} for address in sorted(named)]
    if files:
        connection.execute(_NEW_FILES, files)


def _case_values(case: Case) -> dict[str, Any]:
    return {
        "case_id": case.case_id,
        "receipt_no": case.receipt_no or None,
        "state": case.state.value,
        "applicant_name": _applicant_name(case),
        "item_id": case.item_id,
        "item_name": case.item_name,
        "received_at": case.received_at,
        "version": case.version,
        "pages": sum(len(row.pages) for row in case.materials),
        "data": canonical(case),
    }


def _applicant_name(case: Case) -> str:
    return case.applicant.name if case.applicant else ""


def _person_step(connection: Connection, operation: Operation) -> Prepared:
    person = _person(operation)
    taken = connection.execute(
        select(person_view.c.person_id).where(
            person_view.c.login == person.login, person_view.c.person_id != person.person_id
        )
    )
    if taken.first() is not None:
        raise Refusal("这个登录名已有人在用。请换一个登录名。", field="login")
    values = {"person_id": person.person_id, "login": person.login, "data": canonical(person)}
    write = upsert(person_view)
    fresh = {"login": write.excluded.login, "data": write.excluded.data}
    write = write.on_conflict_do_update(index_elements=["person_id"], set_=fresh)
    return Prepared(frozenset(), Changes(people=True), lambda: _run(connection, write, [values]))


def _person(operation: Operation) -> Person:
    try:
        return msgspec.convert(operation.payload, Person)
    except msgspec.ValidationError as trouble:
        raise Fault(f"The payload of {operation.kind} is not a person") from trouble


def _setting_step(connection: Connection, operation: Operation) -> Prepared:
    settings = [{"name": name, "value": canonical(value)} for name, value in _settings(operation).items()]
    write = upsert(setting_view)
    write = write.on_conflict_do_update(index_elements=["name"], set_={"value": write.excluded.value})
    return Prepared(
        files=frozenset(),
        changes=Changes(settings=bool(settings)),
        write=lambda: _run(connection, write, settings) if settings else None,
    )


def _settings(operation: Operation) -> Mapping[str, Any]:
    """What an operation sets: all of the founding's payload, or the `value` of one `name`."""
    payload = operation.payload or {}
    if operation.kind == _FOUNDED:
        return payload
    if operation.kind != "setting_changed":
        return {}
    if not isinstance(payload.get("name"), str) or "value" not in payload:
        raise Fault("The payload of setting_changed needs a name and a value")
    return {payload["name"]: payload["value"]}


def _run(connection: Connection, statement: Insert, rows: list[dict[str, Any]]) -> None:
    connection.execute(statement, rows)
