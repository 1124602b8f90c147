"""The demo street in a temporary folder, with a vault in memory."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from onewindow_desk.demo import demo_plan
from onewindow_desk.services.administer import found_street


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
