"""One act by one person at one time: format version 1, from the first day.

An operation is a *head* (exact bytes, canonical JSON, nothing personal) and a *payload*
(salted, packed, everything else). The head says what was done, by whom, when, and names the
payload's SHA-256, so that a desk without the right to the payload still checks everything. The
person signs the head. Where the operation stands in the chain of its replica (`Place`) is hashed
and signed by the desk beside it and never stands inside the head: an operation whose desk was lost
keeps its person's signature when another enrolment carries it on. Stored bytes are never
re-serialised: a parsed copy is only for reading.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

FORMAT_VERSION = 1
GENESIS = "0" * 64
HASH_ALGORITHM = "sha-256"
DESK_ALGORITHM = "ed25519"
PERSON_ALGORITHM = "hmac-sha-256"
PAYLOAD_ALGORITHM = "zstd-1"
"""zstd with the first shared dictionary (`store.packing`)."""

_LINK = b"onewindow link 1\n"
_DESK = b"onewindow desk 1\n"


class Algorithms(Struct, frozen=True, kw_only=True):
    """Names of the algorithms used, kept with every operation so that they can change."""

    hash: str = HASH_ALGORITHM
    desk: str = DESK_ALGORITHM
    person: str = PERSON_ALGORITHM
    payload: str = PAYLOAD_ALGORITHM


class Head(Struct, frozen=True, kw_only=True):
    """What was done: the bytes that the person signs (HMAC-SHA256).

    `at` is the claimed time, aware, UTC; `base` is the case version that a decision was made on,
    None for additive operations; `envelope` holds plain facts that rules and feeds need and never
    personal data; `person_key` names the key of the signature.
    """

    v: int
    op_id: UUID
    case_id: UUID | None
    kind: str
    schema: int
    author: UUID
    at: datetime
    base: int | None
    envelope: Mapping[str, Any]
    payload_sha256: str
    payload_size: int
    alg: Algorithms
    person_key: str


class Place(Struct, frozen=True):
    """Where an operation stands: `seq` counts from 1 without gaps in its replica.

    `prev` is the hex hash of the one before it (64 zeros for the first).
    """

    replica: UUID
    seq: int
    prev: str


class NewOperation(Struct, frozen=True, kw_only=True):
    """What a service asks the store to record; the store adds place and signatures."""

    kind: str
    case_id: UUID | None = None
    base: int | None = None
    envelope: Mapping[str, Any] = msgspec.field(default_factory=dict)
    payload: Mapping[str, Any] = msgspec.field(default_factory=dict)
    schema: int = 1


class Operation(Struct, frozen=True, kw_only=True):
    """An operation as the fold reads it: its place, the parsed head and, where here, the payload."""

    replica: UUID
    seq: int
    head: Head
    payload: Mapping[str, Any] | None

    @property
    def kind(self) -> str:
        """Name of the act, as in the lifecycle table."""
        return self.head.kind


def canonical(value: object) -> bytes:
    """UTF-8 JSON with sorted keys and no white space: the form every hash is taken over."""
    return msgspec.json.encode(value, order="sorted")


def digest(data: bytes) -> str:
    """SHA-256 in lower-case hex, 64 characters."""
    return hashlib.sha256(data).hexdigest()


def link_hash(place: Place, head: bytes) -> str:
    """The hex hash that names an operation: its place and its exact head bytes.

    SHA-256 over the line `onewindow link 1`, replica (16 bytes), seq (8, big-endian), prev (32),
    SHA-256 of the head (32).
    """
    hashed = hashlib.sha256(_LINK)
    hashed.update(place.replica.bytes)
    hashed.update(place.seq.to_bytes(8, "big"))
    hashed.update(bytes.fromhex(place.prev))
    hashed.update(hashlib.sha256(head).digest())
    return hashed.hexdigest()


def desk_statement(link: str) -> bytes:
    """What the desk signs (Ed25519): the line `onewindow desk 1` and the 32 bytes of the link's hash."""
    return _DESK + bytes.fromhex(link)
