"""A printer that puts PDFs into a folder: for training, for a walk through the program, in need."""

import os
import re
from pathlib import Path
from typing import BinaryIO

from onewindow_desk.devices.printer import JobTicket, Paper, PrinterInfo
from onewindow_desk.devices.printer_raster import print_pages
from onewindow_desk.faults import Refusal

NAME = "PDF 文件夹"


class FolderPrinter:
    """Writes `0001-<title>.pdf`, `0002-…` into `folder`, one file a job whatever the copies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def printers(self) -> tuple[PrinterInfo, ...]:
        """The one printer."""
        usable = self._folder.is_dir() and os.access(self._folder, os.W_OK)
        trouble = "" if usable else "存放 PDF 的文件夹不能写。请换一个文件夹。"
        return (PrinterInfo(NAME, NAME, frozenset(Paper), colour=True, default=True, trouble=trouble),)

    def print_pdf(
        self,
        pdf: bytes,
        printer: str,  # noqa: ARG002  # there is only one
        paper: Paper,
        copies: int = 1,
        title: str = "",
    ) -> JobTicket:
        """Write as told by `PrinterPort.print_pdf`; `reference` is the path. Raises `Refusal`."""
        with print_pages(pdf) as pages:
            pages.check_size(paper)
            number = len(pages)
        path = self._write(pdf, _plain(title) or str(paper))
        return JobTicket(NAME, paper, copies, number, str(path))

    def _write(self, pdf: bytes, title: str) -> Path:
        """Write under the next free number, never over another file, and whole or not at all."""
        number = 1
        while True:
            path = self._folder / f"{number:04}-{title}.pdf"
            try:
                with path.open("xb") as file:
                    _write_whole(file, path, pdf)
            except FileExistsError:
                number += 1
            except OSError:
                raise Refusal("这份 PDF 写不进文件夹。请检查磁盘空间和权限，或换一台打印机。") from None
            else:
                return path


def _write_whole(file: BinaryIO, path: Path, data: bytes) -> None:
    try:
        file.write(data)
        file.flush()
    except OSError:
        path.unlink()
        raise


def _plain(title: str) -> str:
    """The title as part of a file name on every system."""
    return re.sub(r"[^\w-]+", "-", title).strip("-")[:40]
