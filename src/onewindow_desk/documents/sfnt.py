"""A TrueType face read in place, a few bytes at a time.

The PDF library's own reader turns a face into Python dictionaries: 50 to 200 ms and some 30 MB
for each of our fonts. A paper needs a few hundred of sixty thousand glyphs, so this reader maps
the file and looks each one up where it lies.
"""

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from onewindow_desk.faults import Refusal

TTC_TAG = b"ttcf"
GLYF_VERSIONS = (b"\x00\x01\x00\x00", b"true")
COMPOSITE = -1

# Flags of a composite glyph's parts.
_WORDS = 1 << 0
_SCALE = 1 << 3
_MORE = 1 << 5
_XY_SCALE = 1 << 6
_TWO_BY_TWO = 1 << 7

# Best character map first: full Unicode before the basic plane.
_CMAP_ORDER = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))


class UnusableFont(Refusal):
    """The file is no TrueType face that a PDF can carry (for example one with CFF outlines)."""


class Part(NamedTuple):
    """A glyph used inside a composite one: where its number stands in the outline's bytes."""

    offset: int
    glyph: int


class Face:
    """One face of a .ttf or .ttc file.

    Lengths are in font units, `units_per_em` to the em. Raises `UnusableFont` when the file has
    no TrueType outlines, OSError when it cannot be read.
    """

    def __init__(self, path: Path, index: int = 0) -> None:
        self.path = path
        self.index = index
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            self._read_header()
        except (struct.error, KeyError, IndexError) as error:
            raise UnusableFont(f"字体文件“{path.name}”不完整。请重新安装这个字体。") from error
        self._glyphs: dict[int, int] = {}

    def _read_header(self) -> None:
        self._tables = self._directory(self._start())
        head = self.table("head")
        (self.units_per_em,) = struct.unpack_from(">H", head, 18)
        self.bbox: tuple[int, int, int, int] = struct.unpack_from(">4h", head, 36)
        (self._long_loca,) = struct.unpack_from(">h", head, 50)
        hhea = self.table("hhea")
        self.ascent, self.descent = struct.unpack_from(">hh", hhea, 4)
        (self._metric_count,) = struct.unpack_from(">H", hhea, 34)
        (self.glyph_count,) = struct.unpack_from(">H", self.table("maxp"), 4)
        for needed in ("loca", "glyf", "hmtx"):
            self._tables[needed]
        self._cmap, self._cmap_format = self._best_cmap()
        self.name = self._postscript_name()

    def _start(self) -> int:
        offset = 0
        if self._data[:4] == TTC_TAG:
            (count,) = struct.unpack_from(">L", self._data, 8)
            if self.index >= count:
                raise UnusableFont(f"字体文件“{self.path.name}”里没有第 {self.index + 1} 种字体。")
            (offset,) = struct.unpack_from(">L", self._data, 12 + 4 * self.index)
        if self._data[offset : offset + 4] not in GLYF_VERSIONS:
            raise UnusableFont(f"字体文件“{self.path.name}”不是 TrueType 字体，不能用于文书。请换一种字体。")
        return offset

    def _directory(self, start: int) -> dict[str, tuple[int, int]]:
        (count,) = struct.unpack_from(">H", self._data, start + 4)
        records = (struct.unpack_from(">4s4x2L", self._data, start + 12 + 16 * n) for n in range(count))
        return {tag.decode("latin-1"): (offset, length) for tag, offset, length in records}

    def _best_cmap(self) -> tuple[int, int]:
        """Offset and format of the character map to use."""
        base = self._tables["cmap"][0]
        (count,) = struct.unpack_from(">H", self._data, base + 2)
        found: dict[tuple[int, int], int] = {}
        for n in range(count):
            platform, encoding, offset = struct.unpack_from(">HHL", self._data, base + 4 + 8 * n)
            (format_,) = struct.unpack_from(">H", self._data, base + offset)
            if format_ in (4, 12):
                found[platform, encoding] = base + offset
        for key in _CMAP_ORDER:
            if key in found:
                (format_,) = struct.unpack_from(">H", self._data, found[key])
                return found[key], format_
        raise UnusableFont(f"字体文件“{self.path.name}”没有 Unicode 字符表。请换一种字体。")

    def _postscript_name(self) -> str:
        """Name 6 of the name table, in the few characters a PDF name takes without escaping."""
        base = self._tables["name"][0]
        count, strings = struct.unpack_from(">HH", self._data, base + 2)
        for n in range(count):
            platform, _, _, name, length, offset = struct.unpack_from(">6H", self._data, base + 6 + 12 * n)
            if name == 6:
                start = base + strings + offset
                text = self._data[start : start + length].decode("utf-16-be" if platform == 3 else "latin-1")
                return "".join(c for c in text if c.isascii() and (c.isalnum() or c in "-_"))
        return "Face"

    def has(self, tag: str) -> bool:
        """Whether the face carries the table."""
        return tag in self._tables

    def table(self, tag: str) -> bytes:
        """A copy of the table's bytes; KeyError when the face has none (use for small tables)."""
        offset, length = self._tables[tag]
        return self._data[offset : offset + length]

    def glyph(self, code: int) -> int:
        """Glyph number of a code point, 0 when the face has none."""
        known = self._glyphs.get(code)
        if known is None:
            look = self._glyph_in_groups if self._cmap_format == 12 else self._glyph_in_segments
            known = self._glyphs[code] = look(code)
        return known

    def covers(self, code: int) -> bool:
        """Whether the face really draws the code point: a glyph, and ink unless it is a space."""
        glyph = self.glyph(code)
        return glyph != 0 and (bool(self.outline_length(glyph)) or chr(code).isspace())

    def _glyph_in_groups(self, code: int) -> int:
        """Format 12: groups of (first, last, glyph), searched by halving."""
        (count,) = struct.unpack_from(">L", self._data, self._cmap + 12)
        low, high = 0, count
        while low < high:
            middle = (low + high) // 2
            first, last, glyph = struct.unpack_from(">3L", self._data, self._cmap + 16 + 12 * middle)
            if code < first:
                high = middle
            elif code > last:
                low = middle + 1
            else:
                return int(glyph + code - first)
        return 0

    def _glyph_in_segments(self, code: int) -> int:
        """Format 4: parallel arrays of segments over the basic plane."""
        (twice,) = struct.unpack_from(">H", self._data, self._cmap + 6)
        ends = self._cmap + 14
        low, high = 0, twice // 2
        while low < high:
            middle = (low + high) // 2
            if self._short(ends + 2 * middle) < code:
                low = middle + 1
            else:
                high = middle
        if low >= twice // 2:
            return 0
        return self._glyph_in_segment(code, ends + 2 + twice + 2 * low, twice)

    def _glyph_in_segment(self, code: int, starts: int, twice: int) -> int:
        first, delta, range_at = self._short(starts), self._short(starts + twice), starts + 2 * twice
        if code < first:
            return 0
        offset = self._short(range_at)
        if offset == 0:
            return (code + delta) & 0xFFFF
        glyph = self._short(range_at + offset + 2 * (code - first))
        return (glyph + delta) & 0xFFFF if glyph else 0

    def _short(self, offset: int) -> int:
        return int.from_bytes(self._data[offset : offset + 2], "big")

    def metrics(self, glyph: int) -> tuple[int, int]:
        """Advance width and left side bearing."""
        base = self._tables["hmtx"][0]
        if glyph < self._metric_count:
            advance, bearing = struct.unpack_from(">Hh", self._data, base + 4 * glyph)
        else:
            (advance,) = struct.unpack_from(">H", self._data, base + 4 * (self._metric_count - 1))
            at = base + 4 * self._metric_count + 2 * (glyph - self._metric_count)
            (bearing,) = struct.unpack_from(">h", self._data, at)
        return advance, bearing

    def _span(self, glyph: int) -> tuple[int, int]:
        base = self._tables["loca"][0]
        if self._long_loca:
            start, end = struct.unpack_from(">2L", self._data, base + 4 * glyph)
            return start, end
        start, end = struct.unpack_from(">2H", self._data, base + 2 * glyph)
        return 2 * start, 2 * end

    def outline_length(self, glyph: int) -> int:
        """Bytes of the glyph's outline; 0 for a blank."""
        start, end = self._span(glyph)
        return end - start

    def outline(self, glyph: int) -> bytes:
        """The glyph's outline as it stands in the file."""
        base = self._tables["glyf"][0]
        start, end = self._span(glyph)
        return self._data[base + start : base + end]


def parts(outline: bytes) -> Iterator[Part]:
    """The glyphs a composite outline is put together from; none for a simple one."""
    if len(outline) < 10 or struct.unpack_from(">h", outline)[0] != COMPOSITE:
        return
    at, flags = 10, _MORE
    while flags & _MORE:
        flags, glyph = struct.unpack_from(">HH", outline, at)
        yield Part(at + 2, glyph)
        at += 8 if flags & _WORDS else 6
        if flags & _SCALE:
            at += 2
        elif flags & _XY_SCALE:
            at += 4
        elif flags & _TWO_BY_TWO:
            at += 8
