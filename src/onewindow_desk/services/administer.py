"""Founding a street at this desk: its name, its number series, its first three people.

Two administrators from the start (system and security), because nobody grants himself a role, and
one clerk, because the street opens its window today. All of it is one transaction: a power cut
leaves either a founded street or none.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import Struct

from onewindow_desk.domain.identity import check_name
from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.domain.people import Person, Role
from onewindow_desk.faults import Blame, Refusal, Refusals
from onewindow_desk.services.signing import check_password, make_credential, signer_for
from onewindow_desk.settings import StreetSettings
from onewindow_desk.store import Credential, Opening, SecretVault, Store, Writing


class NewPerson(Struct, frozen=True, kw_only=True):
    """One of the first people as typed in the wizard."""

    login: str
    name: str
    password: str


class FoundingPlan(Struct, frozen=True, kw_only=True):
    """Everything the wizard asks for; `series` counts 1 to 9999 and opens this desk's numbers."""

    street: StreetSettings
    series: int
    system_admin: NewPerson
    security_admin: NewPerson
    clerk: NewPerson


_ROLES = {
    "system_admin": Role.SYSTEM_ADMIN,
    "security_admin": Role.SECURITY_ADMIN,
    "clerk": Role.WINDOW,
}
_MAX_SERIES = 9999


def check_plan(plan: FoundingPlan) -> tuple[Blame, ...]:
    """Everything to be put right in the plan, in the order of the wizard."""
    return tuple(_problems(plan))


def found_street(
    folder: Path,
    vault: SecretVault,
    plan: FoundingPlan,
    replica: UUID,
    person_ids: tuple[UUID, UUID, UUID],
    clock: Callable[[], datetime],
) -> Store:
    """Make the store and record the street and its first people.

    `person_ids` are fresh ids for the people. Raises Refusals on a plan that is not complete.
    """
    blames = check_plan(plan)
    if blames:
        raise Refusals(blames)
    people = _people(plan, person_ids)
    credentials = {p.person_id: make_credential(p.person_id, typed.password) for p, typed in people}
    first, typed = people[0]
    opening = Opening(
        signer=signer_for(first, typed.password, credentials[first.person_id]),
        record=lambda writing: _record(writing, plan, [person for person, _ in people], credentials),
    )
    return Store.found(
        folder, vault, replica, street=plan.street.code, series=plan.series, opening=opening, clock=clock
    )


def street_settings(store: Store) -> StreetSettings | None:
    """The street as it was founded or last changed; None in a store that was never founded."""
    recorded = store.settings()
    known = {name: recorded[name] for name in StreetSettings.__struct_fields__ if name in recorded}
    return msgspec.convert(known, StreetSettings) if known else None


def _people(plan: FoundingPlan, ids: tuple[UUID, UUID, UUID]) -> list[tuple[Person, NewPerson]]:
    typed = [(key, getattr(plan, key)) for key in _ROLES]
    return [
        (
            Person(
                person_id=person_id,
                login=new.login.strip(),
                name=new.name.strip(),
                roles=frozenset({_ROLES[key]}),
            ),
            new,
        )
        for person_id, (key, new) in zip(ids, typed, strict=True)
    ]


def _record(
    writing: Writing, plan: FoundingPlan, people: list[Person], credentials: dict[UUID, Credential]
) -> None:
    writing.perform(
        NewOperation(
            kind="street_founded",
            envelope={"street": plan.street.code, "series": plan.series},
            payload=msgspec.to_builtins(plan.street),
        )
    )
    for person in people:
        writing.perform(
            NewOperation(
                kind="person_added",
                envelope={"person_id": str(person.person_id), "roles": sorted(person.roles)},
                payload=msgspec.to_builtins(person),
            )
        )
        writing.put_credential(person.person_id, credentials[person.person_id])


def _problems(plan: FoundingPlan) -> Iterator[Blame]:
    yield from _street_problems(plan)
    for key in _ROLES:
        yield from _person_problems(key, getattr(plan, key))
    logins = [getattr(plan, key).login.strip() for key in _ROLES]
    for key, login in zip(_ROLES, logins, strict=True):
        if login and logins.index(login) < list(_ROLES).index(key):
            yield Blame(f"{key}.login", "这个登录名已经用了。请换一个。")
    if plan.system_admin.password and plan.system_admin.password == plan.security_admin.password:
        yield Blame("security_admin.password", "两位管理员的口令相同。请各用各的口令，互不告诉。")
    if not 1 <= plan.series <= _MAX_SERIES:
        yield Blame("series", "号段要填 1 到 9999 之间的数。请按街道的编号登记填写。")


def _street_problems(plan: FoundingPlan) -> Iterator[Blame]:
    street = plan.street
    for key, label in (("name", "街道名称"), ("authority", "机关全称")):
        yield from _text(f"street.{key}", getattr(street, key), label)
    if not (len(street.code) == 3 and street.code.isascii() and street.code.isdigit()):
        yield Blame("street.code", "街道代码要填 3 位数字。请按行政区划代码的后三位填写。")
    for key, label in (("inquiry_phone", "咨询电话"), ("supervise_phone", "监督电话")):
        yield from _text(f"street.{key}", getattr(street, key), label)


def _person_problems(key: str, new: NewPerson) -> Iterator[Blame]:
    yield from _text(f"{key}.login", new.login, "登录名")
    yield from _text(f"{key}.name", new.name, "姓名")
    try:
        check_password(new.password, field=f"{key}.password")
    except Refusal as refusal:
        yield Blame(refusal.field, refusal.text)


def _text(key: str, text: str, label: str) -> Iterator[Blame]:
    try:
        check_name(text, label)
    except Refusal as refusal:
        yield Blame(key, refusal.text)
