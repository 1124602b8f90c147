"""What every scanner does, whatever cable or protocol it hangs on."""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

OnPage = Callable[[bytes, str], None]
"""Takes one page as it came (bytes, media type) on the thread that scans."""

Cancelled = Callable[[], bool]
"""Says whether the person gave up; asked from several threads, so use `threading.Event.is_set`."""


class Source(StrEnum):
    """Where the sheets lie."""

    FEEDER = "feeder"
    FLATBED = "flatbed"


class Colour(StrEnum):
    """How the sheets are seen."""

    COLOUR = "colour"
    GREY = "grey"
    LINEART = "lineart"


class ScanSettings(Struct, frozen=True):
    """What the person asks for; a scanner takes the nearest it can, and never less `dpi` if it has more."""

    dpi: int = 200
    colour: Colour = Colour.COLOUR
    source: Source = Source.FEEDER
    duplex: bool = False


class Scanner(Protocol):
    """One scanner. Its methods block: call them from `background.run`, never from the window's thread."""

    @property
    def name(self) -> str:
        """The name a person knows it by."""

    def scan(self, settings: ScanSettings, on_page: OnPage, cancelled: Cancelled) -> int:
        """Scan until the feeder is empty (or one flatbed page) and return the number of pages given out.

        Every page goes to `on_page` before the next is fetched, so pages seen stay when a later one jams.
        After `cancelled()` turns true the device is told to stop and the count so far is returned.
        Raises `Refusal` when the person can mend it (no paper, jam, open cover, busy), `Unreachable` when
        the device does not answer or answers nonsense.
        """


def never() -> bool:
    """The answer of a person who does not give up."""
    return False
