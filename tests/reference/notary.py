"""A stand-in for the central in tests of screens and services: says of each operation what it is told.

It judges nothing and stores nothing; what it writes is a feed as a central would: numbered and chained.
"""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from onewindow_desk.domain.exchange import Enrolled, FeedRow, HelloAnswer, ReplicaBody, What, feed_chain
from onewindow_desk.domain.operation import GENESIS, canonical, digest
from onewindow_desk.store import Store

APPLIED = ("applied", "")


class Vault(dict[str, bytes]):
    """A vault of this process alone."""

    def set(self, name: str, secret: bytes) -> None:
        self[name] = secret

    def delete(self, name: str) -> None:
        self.pop(name, None)


class Notary:
    """One street's feed; `rows` from the first one on."""

    def __init__(self) -> None:
        self.rows: list[FeedRow] = []

    def attach(self, store: Store, label: str = "1 号窗口") -> None:
        """Let a store that worked alone in."""
        settings = store.settings()
        store.attach(Enrolled(series=12, street="115", label=label, street_settings=dict(settings)))
        self._enrol(store, label)

    def desk(self, folder: Path, label: str, clock: Any) -> Store:
        """A second desk of the street."""
        enrolled = Enrolled(series=13, street="115", label=label)
        store = Store.found(folder, Vault(), UUID(int=13), "115", 13, enrolled=enrolled, clock=clock)
        self._enrol(store, label)
        return store

    def take(self, store: Store, **verdicts: tuple[str, str]) -> None:
        """Take what the desk has to send; `verdicts` by kind are (verdict, reason), applied for the rest."""
        for sealed in store.exchange.outgoing(10_000, 1 << 30):
            head = msgspec.json.decode(sealed.head)
            verdict, reason = verdicts.get(head["kind"], APPLIED)
            case_id = UUID(head["case_id"]) if head["case_id"] else None
            self._add(
                What.OPERATION, sealed.hash, verdict, reason,
                op_id=UUID(head["op_id"]), case_id=case_id, sealed=sealed,
            )  # fmt: skip
        store.exchange.acknowledge(store.exchange.end().last_seq)
        self.pull(store)

    def again(self, op_id: UUID, verdict: str = "applied", reason: str = "") -> None:
        """Look at a stored operation again."""
        row = next(row for row in self.rows if row.op_id == op_id)
        self._add(What.VERDICT, row.subject, verdict, reason, op_id=op_id, case_id=row.case_id)

    def file(self, address: str) -> None:
        """A file is there in full."""
        self._add(What.FILE, address)

    def pull(self, store: Store) -> None:
        """The desk reads to the end."""
        rows = self.rows[store.exchange.end().cursor.seq :]
        if rows:
            store.exchange.absorb(rows)

    def hello(self, store: Store, at: datetime, **given: Any) -> None:
        """The desk was greeted."""
        answer = {
            "protocol": 1, "now": at, "epoch": "e", "last_seq": 0, "last_hash": GENESIS, "closed": False,
            "feed_known": True, "head": len(self.rows), "chain": self._chain(), "street": "115",
            "street_settings": {}, "series": 12, "spare_series": (), "label": "1 号窗口",
            "scope": (), "kinds": (),
        }  # fmt: skip
        store.exchange.said_hello(HelloAnswer(**{**answer, **given}), at)

    def _enrol(self, store: Store, label: str) -> None:
        body = ReplicaBody(
            replica=store.replica, desk=label, label=label, public_key=store.public_key(), series=12
        )
        data = canonical(body)
        self._add(What.REPLICA, digest(data), body=data)

    def _chain(self) -> str:
        return self.rows[-1].chain if self.rows else GENESIS

    def _add(self, what: What, subject: str, verdict: str = "", reason: str = "", **given: Any) -> None:
        seq = len(self.rows) + 1
        chain = feed_chain(self._chain(), seq, what.value, subject, verdict, reason)
        self.rows.append(
            FeedRow(seq=seq, chain=chain, what=what, subject=subject, verdict=verdict, reason=reason, **given)
        )
