"""The draft of an intake: what is typed, ticked and scanned so far; it belongs to one person."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from onewindow_desk.domain.case import ApplicantKind, PageRef


class DraftMaterial(Struct, frozen=True, kw_only=True):
    """One material as ticked so far: counts of originals and copies handed over."""

    ticked: bool = False
    originals: int = 0
    copies: int = 0
    keeps_original: bool = False


class DraftPage(Struct, frozen=True, kw_only=True):
    """One scanned page and the material it is filed under ("" while it waits)."""

    page: PageRef
    material: str = ""


class Draft(Struct, frozen=True, kw_only=True):
    """What is typed so far; `values` by form key (`applicant.name`, `field.<key>`, ...).

    `redoes` names the refused receipt that this one takes the place of.
    """

    draft_id: UUID
    owner: UUID
    started_at: datetime
    saved_at: datetime
    item_id: str = ""
    applicant_kind: ApplicantKind = ApplicantKind.PERSON
    with_agent: bool = False
    values: dict[str, str] = msgspec.field(default_factory=dict)
    materials: dict[str, DraftMaterial] = msgspec.field(default_factory=dict)
    pages: tuple[DraftPage, ...] = ()
    redoes: UUID | None = None

    def value(self, key: str) -> str:
        """What was typed under `key`, "" when nothing was."""
        return self.values.get(key, "")

    def with_value(self, key: str, text: str) -> "Draft":
        """The draft with one field changed."""
        return replace(self, values={**self.values, key: text})

    def with_material(self, code: str, change: DraftMaterial) -> "Draft":
        """The draft with one material's row changed."""
        return replace(self, materials={**self.materials, code: change})

    @property
    def empty(self) -> bool:
        """Whether nothing has been entered that anybody could miss."""
        typed = any(text.strip() for text in self.values.values())
        ticked = any(row.ticked for row in self.materials.values())
        return not (self.item_id or typed or ticked or self.pages)
