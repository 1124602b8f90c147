"""A field for identity numbers: masked on the screen unless somebody is typing in it."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QStylePainter, QWidget

from onewindow_desk.workspaces.shared.look import look

_HEAD, _TAIL = 6, 4
_SHORT = 8


def masked(number: str) -> str:
    """The number with its middle hidden: six and four left of a long one, one and one of a short one."""
    if len(number) < 3:
        return "*" * len(number)
    head, tail = (_HEAD, _TAIL) if len(number) > _HEAD + _TAIL else (1, 1)
    if len(number) > _SHORT and head == 1:
        head = tail = 2
    return number[:head] + "*" * (len(number) - head - tail) + number[-tail:]


class MaskedEdit(QLineEdit):
    """A line edit whose `text()` is always whole, while the screen shows it only with the focus.

    Input methods are off: neither they nor a bar-code gun's letters meet a Chinese composition here.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def paintEvent(self, event: QPaintEvent) -> None:
        """With the focus, or empty, as any field; else the frame and the masked number."""
        if self.hasFocus() or not self.text():
            super().paintEvent(event)
            return
        painter = QStylePainter(self)
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        painter.drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option)
        within = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        painter.setFont(self.font())
        painter.setPen(look().colour("text" if self.isEnabled() else "disabled"))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(within).adjusted(2, 0, 0, 0), middle, masked(self.text()))
        painter.end()
