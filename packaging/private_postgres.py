"""A PostgreSQL cluster of our own, on loopback only: for the tests, the benchmarks and the demo street.

`python packaging/private_postgres.py start DIR` makes and starts one and says as JSON how to reach it;
`stop DIR` ends it. Runs Debian's PostgreSQL as an ordinary user; started by root it becomes `nobody` first.
Roles come in over TLS with SCRAM alone; the owner of the cluster through a socket in a folder that only
the owner can enter. The certificate authority is thrown away as soon as it has signed the server's key.
"""

import argparse
import hashlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from psycopg.conninfo import make_conninfo

BIN = Path("/usr/lib/postgresql/15/bin")
HOST = "localhost"
OWNER = "postgres"
NOBODY = "nobody"
PATIENCE_S = 60.0
YEARS = 10

ALLOWED = f"""\
# TYPE   DATABASE     USER       ADDRESS       METHOD
local    all          {OWNER}                   trust
local    replication  {OWNER}                   trust
hostssl  all          all        127.0.0.1/32  scram-sha-256
hostssl  all          all        ::1/128       scram-sha-256
"""

SETTINGS = {
    "listen_addresses": "localhost",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # Who is who, and nobody between.
    "password_encryption": "scram-sha-256",
    "ssl": "on",
    "ssl_min_protocol_version": "TLSv1.3",
    "unix_socket_permissions": "0700",
    # A desk that has gone away is noticed, and holds no lock meanwhile.
    "tcp_keepalives_idle": "20",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15s",
    "idle_in_transaction_session_timeout": "5s",
    # Nobody's name or number in the log: no statement, no parameter, no error text (it may quote a value).
    "log_error_verbosity": "terse",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_line_prefix": "%m [%p] %e ",
    # A standby may be taken at any time, and finds what it missed for a while.
    "wal_level": "replica",
    "max_wal_senders": "8",
    "hot_standby": "on",
    "wal_keep_size": "256MB",
}
HURRIED = {"fsync": "off", "full_page_writes": "off"}


class ClusterTrouble(Exception):
    """The cluster did not do what it was told; the text ends with its own last words."""


def _runner() -> tuple[list[str], int | None]:
    """What to put before a command so that PostgreSQL, which refuses root, runs it; whose the files are."""
    if os.geteuid() != 0:
        return [], None
    account = pwd.getpwnam(NOBODY)
    become = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    if not subprocess.run([*become, "true"], capture_output=True, check=False).returncode:
        return become, account.pw_uid
    # A container without the right to change users may still have a name space of its own.
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"], None


def _free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _wait(until: Callable[[], bool], what: str) -> None:
    """Look 50 times a second, at most a minute."""
    deadline = time.monotonic() + PATIENCE_S
    while not until():
        if time.monotonic() > deadline:
            raise ClusterTrouble(f"the cluster took too long to {what}")
        time.sleep(0.02)


def _certificate(subject: str, issuer: str, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    """What both certificates have in common."""
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # A desk whose clock is a few days off shall still come in.
        .not_valid_before(now - timedelta(days=7))
        .not_valid_after(now + timedelta(days=365 * YEARS))
    )


