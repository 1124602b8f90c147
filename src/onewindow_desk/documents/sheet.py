"""A page to draw on: millimetres from the top left corner, text by style, lines by weight.

The only module that draws on a PDF canvas; another format can take its place behind these calls.
"""

import io
from collections.abc import Callable, Iterable
from enum import Enum
from functools import cached_property, partial
from typing import Any

from msgspec import Struct
from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from onewindow_desk.documents.fonts import FontBook
from onewindow_desk.documents.typeset import wrap

# Page streams as bytes, not as ASCII of them: a fifth smaller and much faster to write.
rl_config.useA85 = 0

MM = 72 / 25.4
DOT = 1 / 8  # millimetres: one dot of a 203 dpi printer, the grid codes stand on

# Line weights in points.
HAIR = 0.35
THIN = 0.6
STRONG = 1.4

_WATERMARK_GREY = 0.91

# Text rendering mode of PDF (ISO 32000-1, table 106).
_FILL_AND_STROKE = 2


class Align(Enum):
    """Where a line of text stands between its left and right edge."""

    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


class Style(Struct, frozen=True):
    """Type: size and leading in points, weight, extra space between characters in points."""

    size: float
    leading: float
    bold: bool = False
    spacing: float = 0.0

    @property
    def line(self) -> float:
        """Height of a line in millimetres."""
        return self.leading / MM

    @property
    def baseline(self) -> float:
        """From the top of the line to the feet of its characters, in millimetres.

        0.36 em below the middle of the line: there a Chinese square stands centred.
        """
        return self.leading / MM / 2 + 0.36 * self.size / MM


class Paper(Struct, frozen=True):
    """A sheet's size in millimetres."""

    width: float
    height: float


A5 = Paper(148, 210)
A4 = Paper(210, 297)


class Sheet:
    """Pages of one paper. Nothing is read from the clock: the same calls give the same bytes."""

    def __init__(self, paper: Paper, fonts: FontBook, title: str, author: str) -> None:
        self.paper = paper
        self.fonts = fonts
        self._buffer = io.BytesIO()
        # Without a first font of ours every page would name one that is not in the file.
        self._canvas: Any = Canvas(
            self._buffer,
            pagesize=(paper.width * MM, paper.height * MM),
            initialFontName=fonts.base.fontName,
            invariant=1,
            pageCompression=1,
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setSubject(title)
        self._canvas.setCreator("OneWindow Desk")

    def lines(self, text: str, style: Style, width: float) -> tuple[str, ...]:
        """The text broken into lines of at most `width` millimetres."""
        return wrap(text, width, partial(self.width, style=style))

    def width(self, text: str, style: Style) -> float:
        """Width of a line in millimetres."""
        points = self.fonts.width(text, style.size, bold=style.bold)
        return (points + style.spacing * max(0, len(text) - 1)) / MM

    def text(self, x: float, top: float, text: str, style: Style, align: Align = Align.LEFT) -> None:
        """Draw one line whose line box begins at `top`; `x` is its left edge, middle or right edge."""
        left = x - align.value * self.width(text, style)
        self._show(left * MM, self._y(top + style.baseline), text, style)

    def _show(self, x: float, y: float, text: str, style: Style) -> None:
        for run in self.fonts.runs(text, bold=style.bold):
            block = self._canvas.beginText(x, y)
            block.setFont(run.font.fontName, style.size)
            if style.spacing:
                block.setCharSpace(style.spacing)
            if run.outline:
                block.setTextRenderMode(_FILL_AND_STROKE)
            block.textOut(run.text)
            if style.spacing or run.outline:
                self._draw_apart(block, run.outline * style.size)
            else:
                self._canvas.drawText(block)
            x += self.fonts.width(run.text, style.size, bold=style.bold) + style.spacing * len(run.text)

    def _draw_apart(self, block: Any, outline: float) -> None:
        """Draw text without leaving its weight and spacing to what comes after it."""
        self._canvas.saveState()
        self._canvas.setLineWidth(outline)
        self._canvas.setLineJoin(1)
        self._canvas.drawText(block)
        self._canvas.restoreState()

    def paragraph(self, x: float, top: float, lines: tuple[str, ...], style: Style) -> None:
        """Draw lines one below the other."""
        for number, line in enumerate(lines):
            self.text(x, top + number * style.line, line, style)

    def rule(self, x1: float, y: float, x2: float, weight: float = HAIR) -> None:
        """A horizontal line; weight in points."""
        self._canvas.setLineWidth(weight)
        self._canvas.line(x1 * MM, self._y(y), x2 * MM, self._y(y))

    def upright(self, x: float, y1: float, y2: float, weight: float = HAIR) -> None:
        """A vertical line; weight in points."""
        self._canvas.setLineWidth(weight)
        self._canvas.line(x * MM, self._y(y1), x * MM, self._y(y2))

    def box(self, x: float, y: float, width: float, height: float, weight: float = THIN) -> None:
        """An empty rectangle; weight in points."""
        self._canvas.setLineWidth(weight)
        self._canvas.rect(x * MM, self._y(y + height), width * MM, height * MM, stroke=1, fill=0)

    def ink(self, x: float, y: float, width: float, height: float) -> None:
        """A filled black rectangle."""
        self._canvas.rect(x * MM, self._y(y + height), width * MM, height * MM, stroke=0, fill=1)

    def inks(self, places: Iterable[tuple[float, float, float, float]]) -> None:
        """Many filled rectangles (x, y, width, height) as one shape without seams."""
        path = self._canvas.beginPath()
        for x, y, width, height in places:
            path.rect(x * MM, self._y(y + height), width * MM, height * MM)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def blank(self, x: float, y: float, width: float, height: float) -> None:
        """A white rectangle: clears what lies below, such as the watermark under a code."""
        self._canvas.saveState()
        self._canvas.setFillGray(1)
        self.ink(x, y, width, height)
        self._canvas.restoreState()

    def watermark(self, text: str, size: float) -> None:
        """Large pale characters across the page; call it before anything else is drawn.

        Marked as standing for no text, so that nobody who copies a line gets it in between.
        """
        style = Style(size, size, bold=True, spacing=size / 4)
        self._canvas.saveState()
        self._canvas.setFillGray(_WATERMARK_GREY)
        self._canvas.setStrokeGray(_WATERMARK_GREY)
        self._canvas.translate(self.paper.width * MM / 2, self.paper.height * MM / 2)
        self._canvas.rotate(35)
        self._canvas.addLiteral("/Span <</ActualText (\\376\\377)>> BDC")
        self._show(-self.width(text, style) * MM / 2, -0.36 * size, text, style)
        self._canvas.addLiteral("EMC")
        self._canvas.restoreState()

    def shared(self, name: str, draw: Callable[[], None]) -> None:
        """What several pages have in common: drawn at the first call, placed again at the next."""
        if not self._canvas.hasForm(name):
            self._canvas.beginForm(name)
            draw()
            self._canvas.endForm()
        self._canvas.doForm(name)

    def next_page(self) -> None:
        """Finish this page; the next call draws on a new one."""
        self._canvas.showPage()

    @cached_property
    def pdf(self) -> bytes:
        """The finished file; nothing can be drawn afterwards."""
        self._canvas.save()
        return self._buffer.getvalue()

    def _y(self, y: float) -> float:
        return (self.paper.height - y) * MM
