"""What the store hands out: frozen rows, nothing that is tied to a connection."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from onewindow_desk.domain.states import State


class Signer(Struct, frozen=True, kw_only=True):
    """In whose name operations are made: the person, and the person's unlocked key (32 bytes)."""

    person_id: UUID
    person_key_id: str
    mac_key: bytes

    def __repr__(self) -> str:
        """Without the key: a traceback may show it."""
        return f"Signer({self.person_id})"


class Changes(Struct, frozen=True, kw_only=True):
    """What one transaction changed; workspaces that show it read anew."""

    cases: frozenset[UUID] = frozenset()
    people: bool = False
    settings: bool = False
    attention: bool = False

    def joined(self, other: "Changes") -> "Changes":
        """What both changed."""
        return Changes(
            cases=self.cases | other.cases,
            people=self.people or other.people,
            settings=self.settings or other.settings,
            attention=self.attention or other.attention,
        )


class CaseRow(Struct, frozen=True, kw_only=True):
    """One line of a list of cases; `received_at` is aware, UTC; `pages` counts scanned pages.

    `upgrade_needed`: the central applied something to it that this program does not understand.
    `unsound`: a step of it is left out, since no fitting desk signature covers it.
    """

    case_id: UUID
    receipt_no: str
    state: State
    applicant_name: str
    item_id: str
    item_name: str
    received_at: datetime | None
    version: int
    pages: int
    upgrade_needed: bool = False
    unsound: bool = False


class Credential(Struct, frozen=True, kw_only=True):
    """How a person proves who they are at this desk: verifier, wrapped key, tries so far.

    `online_at`: when the person last proved it at the central, None for never.
    """

    verifier: str
    wrapped_key: bytes
    tries: int = 0
    locked_until: datetime | None = None
    online_at: datetime | None = None

    def __repr__(self) -> str:
        """Without verifier and key."""
        return f"Credential(tries={self.tries})"


class DraftRow(Struct, frozen=True, kw_only=True):
    """A draft as it was last saved; `data` is the service's own bytes."""

    draft_id: UUID
    owner: UUID
    data: bytes
    saved_at: datetime


class VerifyReport(Struct, frozen=True, kw_only=True):
    """Outcome of checking the whole store; `broken` says what, in the order found.

    `unsound` names other desks' operations whose desk signature does not fit. They came like that:
    this store is none the worse for them.
    """

    operations: int
    broken: tuple[str, ...]
    unsound: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing was found that is wrong with this store."""
        return not self.broken


class RebuildReport(Struct, frozen=True, kw_only=True):
    """Outcome of folding all operations anew: how many, and which tables differed from it."""

    operations: int
    differing: Mapping[str, int]

    @property
    def equal(self) -> bool:
        """Whether the stored projection was what the operations say."""
        return not self.differing


class BackupReport(Struct, frozen=True, kw_only=True):
    """What a backup holds: operations, scans and papers, and how many bytes they take."""

    operations: int
    files: int
    bytes: int


Setting = Any
"""A setting's value: what JSON can hold."""


class AttentionEntry(Struct, frozen=True, kw_only=True):
    """An operation that the central did not apply and nobody has settled.

    `verdict` and `reason` as in the feed; `how` is "" or "escalated" (then `note` holds what was
    written beside it); `own`: made at this desk.
    """

    op_id: UUID
    case_id: UUID | None
    kind: str
    author: UUID
    at: datetime
    verdict: str
    reason: str
    how: str = ""
    note: str = ""
    own: bool = True


class UnsentRow(Struct, frozen=True, kw_only=True):
    """An own operation that has no word from the central yet; `state` is queued or sent.

    `receipt_no` and `applicant_name` of its case; `printed`: its receipt was confirmed as printed.
    """

    op_id: UUID
    case_id: UUID | None
    kind: str
    at: datetime
    state: str
    receipt_no: str = ""
    applicant_name: str = ""
    printed: bool = False


class LinkRow(Struct, frozen=True, kw_only=True):
    """What the store knows of the line: never attached, or how much waits since when.

    `offset_seconds` is the central's clock minus this machine's; `last_synced` the last hello.
    `attention` counts what waits for a person, `unsound` other desks' operations that no fitting desk
    signature covers; `kinds` are those that the central knows.
    """

    attached: bool = False
    unsent: int = 0
    oldest_unsent: datetime | None = None
    last_synced: datetime | None = None
    upgrade: bool = False
    offset_seconds: int = 0
    attention: int = 0
    attached_at: datetime | None = None
    label: str = ""
    scope: tuple[str, ...] = ()
    series: int = 0
    spare_series: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    epoch: str = ""
    durable_before: datetime | None = None
    acked: int = 0
    cursor: int = 0
    unsound: int = 0


class RetireReport(Struct, frozen=True, kw_only=True):
    """What was taken off this desk because the central has it: cases, operations, files."""

    cases: int
    operations: int
    files: int
