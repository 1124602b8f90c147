"""A network scanner on this computer's loopback, with troubles on demand.

Debian's sane-airscan takes it for a real one (tests/devices/test_escl_airscan.py).
"""

import re
import ssl
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self, cast

from onewindow_desk.devices.simulated import escl_texts
from onewindow_desk.devices.simulated.sheets import sheet


class Mischief(StrEnum):
    """Troubles to play, after `strikes_after` good pages."""

    NONE = "none"
    JAM = "jam"
    COVER_OPEN = "cover open"
    BUSY = "busy"
    CUT = "connection cut in mid-page"
    STALL = "half a page, then silence"
    GIANT = "a page without end"
    GIANT_CLAIM = "a page said to be huge"
    NOT_A_PAGE = "a page that is a program"
    MALFORMED = "broken XML"
    BOMB = "an entity bomb"
    ELSEWHERE = "a job on another machine"
    NOT_YET = "not yet, then the page"


FEEDER_STATES = {Mischief.JAM: "ScannerAdfJam", Mischief.COVER_OPEN: "ScannerAdfHatchOpen"}
XML = "text/xml"
CHUNK = bytes(64 * 1024)


class Job:
    """One scan job: what is asked for and how many pages are out."""

    def __init__(self, path: str, request: str) -> None:
        self.path = path
        self.flatbed = "Platen" in request
        self.grey = "Grayscale8" in request
        self.dpi = _asked(request, "XResolution", 200)
        self.width = _asked(request, "Width", 2480) * self.dpi // 300
        self.height = _asked(request, "Height", 3508) * self.dpi // 300
        self.pages = 0


class SimulatedEscl:
    """The scanner: use it in a `with` block, then scan from `address`.

    `sheets_loaded` lie in the feeder; `sheets` are the JPEGs to show (drawn ones when empty); `context` makes
    it speak TLS. `cancelled_jobs` lists the paths of jobs that a client deleted before their end.
    """

    def __init__(
        self,
        *,
        sheets_loaded: int = 3,
        sheets: tuple[bytes, ...] = (),
        mischief: Mischief = Mischief.NONE,
        strikes_after: int = 0,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.sheets_loaded = sheets_loaded
        self.mischief = mischief
        self.strikes_after = strikes_after
        self.cancelled_jobs: list[str] = []
        self.requests: list[str] = []
        self.stalled = Event()
        self.jobs: dict[str, Job] = {}
        self.lock = Lock()
        self._sheets = sheets
        self._closing = Event()
        self._pages_out = 0
        self._jobs_made = 0
        self._server = _Server(self)
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "https" if context else "http"
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="simulated scanner")

    @property
    def port(self) -> int:
        """The loopback port."""
        return self._server.server_address[1]

    @property
    def address(self) -> str:
        """The address to give to `EsclScanner`."""
        return f"{self._scheme}://127.0.0.1:{self.port}/eSCL"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def load(self, count: int) -> None:
        """Put `count` sheets into the feeder and clear any trouble: what a person does after a jam."""
        with self.lock:
            self.sheets_loaded, self.mischief = count, Mischief.NONE

    def striking(self, mischief: Mischief) -> bool:
        """Whether this trouble is on now."""
        return self.mischief is mischief and self._pages_out >= self.strikes_after

    def status(self) -> bytes:
        """ScannerStatus as of now."""
        feeder = "ScannerAdfLoaded" if self.sheets_loaded else "ScannerAdfEmpty"
        for mischief, state in FEEDER_STATES.items():
            feeder = state if self.striking(mischief) else feeder
        state = "Processing" if self.striking(Mischief.BUSY) else "Idle"
        return escl_texts.status(state, feeder, tuple(self.jobs))

    def start(self, request: str) -> Job | None:
        """Take a job, or None when there is nothing to scan or a trouble is on."""
        with self.lock:
            job = Job(f"/eSCL/ScanJobs/{self._jobs_made + 1}", request)
            stopped = any(self.striking(one) for one in (Mischief.BUSY, *FEEDER_STATES))
            if stopped or not (job.flatbed or self.sheets_loaded):
                return None
            self._jobs_made += 1
            self.jobs[job.path] = job
            return job

    def next_page(self, job: Job) -> bytes | None:
        """Feed one sheet of a job; None ends the job."""
        with self.lock:
            done = job.pages == 1 if job.flatbed else self.sheets_loaded == 0
            if done or any(self.striking(one) for one in FEEDER_STATES):
                self.jobs.pop(job.path, None)
                return None
            job.pages += 1
            self._pages_out += 1
            self.sheets_loaded -= 0 if job.flatbed else 1
            number = self._pages_out
        if self._sheets:
            return self._sheets[(number - 1) % len(self._sheets)]
        return sheet(number, job.width, job.height, grey=job.grey)

    def cancel(self, path: str) -> bool:
        """Drop a job; false when there is none."""
        with self.lock:
            if self.jobs.pop(path, None) is None:
                return False
            self.cancelled_jobs.append(path)
            return True

    def hold(self) -> None:
        """Keep a connection silent until the scanner is switched off."""
        self.stalled.set()
        self._closing.wait()


