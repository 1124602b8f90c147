"""Scans and papers: found by content, encrypted, refused rather than half there."""

import hashlib
from pathlib import Path

import pytest

from onewindow_desk.faults import Refusal
from onewindow_desk.store.files import Files

RESERVE = 1000


class Disk:
    """How much is left, as the test says."""

    left = 10**9

    def __call__(self, _folder: Path) -> int:
        return self.left


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def files(tmp_path, disk) -> Files:
    return Files(tmp_path / "scans", b"k" * 32, b"n" * 32, RESERVE, disk)


def _only(folder: Path) -> Path:
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    return path


def test_the_address_is_the_sha256_of_the_plain_bytes(files):
    address = files.put(b"page")
    assert address == hashlib.sha256(b"page").hexdigest()
    assert files.get(address) == b"page"


def test_the_same_bytes_are_kept_once(files, tmp_path):
    files.put(b"page")
    before = _only(tmp_path).read_bytes()
    files.put(b"page")
    assert _only(tmp_path).read_bytes() == before


def test_neither_content_nor_address_can_be_read_from_the_disk(files, tmp_path):
    address = files.put(b"page" * 100)
    path = _only(tmp_path)
    assert b"page" not in path.read_bytes()
    assert address not in str(path)
    assert address[:6] not in str(path.relative_to(tmp_path))


@pytest.mark.parametrize("at", [0, 5, 20, -1])
def test_a_changed_file_is_refused(files, tmp_path, at):
    address = files.put(b"page" * 100)
    path = _only(tmp_path)
    stored = bytearray(path.read_bytes())
    stored[at] ^= 1
    path.write_bytes(stored)
    with pytest.raises(Refusal, match="被改动过或已损坏。请重新扫描"):
        files.get(address)


def test_a_file_put_in_the_place_of_another_is_refused(files, tmp_path):
    one, other = files.put(b"one"), files.put(b"other")
    files._path(one).write_bytes(files._path(other).read_bytes())
    with pytest.raises(Refusal, match="被改动过"):
        files.get(one)


def test_a_missing_file_is_refused_with_what_to_do(files):
    assert not files.has("0" * 64)
    with pytest.raises(Refusal, match=r"不在本机上.*请重新扫描"):
        files.get("0" * 64)


@pytest.mark.parametrize("address", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_what_is_no_address_finds_nothing(files, address):
    with pytest.raises(Refusal, match="文件编号不对"):
        files.get(address)


def test_a_nearly_full_disk_is_refused_before_writing(files, tmp_path, disk):
    disk.left = RESERVE + 3
    with pytest.raises(Refusal, match="磁盘空间不够"):
        files.put(b"page")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    disk.left = RESERVE + 4
    assert files.has(files.put(b"page"))


def test_a_write_that_breaks_off_leaves_nothing_under_the_name(files, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    address = hashlib.sha256(b"page").hexdigest()
    files._path(address).parent.mkdir(parents=True)
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Refusal, match="请检查磁盘"):
        files.put(b"page")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_empty_file_and_a_large_one(files):
    for data in (b"", bytes(5_000_000)):
        assert files.get(files.put(data)) == data
