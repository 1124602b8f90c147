"""Printing through Qt and CUPS to real IPP printers: what arrives there is measured and read."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

HERE = Path(__file__).parent


class PrintRoom:
    """The private print system, seen from the desk."""

    def __init__(self, server: str, spools: dict[str, Path]) -> None:
        self.server = server
        self.spools = spools

    def desk(self, *words: str):
        """What the desk's adapter answers."""
        environment = {**os.environ, "CUPS_SERVER": self.server, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(
            [sys.executable, str(HERE / "print_job.py"), *words],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    def arrived(self, printer: str) -> Path:
        """The job that arrived at a printer."""
        spool = self.spools[printer]
        for _ in range(600):
            # The printer opens the .prn when it has received the whole job.
            if list(spool.glob("*.prn")):
                return next(spool.glob("*.pdf"))
            time.sleep(0.05)
        raise AssertionError(f"nothing arrived at {printer}")

    def cups(self, *command: str) -> None:
        subprocess.run([command[0], "-h", self.server, *command[1:]], check=True)


@pytest.fixture(scope="module")
def room():
    """Two printers: one with A4 and A5 in colour, one with A4 only, grey."""
    # Filters run as another account, so not in pytest's own folders; and a bus path must be short.
    folder = Path(tempfile.mkdtemp(prefix="ipp-"))
    folder.chmod(0o755)
    command = [sys.executable, str(HERE / "ipp.py"), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as system:
        assert system.stdin
        assert system.stdout
        up = json.loads(system.stdout.readline() or "null")
        assert up, [path.read_text() for path in folder.glob("*.log")]
        yield PrintRoom(up["server"], {name: Path(path) for name, path in up["spools"].items()})
        system.stdin.close()
    shutil.rmtree(folder)


@pytest.fixture
def receipt(paper, tmp_path: Path) -> str:
    path = tmp_path / "receipt.pdf"
    path.write_bytes(paper(148, 210, colour=True))
    return str(path)


def printed(pdf: Path, dpi: int, tmp_path: Path) -> Image.Image:
    """The first page of a job as another program draws it."""
    target = tmp_path / f"page-{dpi}"
    subprocess.run(["pdftoppm", "-r", str(dpi), "-singlefile", str(pdf), str(target)], check=True)
    with Image.open(target.with_suffix(".ppm")) as page:
        return page.copy()


def rule(page: Image.Image, dpi: int) -> tuple[float, float, bool]:
    """Where the rule begins and how long it is, in millimetres, and whether it is red."""
    row = round((210 - 42.5) / 25.4 * dpi)
    reds, greens = (page.getchannel(band).crop((0, row, page.width, row + 1)).tobytes() for band in "RG")
    dark = [column for column, green in enumerate(greens) if green < 128]
    return dark[0] / dpi * 25.4, len(dark) / dpi * 25.4, min(reds[column] for column in dark[2:-2]) > 150


def test_printers_are_listed_with_their_papers_and_colours(room: PrintRoom):
    found = {info["name"]: info for info in room.desk("list")}
    assert found["Colour"] == {"name": "Colour", "papers": ["A4", "A5"], "colour": True, "trouble": ""}
    assert found["OnlyA4"]["papers"] == ["A4"]
    assert not found["OnlyA4"]["colour"]


def test_receipt_arrives_at_its_true_size_with_readable_codes(room, receipt, code_texts, tmp_path):
    assert room.desk("print", receipt, "Colour", "A5", "1") == {
        "pages": 1,
        "copies": 1,
        "reference": "材料接收凭证",
    }
    job = room.arrived("Colour")
    for dpi in (203, 300):
        page = printed(job, dpi, tmp_path)
        assert page.width == pytest.approx(148 / 25.4 * dpi, abs=2)
        assert page.height == pytest.approx(210 / 25.4 * dpi, abs=2)
        assert {code.text for code in zxingcpp.read_barcodes(page.convert("L"))} == code_texts
    left, width, red = rule(printed(job, 300, tmp_path), 300)
    assert left == pytest.approx(24, abs=0.2)
    assert width == pytest.approx(100, abs=0.2)
    assert red


def test_printer_without_the_paper_is_refused_before_anything_is_sent(room, receipt):
    answer = room.desk("print", receipt, "OnlyA4", "A5", "1")
    assert "A5" in answer["refused"]
    assert "OnlyA4" in answer["refused"]
    assert list(room.spools["OnlyA4"].iterdir()) == []


def test_paper_chosen_wrongly_is_refused(room, receipt):
    assert "A4" in room.desk("print", receipt, "Colour", "A4", "1")["refused"]


def test_printer_that_is_gone_is_refused(room, receipt):
    assert "找不到打印机" in room.desk("print", receipt, "Gone", "A5", "1")["refused"]


def test_stopped_printer_is_refused_and_said_in_the_list(room, receipt):
    room.cups("cupsdisable", "Colour")
    try:
        assert "停着" in room.desk("print", receipt, "Colour", "A5", "1")["refused"]
        assert "停着" in next(info for info in room.desk("list") if info["name"] == "Colour")["trouble"]
    finally:
        room.cups("cupsenable", "Colour")
