"""Pages coming in: from the scanner one by one, from files whole; nothing is shown before it is read."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from onewindow_desk.background import Background
from onewindow_desk.devices import files
from onewindow_desk.devices.reader.page import ReadPage
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.workspaces.intake.ports import IntakeDevices


@dataclass(frozen=True, slots=True)
class Target:
    """Where pages go: the draft that was in front when they were asked for, and its material."""

    draft_id: UUID
    material: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """One page as the scanner gave it; not opened yet."""

    target: Target
    data: bytes
    media_type: str
    number: int


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file from the person, opened in the helper: its own bytes and its pages made safe."""

    target: Target
    data: bytes
    media_type: str
    pages: tuple[ReadPage, ...]


class Collector(QObject):
    """Runs the scanner and opens files off the main thread; speaks by signals on the main thread.

    `scanned` emits a Scanned, `file_read` a FileRead, `ended` the number of pages scanned,
    `refused` (target, text) what the person can mend.
    """

    scanned = Signal(object)
    file_read = Signal(object)
    ended = Signal(object)
    refused = Signal(object)
    _page = Signal(object)

    def __init__(self, background: Background, devices: IntakeDevices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._devices = devices
        self._give_up = Event()
        self._scanning = False
        # A signal, queued, is the one way from the scanning thread to this one.
        self._page.connect(self._arrived, Qt.ConnectionType.QueuedConnection)

    @property
    def scanning(self) -> bool:
        """Whether the scanner is at work."""
        return self._scanning

    @property
    def has_scanner(self) -> bool:
        """Whether there is a scanner to start."""
        return self._devices.scanner is not None

    def scan(self, target: Target) -> None:
        """Start the scanner; the pages come by `scanned`, one by one."""
        scanner = self._devices.scanner
        if scanner is None or self._scanning:
            return
        settings = self._devices.settings
        self._scanning = True
        self._give_up = give_up = Event()
        numbers = iter(range(1, 1_000_000))

        def on_page(data: bytes, media_type: str) -> None:
            if isValid(self):
                self._page.emit(Scanned(target, data, media_type, next(numbers)))

        def cancelled() -> bool:
            # The person may have left in the middle, and this page with them.
            return give_up.is_set() or not isValid(self)

        self._background.run(
            lambda: scanner.scan(settings, on_page, cancelled),
            self._end,
            partial(self._scan_refused, target),
        )

    def stop(self) -> None:
        """Tell the scanner to stop; pages that came stay."""
        self._give_up.set()

    def open_file(self, target: Target, path: Path) -> None:
        """Open a file the person chose; it comes by `file_read`."""

        def read() -> FileRead:
            data, media_type = files.read_file(path)
            return FileRead(target, data, media_type.value, self._devices.read(data))

        self._background.run(read, self._file_came, partial(self._file_refused, target))

    @Slot(object)
    def _arrived(self, page: Scanned) -> None:
        self.scanned.emit(page)

    def _end(self, pages: int) -> None:
        if isValid(self):
            self._scanning = False
            self.ended.emit(pages)

    def _scan_refused(self, target: Target, trouble: Refusal | Unreachable) -> None:
        if isValid(self):
            self._scanning = False
            self.ended.emit(0)
            self.refused.emit((target, trouble.text))

    def _file_came(self, read: FileRead) -> None:
        if isValid(self):
            self.file_read.emit(read)

    def _file_refused(self, target: Target, trouble: Refusal | Unreachable) -> None:
        if isValid(self):
            self.refused.emit((target, trouble.text))
