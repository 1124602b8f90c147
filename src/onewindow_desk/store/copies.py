"""A copy of the database that is known to be whole before anybody relies on it.

The copy is encrypted with the same key: it opens only with the keys in this account's vault.
"""

import os
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine

from onewindow_desk.faults import Refusal
from onewindow_desk.store.disk import sync_folder
from onewindow_desk.store.engine import bare, connect
from onewindow_desk.store.keys import StoreKeys


def copy_database(engine: Engine, copy: Path, keys: StoreKeys) -> int:
    """Copy the database as of one moment while others go on writing, and verify the copy.

    Returns the number of operations in it. Refusal when the copy does not read like the original.
    """
    copy.unlink(missing_ok=True)
    with bare(engine) as source:
        # One read transaction around both, so that the copy is measured against what was copied.
        source.execute("BEGIN")
        before = _content(source)
        target = connect(copy, keys.database)
        try:
            source.backup(target)
        finally:
            target.close()
            source.execute("ROLLBACK")
    _check_copy(copy, keys, before)
    with copy.open("rb+") as file:
        os.fsync(file.fileno())
    sync_folder(copy.parent)
    return int(str(before[0]))


def _check_copy(copy: Path, keys: StoreKeys, before: tuple[object, ...]) -> None:
    connection = connect(copy, keys.database)
    try:
        whole = _is_whole(connection) and _content(connection) == before
    except sqlcipher.Error:
        whole = False
    finally:
        connection.close()
    if not whole:
        raise Refusal("备份副本没有通过核对，本机库没有改动。请检查磁盘后再试。")


def _is_whole(connection: sqlcipher.Connection) -> bool:
    damaged = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    return not damaged and connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]


def _content(connection: sqlcipher.Connection) -> tuple[object, ...]:
    """How many operations, and a sum that any change of the chain's ends would change."""
    query = "SELECT count(*), max(seq), (SELECT hash FROM operation ORDER BY position DESC LIMIT 1)"
    row = connection.execute(f"{query} FROM operation").fetchone()
    return tuple(row)
