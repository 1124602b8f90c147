"""The kinds of file taken in, told by their first bytes.

Imports next to nothing: the reading helper starts anew for every file.
"""

from enum import StrEnum


class MediaType(StrEnum):
    """The four kinds of file that are taken in."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    TIFF = "image/tiff"
    PDF = "application/pdf"


MAGIC = (
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"II*\x00", MediaType.TIFF),
    (b"MM\x00*", MediaType.TIFF),
    (b"%PDF-", MediaType.PDF),
)


def sniff(head: bytes) -> MediaType | None:
    """Tell the kind of a file from its first bytes (8 are enough), or None when it is none of ours."""
    return next((media for magic, media in MAGIC if head.startswith(magic)), None)
