"""Files a person drops or picks: known by their first bytes, never by their name."""

from enum import StrEnum
from pathlib import Path

from onewindow_desk.faults import Refusal

MAX_BYTES = 50 * 1024 * 1024
"""The largest file taken in, in bytes."""

PICKER_PATTERNS = ("*.jpg", "*.jpeg", "*.png", "*.tif", "*.tiff", "*.pdf")
"""What a file picker offers; the bytes decide in the end."""


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


def check(data: bytes, limit: int = MAX_BYTES) -> MediaType:
    """Return the kind of `data`; raises `Refusal` when it is empty, over `limit` bytes or not of ours."""
    if not data:
        raise Refusal("这个文件是空的。请重新选择。")
    if len(data) > limit:
        raise Refusal(f"文件超过 {limit // (1024 * 1024)} MB。请降低分辨率重新扫描，或分成几个文件。")
    media = sniff(data)
    if media is None:
        raise Refusal("只收 JPEG、PNG、TIFF、PDF 文件。请转换格式，或直接扫描原件。")
    return media


def read_file(path: Path, limit: int = MAX_BYTES) -> tuple[bytes, MediaType]:
    """Read one ordinary file of our kinds and return its bytes and kind.

    At most `limit` + 1 bytes are read, whatever the file claims. Raises `Refusal`.
    """
    if not path.is_file():
        raise Refusal("找不到这个文件。请重新选择。")
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError:
        raise Refusal("这个文件打不开。请检查是否被别的程序占用，再重新选择。") from None
    return data, check(data, limit)
