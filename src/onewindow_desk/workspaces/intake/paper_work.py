"""The answers about the paper after F9: it is in the hand, or another printer is to have it."""

from PySide6.QtCore import QObject, Qt, Signal

from onewindow_desk.workspaces.intake.handover import Handover
from onewindow_desk.workspaces.intake.paper_line import PaperLine
from onewindow_desk.workspaces.intake.sitting import Handed
from onewindow_desk.workspaces.intake.state import IntakeState
from onewindow_desk.workspaces.intake.words import fill, tr
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.workspace import Action


class PaperWork(QObject):
    """Keeps the line about the paper true.

    `changed` says that the actions are others, `gone` emits the Handed whose applicant may leave.
    """

    changed = Signal()
    gone = Signal(object)

    def __init__(self, state: IntakeState, handover: Handover, line: PaperLine) -> None:
        super().__init__(line)
        self._state = state
        self._handover = handover
        self._line = line
        line.printer_chosen.connect(self._use)
        handover.changed.connect(self._stands_differently)

    def actions(self, handed: Handed) -> tuple[Action, ...]:
        """F8 and F9; neither while the printer is being served."""
        free = not handed.printing
        done = tr("拿到凭证了") if handed.outgoing is not None else tr("先办下一位")
        return (
            Action(Key.INTAKE_OTHER_PRINTER, tr("换打印机"), self._other, icon="printer", enabled=free),
            Action(Key.DO, done, self._in_hand, icon="check", primary=True, enabled=free),
        )

    def show(self) -> None:
        """Show the line of the applicant in front, if they wait for a paper."""
        handed = self._state.current.handed
        self._line.setVisible(handed is not None)
        if handed is not None:
            self._line.show_handed(handed, self._words(handed), self._handover.printers())

    def focus(self) -> None:
        """To the choice of printers, else to the line itself."""
        (self._line.stop() or self._line).setFocus(Qt.FocusReason.OtherFocusReason)

    def _words(self, handed: Handed) -> str:
        if handed.printing:
            return tr("凭证正在送打印机…")
        if handed.trouble:
            return fill(tr("%1 也可以按 F9 先办下一位，凭证以后在“今日”里打。"), handed.trouble)
        if handed.outgoing is None:
            return tr("请选一台打印机，按 Enter 打印凭证。")
        name = self._handover.title(handed.outgoing.printer)
        return fill(tr("凭证已送打印机“%1”。拿到纸了按 F9；没出来按 F8 换打印机。"), name)

    def _stands_differently(self) -> None:
        self.show()
        self.changed.emit()

    def _other(self) -> None:
        handed = self._state.current.handed
        if handed is not None:
            handed.trouble = ""
            self._handover.nothing_came(handed, tr("没有出纸"))
            self._stands_differently()
            self.focus()

    def _use(self, printer: str) -> None:
        handed = self._state.current.handed
        if handed is not None:
            self._handover.send(handed, printer)
            self.focus()

    def _in_hand(self) -> None:
        handed = self._state.current.handed
        if handed is not None:
            self._handover.confirm(handed)
            self.gone.emit(handed)
