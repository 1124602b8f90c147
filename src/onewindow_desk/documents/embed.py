"""Faces inside a PDF: only the glyphs that are used, and text that comes out again exactly.

The PDF library's TrueType writer drops characters a font lacks and mislabels everything beyond
the basic plane when text is copied or searched. Here every code point gets its own glyph number
in the subset (so two characters that share a shape stay two characters) and the map back to
Unicode is written in UTF-16, a hundred entries to a block as the PDF standard asks.
"""

import struct
from collections.abc import Iterable
from typing import Any, NamedTuple, cast
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfdoc, pdfmetrics

from onewindow_desk.documents.sfnt import Face, parts

BLOCK = 100  # largest number of entries in one bfchar block (ISO 32000-1, 9.10.3)
SYMBOLIC = 4
_COPIED_TABLES = ("cvt ", "fpgm", "prep")


class _Registration(NamedTuple):
    """What the library's registry takes for a face; it mixes up faces of one name, so names are paths."""

    name: str


class EmbeddedFont:
    """A face in the shape the library's canvas draws with.

    The attributes with foreign names are the canvas's interface. One object serves many documents,
    one after the other or at the same time: what a document used is kept per document.
    """

    _dynamicFont = True  # noqa: N815
    _multiByte = True  # noqa: N815
    shapable = False

    def __init__(self, face: Face, name: str) -> None:
        self.source = face
        self.face = _Registration(name)
        self.fontName = name
        self._scale = 1000 / face.units_per_em
        self._used: WeakKeyDictionary[Any, dict[int, int]] = WeakKeyDictionary()
        self._names: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
        self._advances: dict[str, float] = {}

    def advance(self, char: str) -> float:
        """Width of one character in thousandths of the type size."""
        known = self._advances.get(char)
        if known is None:
            known = self.source.metrics(self.source.glyph(ord(char)))[0] * self._scale
            self._advances[char] = known
        return known

    def stringWidth(self, text: str, size: float, encoding: str) -> float:  # noqa: ARG002, N802
        """Width of a text in points at a type size."""
        return sum(map(self.advance, text)) * size / 1000

    def splitString(self, text: str, doc: Any) -> list[tuple[int, bytes]]:  # noqa: N802
        """The text as two-byte glyph numbers of this document's subset."""
        used = self._used.setdefault(doc, {})
        numbers = [used.setdefault(ord(char), len(used) + 1) for char in text]
        return [(0, struct.pack(f">{len(numbers)}H", *numbers))]

    def getSubsetInternalName(self, _subset: int, doc: Any) -> str:  # noqa: N802
        """The name of the font in this document's pages; the first call enrols the font."""
        if doc not in self._names:
            self._names[doc] = f"F{len(doc.fontMapping) + 1}"
            doc.fontMapping[self.fontName] = "/" + self._names[doc]
            doc.delayedFonts.append(self)
        return "/" + self._names[doc]

    def addObjects(self, doc: Any) -> None:  # noqa: N802
        """Write the font's objects when the document is finished."""
        codes = list(self._used.pop(doc))
        name = self._names.pop(doc)
        base_font = f"{_tag(name)}+{self.source.name}"
        font = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": "/" + base_font,
                "Encoding": "/Identity-H",
                "DescendantFonts": pdfdoc.PDFArray([self._descendant(doc, base_font, codes)]),
                "ToUnicode": _stream(doc, to_unicode(codes).encode("ascii"), f"toUnicode:{name}"),
            }
        )
        fonts = doc.idToObject["BasicFonts"].dict
        fonts[name] = doc.Reference(font, f"font:{name}")

    def _descendant(self, doc: Any, base_font: str, codes: list[int]) -> Any:
        widths = [round(self.advance(chr(code)), 3) for code in codes]
        system = {"Registry": pdfdoc.PDFString("Adobe"), "Ordering": pdfdoc.PDFString("Identity")}
        font = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": "/" + base_font,
                "CIDSystemInfo": pdfdoc.PDFDictionary({**system, "Supplement": 0}),
                "FontDescriptor": self._descriptor(doc, base_font, codes),
                "DW": 1000,
                "W": pdfdoc.PDFArray([1, pdfdoc.PDFArray(widths)]),
                "CIDToGIDMap": "/Identity",
            }
        )
        return doc.Reference(font, f"descendant:{base_font}")

    def _descriptor(self, doc: Any, base_font: str, codes: list[int]) -> Any:
        data = subset(self.source, codes)
        scaled = [round(value * self._scale) for value in self.source.bbox]
        descriptor = pdfdoc.PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": "/" + base_font,
                "Flags": SYMBOLIC,
                "FontBBox": pdfdoc.PDFArray(scaled),
                "ItalicAngle": 0,
                "Ascent": round(self.source.ascent * self._scale),
                "Descent": round(self.source.descent * self._scale),
                "CapHeight": round(self.source.ascent * self._scale),
                "StemV": 80,
                "FontFile2": _stream(doc, data, f"fontFile:{base_font}", Length1=len(data)),
            }
        )
        return doc.Reference(descriptor, f"descriptor:{base_font}")


