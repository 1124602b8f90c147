"""Our own papers as pixels, for the screen and for the self-test.

Only for files this program made: anything that came from outside goes through the reading helper.
"""

from threading import Lock

import pypdfium2
from msgspec import Struct

from onewindow_desk.faults import Fault

# The renderer keeps state of its own and must not be entered twice at a time.
RENDERER = Lock()
_RGBA = 4


class Raster(Struct, frozen=True, kw_only=True):
    """Pixels row by row from the top, four bytes each: red, green, blue, alpha (always opaque)."""

    width: int
    height: int
    rgba: bytes

    @property
    def stride(self) -> int:
        """Bytes in a row."""
        return self.width * _RGBA


def page_count(pdf: bytes) -> int:
    """Number of pages."""
    with RENDERER:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return len(document)
        finally:
            document.close()


def render_page(pdf: bytes, page: int, width_px: int) -> Raster:
    """A page (from 0) as `width_px` pixels across; Fault when there is no such page."""
    with RENDERER:
        document = pypdfium2.PdfDocument(pdf)
        try:
            if not 0 <= page < len(document):
                raise Fault(f"page {page} of a paper with {len(document)} pages")
            return _render(document[page], width_px)
        finally:
            document.close()


def _render(page: pypdfium2.PdfPage, width_px: int) -> Raster:
    bitmap = page.render(
        scale=width_px / page.get_width(),
        rev_byteorder=True,
        force_bitmap_format=pypdfium2.raw.FPDFBitmap_BGRA,
    )
    rows = bytes(bitmap.buffer)
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    bitmap.close()
    if stride != width * _RGBA:
        rows = b"".join(rows[at * stride : at * stride + width * _RGBA] for at in range(height))
    return Raster(width=width, height=height, rgba=rows)
