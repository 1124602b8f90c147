"""A founded street to work on: founded once, copied for every test."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from notary import Notary

from onewindow_desk.demo import DEMO_LOGIN, DEMO_PASSWORD, demo_plan
from onewindow_desk.domain.identity import resident_check
from onewindow_desk.domain.item import FieldKind, Item, ItemField
from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.domain.people import Person, Role
from onewindow_desk.opening import OpenDesk, found_desk, open_desk
from onewindow_desk.services import intake
from onewindow_desk.services.draft import Draft, DraftMaterial
from onewindow_desk.services.shift import Shift
from onewindow_desk.services.signing import sign_in
from onewindow_desk.store import Changes, Signer, Store

MONDAY = datetime(2026, 9, 21, 1, 42, tzinfo=UTC)  # 09:42 in Nanjing


class MemoryVault(dict[str, bytes]):
    """A vault of this process alone."""

    def set(self, name: str, secret: bytes) -> None:
        self[name] = secret

    def delete(self, name: str) -> None:
        self.pop(name, None)


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def move(self, **step: float) -> None:
        self.at += timedelta(**step)


@dataclass
class Told:
    """Remembers what the shift said had changed."""

    changes: list[Changes] = field(default_factory=list)

    def __call__(self, changes: Changes) -> None:
        self.changes.append(changes)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, MemoryVault]:
    folder, vault = tmp_path_factory.mktemp("founded"), MemoryVault()
    found_desk(folder, lambda: vault, lambda: MONDAY, demo_plan()).store.close()
    return folder, vault


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def vault(founded: tuple[Path, MemoryVault]) -> MemoryVault:
    return MemoryVault(founded[1])


@pytest.fixture
def opened(
    founded: tuple[Path, MemoryVault], vault: MemoryVault, clock: Clock, tmp_path: Path
) -> Iterator[OpenDesk]:
    folder = tmp_path / "desk"
    shutil.copytree(founded[0], folder)
    desk = open_desk(folder, lambda: vault, clock)
    assert desk is not None
    yield desk
    desk.store.close()


@pytest.fixture(scope="session")
def signers(founded: tuple[Path, MemoryVault]) -> dict[str, tuple[Person, Signer]]:
    """Everybody signed in once: Argon2 is slow on purpose."""
    with Store.open(founded[0], founded[1]) as store:
        logins = [person.login for person in store.people() if person.login != "an"]
        people = [sign_in(store, login, DEMO_PASSWORD, MONDAY) for login in logins]
    return {person.login: (person, signer) for person, signer in people}


@pytest.fixture
def shift_of(
    opened: OpenDesk, told: Told, signers: dict[str, tuple[Person, Signer]]
) -> Callable[[str], Shift]:
    """The shift of the person with this login."""

    def begin(login: str) -> Shift:
        return Shift(opened.store, opened.rules, opened.street, "1 号窗口", *signers[login], told)

    return begin


@pytest.fixture
def shift(shift_of: Callable[[str], Shift]) -> Shift:
    return shift_of(DEMO_LOGIN)


def resident_number(order: str = "001") -> str:
    """An invented number whose check sign is right."""
    body = f"32011519900101{order}"
    return body + resident_check(body)


def some_text(field: ItemField) -> str:
    """Something that the field takes."""
    if field.kind is FieldKind.CHOICE:
        return field.choices[0]
    return {FieldKind.DATE: "2026-10-01", FieldKind.NUMBER: "12.5"}.get(field.kind, "演示路 12 号")


def filled(shift: Shift, item: Item) -> Draft:
    """A draft of a person with everything that `item` asks for."""
    values = {
        "applicant.name": "钱样安",
        "applicant.number": resident_number(),
        "applicant.phone": "000-0000-0021",
        **{f"field.{field.key}": some_text(field) for field in item.fields},
    }
    rows = {row.code: DraftMaterial(ticked=True, originals=1) for row in item.materials if row.required}
    return replace(intake.new_draft(shift, uuid.uuid4()), item_id=item.id, values=values, materials=rows)


@pytest.fixture
def item(shift: Shift) -> Item:
    return shift.rules.catalogue.item("JN34-GG-01")


@pytest.fixture
def draft(shift: Shift, item: Item) -> Draft:
    return filled(shift, item)


@pytest.fixture
def fill() -> Callable[[Shift, Item], Draft]:
    return filled


@pytest.fixture
def notary() -> Notary:
    return Notary()


@pytest.fixture
def attached(shift: Shift, notary: Notary) -> Shift:
    """The clerk's shift at a desk whose whole history the central has taken."""
    notary.attach(shift.store)
    notary.take(shift.store)
    return shift


@pytest.fixture
def supervisor(attached: Shift, notary: Notary) -> Person:
    """Somebody to give refused steps to."""
    person = Person(
        person_id=uuid.UUID(int=0x5), login="jiang", name="蒋样正", roles=frozenset({Role.SUPERVISOR})
    )
    added = NewOperation(
        kind="person_added",
        envelope={"person_id": str(person.person_id), "roles": ["supervisor"]},
        payload=msgspec.to_builtins(person),
    )
    attached.perform(lambda writing: writing.perform(added))
    notary.take(attached.store)
    return person


@pytest.fixture
def other(attached: Shift, notary: Notary, clock: Clock, tmp_path: Path) -> Iterator[Store]:
    """A second desk of the street, up to date."""
    store = notary.desk(tmp_path / "other", "2 号窗口", clock)
    notary.pull(store)
    yield store
    store.close()
