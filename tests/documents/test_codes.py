import json
import random
from itertools import pairwise
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from onewindow_desk.documents.codes import (
    BAR_MODULE,
    QR_SIDE,
    bar_code_width,
    bars,
    draw_bar_code,
    draw_qr,
    qr_code,
    receipt_payload,
)
from onewindow_desk.documents.sheet import A5, DOT, Sheet

NUMBER = "115260921001200317"
PAYLOAD = f"OWD1:R:{NUMBER}:K7M2QX"
REFERENCE = Path(__file__).parents[1] / "reference" / "documents" / "codes.json"

# The printers and scanners a centre has, in dots to the inch.
PRINTERS = (203.2, 300)
SCANNERS = (200, 300)
TRIES = 24


@pytest.fixture(scope="module")
def paper(fonts):
    sheet = Sheet(A5, fonts, "样例", "样例")
    sheet.watermark("样例", 64)
    draw_bar_code(sheet, 20, 80, NUMBER, 12)
    draw_qr(sheet, 100, 80, qr_code(PAYLOAD))
    sheet.next_page()
    return sheet.pdf


def worn(picture: Image.Image, printer: float, scanner: float, chance: random.Random) -> Image.Image:
    """The printed page after it lay crooked on a tired scanner: turned, blurred, grey and noisy."""
    picture = picture.rotate(chance.uniform(-3, 3), Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    scale = scanner / printer
    picture = picture.resize((round(picture.width * scale), round(picture.height * scale)))
    picture = picture.filter(ImageFilter.GaussianBlur(chance.uniform(0.3, 0.6)))
    noise = Image.frombytes("L", picture.size, chance.randbytes(picture.width * picture.height))
    return Image.blend(picture, noise, 0.16)


def found(picture: Image.Image) -> dict[str, str]:
    return {str(code.format): code.text for code in zxingcpp.read_barcodes(picture)}


BOTH = {"Code 128": NUMBER, "QR Code": PAYLOAD}


@pytest.mark.parametrize("dpi", PRINTERS)
def test_both_codes_read_from_a_clean_mono_page(paper, mono, dpi):
    assert found(mono(paper, 0, dpi)) == BOTH


@pytest.mark.parametrize("scanner", SCANNERS)
@pytest.mark.parametrize("printer", PRINTERS)
def test_both_codes_read_from_a_worn_page(paper, mono, printer, scanner):
    chance = random.Random(round(printer) * 1000 + scanner)
    dots = printer / 25.4
    clean = mono(paper, 0, printer).crop(
        (round(14 * dots), round(74 * dots), round(131 * dots), round(111 * dots))
    )
    for _ in range(TRIES):
        assert found(worn(clean, printer, scanner, chance)) == BOTH


def test_bars_stand_on_the_dots_of_a_203_dpi_printer(paper, mono):
    picture = mono(paper, 0, 203.2)
    y = round(84 / DOT)
    row = [picture.getpixel((x, y)) == 0 for x in range(round(10 / DOT), round(70 / DOT))]
    edges = [at for at in range(1, len(row)) if row[at] != row[at - 1]]
    lengths = [after - before for before, after in pairwise(edges)]
    expected = [2 * length for pair in _stripes(NUMBER) for length in pair][:-1]
    assert lengths == expected


def _stripes(digits):
    """(bar, gap after it) in modules; the last gap is open."""
    edges = [*bars(digits), (0, 0)]
    return [(length, after - first - length) for (first, length), (after, _) in pairwise(edges)]


def test_the_modules_are_those_on_record():
    record = json.loads(REFERENCE.read_text())
    assert [list(bar) for bar in bars(NUMBER)] == record["bars"]
    rows = ["".join("#" if dark else "." for dark in row) for row in qr_code(PAYLOAD).rows]
    assert rows == record["qr"]


def test_18_digits_take_134_modules():
    last, length = bars(NUMBER)[-1]
    assert last + length == 134
    assert bar_code_width(NUMBER) == 134 * BAR_MODULE == 33.5


@settings(deadline=None)
@example("99" + NUMBER[2:])
@given(st.text("0123456789", min_size=4, max_size=24).filter(lambda digits: len(digits) % 2 == 0))
def test_any_even_number_of_digits_reads_back(digits):
    last, length = bars(digits)[-1]
    assert (last + length) * BAR_MODULE == bar_code_width(digits)
    picture = Image.new("L", (3 * (last + length) + 60, 80), 255)
    for first, modules in bars(digits):
        picture.paste(0, (30 + 3 * first, 10, 30 + 3 * (first + modules), 70))
    assert found(picture) == {"Code 128": digits}


@pytest.mark.parametrize("digits", ["123", "12A4", "一二"])
def test_what_is_not_an_even_number_of_digits_is_refused(digits):
    with pytest.raises(ValueError, match="even number"):
        bars(digits)


def test_the_qr_code_is_large_enough_and_its_modules_are_whole_dots():
    code = qr_code(PAYLOAD)
    assert code.side >= QR_SIDE
    assert code.module / DOT == round(code.module / DOT)


@settings(deadline=None)
@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=90))
def test_a_qr_code_of_any_length_is_never_too_small(payload):
    assert qr_code(payload).side >= QR_SIDE


@pytest.mark.parametrize(("number", "query"), [("1" * 17, "K7M2QX"), (NUMBER, "k7m2qx"), (NUMBER, "320115")])
def test_the_payload_carries_a_number_and_a_query_code_only(number, query):
    if query == "320115":
        assert receipt_payload(number, query) == f"OWD1:R:{NUMBER}:320115"
    else:
        with pytest.raises(ValueError, match="18 digits"):
            receipt_payload(number, query)
