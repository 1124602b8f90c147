"""Files are known by their first bytes and refused in words that say what to do."""

from pathlib import Path

import pytest

from onewindow_desk.devices import files
from onewindow_desk.devices.media import MediaType, sniff
from onewindow_desk.faults import Refusal


@pytest.mark.parametrize(
    ("head", "media"),
    [
        (b"\xff\xd8\xff\xe0", MediaType.JPEG),
        (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
        (b"II*\0", MediaType.TIFF),
        (b"MM\0*", MediaType.TIFF),
        (b"%PDF-1.7", MediaType.PDF),
        (b"GIF89a", None),
        (b"MZ\x90\0", None),
        (b"", None),
    ],
)
def test_kind_comes_from_the_bytes(head, media):
    assert sniff(head) is media


def test_name_does_not_decide(tmp_path: Path):
    path = tmp_path / "scan.exe"
    path.write_bytes(b"%PDF-1.4 and so on")
    assert files.read_file(path) == (b"%PDF-1.4 and so on", MediaType.PDF)


def test_program_named_like_a_picture_is_refused(tmp_path: Path):
    path = tmp_path / "scan.jpg"
    path.write_bytes(b"MZ not a picture")
    with pytest.raises(Refusal, match="只收 JPEG"):
        files.read_file(path)


def test_limit_is_met_exactly_and_not_passed(tmp_path: Path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-" + bytes(95))
    assert len(files.read_file(path, limit=100)[0]) == 100
    with pytest.raises(Refusal, match="MB"):
        files.read_file(path, limit=99)


def test_oversized_file_is_not_read_whole(tmp_path: Path):
    path = tmp_path / "sparse.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-")
        file.truncate(1 << 40)
    with pytest.raises(Refusal, match="50 MB"):
        files.read_file(path)


@pytest.mark.parametrize("what", ["missing", "folder"])
def test_what_is_no_file_is_refused(tmp_path: Path, what):
    path = tmp_path / what
    if what == "folder":
        path.mkdir()
    with pytest.raises(Refusal, match="找不到"):
        files.read_file(path)


def test_empty_file_is_refused(tmp_path: Path):
    path = tmp_path / "empty.pdf"
    path.touch()
    with pytest.raises(Refusal, match="空的"):
        files.read_file(path)


def test_file_that_cannot_be_opened_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "locked.pdf"
    path.touch()

    def locked(self: Path, mode: str) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(Refusal, match="打不开"):
        files.read_file(path)
