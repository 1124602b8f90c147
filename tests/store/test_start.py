"""What a start refuses, and that every refusal says what to do."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from onewindow_desk.faults import Refusal
from onewindow_desk.store import Store
from onewindow_desk.store.engine import connect

NOBODY = 65534


@pytest.fixture
def closed(store, folder, receive):
    """The folder of a store with a few cases, closed."""
    for _ in range(3):
        receive(store)
    store.close()
    return folder


def _refused(folder, vault, words):
    with pytest.raises(Refusal, match=words) as refused:
        Store.open(folder, vault)
    assert "请" in refused.value.text


def test_there_is_no_store(folder, vault):
    assert not Store.exists(folder)
    _refused(folder, vault, "没有本机库")


def test_an_untouched_store_opens_again_and_again(closed, vault):
    for _ in range(3):
        with Store.open(closed, vault) as store:
            assert store.verify_rest().sound


def test_founding_over_a_store_is_refused(closed, vault):
    with pytest.raises(Refusal, match=r"已经有本机库.*请"):
        Store.found(closed, vault, UUID(int=8), "115", 13)
    Store.open(closed, vault).close()


def test_founding_elsewhere_leaves_the_first_stores_keys(closed, vault, tmp_path):
    Store.found(tmp_path / "second", vault, UUID(int=8), "115", 13).close()
    Store.open(closed, vault).close()


def test_a_plain_sqlite_file(closed, vault):
    (closed / "desk.db").unlink()
    with sqlite3.connect(closed / "desk.db") as plain:
        plain.execute("CREATE TABLE operation (seq)")
    plain.close()
    _refused(closed, vault, "没有加密")


def test_a_wrong_key(closed, vault):
    vault.set(f"store-key {UUID(int=7)}", b"x" * 32)
    _refused(closed, vault, "与钥匙对不上.*用备份恢复")


def test_keys_that_are_gone_or_cut(closed, vault):
    vault.set(f"desk-key {UUID(int=7)}", b"x" * 31)
    _refused(closed, vault, "找不到本机库的钥匙")
    vault.secrets.clear()
    _refused(closed, vault, "找不到本机库的钥匙")


def test_another_desks_file(closed, vault, tmp_path):
    Store.found(tmp_path / "other", vault, UUID(int=8), "115", 13).close()
    shutil.copy(tmp_path / "other" / "desk.db", closed / "desk.db")
    _refused(closed, vault, "与钥匙对不上")


def test_another_desks_file_under_our_key(closed, vault, tmp_path):
    Store.found(tmp_path / "other", vault, UUID(int=8), "115", 13).close()
    shutil.copy(tmp_path / "other" / "desk.db", closed / "desk.db")
    vault.set(f"store-key {UUID(int=7)}", vault.get(f"store-key {UUID(int=8)}"))
    _refused(closed, vault, "不是这台机器的")


def test_another_programs_file_under_our_key(closed, vault):
    (closed / "desk.db").unlink()
    foreign = connect(closed / "desk.db", vault.get(f"store-key {UUID(int=7)}"))
    foreign.execute("CREATE TABLE other (x)")
    foreign.close()
    _refused(closed, vault, "不是这台机器的")


def test_random_bytes(closed, vault):
    (closed / "desk.db").write_bytes(os.urandom(65536))
    _refused(closed, vault, "与钥匙对不上")


@pytest.mark.parametrize("left", [0, 16, 4095])
def test_a_file_of_less_than_a_page(closed, vault, left):
    _cut(closed / "desk.db", left)
    _refused(closed, vault, "不完整")


@pytest.mark.parametrize("pages", [1, 2, 10, -1])
def test_a_file_cut_at_a_page(closed, vault, pages):
    path = closed / "desk.db"
    _cut(path, pages * 4096 if pages > 0 else path.stat().st_size + pages * 4096)
    _refused(closed, vault, "请管理员用备份恢复")


def test_a_file_cut_within_a_page(closed, vault):
    path = closed / "desk.db"
    _cut(path, path.stat().st_size - 1000)
    _refused(closed, vault, "请管理员用备份恢复")


def test_a_missing_or_broken_identity(closed, vault):
    (closed / "desk.id").write_text("{")
    _refused(closed, vault, "标识文件 desk.id")
    (closed / "desk.id").unlink()
    _refused(closed, vault, "标识文件 desk.id")


def test_an_older_copy_put_in_place(closed, vault, receive):
    old = (closed / "desk.db").read_bytes()
    with Store.open(closed, vault) as store:
        receive(store)
    (closed / "desk.db").write_bytes(old)
    _refused(closed, vault, "比上次使用时旧，少了 1 步办理")


def test_a_copy_that_went_its_own_way(closed, vault, receive):
    path = closed / "desk.db"
    old, secrets = path.read_bytes(), dict(vault.secrets)
    with Store.open(closed, vault) as store:
        receive(store)
    astray = path.read_bytes()
    path.write_bytes(old)
    vault.secrets = secrets
    with Store.open(closed, vault) as store:
        receive(store)
    path.write_bytes(astray)
    _refused(closed, vault, "与上次使用时不一致")


def test_a_crash_between_commit_and_vault_is_no_trouble(closed, vault, receive):
    before = dict(vault.secrets)
    with Store.open(closed, vault) as store:
        receive(store)
        receive(store)
    vault.secrets = before
    with Store.open(closed, vault) as store:
        assert len(store.cases()) == 5


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE operation SET payload = x'00' WHERE seq = 2",
        "UPDATE operation SET head = CAST(replace(head, 'receive', 'approve') AS BLOB) WHERE seq = 3",
        "UPDATE operation SET desk_signature = zeroblob(64) WHERE seq = 1",
        "DELETE FROM operation WHERE seq = 2",
    ],
)
def test_a_changed_tail(closed, vault, damage):
    key = vault.get(f"store-key {UUID(int=7)}")
    inside = connect(closed / "desk.db", key)
    inside.execute("DROP TRIGGER operation_no_update")
    inside.execute("DROP TRIGGER operation_no_delete")
    inside.execute(damage)
    inside.close()
    _refused(closed, vault, "没有通过核对")


def test_a_store_of_a_newer_program(closed, vault):
    inside = connect(closed / "desk.db", vault.get(f"store-key {UUID(int=7)}"))
    inside.execute("UPDATE alembic_version SET version_num = '9999'")
    inside.close()
    _refused(closed, vault, "请安装新版本")


@pytest.fixture
def theirs() -> Iterator[Path]:
    """A folder below /tmp that an unprivileged process can reach."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """Without the rights of root, for which no folder is read-only."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    yield
    os.seteuid(before)


