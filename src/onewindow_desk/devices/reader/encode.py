"""Compress the helper's bare pixels with our own encoder: no byte of the strange file gets through."""

import io

from PIL import Image

from onewindow_desk.devices.reader.frames import Raster
from onewindow_desk.devices.reader.limits import THUMBNAIL_SIDE
from onewindow_desk.devices.reader.page import ReadPage

JPEG_QUALITY = 85
THUMBNAIL_QUALITY = 75


def encoded(raster: Raster) -> ReadPage:
    """Compress bare pixels with our own encoder."""
    image = Image.frombytes(raster.mode, (raster.width, raster.height), raster.pixels)
    png = raster.mode == "1"
    return ReadPage(
        media_type="image/png" if png else "image/jpeg",
        data=_saved(image, "PNG") if png else _saved(image, "JPEG", quality=JPEG_QUALITY),
        width=raster.width,
        height=raster.height,
        thumbnail=_thumbnail(image),
    )


def _thumbnail(image: Image.Image) -> bytes:
    small = image.convert("L") if image.mode == "1" else image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), reducing_gap=2.0)
    return _saved(small, "JPEG", quality=THUMBNAIL_QUALITY)


def _saved(image: Image.Image, form: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
