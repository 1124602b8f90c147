"""A backup is whole, opens with the same keys, and never lies about being finished."""

from pathlib import Path
from uuid import UUID

import pytest

from onewindow_desk.faults import Refusal
from onewindow_desk.store import Store, backup, copies
from onewindow_desk.store.keys import ChainHead, keep_head


def _opened(folder, vault):
    # A backup may end earlier than the chain does by now; whoever restores it says so to the vault.
    keep_head(vault, UUID(int=7), ChainHead())
    return Store.open(folder, vault)


@pytest.fixture
def filled(store, receive):
    scan = store.scans.put(b"a page")
    receive(store, pages=(scan,))
    store.papers.put(b"a receipt")
    return store


def test_the_copy_holds_every_operation_and_every_file(filled, vault, tmp_path):
    report = filled.back_up(tmp_path / "kept")
    filled.close()

    with _opened(tmp_path / "kept", vault) as copy:
        verified = copy.verify_rest()
        assert (verified.operations, verified.broken) == (report.operations, ())
        assert copy.cases() == filled.cases()
    kept = [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    assert report.files == 2
    assert report.bytes == sum(path.stat().st_size for path in kept if path.name != "desk.id")


def test_nothing_of_it_can_be_read_without_the_key(filled, tmp_path):
    filled.back_up(tmp_path / "kept")

    everything = b"".join(path.read_bytes() for path in (tmp_path / "kept").rglob("*") if path.is_file())
    assert "钱样安".encode() not in everything
    assert b"SQLite format 3" not in everything
    assert b"a page" not in everything


def test_work_done_meanwhile_is_whole_or_not_in_the_copy(filled, receive, vault, tmp_path, monkeypatch):
    real = copies._content

    def meanwhile(connection):
        found = real(connection)
        monkeypatch.setattr(copies, "_content", real)
        receive(filled)
        return found

    monkeypatch.setattr(copies, "_content", meanwhile)
    report = filled.back_up(tmp_path / "kept")

    assert len(filled.cases()) == 2
    filled.close()
    with _opened(tmp_path / "kept", vault) as copy:
        assert len(copy.cases()) == 1
        assert copy.verify_rest().operations == report.operations


def test_a_place_that_is_taken_is_refused(filled, tmp_path):
    (tmp_path / "kept").mkdir()

    with pytest.raises(Refusal, match="请换一个新的文件夹名") as refused:
        filled.back_up(tmp_path / "kept")

    assert refused.value.field == "target"


def test_a_full_disk_is_refused_before_anything_is_written(folder, vault, tmp_path):
    with (
        Store.found(folder, vault, UUID(int=7), "115", 12, reserve=0, free=lambda _: 100) as store,
        pytest.raises(Refusal, match="磁盘空间不够"),
    ):
        store.back_up(tmp_path / "kept")

    assert not list(tmp_path.glob("kept*"))


def test_a_backup_cut_off_never_bears_the_name_of_a_finished_one(filled, tmp_path, monkeypatch):
    def full(_source: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(backup, "_copy_file", full)
        with pytest.raises(Refusal, match="备份没有写完"):
            filled.back_up(tmp_path / "kept")
    assert not (tmp_path / "kept").exists()

    assert filled.back_up(tmp_path / "kept").files == 2


def test_a_copy_that_reads_differently_is_refused(filled, tmp_path, monkeypatch):
    monkeypatch.setattr(copies, "_is_whole", lambda _: False)

    with pytest.raises(Refusal, match="没有通过核对"):
        filled.back_up(tmp_path / "kept")

    assert not (tmp_path / "kept").exists()


def test_comparing_leaves_the_views_as_they_are(filled):
    with filled._writing() as connection:
        connection.exec_driver_sql("UPDATE case_view SET applicant_name = '别人'")

    first, second = filled.compare(), filled.compare()

    assert first == second
    assert not first.equal
    assert filled.rebuild() == first
    assert filled.compare().equal
