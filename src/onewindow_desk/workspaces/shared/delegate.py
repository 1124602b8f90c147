"""How rows are painted: selection, the bar at the left, ticks, badges, two lines, elision."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from onewindow_desk.workspaces.shared import icons
from onewindow_desk.workspaces.shared.badges import HEIGHT as BADGE
from onewindow_desk.workspaces.shared.badges import badge_size, draw_badge
from onewindow_desk.workspaces.shared.look import Look, Type, look
from onewindow_desk.workspaces.shared.rows import Cell, Roles

Index = QModelIndex | QPersistentModelIndex

ROW, TWO_LINES, STACKED = 34, 50, 86
_BAR = 4
_ABOVE = 7
_SIDE = 10
_BOX = 20
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RowDelegate(QStyledItemDelegate):
    """Paints `Cell`s. `height` is the row's height at 100 %; 0 takes 34, or 50 where a cell has two lines.

    A view whose property `lit` is true is painted as if it had the focus: a search field drives it.
    """

    def __init__(self, parent: QAbstractItemView, *, height: int = 0) -> None:
        super().__init__(parent)
        self._height = height
        self._view = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Width is the header's affair."""
        cell = index.data(Roles.CELL)
        tall = self._height or (TWO_LINES if isinstance(cell, Cell) and cell.sub else ROW)
        return QSize(0, look().px(tall))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        worn = look()
        cell = index.data(Roles.CELL)
        box = QRect(option.rect)
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        self._ground(painter, box, worn, chosen=chosen, first=index.column() == 0)
        if isinstance(cell, Cell) and cell.stacked:
            self._stack(painter, self._inner(box, worn), cell, worn)
        elif isinstance(cell, Cell):
            self._content(painter, self._inner(box, worn), cell, worn)
        painter.restore()

    def _lit(self) -> bool:
        return self._view.hasFocus() or self._view.property("lit") is True

    def _ground(self, painter: QPainter, box: QRect, worn: Look, *, chosen: bool, first: bool) -> None:
        if chosen:
            painter.fillRect(box, worn.colour("sel" if self._lit() else "sunk"))
        painter.setPen(QPen(worn.colour("line"), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if chosen and first:
            bar = QRect(box.left(), box.top(), worn.px(_BAR), box.height())
            painter.fillRect(bar, worn.colour("focus" if self._lit() else "field"))

    @staticmethod
    def _inner(box: QRect, worn: Look) -> QRect:
        return box.adjusted(worn.px(_SIDE), 0, -worn.px(6), -1)

    def _stack(self, painter: QPainter, box: QRect, cell: Cell, worn: Look) -> None:
        """Badge and aside above, then the words."""
        upper = QRect(box.left(), box.top() + worn.px(_ABOVE), box.width(), worn.px(BADGE))
        if cell.badge is not None:
            draw_badge(painter, QPointF(upper.topLeft()), cell.badge, worn)
        if cell.aside:
            self._aside(painter, upper, cell.aside, worn)
        under = QRect(box.left(), upper.bottom() + 2, box.width(), box.bottom() - upper.bottom() - worn.px(6))
        self._lines(painter, under, cell, worn)

    def _content(self, painter: QPainter, box: QRect, cell: Cell, worn: Look) -> None:
        if cell.ticked is not None:
            box = self._tick(painter, box, worn, ticked=cell.ticked)
        if cell.badge is not None:
            size = badge_size(cell.badge, worn)
            top = box.top() + (box.height() - size.height()) // 2
            draw_badge(painter, QPointF(box.left(), top), cell.badge, worn)
            box = box.adjusted(size.width() + worn.px(8), 0, 0, 0)
        if cell.aside:
            box = self._aside(painter, box, cell.aside, worn)
        self._lines(painter, box, cell, worn)

    @staticmethod
    def _tick(painter: QPainter, box: QRect, worn: Look, *, ticked: bool) -> QRect:
        side = worn.px(_BOX)
        square = QRect(box.left(), box.center().y() - side // 2 + 1, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(worn.colour("accent" if ticked else "field"), 1))
        painter.setBrush(worn.colour("accent" if ticked else "surface"))
        painter.drawRoundedRect(QRectF(square).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if ticked:
            pixels = side - 4
            ratio = painter.device().devicePixelRatio()
            mark = icons.image("check", worn.tokens.on_accent, pixels, stroke=3, ratio=ratio)
            painter.drawImage(square.left() + 2, square.top() + 2, mark)
        return box.adjusted(side + worn.px(8), 0, 0, 0)

    @staticmethod
    def _aside(painter: QPainter, box: QRect, text: str, worn: Look) -> QRect:
        font = worn.font(Type.CAPTION)
        painter.setFont(font)
        painter.setPen(worn.colour("text2"))
        painter.drawText(box, _RIGHT, text)
        return box.adjusted(0, 0, -QFontMetrics(font).horizontalAdvance(text) - worn.px(8), 0)

    def _lines(self, painter: QPainter, box: QRect, cell: Cell, worn: Look) -> None:
        main = worn.font(Type.STRONG if cell.bold else Type.BODY)
        if not cell.sub:
            self._line(painter, box, cell.text, main, worn.colour("text").name())
            return
        second = worn.font(Type.CAPTION)
        upper, lower = QFontMetrics(main).height(), QFontMetrics(second).height()
        if upper + lower > box.height():  # the leading of Chinese faces can give way a little
            upper, lower = box.height() * upper // (upper + lower), box.height() * lower // (upper + lower)
        top = box.top() + (box.height() - upper - lower) // 2
        first = QRect(box.left(), top, box.width(), upper)
        under = QRect(box.left(), top + upper, box.width(), lower)
        self._line(painter, first, cell.text, main, worn.colour("text").name())
        self._line(painter, under, cell.sub, second, worn.colour("text2").name())

    @staticmethod
    def _line(painter: QPainter, box: QRect, text: str, font: QFont, colour: str) -> None:
        painter.setFont(font)
        painter.setPen(colour)
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, _LEFT | Qt.TextFlag.TextDontClip, shown)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """A click on a box turns it; the model decides what becomes of it."""
        cell = index.data(Roles.CELL)
        if event.type() is not QEvent.Type.MouseButtonRelease or not isinstance(event, QMouseEvent):
            return False
        if not isinstance(cell, Cell) or cell.ticked is None:
            return False
        room = QRect(option.rect)
        room.setWidth(look().px(2 * _SIDE + _BOX))
        if event.button() is not Qt.MouseButton.LeftButton or not room.contains(event.position().toPoint()):
            return False
        turned = Qt.CheckState.Unchecked if cell.ticked else Qt.CheckState.Checked
        return model.setData(model.index(index.row(), index.column()), turned, Qt.ItemDataRole.CheckStateRole)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """The whole text as a tooltip where it does not fit."""
        cell = index.data(Roles.CELL)
        if not isinstance(cell, Cell) or not self.shortened(cell, option.rect):
            QToolTip.hideText()
            return False
        plain = "\n".join(part for part in (cell.text, cell.sub) if part)
        QToolTip.showText(event.globalPos(), plain.replace("<", "‹"), view)
        return True

    def shortened(self, cell: Cell, rect: QRect) -> bool:
        """Whether the cell's words do not fit its rectangle."""
        worn = look()
        room = self._inner(rect, worn).width()
        if cell.ticked is not None:
            room -= worn.px(_BOX + 8)
        if cell.badge is not None and not cell.stacked:
            room -= badge_size(cell.badge, worn).width() + worn.px(8)
        lines = ((cell.text, Type.STRONG if cell.bold else Type.BODY), (cell.sub, Type.CAPTION))
        return any(QFontMetrics(worn.font(kind)).horizontalAdvance(text) > room for text, kind in lines)
