"""The panel beside the list: one case, why its date is that date, and its receipt."""

from collections.abc import Sequence
from datetime import date
from enum import Enum

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from onewindow_desk._built.ui_today import Ui_Today
from onewindow_desk.devices.printer import PrinterInfo
from onewindow_desk.domain.numbering import format_receipt_no
from onewindow_desk.services.today import Detail
from onewindow_desk.workspaces.shared.enter_walk import EnterWalk
from onewindow_desk.workspaces.shared.widgets.restyle import set_state
from onewindow_desk.workspaces.today import words


class Asking(Enum):
    """What the panel asks before a receipt goes out once more."""

    NOTHING = "nothing"
    REPRINT = "reprint"
    """Why another one is needed."""
    AGAIN = "again"
    """What went wrong with the one that was sent, and which printer is next."""


class Side(QObject):
    """Fills the right-hand part of the form. `submitted` says that Return was pressed in the last field."""

    submitted = Signal()

    def __init__(self, form: Ui_Today, parent: QWidget) -> None:
        super().__init__(parent)
        self._form = form
        self._asking = Asking.NOTHING
        self._walk = EnterWalk(self)
        self._walk.walk((form.reason.line, form.printer))
        self._walk.finished.connect(self.submitted)
        form.scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        form.scroll.installEventFilter(self)
        form.again.hide()
        form.scroll.hide()

    # --- the case

    def show_detail(self, detail: Detail | None, today: date) -> None:
        """Show a case; None for none."""
        self._form.scroll.setVisible(detail is not None)
        if detail is None:
            return
        form, case = self._form, detail.case
        form.who.setText(case.applicant.name if case.applicant else "")
        form.badge.show_badge(detail.badge)
        form.item.setText(case.item_name)
        form.number.setText(format_receipt_no(case.receipt_no))
        said, role = words.paper_words(case)
        form.paper.setText(said)
        form.paper.set_role(role)
        form.paper.setVisible(not detail.read_only)
        form.upgrade.setVisible(detail.upgrade and not detail.unsound)
        form.unsound.setVisible(detail.unsound)
        form.scans.show_scans(*(detail.scans or (0, 0)))
        self._show_why(detail, today)
        form.facts.show_facts(words.facts(case))
        form.acts.show_facts(words.acts(detail))
        form.scroll.setAccessibleDescription(f"{form.who.text()} {case.item_name}")

    def _show_why(self, detail: Detail, today: date) -> None:
        form, deadline = self._form, detail.deadline
        for part in (form.rule_why, form.why_title, form.ruler, form.why):
            part.setVisible(deadline is not None)
        if deadline is not None:
            form.why_title.setText(words.why_title(deadline, today))
            form.ruler.show_days(deadline.days)
            form.why.setText(words.why(deadline))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The panel shows the focus of what scrolls in it."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            set_state(self._form.side, "lit", event.type() is QEvent.Type.FocusIn)
        return super().eventFilter(watched, event)

    # --- the receipt once more

    @property
    def asking(self) -> Asking:
        """What is asked now."""
        return self._asking

    def ask(self, asking: Asking, printers: Sequence[PrinterInfo]) -> None:
        """Ask in place; the focus goes to the first field."""
        self._asking = asking
        form = self._form
        again = asking is Asking.AGAIN
        form.again_title.setText(self.tr("没出来，再打") if again else self.tr("补打凭证"))
        form.reason.set_caption(self.tr("出了什么情况") if again else self.tr("为什么补打"))
        form.reason.line.setText(self.tr("没有出纸") if again else "")
        form.reason.line.setPlaceholderText("" if again else self.tr("例如 原件遗失"))
        form.reason.set_fault("")
        form.trouble.say("")
        form.again_hint.setText(self.tr("Enter 下一格 ・ Esc 不打了"))
        self.show_printers(printers)
        form.again.show()
        form.reason.line.setFocus()
        form.reason.line.selectAll()

    def show_printers(self, printers: Sequence[PrinterInfo]) -> None:
        """Offer these; one chosen before stays chosen."""
        box, kept = self._form.printer, self.printer()
        box.clear()
        for printer in printers:
            titled = words.fill(words.tr("%1（%2）"), printer.title, printer.trouble)
            box.addItem(titled if printer.trouble else printer.title, printer.name)
        box.setCurrentIndex(max(0, box.findData(kept)))

    def stop_asking(self) -> None:
        """Put the question away."""
        self._asking = Asking.NOTHING
        self._form.again.hide()

    def printer(self) -> str:
        """The printer chosen, by its name; "" for none."""
        chosen = self._form.printer.currentData()
        return chosen if isinstance(chosen, str) else ""

    def reason(self) -> str:
        """What was typed."""
        return self._form.reason.value().strip()

    def blame(self, text: str, field: str) -> None:
        """Say what is to be put right, beside the field or below all."""
        if field == "reason":
            self._form.reason.set_fault(text)
            self._form.reason.setFocus()
        else:
            self._form.trouble.say(text)
