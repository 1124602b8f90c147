"""Decode JPEG, PNG and TIFF (inside the helper only)."""

import io
from collections.abc import Iterator

from PIL import Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, UnidentifiedImageError

from onewindow_desk.devices.media import MediaType, sniff
from onewindow_desk.devices.reader.frames import Raster, Reason
from onewindow_desk.devices.reader.limits import MAX_SIDE, Limits
from onewindow_desk.devices.reader.rejected import Rejected

# Named so that the decoders are loaded before the process is confined.
FORMATS = {
    MediaType.JPEG: JpegImagePlugin.JpegImageFile.format,
    MediaType.PNG: PngImagePlugin.PngImageFile.format,
    MediaType.TIFF: TiffImagePlugin.TiffImageFile.format,
}
Image.preinit()

ORIENTATION = 0x0112
"""The EXIF tag; its values 2 to 8 say how the picture must be turned to stand upright (CIPA DC-008)."""

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def pages(data: bytes, limits: Limits) -> Iterator[Raster]:
    """Yield every page of a TIFF, or the one picture of a JPEG or PNG; raises `Rejected`."""
    Image.MAX_IMAGE_PIXELS = limits.short_side * limits.long_side
    media = sniff(data)
    if media not in FORMATS:
        raise Rejected(Reason.KIND)
    try:
        image = Image.open(io.BytesIO(data), formats=[FORMATS[media]])
    except UnidentifiedImageError:
        raise Rejected(Reason.DAMAGED) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Rejected(Reason.PIXELS) from None
    several = media is MediaType.TIFF
    for number in range(_page_count(image, limits) if several else 1):
        if several:
            image.seek(number)
        _check_size(image, limits)
        yield _raster(image)


def _page_count(image: Image.Image, limits: Limits) -> int:
    """Count by stepping, never past the limit: the directory chain of a TIFF may be endless."""
    for number in range(limits.max_pages + 1):
        try:
            image.seek(number)
        except EOFError:
            return number
    raise Rejected(Reason.PAGES)


def _check_size(image: Image.Image, limits: Limits) -> None:
    short, long = sorted(image.size)
    if short > limits.short_side or long > limits.long_side:
        raise Rejected(Reason.PIXELS)


def _raster(image: Image.Image) -> Raster:
    """Upright, at most `MAX_SIDE`, white behind transparency, black-and-white, grey or colour."""
    turn = TURNS.get(image.getexif().get(ORIENTATION, 1))
    image.draft(None, (MAX_SIDE, MAX_SIDE))
    image.load()
    page = _plain(_shrunk(image))
    if turn is not None:
        page = page.transpose(turn)
    return Raster(page.mode, page.width, page.height, page.tobytes())


def _shrunk(image: Image.Image) -> Image.Image:
    """At most `MAX_SIDE` long: first by a whole factor, which needs the least memory, then the rest."""
    if max(image.size) <= MAX_SIDE:
        return image
    if image.mode in {"1", "P"}:
        image = image.convert("L" if image.mode == "1" else "RGB")
    image = image.reduce(max(image.size) // MAX_SIDE)
    longer = max(image.size)
    if longer <= MAX_SIDE:
        return image
    width, height = (max(1, side * MAX_SIDE // longer) for side in image.size)
    return image.resize((width, height), Image.Resampling.BILINEAR)


def _plain(image: Image.Image) -> Image.Image:
    """Bring any mode to "1", "L" or "RGB"."""
    if image.mode in {"1", "L", "RGB"}:
        return image
    if image.mode.startswith("I"):
        return image.convert("I").point([value // 256 for value in range(65536)], "L")
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        white = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(white, seen).convert("RGB")
    return image.convert("L" if image.mode in {"LA", "La", "F"} else "RGB")
