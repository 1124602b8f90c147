"""Papers to print."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import zxingcpp
from reportlab.pdfgen.canvas import Canvas

MM = 72 / 25.4
NUMBER = "115260921001200319"
QR_TEXT = f"OWD1:R:{NUMBER}:ABC234"


def _paper(width: float, height: float, pages: int = 1, colour: bool = False) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width * MM, height * MM))
    for _ in range(pages):
        _draw_code(canvas, zxingcpp.BarcodeFormat.Code128, NUMBER, (15, 150), (0.25, 15))
        _draw_code(canvas, zxingcpp.BarcodeFormat.QRCode, QR_TEXT, (20, 130), (0.7, 0.7))
        # A rule of 100 mm, to be measured on what comes out.
        canvas.setFillColorRGB(*((0.8, 0, 0) if colour else (0, 0, 0)))
        canvas.rect(24 * MM, 40 * MM, 100 * MM, 5 * MM, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw_code(canvas: Canvas, form, text: str, corner, module) -> None:
    """Draw the dark modules of a code, each as its own rectangle; millimetres from the lower left."""
    image: Any = zxingcpp.create_barcode(text, form).to_image(scale=1)
    rows: Any = memoryview(image).tolist()
    for row, dots in enumerate(rows[:1] if form == zxingcpp.BarcodeFormat.Code128 else rows):
        for column, dot in enumerate(dots):
            if dot == 0:
                left, bottom = corner[0] + column * module[0], corner[1] - row * module[1]
                canvas.rect(left * MM, bottom * MM, module[0] * MM, module[1] * MM, stroke=0, fill=1)


@pytest.fixture(scope="session")
def paper() -> Callable[..., bytes]:
    """`paper(width, height, pages=1, colour=False)`: a PDF in millimetres with codes and a 100 mm rule."""
    return _paper


@pytest.fixture(scope="session")
def code_texts() -> set[str]:
    """What the codes on the paper say."""
    return {NUMBER, QR_TEXT}
