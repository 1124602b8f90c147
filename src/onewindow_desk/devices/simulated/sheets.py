"""Sheets of paper for simulated scanners."""

import io

from PIL import Image, ImageDraw


def sheet(number: int, width: int, height: int, *, grey: bool = False) -> bytes:
    """A JPEG of a sheet `width` by `height` pixels, with lines of writing and its number as `number` bars."""
    image = Image.new("L" if grey else "RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    step = max(2, height // 40)
    for row in range(4, 36):
        length = width * (50 + (row * 37) % 40) // 100
        pen.line((width // 10, row * step, length, row * step), fill="black", width=max(1, step // 8))
    for bar in range(number):
        left = width // 10 + bar * 2 * step
        pen.rectangle((left, step, left + step, 3 * step), fill="black")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
