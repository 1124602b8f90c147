"""What our forms have in common: the head with title and marks, label and value rows, the foot."""

from collections.abc import Sequence

from msgspec import Struct

from onewindow_desk.documents.flow import Block
from onewindow_desk.documents.sheet import HAIR, STRONG, THIN, Align, Sheet, Style

_TAG_PAD = 1.4
_DOUBLE_RULE = 0.8  # millimetres between the strong and the thin line


class Frame(Struct, frozen=True, kw_only=True):
    """Where a form's text stands: left edge, width, top and bottom of the text, in millimetres."""

    left: float
    width: float
    top: float
    bottom: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def middle(self) -> float:
        """The middle between left and right."""
        return self.left + self.width / 2


class Entry(Struct, frozen=True, kw_only=True):
    """A label with its value, `width` millimetres in all, `label_width` of them for the label."""

    label: str
    value: str
    width: float
    label_width: float
    style: Style


def tag(sheet: Sheet, x: float, top: float, text: str, style: Style, align: Align = Align.LEFT) -> float:
    """A word in a frame; `x` is its left or right edge. Returns its width with the frame."""
    width = sheet.width(text, style) + 2 * _TAG_PAD
    left = x - align.value * width
    sheet.box(left, top, width, style.line, THIN)
    sheet.text(left + _TAG_PAD, top, text, style)
    return width


def tags(sheet: Sheet, x: float, top: float, texts: Sequence[str], style: Style) -> None:
    """Framed words side by side."""
    for text in texts:
        x += tag(sheet, x, top, text, style) + 1.5


def double_rule(sheet: Sheet, frame: Frame, y: float) -> None:
    """A strong line with a thin one below it: the end of a paper's head."""
    sheet.rule(frame.left, y, frame.right, STRONG)
    sheet.rule(frame.left, y + _DOUBLE_RULE, frame.right, HAIR)


def entry_row(
    sheet: Sheet, entries: Sequence[Entry], x: float, label: Style, least: float, pad: float
) -> Block:
    """Labels with values side by side above a hairline; the highest value sets the height."""
    labels = [sheet.lines(entry.label, label, entry.label_width) for entry in entries]
    values = [
        sheet.lines(entry.value, entry.style, entry.width - entry.label_width - pad) for entry in entries
    ]
    high = [len(lines) * entry.style.line for entry, lines in zip(entries, values, strict=True)]
    high += [len(lines) * label.line for lines in labels]
    height = max(least, max(high) + pad)

    def draw(on: Sheet, top: float) -> None:
        left = x
        for entry, names, lines in zip(entries, labels, values, strict=True):
            _middle(on, left, top, height, names, label)
            _middle(on, left + entry.label_width, top, height, lines, entry.style)
            left += entry.width
        on.rule(x, top + height, left, HAIR)

    return Block(height=height, draw=draw)


def _middle(sheet: Sheet, x: float, top: float, height: float, lines: tuple[str, ...], style: Style) -> None:
    sheet.paragraph(x, top + (height - len(lines) * style.line) / 2, lines, style)


def centred_lines(sheet: Sheet, frame: Frame, top: float, text: str, style: Style) -> float:
    """A heading in the middle, wrapped where it is too long; returns where it ends."""
    for line in sheet.lines(text, style, frame.width):
        sheet.text(frame.middle, top, line, style, Align.CENTRE)
        top += style.line
    return top


def foot(sheet: Sheet, frame: Frame, y: float, text: str, page: tuple[int, int], style: Style) -> None:
    """The line at the bottom of a page: who to ask, and which page of how many."""
    number, total = page
    sheet.rule(frame.left, y, frame.right, HAIR)
    sheet.text(frame.left, y + 0.8, text, style)
    sheet.text(frame.right, y + 0.8, f"第 {number} 页 共 {total} 页", style, Align.RIGHT)
