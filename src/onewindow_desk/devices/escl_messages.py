"""The XML that eSCL scanners speak (Mopria eSCL 2.97), read without trust and written by hand."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from msgspec import Struct

from onewindow_desk.devices.scanner import Colour, ScanSettings, Source
from onewindow_desk.devices.trouble import Trouble, complaint
from onewindow_desk.faults import Refusal

SCAN = "http://schemas.hp.com/imaging/escl/2011/05/03"
PWG = "http://www.pwg.org/schemas/2010/12/sm"
A4_WIDTH, A4_HEIGHT = 2480, 3508
"""In 1/300 inch, the unit of eSCL regions."""

MODES = {Colour.COLOUR: "RGB24", Colour.GREY: "Grayscale8", Colour.LINEART: "BlackAndWhite1"}
NEXT_BEST = {
    Colour.COLOUR: (Colour.COLOUR, Colour.GREY),
    Colour.GREY: (Colour.GREY, Colour.COLOUR),
    Colour.LINEART: (Colour.LINEART, Colour.GREY, Colour.COLOUR),
}
JPEG, PDF = "image/jpeg", "application/pdf"


class Tray(Struct, frozen=True):
    """What one source can do; sizes in 1/300 inch, `lowest`..`highest` when any resolution goes."""

    max_width: int
    max_height: int
    modes: frozenset[str]
    formats: frozenset[str]
    resolutions: tuple[int, ...]
    lowest: int = 0
    highest: int = 0

    def nearest(self, dpi: int) -> int:
        """The smallest resolution that is not below `dpi`, or the highest there is."""
        if self.highest:
            return max(self.lowest, min(dpi, self.highest))
        enough = [own for own in self.resolutions if own >= dpi]
        return min(enough) if enough else max(self.resolutions, default=dpi)


class Capabilities(Struct, frozen=True):
    """A scanner's own description; a source it lacks is None."""

    model: str
    flatbed: Tray | None
    feeder: Tray | None
    duplex: Tray | None

    def tray(self, settings: ScanSettings) -> Tray:
        """The source to scan from; raises `Refusal` when the scanner lacks it."""
        if settings.source is Source.FLATBED:
            found, words = self.flatbed, "这台扫描仪没有玻璃板。请放进进纸器再扫。"
        elif settings.duplex:
            found, words = self.duplex, "这台扫描仪不能扫双面。请改成单面再扫。"
        else:
            found, words = self.feeder, "这台扫描仪没有进纸器。请放在玻璃板上再扫。"
        if found is None:
            raise Refusal(words)
        return found


class Status(Struct, frozen=True):
    """What a scanner says of itself now."""

    state: str
    feeder: str

    def trouble(self, source: Source) -> Trouble | None:
        """What keeps the scanner from scanning from `source`, or None."""
        if source is Source.FEEDER and self.feeder in FEEDER_TROUBLES:
            return FEEDER_TROUBLES[self.feeder]
        return Trouble.BUSY if self.state in {"Processing", "Testing"} else None


FEEDER_TROUBLES = {
    "ScannerAdfEmpty": Trouble.EMPTY,
    "ScannerAdfJam": Trouble.JAM,
    "ScannerAdfMispick": Trouble.JAM,
    "ScannerAdfMultipickDetected": Trouble.JAM,
    "ScannerAdfHatchOpen": Trouble.OPEN,
    "ScannerAdfInputTrayFailed": Trouble.JAM,
    "ScannerAdfInputTrayOverloaded": Trouble.JAM,
}


def parse_capabilities(xml: bytes) -> Capabilities:
    """Read ScannerCapabilities; raises `Unreachable` for anything else."""
    root = _root(xml, "ScannerCapabilities")
    return Capabilities(
        model=_text(root, "MakeAndModel")[:80],
        flatbed=_tray(root, "PlatenInputCaps"),
        feeder=_tray(root, "AdfSimplexInputCaps"),
        duplex=_tray(root, "AdfDuplexInputCaps"),
    )


