"""The rail at the left: the workspaces this person may open, counts, and the key for all keys."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QVBoxLayout, QWidget

from onewindow_desk.workspaces.shared import icons
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.look import Look, Type, look
from onewindow_desk.workspaces.shared.widgets.key_cap import cap_size, draw_cap
from onewindow_desk.workspaces.shared.widgets.pressing import PressButton
from onewindow_desk.workspaces.workspace import Count

NARROW, WIDE, WIDE_FROM = 90, 212, 1600
_ICON = 22
_RING = 20
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class RailButton(PressButton):
    """One workspace: icon over its name, or, on a wide rail, icon, name, count and key in a line."""

    def __init__(self, parent: QWidget, *, text: str, icon: str, cap: str) -> None:
        super().__init__(parent)
        self._icon, self._cap = icon, cap
        self._count = Count()
        self._wide = False
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    def _name(self) -> None:
        number = self._count.number
        self.setAccessibleName(f"{self.text()} {number}" if number else self.text())
        self.setToolTip(f"{self.text()} {self._cap}".strip())

    def show_count(self, count: Count) -> None:
        """Show another number; 0 shows none."""
        self._count = count
        self._name()
        self.update()

    def count(self) -> Count:
        """The number shown."""
        return self._count

    def set_wide(self, wide: bool) -> None:
        """Write the key out, or not."""
        self._wide = wide
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Height 36 in a line, 54 with the name below."""
        worn = look()
        return QSize(worn.px(76), worn.px(36 if self._wide else 54))

    def minimumSizeHint(self) -> QSize:
        """As the hint."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and bar when chosen, a ring when focused, then the content."""
        worn = look()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self.rect().adjusted(2, 0, 0, 0)
        self._paint_ground(painter, box, worn)
        if self._wide:
            self._paint_line(painter, box, worn)
        else:
            self._paint_stack(painter, box, worn)
        painter.end()

    def _paint_ground(self, painter: QPainter, box: QRect, worn: Look) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(worn.colour("accent"))
            painter.drawRoundedRect(self.rect(), 4, 4)
            painter.setBrush(worn.colour("surface"))
            painter.drawRect(box.adjusted(2, 0, -4, 0))
            painter.drawRoundedRect(box.adjusted(6, 0, 0, 0), 4, 4)
        elif self.underMouse():
            painter.setBrush(worn.colour("soft"))
            painter.drawRoundedRect(box, 4, 4)
        if self.hasFocus():
            painter.setBrush(worn.colour("focus_bg"))
            painter.setPen(QPen(worn.colour("focus"), 2))
            painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 4, 4)

    def _ink(self) -> str:
        return "accent" if self.isChecked() else "text"

    def _paint_icon(self, painter: QPainter, at: QPoint, worn: Look) -> None:
        colour = getattr(worn.tokens, self._ink())
        ratio = self.devicePixelRatioF()
        painter.drawImage(at, icons.image(self._icon, colour, worn.px(_ICON), ratio=ratio))

    def _paint_stack(self, painter: QPainter, box: QRect, worn: Look) -> None:
        middle = box.center().x() + 2
        self._paint_icon(painter, QPoint(middle - worn.px(_ICON) // 2, worn.px(4)), worn)
        painter.setFont(worn.font(Type.STRONG if self.isChecked() else Type.BODY))
        painter.setPen(worn.colour(self._ink()))
        words = QRect(box.left() + 2, worn.px(27), box.width(), worn.px(24))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
        self._paint_count(painter, QPoint(box.right() - worn.px(_RING) - 1, worn.px(1)), worn)

    def _paint_line(self, painter: QPainter, box: QRect, worn: Look) -> None:
        tall = box.height()
        self._paint_icon(painter, QPoint(worn.px(14), (tall - worn.px(_ICON)) // 2), worn)
        painter.setFont(worn.font(Type.STRONG if self.isChecked() else Type.BODY))
        painter.setPen(worn.colour(self._ink()))
        painter.drawText(box.adjusted(worn.px(42), 0, 0, 0), _LEFT, self.text())
        size = cap_size(self._cap, worn)
        left = box.right() - size.width() - worn.px(8)
        if self._cap:
            cap = QRect(QPoint(left, (tall - size.height()) // 2), size)
            draw_cap(painter, cap, self._cap, worn, ("rim", "bg", "text2"))
        self._paint_count(painter, QPoint(left - worn.px(_RING + 8), (tall - worn.px(_RING)) // 2), worn)

    def _paint_count(self, painter: QPainter, at: QPoint, worn: Look) -> None:
        if not self._count.number:
            return
        text = str(self._count.number) if self._count.number < 100 else "99+"
        font = worn.font(Type.CAPTION, bold=True)
        wide = max(worn.px(_RING), QFontMetrics(font).horizontalAdvance(text) + worn.px(10))
        ring = QRectF(at.x() + worn.px(_RING) - wide, at.y(), wide, worn.px(_RING))
        rim, ground = ("red", "red_s") if self._count.urgent else ("field", "surface")
        painter.setPen(QPen(worn.colour(rim), 1))
        painter.setBrush(worn.colour(ground))
        painter.drawRoundedRect(ring.adjusted(0.5, 0.5, -0.5, -0.5), ring.height() / 2, ring.height() / 2)
        painter.setPen(worn.colour("red" if self._count.urgent else "text"))
        painter.setFont(font)
        painter.drawText(ring, Qt.AlignmentFlag.AlignCenter, text)


class HelpButton(PressButton):
    """F1 and what it opens, at the bottom of the rail."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._wide = False
        self.setText(self.tr("按键"))
        self.setAccessibleName(self.tr("全部按键"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_wide(self, wide: bool) -> None:
        """In a line, or the words below."""
        self._wide = wide
        self.setText(self.tr("全部按键") if wide else self.tr("按键"))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """A cap and its words."""
        worn = look()
        return QSize(worn.px(76), worn.px(30 if self._wide else 46))

    def minimumSizeHint(self) -> QSize:
        """As the hint."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cap, then words."""
        worn = look()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setBrush(worn.colour("focus_bg"))
            painter.setPen(QPen(worn.colour("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        size = cap_size(Key.HELP.cap, worn)
        if self._wide:
            cap = QRect(QPoint(worn.px(4), (self.height() - size.height()) // 2), size)
            words = self.rect().adjusted(cap.right() + worn.px(8), 0, 0, 0)
            aligned = _LEFT
        else:
            cap = QRect(QPoint((self.width() - size.width()) // 2, worn.px(2)), size)
            words = QRect(0, cap.bottom() + 1, self.width(), self.height() - cap.bottom() - 1)
            aligned = Qt.AlignmentFlag.AlignCenter
        draw_cap(painter, cap, Key.HELP.cap, worn, ("rim", "bg", "text2"))
        painter.setFont(worn.font(Type.CAPTION))
        painter.setPen(worn.colour("text2"))
        painter.drawText(words, aligned, self.text())
        painter.end()


class Rail(QFrame):
    """`add` appends a workspace; `opened` emits its place from 0, `helped` asks for all keys."""

    opened = Signal(object)
    helped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(6, 8, 6, 6)
        self._column.setSpacing(2)
        self._help = HelpButton(self)
        self._column.addStretch(1)
        self._column.addWidget(self._help)
        self._group.idClicked.connect(self._open)
        self._help.clicked.connect(self._ask)
        self.setAccessibleName(self.tr("工作区"))
        self.fit(0)

    def _open(self, place: int) -> None:
        self.opened.emit(place)

    def _ask(self) -> None:
        self.helped.emit()

    def add(self, text: str, icon: str) -> None:
        """Append a workspace by its name and icon."""
        place = len(self._group.buttons())
        button = RailButton(self, text=text, icon=icon, cap=f"Ctrl+{place + 1}" if place < 9 else "")
        self._group.addButton(button, place)
        self._column.insertWidget(place, button)

    def buttons(self) -> tuple[RailButton, ...]:
        """The workspaces' buttons from the top."""
        return tuple(button for button in self._group.buttons() if isinstance(button, RailButton))

    def choose(self, place: int) -> None:
        """Show which workspace is open."""
        self._group.button(place).setChecked(True)

    def choose_none(self) -> None:
        """Show that a page is open which stands in no rail."""
        self._group.setExclusive(False)
        for button in self.buttons():
            button.setChecked(False)
        self._group.setExclusive(True)

    def show_count(self, place: int, count: Count) -> None:
        """Show a workspace's number."""
        self.buttons()[place].show_count(count)

    def fit(self, window: int) -> None:
        """Take the width that suits a window `window` pixels wide: keys written out from 1600."""
        worn = look()
        wide = worn.room(window) >= WIDE_FROM
        self.setFixedWidth(worn.px(WIDE if wide else NARROW))
        for button in self.buttons():
            button.set_wide(wide)
        self._help.set_wide(wide)
