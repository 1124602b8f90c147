"""From the case on disk to the paper in the hand: sent, then answered for by a person.

Nothing reaches a printer before its sending is on record; a printer that refuses is recorded as
having given nothing, so that exactly one receipt counts (材料接收凭证, 行政许可法 32).
"""

from functools import partial

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from onewindow_desk.background import Background
from onewindow_desk.devices.printer import JobTicket, Paper, PrinterInfo, PrinterPort
from onewindow_desk.domain.item import Item
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.services import guide, papers
from onewindow_desk.services.shift import Shift
from onewindow_desk.workspaces.intake.sitting import Handed
from onewindow_desk.workspaces.intake.words import fill, tr


class Handover(QObject):
    """Knows the printers and carries papers to them; `changed` says that a `Handed` stands differently.

    `said` emits a sentence for the hint: what became of a 一次性告知单.
    """

    changed = Signal()
    said = Signal(object)

    def __init__(
        self,
        shift: Shift,
        background: Background,
        port: PrinterPort,
        usual: str = "",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._shift = shift
        self._background = background
        self._port = port
        self._usual = usual
        self._printers: tuple[PrinterInfo, ...] | None = None
        self._waiting: list[Handed] = []

    def printers(self, paper: Paper = Paper.A5) -> tuple[PrinterInfo, ...]:
        """The printers that take this paper, the usual one first, those with trouble last."""
        able = [printer for printer in self._printers or () if paper in printer.papers]
        return tuple(sorted(able, key=lambda printer: (bool(printer.trouble), printer.name != self._usual)))

    def look(self) -> None:
        """Ask which printers there are."""
        self._background.run(self._port.printers, self._found, self._none_found)

    def _found(self, printers: tuple[PrinterInfo, ...]) -> None:
        if not isValid(self):
            return
        self._printers = printers
        waiting, self._waiting = self._waiting, []
        for handed in waiting:
            self.send(handed)
        self.changed.emit()

    def _none_found(self, _trouble: Refusal | Unreachable) -> None:
        self._found(())

    # --- the receipt

    def send(self, handed: Handed, printer: str = "") -> None:
        """Record the sending of the receipt and print it; to the usual printer when none is named."""
        if self._printers is None:
            handed.printing = True
            self._waiting.append(handed)
            return
        first = next((known.name for known in self.printers()), "")
        if not printer and not first:
            handed.printing = False
            handed.trouble = tr("没有找到打印机。请接好打印机，再按 F8 选打印机。")
            self.changed.emit()
            return
        try:
            handed.outgoing = papers.send_receipt(self._shift, handed.case_id, printer or first)
        except Refusal as refusal:
            handed.printing, handed.trouble = False, refusal.text
            self.changed.emit()
            return
        handed.printing, handed.choosing, handed.trouble = True, False, ""
        outgoing = handed.outgoing
        handed.pdf = outgoing.pdf
        self._background.run(
            lambda: self._port.print_pdf(
                outgoing.pdf, outgoing.printer, Paper.A5, outgoing.copies, tr("材料接收凭证")
            ),
            partial(self._sent, handed),
            partial(self._not_sent, handed),
        )
        self.changed.emit()

    def _sent(self, handed: Handed, _ticket: JobTicket) -> None:
        if isValid(self):
            handed.printing = False
            self.changed.emit()

    def _not_sent(self, handed: Handed, trouble: Refusal | Unreachable) -> None:
        if not isValid(self):
            return
        handed.printing = False
        self.nothing_came(handed, trouble.text)
        handed.trouble = trouble.text
        self.changed.emit()

    def confirm(self, handed: Handed) -> None:
        """The person holds the paper."""
        if handed.outgoing is not None:
            papers.confirm(self._shift, handed.outgoing)

    def nothing_came(self, handed: Handed, reason: str) -> None:
        """No paper came out; another printer may have it."""
        if handed.outgoing is not None:
            papers.came_to_nothing(self._shift, handed.outgoing, reason)
            handed.outgoing = None
        handed.choosing = True
        self.look()

    def title(self, name: str) -> str:
        """What people call a printer."""
        return next((printer.title for printer in self._printers or () if printer.name == name), name)

    # --- the guide sheet

    def print_guide(self, item: Item) -> None:
        """Print the 一次性告知单 of an item; it is told once and belongs to no case."""
        printer = next(iter(self.printers(Paper.A4)), None)
        if printer is None:
            self.said.emit(tr("没有找到能打 A4 的打印机。请接好打印机，再按 F7。"))
            self.look()
            return

        def print_it() -> JobTicket:
            pdf = guide.guide_pdf(self._shift, item)
            return self._port.print_pdf(pdf, printer.name, Paper.A4, 1, tr("一次性告知单"))

        self._background.run(print_it, self._guide_sent, self._guide_not_sent)

    def _guide_sent(self, ticket: JobTicket) -> None:
        if isValid(self):
            self.said.emit(fill(tr("一次性告知单已送打印机“%1”。"), self.title(ticket.printer)))

    def _guide_not_sent(self, trouble: Refusal | Unreachable) -> None:
        if isValid(self):
            self.said.emit(trouble.text)
