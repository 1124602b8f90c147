"""One applicant at the counter: the draft, what was left behind it, and the paper on its way."""

from dataclasses import dataclass, field
from uuid import UUID

from onewindow_desk.services.draft import Draft
from onewindow_desk.services.papers import Outgoing

MEMORY = 50
"""Steps that can be taken back."""


@dataclass(slots=True)
class Handed:
    """A case that is on disk and whose receipt the applicant is waiting for.

    `outgoing` is None while nothing was sent to any printer; `printing` while the printer has not
    answered yet; `trouble` is what the printer said when it refused,
    `pdf` the receipt as it was drawn last.
    """

    case_id: UUID
    receipt_no: str
    outgoing: Outgoing | None = None
    printing: bool = False
    trouble: str = ""
    choosing: bool = False
    pdf: bytes = b""


@dataclass(frozen=True, slots=True)
class Step:
    """A draft as it was, and what was done to it then."""

    draft: Draft
    done: str


@dataclass(slots=True)
class Sitting:
    """`left` are the fields the person has been in; `steps` what Ctrl+Z can take back."""

    draft: Draft
    left: set[str] = field(default_factory=set)
    steps: list[Step] = field(default_factory=list)
    material: str = ""
    handed: Handed | None = None

    def remember(self, done: str) -> None:
        """Keep the draft as it is now, before `done` is done to it."""
        self.steps.append(Step(self.draft, done))
        del self.steps[:-MEMORY]

    @property
    def fresh(self) -> bool:
        """Whether nothing has been entered yet."""
        return self.handed is None and self.draft.empty
