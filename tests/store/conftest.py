"""A store with a vault in memory, and ready-made acts of an invented clerk."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from onewindow_desk.domain.exchange import (
    Enrolled,
    FeedRow,
    HelloAnswer,
    ReplicaBody,
    Sealed,
    What,
    feed_chain,
)
from onewindow_desk.domain.operation import GENESIS, NewOperation, canonical, digest
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


class StreetFeed:
    """The street's feed as a central would write it: numbered, chained, with the verdict it is told."""

    def __init__(self) -> None:
        self.rows: list[FeedRow] = []
        self.stored: set[str] = set()

    def enrol(self, store: Store, *, closed: bool = False, desk: str = "") -> FeedRow:
        body = ReplicaBody(
            replica=store.replica,
            desk=desk,
            label="",
            public_key=store.public_key(),
            series=12,
            closed=closed,
        )
        return self.told(What.REPLICA, canonical(body))

    def person(self, **given: Any) -> FeedRow:
        return self.told(What.PERSON, canonical({"roles": ["window"], "active": True, **given}))

    def told(self, what: What, body: bytes) -> FeedRow:
        return self._add(what=what, subject=digest(body), body=body)

    def file(self, address: str) -> FeedRow:
        return self._add(what=What.FILE, subject=address)

    def take(self, sealed: Sealed, verdict: str = "applied", reason: str = "", **given: Any) -> FeedRow:
        """Store an operation; `given`: payload=None to leave it out, op_id and case_id to name it."""
        head = msgspec.json.decode(sealed.head, type=dict[str, Any]) if "op_id" not in given else given
        self.stored.add(sealed.hash)
        case_id = head["case_id"]
        return self._add(
            what=What.OPERATION,
            subject=sealed.hash,
            verdict=verdict,
            reason=reason,
            op_id=UUID(str(head["op_id"])),
            case_id=UUID(str(case_id)) if case_id else None,
            sealed=msgspec.structs.replace(sealed, payload=given.get("payload", sealed.payload)),
        )

    def take_all(self, store: Store, verdict: str = "applied", reason: str = "") -> list[FeedRow]:
        """Store what a desk has to send, and confirm it."""
        made = [self.take(sealed, verdict, reason) for sealed in store.exchange.outgoing(10_000, 1 << 30)]
        store.exchange.acknowledge(store.exchange.end().last_seq)
        return made

    def again(self, row: FeedRow, verdict: str, reason: str = "") -> FeedRow:
        """Look at a stored operation again."""
        return self._add(
            what=What.VERDICT,
            subject=row.subject,
            verdict=verdict,
            reason=reason,
            op_id=row.op_id,
            case_id=row.case_id,
        )

    def after(self, store: Store) -> tuple[FeedRow, ...]:
        return tuple(self.rows[store.exchange.end().cursor.seq :])

    def pull(self, *stores: Store, page: int = 1000) -> None:
        """Each store reads to the end."""
        for store in stores:
            while rows := self.after(store)[:page]:
                store.exchange.absorb(rows)

    def hello(self, **given: Any) -> HelloAnswer:
        said = {
            "protocol": 1,
            "now": NOON,
            "epoch": "e",
            "last_seq": 0,
            "last_hash": GENESIS,
            "closed": False,
            "feed_known": True,
            "head": len(self.rows),
            "chain": self.chain,
            "street": "115",
            "street_settings": {},
            "series": 12,
            "spare_series": (),
            "label": "1 号窗口",
            "scope": (),
            "kinds": (),
        }
        return HelloAnswer(**{**said, **given})

    @property
    def chain(self) -> str:
        return self.rows[-1].chain if self.rows else GENESIS

    def _add(self, what: What, subject: str, **given: Any) -> FeedRow:
        seq = len(self.rows) + 1
        verdict, reason = given.get("verdict", ""), given.get("reason", "")
        chain = feed_chain(self.chain, seq, what.value, subject, verdict, reason)
        row = FeedRow(seq=seq, chain=chain, what=what, subject=subject, **given)
        self.rows.append(row)
        return row


@pytest.fixture
def street_feed() -> StreetFeed:
    return StreetFeed()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock, street_feed: StreetFeed) -> Iterator[Callable[..., Store]]:
    """Makes enrolled desks of one street, each with a vault of its own, known to the feed."""
    opened = []

    def make(number: int, name: str = "") -> Store:
        vault = MemoryVault()
        enrolled = Enrolled(series=number, street="115", label=f"{number} 号窗口")
        store = Store.found(
            tmp_path / f"desk{number}", vault, UUID(int=number), "115", number, enrolled=enrolled, clock=clock
        )
        street_feed.enrol(store, desk=name)
        opened.append(store)
        return store

    yield make
    for store in opened:
        store.close()
