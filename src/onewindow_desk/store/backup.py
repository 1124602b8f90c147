"""Copying a whole store aside while people go on working in it.

Everything stays encrypted as it is: the copy opens only with the keys in this account's vault.
"""

import os
import shutil
from pathlib import Path

from sqlalchemy import Engine

from onewindow_desk.faults import Refusal
from onewindow_desk.store.copies import copy_database
from onewindow_desk.store.disk import FreeSpace, existing, make_folder, need_space, sync_folder
from onewindow_desk.store.found import DATABASE, IDENTITY
from onewindow_desk.store.keys import StoreKeys
from onewindow_desk.store.rows import BackupReport


def back_up(engine: Engine, keys: StoreKeys, folder: Path, target: Path, free: FreeSpace) -> BackupReport:
    """Copy the store of `folder` into the new folder `target`: database, identity, scans, papers.

    The database goes first: a file is always on the disk before an operation names it. Refusal when
    there is something at `target` already, or too little space; an unfinished copy bears another name.
    """
    if target.exists():
        raise Refusal(f"备份位置已经有东西：{target.name}。请换一个新的文件夹名。", field="target")
    need_space(existing(target.parent), _size(folder), free)
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    make_folder(part)
    try:
        operations = copy_database(engine, part / DATABASE, keys)
        files = _files(folder)
        for path in (folder / IDENTITY, *files):
            _copy_file(path, part / path.relative_to(folder))
    except OSError as trouble:
        raise Refusal("备份没有写完。请检查备份位置的空间和权限，然后再试一次。") from trouble
    part.rename(target)
    sync_folder(target.parent)
    return BackupReport(operations=operations, files=len(files), bytes=_size(target))


def _files(folder: Path) -> list[Path]:
    """The scans and papers below a store's folder, unfinished ones left out."""
    found = [path for kind in ("scans", "papers") for path in (folder / kind).glob("??/*")]
    return sorted(path for path in found if path.suffix != ".new")


def _size(folder: Path) -> int:
    """Bytes of the database and its files."""
    return sum(path.stat().st_size for path in (folder / DATABASE, *_files(folder)))


def _copy_file(source: Path, target: Path) -> None:
    make_folder(target.parent)
    with source.open("rb") as reading, target.open("wb") as writing:
        shutil.copyfileobj(reading, writing)
        writing.flush()
        os.fsync(writing.fileno())
    sync_folder(target.parent)
