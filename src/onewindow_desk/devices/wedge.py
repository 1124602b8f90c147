"""Tell a keyboard code scanner from a person's fingers by the speed of its keys.

Pure: times and characters come in, a verdict comes out. The application's event filter does what the verdict
says. It uses `QKeyEvent.timestamp` (queued events arrive at the wrong wall time) and leaves out repeats of a
held key and modifiers pressed by themselves. A code may hold any key, so a printed code must reach no
shortcut: control keys are held back for as long as a burst may still follow.
"""

from enum import StrEnum

from msgspec import Struct

MAX_GAP_MS = 35
"""Longest pause between two keys of one scan; people type slower."""

MIN_LENGTH = 6
"""Shortest code; shorter bursts are a person's roll of the fingers."""

MAX_LENGTH = 64
"""Longest code; longer bursts are not one of ours."""

ENTER = frozenset({"\r", "\n"})


class Meaning(StrEnum):
    """What one key turned out to be."""

    ORDINARY = "ordinary"
    """Leave the key to whoever has the focus."""
    HOLD = "hold"
    """Keep the key for `MAX_GAP_MS`: drop it when another key comes by then, else let it act."""
    SWALLOW = "swallow"
    """Drop the key: a control key in the middle of a burst is the scanner's."""
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
    """Keys so far that followed each other fast enough; start with `Burst()`.

    `spoiled` by a key no code of ours holds, `controlled` by one that shows nothing.
    """

    text: str = ""
    typed: int = 0
    keys: int = 0
    spoiled: bool = False
    controlled: bool = False
    last_ms: int | None = None


ORDINARY = Verdict(Meaning.ORDINARY)
CODE_CHARACTERS = frozenset(map(chr, range(0x20, 0x7F)))
"""Printable ASCII, the only characters a code of ours may hold."""


def press(burst: Burst, at_ms: int, character: str) -> tuple[Burst, Verdict]:
    r"""Add one key at `at_ms` milliseconds and say what it means.

    `character` is the text of the key ("\r" or "\n" for Enter); "" for a key without text, and for a letter
    pressed together with Alt or the system key.
    """
    follows = burst.last_ms is not None and 0 <= at_ms - burst.last_ms <= MAX_GAP_MS
    burst = burst if follows else Burst()
    if character in ENTER:
        return Burst(), _ended(burst)
    if character.isprintable() and character:
        return _shown(burst, at_ms, character), ORDINARY
    return _control(burst, at_ms)


def _ended(burst: Burst) -> Verdict:
    """Judge a burst at its Enter."""
    if burst.controlled or (burst.spoiled and burst.keys >= MIN_LENGTH):
        return Verdict(Meaning.UNRECOGNISED, take_back=burst.typed)
    if burst.keys < MIN_LENGTH:
        return ORDINARY
    return Verdict(Meaning.SCANNED, burst.text, burst.typed)


def _shown(burst: Burst, at_ms: int, character: str) -> Burst:
    """Add a key that shows in the field; the text stops growing where no code of ours goes on."""
    fits = character in CODE_CHARACTERS and burst.keys < MAX_LENGTH
    return Burst(
        text=burst.text + character if fits else burst.text,
        typed=burst.typed + len(character),
        keys=burst.keys + 1,
        spoiled=burst.spoiled or not fits,
        controlled=burst.controlled,
        last_ms=at_ms,
    )


def _control(burst: Burst, at_ms: int) -> tuple[Burst, Verdict]:
    """Note a key that shows nothing. After two fast keys it is surely a scanner's, before that perhaps."""
    grown = Burst(burst.text, burst.typed, burst.keys + 1, True, True, at_ms)
    return grown, Verdict(Meaning.SWALLOW if burst.keys >= 2 else Meaning.HOLD)
