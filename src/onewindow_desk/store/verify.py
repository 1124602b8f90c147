"""Checking the whole store: every page, every operation, every file that a case names."""

from collections.abc import Callable, Iterator

from sqlalchemy import Engine

from onewindow_desk.domain.exchange import Sealed
from onewindow_desk.faults import Fault, Refusal
from onewindow_desk.store import chain, log, queries
from onewindow_desk.store.keys import ChainHead, StoreKeys
from onewindow_desk.store.rows import VerifyReport

MAX_FINDINGS = 20


def verify(
    engine: Engine, keys: StoreKeys, has_file: Callable[[str], bool], cancelled: Callable[[], bool]
) -> VerifyReport:
    """Check until done, `cancelled`, or enough is found; the counter goes on meanwhile."""
    findings = _Findings(cancelled)
    try:
        for finding in _operations(engine, keys):
            findings.operation(finding)
            if findings.enough:
                return findings.report()
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

    def operation(self, finding: str) -> None:
        self._operations += 1
        if finding:
            self.broken.append(f"operation {self._operations}: {finding}")

    @property
    def enough(self) -> bool:
        return self._cancelled() or len(self.broken) >= MAX_FINDINGS

    def report(self) -> VerifyReport:
        return VerifyReport(operations=self._operations, broken=tuple(self.broken[:MAX_FINDINGS]))


def _operations(engine: Engine, keys: StoreKeys) -> Iterator[str]:
    """What is wrong with each operation in turn, "" for nothing."""
    after = ChainHead()
    while batch := _batch(engine, keys, after.seq):
        for sealed in batch:
            yield _flaw(sealed, after, keys)
            after = ChainHead(after.seq + 1, sealed.hash)


def _flaw(sealed: Sealed, after: ChainHead, keys: StoreKeys) -> str:
    try:
        return chain.flaw(sealed, after, keys.replica, keys.desk_public)
    except Fault as unreadable:
        return str(unreadable)


def _batch(engine: Engine, keys: StoreKeys, seq: int) -> tuple[Sealed, ...]:
    # A short read each: a long one would keep the write-ahead log from being put away.
    with engine.connect() as connection:
        return log.sealed_after(connection, keys.replica, seq)


def _pages(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        bad = connection.exec_driver_sql("PRAGMA cipher_integrity_check").scalars().all()
        said = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
    return [*bad, *(line for line in said if line != "ok")]


def _files(engine: Engine, has_file: Callable[[str], bool]) -> list[str]:
    with engine.connect() as connection:
        named = sorted(queries.named_files(connection))
    return [f"file {address[:12]}: missing" for address in named if not has_file(address)]
