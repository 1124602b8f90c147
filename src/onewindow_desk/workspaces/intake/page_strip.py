"""The strip of scanned pages: thumbnails in order, moved, turned, filed and taken out by keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from onewindow_desk.workspaces.intake.words import fill, tr
from onewindow_desk.workspaces.shared.look import Type, look

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_SHEET, _SMALL_SHEET = QSize(66, 92), QSize(46, 64)
_WORDS, _GAP = 24, 14
_RING = 3


@dataclass(frozen=True, slots=True)
class Thumb:
    """One page as the strip shows it; `picture` is None until it has been read."""

    picture: QImage | None
    material: str
    loose: bool


class _Model(QAbstractListModel):
    """The thumbs, as rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.thumbs: tuple[Thumb, ...] = ()

    def show(self, thumbs: tuple[Thumb, ...]) -> None:
        if len(thumbs) == len(self.thumbs):
            self.thumbs = thumbs
            if thumbs:
                self.dataChanged.emit(self.index(0, 0), self.index(len(thumbs) - 1, 0))
            return
        self.beginResetModel()
        self.thumbs = thumbs
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.thumbs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        thumb = self.thumbs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return fill(tr("第 %1 页"), index.row() + 1)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            place = fill(tr("第 %1 页"), index.row() + 1)
            return fill(tr("%1，%2"), place, thumb.material or tr("未归入材料"))
        return None


class _Delegate(QStyledItemDelegate):
    """A sheet with its number below; the ring goes round the page chosen."""

    def __init__(self, view: "PageStrip") -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        worn = look()
        sheet = self._view.sheet()
        return QSize(worn.px(sheet.width() + _GAP), worn.px(sheet.height() + _WORDS) + 2 * _RING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        worn = look()
        thumb = self._view.thumb(index.row())
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        wide, tall = worn.px(self._view.sheet().width()), worn.px(self._view.sheet().height())
        left = option.rect.left() + (option.rect.width() - wide) // 2
        sheet = QRect(left, option.rect.top() + _RING + 1, wide, tall)
        painter.save()
        painter.fillRect(sheet, worn.colour("mat"))
        self._picture(painter, sheet, thumb.picture)
        rim, edge = ("line", 1)
        if chosen:
            rim, edge = ("focus" if self._view.hasFocus() else "field", _RING)
        elif thumb.loose:
            rim, edge = ("amber", 2)
        painter.setPen(QPen(worn.colour(rim), edge))
        painter.drawRect(sheet.adjusted(0, 0, -1, -1))
        below = QRect(option.rect.left(), sheet.bottom() + 2, option.rect.width(), worn.px(_WORDS) - 2)
        painter.setFont(worn.font(Type.CAPTION, bold=chosen))
        painter.setPen(worn.colour("text" if chosen else "text2"))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(index.data()))
        painter.restore()

    @staticmethod
    def _picture(painter: QPainter, sheet: QRect, picture: QImage | None) -> None:
        if picture is None or picture.isNull():
            return
        ratio = painter.device().devicePixelRatio()
        fitted = picture.scaled(
            sheet.size() * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        fitted.setDevicePixelRatio(ratio)
        size = fitted.size() / ratio
        painter.drawImage(
            sheet.left() + (sheet.width() - size.width()) // 2,
            sheet.top() + (sheet.height() - size.height()) // 2,
            fitted,
        )


class PageStrip(QListView):
    """Thumbnails side by side.

    `chosen` emits the place of the page in front (-1: none). The keys of the strip emit `turning`,
    `removing` (place), `moving` (place, step) and `refiling` (place, step through the materials).
    """

    chosen = Signal(object)
    turning = Signal(object)
    removing = Signal(object)
    moving = Signal(object)
    refiling = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = _Model(self)
        self._sheet = _SHEET
        self.setModel(self._pages)
        self.setItemDelegate(_Delegate(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setProperty("strip", True)
        self.setAccessibleName(self.tr("扫描页"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setAcceptDrops(False)
        self.selectionModel().currentChanged.connect(self._moved)

    def sheet(self) -> QSize:
        """Size of a thumbnail at 100 %."""
        return self._sheet

    def set_small(self, small: bool) -> None:
        """Smaller sheets where the page is narrow."""
        wanted = _SMALL_SHEET if small else _SHEET
        if wanted != self._sheet:
            self._sheet = wanted
            self.scheduleDelayedItemsLayout()
            self.updateGeometry()

    def thumb(self, place: int) -> Thumb:
        """The thumb at a place."""
        return self._pages.thumbs[place]

    def show_thumbs(self, thumbs: Sequence[Thumb]) -> None:
        """Show these pages; the page in front stays in front as far as there is one."""
        place = max(self.place(), 0)
        self._pages.show(tuple(thumbs))
        if thumbs and self.place() < 0:
            self.choose(min(place, len(thumbs) - 1))

    def place(self) -> int:
        """The place of the page in front, -1 for none."""
        return self.currentIndex().row()

    def choose(self, place: int) -> None:
        """Bring a page to the front."""
        self.setCurrentIndex(self._pages.index(place, 0))

    def sizeHint(self) -> QSize:
        """One row of sheets, with room for a scroll bar."""
        worn = look()
        return QSize(worn.px(200), worn.px(self._sheet.height() + _WORDS) + 2 * _RING + 18)

    def minimumSizeHint(self) -> QSize:
        """As high as one row."""
        return QSize(look().px(120), self.sizeHint().height())

    def _moved(self) -> None:
        self.chosen.emit(self.place())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """R turns, Del takes out, Alt+← → moves, ↑ ↓ files under another material."""
        if self.place() < 0 or not self._own(event):
            event.ignore() if event.text().isprintable() and event.text() else super().keyPressEvent(event)

    def _own(self, event: QKeyEvent) -> bool:
        place, key = self.place(), event.key()
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        along = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        across = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if key == Qt.Key.Key_R and not event.modifiers():
            self.turning.emit(place)
        elif key == Qt.Key.Key_Delete:
            self.removing.emit(place)
        elif alt and key in along:
            self.moving.emit((place, along[Qt.Key(key)]))
        elif not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier and key in across:
            self.refiling.emit((place, across[Qt.Key(key)]))
        else:
            return False
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The ring takes the colour of the focus."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring takes the colour of rest."""
        super().focusOutEvent(event)
        self.viewport().update()
