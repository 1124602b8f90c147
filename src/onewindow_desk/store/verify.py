"""Checking the whole store: every page, every operation of every desk, the feed, every file."""

from collections.abc import Callable, Iterator
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Engine

from onewindow_desk.domain.exchange import Cursor, Sealed, feed_chain
from onewindow_desk.domain.operation import digest, link_hash
from onewindow_desk.faults import Fault, Refusal
from onewindow_desk.store import chain, feed, link, log, queries, replicas, transfer
from onewindow_desk.store.keys import ChainHead, StoreKeys
from onewindow_desk.store.rows import VerifyReport

MAX_FINDINGS = 20


def verify(
    engine: Engine, keys: StoreKeys, has_file: Callable[[str], bool], cancelled: Callable[[], bool]
) -> VerifyReport:
    """Check until done, `cancelled`, or enough is found; the counter goes on meanwhile."""
    findings = _Findings(cancelled)
    try:
        for theirs, operations in ((False, _own_chain(engine, keys)), (True, _others(engine, keys))):
            for finding in operations:
                findings.operation(finding, theirs=theirs)
                if findings.enough:
                    return findings.report()
        findings.broken += [*_links(engine, keys.replica), *_feed(engine)]
        findings.broken += _pages(engine)
        findings.broken += _files(engine, has_file)
    except Refusal as unreadable:
        findings.broken.append(f"pages: {unreadable.text}")
    return findings.report()


class _Findings:
    """What was found so far."""

    def __init__(self, cancelled: Callable[[], bool]) -> None:
        self._cancelled = cancelled
        self._operations = 0
        self.broken: list[str] = []
        self._unsound: list[str] = []

    def operation(self, finding: str, *, theirs: bool) -> None:
        """One more operation, and what is wrong with it; `theirs`: another desk made it."""
        self._operations += 1
        if finding.startswith(chain.UNSIGNED) and theirs:
            self._unsound.append(f"operation {self._operations}: {finding}")
        elif finding:
            self.broken.append(f"operation {self._operations}: {finding}")

    @property
    def enough(self) -> bool:
        return self._cancelled() or len(self.broken) >= MAX_FINDINGS

    def report(self) -> VerifyReport:
        return VerifyReport(
            operations=self._operations,
            broken=tuple(self.broken[:MAX_FINDINGS]),
            unsound=tuple(self._unsound[:MAX_FINDINGS]),
        )


def _own_chain(engine: Engine, keys: StoreKeys) -> Iterator[str]:
    """What is wrong with each operation of this enrolment in turn, "" for nothing."""
    after = ChainHead()
    # A short read each: a long one would keep the write-ahead log from being put away.
    while batch := _batch(engine, keys, after.seq):
        for sealed in batch:
            if sealed.place.seq > after.seq + 1:
                after = _over_retired(engine, keys.replica, after, sealed.place.seq - 1)
            yield _flaw(sealed, after, keys)
            after = ChainHead(sealed.place.seq, sealed.hash)


def _over_retired(engine: Engine, replica: UUID, after: ChainHead, upto: int) -> ChainHead:
    """The link before the next operation that is here, as far as those between hang together."""
    with engine.connect() as connection:
        links = log.retired_links(connection, replica, after.seq + 1, upto)
    for gone in links:
        if (gone.seq, gone.prev) == (after.seq + 1, after.hash):
            after = ChainHead(gone.seq, gone.hash)
    return after


def _flaw(sealed: Sealed, after: ChainHead, keys: StoreKeys) -> str:
    try:
        return chain.flaw(sealed, after, keys.replica, keys.desk_public)
    except Fault as unreadable:
        return str(unreadable)


def _batch(engine: Engine, keys: StoreKeys, seq: int) -> tuple[Sealed, ...]:
    with engine.connect() as connection:
        return log.sealed_after(connection, keys.replica, seq)


