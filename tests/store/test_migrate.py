"""Older stores come up with all that is in them, a verified copy first."""

import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.faults import Refusal
from onewindow_desk.store import Credential, Store, copies, migrate, rebuild
from onewindow_desk.store.engine import connect
from onewindow_desk.store.tables import REVISION, metadata

RESERVE = 1000
LATER = (
    "retired",
    "link",
    "feed",
    "replica_view",
    "attention",
    "waiting_file",
    "remote_file",
    "wanted_file",
    "wanted_payload",
    "unsound",
    "series_given",
)
"""Tables that the third and the fourth migration made."""


@pytest.fixture
def grown(store, signer, receive, clock):
    """A store with something in every table."""
    with store.transaction(signer) as writing:
        writing.perform(NewOperation(kind="street_founded", payload={"name": "样例街道"}))
        person = {"person_id": str(UUID(int=1)), "login": "wang", "name": "王样", "roles": ["window"]}
        writing.perform(NewOperation(kind="person_added", payload=person))
        writing.put_credential(UUID(int=1), Credential(verifier="v", wrapped_key=b"w"))
    page = store.scans.put(b"page")
    for _ in range(5):
        receive(store, pages=[page])
    store.drafts.save(UUID(int=2), UUID(int=1), b"draft", clock.now, [page])
    return store


def _content(store):
    log = [store.operations(row.case_id) for row in store.cases()]
    rest = store.people(), store.settings(), store.drafts.all(UUID(int=1)), store.orphans()
    return log, store.folded(), store.find("样安"), rest, store.credentials.get(UUID(int=1))


def _back_to_first(folder: Path, vault) -> None:
    """Take away what the later migration made: the store of the program before it."""
    connection = connect(folder / "desk.db", vault.secrets[f"store-key {UUID(int=7)}"])
    connection.execute("DROP TRIGGER operation_no_delete")
    for table in ("case_name", "case_view", "case_file", "person_view", "setting_view", *LATER):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("ALTER TABLE credential DROP COLUMN online_at")
    connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()


def test_a_store_of_the_first_program_comes_up_with_its_data(grown, folder, vault):
    before = _content(grown)
    grown.close()
    _back_to_first(folder, vault)
    with Store.open(folder, vault) as again:
        assert _content(again) == before
        assert again.verify_rest().sound
        assert again.rebuild().equal
    Store.open(folder, vault).close()


def test_the_copy_is_the_store_as_it_was(grown, folder, vault):
    grown.close()
    _back_to_first(folder, vault)
    Store.open(folder, vault).close()
    (copy,) = (folder / "copies").iterdir()
    inside = connect(copy, vault.secrets[f"store-key {UUID(int=7)}"])
    assert inside.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
    assert inside.execute("SELECT count(*) FROM operation").fetchone() == (7,)
    inside.close()
    assert copy.read_bytes()[:16] != b"SQLite format 3\0"


def test_without_room_for_the_copy_nothing_is_migrated(grown, folder, vault):
    grown.close()
    _back_to_first(folder, vault)
    before = (folder / "desk.db").read_bytes()
    with pytest.raises(Refusal, match="磁盘空间不够"):
        Store.open(folder, vault, reserve=RESERVE, free=lambda _: RESERVE + len(before))
    assert (folder / "desk.db").read_bytes() == before
    assert not (folder / "copies").exists()


def test_a_copy_that_does_not_verify_stops_the_migration(grown, folder, vault, monkeypatch):
    grown.close()
    _back_to_first(folder, vault)
    before = (folder / "desk.db").read_bytes()
    monkeypatch.setattr(copies, "_is_whole", lambda _: False)
    with pytest.raises(Refusal, match="没有通过核对，本机库没有改动。请"):
        Store.open(folder, vault)
    assert (folder / "desk.db").read_bytes() == before


def test_a_migration_that_breaks_off_leaves_the_store_as_it_was(grown, folder, vault, monkeypatch):
    before = _content(grown)
    grown.close()
    _back_to_first(folder, vault)

    def broken(*_given):
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(rebuild, "rebuild", broken)
        with pytest.raises(ZeroDivisionError):
            Store.open(folder, vault)
    inside = connect(folder / "desk.db", vault.secrets[f"store-key {UUID(int=7)}"])
    assert inside.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
    inside.close()
    with Store.open(folder, vault) as again:
        assert _content(again) == before


def test_migrations_make_the_tables_of_the_program(store):
    with store._reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _ours})
        assert compare_metadata(context, metadata) == []


def _ours(_thing, name, kind, _reflected, _other):
    return not (kind == "table" and (name.startswith("case_name") or name == "alembic_version"))


def test_the_programs_revision_is_the_newest_migration():
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_a_current_store_opens_without_the_migrator(store, folder, vault):
    store.close()

    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from onewindow_desk.store import Store\n"
        "class Vault(dict):\n"
        "    def set(self, name, secret): self[name] = secret\n"
        f"vault = Vault({vault.secrets!r})\n"
        f"Store.open(Path({str(folder)!r}), vault).close()\n"
        "assert 'alembic' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
