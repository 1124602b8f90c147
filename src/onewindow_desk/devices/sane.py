"""Scanners of Linux, through SANE's `scanimage` as a child: a driver that crashes takes nobody along."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from msgspec import Struct

from onewindow_desk.devices import files
from onewindow_desk.devices.scanner import Cancelled, Colour, OnPage, ScanSettings, Source
from onewindow_desk.devices.trouble import Trouble, complaint
from onewindow_desk.devices.watchdog import Watchdog
from onewindow_desk.faults import Refusal, Unreachable

PROGRAM = "scanimage"
ASK_SECONDS = 20.0
"""Looking for scanners waits for slow network drivers."""

PAGE_SECONDS = 60.0
STOP_SECONDS = 3.0
"""How long the driver may take to put the scanner to rest before it is killed."""

SAID = re.compile(r"^scanimage: (sane_\w+|open of device .* failed): (?P<status>[^:]+)$")
"""A complaint of scanimage; it ends in one of the fixed texts of SANE's `sane_strstatus`."""

TROUBLES = {
    "Device busy": Trouble.BUSY,
    "Document feeder jammed": Trouble.JAM,
    "Document feeder out of documents": Trouble.EMPTY,
    "Scanner cover is open": Trouble.OPEN,
    "Access to resource has been denied": Trouble.DENIED,
}

# Drivers name the same thing differently; the first pattern that one of their words fits wins.
SOURCES = {
    (Source.FLATBED, False): (r"flatbed", r"platen"),
    (Source.FEEDER, False): (r"adf.*front", r"adf(?!.*duplex)", r"feeder(?!.*duplex)", r"feeder"),
    (Source.FEEDER, True): (r"duplex",),
}
MODES = {
    Colour.COLOUR: (r"colou?r", r"gr[ae]y"),
    Colour.GREY: (r"gr[ae]y", r"colou?r"),
    Colour.LINEART: (r"line ?art", r"binary", r"black", r"gr[ae]y"),
}
OPTION = re.compile(r"^\s+--(source|mode|resolution)[ =]?(?P<words>.*?) \[(?P<now>[^\]]*)\]$", re.MULTILINE)


class SaneDevice(Struct, frozen=True):
    """A scanner that SANE found: its device name and what a person calls it."""

    device: str
    title: str


class SaneScanner:
    """One scanner of SANE.

    `device` as `scanimage -L` shows it; `environment` is added to the child's (SANE_CONFIG_DIR); `options`
    are further options of the driver, each as one argument.
    """

    def __init__(
        self,
        name: str,
        device: str,
        *,
        environment: Mapping[str, str] | None = None,
        options: tuple[str, ...] = (),
    ) -> None:
        self._name = name
        self._device = device
        self._environment = _environment(environment)
        self._options = options

    @property
    def name(self) -> str:
        """The name a person knows it by."""
        return self._name

    def scan(self, settings: ScanSettings, on_page: OnPage, cancelled: Cancelled) -> int:
        """Scan as told by `Scanner.scan`.

        Pages pass through a folder only this account can read, in memory where the system has one, and are
        removed as soon as they are read.
        """
        chosen = self._chosen(settings)
        form = "png" if settings.colour is Colour.LINEART else "jpeg"
        with tempfile.TemporaryDirectory(prefix="scan-", dir=_private_folder()) as folder:
            command = [
                PROGRAM,
                f"--device-name={self._device}",
                f"--format={form}",
                f"--batch={folder}/%d",
                "--batch-print",
                *([] if settings.source is Source.FEEDER else ["--batch-count=1"]),
                *chosen,
                *self._options,
            ]
            return self._run(command, Path(folder), on_page, cancelled)

    def _run(self, command: list[str], folder: Path, on_page: OnPage, cancelled: Cancelled) -> int:
        count = 0
        said = ""
        with (
            _child(command, self._environment) as process,
            Watchdog(cancelled, lambda: _stop(process), PAGE_SECONDS) as watchdog,
        ):
            for line in _lines(process.stdout):
                if line.startswith(f"{folder}/"):
                    _give(folder / Path(line).name, on_page)
                    count += 1
                    watchdog.allow(PAGE_SECONDS)
                elif complained := SAID.match(line):
                    said = complained["status"]
                    # Some drivers hang when they are put to rest after a trouble.
                    watchdog.allow(STOP_SECONDS)
        trouble = TROUBLES.get(said, Trouble.SILENT if said or watchdog.late else Trouble.EMPTY)
        # An empty feeder after some pages is the good end.
        if not (watchdog.gave_up or (count and trouble is Trouble.EMPTY)):
            raise complaint(trouble)
        return count

    def _chosen(self, settings: ScanSettings) -> list[str]:
        """The driver's own words for what is wanted; raises `Refusal` for a source it lacks."""
        offered = _offered(
            _ask([PROGRAM, f"--device-name={self._device}", "--all-options"], self._environment)
        )
        chosen = [f"--resolution={settings.dpi}"] if "resolution" in offered else []
        mode = _first_fit(MODES[settings.colour], offered.get("mode", ()))
        if mode:
            chosen.append(f"--mode={mode}")
        source = _first_fit(SOURCES[settings.source, settings.duplex], offered.get("source", ()))
        if source:
            chosen.append(f"--source={source}")
        elif "source" in offered or settings.source is Source.FEEDER:
            raise Refusal("这台扫描仪不能这样进纸。请换成玻璃板或单面，再扫一次。")
        return chosen