def make_certificates() -> tuple[bytes, bytes, bytes]:
    """PEM of the authority's certificate, the server's certificate and the server's key.

    The authority's own key is forgotten, so nobody can ever be given another certificate by it.
    """
    authority, server = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = "OneWindow private authority"
    root = (
        _certificate(name, name, authority.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority, hashes.SHA256())
    )
    alternatives = x509.SubjectAlternativeName([x509.DNSName(HOST), x509.IPAddress(IPv4Address("127.0.0.1"))])
    leaf = (
        _certificate(HOST, name, server.public_key())
        .add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(authority, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    key = server.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return root.public_bytes(pem), leaf.public_bytes(pem), key


def _children(pid: int) -> list[int]:
    """The processes that `pid` started."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # The name in brackets may hold anything; what follows its end is plain.
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid:
            found.append(int(entry.name))
    return found


def _alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Cluster:
    """One PostgreSQL server and its files.

    `folder` holds what the caller may read (`ca.pem`, the port). Of an ordinary user the data lie
    there too; of root they lie under /var/tmp, where `nobody` can reach them. `durable=False` leaves
    out every sync: for tests that kill processes, never machines. `bound`: the server ends with the
    thread that started it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str = "central",
        durable: bool = False,
        bound: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self.name = name
        self._bound = bound
        self._settings = {**SETTINGS, **({} if durable else HURRIED), **(settings or {})}
        self._become, self._owner_uid = _runner()
        short = f"onewindow-pg-{hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]}"
        self._home = self.folder if self._owner_uid is None else Path("/var/tmp") / short  # noqa: S108 - 0700
        # A socket's path has room for some hundred bytes only.
        self._socket = Path("/var/tmp") / f"{short}-socket"  # noqa: S108 - 0700
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """The data folder, the server's alone."""
        return self._home / "data"

    @property
    def log(self) -> Path:
        """What the server says of itself."""
        return self._home / "log"

    @property
    def ca(self) -> Path:
        """The certificate that clients must pin."""
        return self.folder / "ca.pem"

    @property
    def port(self) -> int:
        """The port on loopback, the same for the cluster's whole life."""
        return int((self.folder / "port").read_text())

    @property
    def running(self) -> bool:
        """Whether the server runs."""
        if self._process is not None:
            return self._process.poll() is None
        pid = self._pid()
        return pid is not None and _alive(pid)

    def create(self) -> "Cluster":
        """Make the cluster, not yet started; one that is there stays as it is."""
        if (self.data / "PG_VERSION").exists():
            return self
        self._make_homes()
        self._run("initdb", "-D", self.data, "-U", OWNER, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
                  "--auth=reject", "--data-checksums")  # fmt: skip
        root, leaf, key = make_certificates()
        self.ca.write_bytes(root)
        self._give("server.crt", leaf)
        self._give("server.key", key)
        self._give("pg_hba.conf", ALLOWED.encode())
        self._configure()
        return self

    def start(self) -> "Cluster":
        """Start the server and wait until it takes connections."""
        if self.running:
            return self
        self.create()
        # Between finding a port and taking it somebody else may; the second look finds another.
        for last in (False, False, True):
            self._launch()
            try:
                _wait(self._ready, "start")
            except ClusterTrouble:
                if last or (self.folder / "settled").exists():
                    raise
                (self.folder / "port").unlink()
                continue
            (self.folder / "settled").touch()
            return self
        return self

    def stop(self, *, immediate: bool = False) -> None:
        """End the server: clients are sent away; `immediate` as after a fall, without a last checkpoint."""
        pid = self._pid()
        if pid is not None and _alive(pid):
            os.kill(pid, signal.SIGQUIT if immediate else signal.SIGINT)
            _wait(lambda: not _alive(pid), "stop")
        self._bury()

    def kill(self) -> None:
        """Kill every process of the server at once (SIGKILL), as when the machine loses its power."""
        pid = self._pid()
        if pid is None or not _alive(pid):
            return
        os.kill(pid, signal.SIGSTOP)  # it starts no more of them
        family = [pid, *_children(pid)]
        for one in family:
            os.kill(one, signal.SIGKILL)
        _wait(lambda: not any(map(_alive, family)), "die")
        self._bury()

    def restart(self, *, immediate: bool = True) -> None:
        """Stop and start again, on the same port."""
        self.stop(immediate=immediate)
        self.start()

    def standby(self, folder: Path, name: str = "standby") -> "Cluster":
        """A copy of this running cluster, started, that follows it by streaming."""
        copy = Cluster(folder, name=name, durable=True, bound=self._bound, settings=self._settings)
        copy._make_homes()
        copy.data.rmdir()
        source = make_conninfo(host=str(self._socket), port=self.port, user=OWNER)
        copy._run(
            "pg_basebackup", "-D", copy.data, "-R", "-X", "stream", "-c", "fast", "--no-sync", "-d", source
        )
        shutil.copy(self.ca, copy.ca)
        return copy.start()

    def promote(self) -> None:
        """Make a standby the primary."""
        self._run("pg_ctl", "promote", "-w", "-D", self.data)

    def synchronous(self, on: bool) -> None:
        """Whether a commit waits for a standby; returns once it holds (for on: once a standby follows)."""
        names = "*" if on else ""
        self.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        self.sql("SELECT pg_reload_conf()")
        held = "EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')"
        asked = (
            f"SELECT current_setting('synchronous_standby_names') = '{'*' if on else ''}' AND ({held}) = {on}"
        )
        _wait(lambda: bool(self.sql(asked)[0][0]), "change how it commits")

    def owner_dsn(self, database: str = "postgres") -> str:
        """How the owner of the cluster connects: superuser, no password, through the socket."""
        return make_conninfo(host=str(self._socket), port=self.port, user=OWNER, dbname=database)

    def dsn(self, user: str, password: str, database: str = "postgres", *others: "Cluster") -> str:
        """How a role connects: TLS with the pinned authority; `others` are asked when this one is away."""
        ports = [self.port, *(other.port for other in others)]
        return make_conninfo(
            host=",".join([HOST] * len(ports)),
            port=",".join(map(str, ports)),
            user=user,
            password=password,
            dbname=database,
            sslmode="verify-full",
            sslrootcert=str(self.ca),
            channel_binding="require",
            target_session_attrs="read-write",
        )

    def sql(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement as the owner; the rows, if it has any."""
        with psycopg.connect(self.owner_dsn(database), autocommit=True) as connection:
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []

    def destroy(self) -> None:
        """Kill the server and remove every file of it."""
        self.kill()
        for place in (self._home, self._socket, self.folder):
            shutil.rmtree(place, ignore_errors=True)

    def _pid(self) -> int | None:
        """The server's process, as its own file says; None when it has none."""
        if self._process is not None:
            return self._process.pid
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ValueError):
            return None
        # The file outlives a killed server, and its number may be somebody else's by now.
        return pid if str(self.data).encode() in command.split(b"\0") else None

    def _ready(self) -> bool:
        """Whether the server takes connections; trouble when it has ended instead."""
        process = self._process
        if process is None or process.poll() is not None:
            self._process = None
            raise ClusterTrouble(f"the server did not start:\n{self.log.read_text()[-2000:]}")
        try:
            status = (self.data / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return False
        # Line 1 names the process (an old file may lie there), line 8 says how far it is.
        return len(status) > 7 and status[0] == str(process.pid) and status[7].strip() == "ready"

    def _launch(self) -> None:
        """Start the server's process with what only this cluster has: port, socket and name."""
        chosen = self.folder / "port"
        if not chosen.exists():
            chosen.write_text(str(_free_port()))
        own = {"port": self.port, "unix_socket_directories": self._socket, "cluster_name": self.name}
        options = [f"--{key}={value}" for key, value in own.items()]
        tied = ["setpriv", "--pdeathsig", "QUIT"] if self._bound else []
        command = [*self._become, *tied, str(BIN / "postgres"), "-D", str(self.data), *options]
        handle = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd="/"
            )

    def _bury(self) -> None:
        """Take the ended process off the list."""
        if self._process is not None:
            self._process.wait(PATIENCE_S)
            self._process = None

    def _make_homes(self) -> None:
        """Empty folders for the data and the socket, the server's alone."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for place in (self._home, self._socket, self.data):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            if place != self.folder:
                self._hand_over(place)
        if self._owner_uid is None:
            self.folder.chmod(0o700)

    def _hand_over(self, place: Path) -> None:
        """Make a file or folder the server's; one of somebody else in its stead is not taken."""
        uid = os.geteuid() if self._owner_uid is None else self._owner_uid
        if place.is_symlink() or place.stat().st_uid not in {os.geteuid(), uid}:
            raise ClusterTrouble(f"{place} is somebody else's")
        if self._owner_uid is not None:
            os.chown(place, uid, pwd.getpwuid(uid).pw_gid)

    def _give(self, name: str, content: bytes) -> None:
        """Write a file into the data folder that only the server reads."""
        place = self.data / name
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        self._hand_over(place)

    def _configure(self) -> None:
        """The server's whole configuration: what is not here is PostgreSQL's default."""
        lines = (f"{key} = '{value}'\n" for key, value in self._settings.items())
        self._give("postgresql.conf", "".join(lines).encode())

    def _run(self, tool: str, *arguments: str | Path) -> None:
        """Run one of PostgreSQL's tools to its end."""
        command = [*self._become, str(BIN / tool), *map(str, arguments)]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
        if done.returncode:
            raise ClusterTrouble(f"{tool} ended with {done.returncode}:\n{done.stderr[-2000:]}")


def main(arguments: Sequence[str] | None = None) -> int:
    """`start DIR` prints as JSON how to reach the cluster; `stop DIR` and `destroy DIR` print nothing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("act", choices=["start", "stop", "destroy"])
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args(arguments)
    cluster = Cluster(chosen.folder, durable=True, bound=False)
    try:
        if chosen.act == "start":
            cluster.start()
            reach = {
                "host": HOST,
                "port": cluster.port,
                "ca": str(cluster.ca),
                "owner_dsn": cluster.owner_dsn(),
            }
            print(json.dumps(reach))
        else:
            {"stop": cluster.stop, "destroy": cluster.destroy}[chosen.act]()
    except ClusterTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
