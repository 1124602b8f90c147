"""What an operation made here does to the views: asked first, written after.

Nothing here decides anything: cases change by `domain.case.apply`, and what a view holds can be
thrown away and folded anew from the log (`folding`, `street`).
"""

from collections.abc import Callable
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from onewindow_desk.domain.case import apply, blank
from onewindow_desk.domain.operation import Operation, canonical
from onewindow_desk.domain.people import Person
from onewindow_desk.faults import Fault, Refusal
from onewindow_desk.store import attention, log, street, views
from onewindow_desk.store.rows import Changes
from onewindow_desk.store.tables import case_view, person_view, setting_view
from onewindow_desk.store.views import CaseChange, files_of, kept_case

_PERSON = msgspec.json.Decoder(Person)
_UPGRADE = "这个办件里有本机程序还不认识的步骤，现在只能查看。请升级本机程序后再办。"
_UNSOUND = (
    "这个办件里有一步的窗口签名核对不上，本机不再改动，现在只能查看。"
    "请系统管理员用 onewindow-admin verify 核对。"
)

# Built once: every confirmation runs it, and building costs more than running.
_NUMBER_TAKEN = select(case_view.c.position).where(case_view.c.receipt_no == bindparam("asked"))


class Prepared(Struct, frozen=True):
    """An operation that the rules allow: what it names newly, what it changes, how it is written.

    `write` is for when the operation stands in the log, at the position it is given.
    """

    files: frozenset[str]
    changes: Changes
    write: Callable[[int], None]


def person_of(data: bytes) -> Person:
    """A person out of the view's bytes."""
    return _PERSON.decode(data)


def prepare(connection: Connection, operation: Operation, *, attached: bool) -> Prepared:
    """Check an operation against the present fold; nothing is written before `write`.

    Raises Refusal when the rules do not allow it.
    """
    if operation.head.case_id is not None:
        return _case_step(connection, operation, operation.head.case_id, attached=attached)
    if operation.kind in street.PERSON_KINDS:
        return _person_step(connection, operation)
    if operation.kind == street.SETTLED:
        return _settlement_step(connection, operation)
    return _setting_step(connection, operation)


def _case_step(connection: Connection, operation: Operation, case_id: UUID, *, attached: bool) -> Prepared:
    kept = kept_case(connection, case_id)
    if kept is not None and kept.unsound:
        raise Refusal(_UNSOUND)
    if kept is not None and kept.upgrade_needed:
        raise Refusal(_UPGRADE)
    before = kept.case if kept else blank(case_id)
    after = apply(before, operation)
    if after.receipt_no != before.receipt_no:
        _check_number_free(connection, after.receipt_no)

    def write(position: int) -> None:
        if kept is not None:
            position = kept.position
        elif attached:
            # Earlier steps on it may stand in the log, refused by the central.
            position = log.first_positions(connection, [case_id])[case_id]
        views.write(connection, [CaseChange(position, kept.case if kept else None, after)])

    return Prepared(files_of(after) - files_of(before), Changes(cases=frozenset({case_id})), write)


def _check_number_free(connection: Connection, receipt_no: str) -> None:
    if connection.execute(_NUMBER_TAKEN, {"asked": receipt_no}).first() is not None:
        raise Fault("A receipt number was about to be given twice")


def _person_step(connection: Connection, operation: Operation) -> Prepared:
    person = street.person_of(operation)
    taken = connection.execute(
        select(person_view.c.person_id).where(
            person_view.c.login == person.login, person_view.c.person_id != person.person_id
        )
    )
    if taken.first() is not None:
        raise Refusal("这个登录名已有人在用。请换一个登录名。", field="login")

    def write(_position: int) -> None:
        row = upsert(person_view)
        fresh = {"login": row.excluded.login, "data": row.excluded.data}
        values = {"person_id": person.person_id, "login": person.login, "data": canonical(person)}
        connection.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=fresh), [values])

    return Prepared(frozenset(), Changes(people=True), write)


def _setting_step(connection: Connection, operation: Operation) -> Prepared:
    rows = [
        {"name": name, "value": canonical(value)} for name, value in street.settings_of(operation).items()
    ]

    def write(_position: int) -> None:
        if rows:
            row = upsert(setting_view)
            fresh = {"value": row.excluded.value}
            connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=fresh), rows)

    return Prepared(frozenset(), Changes(settings=bool(rows)), write)


def _settlement_step(connection: Connection, operation: Operation) -> Prepared:
    settlement = street.settlement_of(operation)

    def write(_position: int) -> None:
        attention.settle(connection, [settlement])

    return Prepared(frozenset(), Changes(attention=True), write)
