"""What comes out of a strange file."""

from msgspec import Struct


class ReadPage(Struct, frozen=True):
    """One page made safe: re-encoded here from bare pixels, upright, without metadata.

    `data` is image/jpeg, or image/png for black-and-white pages; `width`, `height` in pixels (longer side at
    most 5,000); `thumbnail` a small JPEG. The original bytes are kept by the caller.
    """

    media_type: str
    data: bytes
    width: int
    height: int
    thumbnail: bytes
