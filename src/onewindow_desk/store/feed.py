"""The stored feed: what the central's word on each operation is, and in which order they apply."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select
from sqlalchemy.sql.schema import Column

from onewindow_desk.domain.exchange import FeedRow, Verdict, What
from onewindow_desk.store import bulk
from onewindow_desk.store.tables import feed, operation, retired

_WORDS = (What.OPERATION.value, What.VERDICT.value)
_COLUMNS = (
    "seq",
    "chain",
    "what",
    "subject",
    "verdict",
    "reason",
    "op_id",
    "case_id",
    "case_version",
    "body",
)
_KEEP = bulk.insert_text(feed, ("kept_at", *_COLUMNS), ignore=True)


class Standing(Struct, frozen=True):
    """The central's last word on an operation: the feed row that said it, verdict, link hash."""

    seq: int
    verdict: Verdict
    reason: str
    hash: str


Standings = dict[UUID, Standing]


def among(column: Column[Any], name: str = "asked") -> ColumnElement[bool]:
    """Whether a column is one of the many values given as `name` by `many`, however many there are."""
    each = func.json_each(bindparam(name)).table_valued("value")
    return column.in_(select(each.c.value))


def many(values: Iterable[UUID | str]) -> str:
    """Values for `among`, as the tables hold them."""
    return json.dumps([value.hex if isinstance(value, UUID) else value for value in values])


_OF_CASES = (
    select(feed.c.seq, feed.c.case_id, feed.c.op_id, feed.c.verdict, feed.c.reason, feed.c.subject)
    .where(among(feed.c.case_id), feed.c.what.in_(_WORDS))
    .order_by(feed.c.seq)
)
_OF_OPERATIONS = (
    select(feed.c.seq, feed.c.case_id, feed.c.op_id, feed.c.verdict, feed.c.reason, feed.c.subject)
    .where(among(feed.c.op_id), feed.c.what.in_(_WORDS))
    .order_by(feed.c.seq)
)
_PEOPLE = select(feed.c.seq, feed.c.body).where(feed.c.what == What.PERSON.value).order_by(feed.c.seq)
_KNOWN = select(feed.c.seq).where(feed.c.seq >= bindparam("first"), feed.c.seq <= bindparam("last"))


def keep(connection: Connection, rows: Sequence[FeedRow], at: datetime) -> None:
    """Store rows that came at `at`; those that are there already stay."""
    kept_at = bulk.moment(at)
    bulk.run(connection, _KEEP, [(kept_at, *_values(row)) for row in rows])


def after(connection: Connection, seq: int) -> Iterator[Any]:
    """The stored rows after `seq`, in order."""
    yield from connection.execute(select(feed).where(feed.c.seq > seq).order_by(feed.c.seq))


def quarantined(connection: Connection) -> frozenset[str]:
    """The link hashes of what the central could not read or believe."""
    word = Verdict.QUARANTINED.value
    return frozenset(connection.execute(select(feed.c.subject).where(feed.c.verdict == word)).scalars())


def without_operation(connection: Connection) -> tuple[int, ...]:
    """The rows whose operation is neither here nor retired."""
    here = select(operation.c.position).where(operation.c.hash == feed.c.subject).exists()
    gone = select(retired.c.seq).where(retired.c.hash == feed.c.subject).exists()
    query = select(feed.c.seq).where(feed.c.what == What.OPERATION.value, feed.c.op_id.is_not(None))
    return tuple(connection.execute(query.where(~here, ~gone).order_by(feed.c.seq)).scalars())


def forget(connection: Connection) -> None:
    """Let go of all rows."""
    connection.execute(delete(feed))


def any_row(connection: Connection) -> bool:
    """Whether there is any."""
    return connection.execute(select(feed.c.seq).limit(1)).first() is not None


def known(connection: Connection, rows: Sequence[FeedRow]) -> frozenset[int]:
    """Which of these rows, in order, are stored already."""
    asked = {"first": rows[0].seq, "last": rows[-1].seq}
    return frozenset(connection.execute(_KNOWN, asked).scalars())


def of_cases(connection: Connection, cases: Collection[UUID]) -> Mapping[UUID, Standings]:
    """The central's word on every operation of these cases."""
    found: defaultdict[UUID, Standings] = defaultdict(dict)
    for row in connection.execute(_OF_CASES, {"asked": many(cases)}):
        _note(found[row.case_id], row)
    return found


def of_operations(connection: Connection, operations: Collection[UUID]) -> Standings:
    """The central's word on these operations, those it has."""
    found: Standings = {}
    for row in connection.execute(_OF_OPERATIONS, {"asked": many(operations)}):
        _note(found, row)
    return found


def people(connection: Connection) -> tuple[tuple[int, bytes], ...]:
    """The bodies of all person rows with the numbers of their rows, in order."""
    return tuple((row.seq, row.body) for row in connection.execute(_PEOPLE))


def applied(standings: Standings) -> tuple[str, ...]:
    """The link hashes of what the central applied, in its order."""
    words = sorted((word.seq, word.hash) for word in standings.values() if word.verdict is Verdict.APPLIED)
    return tuple(name for _, name in words)


def _note(standings: Standings, row: Any) -> None:
    word = Standing(row.seq, Verdict(row.verdict), row.reason, row.subject)
    if word.verdict is Verdict.DUPLICATE:
        # The act is there under its first place; this one says nothing of it.
        standings.setdefault(row.op_id, word)
    else:
        standings[row.op_id] = word


def _values(row: FeedRow) -> tuple[bulk.Value, ...]:
    return (
        row.seq,
        row.chain,
        row.what.value,
        row.subject,
        row.verdict,
        row.reason,
        bulk.uuid(row.op_id),
        bulk.uuid(row.case_id),
        row.case_version,
        row.body,
    )
