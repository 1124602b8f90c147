"""A central's dump, made with the desk's own sealing, and what the database's owner could do to it."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onewindow_desk.admin.verifier.command import verify
from onewindow_desk.admin.verifier.form import Dump
from onewindow_desk.domain.exchange import Sealed, feed_chain
from onewindow_desk.domain.numbering import make_receipt_no
from onewindow_desk.domain.operation import (
    GENESIS,
    NewOperation,
    Place,
    canonical,
    desk_statement,
    digest,
    link_hash,
)
from onewindow_desk.store import Signer
from onewindow_desk.store.chain import link, seal
from onewindow_desk.store.keys import ChainHead, StoreKeys

AT = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)
STREET = "115"
Row = dict[str, Any]


class Desk:
    """An enrolment that seals operations as the store does."""

    def __init__(self, number: int) -> None:
        self.keys = StoreKeys(UUID(int=0xDE5C << 32 | number), bytes(32), bytes([number]) * 32)
        self.signer = Signer(person_id=UUID(int=number), person_key_id="a key", mac_key=bytes(32))
        self.head = ChainHead()
        self.series = number
        self.given = 0

    def act(self, op_id: UUID, new: NewOperation) -> Sealed:
        """The next operation of this desk's chain."""
        return self._placed(seal(new, self.head, AT, op_id, self.signer, self.keys))

    def carry_on(self, sealed: Sealed) -> Sealed:
        """An operation of a lost enrolment under this one."""
        return self._placed(link(sealed.head, sealed.payload, sealed.person_mac, self.head, self.keys))

    def number(self) -> str:
        """The next receipt number."""
        self.given += 1
        return make_receipt_no(STREET, AT.date(), self.series, self.given)

    def _placed(self, sealed: Sealed) -> Sealed:
        self.head = ChainHead(sealed.place.seq, sealed.hash)
        return sealed


