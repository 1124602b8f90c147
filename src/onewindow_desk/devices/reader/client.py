"""The desk's side of the reading helper: start it, feed it, watch it, believe nothing it says."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import BinaryIO

from onewindow_desk.devices import files
from onewindow_desk.devices.reader import frames
from onewindow_desk.devices.reader.confine import Confinement
from onewindow_desk.devices.reader.frames import Garbled, Kind, Raster, Reason
from onewindow_desk.devices.reader.limits import HELPER_FLAG, STANDARD, Limits
from onewindow_desk.devices.reader.page import ReadPage
from onewindow_desk.devices.scanner import Cancelled, never
from onewindow_desk.devices.watchdog import Watchdog
from onewindow_desk.faults import Fault, Refusal

WORDS = {
    Reason.KIND: "只收 JPEG、PNG、TIFF、PDF 文件。请转换格式，或直接扫描原件。",
    Reason.PIXELS: "图片太大。请把分辨率降到 300 dpi，再扫描一次。",
    Reason.PAGES: "文件超过 {pages} 页。请分成几个文件。",
    Reason.PAGE_SIZE: "PDF 里有一页大得打不开。请打印成 A4，再扫描。",
    Reason.LOCKED: "这个 PDF 有密码。请去掉密码，再选一次。",
    Reason.DAMAGED: "文件已损坏，读不出来。请重新扫描，或换一个文件。",
}
TOO_SLOW = "文件太复杂，读不完。请打印出来再扫描，或换一个文件。"
STOPPED = "已停止读取。原文件没有变动。"


def helper_command() -> tuple[str, ...]:
    """The command that starts the helper, from source or from a frozen program."""
    if getattr(sys, "frozen", False):
        return (sys.executable, HELPER_FLAG)
    return (sys.executable, "-P", "-S", "-m", "onewindow_desk.devices.reader")


def open_untrusted(
    source: Path | bytes,
    *,
    limits: Limits = STANDARD,
    cancelled: Cancelled = never,
    progress: Callable[[int], None] | None = None,
    command: tuple[str, ...] | None = None,
) -> tuple[ReadPage, ...]:
    """Open a JPEG, PNG, TIFF or PDF in a helper process and return its pages, all or none.

    Blocks: call it from `background.run`. `progress(n)` is told the number of pages done, on this thread.
    Raises `Refusal` when the file is over the limits, damaged, locked, of another kind, or was cancelled;
    `Fault` when the helper itself does not start.
    """
    # Loads the imaging library, which the desk's start can do without.
    from onewindow_desk.devices.reader.encode import encoded

    data = _bytes_of(source, limits)
    pages: list[ReadPage] = []
    for raster in _rasters(data, limits, cancelled, command or helper_command()):
        pages.append(encoded(raster))
        if progress is not None:
            progress(len(pages))
    return tuple(pages)


def confinement(command: tuple[str, ...] | None = None) -> Confinement:
    """What the helper can no longer do on this machine; raises `Fault` when it does not start."""
    with _helper(b"", STANDARD, command or helper_command()) as process:
        return _confined(_stdout(process))


def _bytes_of(source: Path | bytes, limits: Limits) -> bytes:
    if isinstance(source, Path):
        return files.read_file(source, limits.max_bytes)[0]
    files.check(source, limits.max_bytes)
    return source


def _rasters(data: bytes, limits: Limits, cancelled: Cancelled, command: tuple[str, ...]) -> Iterator[Raster]:
    """Yield pages as the helper sends them; raise in the person's words when it does not end well."""
    with (
        _helper(data, limits, command) as process,
        Watchdog(cancelled, process.kill, limits.page_seconds, limits.total_seconds) as watchdog,
    ):
        stream = _stdout(process)
        try:
            _confined(stream)
            yield from _pages(stream, limits, watchdog)
        except (Garbled, Fault):
            if watchdog.fired:
                raise Refusal(STOPPED if watchdog.gave_up else TOO_SLOW) from None
            raise


def _pages(stream: BinaryIO, limits: Limits, watchdog: Watchdog) -> Iterator[Raster]:
    """Yield pages until the end frame; raises `Refusal` for a refused or broken file."""
    try:
        for _ in range(limits.max_pages):
            kind, body = frames.read(stream)
            if kind != Kind.PAGE:
                break
            yield frames.unpack_page(body)
            watchdog.allow(limits.page_seconds)
        else:
            kind, body = frames.read(stream)
        if kind == Kind.END:
            return
        raise _refusal(kind, body, limits)
    except Garbled:
        if watchdog.fired:
            raise
        raise Refusal(WORDS[Reason.DAMAGED]) from None


def _refusal(kind: bytes, body: bytes, limits: Limits) -> Refusal:
    if kind != Kind.REFUSED:
        raise Garbled
    return Refusal(WORDS[frames.unpack_reason(body)].format(pages=limits.max_pages))


def _confined(stream: BinaryIO) -> Confinement:
    """The first frame; without it the helper did not even start."""
    try:
        kind, body = frames.read(stream)
    except Garbled:
        raise Fault("The reading helper does not start.") from None
    if kind != Kind.CONFINED or len(body) != 1:
        raise Fault("The reading helper speaks another protocol.")
    return Confinement(body[0] & Confinement.ALL)


@contextmanager
def _helper(data: bytes, limits: Limits, command: tuple[str, ...]) -> Iterator[subprocess.Popen[bytes]]:
    """Run the helper on `data`; it is dead when the block is left."""
    process = subprocess.Popen(
        [*command, *limits.words()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    feeder = Thread(target=_feed, args=(process.stdin, data), name="feed reading helper", daemon=True)
    feeder.start()
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        feeder.join()
        _stdout(process).close()


def _feed(stdin: BinaryIO, data: bytes) -> None:
    """Write everything and close; a helper that died early is noticed by the reading side."""
    with suppress(OSError):
        stdin.write(data)
    with suppress(OSError):
        stdin.close()


def _environment() -> dict[str, str]:
    """Nothing of ours but what finds the program and, on Windows, the system."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    return {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **kept}


def _stdout(process: subprocess.Popen[bytes]) -> BinaryIO:
    if process.stdout is None:
        raise Fault("The reading helper has no output.")
    return process.stdout  # type: ignore[return-value]  # typeshed says IO[bytes]
