"""What every printer does."""

from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class Paper(StrEnum):
    """The sheets the centre prints on; ISO 216, portrait."""

    A4 = "A4"
    A5 = "A5"

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height in millimetres."""
        return SIZES_MM[self]


SIZES_MM = {Paper.A4: (210.0, 297.0), Paper.A5: (148.0, 210.0)}


class PrinterInfo(Struct, frozen=True):
    """A printer as the person chooses it; `trouble` says in the person's words why it cannot print now."""

    name: str
    title: str
    papers: frozenset[Paper]
    colour: bool
    default: bool = False
    trouble: str = ""


class JobTicket(Struct, frozen=True):
    """What was handed to the printer. "Sent", not "printed": the person confirms what came out.

    `reference` is the job's name in the queue, or the path of the file that was written.
    """

    printer: str
    paper: Paper
    copies: int
    pages: int
    reference: str


class PrinterPort(Protocol):
    """A way to paper. Its methods block: call them from `background.run`."""

    def printers(self) -> tuple[PrinterInfo, ...]:
        """The printers there are, the usual one first."""

    def print_pdf(
        self, pdf: bytes, printer: str, paper: Paper, copies: int = 1, title: str = ""
    ) -> JobTicket:
        """Print our own PDF at its true size and return what was sent.

        `title` shows in queues and file names and so holds no personal data (文书名称, not a person).
        Raises `Refusal` when the printer is gone, stopped or lacks the paper, or the PDF is of another size.
        """