class World:
    """A central that believes every desk: what it stores, as rows of a dump."""

    def __init__(self) -> None:
        self.replicas: list[Row] = []
        self.ops: list[Row] = []
        self.feed: list[Row] = []
        self.end: Row = {}
        self.versions: dict[UUID, int] = {}
        self._ids = iter(range(1, 1_000_000))

    def enrol(self, desk: Desk) -> Desk:
        """Publish the enrolment of a desk."""
        key = desk.keys.desk_public.public_bytes_raw().hex()
        row = {"row": "replica", "replica": str(desk.keys.replica), "street": STREET, "series": desk.series}
        self.replicas.append({**row, "public_key": key, "closed": False})
        self.publish_body("replica", {"replica": row["replica"], "public_key": key, "closed": False})
        return desk

    def publish_body(self, what: str, body: object) -> None:
        data = canonical(body)
        self.publish(what=what, subject=digest(data), body=data.hex())

    def publish(self, **given: Any) -> Row:
        """Append a row to the feed; place and chain are put in by `mend`."""
        names = ("verdict", "reason", "replica", "op_seq", "op_id", "case_id", "case_version", "body")
        row = {"row": "feed", "street": STREET, **dict.fromkeys(names), **given}
        self.feed.append(row)
        return row

    def act(self, desk: Desk, kind: str, case: UUID | None, verdict: str = "applied", **given: Any) -> Sealed:
        """One act of a desk, stored with a verdict; `given`: envelope, base, payload."""
        new = NewOperation(
            kind=kind,
            case_id=case,
            base=given.get("base"),
            envelope=given.get("envelope", {}),
            payload=given.get("payload", {"text": kind}),
        )
        sealed = desk.act(UUID(int=0x0B << 64 | next(self._ids)), new)
        self.store(sealed, verdict, counts=kind != "note")
        return sealed

    def store(self, sealed: Sealed, verdict: str, *, counts: bool = True) -> None:
        """Keep an operation and publish it."""
        self.ops.append(_op_row(sealed, verdict))
        self.judge(sealed, verdict, what="op", counts=counts)

    def judge(self, sealed: Sealed, verdict: str, *, what: str = "verdict", counts: bool = True) -> None:
        """Publish what the central made of an operation."""
        head = json.loads(sealed.head)
        case = UUID(head["case_id"]) if head["case_id"] else None
        if case and verdict == "applied":
            self.versions[case] = self.versions.get(case, 0) + counts
        told = {"op_id": head["op_id"], "case_id": head["case_id"]}
        place = {"replica": str(sealed.place.replica), "op_seq": sealed.place.seq}
        version = self.versions.get(case) if case else None
        self.publish(
            what=what, subject=sealed.hash, verdict=verdict, reason="", case_version=version, **told, **place
        )
        self.op(sealed.place.replica, sealed.place.seq)["verdict"] = verdict

    def op(self, replica: object, seq: int) -> Row:
        return next(row for row in self.ops if (row["replica"], row["seq"]) == (str(replica), seq))

    def copy(self) -> "World":
        return copy.deepcopy(self)

    def case(self, desk: Desk, number: int, **changed: Any) -> UUID:
        """A case received, noted on and accepted."""
        case = UUID(int=0xCA << 64 | number)
        envelope = {"receipt_no": desk.number(), "item_id": "JT-01", **changed}
        self.act(desk, "receive", case, envelope=envelope)
        self.act(desk, "note", case)
        self.act(desk, "accept", case, base=1)
        return case

    # what somebody with the whole database in hand can do afterwards

    def mend(self) -> "World":
        """Compute anew every hash and every place that needs no desk's key."""
        self.ops.sort(key=lambda row: (row["replica"], row["seq"]))
        ends: dict[str, tuple[int, str]] = {}
        renamed = {}
        for row in self.ops:
            seq, prev = ends.get(row["replica"], (0, GENESIS))
            named = link_hash(Place(UUID(row["replica"]), seq + 1, prev), bytes.fromhex(row["head"]))
            renamed[row["replica"], row["seq"]] = (seq + 1, named)
            row.update(seq=seq + 1, prev=prev, hash=named)
            ends[row["replica"]] = (seq + 1, named)
        for row in self.feed:
            if (row["replica"], row["op_seq"]) in renamed:
                row["op_seq"], row["subject"] = renamed[row["replica"], row["op_seq"]]
        for row in self.replicas:
            row["last_seq"], row["last_hash"] = ends.get(row["replica"], (0, GENESIS))
        self.chain()
        return self

    def chain(self) -> None:
        """Number and chain the feed anew."""
        chain = GENESIS
        for seq, row in enumerate(self.feed, 1):
            texts = (row["verdict"] or "", row["reason"] or "")
            chain = feed_chain(chain, seq, row["what"], row["subject"], *texts)
            row.update(seq=seq, chain=chain)
        self.end = {"head": len(self.feed), "chain": chain}

    def sign_anew(self, replica: str, key: Ed25519PrivateKey) -> None:
        """Replace an enrolment's key everywhere and sign all its operations with it."""
        public = key.public_key().public_bytes_raw().hex()
        for row in self.replicas:
            if row["replica"] == replica:
                row["public_key"] = public
        for row in self.feed:
            if row["what"] == "replica" and replica in bytes.fromhex(row["body"]).decode():
                body = {**json.loads(bytes.fromhex(row["body"])), "public_key": public}
                row.update(body=canonical(body).hex(), subject=digest(canonical(body)))
        for row in self.ops:
            if row["replica"] == replica:
                row["signature"] = key.sign(desk_statement(row["hash"])).hex()
        self.chain()

    def rows(self) -> Iterator[Row]:
        """The dump."""
        yield {"row": "dump", "v": 1}
        yield {"row": "street", "street": STREET, **self.end}
        yield from self.replicas
        yield from ({name: row[name] for name in row if name != "verdict"} for row in self.ops)
        yield from self.feed
        yield {"row": "end", "operations": len(self.ops), "feed": len(self.feed)}

    def lines(self) -> list[bytes]:
        return [json.dumps(row).encode() for row in self.rows()]


def _op_row(sealed: Sealed, verdict: str) -> Row:
    return {
        "row": "op",
        "replica": str(sealed.place.replica),
        "seq": sealed.place.seq,
        "prev": sealed.place.prev,
        "hash": sealed.hash,
        "head": sealed.head.hex(),
        "payload": None if sealed.payload is None else sealed.payload.hex(),
        "signature": sealed.desk_signature.hex(),
        "mac": sealed.person_mac.hex(),
        "verdict": verdict,
    }


def _lived(world: World) -> World:
    first, second = world.enrol(Desk(1)), world.enrol(Desk(2))
    world.publish_body("person", {"person_id": str(UUID(int=1)), "roles": ["window"]})
    cases = [world.case((first, second)[number % 2], number) for number in range(4)]
    world.publish(what="file", subject=digest(b"a scan"))
    late = world.act(first, "take_over", cases[1], "parked", base=2)
    world.act(second, "grant", cases[0], "rejected", base=1)
    world.judge(late, "applied")
    world.act(second, "note", cases[2], "quarantined")
    third = world.enrol(Desk(3))
    world.store(third.carry_on(late), "duplicate")
    world.case(third, 9)
    return world.mend()


@pytest.fixture(scope="session")
def lived() -> World:
    """Three enrolments, five cases, every verdict; sound. Not to be changed: take a `copy`."""
    return _lived(World())


@pytest.fixture
def world(lived) -> World:
    return lived.copy()


@pytest.fixture(scope="session")
def desk() -> type[Desk]:
    return Desk


@pytest.fixture(scope="session")
def found():
    """The kinds of what the verifier finds in a dump, in order; `options` as for `verify`."""

    def run(lines: list[bytes], dump: Dump | None = None, **options: Any) -> list[str]:
        return [finding.kind for finding in verify(lines, dump or Dump(), **options)]

    return run
