"""Strange files, made here."""

import io
from collections.abc import Callable

import pytest
from PIL import Image


def _encoded(image: Image.Image, form: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


@pytest.fixture(scope="session")
def encoded() -> Callable[..., bytes]:
    """`encoded(image, "PNG", ...)`: the bytes of a picture."""
    return _encoded


@pytest.fixture(scope="session")
def make_pdf() -> Callable[..., bytes]:
    """`make_pdf((width, height), ...)`: a PDF by hand with one empty page per size in points."""
    return _pdf


def _pdf(*sizes: tuple[float, float], catalog: str = "") -> bytes:
    kids = " ".join(f"{number + 3} 0 R" for number in range(len(sizes)))
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        f"<</Type/Pages/Count {len(sizes)}/Kids[{kids}]>>",
        *(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]>>" for width, height in sizes),
    ]
    body, places = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj{text}endobj\n".encode()
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    body += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return body + f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode()
