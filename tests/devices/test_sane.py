"""SANE's own test scanner: pages, troubles, and no child left behind."""

import os
import subprocess
from pathlib import Path

import pytest

from onewindow_desk.devices.sane import SaneScanner, sane_devices
from onewindow_desk.devices.scanner import Colour, ScanSettings, Source, never
from onewindow_desk.faults import Refusal, Unreachable

FEEDER = ScanSettings(dpi=50)
FLATBED = ScanSettings(dpi=50, source=Source.FLATBED)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """SANE with its test scanner only, and an own folder for pages in transit."""
    (tmp_path / "dll.conf").write_text("test\n")
    (tmp_path / "transit").mkdir()
    return {"SANE_CONFIG_DIR": str(tmp_path)}


@pytest.fixture
def transit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder pages pass through."""
    folder = tmp_path / "transit"
    folder.mkdir(exist_ok=True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def scan(environment, transit):
    """`scan(settings, *options)`: the pages, as (bytes, media type)."""

    def run(settings: ScanSettings, *options: str, cancelled=never) -> list[tuple[bytes, str]]:
        pages: list[tuple[bytes, str]] = []
        scanner = SaneScanner("柜台", "test:0", environment=environment, options=options)
        count = scanner.scan(settings, lambda data, media: pages.append((data, media)), cancelled)
        assert count == len(pages)
        return pages

    return run


def test_feeder_gives_ten_pages_and_ends_well(scan):
    pages = scan(FEEDER)
    assert len(pages) == 10
    assert {media for _, media in pages} == {"image/jpeg"}


def test_flatbed_gives_one_page(scan):
    assert len(scan(FLATBED)) == 1


def test_line_art_comes_without_loss(scan):
    assert scan(ScanSettings(dpi=50, source=Source.FLATBED, colour=Colour.LINEART))[0][1] == "image/png"


@pytest.mark.parametrize("settings", [FEEDER, FLATBED])
@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        ("JAMMED", Refusal, "卡纸"),
        ("NO_DOCS", Refusal, "没有纸"),
        ("COVER_OPEN", Refusal, "盖子"),
        ("DEVICE_BUSY", Refusal, "别人"),
        ("ACCESS_DENIED", Refusal, "管理员"),
        ("IO_ERROR", Unreachable, "没有应答"),
    ],
)
def test_every_trouble_has_its_words(scan, settings, status, kind, words):
    with pytest.raises(kind, match=words):
        scan(settings, f"--read-return-value=SANE_STATUS_{status}")


def test_cancel_keeps_the_pages_so_far_and_leaves_no_child(scan, transit, monkeypatch):
    started = []
    original = subprocess.Popen

    def noted(*args, **options):
        started.append(original(*args, **options))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    slow = ("--read-delay=yes", "--read-delay-duration=200000", "--read-limit=yes", "--read-limit-size=2000")
    pages = scan(FEEDER, *slow, cancelled=lambda: len(started) > 1)
    assert len(pages) < 10
    for process in started:
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)
    assert list(transit.iterdir()) == []


def test_no_page_stays_on_the_disk(scan, transit):
    scan(FEEDER)
    assert list(transit.iterdir()) == []


def test_desk_that_cannot_keep_a_page_leaves_nothing_running(environment, transit):
    def full(data: bytes, media: str) -> None:
        raise Refusal("磁盘满了。")

    with pytest.raises(Refusal, match="磁盘"):
        SaneScanner("柜台", "test:0", environment=environment).scan(FEEDER, full, never)
    assert list(transit.iterdir()) == []


def test_scanner_that_is_gone_is_out_of_reach(environment):
    with pytest.raises(Unreachable, match="没有应答"):
        SaneScanner("柜台", "gone:0", environment=environment).scan(FEEDER, lambda *_: None, never)


def test_source_the_scanner_lacks_is_refused(scan):
    with pytest.raises(Refusal, match="单面"):
        scan(ScanSettings(dpi=50, duplex=True))


def test_scanners_are_listed(environment):
    assert [found.device for found in sane_devices(environment)] == ["test:0", "test:1"]


def test_computer_without_sane_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert sane_devices() == ()
    with pytest.raises(Unreachable, match="sane-utils"):
        SaneScanner("柜台", "test:0").scan(FEEDER, lambda *_: None, never)
