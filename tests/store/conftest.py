"""A store with a vault in memory, and ready-made acts of an invented clerk."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.store import Signer, Store, Writing

NOON = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)
TODAY = date(2026, 9, 21)
CLERK = UUID(int=0xC1E)


class MemoryVault:
    """What the system's vault would keep."""

    def __init__(self) -> None:
        self.secrets: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        return self.secrets.get(name)

    def set(self, name: str, secret: bytes) -> None:
        self.secrets[name] = secret

    def delete(self, name: str) -> None:
        self.secrets.pop(name, None)


class Clock:
    """Noon of a Monday; a test moves it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: int) -> None:
        self.now += timedelta(**by)


def receive_operation(number: str, case_id: UUID, **given: Any) -> NewOperation:
    """The act `receive`; `given`: name, item, pages (addresses of scans), at."""
    pages = given.get("pages", ())
    item = given.get("item", "公共场所卫生许可")
    envelope = {
        "receipt_no": number,
        "item_id": given.get("item_id", "JT-01"),
        "item_version": "1",
        "item_name": item,
        "received_at": given.get("at", NOON).isoformat(),
        "materials": 1,
        "pages": len(pages),
        "files": sorted(pages),
    }
    return NewOperation(kind="receive", case_id=case_id, envelope=envelope, payload=_payload(envelope, given))


def _payload(envelope: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    refs = [{"sha256": sha, "media_type": "image/png", "size": 3} for sha in given.get("pages", ())]
    same = ("receipt_no", "item_id", "item_version", "received_at")
    return {
        **{key: envelope[key] for key in same},
        "applicant": {
            "kind": "person",
            "name": given.get("name", "钱样安"),
            "identity": {"type": "resident", "number": "320115199001010016"},
            "phone": "000-0000-0001",
        },
        "agent": None,
        "fields": {},
        "materials": [{"code": "M1", "name": "身份证件", "source": "submitted", "pages": refs}],
        "window": "1 号窗口",
    }


Receive = Callable[..., UUID]


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def signer() -> Signer:
    return Signer(person_id=CLERK, person_key_id="clerk-key", mac_key=b"k" * 32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "street" / "desk"


@pytest.fixture
def store(folder: Path, vault: MemoryVault, clock: Clock) -> Iterator[Store]:
    with Store.found(folder, vault, UUID(int=7), "115", 12, clock=clock) as opened:
        yield opened


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def act() -> Callable[..., NewOperation]:
    return receive_operation


@pytest.fixture
def receive(signer: Signer) -> Receive:
    """Register one case in a transaction of its own; gives its id."""
    made = iter(range(1, 1_000_000))

    def run(store: Store, **given: Any) -> UUID:
        case_id = UUID(int=(0xCA5E << 64) + next(made))

        def record(writing: Writing) -> None:
            writing.perform(receive_operation(writing.next_receipt_no(TODAY), case_id, **given))

        with store.transaction(signer) as writing:
            record(writing)
        return case_id

    return run
