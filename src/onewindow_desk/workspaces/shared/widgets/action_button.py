"""A button with icon, words and the cap of its key."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

from onewindow_desk.workspaces.shared import icons
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.look import Look, Type, look
from onewindow_desk.workspaces.shared.widgets.key_cap import cap_size, draw_cap
from onewindow_desk.workspaces.shared.widgets.pressing import PressButton
from onewindow_desk.workspaces.shared.widgets.restyle import set_state

HEIGHT = 36
_SIDE, _GAP, _CAP_GAP, _ICON = 11, 8, 9, 18


class ActionButton(PressButton):
    """Icon, words, key cap at the right; `primary` is the one blue button.

    Disabled is drawn dashed and means that nothing can be done yet.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        text: str = "",
        key: Key | None = None,
        icon: str = "",
        primary: bool = False,
    ) -> None:
        super().__init__(parent)
        self._cap = key.cap if key else ""
        self._icon = icon
        self.setProperty("blue", primary)
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_key(self, key: Key | None) -> None:
        """Show the cap of a key, or none."""
        self._cap = key.cap if key else ""
        self.updateGeometry()
        self.update()

    def set_icon(self, name: str) -> None:
        """Show an icon by its name; "" for none."""
        self._icon = name
        self.updateGeometry()
        self.update()

    def set_primary(self, primary: bool) -> None:
        """Make it the blue button, or an ordinary one."""
        set_state(self, "blue", primary)

    def _words(self, worn: Look) -> QFont:
        font = worn.font()
        if self.property("blue") and self.isEnabled():
            font.setWeight(QFont.Weight.Medium)  # bold smears on blue
        return font

    def sizeHint(self) -> QSize:
        """Icon, words and cap with the space between them; as wide as it is when bold."""
        worn = look()
        font = worn.font(Type.STRONG if self.property("blue") else Type.BODY)
        wide = QFontMetrics(font).horizontalAdvance(self.text()) + 2 * worn.px(_SIDE)
        if self._icon:
            wide += worn.px(_ICON + _GAP)
        if self._cap:
            wide += cap_size(self._cap, worn).width() + worn.px(_CAP_GAP)
        return QSize(wide, worn.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Nothing of it can be left out."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box from the style sheet, the content by hand."""
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        worn = look()
        self._paint_content(painter, worn)
        painter.end()

    def _ink(self) -> str:
        if not self.isEnabled():
            return "disabled"
        return "on_accent" if self.property("blue") else "text"

    def _paint_content(self, painter: QPainter, worn: Look) -> None:
        left = (self.width() - self.sizeHint().width()) // 2 + worn.px(_SIDE)
        if self._icon:
            pixels = worn.px(_ICON)
            colour = getattr(worn.tokens, self._ink())
            drawn = icons.image(self._icon, colour, pixels, ratio=self.devicePixelRatioF())
            painter.drawImage(left, (self.height() - pixels) // 2, drawn)
            left += pixels + worn.px(_GAP)
        font = self._words(worn)
        painter.setFont(font)
        painter.setPen(worn.colour(self._ink()))
        wide = QFontMetrics(font).horizontalAdvance(self.text())
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(left, 0, wide + 2, self.height()), middle, self.text())
        if self._cap:
            self._paint_cap(painter, worn)

    def _paint_cap(self, painter: QPainter, worn: Look) -> None:
        size = cap_size(self._cap, worn)
        spare = (self.width() - self.sizeHint().width()) // 2
        left = self.width() - spare - worn.px(_SIDE) - size.width()
        box = QRect(left, (self.height() - size.height()) // 2, size.width(), size.height())
        draw_cap(painter, box, self._cap, worn, self._cap_colours())

    def _cap_colours(self) -> tuple[str, str, str]:
        if not self.isEnabled():
            return ("disabled", "bg", "disabled")
        if not self.property("blue"):
            return ("rim", "bg", "text2")
        ground = "blue_focus" if self.hasFocus() else "accent"
        return ("on_accent", ground, "on_accent")