def embed(face: Face) -> EmbeddedFont:
    """Register a face with the PDF library; a face already registered is handed out again."""
    name = f"{face.path}#{face.index}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(EmbeddedFont(face, name))
    return cast(EmbeddedFont, pdfmetrics.getFont(name))


def _tag(name: str) -> str:
    """Six capitals that mark a subset, different for each font of a document."""
    number = int(name[1:])
    return "DESK" + chr(65 + number // 26 % 26) + chr(65 + number % 26)


def _stream(doc: Any, content: bytes, name: str, **entries: int) -> Any:
    stream = pdfdoc.PDFStream(content=content)
    for key, value in entries.items():
        stream.dictionary[key] = value
    if doc.compression:
        stream.filters = [pdfdoc.PDFZCompress]
    return doc.Reference(stream, name)


def to_unicode(codes: Iterable[int]) -> str:
    """The map from glyph numbers (1, 2, ...) back to Unicode, UTF-16 beyond the basic plane."""
    lines = [f"<{n:04X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for n, code in enumerate(codes, 1)]
    blocks = [lines[at : at + BLOCK] for at in range(0, len(lines), BLOCK)]
    body = [part for block in blocks for part in (f"{len(block)} beginbfchar", *block, "endbfchar")]
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <FFFF>",
            "endcodespacerange",
            *body,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        )
    )


def subset(face: Face, codes: Iterable[int]) -> bytes:
    """A TrueType file with the glyphs of the code points as 1, 2, ... (0 is the empty box)."""
    glyphs = [0, *(face.glyph(code) for code in codes)]
    outlines, glyphs = _outlines(face, glyphs)
    tables = {tag: face.table(tag) for tag in _COPIED_TABLES if face.has(tag)}
    tables["glyf"], tables["loca"] = _glyf_and_loca(outlines)
    tables["hmtx"] = b"".join(struct.pack(">Hh", *face.metrics(glyph)) for glyph in glyphs)
    tables["head"] = _patched(face.table("head"), (8, ">L", 0), (50, ">h", 1))
    tables["hhea"] = _patched(face.table("hhea"), (34, ">H", len(glyphs)))
    tables["maxp"] = _patched(face.table("maxp"), (4, ">H", len(glyphs)))
    return _file(tables)


def _outlines(face: Face, glyphs: list[int]) -> tuple[list[bytes], list[int]]:
    """Outlines of the glyphs and of every part they use, the parts renumbered and appended."""
    order = list(glyphs)
    numbers: dict[int, int] = {}
    outlines: list[bytes] = []
    while len(outlines) < len(order):
        outline = bytearray(face.outline(order[len(outlines)]))
        for part in parts(bytes(outline)):
            if part.glyph not in numbers:
                numbers[part.glyph] = len(order)
                order.append(part.glyph)
            struct.pack_into(">H", outline, part.offset, numbers[part.glyph])
        outlines.append(bytes(outline))
    return outlines, order


def _glyf_and_loca(outlines: list[bytes]) -> tuple[bytes, bytes]:
    padded = [outline + b"\0" * (-len(outline) % 4) for outline in outlines]
    offsets = [0]
    for outline in padded:
        offsets.append(offsets[-1] + len(outline))
    return b"".join(padded), struct.pack(f">{len(offsets)}L", *offsets)


def _patched(table: bytes, *changes: tuple[int, str, int]) -> bytes:
    copy = bytearray(table)
    for offset, format_, value in changes:
        struct.pack_into(format_, copy, offset, value)
    return bytes(copy)


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}L", padded)
    return sum(words) & 0xFFFFFFFF


def _file(tables: dict[str, bytes]) -> bytes:
    """The tables put together with directory and checksums (OpenType specification, sfnt)."""
    count = len(tables)
    power = count.bit_length() - 1
    search = 16 << power
    header = b"\x00\x01\x00\x00" + struct.pack(">4H", count, search, power, 16 * count - search)
    offset = len(header) + 16 * count
    directory, body = b"", b""
    for tag, data in sorted(tables.items()):
        place = offset + len(body)
        directory += struct.pack(">4s3L", tag.encode("latin-1"), _checksum(data), place, len(data))
        body += data + b"\0" * (-len(data) % 4)
    whole = bytearray(header + directory + body)
    head = whole.index(b"head", len(header))
    (head_at,) = struct.unpack_from(">L", whole, head + 8)
    struct.pack_into(">L", whole, head_at + 8, (0xB1B0AFBA - _checksum(bytes(whole))) & 0xFFFFFFFF)
    return bytes(whole)
