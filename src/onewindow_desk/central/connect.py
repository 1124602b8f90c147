"""Opening the one connection: TLS against the pinned authority, SCRAM bound to it, nobody waits for ever.

The hosts are tried one after the other for one that can be written to. Name look-up and every step of
libpq's own connecting are waited for here, with a deadline and an ear for `Lifeline.cut`.
"""

import ipaddress
import select
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import psycopg
from msgspec import Struct
from psycopg import pq
from psycopg.conninfo import make_conninfo

from onewindow_desk.central.trouble import UNKNOWN_DESK, Refused, no_answer, refused
from onewindow_desk.central.watchdog import LIMIT_SECONDS, Lifeline
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.settings import CentralAddress

APPLICATION = "onewindow-desk"
"""The same at every desk: other sessions can read it."""

_LOOK_SECONDS = 0.1
_LOGIN_GONE = "本机的中心库口令不在了。请管理员重新登记这台电脑，内容都存在本机。"
_NO_AUTHORITY = "找不到中心库的证书文件。请管理员重新登记这台电脑，内容都存在本机。"
_FALSE_CERTIFICATE = "中心库的证书与本机保存的不符，没有连接。请立即告诉管理员，内容都存在本机。"

# libpq gives no SQLSTATE for what a server says before the session begins; the server's messages must be
# in English (`lc_messages`), which the central's set-up sees to.
_TURNED_AWAY = ("password authentication failed", "not permitted to log in", "no pg_hba.conf entry")
_NOT_THE_CENTRAL = ("certificate verify failed", "does not match host name", "signature failure")

_STATEMENT_MS = int((LIMIT_SECONDS - 1) * 1000)
_FIXED: dict[str, Any] = {
    "application_name": APPLICATION,
    "sslmode": "verify-full",
    "channel_binding": "require",
    "require_auth": "scram-sha-256",
    "gssencmode": "disable",
    "target_session_attrs": "read-write",
    "client_encoding": "utf8",
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": int(LIMIT_SECONDS * 1000),
    # The server gives up before we do, and then says so.
    "options": f"-c statement_timeout={_STATEMENT_MS}",
}


class Door(Struct, frozen=True, kw_only=True):
    """Where the central answers, which authority its certificate must come from, and our login there."""

    address: CentralAddress
    authority: Path
    login: str


def open_line(door: Door, password: Callable[[], bytes | None], lifeline: Lifeline) -> psycopg.Connection:
    """A connection in autocommit to the first host that can be written to, within the lifeline's limit.

    `password` is asked once and its answer not kept. Unreachable when no host answered; Refusal when one
    turned us away or was not the central.
    """
    secret = password()
    if secret is None:
        raise Refusal(_LOGIN_GONE)
    if not door.authority.is_file():
        raise Refusal(_NO_AUTHORITY)
    deadline = time.monotonic() + lifeline.seconds
    hosts = door.address.hosts
    turned_away: Refusal | None = None
    for number, host in enumerate(hosts):
        until = _share(deadline, len(hosts) - number)
        try:
            return _try_host(door, host, secret, lifeline, until)
        except Refusal as refusal:
            turned_away = refusal
        except Unreachable:
            continue
    raise turned_away or no_answer()


def _share(deadline: float, among: int) -> float:
    """When the first of `among` tries must be over so that each gets the same part of what is left."""
    now = time.monotonic()
    return now + max(deadline - now, 0) / among


def _try_host(door: Door, host: str, secret: bytes, lifeline: Lifeline, until: float) -> psycopg.Connection:
    """A connection to one host, at whichever of its addresses answers."""
    name, _, port = host.rpartition(":")
    name = name.strip("[]")
    addresses = _addresses(name, int(port), lifeline, until)
    for number, address in enumerate(addresses):
        info = make_conninfo(
            host=name,
            hostaddr=address,
            port=int(port),
            user=door.login,
            password=secret.decode("ascii"),
            dbname=door.address.database,
            sslrootcert=str(door.authority),
            **_FIXED,
        )
        try:
            return _connected(info, lifeline, _share(until, len(addresses) - number))
        except Unreachable:
            continue
    raise no_answer()


def _addresses(name: str, port: int, lifeline: Lifeline, until: float) -> list[str]:
    """The numeric addresses of a host, looked up aside: the system's look-up cannot be stopped."""
    try:
        return [str(ipaddress.ip_address(name))]
    except ValueError:
        found: SimpleQueue[list[str]] = SimpleQueue()
    Thread(target=_look_up, args=(name, port, found), name="central-name", daemon=True).start()
    while not lifeline.is_cut and time.monotonic() < until:
        try:
            return found.get(timeout=_LOOK_SECONDS)
        except Empty:
            continue
    return []


def _look_up(name: str, port: int, found: "SimpleQueue[list[str]]") -> None:
    try:
        answers = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except OSError:
        answers = []
    found.put([str(answer[4][0]) for answer in answers])


def _connected(info: str, lifeline: Lifeline, until: float) -> psycopg.Connection:
    """Take libpq through connecting, step by step."""
    line = pq.PGconn.connect_start(info.encode())
    try:
        for status, descriptor in _steps(line):
            lifeline.hold(descriptor)
            _await(descriptor, status, lifeline, until)
    except BaseException:
        line.finish()
        raise
    if line.status != pq.ConnStatus.OK:
        trouble = _why(line.get_error_message())
        line.finish()
        raise trouble
    line.nonblocking = 1
    connection = psycopg.Connection(line)
    connection.autocommit = True
    # A pooler between us and the server, or a reset of the session, forgets prepared statements.
    connection.prepare_threshold = None
    return connection


def _steps(line: pq.abc.PGconn) -> Iterator[tuple[int, int]]:
    """What the connection waits for, until it stands or has failed."""
    while line.status != pq.ConnStatus.BAD:
        status = line.connect_poll()
        if status not in {pq.PollingStatus.READING, pq.PollingStatus.WRITING}:
            return
        yield status, line.socket


def _await(descriptor: int, status: int, lifeline: Lifeline, until: float) -> None:
    """Wait until the socket can be read or written; Unreachable when time is up or the line was cut."""
    reading = [descriptor] if status == pq.PollingStatus.READING else []
    writing = [] if reading else [descriptor]
    while True:
        left = until - time.monotonic()
        if left <= 0 or lifeline.is_cut:
            raise no_answer()
        # Windows reports a refused connection as an exceptional condition only.
        if any(select.select(reading, writing, [descriptor], min(left, _LOOK_SECONDS))):
            return


def _why(message: str) -> Refused | Unreachable:
    """What an attempt that ended without a connection means; the message goes no further."""
    if any(sign in message for sign in _NOT_THE_CENTRAL):
        return refused(UNKNOWN_DESK, _FALSE_CERTIFICATE)
    if any(sign in message for sign in _TURNED_AWAY):
        return refused(UNKNOWN_DESK)
    return no_answer()
