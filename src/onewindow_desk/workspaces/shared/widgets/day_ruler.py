"""The days a limit counts, one cell each: weekday above, the day, its count or reason below."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from onewindow_desk.domain.deadline import DayCell
from onewindow_desk.workspaces.shared.look import Look, Type, look

_WEEKDAYS = "一二三四五六日"
_CELL, _GAP, _HEAD, _BODY = 32, 3, 18, 40


@dataclass(frozen=True, slots=True)
class _Ink:
    """Tokens of a cell: rim, ground, words; width of the rim; whether the words are bold."""

    rim: str
    ground: str
    words: str
    width: int = 1
    bold: bool = True


_INKS = {
    "start": _Ink("field", "surface", "text"),
    "counted": _Ink("accent", "soft", "text"),
    "rest": _Ink("sunk", "sunk", "text2", bold=False),
    "stopped": _Ink("line", "sunk", "text2", bold=False),
    "last": _Ink("red", "red_s", "red", width=2),
}


def below(day: DayCell) -> str:
    """The words under the day: 收件, a count, the count with 止, or why it is not counted."""
    last = QCoreApplication.translate("DayRuler", "止")
    if day.kind == "last":
        return f"{day.count} {last}" if day.count else last
    if day.kind == "counted":
        return str(day.count)
    if day.kind == "start":
        return day.note or QCoreApplication.translate("DayRuler", "收件")
    if day.kind == "stopped":
        return day.note or QCoreApplication.translate("DayRuler", "停")
    return day.note or QCoreApplication.translate("DayRuler", "休")


class DayRuler(QWidget):
    """A cell per day in order. Long limits are folded: the middle becomes one cell with its length."""

    def __init__(self, parent: QWidget | None = None, *, days: Sequence[DayCell] = ()) -> None:
        super().__init__(parent)
        self._days = tuple(days)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_days(days)

    def show_days(self, days: Sequence[DayCell]) -> None:
        """Show another limit."""
        self._days = tuple(days)
        self.setAccessibleName(self.tr("逐日计算"))
        self.setAccessibleDescription("，".join(self._spoken(day) for day in self._days))
        self.updateGeometry()
        self.update()

    def _spoken(self, day: DayCell) -> str:
        return f"{day.day.month}月{day.day.day}日 {below(day)}"

    def sizeHint(self) -> QSize:
        """Room for every cell."""
        worn = look()
        wide = len(self._days) * worn.px(_CELL + _GAP)
        return QSize(max(wide, worn.px(_CELL)), worn.px(_HEAD + _BODY) + 1)

    def minimumSizeHint(self) -> QSize:
        """A few cells; the rest is folded."""
        worn = look()
        return QSize(5 * worn.px(_CELL + _GAP), worn.px(_HEAD + _BODY) + 1)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def cells(self) -> tuple[DayCell | int, ...]:
        """What is drawn at the present width: days, or in the middle the number of days left out."""
        worn = look()
        fits = max(5, (self.width() + worn.px(_GAP)) // worn.px(_CELL + _GAP))
        if len(self._days) <= fits:
            return self._days
        tail = (fits - 1) // 2
        head = fits - 1 - tail
        left_out = len(self._days) - head - tail
        return (*self._days[:head], left_out, *self._days[-tail:])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells from the left."""
        worn = look()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 0
        for cell in self.cells():
            column = QRect(left, 0, worn.px(_CELL), self.height())
            if isinstance(cell, int):
                self._paint_fold(painter, column, cell, worn)
            else:
                self._paint_day(painter, column, cell, worn)
            left += worn.px(_CELL + _GAP)
        painter.end()

    def _paint_fold(self, painter: QPainter, column: QRect, days: int, worn: Look) -> None:
        painter.setPen(worn.colour("text2"))
        painter.setFont(worn.font(Type.CAPTION))
        body = column.adjusted(0, worn.px(_HEAD), 0, 0)
        painter.drawText(body, Qt.AlignmentFlag.AlignCenter, self.tr("…\n%1 天").replace("%1", str(days)))

    def _paint_day(self, painter: QPainter, column: QRect, day: DayCell, worn: Look) -> None:
        ink = _INKS[day.kind]
        caption = worn.font(Type.CAPTION)
        painter.setFont(caption)
        painter.setPen(worn.colour("text2"))
        above = QRect(column.left(), 0, column.width(), worn.px(_HEAD))
        painter.drawText(above, Qt.AlignmentFlag.AlignCenter, _WEEKDAYS[day.day.weekday()])
        body = column.adjusted(0, worn.px(_HEAD), 0, -1)
        inset = ink.width / 2
        painter.setPen(QPen(worn.colour(ink.rim), ink.width))
        painter.setBrush(worn.colour(ink.ground))
        painter.drawRoundedRect(QRectF(body).adjusted(inset, inset, -inset, -inset), 4, 4)
        painter.setPen(worn.colour(ink.words))
        self._paint_words(painter, body, day, worn.font(Type.CAPTION, bold=ink.bold))

    @staticmethod
    def _paint_words(painter: QPainter, body: QRect, day: DayCell, number: QFont) -> None:
        half = body.height() // 2
        upper = QRect(body.left(), body.top() + 2, body.width(), half)
        lower = QRect(body.left(), body.top() + half - 1, body.width(), half)
        plain = QFont(number)
        plain.setBold(False)
        painter.setFont(number)
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, str(day.day.day))
        painter.setFont(plain)
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, below(day))
