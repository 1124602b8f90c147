"""Debian's own eSCL client takes our simulated scanner for a real one, and we scan through it."""

import io
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from onewindow_desk.devices.sane import SaneScanner, sane_devices
from onewindow_desk.devices.scanner import ScanSettings, Source, never
from onewindow_desk.devices.simulated.escl import Mischief, SimulatedEscl
from onewindow_desk.faults import Refusal

DEVICE = "airscan:e0:Counter"


@pytest.fixture
def scanner():
    with SimulatedEscl(sheets_loaded=3) as simulated:
        yield simulated


@pytest.fixture
def environment(scanner: SimulatedEscl, tmp_path: Path) -> dict[str, str]:
    """SANE that knows this one scanner and looks for no other."""
    (tmp_path / "dll.conf").write_text("airscan\n")
    (tmp_path / "airscan.conf").write_text(
        f'[devices]\n"Counter" = {scanner.address}, eSCL\n[options]\ndiscovery = disable\n'
    )
    return {"SANE_CONFIG_DIR": str(tmp_path)}


def scan(environment: dict[str, str], settings: ScanSettings) -> list[bytes]:
    pages: list[bytes] = []
    SaneScanner("柜台", DEVICE, environment=environment).scan(
        settings, lambda data, _: pages.append(data), never
    )
    return pages


def test_it_is_found(environment):
    assert [found.device for found in sane_devices(environment)] == [DEVICE]


def test_flatbed_page_has_the_size_of_a4(environment, scanner):
    done = subprocess.run(
        ["scanimage", f"--device-name={DEVICE}", "--source=Flatbed", "--resolution=100", "--format=png"],
        env={"PATH": "/usr/bin", **environment},
        capture_output=True,
        check=True,
    )
    with Image.open(io.BytesIO(done.stdout)) as page:
        assert page.width == pytest.approx(8.5 * 100, abs=3)
        assert page.height == pytest.approx(11.69 * 100, abs=3)


def test_feeder_gives_its_pages_and_then_is_empty(environment):
    settings = ScanSettings(dpi=100)
    assert len(scan(environment, settings)) == 3
    with pytest.raises(Refusal, match="没有纸"):
        scan(environment, settings)


def test_flatbed_through_our_adapter(environment):
    (page,) = scan(environment, ScanSettings(dpi=100, source=Source.FLATBED))
    with Image.open(io.BytesIO(page)) as image:
        assert image.format == "JPEG"


def test_jam_is_named(environment, scanner):
    scanner.mischief = Mischief.JAM
    with pytest.raises(Refusal, match="卡纸"):
        scan(environment, ScanSettings(dpi=100))
