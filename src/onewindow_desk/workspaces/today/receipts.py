"""What the keys do about the receipt of the chosen case: confirm, print again, print once more.

Three keys carry it all: F9 the next step, F8 nothing came out, F7 another one with a reason.
"""

from PySide6.QtCore import QObject, Signal

from onewindow_desk.domain.lifecycle import person_allowed
from onewindow_desk.domain.people import Person
from onewindow_desk.faults import Refusal
from onewindow_desk.services.today import Detail
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.today.carrier import ReceiptCarrier
from onewindow_desk.workspaces.today.paper import Receipt, open_mark, standing
from onewindow_desk.workspaces.today.side import Asking, Side
from onewindow_desk.workspaces.today.words import fill
from onewindow_desk.workspaces.workspace import Action


class ReceiptWork(QObject):
    """Acts on the receipt of one case at a time.

    `asked` says that the panel beside the list asks something, `answered` that it no longer does;
    `said` emits a sentence for the hint.
    """

    asked = Signal()
    answered = Signal()
    said = Signal(object)

    def __init__(self, person: Person, carrier: ReceiptCarrier, side: Side, parent: QObject) -> None:
        super().__init__(parent)
        self._person = person
        self._carrier = carrier
        self._side = side
        self._detail: Detail | None = None
        carrier.found.connect(self._printers_found)
        carrier.sent.connect(self._sent)
        carrier.troubled.connect(self._troubled)

    def look(self) -> None:
        """Ask which printers there are."""
        self._carrier.look()

    def show_detail(self, detail: Detail | None) -> None:
        """The case the keys are about from now on; a question about another one is put away."""
        if _id(detail) != _id(self._detail):
            self._side.stop_asking()
        self._detail = detail

    @property
    def asking(self) -> bool:
        """Whether the panel waits for an answer."""
        return self._side.asking is not Asking.NOTHING

    def standing(self) -> Receipt:
        """How the receipt stands; settled where there is nothing for this person to do about it."""
        if self._detail is None or self._detail.read_only:
            return Receipt.SETTLED
        if not person_allowed(self._person, "paper_sent"):
            return Receipt.SETTLED
        return standing(self._detail.case)

    def blue_words(self) -> tuple[str, str] | None:
        """Words and icon of the blue button while the receipt comes first; None when it does not."""
        if self.asking:
            again = self._side.asking is Asking.AGAIN
            return (self.tr("再打凭证") if again else self.tr("补打凭证")), "printer"
        words = {
            Receipt.UNANSWERED: (self.tr("拿到纸了"), "check"),
            Receipt.UNSENT: (self.tr("打印凭证"), "printer"),
        }
        return words.get(self.standing())

    def actions(self) -> tuple[Action, ...]:
        """F8 while a printing waits for its answer, else F7."""
        if self.standing() is Receipt.UNANSWERED:
            return (Action(Key.TODAY_PAPER_AGAIN, self.tr("没出来，再打"), self.ask_again, icon="printer"),)
        if self.standing() is Receipt.UNSENT or not person_allowed(self._person, "paper_reprinted"):
            return ()
        text, there = self.tr("补打凭证"), self._detail is not None and not self._detail.read_only
        return (Action(Key.TODAY_REPRINT, text, self.ask_reprint, icon="printer", enabled=there),)

    def ask_again(self) -> None:
        """Nothing came out: ask what happened and where to print now."""
        self._ask(Asking.AGAIN)

    def ask_reprint(self) -> None:
        """Another one is wanted: ask why."""
        self._ask(Asking.REPRINT)

    def stop(self) -> None:
        """Put the question away."""
        self._side.stop_asking()
        self.answered.emit()

    def do(self) -> None:
        """The blue key: answer the question, confirm the paper, or print it."""
        if self._detail is None or self._carrier.busy:
            return
        try:
            self._act(self._detail)
        except Refusal as refusal:
            self._blame(refusal)

    def _act(self, detail: Detail) -> None:
        if self._side.asking is Asking.REPRINT:
            self._carrier.reprint(detail.case.case_id, self._printer(), self._side.reason())
            self.stop()
        elif self._side.asking is Asking.AGAIN:
            self._print_again(detail)
        elif self.standing() is Receipt.UNANSWERED:
            self._confirm(detail)
        elif self.standing() is Receipt.UNSENT:
            self._carrier.send(detail.case.case_id, self._printer())

    def _ask(self, asking: Asking) -> None:
        self._carrier.look()
        self.asked.emit()
        self._side.ask(asking, self._carrier.printers())
        self.asked.emit()

    def _print_again(self, detail: Detail) -> None:
        printer, mark = self._printer(), open_mark(detail.case)
        if mark is not None:
            self._carrier.nothing_came(detail.case, mark, self._side.reason() or self.tr("没有出纸"))
            if mark.reprint:
                self._carrier.reprint(detail.case.case_id, printer, mark.reason)
            else:
                self._carrier.send(detail.case.case_id, printer)
        self.stop()

    def _confirm(self, detail: Detail) -> None:
        mark = open_mark(detail.case)
        if mark is not None:
            self._carrier.confirm(detail.case, mark)
            self.said.emit(self.tr("凭证已确认拿到。"))

    def _printer(self) -> str:
        chosen = self._side.printer() if self.asking else ""
        known = self._carrier.printers()
        if not chosen and not known:
            self._carrier.look()
            raise Refusal(self.tr("没有找到打印机。请接好打印机再打。"), field="printer")
        return chosen or known[0].name

    def _blame(self, refusal: Refusal) -> None:
        if self.asking:
            self._side.blame(refusal.text, refusal.field)
        else:
            self.said.emit(refusal.text)

    def _printers_found(self) -> None:
        if self.asking:
            self._side.show_printers(self._carrier.printers())

    def _sent(self, title: object) -> None:
        self.said.emit(fill(self.tr("凭证已送打印机“%1”。纸在手里了按 F9。"), str(title)))

    def _troubled(self, text: object) -> None:
        self.said.emit(str(text))


def _id(detail: Detail | None) -> object:
    return detail.case.case_id if detail else None
