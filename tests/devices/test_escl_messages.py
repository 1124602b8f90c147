"""What scanners say is read without trust; what they are asked fits what they can."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_desk.devices.escl_messages import (
    PWG,
    SCAN,
    Status,
    parse_capabilities,
    parse_status,
    scan_request,
)
from onewindow_desk.devices.scanner import Colour, ScanSettings, Source
from onewindow_desk.devices.simulated import escl_texts
from onewindow_desk.devices.trouble import Trouble
from onewindow_desk.faults import Refusal, Unreachable

FLATBED = ScanSettings(source=Source.FLATBED)


def described(inside: str) -> bytes:
    spaces = f'xmlns:scan="{SCAN}" xmlns:pwg="{PWG}"'
    return f"<scan:ScannerCapabilities {spaces}>{inside}</scan:ScannerCapabilities>".encode()


def feeder(*modes: str, formats=("image/jpeg",), duplex=False) -> bytes:
    colours = "".join(f"<scan:ColorMode>{mode}</scan:ColorMode>" for mode in modes)
    media = "".join(f"<pwg:DocumentFormat>{one}</pwg:DocumentFormat>" for one in formats)
    name = "AdfDuplexInputCaps" if duplex else "AdfSimplexInputCaps"
    return described(f"<scan:Adf><scan:{name}>{colours}{media}</scan:{name}></scan:Adf>")


def test_simulated_scanner_describes_itself():
    found = parse_capabilities(escl_texts.capabilities())
    assert found.model == escl_texts.MODEL
    assert found.duplex is None
    assert found.feeder is not None
    assert found.feeder.resolutions == (100, 150, 200, 300, 600)
    assert found.feeder.modes == {"RGB24", "Grayscale8"}
    assert found.feeder.max_height == 4200


def test_profiles_beside_the_sources_count_for_all_of_them():
    found = parse_capabilities(
        described(
            "<scan:SettingProfiles><scan:ColorMode>RGB24</scan:ColorMode>"
            "<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>"
            "<scan:XResolution>300</scan:XResolution></scan:SettingProfiles>"
            "<scan:PlatenInputCaps><scan:MaxWidth>2550</scan:MaxWidth></scan:PlatenInputCaps>"
        )
    )
    assert found.flatbed is not None
    assert found.flatbed.modes == {"RGB24"}
    assert found.flatbed.resolutions == (300,)


@pytest.mark.parametrize(("wanted", "taken"), [(75, 100), (200, 200), (250, 300), (1200, 600)])
def test_nearest_resolution_is_never_below_what_was_wanted(wanted, taken):
    request = scan_request(ScanSettings(dpi=wanted), parse_capabilities(escl_texts.capabilities()))
    assert f"<scan:XResolution>{taken}<".encode() in request


def test_range_of_resolutions_is_kept_to():
    caps = parse_capabilities(
        described(
            "<scan:PlatenInputCaps><scan:XResolutionRange><scan:Min>100</scan:Min><scan:Max>400</scan:Max>"
            "</scan:XResolutionRange></scan:PlatenInputCaps>"
        )
    )
    assert [caps.tray(FLATBED).nearest(dpi) for dpi in (50, 250, 800)] == [100, 250, 400]


@pytest.mark.parametrize(
    ("colour", "offered", "taken"),
    [
        (Colour.COLOUR, ("RGB24", "Grayscale8"), "RGB24"),
        (Colour.COLOUR, ("Grayscale8",), "Grayscale8"),
        (Colour.GREY, ("RGB24",), "RGB24"),
        (Colour.LINEART, ("RGB24", "Grayscale8"), "Grayscale8"),
        (Colour.LINEART, ("RGB24", "BlackAndWhite1"), "BlackAndWhite1"),
    ],
)
def test_next_best_colour_is_asked_for(colour, offered, taken):
    request = scan_request(ScanSettings(colour=colour), parse_capabilities(feeder(*offered)))
    assert f"<scan:ColorMode>{taken}<".encode() in request


def test_pdf_is_asked_for_where_there_is_no_jpeg_and_for_line_art():
    both = ("image/jpeg", "application/pdf")
    only_pdf = parse_capabilities(feeder("RGB24", formats=("application/pdf",)))
    assert b"application/pdf" in scan_request(ScanSettings(), only_pdf)
    assert b"application/pdf" not in scan_request(
        ScanSettings(), parse_capabilities(feeder("RGB24", formats=both))
    )
    lineart = parse_capabilities(feeder("BlackAndWhite1", formats=both))
    assert b"application/pdf" in scan_request(ScanSettings(colour=Colour.LINEART), lineart)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (FLATBED, "没有玻璃板"),
        (ScanSettings(source=Source.FEEDER, duplex=True), "不能扫双面"),
    ],
)
def test_source_that_is_not_there_is_refused(settings, words):
    with pytest.raises(Refusal, match=words):
        scan_request(settings, parse_capabilities(feeder("RGB24")))


def test_both_sides_are_asked_for():
    request = scan_request(ScanSettings(duplex=True), parse_capabilities(feeder("RGB24", duplex=True)))
    assert b"<scan:Duplex>true<" in request


@pytest.mark.parametrize(
    ("state", "adf", "trouble"),
    [
        ("Idle", "ScannerAdfLoaded", None),
        ("Idle", "ScannerAdfEmpty", Trouble.EMPTY),
        ("Stopped", "ScannerAdfJam", Trouble.JAM),
        ("Stopped", "ScannerAdfHatchOpen", Trouble.OPEN),
        ("Processing", "ScannerAdfLoaded", Trouble.BUSY),
        ("Idle", "", None),
    ],
)
def test_status_is_told_apart(state, adf, trouble):
    status = parse_status(escl_texts.status(state, adf, ()))
    assert status == Status(state, adf)
    assert status.trouble(Source.FEEDER) is trouble


def test_flatbed_does_not_mind_the_feeder():
    assert Status("Idle", "ScannerAdfJam").trouble(Source.FLATBED) is None


@given(st.binary(max_size=300))
def test_noise_is_out_of_reach_not_a_crash(noise):
    with pytest.raises(Unreachable):
        parse_status(noise)


@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=3))
def test_damaged_description_is_read_or_refused(place, noise):
    whole = escl_texts.capabilities()
    at = place % len(whole)
    try:
        found = parse_capabilities(whole[:at] + noise + whole[at + len(noise) :])
    except Unreachable:
        return
    for tray in (found.flatbed, found.feeder, found.duplex):
        assert tray is None or 0 < tray.max_height <= 999_999


@pytest.mark.parametrize(
    "xml",
    [
        escl_texts.ENTITY_BOMB,
        b'<!DOCTYPE a SYSTEM "http://198.51.100.7/a"><ScannerStatus/>',
        b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><ScannerStatus>&f;</ScannerStatus>',
        b"<ScannerCapabilities/>",
        b"<html>Please sign in</html>",
    ],
)
def test_anything_but_a_plain_status_is_refused(xml):
    with pytest.raises(Unreachable):
        parse_status(xml)
