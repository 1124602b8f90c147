"""The local store (本机库): open it, read frozen rows from it, write to it in one transaction."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

from msgspec.structs import replace
from sqlalchemy import Connection, Engine

from onewindow_desk.domain.case import Case
from onewindow_desk.domain.exchange import Enrolled, Leased, NewReplica
from onewindow_desk.domain.operation import Operation
from onewindow_desk.domain.people import Person
from onewindow_desk.domain.states import State
from onewindow_desk.store import (
    attaching,
    attention,
    backup,
    disk,
    folding,
    found,
    keys,
    link,
    log,
    numbers,
    outbox,
    payloads,
    queries,
    rebuild,
    renewing,
    retiring,
    search,
    start,
    transfer,
    verify,
    views,
)
from onewindow_desk.store.credentials import Credentials
from onewindow_desk.store.disk import RESERVE_BYTES, FreeSpace, free_space, need_space
from onewindow_desk.store.drafts import Drafts
from onewindow_desk.store.engine import writing as writing_connection
from onewindow_desk.store.exchange import Enrolment, Exchange
from onewindow_desk.store.files import Files
from onewindow_desk.store.folding import Undecided
from onewindow_desk.store.found import Clock, Opening
from onewindow_desk.store.head import HeadKeeper
from onewindow_desk.store.keys import ChainHead, StoreKeys
from onewindow_desk.store.packing import Unpacker
from onewindow_desk.store.rows import (
    AttentionEntry,
    BackupReport,
    CaseRow,
    Changes,
    LinkRow,
    RebuildReport,
    RetireReport,
    Signer,
    UnsentRow,
    VerifyReport,
)
from onewindow_desk.store.secrets import SecretVault
from onewindow_desk.store.writing import Writing


def utc_now() -> datetime:
    """The present, aware, UTC."""
    return datetime.now(UTC)


class Store:
    """One open store. Reading from any thread; one writer at a time, the others wait."""

    def __init__(
        self,
        folder: Path,
        engine: Engine,
        store_keys: StoreKeys,
        vault: SecretVault,
        *,
        clock: Clock = utc_now,
        reserve: int = RESERVE_BYTES,
        free: FreeSpace = free_space,
    ) -> None:
        self.folder = folder
        self.clock = clock
        self._engine = engine
        self._keys = store_keys
        self._vault = vault
        self._reserve = reserve
        self._free = free
        self._writer = threading.RLock()
        self._heads = HeadKeeper[tuple[UUID, ChainHead]](lambda kept: keys.keep_head(vault, *kept))
        self.scans = self._files("scans")
        self.papers = self._files("papers")
        self.drafts = Drafts(self._reading, self._writing)
        self.credentials = Credentials(self._reading, self._writing)
        self.exchange = Exchange(
            self._reading,
            self._writing,
            lambda: self._keys,
            clock,
            (self.scans, self.papers),
            Enrolment(self._renewal, self._renewed),
        )
        with self._reading() as connection:
            self._attached = link.load(connection).attached

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether a store was founded in this folder."""
        return found.exists(folder)

    @staticmethod
    def prepare(vault: SecretVault) -> NewReplica:
        """Keys for a store that is to be founded as `found(replica=...)` once a central enrolled it."""
        return found.prepare(vault, uuid4())

    @classmethod
    def found(
        cls,
        folder: Path,
        vault: SecretVault,
        replica: UUID,
        street: str,
        series: int,
        *,
        opening: Opening | None = None,
        enrolled: Enrolled | None = None,
        clock: Clock = utc_now,
        reserve: int = RESERVE_BYTES,
        free: FreeSpace = free_space,
    ) -> "Store":
        """Make a new store: `street` three digits, `series` 0 to 9999; the rest as for `open`.

        `opening` is recorded before the store exists under its name: a founding that was cut off
        left nothing. `enrolled` makes it a desk of a central instead, whose street it reads there;
        its replica is then the one of `prepare`. Raises Refusal when there is a store already, or
        folder or vault will not do.
        """
        need_space(disk.existing(folder), reserve, free)
        found.found(folder, vault, replica, found.Numbers(street, series), clock, opening, enrolled)
        return cls.open(folder, vault, clock=clock, reserve=reserve, free=free)

    @classmethod
    def open(
        cls,
        folder: Path,
        vault: SecretVault,
        *,
        clock: Clock = utc_now,
        reserve: int = RESERVE_BYTES,
        free: FreeSpace = free_space,
    ) -> "Store":
        """Open the store of `folder` after the checks of a start; Refusal says what to do.

        `clock` gives the present, aware; `reserve` bytes must stay free on the disk for a receipt
        number to be given; `free` asks for the free bytes.
        """
        engine, store_keys = start.unlock(folder, vault, reserve, free)
        return cls(folder, engine, store_keys, vault, clock=clock, reserve=reserve, free=free)

    @property
    def replica(self) -> UUID:
        """Which enrolment this store is."""
        return self._keys.replica

    def close(self) -> None:
        """Put the head of the chain away and close all connections."""
        self._heads.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self, signer: Signer) -> Iterator[Writing]:
        """One transaction in the name of `signer`: committed and durable at the end, or nothing of it."""
        with self._writing() as connection:
            writing = Writing(
                connection,
                self._keys,
                signer,
                self.clock,
                self._has_file,
                self._need_space,
                attached=self._attached,
            )
            replica = self.replica
            yield writing
        if writing.wrote:
            self._heads.keep((replica, writing.head))

    def case(self, case_id: UUID) -> Case:
        """A case as its operations leave it; Refusal when there is none."""
        with self._reading() as connection:
            return queries.case(connection, case_id)

    def cases(
        self,
        *,
        states: frozenset[State] | None = None,
        since: datetime | None = None,
        limit: int = 1000,
    ) -> tuple[CaseRow, ...]:
        """Cases in some states, received at or after `since`, newest first, at most `limit`."""
        with self._reading() as connection:
            return queries.cases(connection, states, since, limit)

    def folded(self, *, states: frozenset[State] | None = None, limit: int = 1000) -> tuple[Case, ...]:
        """Whole cases, as `cases` lists them, in one question."""
        with self._reading() as connection:
            return queries.folded(connection, states, limit)

    def find(self, text: str, limit: int = 50) -> tuple[CaseRow, ...]:
        """Cases by receipt number or part of it, by part of a name, by item; newest first."""
        with self._reading() as connection:
            return queries.rows_at(connection, search.positions(connection, text, limit))

    def operations(self, case_id: UUID | None) -> tuple[Operation, ...]:
        """The operations of a case, or of the street (None), in the order they were folded."""
        with self._reading() as connection:
            undecided = Undecided(self.replica, link.load(connection).decided)
            return folding.operations(connection, case_id, undecided)

    def operation(self, op_id: UUID) -> Operation | None:
        """One operation, whatever became of it; None when it is not here or cannot be read."""
        with self._reading() as connection:
            return next(iter(_readable(log.named(connection, [op_id]))), None)

    def recorded(self, case_id: UUID) -> tuple[Operation, ...]:
        """All operations of a case in the order they came here, refused and waiting ones too."""
        with self._reading() as connection:
            return _readable(log.of_cases(connection, [case_id]).get(case_id, []))

    def upgrade_needed(self, case_id: UUID) -> bool:
        """Whether the central applied something to the case that this program does not understand."""
        with self._reading() as connection:
            kept = views.kept_case(connection, case_id)
        return kept is not None and kept.upgrade_needed

    def unsound(self, case_id: UUID) -> bool:
        """Whether a step of the case is left out because no fitting desk signature covers it."""
        with self._reading() as connection:
            kept = views.kept_case(connection, case_id)
        return kept is not None and kept.unsound

    def people(self) -> tuple[Person, ...]:
        """All people of the street, by login."""
        with self._reading() as connection:
            return queries.people(connection)

    def person(self, login: str) -> Person | None:
        """The person who signs in by this name, None when nobody does."""
        with self._reading() as connection:
            return queries.person(connection, login)

    def settings(self) -> Mapping[str, Any]:
        """The street's settings by name: what the founding said, with later changes."""
        with self._reading() as connection:
            return queries.settings(connection)

    def last_receipt_no(self) -> str:
        """The last receipt number given here, "" when none was."""
        with self._reading() as connection:
            return queries.last_receipt_no(connection)

    def numbers_left(self, today: date) -> int:
        """How many receipt numbers this store can still give today."""
        with self._reading() as connection:
            return numbers.left(connection, today)

    @property
    def attached(self) -> bool:
        """Whether a central is the authority over what stands here."""
        return self._attached

    def attach(self, enrolled: Enrolled) -> Changes:
        """Make this store belong to the central that enrolled it; all it holds waits to be sent."""
        with self._writing() as connection:
            attaching.attach(connection, self.replica, enrolled, self.clock(), self._has_file)
            self._attached = True
        return Changes(people=True, settings=True)

    def link(self) -> LinkRow:
        """What there is to say of the line to the central."""
        with self._reading() as connection:
            return outbox.line(connection, self.replica)

    def unsent(self, limit: int = 200) -> tuple[UnsentRow, ...]:
        """Own operations without the central's word, the newest first."""
        with self._reading() as connection:
            return outbox.unsent(connection, self.replica, limit)

    def unsent_count(self) -> int:
        """How many own operations have no word from the central."""
        with self._reading() as connection:
            return outbox.count(connection, self.replica)

    def oldest_unsent(self) -> datetime | None:
        """When the longest waiting of them was made."""
        with self._reading() as connection:
            return outbox.oldest(connection, self.replica)

    def attention(self) -> tuple[AttentionEntry, ...]:
        """What the central did not apply and nobody has settled, the longest waiting first."""
        with self._reading() as connection:
            return attention.entries(connection)

    def public_key(self) -> str:
        """This enrolment's public key, hex (Ed25519)."""
        return self._keys.desk_public.public_bytes_raw().hex()

    def file_bytes(self, address: str) -> bytes:
        """The plain bytes of a scan or paper; Refusal when it is not on this desk."""
        return self.exchange.file_bytes(address)

    def has_file(self, address: str) -> bool:
        """Whether a scan or paper is on this desk."""
        return self._has_file(address)

    def want_file(self, address: str) -> None:
        """Have a file fetched from the central."""
        with self._writing() as connection:
            transfer.want(connection, address, self.clock())

    def want_payloads(self, case_id: UUID) -> None:
        """Have the payloads of a case fetched that came without."""
        with self._writing() as connection:
            payloads.want(connection, case_id, self.clock())

    def files_at_central(self, addresses: Iterable[str]) -> frozenset[str]:
        """Those of these files that the central has in full."""
        with self._reading() as connection:
            return transfer.at_central(connection, addresses)

    def retire(self, now: datetime) -> RetireReport:
        """Take off this desk what the central keeps (`retiring`); nothing in a store of its own."""
        if not self._attached:
            return RetireReport(cases=0, operations=0, files=0)
        with self._reading() as connection:
            closed = retiring.closed_before(connection, retiring.days_before(now, retiring.FILE_DAYS))
            files = retiring.free_files(connection, closed, self._has_file)
        long_ago = retiring.days_before(now, retiring.CASE_DAYS)
        old = [one for one in closed if one.at < long_ago]
        report = self._retire_cases(old)
        for address in files:
            self.scans.remove(address)
            self.papers.remove(address)
        return replace(report, files=len(files))

    def _retire_cases(self, old: Sequence[retiring.Closed]) -> RetireReport:
        """Nobody waits for the writer where there is nothing to let go."""
        if not old:
            return RetireReport(cases=0, operations=0, files=0)
        with self._writing() as connection:
            return retiring.retire_cases(connection, self.replica, old)

    def verify_rest(self, cancelled: Callable[[], bool] = lambda: False) -> VerifyReport:
        """Check every page and every operation; long, for the background."""
        return verify.verify(self._engine, self._keys, self._has_file, cancelled)

    def rebuild(self) -> RebuildReport:
        """Fold all operations into fresh views, compare with the stored ones, put the fresh in place."""
        with self._writing() as connection:
            return rebuild.rebuild(connection, self.replica)

    def compare(self) -> RebuildReport:
        """As `rebuild`, but the stored views stay as they are."""
        with self._writer, writing_connection(self._engine) as connection:
            report = rebuild.rebuild(connection, self.replica)
            connection.rollback()
        return report

    def back_up(self, target: Path) -> BackupReport:
        """Copy the whole store, encrypted as it is, into the new folder `target`; work may go on.

        Raises Refusal when `target` is taken, the disk too full, or the copy not whole.
        """
        return backup.back_up(self._engine, self._keys, self.folder, target, self._free)

    def orphans(self) -> tuple[Path, ...]:
        """Files on the disk that no case and no draft names."""
        with self._reading() as connection:
            named = queries.named_files(connection)
        return (*self.scans.orphans(named), *self.papers.orphans(named))

    def _renewal(self) -> NewReplica:
        with self._writing() as connection:
            new = renewing.begin(connection, self._vault, self._keys, uuid4())
        return NewReplica(replica=new.replica, public_key=new.desk_public.public_bytes_raw().hex())

    def _renewed(self, leased: Leased) -> None:
        with self._writer:
            old = self._keys
            with self._writing() as connection:
                new = renewing.begun(connection, self._vault)
                head = renewing.become(connection, old, new, leased)
            # From its commit on the store is the new enrolment; the next start makes up for the rest.
            self._keys = new
            keys.keep_head(self._vault, new.replica, head)
            keys.close_chain(self._vault, old.replica, new.replica)
            found.write_identity(self.folder, new.replica)

    def _files(self, kind: str) -> Files:
        key, names = self._keys.derived(f"{kind} key"), self._keys.derived(f"{kind} names")
        return Files(self.folder / kind, key, names, self._reserve, self._free)

    def _has_file(self, address: str) -> bool:
        return self.scans.has(address) or self.papers.has(address)

    def _need_space(self) -> None:
        need_space(self.folder, self._reserve, self._free)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._writer, writing_connection(self._engine) as connection, connection.begin():
            yield connection


def _readable(stored: Iterable[log.Stored]) -> tuple[Operation, ...]:
    unpack = Unpacker()
    read = (folding.read(one.sealed, unpack) for one in stored)
    return tuple(operation for operation in read if operation is not None)
