"""Hundreds of broken files: each is read or refused, and the desk lives on."""

import random
from concurrent.futures import ThreadPoolExecutor

from PIL import Image, ImageDraw

from onewindow_desk.devices.reader.client import open_untrusted
from onewindow_desk.devices.reader.limits import Limits
from onewindow_desk.faults import Refusal

FILES = 304
LIMITS = Limits(max_pages=8, page_seconds=10, total_seconds=20)


def seeds(encoded) -> list[bytes]:
    sheet = Image.new("RGB", (90, 120), "white")
    ImageDraw.Draw(sheet).text((5, 5), "sample sheet", fill="black")
    black = sheet.convert("1")
    return [
        encoded(sheet, "JPEG"),
        encoded(sheet, "JPEG", progressive=True),
        encoded(sheet, "PNG"),
        encoded(sheet.convert("P"), "PNG"),
        encoded(black, "TIFF", compression="group4", save_all=True, append_images=[black]),
        encoded(sheet, "TIFF", compression="tiff_lzw"),
        encoded(sheet, "TIFF", compression="jpeg"),
        encoded(sheet, "PDF", save_all=True, append_images=[sheet]),
    ]


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """Flip, cut out, double or zero some stretches, or cut the end off; the first bytes stay."""
    data = bytearray(seed)
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(8, max(9, len(data)))
        length = min(chance.choice((1, 1, 2, 4, 16, 64)), len(data) - start)
        change = chance.randrange(5)
        if change == 0:
            data[start : start + length] = chance.randbytes(length)
        elif change == 1:
            del data[start : start + length]
        elif change == 2:
            data[start:start] = data[start : start + length]
        elif change == 3:
            data[start : start + length] = b"\xff" * length
        else:
            del data[max(start, len(data) // 2) :]
    return bytes(data)


def outcome(data: bytes) -> str:
    try:
        return f"{len(open_untrusted(data, limits=LIMITS))} pages"
    except Refusal as refusal:
        return refusal.text


def test_mutated_files_are_read_or_refused(encoded):
    chance = random.Random(20260922)
    sources = seeds(encoded)
    strange = [mutated(sources[number % len(sources)], chance) for number in range(FILES)]
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(outcome, strange))
    assert len(outcomes) == FILES
    assert any(text.endswith("pages") for text in outcomes)
    assert any("已损坏" in text for text in outcomes)
    assert not any("读不完" in text for text in outcomes)