def parse_status(xml: bytes) -> Status:
    """Read ScannerStatus; raises `Unreachable` for anything else."""
    root = _root(xml, "ScannerStatus")
    return Status(_text(root, "State"), _text(root, "AdfState"))


def scan_request(settings: ScanSettings, capabilities: Capabilities) -> bytes:
    """Write the ScanSettings of a job: A4, the nearest the scanner can.

    Raises `Refusal` for a source the scanner lacks.
    """
    tray = capabilities.tray(settings)
    width, height = min(A4_WIDTH, tray.max_width), min(A4_HEIGHT, tray.max_height)
    mode = _mode(settings.colour, tray)
    media = PDF if mode == MODES[Colour.LINEART] and PDF in tray.formats else _format(tray)
    dpi = tray.nearest(settings.dpi)
    source = "Platen" if settings.source is Source.FLATBED else "Feeder"
    duplex = f"<scan:Duplex>{str(settings.duplex).lower()}</scan:Duplex>" if source == "Feeder" else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<scan:ScanSettings xmlns:scan="{SCAN}" xmlns:pwg="{PWG}">
<pwg:Version>2.0</pwg:Version>
<scan:Intent>Document</scan:Intent>
<pwg:ScanRegions><pwg:ScanRegion>
<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>
<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset>
<pwg:Width>{width}</pwg:Width><pwg:Height>{height}</pwg:Height>
</pwg:ScanRegion></pwg:ScanRegions>
<pwg:InputSource>{source}</pwg:InputSource>
<scan:ColorMode>{mode}</scan:ColorMode>
<pwg:DocumentFormat>{media}</pwg:DocumentFormat>
<scan:DocumentFormatExt>{media}</scan:DocumentFormatExt>
<scan:XResolution>{dpi}</scan:XResolution><scan:YResolution>{dpi}</scan:YResolution>
{duplex}</scan:ScanSettings>
""".encode()


def _mode(colour: Colour, tray: Tray) -> str:
    """The wanted mode or the next best the tray has."""
    wanted = [MODES[one] for one in NEXT_BEST[colour]]
    return next((mode for mode in wanted if mode in tray.modes), wanted[0])


def _format(tray: Tray) -> str:
    return PDF if PDF in tray.formats and JPEG not in tray.formats else JPEG


def _root(xml: bytes, name: str) -> Element:
    try:
        root: Element = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise complaint(Trouble.NONSENSE) from None
    if _local(root) != name:
        raise complaint(Trouble.NONSENSE)
    return root


def _local(element: Element) -> str:
    """The name without its namespace: makers disagree on namespaces, not on names."""
    return element.tag.rpartition("}")[2]


def _all(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if _local(element) == name)


def _texts(root: Element, *names: str) -> frozenset[str]:
    return frozenset((one.text or "").strip() for name in names for one in _all(root, name))


def _text(root: Element, name: str) -> str:
    return next(((one.text or "").strip() for one in _all(root, name)), "")


def _number(text: str) -> int:
    """A number of at most six digits, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0


def _tray(root: Element, name: str) -> Tray | None:
    caps = next(_all(root, name), None)
    if caps is None:
        return None
    any_dpi = next(_all(caps, "XResolutionRange"), None)
    return Tray(
        max_width=_number(_text(caps, "MaxWidth")) or A4_WIDTH,
        max_height=_number(_text(caps, "MaxHeight")) or A4_HEIGHT,
        # Makers that put the profiles beside the sources refer to them; then the whole description counts.
        modes=_texts(caps, "ColorMode") or _texts(root, "ColorMode"),
        formats=_texts(caps, *FORMAT_NAMES) or _texts(root, *FORMAT_NAMES),
        resolutions=_resolutions(caps) or _resolutions(root),
        lowest=_number(_text(any_dpi, "Min")) if any_dpi is not None else 0,
        highest=_number(_text(any_dpi, "Max")) if any_dpi is not None else 0,
    )


FORMAT_NAMES = ("DocumentFormat", "DocumentFormatExt")


def _resolutions(root: Element) -> tuple[int, ...]:
    found = {_number(text) for text in _texts(root, "XResolution")} - {0}
    return tuple(sorted(found))
