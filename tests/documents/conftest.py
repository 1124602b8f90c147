"""Fonts of this machine, and what came out on a paper: text, fonts, boxes."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from onewindow_desk.documents.fonts import FontBook

Box = tuple[float, float, float, float]


@pytest.fixture(scope="session")
def fonts() -> FontBook:
    return FontBook.system()


@pytest.fixture(scope="session")
def texts() -> Callable[[bytes], list[str]]:
    """The text of each page as PDFium finds it."""

    def read(pdf: bytes) -> list[str]:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]
        finally:
            document.close()

    return read


@pytest.fixture(scope="session")
def poppler_text(tmp_path_factory) -> Callable[[bytes], str]:
    """The text as pdftotext finds it, a second reader that shares nothing with PDFium."""

    def read(pdf: bytes) -> str:
        path: Path = tmp_path_factory.mktemp("poppler") / "paper.pdf"
        path.write_bytes(pdf)
        done = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True)
        return done.stdout.decode()

    return read


@pytest.fixture(scope="session")
def dense() -> Callable[[str], str]:
    """A text without any white space."""
    return lambda text: "".join(text.split())


@pytest.fixture(scope="session")
def text_boxes() -> Callable[[bytes], list[list[Box]]]:
    """Per page the boxes (left, bottom, right, top, in points) of every piece of text drawn."""

    def read(pdf: bytes) -> list[list[Box]]:
        document = pypdfium2.PdfDocument(pdf)
        try:
            wanted = [pypdfium2.raw.FPDF_PAGEOBJ_TEXT]
            return [[piece.get_bounds() for piece in page.get_objects(filter=wanted)] for page in document]
        finally:
            document.close()

    return read


@pytest.fixture(scope="session")
def mono() -> Callable[[bytes, int, float], Image.Image]:
    """A page as a printer of `dpi` puts it on paper: black dots or none."""

    def render(pdf: bytes, page: int, dpi: float) -> Image.Image:
        document = pypdfium2.PdfDocument(pdf)
        try:
            picture: Image.Image = document[page].render(scale=dpi / 72, grayscale=True).to_pil()
        finally:
            document.close()
        return picture.convert("L").point(lambda grey: 255 if grey >= 128 else 0)

    return render
