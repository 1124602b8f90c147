"""How things look now: the tokens of the theme and the text scale, asked for by whoever paints.

Lengths in the code are pixels at 100 %; `px` scales them. Type is in points, so the screen's own
resolution is Qt's affair.
"""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication

from onewindow_desk.workspaces.shared.tokens import LIGHT, Tokens

FAMILIES = ("Microsoft YaHei UI", "Noto Sans CJK SC", "WenQuanYi Micro Hei")
SCALES = (1.0, 1.25, 1.5)
_PROPERTY = "onewindow_look"


class Type(StrEnum):
    """The sizes of type, and the only ones."""

    CAPTION = "caption"
    BODY = "body"
    STRONG = "strong"
    H2 = "h2"
    H1 = "h1"
    FIGURE = "figure"


POINTS = {
    Type.CAPTION: 10.0,
    Type.BODY: 11.0,
    Type.STRONG: 11.0,
    Type.H2: 12.5,
    Type.H1: 15.0,
    Type.FIGURE: 21.0,
}
_BOLD = (Type.STRONG, Type.H2, Type.H1, Type.FIGURE)


@dataclass(frozen=True, slots=True)
class Look:
    """A theme at a text scale (1.0, 1.25 or 1.5)."""

    tokens: Tokens = LIGHT
    scale: float = 1.0

    def px(self, length: float) -> int:
        """A length of the grid, given at 100 %, in pixels now."""
        return round(length * self.scale)

    def font(self, kind: Type = Type.BODY, *, bold: bool | None = None) -> QFont:
        """The font of a kind of type; `bold` overrides the kind's own weight."""
        font = QFont()
        font.setFamilies(list(FAMILIES))
        font.setPointSizeF(POINTS[kind] * self.scale)
        font.setBold(kind in _BOLD if bold is None else bold)
        return font

    def colour(self, token: str) -> QColor:
        """The colour of a token by its name."""
        return QColor(f"#{getattr(self.tokens, token)}")

    def room(self, width: int) -> float:
        """Width that layouts may reckon with: pixels divided by the text scale."""
        return width / self.scale


def look() -> Look:
    """The look the application wears; the light theme at 100 % before any was put on."""
    application = QApplication.instance()
    worn = application.property(_PROPERTY) if application else None
    return worn if isinstance(worn, Look) else Look()


def wear(application: QApplication, worn: Look) -> None:
    """Remember the look; `theme.apply` is what callers want."""
    application.setProperty(_PROPERTY, worn)
