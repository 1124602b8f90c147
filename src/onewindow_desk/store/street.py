"""What operations without a case make: people, settings, and how refused operations were settled.

The street is small: when anything that counts comes in, it is folded anew from the beginning.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, delete, insert

from onewindow_desk.domain.operation import Operation, canonical
from onewindow_desk.domain.people import Person, Role
from onewindow_desk.faults import Fault
from onewindow_desk.store import attention, feed, link, log
from onewindow_desk.store.folding import Undecided, in_order, read
from onewindow_desk.store.packing import Unpacker
from onewindow_desk.store.tables import person_view, setting_view

FOUNDED = "street_founded"
SETTING = "setting_changed"
SETTLED = "attention_settled"
PERSON_KINDS = ("person_added", "person_changed")
KINDS = frozenset({FOUNDED, SETTING, SETTLED, *PERSON_KINDS})
"""Kinds that change what the street's views show; the others are only kept."""


class Settlement(Struct, frozen=True):
    """How a person settled a refused operation, and what was written beside it."""

    op_id: UUID
    how: str
    note: str
    at: datetime


class _Street(Struct):
    """What has been folded so far; local to one fold."""

    people: dict[UUID, Person]
    founded: dict[str, Any]
    changed: dict[str, Any]
    settlements: list[Settlement]


class _PersonBody(Struct):
    """Body of a person row. The central may not know login and name of who came with a desk's history."""

    person_id: UUID
    login: str = ""
    name: str = ""
    roles: tuple[str, ...] = ()
    active: bool = True


_ROLES = frozenset(Role)
_PERSON_BODY = msgspec.json.Decoder(_PersonBody)


def refold(connection: Connection, undecided: Undecided) -> None:
    """Write people, settings and settlements anew."""
    street = _Street({}, {}, {}, [])
    unpack = Unpacker()
    for step in _steps(connection, undecided):
        if isinstance(step, _PersonBody):
            _take_told(street, step)
        else:
            operation = read(step.sealed, unpack)
            if operation is not None:
                _take(street, operation)
    central = link.load(connection).facts.street_settings
    _write(connection, street.people, {**street.founded, **central, **street.changed})
    attention.settle_anew(connection, street.settlements)


def person_of(operation: Operation) -> Person:
    """Who an operation adds or changes; Fault when its payload is not a person."""
    try:
        return msgspec.convert(operation.payload, Person)
    except msgspec.ValidationError as trouble:
        raise Fault(f"The payload of {operation.kind} is not a person") from trouble


def settings_of(operation: Operation) -> Mapping[str, Any]:
    """What an operation sets: all of the founding's payload, or the `value` of one `name`."""
    payload = operation.payload or {}
    if operation.kind == FOUNDED:
        return payload
    if operation.kind != SETTING:
        return {}
    if not isinstance(payload.get("name"), str) or "value" not in payload:
        raise Fault("The payload of setting_changed needs a name and a value")
    return {payload["name"]: payload["value"]}


def settlement_of(operation: Operation) -> Settlement:
    """How an operation settles another; Fault when its envelope does not say which."""
    envelope, payload = operation.head.envelope, operation.payload or {}
    try:
        op_id = UUID(str(envelope.get("op_id")))
    except ValueError as trouble:
        raise Fault("attention_settled does not name an operation") from trouble
    return Settlement(op_id, str(envelope.get("how", "")), str(payload.get("reason", "")), operation.head.at)


def free_login(people: Mapping[UUID, Person], person: Person) -> Person:
    """The person under a login of their own: who comes to a taken one gets -2, -3 and so on."""
    taken = {other.login for other in people.values() if other.person_id != person.person_id}
    login, number = person.login, 1
    while login in taken:
        number += 1
        login = f"{person.login}-{number}"
    return person if login == person.login else replace(person, login=login)


def _steps(connection: Connection, undecided: Undecided) -> Iterator[_PersonBody | log.Stored]:
    """Person rows and applied operations in the feed's order, then what is pending."""
    stored = log.of_street(connection, KINDS)
    words = feed.of_operations(connection, [one.op_id for one in stored])
    order = in_order(stored, words, undecided)
    steps: dict[int, _PersonBody | log.Stored] = {words[one.op_id].seq: one for one in order.settled}
    steps.update({seq: person for seq, body in feed.people(connection) if (person := _told(body))})
    for _, step in sorted(steps.items()):
        yield step
    yield from order.pending


def _told(body: bytes) -> _PersonBody | None:
    try:
        return _PERSON_BODY.decode(body)
    except msgspec.DecodeError:
        return None


def _take(street: _Street, operation: Operation) -> None:
    """Another desk's operation may be damaged inside: it then changes nothing here."""
    try:
        if operation.kind in PERSON_KINDS:
            _take_person(street, person_of(operation))
        elif operation.kind == SETTLED:
            street.settlements.append(settlement_of(operation))
        elif operation.kind == FOUNDED:
            street.founded.update(settings_of(operation))
        else:
            street.changed.update(settings_of(operation))
    except Fault:
        return


def _take_person(street: _Street, person: Person) -> None:
    street.people[person.person_id] = free_login(street.people, person)


def _take_told(street: _Street, told: _PersonBody) -> None:
    """What the central says of a person; roles that this program does not know are left out."""
    known = street.people.get(told.person_id)
    login = told.login or (known.login if known else "")
    if not login:
        return
    name = told.name or (known.name if known else "")
    roles = frozenset(Role(role) for role in told.roles if role in _ROLES)
    _take_person(
        street,
        Person(person_id=told.person_id, login=login, name=name, roles=roles, active=told.active),
    )


def _write(connection: Connection, people: Mapping[UUID, Person], settings: Mapping[str, Any]) -> None:
    connection.execute(delete(person_view))
    connection.execute(delete(setting_view))
    rows = [
        {"person_id": one.person_id, "login": one.login, "data": canonical(one)} for one in people.values()
    ]
    if rows:
        connection.execute(insert(person_view), rows)
    values = [{"name": name, "value": canonical(value)} for name, value in settings.items()]
    if values:
        connection.execute(insert(setting_view), values)
