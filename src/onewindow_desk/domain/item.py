"""The catalogue's entries (事项): imported data, versioned, never code."""

from enum import StrEnum

from msgspec import Struct


class DecisionLevel(StrEnum):
    """Who decides: the street itself, or the district after the street's review."""

    STREET = "street"
    DISTRICT = "district_after_street_review"


class Material(Struct, frozen=True, kw_only=True):
    """One row of an item's list of materials; `originals` and `copies` are counts asked for."""

    code: str
    name: str
    required: bool
    originals: int
    copies: int
    form: str
    provided_by: str
    shareable: bool
    tolerable: bool
    share_source: str = ""
    condition: str = ""


class LegalBasis(Struct, frozen=True, kw_only=True):
    """An article the item rests on; `verified` says whether its text was read."""

    law: str
    article: str
    verified: bool
    note: str = ""


class Limits(Struct, frozen=True, kw_only=True):
    """Time limits in working days; None where the law gives none."""

    statutory_days: int | None
    unit: str
    statutory_note: str
    statutory_verified: bool
    extension_days: int | None
    promised_days: int


class FieldKind(StrEnum):
    """How an item's own field is typed."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"


class ItemField(Struct, frozen=True, kw_only=True):
    """A field that only this item asks for; `choices` for CHOICE alone, `unit` is shown behind it."""

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()


class Item(Struct, frozen=True, kw_only=True):
    """One catalogue entry in one version; a case pins (id, version)."""

    id: str
    version: str
    name: str
    category: str
    category_code: str
    department: str
    department_code: str
    transfer_mode: str
    decision_level: DecisionLevel
    subjects: tuple[str, ...]
    case_type: str
    legal_basis: tuple[LegalBasis, ...]
    limits: Limits
    materials: tuple[Material, ...]
    fields: tuple[ItemField, ...]
    fee_charged: bool
    fee_basis: str
    result_document: str
    onsite_required: bool
    tolerance_allowed: bool
    commitment_eligible: bool
    themes: tuple[str, ...]
    notes: str = ""
    sample: bool = True
