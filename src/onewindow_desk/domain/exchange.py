"""What a desk and the central tell each other, and the hashes that both take over it.

The central stores every operation a desk sends, in order, with a verdict, and publishes what it
stored as a feed: one per street, numbered from 1 without gaps, chained, so that "everything up to
n" is a promise that can be checked. Nothing here does any input or output.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from onewindow_desk.domain.operation import GENESIS, Place

PROTOCOL = 1
"""Version of the conversation between desk and central, agreed in `hello`."""

_FEED = b"onewindow feed 1\n"


class Sealed(Struct, frozen=True, kw_only=True):
    """An operation as it is stored and sent: bytes and signatures; `payload` None where not ours.

    `hash` is the link's hash over place and head (`operation.link_hash`), 64 hex digits.
    """

    place: Place
    head: bytes
    payload: bytes | None
    hash: str
    desk_signature: bytes
    person_mac: bytes


class Verdict(StrEnum):
    """What the central made of a stored operation."""

    APPLIED = "applied"
    REJECTED = "rejected"  # the rules forbid it: a person decides anew
    QUARANTINED = "quarantined"  # it cannot be read, or its signature does not fit
    PARKED = "parked"  # it waits for what has not arrived, or behind a quarantined one
    DUPLICATE = "duplicate"  # the same act is already there, sent by an earlier enrolment


class What(StrEnum):
    """Kinds of rows in a feed."""

    OPERATION = "op"
    VERDICT = "verdict"  # a parked or quarantined operation was looked at again
    FILE = "file"  # a file is there in full
    PERSON = "person"  # the central's administrators changed a person
    REPLICA = "replica"  # an enrolment began or ended; its body holds the public key


class Cursor(Struct, frozen=True):
    """How far a desk has read its street's feed: the number of the last row and its chain hash."""

    seq: int = 0
    chain: str = GENESIS


class FeedRow(Struct, frozen=True, kw_only=True):
    """One row of a feed, as pulled.

    `subject` (64 hex) is what the chain binds: an operation's link hash, a file's address, or the
    SHA-256 of `body`. `sealed` for operations (its payload None outside this desk's scope); `body`
    is the JSON of person and replica rows. `case_version` is the central's after the row.
    """

    seq: int
    chain: str
    what: What
    subject: str
    verdict: str = ""
    reason: str = ""
    op_id: UUID | None = None
    case_id: UUID | None = None
    case_version: int | None = None
    sealed: Sealed | None = None
    body: bytes | None = None


class HelloSaid(Struct, frozen=True, kw_only=True):
    """What a desk says at every connection: all it has, so that either side's loss shows."""

    app: str
    protocols: tuple[int, ...]
    kinds: tuple[str, ...]
    last_seq: int
    last_hash: str
    acked: int
    acked_hash: str
    cursor: int
    chain: str
    sent_at: datetime


class HelloAnswer(Struct, frozen=True, kw_only=True):
    """What the central answers.

    `last_seq` and `last_hash`: the end of this replica's chain as the central has it. `closed`: the
    enrolment is over and the desk must open a new one. `feed_known`: the desk's cursor names a row
    that the central has. `durable_before`: operations received before it are in a checked backup.
    `upgrade`: the program is older than the central wants for new cases.
    """

    protocol: int
    now: datetime
    epoch: str
    last_seq: int
    last_hash: str
    closed: bool
    feed_known: bool
    head: int
    chain: str
    street: str
    street_settings: Mapping[str, Any]
    series: int
    spare_series: tuple[int, ...]
    label: str
    scope: tuple[str, ...]
    kinds: tuple[str, ...]
    upgrade: bool = False
    durable_before: datetime | None = None


class OneVerdict(Struct, frozen=True, kw_only=True):
    """What the central made of one pushed operation."""

    seq: int
    verdict: Verdict
    reason: str = ""


class PushStatus(StrEnum):
    """How a push went as a whole."""

    OK = "ok"
    GAP = "gap"  # the central lacks what comes before: start from its last_seq
    FORK = "fork"  # the central has another operation in one of these places
    CLOSED = "closed"  # the enrolment is over
    UNREADABLE = "unreadable"  # the batch cannot be taken apart: send one by one


class PushAnswer(Struct, frozen=True, kw_only=True):
    """Answer to a push; `verdicts` names only operations of it that were not applied."""

    status: PushStatus
    last_seq: int
    head: int = 0
    verdicts: tuple[OneVerdict, ...] = ()


class NewReplica(Struct, frozen=True, kw_only=True):
    """A new enrolment that a desk opens in place of one that was forked, cloned or closed."""

    replica: UUID
    public_key: str


class Leased(Struct, frozen=True, kw_only=True):
    """Number series (0 to 9999) that an enrolment may give receipt numbers from."""

    series: int
    spare_series: tuple[int, ...] = ()


class FilePart(Struct, frozen=True, kw_only=True):
    """One chunk of a file: `data` None when the central does not have the file in full."""

    size: int
    chunk: int
    data: bytes | None


class ReplicaBody(Struct, frozen=True, kw_only=True):
    """Body of a replica row: which desk's enrolment, its public key (hex), whether it has ended."""

    replica: UUID
    desk: str
    label: str
    public_key: str
    series: int
    closed: bool = False


class DeskEnd(Struct, frozen=True, kw_only=True):
    """Where the desk stands: its chain's end, what the central confirmed, how far the feed was read."""

    replica: UUID
    last_seq: int
    last_hash: str
    acked: int
    acked_hash: str
    cursor: Cursor


class WaitingFile(Struct, frozen=True, kw_only=True):
    """A file that the central may not have yet: hex SHA-256 of its plain bytes, size in bytes."""

    sha256: str
    size: int


class Enrolled(Struct, frozen=True, kw_only=True):
    """What enrolment gave this desk: number series, street (three digits) with its settings, label, scope."""

    series: int
    street: str
    label: str
    spare_series: tuple[int, ...] = ()
    street_settings: Mapping[str, Any] = msgspec.field(default_factory=dict)
    scope: tuple[str, ...] = ()


def feed_chain(before: str, seq: int, what: str, subject: str, verdict: str, reason: str) -> str:
    """The chain hash of a feed row, hex.

    SHA-256 over the line `onewindow feed 1`, the chain before (32 bytes), seq (8, big-endian), the subject
    (32), then what, verdict and reason in UTF-8, each ended by a zero byte.
    """
    hashed = hashlib.sha256(_FEED)
    hashed.update(bytes.fromhex(before))
    hashed.update(seq.to_bytes(8, "big"))
    hashed.update(bytes.fromhex(subject))
    for text in (what, verdict, reason):
        hashed.update(text.encode() + b"\x00")
    return hashed.hexdigest()


def follows(cursor: Cursor, row: FeedRow) -> bool:
    """Whether `row` is the very next one after `cursor`, unchanged."""
    expected = feed_chain(cursor.chain, row.seq, row.what, row.subject, row.verdict, row.reason)
    return row.seq == cursor.seq + 1 and row.chain == expected


def decode_replica(body: bytes) -> ReplicaBody:
    """The content of a replica row."""
    return msgspec.json.decode(body, type=ReplicaBody)
