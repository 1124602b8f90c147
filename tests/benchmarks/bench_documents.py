"""What papers cost: CPU milliseconds and memory, one JSON line each.

A bare page (the same library, one line of text) is timed in turn with the papers, so that the
ratio holds on a busy machine. Run: `python tests/benchmarks/bench_documents.py [rounds]`.
"""

import io
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable

from reportlab.pdfgen.canvas import Canvas

from onewindow_desk.documents.decode import decode_codes
from onewindow_desk.documents.fonts import FontBook
from onewindow_desk.documents.guide import render_guide
from onewindow_desk.documents.preview import render_page
from onewindow_desk.documents.receipt import render_receipt
from onewindow_desk.documents.samples import HYGIENE, LONG, RARE, RECEIPT

RECEIPT_LIMIT_MS = 60
PREVIEW_WIDTH = 592
CODES_WIDTH = 1184


def bare_page(font: str) -> bytes:
    """The least a page can cost with this library: one line of text."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(420, 595), initialFontName=font, invariant=1)
    canvas.setFont(font, 19)
    canvas.drawString(100, 500, "材料接收凭证")
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def cpu_ms(work: Callable[[], object]) -> float:
    """CPU milliseconds of one call."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def report(**figures: object) -> None:
    """Print one JSON line."""
    print(json.dumps({"bench": "documents", **figures}, ensure_ascii=False), flush=True)


def memory_mb() -> float:
    """The most memory this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    before = memory_mb()
    fonts = FontBook.system()
    report(name="receipt_first", cpu_ms=round(cpu_ms(lambda: render_receipt(RECEIPT, fonts)), 1))
    receipt = render_receipt(RECEIPT, fonts)
    works: dict[str, Callable[[], object]] = {
        "bare_page": lambda: bare_page(fonts.base.fontName),
        "receipt": lambda: render_receipt(RECEIPT, fonts),
        "receipt_rare_characters": lambda: render_receipt(RARE, fonts),
        "receipt_three_pages": lambda: render_receipt(LONG, fonts),
        "guide": lambda: render_guide(HYGIENE, fonts),
        "preview": lambda: render_page(receipt, 0, PREVIEW_WIDTH),
        "decode": lambda: decode_codes(render_page(receipt, 0, CODES_WIDTH)),
    }
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(cpu_ms(work))
    bare = statistics.median(taken["bare_page"])
    for name, values in taken.items():
        median = statistics.median(values)
        limit = {"limit_ms": RECEIPT_LIMIT_MS, "met": median <= RECEIPT_LIMIT_MS} if name == "receipt" else {}
        report(name=name, cpu_ms=round(median, 1), to_bare_page=round(median / bare, 1), **limit)
    report(name="receipt_bytes", bytes=len(receipt))
    report(name="memory", mb_before=round(before, 1), mb_after=round(memory_mb(), 1))


if __name__ == "__main__":
    main()
