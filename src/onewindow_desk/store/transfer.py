"""Which files wait to be sent, which the central has, and which somebody here wants to see."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select, union, update

from onewindow_desk.domain.operation import digest
from onewindow_desk.faults import Fault
from onewindow_desk.store.feed import among, many
from onewindow_desk.store.tables import case_file, draft_file, remote_file, waiting_file, wanted_file

_WAIT = insert(waiting_file).prefix_with("OR IGNORE")
_REMOTE = insert(remote_file).prefix_with("OR IGNORE")
_THERE = select(remote_file.c.sha256).where(remote_file.c.sha256 == waiting_file.c.sha256).exists()
_MOVED = update(waiting_file).where(waiting_file.c.seq == bindparam("old")).values(seq=bindparam("new"))


def wait(connection: Connection, files: Iterable[str], seq: int) -> None:
    """Files of this desk go to the central once its operation `seq` is there."""
    rows = [{"sha256": address, "seq": seq} for address in sorted(files)]
    if rows:
        connection.execute(_WAIT, rows)


def waiting(connection: Connection, acked: int, limit: int) -> tuple[str, ...]:
    """Files whose operations the central confirmed, the longest waiting first."""
    query = select(waiting_file.c.sha256).where(
        waiting_file.c.seq <= acked, waiting_file.c.sent == 0, ~_THERE
    )
    return tuple(connection.execute(query.order_by(waiting_file.c.id).limit(limit)).scalars())


def carried_on(connection: Connection, places: Mapping[int, int]) -> None:
    """The operations stand in new places (old seq to new); those that are not named are there."""
    # Negative first, so that no row is moved twice where old and new numbers overlap.
    rows = [{"old": old, "new": -new} for old, new in places.items()]
    if rows:
        connection.execute(_MOVED, rows)
    connection.execute(update(waiting_file).where(waiting_file.c.seq > 0).values(seq=0))
    connection.execute(update(waiting_file).values(seq=-waiting_file.c.seq))


def sent(connection: Connection, address: str) -> None:
    """The central said that it has this file; only the feed shows that it kept it."""
    connection.execute(update(waiting_file).where(waiting_file.c.sha256 == address).values(sent=1))


def ask_again(connection: Connection) -> None:
    """A new conversation: what the central said of files before may have been lost with it."""
    connection.execute(update(waiting_file).where(waiting_file.c.sent == 1).values(sent=0))


def arrived(connection: Connection, files: Sequence[str], now: datetime) -> frozenset[UUID]:
    """The central has these files in full; the cases that name them."""
    if not files:
        return frozenset()
    connection.execute(_REMOTE, [{"sha256": address, "remote_at": now} for address in files])
    asked = {"asked": many(files)}
    connection.execute(delete(waiting_file).where(among(waiting_file.c.sha256)), asked)
    cases = select(case_file.c.case_id).where(among(case_file.c.sha256))
    return frozenset(connection.execute(cases, asked).scalars())


def forget_arrived(connection: Connection) -> tuple[str, ...]:
    """The central may have lost files: all that were there, to be asked for again."""
    files = tuple(
        connection.execute(select(remote_file.c.sha256).order_by(remote_file.c.remote_at)).scalars()
    )
    connection.execute(delete(remote_file))
    return files


def at_central(connection: Connection, files: Iterable[str]) -> frozenset[str]:
    """Those of the files that the central has in full."""
    query = select(remote_file.c.sha256).where(among(remote_file.c.sha256))
    return frozenset(connection.execute(query, {"asked": many(files)}).scalars())


def only_here(connection: Connection) -> frozenset[str]:
    """Files that this desk must keep: those that wait to be sent, and those of drafts."""
    both = union(select(waiting_file.c.sha256).where(~_THERE), select(draft_file.c.sha256))
    return frozenset(connection.execute(both).scalars())


def any_waiting(connection: Connection, files: Iterable[str]) -> bool:
    """Whether any of the files waits to be sent."""
    query = select(waiting_file.c.id).where(among(waiting_file.c.sha256), ~_THERE).limit(1)
    return connection.execute(query, {"asked": many(files)}).first() is not None


def want(connection: Connection, address: str, now: datetime) -> None:
    """Somebody here wants to see this file."""
    connection.execute(insert(wanted_file).prefix_with("OR IGNORE"), {"sha256": address, "since": now})


def wanted(connection: Connection, limit: int) -> tuple[str, ...]:
    """Files that somebody wants to see, the longest wanted first."""
    query = select(wanted_file.c.sha256).order_by(wanted_file.c.since).limit(limit)
    return tuple(connection.execute(query).scalars())


def check_address(address: str, data: bytes) -> None:
    """Fault when these are not the bytes that the address names."""
    if digest(data) != address:
        raise Fault("A file that came is not what its address says")


def came(connection: Connection, address: str) -> None:
    """A wanted file is here."""
    connection.execute(delete(wanted_file).where(wanted_file.c.sha256 == address))
