"""The folder printer never loses and never overwrites a paper."""

from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from onewindow_desk.devices.printer import Paper
from onewindow_desk.devices.printer_file import NAME, FolderPrinter
from onewindow_desk.faults import Refusal


def test_every_job_is_a_new_file(paper, tmp_path: Path):
    printer = FolderPrinter(tmp_path)
    pdf = paper(148, 210)
    first = printer.print_pdf(pdf, NAME, Paper.A5, 2, "材料接收凭证")
    second = printer.print_pdf(pdf, NAME, Paper.A5, 1, "材料接收凭证")
    assert [path.name for path in sorted(tmp_path.iterdir())] == [
        "0001-材料接收凭证.pdf",
        "0002-材料接收凭证.pdf",
    ]
    assert Path(first.reference).read_bytes() == pdf
    assert (first.copies, first.pages, second.printer) == (2, 1, NAME)


def test_title_cannot_leave_the_folder(paper, tmp_path: Path):
    folder = tmp_path / "papers"
    folder.mkdir()
    ticket = FolderPrinter(folder).print_pdf(paper(210, 297), NAME, Paper.A4, title="../../etc/x:y|z*")
    assert Path(ticket.reference).parent == folder


def test_wrong_paper_is_refused_and_nothing_written(paper, tmp_path: Path):
    with pytest.raises(Refusal, match="A4"):
        FolderPrinter(tmp_path).print_pdf(paper(148, 210), NAME, Paper.A4)
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_gone_is_said_before_and_at_printing(paper, tmp_path: Path):
    printer = FolderPrinter(tmp_path / "gone")
    assert "文件夹" in printer.printers()[0].trouble
    with pytest.raises(Refusal, match="写不进"):
        printer.print_pdf(paper(148, 210), NAME, Paper.A5)


def test_full_disk_leaves_no_half_paper(paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    original = Path.open

    def no_space(_: bytes) -> None:
        raise OSError(28, "no space")

    @contextmanager
    def full(self: Path, mode: str = "r"):
        with original(self, mode):
            yield SimpleNamespace(write=no_space)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(Refusal, match="磁盘空间"):
        FolderPrinter(tmp_path).print_pdf(paper(148, 210), NAME, Paper.A5)
    assert list(tmp_path.iterdir()) == []


def test_it_takes_both_papers(tmp_path: Path):
    (info,) = FolderPrinter(tmp_path).printers()
    assert (info.papers, info.trouble, info.default) == (frozenset(Paper), "", True)
