"""Write the texts of the samples on record anew: `python tests/documents/reference.py`.

Run it after a change that is meant to change what a paper says, and read the difference.
"""

from pathlib import Path

import pypdfium2

from onewindow_desk.documents.fonts import FontBook
from onewindow_desk.documents.guide import render_guide
from onewindow_desk.documents.receipt import render_receipt
from onewindow_desk.documents.samples import GUIDES, RECEIPTS

FOLDER = Path(__file__).parents[1] / "reference" / "documents"


def page_texts(pdf: bytes) -> str:
    """The texts of the pages, a line of dashes between them."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]
    finally:
        document.close()
    return "\n-----\n".join(pages) + "\n"


def main() -> None:
    fonts = FontBook.system()
    papers = {name: render_receipt(data, fonts) for name, data in RECEIPTS.items()}
    papers |= {name: render_guide(data, fonts) for name, data in GUIDES.items()}
    for name, pdf in papers.items():
        (FOLDER / f"{name}.txt").write_text(page_texts(pdf), encoding="utf-8")


if __name__ == "__main__":
    main()
