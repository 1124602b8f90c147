"""One HTTP question to a scanner, with every answer bounded in size and time."""

import hashlib
import hmac
import socket
import ssl
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from onewindow_desk.devices.scanner import Cancelled
from onewindow_desk.devices.trouble import Trouble, complaint
from onewindow_desk.devices.watchdog import Watchdog
from onewindow_desk.faults import Refusal, Unreachable

CONNECT_SECONDS = 3.0
CHUNK = 64 * 1024
HEADERS = {"Connection": "close", "Content-Type": "text/xml"}
PATH_LENGTH = 512
PIN_CHANGED = "扫描仪的证书和登记的不一样。请系统管理员核对这台扫描仪，再重新登记。"


class GaveUp(Exception):
    """The person cancelled while the scanner was being asked."""


class Answer(Struct, frozen=True):
    """An HTTP answer; `location` is the path it names on this same scanner, "" for none."""

    status: int
    body: bytes
    location: str
    retry_after: str


class Line:
    """The way to one scanner.

    `address` as `http://10.0.0.5/eSCL` (the path is /eSCL when left out). `pin` is the SHA-256 of the
    scanner's certificate in hexadecimal: scanners sign their own, so one look at enrolment takes the place of
    an authority; it may also stand behind a # in the address. Without a pin an https address needs a
    certificate this computer trusts. Redirects are not followed, and a job is looked for on no other
    machine. Raises `Refusal` for an address that is none.
    """

    def __init__(self, address: str, pin: str = "") -> None:
        parts = urlsplit(address)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in {"http", "https"} or not parts.hostname or port == -1:
            raise Refusal("扫描仪地址要像 http://10.0.0.5/eSCL。请改好后再试。", field="address")
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, port
        self._root = (parts.path.rstrip("/") or "/eSCL") + "/"
        self._pin = (pin or parts.fragment).replace(":", "").lower()

    def ask(
        self, method: str, path: str, *, limit: int, seconds: float, cancelled: Cancelled, body: bytes = b""
    ) -> Answer:
        """Ask for `path` (relative to the scanner's root, or absolute) and return the answer.

        `limit` bounds the body in bytes, `seconds` the whole exchange. Raises `Unreachable` for silence, a
        cut line or too long an answer, `GaveUp` after `cancelled()`, `Refusal` for a changed certificate.
        """
        with closing(self._connection()) as connection:
            self._connect(connection)
            line = connection.sock
            with Watchdog(cancelled, lambda: _hang_up(line), seconds) as watchdog:
                try:
                    connection.request(method, urljoin(self._root, path), body or None, HEADERS)
                    answer = self._answer(connection.getresponse(), limit)
                except (OSError, HTTPException, Unreachable) as trouble:
                    if watchdog.gave_up:
                        raise GaveUp from None
                    raise trouble if isinstance(trouble, Unreachable) else complaint(Trouble.SILENT) from None
            if watchdog.fired:
                # A body without a length looks whole when the line was hung up.
                raise GaveUp if watchdog.gave_up else complaint(Trouble.SILENT)
            return answer

    def _connection(self) -> HTTPConnection:
        if not self._secure:
            return HTTPConnection(self._host, self._port, timeout=CONNECT_SECONDS)
        context = ssl.create_default_context()
        if self._pin:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return HTTPSConnection(self._host, self._port, timeout=CONNECT_SECONDS, context=context)

    def _connect(self, connection: HTTPConnection) -> None:
        try:
            connection.connect()
        except ssl.SSLCertVerificationError:
            raise Refusal(PIN_CHANGED) from None
        except OSError:
            raise complaint(Trouble.SILENT) from None
        line = connection.sock
        if self._pin and not hmac.compare_digest(_shown(line), self._pin):
            raise Refusal(PIN_CHANGED)
        # From here the watchdog keeps the time.
        line.settimeout(None)

    def _answer(self, response: HTTPResponse, limit: int) -> Answer:
        location = response.headers.get("Location", "")
        return Answer(
            status=response.status,
            body=_body(response, limit),
            location=self._own_path(location) if location else "",
            retry_after=response.headers.get("Retry-After", ""),
        )

    def _own_path(self, location: str) -> str:
        path = urlsplit(urljoin(self._root, location)).path
        if len(path) > PATH_LENGTH or not path.isascii() or not path.isprintable() or " " in path:
            raise complaint(Trouble.NONSENSE)
        return path


def certificate_pin(host: str, port: int = 443) -> str:
    """The SHA-256 of the certificate a scanner shows now, for an administrator to compare and enrol."""
    try:
        pem = ssl.get_server_certificate((host, port), timeout=CONNECT_SECONDS)
    except OSError:
        raise complaint(Trouble.SILENT) from None
    return fingerprint(ssl.PEM_cert_to_DER_cert(pem))


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of a certificate in DER, in hexadecimal."""
    return hashlib.sha256(certificate).hexdigest()


def _shown(line: socket.socket) -> str:
    """The pin of the certificate shown on this line; "" on a line without TLS, which then fits no pin."""
    certificate = line.getpeercert(binary_form=True) if isinstance(line, ssl.SSLSocket) else None
    return fingerprint(certificate) if certificate else ""


def _hang_up(line: socket.socket) -> None:
    """Make a blocked read return.

    Not by the TLS socket's own shutdown: that one is not safe from another thread.
    """
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)


def _body(response: HTTPResponse, limit: int) -> bytes:
    promised = response.length
    if promised is not None and promised > limit:
        raise complaint(Trouble.NONSENSE)
    body = bytearray()
    while chunk := response.read(CHUNK):
        body += chunk
        if len(body) > limit:
            raise complaint(Trouble.NONSENSE)
    if promised is not None and len(body) != promised:
        raise complaint(Trouble.SILENT)
    return bytes(body)
