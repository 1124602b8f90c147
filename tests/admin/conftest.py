"""The demo street in a temporary folder, with a vault in memory; and a central with its administrators."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from office import AUDIT, PASSWORD, SECURITY, SYSTEM, Office

from onewindow_desk.admin.__main__ import main
from onewindow_desk.demo import demo_plan
from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.services.administer import found_street

LOGINS = {"sysadmin": SYSTEM, "secadmin": SECURITY, "auditor": AUDIT}


class MemoryVault:
    """What the system's vault would keep."""

    def __init__(self) -> None:
        self.secrets: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        return self.secrets.get(name)

    def set(self, name: str, secret: bytes) -> None:
        self.secrets[name] = secret

    def delete(self, name: str) -> None:
        self.secrets.pop(name, None)


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault()


@pytest.fixture
def street(tmp_path: Path, vault: MemoryVault) -> Path:
    """The folder of a founded street whose store is closed."""
    folder = tmp_path / "street"
    ids = (UUID(int=1), UUID(int=2), UUID(int=3))
    noon = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)
    found_street(folder, vault, demo_plan(), UUID(int=7), ids, lambda: noon).close()
    return folder


@pytest.fixture(scope="module")
def office(cluster, central):
    made = Office(cluster, central)
    yield made
    made.close()


@pytest.fixture(scope="module")
def logins(cluster, central, office, tmp_path_factory):
    """How each duty connects: `logins["auditor"]` is a connection string without a password."""
    folder = tmp_path_factory.mktemp("logins")
    made = {}
    for duty, name in LOGINS.items():
        kept = folder / duty
        kept.write_text(f"*:*:*:{name}:{PASSWORD}\n")
        kept.chmod(0o600)
        made[duty] = cluster.dsn(name, "x", central).replace("password=x", f"passfile={kept}")
    return made


@pytest.fixture
def run(logins, capsys, monkeypatch):
    """One command by one duty: exit code and the JSON it said."""

    def do(duty, *arguments, stdin=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        code = main([*map(str, arguments), "--dsn", logins[duty], "--json"], pytest.fail)
        return code, json.loads(capsys.readouterr().out)

    return do


@pytest.fixture(scope="module")
def code(logins):
    """A street of the central that is there for the whole module: its code."""
    told = ["--name", "样例街道", "--authority", "样例街道办事处"]
    phones = ["--inquiry-phone", "000-1", "--supervise-phone", "000-2"]
    made = main(
        ["create-street", "--street", "115", *told, *phones, "--dsn", logins["sysadmin"]], pytest.fail
    )
    assert made == 0
    return "115"


@pytest.fixture
def invited(run, code, cluster, central):
    """The arguments of `enrol` or `attach` with a fresh ticket."""

    def make(label, *more):
        done, facts = run("sysadmin", "enrol-desk", "--street", code, "--label", label, *more)
        assert done == 0, facts
        server = ("--server", f"localhost:{cluster.port}", "--database", central)
        return (*server, "--authority", cluster.ca, "--label", label, "--ticket", facts["ticket"])

    return make


@pytest.fixture
def here(tmp_path, vault, capsys):
    """One command on this PC: exit code and what it said as JSON."""

    def do(*arguments, folder=tmp_path / "desk"):
        done = main([*map(str, arguments), "--json", "--folder", str(folder)], lambda: vault)
        return done, json.loads(capsys.readouterr().out)

    return do


def take_in(case_id):
    """The act `receive` on a new case, with the desk's next number."""

    def record(writing):
        now = datetime.now(UTC)
        number = writing.next_receipt_no(now.date())
        same = {"receipt_no": number, "item_id": "JT-01", "item_version": "1", "received_at": now.isoformat()}
        applicant = {
            "kind": "person",
            "name": "钱样安",
            "identity": {"type": "resident", "number": "320115199001010016"},
            "phone": "000-0000-0001",
        }
        payload = {
            **same,
            "applicant": applicant,
            "agent": None,
            "fields": {},
            "materials": [],
            "window": "1",
        }
        envelope = {**same, "item_name": "样例", "materials": 1, "pages": 0, "files": []}
        return writing.perform(
            NewOperation(kind="receive", case_id=case_id, envelope=envelope, payload=payload)
        )

    return record


@pytest.fixture
def receive():
    """Makes what `submit` lets record: a case is taken in."""
    return take_in
