"""Icons: line drawings recoloured for the theme, drawn at the size asked for.

The drawings say `currentColor`; a style sheet does not reach them, so the colour is put into the
text of the SVG. Every drawing is kept by name, colour, size and stroke, which keys it by theme.
"""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QFile, QIODevice, QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import onewindow_desk._built.desk_rc  # noqa: F401  importing it makes the drawings available
from onewindow_desk.faults import Fault
from onewindow_desk.workspaces.shared.look import Look

STROKE = 1.75
BADGE_STROKE = 2.25


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    file = QFile(f":/icons/{name}.svg")
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise Fault(f"no icon named {name}")
    try:
        return bytes(file.readAll().data()).decode()
    finally:
        file.close()


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, pixels: int, stroke: float) -> QImage:
    text = _source(name).replace("currentColor", f"#{colour}")
    text = text.replace('stroke-width="2"', f'stroke-width="{stroke}"')
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return image


def image(name: str, colour: str, size: int, *, stroke: float = STROKE, ratio: float = 1.0) -> QImage:
    """The drawing `name` in a colour of six hex digits, `size` pixels square at device ratio `ratio`."""
    drawn = _drawn(name, colour, round(size * ratio), stroke).copy()
    drawn.setDevicePixelRatio(ratio)
    return drawn


def pixmap(name: str, colour: str, size: int, *, ratio: float = 1.0) -> QPixmap:
    """As `image`, for labels."""
    return QPixmap.fromImage(image(name, colour, size, ratio=ratio))


def icon(name: str, look: Look, size: int = 18) -> QIcon:
    """The drawing as an icon for tool buttons: text colour, and the disabled colour when disabled."""
    made = QIcon()
    pixels = look.px(size)
    made.addPixmap(pixmap(name, look.tokens.text, pixels), QIcon.Mode.Normal)
    made.addPixmap(pixmap(name, look.tokens.disabled, pixels), QIcon.Mode.Disabled)
    return made
