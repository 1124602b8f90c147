"""Good files come back as pages, bad ones as words, and the helper is always gone afterwards."""

import io
import struct
import zlib

import pytest
from PIL import Image

from onewindow_desk.devices.reader.client import open_untrusted
from onewindow_desk.devices.reader.limits import MAX_SIDE, THUMBNAIL_SIDE, Limits
from onewindow_desk.devices.reader.page import ReadPage
from onewindow_desk.faults import Refusal

SMALL = Limits(max_pages=5, short_side=300, long_side=400)


def shown(page: ReadPage) -> Image.Image:
    return Image.open(io.BytesIO(page.data))


def pixel(page: ReadPage, x: int, y: int) -> tuple[int, ...]:
    """Red, green and blue."""
    found = shown(page).convert("RGB").getpixel((x, y))
    assert isinstance(found, tuple)
    return found


@pytest.fixture
def paper():
    """A sheet with a black upper left corner."""
    image = Image.new("RGB", (120, 160), "white")
    image.paste("black", (0, 0, 60, 80))
    return image


@pytest.mark.parametrize(
    ("form", "options"), [("JPEG", {}), ("PNG", {}), ("TIFF", {}), ("TIFF", {"compression": "tiff_lzw"})]
)
def test_pictures_come_back_as_jpeg(encoded, paper, form, options):
    (page,) = open_untrusted(encoded(paper, form, **options))
    assert (page.media_type, page.width, page.height) == ("image/jpeg", 120, 160)
    assert shown(page).size == (120, 160)
    assert max(pixel(page, 20, 20)) < 20
    assert min(pixel(page, 100, 140)) > 235


def test_black_and_white_stays_so(encoded, paper):
    (page,) = open_untrusted(encoded(paper.convert("1"), "TIFF", compression="group4"))
    assert page.media_type == "image/png"
    assert shown(page).mode == "1"
    assert shown(page).getpixel((20, 20)) == 0


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "RGBA", "LA"])
def test_every_mode_shows_the_same_sheet(encoded, paper, mode):
    (page,) = open_untrusted(encoded(paper.convert(mode), "TIFF" if mode == "CMYK" else "PNG"))
    assert max(pixel(page, 20, 20)) < 60
    assert min(pixel(page, 100, 140)) > 235


def test_sixteen_bit_grey_is_scaled_not_clipped(encoded):
    picture = Image.new("I;16", (20, 20), 0x8000)
    (page,) = open_untrusted(encoded(picture, "PNG"))
    assert abs(pixel(page, 5, 5)[0] - 128) < 3


def test_what_is_transparent_becomes_white_paper(encoded):
    (page,) = open_untrusted(encoded(Image.new("RGBA", (20, 20)), "PNG"))
    assert min(pixel(page, 5, 5)) > 250


def test_sheet_scanned_sideways_comes_upright_and_without_metadata(encoded, paper):
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "where it was taken"
    (page,) = open_untrusted(encoded(paper, "JPEG", exif=exif))
    assert (page.width, page.height) == (160, 120)
    assert max(pixel(page, 140, 20)) < 20
    assert b"where it was taken" not in page.data + page.thumbnail
    assert not shown(page).getexif()


def test_every_page_of_a_tiff_comes_in_order(encoded):
    sheets = [Image.new("L", (40 + number, 50), 255) for number in range(4)]
    pages = open_untrusted(encoded(sheets[0], "TIFF", save_all=True, append_images=sheets[1:]))
    assert [page.width for page in pages] == [40, 41, 42, 43]


def test_pdf_pages_are_drawn_at_200_dpi(make_pdf):
    a4, a5 = open_untrusted(make_pdf((595.28, 841.89), (419.53, 595.28)))
    assert (a4.width, a4.height) == (1654, 2339)
    assert (a5.width, a5.height) == (1166, 1654)


def test_long_page_is_drawn_smaller(make_pdf):
    (page,) = open_untrusted(make_pdf((600, 8_000)))
    assert page.height <= MAX_SIDE
    assert page.width == pytest.approx(page.height * 600 / 8_000, abs=2)


