"""Files a person drops or picks: known by their first bytes, never by their name."""

from pathlib import Path

from onewindow_desk.devices.media import MediaType, sniff
from onewindow_desk.faults import Refusal

MAX_BYTES = 50 * 1024 * 1024
"""The largest file taken in, in bytes."""

PICKER_PATTERNS = ("*.jpg", "*.jpeg", "*.png", "*.tif", "*.tiff", "*.pdf")
"""What a file picker offers; the bytes decide in the end."""


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
