"""A central for the real store, in one file: it applies whatever is sent, in order, and publishes it.

Every call reads the file, does its work and puts the file back at once, so that what it answered
outlives the process that asked.
"""

# ruff: noqa: ARG002, ARG005 - the port's arguments

import os
import pickle
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct

from onewindow_desk.domain.exchange import (
    Cursor,
    FeedRow,
    FilePart,
    HelloAnswer,
    HelloSaid,
    Leased,
    NewReplica,
    PushAnswer,
    PushStatus,
    ReplicaBody,
    Sealed,
    Verdict,
    What,
    feed_chain,
)
from onewindow_desk.domain.operation import GENESIS, canonical, digest

NOON = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)
T = TypeVar("T")


class Chain(Struct):
    """One replica's operations."""

    public_key: str
    series: int
    sealed: list[Sealed] = []
    closed: bool = False


class Kept(Struct):
    """All that the central has."""

    chains: dict[UUID, Chain] = {}
    rows: list[FeedRow] = []
    op_ids: set[str] = set()
    parts: dict[str, dict[int, bytes]] = {}
    files: dict[str, bytes] = {}


class PlainCentral:
    """`ports.Central` over a file; `around` is called before and after each call."""

    def __init__(self, path: Path, around: Callable[[], None] = lambda: None) -> None:
        self._path = path
        self._around = around
        if not path.exists():
            self._put(Kept())

    def kept(self) -> Kept:
        kept: Kept = pickle.loads(self._path.read_bytes())
        return kept

    def _put(self, kept: Kept) -> None:
        draft = f"{self._path}.new"
        Path(draft).write_bytes(pickle.dumps(kept))
        os.rename(draft, self._path)  # noqa: PTH104 - Path.replace is what the tests count

    def _call(self, work: Callable[[Kept], T]) -> T:
        self._around()
        kept = self.kept()
        answer = work(kept)
        self._put(kept)
        self._around()
        return answer

    def enrol(self, replica: UUID, public_key: str, series: int) -> None:
        self._call(lambda kept: _open(kept, replica, public_key, series))

    def close(self, replica: UUID) -> None:
        """End an enrolment from this side."""

        def work(kept: Kept) -> None:
            kept.chains[replica].closed = True

        self._call(work)

    def hello(self, replica: UUID, hello: HelloSaid) -> HelloAnswer:
        def work(kept: Kept) -> HelloAnswer:
            chain = kept.chains.get(replica)
            known = hello.cursor == 0 or (
                hello.cursor <= len(kept.rows) and kept.rows[hello.cursor - 1].chain == hello.chain
            )
            return HelloAnswer(
                protocol=1,
                now=NOON,
                epoch="e",
                last_seq=len(chain.sealed) if chain else 0,
                last_hash=chain.sealed[-1].hash if chain and chain.sealed else GENESIS,
                closed=chain is None or chain.closed,
                feed_known=known,
                head=len(kept.rows),
                chain=kept.rows[-1].chain if kept.rows else GENESIS,
                street="115",
                street_settings={},
                series=chain.series if chain else 0,
                spare_series=(),
                label="1 号窗口",
                scope=(),
                kinds=(),
            )

        return self._call(work)

    def push(self, replica: UUID, batch: Sequence[Sealed]) -> PushAnswer:
        def work(kept: Kept) -> PushAnswer:
            chain = kept.chains[replica]
            if chain.closed:
                return PushAnswer(status=PushStatus.CLOSED, last_seq=len(chain.sealed))
            for sealed in batch:
                _store(kept, chain, sealed)
            return PushAnswer(status=PushStatus.OK, last_seq=len(chain.sealed), head=len(kept.rows))

        return self._call(work)

    def pull(self, replica: UUID, cursor: Cursor, limit: int) -> tuple[FeedRow, ...] | None:
        return self._call(lambda kept: _rows(kept, cursor, limit))

    def head(self, replica: UUID) -> Cursor:
        return self._call(lambda kept: Cursor(len(kept.rows), kept.rows[-1].chain) if kept.rows else Cursor())

    def snapshot(self, replica: UUID, after: int, upto: int, limit: int) -> tuple[FeedRow, ...]:
        return self._call(lambda kept: tuple(kept.rows[after:upto][:limit]))

    def payloads(self, replica: UUID, operations: Sequence[UUID]) -> Mapping[UUID, bytes]:
        return self._call(lambda kept: {})

    def renew(self, replica: UUID, new: NewReplica) -> Leased:
        def work(kept: Kept) -> Leased:
            if new.replica not in kept.chains:
                if replica in kept.chains:
                    kept.chains[replica].closed = True
                _open(kept, new.replica, new.public_key, 50 + len(kept.chains))
            return Leased(series=kept.chains[new.replica].series)

        return self._call(work)

    def missing_parts(self, replica: UUID, sha256: str, size: int, chunk: int) -> tuple[int, ...]:
        def work(kept: Kept) -> tuple[int, ...]:
            there = kept.parts.get(sha256, {})
            return (
                () if sha256 in kept.files else tuple(n for n in range(-(-size // chunk)) if n not in there)
            )

        return self._call(work)

    def put_part(self, replica: UUID, sha256: str, number: int, data: bytes) -> bool:
        def work(kept: Kept) -> bool:
            parts = kept.parts.setdefault(sha256, {})
            parts[number] = data
            whole = b"".join(parts[n] for n in sorted(parts))
            if digest(whole) != sha256:
                return False
            if sha256 not in kept.files:
                kept.files[sha256] = whole
                _publish(kept, What.FILE, sha256)
            return True

        return self._call(work)

    def get_part(self, replica: UUID, sha256: str, number: int) -> FilePart:
        raise AssertionError(sha256)


def _rows(kept: Kept, cursor: Cursor, limit: int) -> tuple[FeedRow, ...] | None:
    if cursor.seq > len(kept.rows) or (cursor.seq and kept.rows[cursor.seq - 1].chain != cursor.chain):
        return None
    return tuple(kept.rows[cursor.seq : cursor.seq + limit])


def _open(kept: Kept, replica: UUID, public_key: str, series: int) -> None:
    kept.chains[replica] = Chain(public_key=public_key, series=series)
    body = canonical(ReplicaBody(replica=replica, desk="", label="", public_key=public_key, series=series))
    _publish(kept, What.REPLICA, digest(body), body=body)


def _store(kept: Kept, chain: Chain, sealed: Sealed) -> None:
    seq = sealed.place.seq
    if seq <= len(chain.sealed):
        assert chain.sealed[seq - 1].hash == sealed.hash
        return
    assert (seq, sealed.place.prev) == (len(chain.sealed) + 1, chain.sealed[-1].hash if seq > 1 else GENESIS)
    chain.sealed.append(sealed)
    head: dict[str, Any] = msgspec.json.decode(sealed.head)
    verdict = Verdict.DUPLICATE if head["op_id"] in kept.op_ids else Verdict.APPLIED
    kept.op_ids.add(head["op_id"])
    case_id = UUID(head["case_id"]) if head["case_id"] else None
    named = {"op_id": UUID(head["op_id"]), "case_id": case_id, "sealed": sealed}
    _publish(kept, What.OPERATION, sealed.hash, verdict=verdict.value, **named)


def _publish(kept: Kept, what: What, subject: str, **named: Any) -> None:
    before, seq = kept.rows[-1].chain if kept.rows else GENESIS, len(kept.rows) + 1
    chain = feed_chain(before, seq, what, subject, named.get("verdict", ""), "")
    kept.rows.append(FeedRow(seq=seq, chain=chain, what=what, subject=subject, **named))
