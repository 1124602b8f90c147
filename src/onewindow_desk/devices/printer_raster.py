"""Our own papers as bands of pixels at a printer's resolution."""

import ctypes
import math
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
from msgspec import Struct

from onewindow_desk.devices.printer import Paper
from onewindow_desk.documents.preview import RENDERER
from onewindow_desk.faults import Refusal

BAND_ROWS = 512
"""Rows drawn at a time: a whole A4 page at 600 dpi would take 140 MB."""

POINTS_PER_INCH = 72
MM_PER_POINT = 25.4 / POINTS_PER_INCH
TOLERANCE_MM = 1.0


class Band(Struct, frozen=True):
    """Some rows of a page from `top` down: `stride` bytes a row, four a pixel (blue, green, red, unused)."""

    top: int
    width: int
    height: int
    stride: int
    pixels: bytes


class PrintPages:
    """An open PDF; made by `print_pages`. The renderer is held for one band at a time, so previews go on."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self._document = document

    def __len__(self) -> int:
        return len(self._document)

    def check_size(self, paper: Paper) -> None:
        """Raise `Refusal` unless every page is of this paper's size."""
        with RENDERER:
            sizes = [self._document.get_page_size(number) for number in range(len(self))]
        if not all(
            same_size((width * MM_PER_POINT, height * MM_PER_POINT), paper) for width, height in sizes
        ):
            raise Refusal(f"这份文书的大小不是 {paper}。请选对纸张，再打印。")

    def bands(self, number: int, dpi: int) -> Iterator[Band]:
        """Yield a page (from 0) from top to bottom at `dpi`."""
        scale = dpi / POINTS_PER_INCH
        with RENDERER:
            rows = math.ceil(self._document.get_page_size(number)[1] * scale)
        for top in range(0, rows, BAND_ROWS):
            yield self._band(number, scale, top, max(0, rows - top - BAND_ROWS))

    def _band(self, number: int, scale: float, top: int, below: int) -> Band:
        """Rows from `top` on, `below` rows left out under them."""
        # The renderer rounds the cut up to whole pixels: half a pixel less lands on the wanted row.
        crop = (0, max(0.0, below - 0.5) / scale, 0, max(0.0, top - 0.5) / scale)
        with RENDERER:
            page = self._document[number]
            bitmap = page.render(scale=scale, crop=crop, prefer_bgrx=True)
            pixels = ctypes.string_at(ctypes.addressof(bitmap.buffer), bitmap.stride * bitmap.height)
            band = Band(top, bitmap.width, bitmap.height, bitmap.stride, pixels)
            bitmap.close()
            page.close()
        return band


@contextmanager
def print_pages(pdf: bytes) -> Iterator[PrintPages]:
    """Open a PDF this program made."""
    with RENDERER:
        document = pypdfium2.PdfDocument(pdf)
    try:
        yield PrintPages(document)
    finally:
        with RENDERER:
            document.close()


def same_size(found: tuple[float, float], paper: Paper) -> bool:
    """Whether width and height in millimetres are those of the paper."""
    return all(abs(a - b) <= TOLERANCE_MM for a, b in zip(found, paper.size_mm, strict=True))
