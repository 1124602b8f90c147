"""Streets, enrolments, and the chain of each: every operation follows the one before it."""

from uuid import UUID

from onewindow_desk.admin.verifier.form import Dump, Replica, Row, Sealed, Seen, Street, count, digest, step


def begin(_dump: Dump, _row: Row) -> None:
    """The first row says only what this is."""


def street(dump: Dump, row: Row) -> None:
    """A street and where it says its feed ends."""
    if str(row["street"]) in dump.streets:
        raise ValueError("a second row of one street")
    dump.streets[str(row["street"])] = Street(count(row["head"]), digest(row["chain"]))


def replica(dump: Dump, row: Row) -> None:
    """An enrolment, its key, and where it says its chain ends."""
    name = UUID(row["replica"]).bytes
    if name in dump.replicas:
        raise ValueError("a second row of one enrolment")
    dump.replicas[name] = Replica(
        street=str(row["street"]),
        key=bytes.fromhex(row["public_key"]),
        last_seq=count(row["last_seq"]),
        last_hash=digest(row["last_hash"]),
    )


def end(dump: Dump, row: Row) -> None:
    """The last row: how many rows a whole dump has."""
    feeds = sum(street.seq for street in dump.streets.values())
    dump.whole = row["operations"] == dump.operations and row["feed"] == feeds


def operation(dump: Dump, sealed: Sealed, seen: Seen) -> None:
    """One operation in its place; past the first gap of a chain only its own bytes are checked."""
    dump.operations += 1
    where = step(sealed.replica, sealed.seq)
    for flaw in seen.flaws:
        dump.found(flaw, where)
    known = dump.replicas.get(sealed.replica)
    if known is None or known.broken:
        return
    if sealed.seq != known.count + 1 or sealed.prev != known.hash_at(known.count):
        dump.found("place" if sealed.seq != known.count + 1 else "previous", where)
        known.broken = True
        return
    known.keep(sealed, seen)
    if seen.number:
        dump.numbers[seen.number].append((sealed.replica, sealed.seq))
