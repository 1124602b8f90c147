"""What the intake workspace is given to work with, besides the shift."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from onewindow_desk.devices.printer import PrinterPort
from onewindow_desk.devices.reader.page import ReadPage
from onewindow_desk.devices.scanner import Scanner, ScanSettings


class ReadUntrusted(Protocol):
    """Opens a file from outside in a confined helper; blocks, so it is called in the background."""

    def __call__(self, source: Path | bytes, /) -> tuple[ReadPage, ...]:
        """The pages made safe; Refusal when the file is over the limits, damaged or of another kind."""


@dataclass(frozen=True, slots=True)
class IntakeDevices:
    """The devices of a counter. `printer` is the usual printer's name, "" for the system's own choice."""

    scanner: Scanner | None
    printers: PrinterPort
    read: ReadUntrusted
    printer: str = ""
    settings: ScanSettings = field(default_factory=ScanSettings)
