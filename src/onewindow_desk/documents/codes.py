"""Bar code and QR code as vectors on the dot grid of a 203 dpi printer.

Each bar is a rectangle of its own, two dots to the module, its left edge on a dot: so bars keep
their widths on the coarsest printer we meet. The encoders only supply the modules.
"""

import re
from collections.abc import Iterator

import segno
from barcode.charsets import code128
from msgspec import Struct

from onewindow_desk.documents.sheet import DOT, Align, Sheet, Style
from onewindow_desk.domain.numbering import format_receipt_no

RECEIPT_PREFIX = "OWD1:R"
BAR_MODULE = 2 * DOT
QUIET_MODULES = 10
QR_SIDE = 24.0  # millimetres: the least side that reads reliably after a 200 dpi scan
QR_QUIET = 4

_RECEIPT_NO = re.compile(r"\d{18}")
_QUERY_CODE = re.compile(r"[0-9A-Z]{6}")
# A bar stays this far inside its dots: renderers that round outward would else take one more.
_SHY = DOT / 100
_NUMBER = Style(9.5, 12)


def receipt_payload(receipt_no: str, query_code: str) -> str:
    """What the receipt's QR code says: number and query code, nothing about a person.

    ValueError when the number is not 18 digits or the code not six capitals and digits.
    """
    if not _RECEIPT_NO.fullmatch(receipt_no) or not _QUERY_CODE.fullmatch(query_code):
        raise ValueError("a receipt code takes 18 digits and a query code of six capitals or digits")
    return f"{RECEIPT_PREFIX}:{receipt_no}:{query_code}"


def bars(digits: str) -> tuple[tuple[int, int], ...]:
    """Code 128 C of an even number of digits as (first module, modules) of each bar.

    ISO/IEC 15417. The library gives the symbols; its own encoder takes a first pair of 99, 100 or
    101 for a change of character set and drops it.
    """
    if not digits.isdecimal() or len(digits) % 2:
        raise ValueError("Code 128 C takes an even number of digits")
    pairs = [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    values = [code128.START_CODES["C"], *pairs]
    check = sum(max(1, place) * value for place, value in enumerate(values)) % 103
    pattern = "".join(code128.CODES[value] for value in [*values, check]) + code128.STOP + "11"
    return tuple((bar.start(), len(bar.group())) for bar in re.finditer("1+", pattern))


def bar_code_width(digits: str) -> float:
    """Width in millimetres without the quiet zones."""
    return (11 * (len(digits) // 2 + 2) + 13) * BAR_MODULE


def draw_bar_code(sheet: Sheet, x: float, y: float, digits: str, height: float) -> None:
    """Bars with their quiet zones cleared and the grouped number below; x, y: top left of the bars."""
    x, y = on_grid(x), on_grid(y)
    width, quiet = bar_code_width(digits), QUIET_MODULES * BAR_MODULE
    sheet.blank(x - quiet, y - 1, width + 2 * quiet, height + 2)
    for first, modules in bars(digits):
        sheet.ink(x + first * BAR_MODULE + _SHY, y, modules * BAR_MODULE - 2 * _SHY, height)
    sheet.text(x + width / 2, y + height + 0.8, format_receipt_no(digits), _NUMBER, Align.CENTRE)


class QrCode(Struct, frozen=True):
    """A QR code's modules row by row, dark as True, without the quiet zone."""

    rows: tuple[tuple[bool, ...], ...]

    @property
    def module(self) -> float:
        """Side of one module in millimetres: whole dots, the symbol at least `QR_SIDE` wide."""
        return -(-QR_SIDE // (len(self.rows) * DOT)) * DOT

    @property
    def side(self) -> float:
        """Side of the symbol in millimetres."""
        return len(self.rows) * self.module

    @property
    def quiet(self) -> float:
        """Width in millimetres of the white border it needs."""
        return QR_QUIET * self.module


def qr_code(payload: str) -> QrCode:
    """Encode a text at error level M."""
    code = segno.make(payload, error="m", micro=False, boost_error=False)
    return QrCode(tuple(tuple(bool(module) for module in row) for row in code.matrix))


def draw_qr(sheet: Sheet, x: float, y: float, code: QrCode) -> None:
    """A QR code with its quiet zone cleared; x, y: top left of the symbol."""
    x, y, module, quiet = on_grid(x), on_grid(y), code.module, code.quiet
    sheet.blank(x - quiet, y - quiet, code.side + 2 * quiet, code.side + 2 * quiet)
    sheet.inks(
        (x + first * module, y + number * module, length * module, module)
        for number, row in enumerate(code.rows)
        for first, length in _dark_runs(row)
    )


def _dark_runs(row: tuple[bool, ...]) -> Iterator[tuple[int, int]]:
    text = "".join("1" if dark else "0" for dark in row)
    return ((run.start(), len(run.group())) for run in re.finditer("1+", text))


def on_grid(length: float) -> float:
    """The nearest whole dot, in millimetres."""
    return round(length / DOT) * DOT
