"""Bands put together are the page, dot for dot."""

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageChops

from onewindow_desk.devices.printer import Paper
from onewindow_desk.devices.printer_raster import BAND_ROWS, print_pages
from onewindow_desk.faults import Refusal


def assembled(pdf: bytes, dpi: int) -> Image.Image:
    with print_pages(pdf) as pages:
        bands = list(pages.bands(0, dpi))
    sheet = Image.new("RGB", (bands[0].width, sum(band.height for band in bands)))
    for band in bands:
        size = (band.width, band.height)
        sheet.paste(Image.frombuffer("RGB", size, band.pixels, "raw", "BGRX", band.stride), (0, band.top))
    return sheet


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_bands_make_up_the_page_without_gap_or_overlap(paper, dpi):
    pdf = paper(148, 210, colour=True)
    sheet = assembled(pdf, dpi)
    whole = pypdfium2.PdfDocument(pdf)[0].render(scale=dpi / 72).to_pil().convert("RGB")
    assert sheet.height > BAND_ROWS
    assert ImageChops.difference(sheet, whole).getbbox() is None


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_codes_can_be_read_at_printer_resolutions(paper, code_texts, dpi):
    found = zxingcpp.read_barcodes(assembled(paper(148, 210), dpi).convert("L"))
    assert {code.text for code in found} == code_texts


def test_paper_of_another_size_is_refused(paper):
    with print_pages(paper(148, 210)) as pages:
        pages.check_size(Paper.A5)
        with pytest.raises(Refusal, match="不是 A4"):
            pages.check_size(Paper.A4)


def test_every_page_is_measured(paper):
    with print_pages(paper(210, 297, pages=2)) as pages:
        assert len(pages) == 2
        pages.check_size(Paper.A4)
