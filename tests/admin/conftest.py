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
