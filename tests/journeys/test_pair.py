"""Two enrolled desks over a real central, their line cut in the middle, as `make demo` shows it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from private_postgres import Cluster

from onewindow_desk.domain.numbering import check_receipt_no

ROOT = Path(__file__).parents[2]
VAULT = ROOT / "packaging" / "with_secret_service.sh"
DEMO = ROOT / "packaging" / "demo_central.py"


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """The folder of the pair's walk-through, and its summary."""
    folder = tmp_path_factory.mktemp("pair")
    walk = [sys.executable, "-m", "onewindow_desk", "--walkthrough-pair", str(folder)]
    command = ["bash", str(VAULT), str(tmp_path_factory.mktemp("vault")), sys.executable, str(DEMO)]
    done = subprocess.run(
        [*command, "--relay", str(folder), *walk],
        capture_output=True,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    yield folder, json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    private = ROOT / "packaging" / "private_postgres.py"
    subprocess.run([sys.executable, str(private), "destroy", str(folder / "postgres")], check=True)


@pytest.mark.slow
def test_both_desks_end_with_the_same_cases_and_nothing_waits(pair):
    _, summary = pair
    assert len(summary["cases"]) == 3
    assert all(check_receipt_no(number) == number for number in summary["cases"])
    assert summary["waiting"] == [0, 0]


@pytest.mark.slow
def test_desks_give_numbers_of_their_own_series(pair):
    _, summary = pair
    assert len({number[9:13] for number in summary["cases"]}) == 2


@pytest.mark.slow
def test_every_receipt_was_printed_at_the_desk_that_gave_it(pair):
    folder, _ = pair
    assert len(list((folder / "papers-desk-1").glob("*.pdf"))) == 2
    assert len(list((folder / "papers-desk-2").glob("*.pdf"))) == 1


@pytest.mark.slow
def test_the_server_wrote_nothing_about_people(pair):
    folder, _ = pair
    log = Cluster(folder / "postgres").log
    said = log.read_text(errors="replace") if log.is_file() else "".join(p.read_text() for p in log.iterdir())
    assert said
    for personal in ("钱样安", "孙样宁", "320115199001010012", "000-0000-0021"):
        assert personal not in said
