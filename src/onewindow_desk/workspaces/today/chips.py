"""The filters above the list: how many, of what, and which one holds."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from onewindow_desk.workspaces.shared import icons
from onewindow_desk.workspaces.shared.look import Look, Type, look
from onewindow_desk.workspaces.shared.widgets.pressing import PressButton
from onewindow_desk.workspaces.today.listing import Chip, Filter

HEIGHT = 42
_SIDE, _GAP, _ICON = 13, 8, 20
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ChipButton(PressButton):
    """One filter: icon, number, words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._chip: Chip | None = None
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_chip(self, chip: Chip) -> None:
        """Show other words or another number."""
        self._chip = chip
        self.setText(chip.text)
        self.setAccessibleName(self.tr("%1 %2 件").replace("%1", chip.text).replace("%2", str(chip.count)))
        self.updateGeometry()
        self.update()

    def chip(self) -> Chip | None:
        """What it shows."""
        return self._chip

    def sizeHint(self) -> QSize:
        """Room for icon, number and words."""
        worn = look()
        number = QFontMetrics(worn.font(Type.H1)).horizontalAdvance(self._number())
        text = QFontMetrics(worn.font(Type.BODY)).horizontalAdvance(self.text())
        return QSize(number + text + worn.px(2 * _SIDE + 2 * _GAP + _ICON), worn.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Nothing of it can be left out."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Box, icon, number, words."""
        worn = look()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_box(painter, worn)
        if self._chip is not None:
            self._paint_content(painter, self._chip, worn)
        painter.end()

    def _number(self) -> str:
        return str(self._chip.count) if self._chip else ""

    def _paint_box(self, painter: QPainter, worn: Look) -> None:
        rim, ground, wide = ("line", "surface", 1)
        if self.isChecked():
            rim, ground = ("accent", "soft")
        elif self.underMouse():
            ground = "soft"
        if self.hasFocus():
            rim, ground, wide = ("focus", "focus_bg", worn.tokens.ring)
        painter.setPen(QPen(worn.colour(rim), wide))
        painter.setBrush(worn.colour(ground))
        inset = wide / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 4, 4)

    def _paint_content(self, painter: QPainter, chip: Chip, worn: Look) -> None:
        left, pixels = worn.px(_SIDE), worn.px(_ICON)
        # A filter that leaves nothing is not coloured: colour means that something is there.
        ink = chip.colour if chip.count else "text2"
        sign = icons.image(chip.icon, getattr(worn.tokens, ink), pixels, ratio=self.devicePixelRatioF())
        painter.drawImage(left, (self.height() - pixels) // 2, sign)
        left += pixels + worn.px(_GAP)
        for text, kind, colour in ((self._number(), Type.H1, ink), (chip.text, Type.BODY, "text")):
            font = worn.font(kind)
            wide = QFontMetrics(font).horizontalAdvance(text)
            painter.setFont(font)
            painter.setPen(worn.colour(colour))
            painter.drawText(QRect(left, 0, wide + 2, self.height()), _LEFT, text)
            left += wide + worn.px(_GAP)


class FilterChips(QWidget):
    """The four filters. Arrows move along them, Tab passes on; `chosen` emits the Filter."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for chosen in Filter:
            button = ChipButton(self)
            self._group.addButton(button, chosen)
            row.addWidget(button)
        self._group.idClicked.connect(self._tell)
        self.setAccessibleName(self.tr("筛选"))
        self.set_chosen(Filter.ALL)

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """Show words and numbers."""
        for chip in chips:
            self.button(chip.filter).show_chip(chip)

    def button(self, chosen: Filter) -> ChipButton:
        """The button of a filter."""
        button = self._group.button(chosen)
        if not isinstance(button, ChipButton):
            raise TypeError(f"no chip for {chosen!r}")
        return button

    def value(self) -> Filter:
        """The filter that holds."""
        return Filter(self._group.checkedId())

    def set_chosen(self, chosen: Filter) -> None:
        """Let a filter hold; emits nothing. Only its chip is a stop of the Tab key."""
        self.button(chosen).setChecked(True)
        for other in Filter:
            stop = Qt.FocusPolicy.StrongFocus if other is chosen else Qt.FocusPolicy.ClickFocus
            self.button(other).setFocusPolicy(stop)
        self.setFocusProxy(self.button(chosen))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the choice along."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        place = self.value() + step
        if not step or not 0 <= place < len(Filter):
            super().keyPressEvent(event)
            return
        self._tell(place)
        self.button(Filter(place)).setFocus(Qt.FocusReason.TabFocusReason)

    def _tell(self, place: int) -> None:
        self.set_chosen(Filter(place))
        self.chosen.emit(Filter(place))
