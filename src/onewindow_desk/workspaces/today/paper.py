"""How the receipt of a case stands; no widget, no printer."""

from enum import Enum

from onewindow_desk.domain.case import Case
from onewindow_desk.domain.paper import PaperMark
from onewindow_desk.services import papers


class Receipt(Enum):
    """What there is to do about the receipt of a case."""

    UNSENT = "unsent"
    """No original is out: it was never sent, or nothing came out. It must be printed."""
    UNANSWERED = "unanswered"
    """Sent, and nobody has said whether paper came out."""
    SETTLED = "settled"
    """Out and confirmed; another one is a reprint with a reason."""


def open_mark(case: Case) -> PaperMark | None:
    """The last printing of the receipt that nobody has answered for."""
    marks = [mark for mark in papers.unanswered(case) if mark.document == papers.RECEIPT]
    return marks[-1] if marks else None


def standing(case: Case) -> Receipt:
    """How the receipt stands."""
    if open_mark(case) is not None:
        return Receipt.UNANSWERED
    return Receipt.SETTLED if papers.counted_receipts(case) else Receipt.UNSENT