def _asked(request: str, name: str, otherwise: int) -> int:
    found = re.search(rf"<[a-z]+:{name}>(\d{{1,5}})<", request)
    return int(found[1]) if found else otherwise


class _Server(ThreadingHTTPServer):
    """Listens on a free loopback port."""

    daemon_threads = False
    block_on_close = True

    def __init__(self, scanner: SimulatedEscl) -> None:
        self.scanner = scanner
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet: clients that hang up are part of the play."""


class _Handler(BaseHTTPRequestHandler):
    """Answers one request per connection."""

    @property
    def _scanner(self) -> SimulatedEscl:
        return cast(_Server, self.server).scanner

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002  # inherited
        """Note the request for the tests instead of printing it."""
        self._scanner.requests.append(f"{self.command} {self.path}")

    def do_GET(self) -> None:
        """Capabilities, status, or the next page."""
        if self.path == "/eSCL/ScannerCapabilities":
            self._reply(200, XML, self._spoiled(escl_texts.capabilities()))
        elif self.path == "/eSCL/ScannerStatus":
            self._reply(200, XML, self._scanner.status())
        elif self.path.endswith("/NextDocument"):
            self._next_page(self._scanner.jobs.get(self.path.removesuffix("/NextDocument")))
        else:
            self._reply(404)

    def do_POST(self) -> None:
        """A new job."""
        request = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode("utf-8", "replace")
        job = self._scanner.start(request) if self.path == "/eSCL/ScanJobs" else None
        if job is None:
            self._reply(409)
            return
        elsewhere = self._scanner.striking(Mischief.ELSEWHERE)
        host = "198.51.100.7" if elsewhere else self.headers.get("Host", "")
        self._reply(201, location=f"http://{host}{job.path}")

    def do_DELETE(self) -> None:
        """Drop a job."""
        self._reply(200 if self._scanner.cancel(self.path) else 404)

    def _spoiled(self, xml: bytes) -> bytes:
        if self._scanner.striking(Mischief.MALFORMED):
            return xml[: len(xml) // 2]
        return escl_texts.ENTITY_BOMB if self._scanner.striking(Mischief.BOMB) else xml

    def _reply(self, status: int, kind: str = "", body: bytes = b"", location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _next_page(self, job: Job | None) -> None:
        scanner = self._scanner
        if scanner.striking(Mischief.NOT_YET):
            scanner.mischief = Mischief.NONE
            self._reply(503)
            return
        spoil = SPOILERS.get(scanner.mischief) if scanner.striking(scanner.mischief) else None
        page = scanner.next_page(job) if job else None
        if page is None:
            self._reply(404)
        elif spoil is None:
            self._reply(200, "image/jpeg", page)
        else:
            spoil(self, page)

    def _begin(self, length: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        if length:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def cut(self, page: bytes) -> None:
        """Hang up in the middle of a page."""
        self._begin(len(page))
        self.wfile.write(page[: len(page) // 2])

    def stall(self, page: bytes) -> None:
        """Fall silent in the middle of a page."""
        self.cut(page)
        self.wfile.flush()
        self._scanner.hold()

    def giant(self, page: bytes) -> None:
        """Send without end, until the client hangs up."""
        self._begin(0)
        self.wfile.write(page)
        while True:
            self.wfile.write(CHUNK)

    def giant_claim(self, page: bytes) -> None:
        """Promise a page of a terabyte."""
        self._begin(1 << 40)
        self.wfile.write(page)

    def not_a_page(self, page: bytes) -> None:
        """Send a program under the name of a picture."""
        self._reply(200, "image/jpeg", b"MZ" + page)


SPOILERS = {
    Mischief.CUT: _Handler.cut,
    Mischief.STALL: _Handler.stall,
    Mischief.GIANT: _Handler.giant,
    Mischief.GIANT_CLAIM: _Handler.giant_claim,
    Mischief.NOT_A_PAGE: _Handler.not_a_page,
}
