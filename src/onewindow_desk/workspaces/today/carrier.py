"""The way of a receipt to a printer from the day's list.

The sending is on record before the printer gets anything; a printer that refuses is recorded as
having given nothing; only a person says that paper came out.
"""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from onewindow_desk.background import Background
from onewindow_desk.devices.printer import JobTicket, Paper, PrinterInfo, PrinterPort
from onewindow_desk.domain.case import Case
from onewindow_desk.domain.paper import PaperMark
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.services import papers
from onewindow_desk.services.shift import Shift


class ReceiptCarrier(QObject):
    """Knows the printers and carries receipts to them.

    `found` says that the printers are known, `sent` emits the printer's title, `troubled` a sentence
    for the person. Each act writes on the main thread and prints in the background.
    """

    found = Signal()
    sent = Signal(object)
    troubled = Signal(object)

    def __init__(
        self, shift: Shift, background: Background, port: PrinterPort, usual: str, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._shift = shift
        self._background = background
        self._port = port
        self._usual = usual
        self._printers: tuple[PrinterInfo, ...] = ()
        self._busy = False

    def printers(self) -> tuple[PrinterInfo, ...]:
        """The printers that take A5: the usual one first, those with trouble last."""
        able = [printer for printer in self._printers if Paper.A5 in printer.papers]
        return tuple(sorted(able, key=lambda p: (bool(p.trouble), p.name != self._usual, not p.default)))

    @property
    def busy(self) -> bool:
        """Whether a receipt is on its way to a printer now."""
        return self._busy

    def look(self) -> None:
        """Ask which printers there are."""
        self._background.run(self._port.printers, self._have, self._have_none)

    def send(self, case_id: UUID, printer: str) -> None:
        """Print the original."""
        self._carry(partial(papers.send_receipt, self._shift, case_id, printer))

    def reprint(self, case_id: UUID, printer: str, reason: str) -> None:
        """Print it again with its 补打 mark; Refusal (field `reason`) without a reason."""
        self._carry(partial(papers.reprint_receipt, self._shift, case_id, printer, reason))

    def confirm(self, case: Case, mark: PaperMark) -> None:
        """The person holds the paper."""
        papers.confirm(self._shift, papers.outgoing_again(self._shift, case, mark, ""))

    def nothing_came(self, case: Case, mark: PaperMark, reason: str) -> None:
        """No paper came out, or not a usable one."""
        papers.came_to_nothing(self._shift, papers.outgoing_again(self._shift, case, mark, ""), reason)

    def _carry(self, record: Callable[[], papers.Outgoing]) -> None:
        if self._busy:
            return
        outgoing = record()
        self._busy = True
        title = self.tr("材料接收凭证")
        self._background.run(
            lambda: self._port.print_pdf(outgoing.pdf, outgoing.printer, Paper.A5, outgoing.copies, title),
            self._printed,
            partial(self._refused, outgoing),
        )

    def _printed(self, ticket: JobTicket) -> None:
        if isValid(self):
            self._busy = False
            self.sent.emit(self._title(ticket.printer))

    def _refused(self, outgoing: papers.Outgoing, trouble: Refusal | Unreachable) -> None:
        if isValid(self):
            self._busy = False
            papers.came_to_nothing(self._shift, outgoing, trouble.text)
            self.troubled.emit(trouble.text)

    def _title(self, name: str) -> str:
        return next((printer.title for printer in self._printers if printer.name == name), name)

    def _have(self, printers: tuple[PrinterInfo, ...]) -> None:
        if isValid(self):
            self._printers = printers
            self.found.emit()

    def _have_none(self, _trouble: Refusal | Unreachable) -> None:
        self._have(())
