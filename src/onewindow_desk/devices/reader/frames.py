"""What the helper may say: frames of kind (1 byte), length (4 bytes, big-endian), body.

The helper is taken to be in an attacker's hands, so it says nothing but numbers, bare pixels and one of a
fixed list of reasons; every length is checked before it is read.
"""

import struct
from enum import StrEnum
from typing import BinaryIO, NamedTuple

from onewindow_desk.devices.reader.limits import MAX_SIDE

HEAD = struct.Struct(">cI")
PAGE = struct.Struct(">cII")
MAX_BODY = PAGE.size + 3 * MAX_SIDE * MAX_SIDE


class Kind:
    """The frames there are, in the order they may come: confined, pages, then end or refused."""

    CONFINED = b"C"
    PAGE = b"P"
    END = b"E"
    REFUSED = b"R"


class Reason(StrEnum):
    """Why a file is refused; the desk has the words."""

    KIND = "kind"
    PIXELS = "pixels"
    PAGES = "pages"
    PAGE_SIZE = "page_size"
    LOCKED = "locked"
    DAMAGED = "damaged"


class Garbled(Exception):
    """The helper broke off, or said something it may not say."""


class Raster(NamedTuple):
    """A page as bare pixels: `mode` "1" (8 pixels a byte, rows filled up), "L" or "RGB"."""

    mode: str
    width: int
    height: int
    pixels: bytes


MODES = {b"1": "1", b"L": "L", b"R": "RGB"}
LETTERS = {mode: letter for letter, mode in MODES.items()}


def bytes_needed(mode: str, width: int, height: int) -> int:
    """Length of the pixels of a page."""
    row = {"1": (width + 7) // 8, "L": width, "RGB": 3 * width}[mode]
    return row * height


def write(out: BinaryIO, kind: bytes, body: bytes = b"") -> None:
    """Send one frame."""
    out.write(HEAD.pack(kind, len(body)))
    out.write(body)
    out.flush()


def read(stream: BinaryIO) -> tuple[bytes, bytes]:
    """Receive one frame; raises `Garbled` when it is cut short or longer than any frame may be."""
    kind, length = HEAD.unpack(_exactly(stream, HEAD.size))
    if length > MAX_BODY:
        raise Garbled
    return kind, _exactly(stream, length)


def pack_page(page: Raster) -> bytes:
    """The body of a page frame."""
    return PAGE.pack(LETTERS[page.mode], page.width, page.height) + page.pixels


def unpack_page(body: bytes) -> Raster:
    """The page in a frame's body; raises `Garbled` unless size and pixels fit each other and the limits."""
    if len(body) < PAGE.size:
        raise Garbled
    letter, width, height = PAGE.unpack_from(body)
    if letter not in MODES or not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise Garbled
    mode = MODES[letter]
    if len(body) - PAGE.size != bytes_needed(mode, width, height):
        raise Garbled
    return Raster(mode, width, height, body[PAGE.size :])


def unpack_reason(body: bytes) -> Reason:
    """The reason in a refusal's body; raises `Garbled` for any other text."""
    try:
        return Reason(body.decode("ascii"))
    except ValueError:
        raise Garbled from None


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) != length:
        raise Garbled
    return data