def test_a_read_only_folder(closed, vault, theirs, request):
    shutil.copytree(closed, theirs / "desk")
    for path in (theirs / "desk").iterdir():
        path.chmod(0o644)
    (theirs / "desk").chmod(0o555)
    request.getfixturevalue("unprivileged")
    _refused(theirs / "desk", vault, "只能读，不能写。请管理员")


def test_founding_in_a_read_only_folder(vault, theirs, request):
    theirs.chmod(0o555)
    request.getfixturevalue("unprivileged")
    with pytest.raises(Refusal, match="请管理员"):
        Store.found(theirs, vault, UUID(int=7), "115", 12)
    with pytest.raises(Refusal, match="请管理员"):
        Store.found(theirs / "below", vault, UUID(int=7), "115", 12)
    assert vault.secrets == {}


def test_founding_on_a_full_disk(folder, vault):
    with pytest.raises(Refusal, match="磁盘空间不够"):
        Store.found(folder, vault, UUID(int=7), "115", 12, free=lambda _: 10)
    assert not folder.exists()
    assert vault.secrets == {}


def test_wrong_key_says_nothing_on_stderr(closed, vault, capfd):
    vault.set(f"store-key {UUID(int=7)}", b"x" * 32)
    _refused(closed, vault, "钥匙")
    assert capfd.readouterr() == ("", "")


def _cut(path: Path, size: int) -> None:
    with path.open("rb+") as file:
        file.truncate(size)
