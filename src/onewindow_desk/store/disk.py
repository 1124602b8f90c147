"""Files that survive a power cut, and the space that must be left for them."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from onewindow_desk.faults import Refusal

RESERVE_BYTES = 200 * 1024 * 1024
_MEBIBYTE = 1024 * 1024

FreeSpace = Callable[[Path], int]


def free_space(folder: Path) -> int:
    """Bytes that this person may still write on the disk of `folder`."""
    return shutil.disk_usage(folder).free


def need_space(folder: Path, wanted: int, free: FreeSpace = free_space) -> None:
    """Refuse when fewer than `wanted` bytes are left: before a number is given, not after."""
    left = free(folder)
    if left < wanted:
        raise Refusal(
            f"磁盘空间不够：还剩 {left // _MEBIBYTE} MB，至少要 {wanted // _MEBIBYTE} MB。"
            "请清理磁盘后再确认；已填的内容都在草稿里。"
        )


def write_durably(path: Path, data: bytes) -> None:
    """Write a whole file or none: temporary file, sync, rename, sync of the folder.

    Raises Refusal when the disk is full or the folder cannot be written.
    """
    draft = path.with_name(path.name + ".new")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(path.parent)
    except OSError as trouble:
        draft.unlink(missing_ok=True)
        raise Refusal("文件没有存上。请检查磁盘是否已满、数据文件夹是否可写，然后再试。") from trouble


def make_folder(folder: Path) -> None:
    """Make a folder, with its parents, for this person alone, and its names durable."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder.parent)
    except OSError as trouble:
        raise Refusal("数据文件夹建不了。请管理员检查磁盘和权限。") from trouble


def existing(folder: Path) -> Path:
    """The folder itself, or the nearest one above it that is there already."""
    return folder if folder.is_dir() else existing(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; Windows journals them and cannot open a folder."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check_writable(folder: Path) -> None:
    """Refuse a folder in which nothing can be written."""
    probe = folder / ".writable"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as trouble:
        raise Refusal("数据文件夹只能读，不能写。请管理员给当前账户开放写入权限，再启动本程序。") from trouble
