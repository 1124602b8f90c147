"""Clock badges: shape, word and colour of how a case stands in time; and how they are painted.

One painter for the widget and for table cells. The shapes tell the kinds apart in grey.
"""

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from onewindow_desk.workspaces.shared import icons
from onewindow_desk.workspaces.shared.look import Look, Type


class BadgeLike(Protocol):
    """What a badge says: a kind of `SHAPES`, its words, and whether the date is provisional."""

    @property
    def kind(self) -> str:
        """One of the kinds in `SHAPES`."""

    @property
    def text(self) -> str:
        """The words, as 剩 3 天."""

    @property
    def provisional(self) -> bool:
        """True while the calendar behind the date is not published."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge made by a workspace itself, as 2 页 or 要交."""

    kind: str
    text: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """Icon and colour tokens of a kind: line and words, and the ground behind them."""

    icon: str
    colour: str
    ground: str


_RED = ("red", "red_s")
_AMBER = ("amber", "amber_s")
_GREEN = ("green", "green_s")
_GREY = ("text2", "sunk")

SHAPES = {
    "overdue": Shape("octagon-alert", *_RED),
    "today": Shape("octagon-alert", *_RED),
    "refused": Shape("circle-x", *_RED),
    "soon": Shape("triangle-alert", *_AMBER),
    "tolerated": Shape("triangle-alert", *_AMBER),
    "ok": Shape("clock", *_GREEN),
    "ready": Shape("circle-check", *_GREEN),
    "done": Shape("circle-check", *_GREY),
    "stopped": Shape("pause", *_GREY),
    "waiting": Shape("circle-dashed", *_GREY),
    "returned": Shape("octagon-alert", *_RED),
    "confirm": Shape("triangle-alert", *_AMBER),
    "behind": Shape("circle-dashed", *_GREY),
    "escalated": Shape("send", *_AMBER),
    "unsent": Shape("cloud-off", *_AMBER),
    "sent": Shape("cloud-upload", *_GREY),
    "upgrade": Shape("circle-fading-arrow-up", *_AMBER),
    "unsound": Shape("octagon-alert", *_AMBER),
}

HEIGHT = 26
_ICON = 15
_LEFT, _GAP, _RIGHT = 8, 4, 10


def words(badge: BadgeLike) -> str:
    """The words of a badge, with 暂定 while the date is provisional."""
    if not badge.provisional:
        return badge.text
    return QCoreApplication.translate("Badge", "%1（暂定）").replace("%1", badge.text)


def badge_size(badge: BadgeLike, look: Look) -> QSize:
    """Pixels a badge needs."""
    wide = QFontMetrics(look.font(Type.CAPTION)).horizontalAdvance(words(badge))
    return QSize(look.px(_LEFT + _ICON + _GAP + _RIGHT) + wide, look.px(HEIGHT))


def draw_badge(painter: QPainter, at: QPointF, badge: BadgeLike, look: Look) -> None:
    """Paint a badge with its top left corner at a point."""
    shape = SHAPES[badge.kind]
    size = badge_size(badge, look)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look.colour(shape.colour), 1))
    painter.setBrush(look.colour(shape.ground))
    painter.drawRoundedRect(QRectF(at, size).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    box = QRect(at.toPoint(), size)
    _draw_icon(painter, box, shape, look)
    painter.setFont(look.font(Type.CAPTION))
    painter.drawText(
        box.adjusted(look.px(_LEFT + _ICON + _GAP), 0, 0, 0),
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
        words(badge),
    )
    painter.restore()


def _draw_icon(painter: QPainter, box: QRect, shape: Shape, look: Look) -> None:
    pixels = look.px(_ICON)
    image = icons.image(
        shape.icon,
        getattr(look.tokens, shape.colour),
        pixels,
        stroke=icons.BADGE_STROKE,
        ratio=painter.device().devicePixelRatio(),
    )
    painter.drawImage(box.left() + look.px(_LEFT), box.top() + (box.height() - pixels + 1) // 2, image)
