"""What became of a paper: sent to the printer, confirmed in the hand, or sent again with a reason."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from onewindow_desk.faults import Refusal


class PaperStatus(StrEnum):
    """A printer cannot be trusted to say that paper came out; a person says it."""

    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"


class PaperSent(Struct, frozen=True, kw_only=True):
    """Payload of `paper_sent`: the bytes with this hash went to this printer."""

    document: str
    sha256: str
    printer: str
    copies: int = 1
    number: str = ""


class PaperReprinted(Struct, frozen=True, kw_only=True):
    """Payload of `paper_reprinted`: the same, once more, and why."""

    document: str
    sha256: str
    printer: str
    reason: str
    copies: int = 1
    number: str = ""


class PaperAnswered(Struct, frozen=True, kw_only=True):
    """Payload of `paper_confirmed` and `paper_failed`: what the person saw at the printer."""

    document: str
    sha256: str
    reason: str = ""


class PaperMark(Struct, frozen=True, kw_only=True):
    """One printing of one paper on the case."""

    document: str
    sha256: str
    status: PaperStatus
    at: datetime
    number: str = ""
    copies: int = 1
    reprint: bool = False
    reason: str = ""


def sent(marks: tuple[PaperMark, ...], paper: PaperSent, at: datetime) -> tuple[PaperMark, ...]:
    """The first printing of a paper, or another try after one that came to nothing."""
    if _counted(marks, paper):
        raise Refusal("这份文书已经打印过。请写明原因，用补打。", field="reason")
    mark = PaperMark(
        document=paper.document,
        sha256=paper.sha256,
        status=PaperStatus.SENT,
        at=at,
        number=paper.number,
        copies=paper.copies,
    )
    return (*marks, mark)


def reprinted(marks: tuple[PaperMark, ...], paper: PaperReprinted, at: datetime) -> tuple[PaperMark, ...]:
    """Another printing of a paper that was printed before; the reason is kept with it."""
    if not paper.reason.strip():
        raise Refusal("请填写补打的原因。", field="reason")
    if not any(mark.document == paper.document for mark in marks):
        raise Refusal("这份文书还没有打印过。请先打印。")
    mark = PaperMark(
        document=paper.document,
        sha256=paper.sha256,
        status=PaperStatus.SENT,
        at=at,
        number=paper.number,
        copies=paper.copies,
        reprint=True,
        reason=paper.reason,
    )
    return (*marks, mark)


def answered(
    marks: tuple[PaperMark, ...], answer: PaperAnswered, status: PaperStatus
) -> tuple[PaperMark, ...]:
    """The marks after a person said whether the last printing of this paper came out."""
    for place in reversed(range(len(marks))):
        mark = marks[place]
        if (mark.document, mark.sha256) == (answer.document, answer.sha256):
            done = replace(mark, status=status, reason=answer.reason or mark.reason)
            return (*marks[:place], done, *marks[place + 1 :])
    raise Refusal("找不到这份文书的打印记录。请重新打印。")


def _counted(marks: tuple[PaperMark, ...], paper: PaperSent) -> bool:
    key = (paper.document, paper.sha256)
    return any(
        (mark.document, mark.sha256) == key and mark.status is not PaperStatus.FAILED for mark in marks
    )
