"""Draw the pages of a PDF (inside the helper only). Scripts, launches and attachments have no effect here."""

from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from onewindow_desk.devices.reader.frames import Raster, Reason
from onewindow_desk.devices.reader.limits import MAX_SIDE, RENDER_DPI, Limits
from onewindow_desk.devices.reader.rejected import Rejected

POINTS_PER_INCH = 72
MM_PER_POINT = 25.4 / POINTS_PER_INCH


def pages(data: bytes, limits: Limits) -> Iterator[Raster]:
    """Yield every page at 200 dpi, smaller when its longer side would pass `MAX_SIDE`; raises `Rejected`."""
    document = _opened(data)
    if len(document) > limits.max_pages:
        raise Rejected(Reason.PAGES)
    if len(document) == 0:
        raise Rejected(Reason.DAMAGED)
    sizes = [document.get_page_size(number) for number in range(len(document))]
    if any(not _fits(size, limits) for size in sizes):
        raise Rejected(Reason.PAGE_SIZE)
    for number in range(len(document)):
        yield _drawn(document[number])


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == pdfium.FPDF_ERR_PASSWORD
        raise Rejected(Reason.LOCKED if locked else Reason.DAMAGED) from None


def _fits(size: tuple[float, float], limits: Limits) -> bool:
    """Whether a page is at least a point and at most `limits.page_mm` long; false for what is no number."""
    return 1 <= min(size) and max(size) * MM_PER_POINT <= limits.page_mm


def _drawn(page: pypdfium2.PdfPage) -> Raster:
    width, height = page.get_size()
    scale = min(RENDER_DPI / POINTS_PER_INCH, (MAX_SIDE - 1) / max(width, height))
    bitmap = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=pdfium.FPDFBitmap_BGR)
    image = bitmap.to_pil()
    raster = Raster("RGB", image.width, image.height, image.tobytes())
    bitmap.close()
    page.close()
    return raster
