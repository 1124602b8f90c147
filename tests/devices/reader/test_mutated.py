"""Hundreds of broken files: each is read or refused, and the desk lives on."""

import os
import random
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image, ImageDraw

from onewindow_desk.devices.reader import client
from onewindow_desk.devices.reader.client import open_untrusted
from onewindow_desk.devices.reader.limits import Limits
from onewindow_desk.faults import Refusal

FILES = 500
LIMITS = Limits(max_pages=8, page_seconds=10, total_seconds=20)


class Forked:
    """A helper forked by the zygote: as much of `Popen` as the client uses."""

    def __init__(self, pid: int, stdin: int, stdout: int) -> None:
        self.pid = pid
        self.stdin, self.stdout = os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb")

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, 9)

    def wait(self) -> None:
        """The zygote's children vanish by themselves."""


@pytest.fixture
def quick_helpers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Start helpers by forking one that is loaded; all else is the real thing."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    script = Path(__file__).with_name("zygote.py")
    zygote = subprocess.Popen([sys.executable, str(script)], stdin=theirs.fileno(), stderr=subprocess.DEVNULL)
    theirs.close()

    def launch(command: list[str], **_: object) -> Forked:
        in_read, in_write = os.pipe()
        out_read, out_write = os.pipe()
        words = command[len(client.helper_command()) :]
        socket.send_fds(ours, [" ".join(words).encode()], [in_read, out_write])
        os.close(in_read)
        os.close(out_write)
        return Forked(int(ours.recv(32)), in_write, out_read)

    stand_in = SimpleNamespace(Popen=launch, PIPE=subprocess.PIPE, DEVNULL=subprocess.DEVNULL)
    monkeypatch.setattr(client, "subprocess", stand_in)
    yield
    ours.close()
    zygote.wait()


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
    """Flip, cut out, double or fill some stretches, or cut the end off; the first bytes stay."""
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


def strange_files(encoded, count: int, seed: int) -> list[bytes]:
    chance, sources = random.Random(seed), seeds(encoded)
    return [mutated(sources[number % len(sources)], chance) for number in range(count)]


def check(outcomes: list[str]) -> None:
    assert any(text.endswith("pages") for text in outcomes)
    assert any("已损坏" in text for text in outcomes)
    assert not any("读不完" in text for text in outcomes)


def test_seeds_are_good_files(encoded, quick_helpers):
    assert [outcome(seed) for seed in seeds(encoded)] == [
        *["1 pages"] * 4,
        "2 pages",
        *["1 pages"] * 2,
        "2 pages",
    ]


def test_mutated_files_are_read_or_refused(encoded, quick_helpers):
    check([outcome(data) for data in strange_files(encoded, FILES, seed=20260922)])


def test_helpers_started_the_usual_way_do_the_same(encoded, quick_helpers, monkeypatch):
    some = strange_files(encoded, 16, seed=7)
    quick = [outcome(data) for data in some]
    monkeypatch.setattr(client, "subprocess", subprocess)
    assert [outcome(data) for data in some] == quick
