"""The scanner and the printers a desk has set, from their addresses and names."""

from pathlib import Path

from onewindow_desk.devices.escl import EsclScanner
from onewindow_desk.devices.printer import JobTicket, Paper, PrinterInfo, PrinterPort
from onewindow_desk.devices.printer_file import FolderPrinter
from onewindow_desk.devices.sane import SaneScanner
from onewindow_desk.devices.scanner import Scanner
from onewindow_desk.faults import Refusal

_ESCL = "escl:"
_SANE = "sane:"


def chosen_scanner(address: str) -> Scanner | None:
    """The scanner at `escl:http://host/eSCL` or `sane:device`; None for "".

    Raises Refusal for an address of another kind.
    """
    if not address:
        return None
    if address.startswith(_ESCL):
        return EsclScanner("网络扫描仪", address.removeprefix(_ESCL))
    if address.startswith(_SANE):
        return SaneScanner("扫描仪", address.removeprefix(_SANE))
    raise Refusal("扫描仪的地址不认识。请填 escl: 或 sane: 开头的地址。", field="scanner")


class SeveralPrinters:
    """Several ways to paper behind one; the printers of the first come first."""

    def __init__(self, *ports: PrinterPort) -> None:
        self._ports = ports

    def printers(self) -> tuple[PrinterInfo, ...]:
        """All printers, those of the first port first."""
        return tuple(info for port in self._ports for info in port.printers())

    def print_pdf(
        self, pdf: bytes, printer: str, paper: Paper, copies: int = 1, title: str = ""
    ) -> JobTicket:
        """Hand the PDF to the port that has this printer; Refusal when none has."""
        for port in self._ports:
            if any(info.name == printer for info in port.printers()):
                return port.print_pdf(pdf, printer, paper, copies, title)
        raise Refusal("找不到这台打印机。请换一台，或请管理员检查连接。", field="printer")


def chosen_printers(training: Path | None) -> PrinterPort:
    """The computer's printers; with a folder `training`, one more that puts PDF files there.

    Those files are plain: for invented people only, never beside a real street's encrypted store.
    """
    # Qt's print support is loaded when the first paper is near, not at the start.
    from onewindow_desk.devices.printer_qt import QtPrinters

    if training is None:
        return QtPrinters()
    training.mkdir(parents=True, exist_ok=True)
    return SeveralPrinters(QtPrinters(), FolderPrinter(training))