def sane_devices(environment: Mapping[str, str] | None = None) -> tuple[SaneDevice, ...]:
    """The scanners SANE finds now, none when SANE is not installed; takes seconds."""
    if shutil.which(PROGRAM) is None:
        return ()
    text = _ask([PROGRAM, "--formatted-device-list=%d\t%v %m%n"], _environment(environment))
    rows = (line.split("\t", 1) for line in text.splitlines() if "\t" in line)
    return tuple(SaneDevice(device, title.strip()) for device, title in rows)


def _environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    """English output, whatever the desktop speaks."""
    return {**os.environ, **(extra or {}), "LC_ALL": "C.UTF-8"}


def _private_folder() -> str | None:
    """A folder in memory for this account alone (XDG base directories), or None for the usual place."""
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    return folder if folder and os.access(folder, os.W_OK) else None


def _ask(command: list[str], environment: dict[str, str]) -> str:
    try:
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            timeout=ASK_SECONDS,
            check=False,
            text=True,
            errors="replace",
        )
    except FileNotFoundError:
        raise _no_sane() from None
    except subprocess.TimeoutExpired:
        raise complaint(Trouble.SILENT) from None
    return done.stdout


def _no_sane() -> Unreachable:
    return Unreachable("这台电脑没有装扫描程序。请系统管理员安装 sane-utils；现在可以先选文件。")


def _offered(text: str) -> dict[str, tuple[str, ...]]:
    """The choices of source, mode and resolution in the driver's help."""
    found = {match[1]: tuple(match["words"].split("|")) for match in OPTION.finditer(text)}
    if not found:
        # Help without options of a device: it could not be opened.
        raise complaint(Trouble.SILENT)
    return found


def _first_fit(patterns: tuple[str, ...], words: tuple[str, ...]) -> str:
    fits = (word for pattern in patterns for word in words if re.search(pattern, word, re.IGNORECASE))
    return next(fits, "")


@contextmanager
def _child(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a scan; whatever happens, no child is left behind."""
    try:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            # Drivers have children of their own; they are stopped together.
            start_new_session=True,
        )
    except FileNotFoundError:
        raise _no_sane() from None
    try:
        yield process
    finally:
        _stop(process)
        if process.stdout is not None:
            process.stdout.close()


def _stop(process: subprocess.Popen[str]) -> None:
    """Let the driver put the scanner to rest, then kill what is left."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _lines(stdout: IO[str] | None) -> Iterator[str]:
    return (line.strip() for line in stdout or ())


def _give(page: Path, on_page: OnPage) -> None:
    """Hand on a page and take its file away."""
    data, media = files.read_file(page)
    page.unlink()
    on_page(data, media)
