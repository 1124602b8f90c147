"""The desk's side of the exchange with the central: every method one transaction, durable at its return."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection

from onewindow_desk.domain.exchange import (
    Cursor,
    DeskEnd,
    FeedRow,
    HelloAnswer,
    Leased,
    NewReplica,
    Sealed,
    WaitingFile,
)
from onewindow_desk.domain.operation import GENESIS
from onewindow_desk.faults import Fault
from onewindow_desk.store import absorbing, link, log, payloads, transfer
from onewindow_desk.store.files import Files
from onewindow_desk.store.keys import StoreKeys
from onewindow_desk.store.rows import Changes

Connected = Callable[[], AbstractContextManager[Connection]]
_SIGNATURES = 96
"""Bytes of both signatures of an operation."""


class Enrolment(Struct, frozen=True):
    """How the store opens a new enrolment, and becomes it."""

    renewal: Callable[[], NewReplica]
    renewed: Callable[[Leased], None]


class Exchange:
    """Reads and writes what desk and central tell each other; made by `Store` alone."""

    def __init__(
        self,
        reading: Connected,
        writing: Connected,
        keys: Callable[[], StoreKeys],
        clock: Callable[[], datetime],
        files: tuple[Files, Files],
        enrolment: Enrolment,
    ) -> None:
        self._reading = reading
        self._writing = writing
        self._keys = keys
        self._clock = clock
        self._scans, self._papers = files
        self._enrolment = enrolment
        self.tell: Callable[[Changes], None] = _nobody
        """Who hears what changed here, once it is durable; called on the thread that exchanges."""

    def end(self) -> DeskEnd:
        """Where the desk stands."""
        with self._reading() as connection:
            state, head = link.load(connection), log.chain_head(connection, self._keys().replica)
        return DeskEnd(
            replica=self._keys().replica,
            last_seq=head.seq,
            last_hash=head.hash,
            acked=state.acked,
            acked_hash=state.acked_hash,
            cursor=state.cursor,
        )

    def hash_at(self, seq: int) -> str | None:
        """The hash of this replica's operation in place `seq`; GENESIS for 0, None when there is none."""
        with self._reading() as connection:
            return GENESIS if seq == 0 else log.hash_at(connection, self._keys().replica, seq)

    def outgoing(self, limit: int, max_bytes: int) -> tuple[Sealed, ...]:
        """This replica's operations after `acked`, in order, payloads with them; at least one if any."""
        with self._reading() as connection:
            acked = link.load(connection).acked
            waiting = log.sealed_after(connection, self._keys().replica, acked, limit)
        return _within(waiting, max_bytes)

    def acknowledge(self, upto: int) -> None:
        """The central has this replica's operations up to `upto`; lower than before when it lost some."""
        with self._writing() as connection:
            name = GENESIS if upto == 0 else log.hash_at(connection, self._keys().replica, upto)
            if name is None:
                raise Fault("The central confirmed an operation that this store did not make")
            link.change(connection, acked=upto, acked_hash=name)

    def absorb(self, rows: Sequence[FeedRow]) -> Changes:
        """Keep rows that follow the cursor, take effect from them, and move the cursor, all in one.

        Gives what they changed. Fault when they do not follow (`exchange.follows`) or an
        operation's hash or desk signature does not fit: nothing is kept then.
        """
        if not rows:
            return Changes()
        with self._writing() as connection:
            changes = absorbing.absorb(connection, self._keys(), rows, self._clock())
        return self._told(changes)

    def absorb_snapshot(self, rows: Sequence[FeedRow], upto: Cursor, *, last: bool) -> Changes:
        """Keep rows of a first pull; after the last part the cursor stands at `upto`."""
        with self._writing() as connection:
            changes = absorbing.absorb_snapshot(
                connection, self._keys(), rows, upto, self._clock(), last=last
            )
        return self._told(changes)

    def restart_feed(self) -> None:
        """Forget the feed (not the operations): the central was rewound; read it from the start.

        The views stay as they are until the feed comes again, case by case; what it does not know
        any more goes when it has been read to the head that the next hello names.
        """
        with self._writing() as connection:
            absorbing.restart(connection, self._has_file)

    def renewal(self) -> NewReplica:
        """A new replica and its key, kept in the vault before anybody is told.

        The same one is answered until `renewed` was called.
        """
        return self._enrolment.renewal()

    def renewed(self, leased: Leased) -> None:
        """Become the new replica.

        Every own operation that the feed does not show as stored is carried on under it, in order,
        with the same op_id and the person's signature.
        """
        self._enrolment.renewed(leased)

    def said_hello(self, answer: HelloAnswer, at: datetime) -> Changes:
        """Keep what the central answered at `at`: series, street, clock offset, the end of its feed."""
        with self._writing() as connection:
            changes = absorbing.said_hello(connection, self._keys(), answer, at)
        return self._told(changes)

    def lacking_payloads(self, limit: int) -> tuple[UUID, ...]:
        """Operations whose payload this desk should have and has not."""
        with self._reading() as connection:
            return payloads.lacking(connection, limit)

    def fill_payloads(self, came: Mapping[UUID, bytes]) -> Changes:
        """Keep payloads that came later, and fold the cases anew; Fault when one is not the operation's."""
        with self._writing() as connection:
            changes = payloads.fill(connection, self._keys().replica, came)
        return self._told(changes)

    def waiting_files(self, limit: int) -> tuple[WaitingFile, ...]:
        """Files that acknowledged operations name and the central does not have, oldest first."""
        with self._reading() as connection:
            names = transfer.waiting(connection, link.load(connection).acked, limit)
        return tuple(WaitingFile(sha256=name, size=self._size(name)) for name in names)

    def file_bytes(self, sha256: str) -> bytes:
        """The plain bytes of a file of this desk; Refusal when it is missing or was changed."""
        return self._kind(sha256).get(sha256)

    def file_arrived(self, sha256: str) -> None:
        """The central said that it has this file in full; it counts once the feed shows it."""
        with self._writing() as connection:
            transfer.sent(connection, sha256)

    def wanted_files(self, limit: int) -> tuple[str, ...]:
        """Files that somebody here wants to see and that are not on this desk."""
        with self._reading() as connection:
            return transfer.wanted(connection, limit)

    def keep_file(self, sha256: str, data: bytes) -> None:
        """Keep a file that came; Fault when its bytes are not what its address says."""
        transfer.check_address(sha256, data)
        self._scans.put(data)
        with self._writing() as connection:
            transfer.came(connection, sha256)

    def _told(self, changes: Changes) -> Changes:
        if changes != Changes():
            self.tell(changes)
        return changes

    def _size(self, address: str) -> int:
        """Bytes of a file, 0 when it is gone: it is named when it cannot be read, and holds up no other."""
        return self._kind(address).size(address) if self._has_file(address) else 0

    def _kind(self, address: str) -> Files:
        return self._papers if self._papers.has(address) else self._scans

    def _has_file(self, address: str) -> bool:
        return self._scans.has(address) or self._papers.has(address)


def _nobody(_: Changes) -> None:
    pass


def _within(waiting: tuple[Sealed, ...], max_bytes: int) -> tuple[Sealed, ...]:
    """As many from the front as `max_bytes` hold, the first whatever its size."""
    total = 0
    for count, one in enumerate(waiting):
        total += len(one.head) + len(one.payload or b"") + _SIGNATURES
        if count and total > max_bytes:
            return waiting[:count]
    return waiting