def test_thumbnail_is_a_small_jpeg(encoded):
    (page,) = open_untrusted(encoded(Image.new("RGB", (1_600, 800)), "PNG"))
    small = Image.open(io.BytesIO(page.thumbnail))
    assert small.format == "JPEG"
    assert small.size == (THUMBNAIL_SIDE, THUMBNAIL_SIDE // 2)


def test_progress_counts_pages(make_pdf):
    told: list[int] = []
    open_untrusted(make_pdf((50, 50), (50, 50), (50, 50)), progress=told.append)
    assert told == [1, 2, 3]


def test_path_is_read_like_bytes(encoded, paper, tmp_path):
    path = tmp_path / "任意名字.bin"
    path.write_bytes(encoded(paper, "PNG"))
    assert len(open_untrusted(path)) == 1


def test_one_pixel_more_than_allowed_is_refused(encoded):
    assert len(open_untrusted(encoded(Image.new("L", (400, 300)), "PNG"), limits=SMALL)) == 1
    for size in ((401, 300), (400, 301), (301, 400)):
        with pytest.raises(Refusal, match="图片太大"):
            open_untrusted(encoded(Image.new("L", size), "PNG"), limits=SMALL)


def test_later_page_of_a_tiff_is_measured_too(encoded):
    sheets = [Image.new("L", (40, 40)), Image.new("L", (40, 500))]
    data = encoded(sheets[0], "TIFF", save_all=True, append_images=sheets[1:])
    with pytest.raises(Refusal, match="图片太大"):
        open_untrusted(data, limits=SMALL)


def test_page_count_is_limited(encoded, make_pdf):
    sheet = Image.new("1", (20, 20))
    with pytest.raises(Refusal, match="超过 5 页"):
        open_untrusted(encoded(sheet, "TIFF", save_all=True, append_images=[sheet] * 5), limits=SMALL)
    with pytest.raises(Refusal, match="超过 5 页"):
        open_untrusted(make_pdf(*[(50, 50)] * 6), limits=SMALL)
    assert len(open_untrusted(make_pdf(*[(50, 50)] * 5), limits=SMALL)) == 5


def test_file_size_is_limited():
    with pytest.raises(Refusal, match="MB"):
        open_untrusted(b"%PDF-" + bytes(2_000_000), limits=Limits(max_bytes=2_000_000))


def png_of(width: int, height: int, packed: bytes, colour: int = 0) -> bytes:
    """A PNG that claims a size, whatever its data; `colour` 0 is grey, 2 is RGB."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def test_the_largest_picture_allowed_fits_into_the_helpers_memory():
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(1 + 3 * 10_000)) for _ in range(15_000)) + packer.flush()
    (page,) = open_untrusted(png_of(10_000, 15_000, packed, colour=2))
    assert page.height == MAX_SIDE


def looping_tiff() -> bytes:
    """A TIFF whose directory names itself as the next one."""
    return b"II*\0\x08\0\0\0" + struct.pack("<HHHIII", 1, 0x100, 3, 1, 20, 8)


BOMBS = {
    "pixel bomb": (lambda: png_of(40_000, 40_000, zlib.compress(bytes(1 << 20))), "图片太大"),
    "most pixels a PNG can claim": (lambda: png_of(2**31 - 1, 2**31 - 1, b""), "图片太大"),
    "data bomb": (lambda: png_of(16, 16, zlib.compress(bytes(64 << 20))), None),
    "text bomb": (
        lambda: (
            b"\x89PNG\r\n\x1a\n"
            + b"".join(
                struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
                for body in [b"a\0\0" + zlib.compress(bytes(64 << 20))]
            )
        ),
        "损坏|太大",
    ),
    "TIFF that loops": (looping_tiff, "损坏|太大|页"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_do_not_go_off(name):
    make, words = BOMBS[name]
    if words is None:
        (page,) = open_untrusted(make())
        assert page.width == 16
        return
    with pytest.raises(Refusal, match=words):
        open_untrusted(make())


@pytest.mark.parametrize("size", [(900_000, 900_000), (14_401, 10), (0.1, 100)])
def test_absurd_pdf_page_is_refused_before_it_is_drawn(make_pdf, size):
    with pytest.raises(Refusal, match="打不开"):
        open_untrusted(make_pdf((100, 100), size))


def test_pdf_with_script_and_launch_is_only_drawn(make_pdf):
    trap = "/OpenAction<</S/Launch/F(/bin/sh)>>/AA<</WC<</S/JavaScript/JS(app.alert\\(1\\))>>>>"
    (page,) = open_untrusted(make_pdf((100, 100), catalog=trap))
    assert b"JavaScript" not in page.data


def test_locked_pdf_says_so(tmp_path):
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret"))
    canvas.showPage()
    canvas.save()
    with pytest.raises(Refusal, match="有密码"):
        open_untrusted(out.getvalue())


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 nothing", b"\xff\xd8\xff nothing", b"II*\0", b"\x89PNG\r\n\x1a\n"]
)
def test_damaged_file_says_so(data):
    with pytest.raises(Refusal, match="已损坏"):
        open_untrusted(data)


def test_other_kinds_are_refused():
    with pytest.raises(Refusal, match="只收"):
        open_untrusted(b"GIF89a and more")