def _others(engine: Engine, keys: StoreKeys) -> Iterator[str]:
    """What is wrong with each operation of another enrolment, taken alone."""
    with engine.connect() as connection:
        public = replicas.keys(connection, keys)
        quarantined = feed.quarantined(connection)
    position = 0
    while batch := _page(engine, position):
        for one in batch:
            if not (one.own and one.sealed.place.replica == keys.replica):
                known = public.get(one.sealed.place.replica)
                flaw = _others_flaw(one.sealed, known, damaged=one.sealed.hash in quarantined)
                yield f"{flaw}, {_placed(one.sealed)}" if flaw == chain.UNSIGNED else flaw
        position = batch[-1].position


def _placed(sealed: Sealed) -> str:
    return f"place {sealed.place.seq} of {sealed.place.replica}"


def _page(engine: Engine, position: int) -> tuple[log.Stored, ...]:
    with engine.connect() as connection:
        return log.after_position(connection, position)


def _others_flaw(sealed: Sealed, public: Ed25519PublicKey | None, *, damaged: bool) -> str:
    """As `chain.own_flaw`; what the central quarantined was damaged when it came."""
    if damaged:
        return "" if link_hash(sealed.place, sealed.head) == sealed.hash else "hash"
    if public is None:
        return "unknown desk"
    try:
        return chain.own_flaw(sealed, public)
    except Fault:
        # Of a newer format: its head says in a way of its own what the payload is.
        return chain.own_flaw(_without_payload(sealed), public)


def _without_payload(sealed: Sealed) -> Sealed:
    return Sealed(
        place=sealed.place,
        head=sealed.head,
        payload=None,
        hash=sealed.hash,
        desk_signature=sealed.desk_signature,
        person_mac=sealed.person_mac,
    )


def _links(engine: Engine, replica: UUID) -> list[str]:
    """Other enrolments' operations that do not name the one before them, where that one is here."""
    broken = []
    before: tuple[UUID | None, int, set[str]] = (None, 0, set())
    here: tuple[UUID | None, int, set[str]] = (None, 0, set())
    with engine.connect() as connection:
        for one in log.links_of_others(connection, replica):
            if (one.replica, one.seq) != here[:2]:
                before, here = here, (one.replica, one.seq, set())
            here[2].add(one.hash)
            if before[:2] == (one.replica, one.seq - 1) and one.prev not in before[2]:
                broken.append(f"chain of a desk: place {one.seq}")
    return broken


def _feed(engine: Engine) -> list[str]:
    """What is wrong with the feed from where it was read without gaps."""
    with engine.connect() as connection:
        state = link.load(connection)
        broken = _feed_chain(connection, state.begun, state.cursor)
        lost = feed.without_operation(connection)
    return [*broken, *(f"feed {seq}: operation missing" for seq in lost)]


def _feed_chain(connection: Connection, cursor: Cursor, end: Cursor) -> list[str]:
    for row in feed.after(connection, cursor.seq):
        expected = feed_chain(cursor.chain, row.seq, row.what, row.subject, row.verdict, row.reason)
        if row.seq != cursor.seq + 1 or row.chain != expected:
            return [f"feed {row.seq}: chain"]
        if row.body is not None and digest(row.body) != row.subject:
            return [f"feed {row.seq}: body"]
        cursor = Cursor(row.seq, row.chain)
    return [] if cursor == end else ["feed: end"]


def _pages(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        bad = connection.exec_driver_sql("PRAGMA cipher_integrity_check").scalars().all()
        said = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
    return [*bad, *(line for line in said if line != "ok")]


def _files(engine: Engine, has_file: Callable[[str], bool]) -> list[str]:
    """Files that must be here: all that are named, or under a central those that it may not have."""
    with engine.connect() as connection:
        if link.load(connection).attached:
            needed = transfer.only_here(connection)
        else:
            needed = queries.named_files(connection)
    return [f"file {address[:12]}: missing" for address in sorted(needed) if not has_file(address)]
