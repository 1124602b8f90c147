"""Two desks of the invented street that share their cases: `demo_central.py [--relay] FOLDER COMMAND...`.

Starts a private PostgreSQL in FOLDER, makes a central with one street, its people and two enrolled
desks where there are none yet, writes `pair.json`, runs COMMAND, and ends the server with it. With
--relay the desks reach the central through a port of their own, where COMMAND can cut the line. The
people's passwords are public: this is invented data on this machine alone.
"""

import contextlib
import io
import json
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
from private_postgres import Cluster
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from onewindow_desk.admin.__main__ import main as admin
from onewindow_desk.central.client import enrol
from onewindow_desk.demo import DEMO_PASSWORD, demo_plan
from onewindow_desk.opening import system_vault
from onewindow_desk.run import now
from onewindow_desk.services.enrolment import Invitation, enrol_desk
from onewindow_desk.settings import CentralAddress, load_desk_settings, save_desk_settings
from onewindow_desk.store import SecretVault

DATABASE = "onewindow"
STREET = demo_plan().street
ADMINISTRATORS = ("sysadmin", "secadmin", "auditor")
PEOPLE = (
    ("wang", "王一鸣", ("window",)),
    ("li", "李样和", ("window",)),
    ("jiang", "蒋样正", ("supervisor",)),
)
DESKS = (("desk-1", "1 号窗口", "wang", "王一鸣"), ("desk-2", "2 号窗口", "li", "李样和"))


class Demo:
    """The demo's central, made on first use."""

    def __init__(
        self, folder: Path, *, relay: bool = False, vault: Callable[[], SecretVault] = system_vault
    ) -> None:
        self.folder = folder
        self._vault = vault
        self._relay = relay
        self.cluster = Cluster(folder / "postgres", durable=True)
        self._passwords = folder / "pgpass"

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """The server runs inside; the street and its desks are there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.cluster.start()
        try:
            if not self._there():
                self.make_central()
                self.make_street()
                self.make_people()
            for desk, label, _, _ in DESKS:
                if not (self.folder / desk / "desk.db").exists():
                    self._enrol(desk, label)
            self._write_plan()
            yield
        finally:
            self.cluster.stop()

    def _there(self) -> bool:
        found = self.cluster.sql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'")  # noqa: S608
        return bool(found) and self._passwords.exists()

    def make_central(self) -> None:
        """An empty central, and a login for each duty of its administrators."""
        self.cluster.sql(f"DROP DATABASE IF EXISTS {DATABASE}")
        self.cluster.sql(f"CREATE DATABASE {DATABASE}")
        _administer("init-central", "--dsn", self.cluster.owner_dsn(DATABASE))
        rows = []
        for duty in ADMINISTRATORS:
            password = secrets.token_urlsafe(16)
            self.cluster.sql(f"DROP ROLE IF EXISTS demo_{duty}")
            self.cluster.sql(f"CREATE ROLE demo_{duty} LOGIN PASSWORD '{password}' IN ROLE owd_{duty}")
            rows.append(f"*:*:*:demo_{duty}:{password}")
        self._passwords.write_text("\n".join(rows) + "\n")
        self._passwords.chmod(0o600)

    def make_street(self) -> None:
        """The street, with nobody in it."""
        self._ask("sysadmin", "create-street", "--name", STREET.name, "--authority", STREET.authority,
                  "--inquiry-phone", STREET.inquiry_phone, "--supervise-phone", STREET.supervise_phone,
                  "--address", STREET.address, "--hours", STREET.hours, "--sample")  # fmt: skip

    def make_people(self) -> None:
        """The clerks and the supervisor, with their roles."""
        for login, name, roles in PEOPLE:
            asked = ("create-person", "--login", login, "--name", name, "--password-stdin")
            person = self._ask("sysadmin", *asked, said=DEMO_PASSWORD)["person_id"]
            granted = [word for role in roles for word in ("--role", role)]
            self._ask("secadmin", "grant", "--person", person, *granted)

    def invitation(self, label: str, *words: str) -> Invitation:
        """A ticket for a desk of this label, with all that goes with it; `words` go to `enrol-desk`."""
        wanted = ("enrol-desk", "--label", label, "--scope", "window", "--scope", "supervisor", *words)
        return Invitation(
            address=CentralAddress(hosts=(f"localhost:{self.cluster.port}",), database=DATABASE),
            authority=self.cluster.ca.read_bytes(),
            ticket=self._ask("sysadmin", *wanted)["ticket"],
            label=label,
        )

    def _enrol(self, desk: str, label: str) -> None:
        enrol_desk(self.folder / desk, self._vault(), self.invitation(label), enrol, now).close()

    def _write_plan(self) -> None:
        """Where the desks reach the central this time, and who works at them."""
        relay = _free_port() if self._relay else self.cluster.port
        for desk, _, _, _ in DESKS:
            settings = load_desk_settings(self.folder / desk)
            if settings.central is not None:
                central = msgspec.structs.replace(settings.central, hosts=(f"localhost:{relay}",))
                save_desk_settings(self.folder / desk, msgspec.structs.replace(settings, central=central))
        clerks = [
            {"folder": desk, "login": login, "password": DEMO_PASSWORD, "name": name}
            for desk, _, login, name in DESKS
        ]
        plan = {"central_port": self.cluster.port, "relay_port": relay, "clerks": clerks}
        (self.folder / "pair.json").write_text(json.dumps(plan, ensure_ascii=False, indent=2) + "\n")

    def _ask(self, duty: str, command: str, *words: str, said: str = "") -> dict[str, Any]:
        known = conninfo_to_dict(self.cluster.dsn(f"demo_{duty}", "", DATABASE))
        known.pop("password", None)
        dsn = make_conninfo("", **{**known, "passfile": str(self._passwords)})
        return _administer(command, "--dsn", dsn, "--street", STREET.code, *words, said=said)


def _administer(*words: str, said: str = "") -> dict[str, Any]:
    """One command of the administrators' program; its answer."""
    heard = io.StringIO()
    with contextlib.redirect_stdout(heard), patch.object(sys, "stdin", io.StringIO(f"{said}\n")):
        code = admin([*words, "--json"])
    if code:
        raise SystemExit(f"{words[0]}: {heard.getvalue()}")
    answer: dict[str, Any] = json.loads(heard.getvalue())
    return answer


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


def main(arguments: list[str]) -> int:
    """Run the command beside the central; its exit code."""
    relay = arguments[0] == "--relay"
    folder, *command = arguments[1:] if relay else arguments
    with Demo(Path(folder), relay=relay).running():
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
