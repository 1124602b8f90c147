"""Blocks put one below the other, page after page.

A block knows its height and draws itself. Blocks that cling together move to the next page
together; a block with a `head` gets it again where a page begins with it.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from onewindow_desk.documents.sheet import HAIR, THIN, Align, Sheet, Style

Draw = Callable[[Sheet, float], None]

CELL_PAD = 0.8
ROW_LINES = 24  # a longer row is cut, so that every row fits a page


class Block(Struct, frozen=True, kw_only=True):
    """A piece of a page: height in millimetres, `draw(sheet, top)`.

    `clings` keeps it on one page with the block after it; `head` is drawn again above it when it
    comes first on a page.
    """

    height: float
    draw: Draw
    clings: bool = False
    head: "Block | None" = None


class Column(Struct, frozen=True, kw_only=True):
    """A table column: title, width in millimetres, where its text stands."""

    title: str
    width: float
    align: Align = Align.LEFT


def space(height: float) -> Block:
    """White between blocks; clings, so that no page begins with it."""
    return Block(height=height, draw=_nothing, clings=True)


def _nothing(_sheet: Sheet, _top: float) -> None:
    """Draw nothing."""


def together(blocks: Sequence[Block]) -> list[Block]:
    """The blocks so that no page ends between them."""
    return [*(replace(block, clings=True) for block in blocks[:-1]), *blocks[-1:]]


def text_block(
    sheet: Sheet, text: str, style: Style, x: float, width: float, *, clings: bool = False
) -> Block:
    """A paragraph of wrapped lines."""
    lines = sheet.lines(text, style, width)
    return Block(
        height=len(lines) * style.line,
        draw=lambda on, top: on.paragraph(x, top, lines, style),
        clings=clings,
    )


def item_blocks(
    sheet: Sheet, texts: Sequence[str], style: Style, x: float, width: float, indent: float
) -> list[Block]:
    """A numbered list; the lines of an item hang behind its number."""
    blocks = []
    for number, text in enumerate(texts, 1):
        body = text_block(sheet, text, style, x + indent, width - indent)
        blocks.append(Block(height=body.height, draw=_numbered(f"{number}.", body, style, x)))
    return blocks


def _numbered(mark: str, body: Block, style: Style, x: float) -> Draw:
    def draw(sheet: Sheet, top: float) -> None:
        sheet.text(x, top, mark, style)
        body.draw(sheet, top)

    return draw


class Table:
    """Rows of wrapped cells between hairlines, with a head that returns on every page."""

    def __init__(self, sheet: Sheet, columns: Sequence[Column], x: float, body: Style, head: Style) -> None:
        self._sheet = sheet
        self._columns = columns
        self._x = x
        self._body = body
        self._head = self._head_block(head)
        self.width = sum(column.width for column in columns)

    def blocks(self, rows: Iterable[Sequence[str]]) -> list[Block]:
        """The rows as blocks, the head clinging to the first row."""
        made = [block for row in rows for block in self._row(row)]
        return [self._head, *made]

    def _head_block(self, style: Style) -> Block:
        cells = [self._sheet.lines(c.title, style, c.width - 2 * CELL_PAD) for c in self._columns]
        height = _cells_height(cells, style)

        def draw(sheet: Sheet, top: float) -> None:
            sheet.rule(self._x, top, self._x + self.width, THIN)
            self._cells(sheet, top, height, cells, style)
            sheet.rule(self._x, top + height, self._x + self.width, THIN)

        return Block(height=height, draw=draw, clings=True)

    def _row(self, row: Sequence[str]) -> Iterable[Block]:
        pairs = zip(row, self._columns, strict=True)
        cells = [self._sheet.lines(text, self._body, column.width - 2 * CELL_PAD) for text, column in pairs]
        longest = max(map(len, cells))
        for start in range(0, longest, ROW_LINES):
            yield self._row_block([cell[start : start + ROW_LINES] for cell in cells])

    def _row_block(self, cells: Sequence[Sequence[str]]) -> Block:
        height = _cells_height(cells, self._body)

        def draw(sheet: Sheet, top: float) -> None:
            self._cells(sheet, top, height, cells, self._body)
            sheet.rule(self._x, top + height, self._x + self.width, HAIR)

        return Block(height=height, draw=draw, head=self._head)

    def _cells(
        self, sheet: Sheet, top: float, height: float, cells: Sequence[Sequence[str]], style: Style
    ) -> None:
        left = self._x
        for cell, column in zip(cells, self._columns, strict=True):
            x = left + CELL_PAD + column.align.value * (column.width - 2 * CELL_PAD)
            first = top + (height - len(cell) * style.line) / 2
            for number, line in enumerate(cell):
                sheet.text(x, first + number * style.line, line, style, column.align)
            left += column.width


def _cells_height(cells: Sequence[Sequence[str]], style: Style) -> float:
    return max(map(len, cells)) * style.line + 2 * CELL_PAD


def paginate(blocks: Iterable[Block], first: float, following: float) -> list[list[Block]]:
    """Blocks by page; `first` and `following` are the heights to fill, in millimetres.

    A group that clings together is cut only when it is taller than a whole page.
    """
    pages: list[list[Block]] = [[]]
    left = first
    for group in _groups(blocks):
        for chunk in [group] if _height(group) <= following else [[block] for block in group]:
            if _height(chunk) <= left or not pages[-1]:
                pages[-1].extend(chunk)
            else:
                pages.append(_with_head(chunk))
                left = following - _height(pages[-1]) + _height(chunk)
            left -= _height(chunk)
    return pages


def draw_blocks(sheet: Sheet, blocks: Iterable[Block], top: float) -> float:
    """Draw the blocks of one page; returns where they end."""
    for block in blocks:
        block.draw(sheet, top)
        top += block.height
    return top


def _groups(blocks: Iterable[Block]) -> list[list[Block]]:
    number = 0
    numbered = []
    for block in blocks:
        numbered.append((number, block))
        number += not block.clings
    return [[block for _, block in group] for _, group in groupby(numbered, key=lambda pair: pair[0])]


def _with_head(chunk: list[Block]) -> list[Block]:
    head = chunk[0].head
    return chunk if head is None else [head, *chunk]


def _height(blocks: Iterable[Block]) -> float:
    return sum(block.height for block in blocks)
