"""One act by one person at one time: format version 1, from the first day.

An operation is a *head* (exact bytes, canonical JSON, nothing personal) and a *payload*
(zstd over canonical JSON, salted, everything else). The head names the payload's SHA-256, so a
desk without the right to the payload still verifies the chain. Stored bytes are never
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
PAYLOAD_ALGORITHM = "zstd"


class Algorithms(Struct, frozen=True, kw_only=True):
    """Names of the algorithms used, kept with every operation so that they can change."""

    hash: str = HASH_ALGORITHM
    desk: str = DESK_ALGORITHM
    person: str = PERSON_ALGORITHM
    payload: str = PAYLOAD_ALGORITHM


class Head(Struct, frozen=True, kw_only=True):
    """What is hashed, signed and chained.

    `seq` counts from 1 without gaps per replica; `prev` is the hex hash of the replica's previous
    head (64 zeros for the first); `at` is the claimed time, aware, UTC; `base` is the case version
    that a decision was made on, None for additive operations; `envelope` holds plain facts that
    rules and feeds need and never personal data.
    """

    v: int
    replica: UUID
    seq: int
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
    prev: str
    alg: Algorithms
    desk_key: str
    person_key: str


class NewOperation(Struct, frozen=True, kw_only=True):
    """What a service asks the store to record; the store adds seq, chain and signatures."""

    kind: str
    case_id: UUID | None = None
    base: int | None = None
    envelope: Mapping[str, Any] = msgspec.field(default_factory=dict)
    payload: Mapping[str, Any] = msgspec.field(default_factory=dict)
    schema: int = 1


class Operation(Struct, frozen=True, kw_only=True):
    """An operation as the fold reads it: the parsed head and, where this desk has it, the payload."""

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
