"""The one line after F9: received, under which number, and where the receipt is. Nothing modal."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from onewindow_desk.devices.printer import PrinterInfo
from onewindow_desk.domain.numbering import format_receipt_no
from onewindow_desk.workspaces.intake.sitting import Handed
from onewindow_desk.workspaces.intake.words import fill
from onewindow_desk.workspaces.shared.widgets.action_button import ActionButton
from onewindow_desk.workspaces.shared.widgets.card import Card
from onewindow_desk.workspaces.shared.widgets.icon_label import IconLabel
from onewindow_desk.workspaces.shared.widgets.label import Label


class PaperLine(Card):
    """`printer_chosen` emits the name of the printer the person takes instead."""

    printer_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, kind="chosen")
        self.column.setContentsMargins(12, 8, 12, 8)
        self._icon = IconLabel(self, name="circle-check", colour="green", size=20)
        self._number = Label(self, role="strong")
        self._words = Label(self, wrap=True)
        self._choices = QWidget(self)
        around = QHBoxLayout(self._choices)
        around.setContentsMargins(0, 0, 0, 0)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        around.addLayout(self._row)
        around.addStretch(1)
        line = QHBoxLayout()
        line.setSpacing(8)
        for part, stretch in ((self._icon, 0), (self._number, 0), (self._words, 1)):
            line.addWidget(part, stretch)
        self.column.addLayout(line)
        self.add(self._choices)
        self._buttons: list[ActionButton] = []
        self._choices.hide()
        self.hide()

    def words(self) -> str:
        """What the line says."""
        return self._words.text()

    def show_handed(self, handed: Handed, words: str, printers: Sequence[PrinterInfo]) -> None:
        """Say how the receipt stands; with a choice of printers where one is asked for."""
        self._icon.show_icon("triangle-alert" if handed.trouble else "circle-check", self._colour(handed))
        self._number.setText(fill(self.tr("已收件 %1，已存本机。"), format_receipt_no(handed.receipt_no)))
        self._words.setText(words)
        self.setAccessibleName(f"{self._number.text()}{words}")
        self._offer(printers if handed.choosing else ())
        self.show()

    @staticmethod
    def _colour(handed: Handed) -> str:
        return "amber" if handed.trouble else "green"

    def _offer(self, printers: Sequence[PrinterInfo]) -> None:
        names = [printer.name for printer in printers]
        if names == [button.property("printer") for button in self._buttons]:
            return
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(printer) for printer in printers]
        self._choices.setVisible(bool(printers))
        if self._buttons:
            self._buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, printer: PrinterInfo) -> ActionButton:
        words = (
            fill(self.tr("%1（%2）"), printer.title, printer.trouble) if printer.trouble else printer.title
        )
        # A bare & would become a mnemonic.
        button = ActionButton(self._choices, text=words.replace("&", "＆"), icon="printer")
        button.setProperty("printer", printer.name)
        button.setAccessibleName(fill(self.tr("用%1打印"), words))
        button.clicked.connect(self._take)
        self._row.addWidget(button)
        return button

    def _take(self) -> None:
        for button in self._buttons:
            if button is self.sender():
                self.printer_chosen.emit(button.property("printer"))
                return

    def stop(self) -> QWidget | None:
        """The first printer to choose, None while there is no choice."""
        return self._buttons[0] if self._buttons else None
