"""The installed commands as a person would run them: the walk-through and the self-test."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from onewindow_desk.documents.decode import decode_codes
from onewindow_desk.documents.preview import Raster, page_count, render_page
from onewindow_desk.domain.numbering import check_receipt_no

ROOT = Path(__file__).parents[2]
VAULT = ROOT / "packaging" / "with_secret_service.sh"
A5_INCHES = 148 / 25.4


def desk(vault: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["bash", str(VAULT), str(vault), sys.executable, "-m", "onewindow_desk", *arguments]
    settings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(command, capture_output=True, text=True, env=settings, check=False, timeout=300)


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    """Where the walk-through's Secret Service keeps its keys."""
    return tmp_path_factory.mktemp("vault")


@pytest.fixture(scope="module")
def walk(tmp_path_factory, vault):
    """The folder the walk-through wrote, and its summary."""
    folder = tmp_path_factory.mktemp("walk")
    done = desk(vault, "--walkthrough", str(folder))
    assert done.returncode == 0, done.stderr
    return folder, json.loads((folder / "summary.json").read_text(encoding="utf-8"))


def black_and_white(raster: Raster) -> Raster:
    """What a printer of two colours leaves of a picture."""
    pixels = bytearray(raster.rgba)
    for place in range(0, len(pixels), 4):
        light = 255 if sum(pixels[place : place + 3]) > 384 else 0
        pixels[place : place + 3] = bytes((light, light, light))
    return Raster(width=raster.width, height=raster.height, rgba=bytes(pixels))


@pytest.mark.slow
def test_every_case_has_its_number_its_acts_and_its_paper(walk):
    _, summary = walk
    assert len(summary["cases"]) == 2
    for case in summary["cases"]:
        assert check_receipt_no(case["receipt_no"]) == case["receipt_no"]
        kinds = [operation["kind"] for operation in case["operations"]]
        assert kinds == ["receive", "paper_sent", "paper_confirmed"]
        assert {operation["author"] for operation in case["operations"]} == {"wang"}
        assert [document["kind"] for document in case["documents"]] == ["material_receipt"]


@pytest.mark.slow
@pytest.mark.parametrize("dpi", [203, 300])
def test_the_printed_codes_read_back_to_the_stored_number(walk, dpi):
    folder, summary = walk
    for case in summary["cases"]:
        pdf = (folder / case["documents"][0]["path"]).read_bytes()
        for page in range(page_count(pdf)):
            picture = black_and_white(render_page(pdf, page, round(A5_INCHES * dpi)))
            read = decode_codes(picture)
            assert case["receipt_no"] in read
            assert any(text.startswith(f"OWD1:R:{case['receipt_no']}:") for text in read)


@pytest.mark.slow
def test_the_printed_text_reads_back_whole(walk):
    folder, summary = walk
    texts = []
    for case in summary["cases"]:
        paper = folder / case["documents"][0]["path"]
        done = subprocess.run(["pdftotext", "-raw", str(paper), "-"], capture_output=True, check=True)
        texts.append("".join(done.stdout.decode().split()))
    assert "钱样安" in texts[0]
    assert "320115********0012" in texts[0]
    assert "演示街道样例理发店" in texts[1]


@pytest.mark.slow
def test_every_screen_was_pictured(walk):
    folder, summary = walk
    names = {Path(name).stem for name in summary["screenshots"]}
    assert {"sign-in", "first-run", "item-search", "intake", "today", "keys"} <= names
    assert all((folder / name).stat().st_size > 10_000 for name in summary["screenshots"])


@pytest.mark.slow
def test_no_person_stands_in_a_file_name_or_the_summary(walk):
    folder, summary = walk
    said = json.dumps(summary, ensure_ascii=False) + " ".join(path.name for path in folder.rglob("*"))
    for personal in ("钱样安", "周样清", "320115199001010012", "000-0000-0021"):
        assert personal not in said


@pytest.mark.slow
def test_the_store_attaches_to_an_empty_central_and_everything_is_applied(walk, vault, tmp_path):
    store = next(walk[0].glob("desk-*"))
    script = Path(__file__).with_name("attach_store.py")
    words = [str(script), str(store), str(tmp_path / "central"), "wang", "yangli-street-2026"]
    command = ["bash", str(VAULT), str(vault), sys.executable, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["before"] == answer["after"]
    assert answer["before"] == {
        "verdicts": {"applied": 10},
        "files": 8,
        "unsent": 0,
        "attention": [],
        "cases": 2,
        "broken": [],
        "differing": {},
    }
    assert answer["proven"] == [[True, 6]]
    assert answer["series"] == 12


@pytest.mark.slow
def test_the_installation_tests_itself(tmp_path):
    done = desk(tmp_path, "--self-test")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:3] == ["store: ok", "form: ok", "receipt and codes: ok"]


@pytest.mark.slow
def test_without_a_vault_the_self_test_says_so_and_fails(tmp_path):
    settings = {key: value for key, value in os.environ.items() if key != "DBUS_SESSION_BUS_ADDRESS"}
    settings |= {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "onewindow_desk", "--self-test"]
    done = subprocess.run(command, capture_output=True, text=True, env=settings, check=False, timeout=120)
    assert done.returncode == 1
    assert "store:" in done.stderr
