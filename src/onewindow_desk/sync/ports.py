"""What a round works with: the central and the desk's side of the exchange, as protocols.

`central.Central` and `store.Exchange` are the real ones; the simulator has its own.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from onewindow_desk.domain.exchange import (
    Cursor,
    DeskEnd,
    FeedRow,
    FilePart,
    HelloAnswer,
    HelloSaid,
    Leased,
    NewReplica,
    PushAnswer,
    Sealed,
    WaitingFile,
)

__all__ = ["Central", "DeskEnd", "Exchange", "WaitingFile"]


class Central(Protocol):
    """One open conversation. Every call raises Unreachable when its outcome is not known."""

    def hello(self, replica: UUID, said: HelloSaid) -> HelloAnswer:
        """Who we are and what we have; the first call of every conversation."""

    def push(self, replica: UUID, batch: Sequence[Sealed]) -> PushAnswer:
        """Send operations that follow each other; one statement, one transaction."""

    def pull(self, replica: UUID, cursor: Cursor, limit: int) -> tuple[FeedRow, ...] | None:
        """The rows after the cursor, in order; None when the central does not know the cursor."""

    def head(self, replica: UUID) -> Cursor:
        """The last row of the street's feed."""

    def snapshot(self, replica: UUID, after: int, upto: int, limit: int) -> tuple[FeedRow, ...]:
        """Feed rows a new desk needs with after < seq <= upto: people, replicas, open and late cases."""

    def payloads(self, replica: UUID, operations: Sequence[UUID]) -> Mapping[UUID, bytes]:
        """Payloads of operations that came without, where this desk and its person may have them."""

    def renew(self, replica: UUID, new: NewReplica) -> Leased:
        """End this enrolment and open a new one for the same desk."""

    def missing_parts(self, replica: UUID, sha256: str, size: int, chunk: int) -> tuple[int, ...]:
        """Which chunks of a file the central lacks, counted from 0; none when it has the file."""

    def put_part(self, replica: UUID, sha256: str, number: int, data: bytes) -> bool:
        """Send one chunk; True once the file is there in full and its hash is right."""

    def get_part(self, replica: UUID, sha256: str, number: int) -> FilePart:
        """One chunk of a file."""


class Exchange(Protocol):
    """The desk's side. Every method is one transaction, durable when it returns."""

    def end(self) -> DeskEnd:
        """Where the desk stands."""

    def hash_at(self, seq: int) -> str | None:
        """The hash of this replica's operation in place `seq`; GENESIS for 0, None when there is none."""

    def outgoing(self, limit: int, max_bytes: int) -> tuple[Sealed, ...]:
        """This replica's operations after `acked`, in order, payloads with them; at least one if any."""

    def acknowledge(self, upto: int) -> None:
        """The central has this replica's operations up to `upto`; lower than before when it lost some."""

    def absorb(self, rows: Sequence[FeedRow]) -> object:
        """Keep rows that follow the cursor, take effect from them, and move the cursor, all in one.

        Fault when they do not follow (`exchange.follows`) or an operation's hash or desk signature
        does not fit: nothing is kept then.
        """

    def restart_feed(self) -> None:
        """Forget the feed (not the operations): the central was rewound; read it from the start."""

    def absorb_snapshot(self, rows: Sequence[FeedRow], upto: Cursor, *, last: bool) -> object:
        """Keep rows of a first pull; after the last part the cursor stands at `upto`."""

    def renewal(self) -> NewReplica:
        """A new replica and its key, kept in the vault before anybody is told.

        The same one is answered until `renewed` was called.
        """

    def renewed(self, leased: Leased) -> None:
        """Become the new replica.

        Every own operation that the feed does not show as stored is carried on under it, in order,
        with the same op_id and the person's signature.
        """

    def said_hello(self, answer: HelloAnswer, at: datetime) -> object:
        """Keep what the central answered: series, street, clock offset, the time of the last hello."""

    def lacking_payloads(self, limit: int) -> tuple[UUID, ...]:
        """Operations whose payload this desk should have and has not."""

    def fill_payloads(self, came: Mapping[UUID, bytes]) -> object:
        """Keep payloads that came later, and fold the cases anew."""

    def waiting_files(self, limit: int) -> tuple[WaitingFile, ...]:
        """Files that acknowledged operations name and the central does not have, oldest first."""

    def file_bytes(self, sha256: str) -> bytes:
        """The plain bytes of a file of this desk."""

    def file_arrived(self, sha256: str) -> None:
        """The central has this file in full."""

    def wanted_files(self, limit: int) -> tuple[str, ...]:
        """Files that somebody here wants to see and that are not on this desk."""

    def keep_file(self, sha256: str, data: bytes) -> None:
        """Keep a file that came; Fault when its bytes are not what its address says."""
