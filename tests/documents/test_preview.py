from concurrent.futures import ThreadPoolExecutor

import pytest

from onewindow_desk.documents.decode import decode_codes
from onewindow_desk.documents.preview import page_count, render_page
from onewindow_desk.documents.receipt import render_receipt
from onewindow_desk.documents.samples import LONG, RECEIPT
from onewindow_desk.faults import Fault


@pytest.fixture(scope="module")
def pdf(fonts):
    return render_receipt(RECEIPT, fonts)


def test_a_page_has_the_width_asked_for_and_the_shape_of_the_paper(pdf):
    raster = render_page(pdf, 0, 592)
    assert raster.width == 592
    assert abs(raster.height - 592 * 210 / 148) <= 1
    assert len(raster.rgba) == raster.stride * raster.height


def test_pixels_are_opaque_paper_and_ink(pdf):
    raster = render_page(pdf, 0, 300)
    assert set(raster.rgba[3::4]) == {255}
    assert raster.rgba[:4] == b"\xff\xff\xff\xff"
    assert min(raster.rgba[0::4]) < 40


def test_copies_and_pages_are_counted(pdf, fonts):
    assert page_count(pdf) == 2
    assert page_count(render_receipt(LONG, fonts)) == 6


@pytest.mark.parametrize("page", [-1, 2])
def test_a_page_that_is_not_there_is_a_fault(pdf, page):
    with pytest.raises(Fault):
        render_page(pdf, page, 100)


def test_pages_may_be_asked_for_from_several_threads(pdf):
    alone = render_page(pdf, 1, 400)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: render_page(pdf, 1, 400).rgba == alone.rgba, range(8))) == {True}


@pytest.mark.parametrize("width", [1184, 1748])
def test_the_codes_of_a_preview_read_back(pdf, width):
    codes = decode_codes(render_page(pdf, 0, width))
    assert set(codes) == {RECEIPT.receipt_no, f"OWD1:R:{RECEIPT.receipt_no}:{RECEIPT.query_code}"}


def test_a_page_without_codes_has_none(fonts):
    assert decode_codes(render_page(render_receipt(LONG, fonts), 0, 1184)) == ()
