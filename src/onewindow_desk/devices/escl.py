"""Network scanners by eSCL, on every system and without a driver."""

import time
from contextlib import suppress

from msgspec import Struct

from onewindow_desk.devices import files
from onewindow_desk.devices.escl_line import Answer, GaveUp, Line
from onewindow_desk.devices.escl_messages import (
    Capabilities,
    Status,
    parse_capabilities,
    parse_status,
    scan_request,
)
from onewindow_desk.devices.media import MediaType, sniff
from onewindow_desk.devices.scanner import Cancelled, OnPage, ScanSettings, Source, never
from onewindow_desk.devices.trouble import Trouble, complaint
from onewindow_desk.faults import Refusal, Unreachable

CREATED, OK, NOT_FOUND, CONFLICT, GONE, UNAVAILABLE = 201, 200, 404, 409, 410, 503
XML_BYTES = 256 * 1024
PAUSE = 0.25
"""Seconds between two askings of a scanner that says "not yet"."""


class Patience(Struct, frozen=True):
    """Seconds to wait for a plain answer and for a page (lamps warm up, sheets are 600 dpi)."""

    answer: float = 5.0
    page: float = 60.0


class EsclScanner:
    """One scanner at one address; see `Line` for `address` and `pin`."""

    def __init__(self, name: str, address: str, *, pin: str = "", patience: Patience | None = None) -> None:
        self._name = name
        self._line = Line(address, pin)
        self._patience = patience or Patience()

    @property
    def name(self) -> str:
        """The name a person knows it by."""
        return self._name

    def capabilities(self) -> Capabilities:
        """Ask what the scanner can do; raises `Unreachable`."""
        return parse_capabilities(self._document("ScannerCapabilities", never))

    def status(self) -> Status:
        """Ask how the scanner is; raises `Unreachable`."""
        return parse_status(self._document("ScannerStatus", never))

    def scan(self, settings: ScanSettings, on_page: OnPage, cancelled: Cancelled) -> int:
        """Scan as told by `Scanner.scan`."""
        try:
            capabilities = parse_capabilities(self._document("ScannerCapabilities", cancelled))
            request = scan_request(settings, capabilities)
            trouble = parse_status(self._document("ScannerStatus", cancelled)).trouble(settings.source)
            if trouble is not None:
                raise complaint(trouble)
            job = self._start(request, settings.source)
            return self._run(job, settings.source, on_page, cancelled)
        except GaveUp:
            return 0

    def _document(self, path: str, cancelled: Cancelled) -> bytes:
        answer = self._line.ask(
            "GET", path, limit=XML_BYTES, seconds=self._patience.answer, cancelled=cancelled
        )
        if answer.status == UNAVAILABLE:
            raise complaint(Trouble.BUSY)
        if answer.status != OK:
            raise complaint(Trouble.NONSENSE)
        return answer.body

    def _start(self, request: bytes, source: Source) -> str:
        """Create the job and return its path. Not to be broken off, or the job would be left behind."""
        answer = self._line.ask(
            "POST", "ScanJobs", limit=XML_BYTES, seconds=self._patience.answer, cancelled=never, body=request
        )
        if answer.status == CREATED and answer.location:
            return answer.location
        if answer.status in {CONFLICT, UNAVAILABLE}:
            raise complaint(self._why(source) or Trouble.BUSY)
        raise complaint(Trouble.DENIED if answer.status in {401, 403} else Trouble.NONSENSE)

    def _run(self, job: str, source: Source, on_page: OnPage, cancelled: Cancelled) -> int:
        """Give out the pages of a job; whatever ends it early, the scanner is told to stop."""
        count = 0
        ended = False
        try:
            while not cancelled():
                page = self._next(job, cancelled)
                if page is None:
                    ended = True
                    break
                on_page(page, files.check(page))
                count += 1
        except GaveUp:
            return count
        except Unreachable:
            # A jam often shows as a cut line; the scanner's own word is the better one.
            why = self._why(source)
            if why in {Trouble.JAM, Trouble.OPEN}:
                raise complaint(why) from None
            raise
        finally:
            if not ended:
                self._stop(job)
        if ended:
            self._check_end(source, count)
        return count

    def _next(self, job: str, cancelled: Cancelled) -> bytes | None:
        """The next page, or None when there is no more; waits while the scanner says "not yet"."""
        until = time.monotonic() + self._patience.page
        while True:
            answer = self._line.ask(
                "GET",
                job.rstrip("/") + "/NextDocument",
                limit=files.MAX_BYTES,
                seconds=max(0.0, until - time.monotonic()),
                cancelled=cancelled,
            )
            if answer.status != UNAVAILABLE:
                return _page(answer)
            if time.monotonic() + PAUSE > until:
                raise complaint(Trouble.SILENT)
            _pause(cancelled)

    def _check_end(self, source: Source, count: int) -> None:
        """A job also "ends" at a jam, an open lid, or with nothing in the feeder."""
        why = self._why(source)
        if why in {Trouble.JAM, Trouble.OPEN}:
            raise complaint(why)
        if count == 0:
            raise complaint(why or (Trouble.EMPTY if source is Source.FEEDER else Trouble.NONSENSE))

    def _why(self, source: Source) -> Trouble | None:
        """What the scanner itself says is wrong; None when it says nothing."""
        try:
            return self.status().trouble(source)
        except (Unreachable, Refusal):
            return None

    def _stop(self, job: str) -> None:
        """Tell the scanner to drop the job; it may already have, or be out of reach."""
        with suppress(Unreachable, Refusal):
            self._line.ask("DELETE", job, limit=XML_BYTES, seconds=self._patience.answer, cancelled=never)


def _page(answer: Answer) -> bytes | None:
    if answer.status in {NOT_FOUND, GONE}:
        return None
    if answer.status != OK or sniff(answer.body[:8]) not in {MediaType.JPEG, MediaType.PDF}:
        raise complaint(Trouble.NONSENSE)
    return answer.body


def _pause(cancelled: Cancelled) -> None:
    if cancelled():
        raise GaveUp
    time.sleep(PAUSE)
