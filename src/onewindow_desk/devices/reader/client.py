"""The desk's side of the reading helper."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from onewindow_desk.devices.reader.limits import Limits
from onewindow_desk.devices.scanner import Cancelled, never
from onewindow_desk.faults import Unreachable


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


def open_untrusted(
    source: Path | bytes,
    *,
    limits: Limits = Limits(),
    cancelled: Cancelled = never,
    progress: Callable[[int], None] | None = None,
) -> tuple[ReadPage, ...]:
    """Open a JPEG, PNG, TIFF or PDF in a helper process and return its pages, all or none.

    Blocks: call it from `background.run`. `progress(n)` is told the number of pages done, on this thread.
    Raises `Refusal` when the file is over the limits, damaged, locked, of another kind, or was cancelled.
    """
    raise Unreachable("正在装配。")
