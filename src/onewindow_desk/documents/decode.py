"""Reading the codes back from pixels: the proof that a printed code says what it should."""

import zxingcpp
from PIL import Image

from onewindow_desk.documents.preview import Raster


def decode_codes(raster: Raster) -> tuple[str, ...]:
    """The texts of all bar and QR codes in the picture, from top to bottom, each once."""
    picture = Image.frombytes("RGBA", (raster.width, raster.height), raster.rgba)
    found = zxingcpp.read_barcodes(picture.convert("L"))
    ordered = sorted(found, key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    return tuple(dict.fromkeys(code.text for code in ordered))
