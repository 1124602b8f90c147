"""How much of a strange file is looked at; the figures of the threat model (row T12)."""

from typing import NamedTuple, Self

HELPER_FLAG = "--reading-helper"
"""First argument that makes a frozen program the helper; the limits follow."""


class Limits(NamedTuple):
    """Bounds for one file; what lies beyond them is refused, or the helper is killed."""

    max_bytes: int = 50 * 1024 * 1024
    max_pages: int = 100
    short_side: int = 10_000
    """Pixels of an image's shorter side."""
    long_side: int = 15_000
    """Pixels of an image's longer side."""
    page_mm: int = 5_000
    """Millimetres of a PDF page's longer side."""
    page_seconds: float = 10.0
    """Wall time without a finished page."""
    total_seconds: float = 120.0
    """Wall time, and processor time, for the whole file."""
    memory: int = 1024 * 1024 * 1024
    """Address space of the helper, in bytes: the largest colour picture is 600 MB decoded."""

    def words(self) -> list[str]:
        """The limits as arguments of a command."""
        return [str(limit) for limit in self]

    @classmethod
    def of_words(cls, words: list[str]) -> Self:
        """The limits from what `words` gave."""
        return cls._make(type(usual)(word) for usual, word in zip(cls(), words, strict=True))


STANDARD = Limits()

RENDER_DPI = 200
"""PDF pages are drawn at this resolution."""

MAX_SIDE = 5_000
"""Longer side of a normalised page in pixels: A3 at 300 dpi fits."""

THUMBNAIL_SIDE = 320
"""Longer side of a thumbnail in pixels."""
