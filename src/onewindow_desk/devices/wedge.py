"""Tell a keyboard code scanner from a person's fingers by the speed of its keys.

Pure: times and characters come in, a verdict comes out. The application's event filter (which must use
`QKeyEvent.timestamp`, since queued events arrive at the wrong wall time) does what the verdict says.
"""

from enum import StrEnum

from msgspec import Struct

MAX_GAP_MS = 35
"""Longest pause between two keys of one scan; people type slower."""

MIN_LENGTH = 6
"""Shortest code; shorter bursts are a person's roll of the fingers."""

MAX_LENGTH = 64
"""Longest code; longer bursts are not one of ours."""


class Meaning(StrEnum):
    """What one key turned out to be."""

    ORDINARY = "ordinary"
    """Leave the key to whoever has the focus."""
    SWALLOW = "swallow"
    """Drop the key: a control key in the middle of a burst is the scanner's, and reaches no shortcut."""
    SCANNED = "scanned"
    """Drop this Enter, take back the typed characters, look up `text`."""
    UNRECOGNISED = "unrecognised"
    """Drop this Enter, take back the typed characters, say that the code is not recognised."""


class Verdict(Struct, frozen=True):
    """What to do with the key just pressed; `take_back` characters of the burst already reached the field."""

    meaning: Meaning
    text: str = ""
    take_back: int = 0


class Burst(Struct, frozen=True):
    """Keys so far that followed each other fast enough; start with `Burst()`."""

    text: str = ""
    typed: int = 0
    keys: int = 0
    spoiled: bool = False
    last_ms: int | None = None


ORDINARY = Verdict(Meaning.ORDINARY)


def press(burst: Burst, at_ms: int, character: str) -> tuple[Burst, Verdict]:
    r"""Add one key at `at_ms` milliseconds and say what it means.

    `character` is the text of the key event ("\r" or "\n" for Enter, "" for keys without text).
    """
    follows = burst.last_ms is not None and 0 <= at_ms - burst.last_ms <= MAX_GAP_MS
    burst = burst if follows else Burst()
    if character in {"\r", "\n"}:
        return Burst(), _ended(burst)
    if not (len(character) == 1 and " " <= character <= "~"):
        return _spoil(burst, at_ms, character)
    text = burst.text + character if burst.keys < MAX_LENGTH else burst.text
    grown = Burst(text, burst.typed + 1, burst.keys + 1, burst.spoiled or burst.keys >= MAX_LENGTH, at_ms)
    return grown, ORDINARY


def _ended(burst: Burst) -> Verdict:
    """Judge a whole burst at its Enter."""
    if burst.keys < MIN_LENGTH:
        return ORDINARY
    if burst.spoiled:
        return Verdict(Meaning.UNRECOGNISED, take_back=burst.typed)
    return Verdict(Meaning.SCANNED, burst.text, burst.typed)


def _spoil(burst: Burst, at_ms: int, character: str) -> tuple[Burst, Verdict]:
    """Note a key that no code of ours holds; visible text still reaches the field and is taken back later."""
    visible = character.isprintable() and character != ""
    spoiled = Burst(burst.text, burst.typed + visible * len(character), burst.keys + 1, True, at_ms)
    swallow = burst.keys > 0 and not visible
    return spoiled, Verdict(Meaning.SWALLOW) if swallow else ORDINARY
