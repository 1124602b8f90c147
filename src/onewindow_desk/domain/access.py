"""Proving to the central who is present, and joining it: what is said, without any secret kept here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from onewindow_desk.domain.exchange import Leased
from onewindow_desk.domain.people import Person


class Stretching(Struct, frozen=True, kw_only=True):
    """How a password is stretched (Argon2id, RFC 9106): salt, and its three costs."""

    salt: bytes
    memory_kib: int
    passes: int
    lanes: int


class Challenge(Struct, frozen=True, kw_only=True):
    """What a person must answer: `nonce` is good once on this connection.

    `known` False: this person has no secret at the central yet.
    """

    known: bool
    stretching: Stretching
    nonce: bytes


class Secret(Struct, frozen=True, kw_only=True):
    """What the central keeps of a password: nothing that lets anybody prove to be the person."""

    stretching: Stretching
    stored_key: bytes

    def __repr__(self) -> str:
        """Without the key."""
        return "Secret()"


class Proven(Struct, frozen=True, kw_only=True):
    """A person proven present on the connection, until when."""

    person: Person
    valid_until: datetime


class AttachedHistory(Struct, frozen=True, kw_only=True):
    """What a standalone store brings along: the end of its chain, its number series, its street."""

    last_seq: int
    last_hash: str
    series: int
    street: str


class Joining(Struct, frozen=True, kw_only=True):
    """What a desk says with its one-time ticket; `verifier` is a SCRAM-SHA-256 verifier made here."""

    replica: UUID
    public_key: str
    label: str
    fingerprint: str
    verifier: str
    attach: AttachedHistory | None = None


class Joined(Struct, frozen=True, kw_only=True):
    """What the central gives a desk it lets in: its login, its numbers, its street."""

    login: str
    leased: Leased
    street: str
    street_settings: dict[str, Any]
    label: str
    scope: tuple[str, ...] = ()
