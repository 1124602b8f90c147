"""What a case is made of: the records that a window registers and the fold keeps."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec import Struct

from onewindow_desk.domain.item import DecisionLevel
from onewindow_desk.domain.paper import PaperMark
from onewindow_desk.domain.people import Role
from onewindow_desk.domain.states import State
from onewindow_desk.domain.suspension import StopKind, Suspension


class ApplicantKind(StrEnum):
    """A natural person or an organisation."""

    PERSON = "person"
    ORGANISATION = "organisation"


class IdentityType(StrEnum):
    """Kind of identity document; only the first and the last have a check digit we test."""

    RESIDENT = "resident"  # 居民身份证 (GB 11643)
    FOREIGN_PERMANENT = "foreign_permanent"  # 外国人永久居留身份证
    PASSPORT = "passport"  # 护照
    TRAVEL_PERMIT = "travel_permit"  # 港澳台通行证
    MILITARY = "military"  # 军官证
    OTHER = "other"
    USCC = "uscc"  # 统一社会信用代码 (GB 32100)


class Identity(Struct, frozen=True, kw_only=True):
    """An identity document: its kind and its number as typed, without spaces, upper case."""

    type: IdentityType
    number: str


class Applicant(Struct, frozen=True, kw_only=True):
    """Who applies; `representative` fields only for an organisation."""

    kind: ApplicantKind
    name: str
    identity: Identity
    phone: str
    address: str = ""
    representative: str = ""
    representative_identity: Identity | None = None


class Agent(Struct, frozen=True, kw_only=True):
    """Who came in the applicant's place, and on what authority."""

    name: str
    identity: Identity
    phone: str
    authority: str


class PageRef(Struct, frozen=True, kw_only=True):
    """One scanned page: SHA-256 (hex) of its plain bytes, media type, bytes, clockwise rotation.

    `page` is the page inside a file of several pages, counted from 0.
    """

    sha256: str
    media_type: str
    size: int
    rotation: int = 0
    page: int = 0


class Source(StrEnum):
    """Where a material came from, as the receipt prints it."""

    SUBMITTED = "submitted"  # 提交
    SHARED = "shared"  # 共享
    TOLERATED = "tolerated"  # 容缺
    MISSING = "missing"  # 未交


class HandedIn(Struct, frozen=True, kw_only=True):
    """One material as it was handed in: counts of originals and copies, its pages."""

    code: str
    name: str
    source: Source
    originals: int = 0
    copies: int = 0
    keeps_original: bool = False
    pages: tuple[PageRef, ...] = ()


class Received(Struct, frozen=True, kw_only=True):
    """Payload of the operation `receive` (schema 1): all that the window registered."""

    receipt_no: str
    item_id: str
    item_version: str
    applicant: Applicant
    agent: Agent | None
    fields: dict[str, str]
    materials: tuple[HandedIn, ...]
    received_at: datetime
    window: str
    refers_to: UUID | None = None


class Act(Struct, frozen=True, kw_only=True):
    """One operation as the case remembers it; `role` is the duty it was done in, None for none."""

    kind: str
    author: UUID
    at: datetime
    role: Role | None = None
    op_id: UUID | None = None


class Mode(StrEnum):
    """How a case came to be accepted, as the acceptance notice says it."""

    COMPLETE = "complete"  # 齐全
    CORRECTED = "corrected"  # 补正后
    TOLERANT = "tolerant"  # 容缺
    COMMITMENT = "commitment"  # 告知承诺
    DEEMED = "deemed"  # 视为受理
    ON_SPOT = "on_spot"  # 当场决定


class Acceptance(Struct, frozen=True, kw_only=True):
    """Accepted how, and from which day the decision clock runs (that day not counted)."""

    mode: Mode
    on: date


class Correction(Struct, frozen=True, kw_only=True):
    """One correction notice: told when, what was asked (material codes), by when."""

    told_on: date
    defects: tuple[str, ...]
    answer_by: date


class Extension(Struct, frozen=True, kw_only=True):
    """The one extension (行政许可法 42(1)): working days added, and when it was decided."""

    days: int
    decided_on: date


class Proposal(Struct, frozen=True, kw_only=True):
    """The first of two persons has spoken; `kind` is the proposing operation's.

    `stop_kind` and `told_days` for a special procedure, `defects` and `answer_by` for a second
    correction notice: the second person confirms exactly these.
    """

    kind: str
    op_id: UUID
    author: UUID
    at: datetime
    stop_kind: StopKind | None = None
    told_days: int = 0
    defects: tuple[str, ...] = ()
    answer_by: date | None = None


class Outcome(StrEnum):
    """What was decided."""

    GRANTED = "granted"
    DENIED = "denied"


class Decision(Struct, frozen=True, kw_only=True):
    """The decision: what, by whose power, on which day."""

    outcome: Outcome
    level: DecisionLevel
    on: date


class Case(Struct, frozen=True, kw_only=True):
    """A case as its operations leave it.

    `version` counts the operations that a decision can rest on: every one but the additive kinds.
    Personal parts (applicant, agent, fields, materials) are empty on a desk without the payloads.
    """

    case_id: UUID
    state: State = State.DRAFT
    version: int = 0
    receipt_no: str = ""
    item_id: str = ""
    item_version: str = ""
    item_name: str = ""
    decision_level: DecisionLevel | None = None
    statutory_days: int | None = None
    promised_days: int | None = None
    applicant: Applicant | None = None
    agent: Agent | None = None
    fields: dict[str, str] = msgspec.field(default_factory=dict)
    materials: tuple[HandedIn, ...] = ()
    received_at: datetime | None = None
    window: str = ""
    refers_to: UUID | None = None
    acceptance: Acceptance | None = None
    corrections: tuple[Correction, ...] = ()
    tolerated: tuple[str, ...] = ()
    supply_by: date | None = None
    suspensions: tuple[Suspension, ...] = ()
    extension: Extension | None = None
    reported_on: date | None = None
    decision: Decision | None = None
    proposal: Proposal | None = None
    acts: tuple[Act, ...] = ()
    papers: tuple[PaperMark, ...] = ()


def blank(case_id: UUID) -> Case:
    """A case before its first operation."""
    return Case(case_id=case_id)


class FieldChange(Struct, frozen=True, kw_only=True):
    """One field corrected: its form key (`applicant.phone`, `field.<key>`), old and new text."""

    key: str
    old: str
    new: str


class CorrectedOnSpot(Struct, frozen=True, kw_only=True):
    """Payload of `correct_on_spot`: what the applicant put right at the window."""

    changes: tuple[FieldChange, ...]


class MaterialAdded(Struct, frozen=True, kw_only=True):
    """Payload of `material_added`: a material that came in later (补正, 容缺补交)."""

    material: HandedIn
