"""Bringing an older store up: a verified copy first, then all steps in one transaction.

The migrator (Alembic) is loaded only when there is something to do.
"""

import os
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine

from onewindow_desk.faults import Refusal
from onewindow_desk.store import rebuild
from onewindow_desk.store.disk import FreeSpace, make_folder, need_space, sync_folder
from onewindow_desk.store.engine import bare, connect, writing
from onewindow_desk.store.keys import StoreKeys
from onewindow_desk.store.tables import REVISION

COPIES = "copies"
_SCRIPTS = Path(__file__).with_name("migrations")


def revision(connection: Connection) -> str:
    """Which migration the store stands at."""
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())


def run(connection: Connection, target: str = "head") -> None:
    """Run the migrations up to `target` inside the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, target)


def bring_up(engine: Engine, path: Path, keys: StoreKeys, reserve: int, free: FreeSpace) -> None:
    """Nothing for a current store; else copy, verify the copy, migrate, fold the views anew."""
    with engine.connect() as connection:
        now = revision(connection)
    if now == REVISION:
        return
    need_space(path.parent, reserve + 2 * path.stat().st_size, free)
    _keep_copy(engine, path, keys, now)
    with writing(engine) as connection, connection.begin():
        run(connection)
        rebuild.rebuild(connection)


def _keep_copy(engine: Engine, path: Path, keys: StoreKeys, now: str) -> None:
    folder = path.parent / COPIES
    make_folder(folder)
    copy = folder / f"{path.stem}-{now}.db"
    copy.unlink(missing_ok=True)
    with bare(engine) as source:
        before = _content(source)
        target = connect(copy, keys.database)
        try:
            source.backup(target)
        finally:
            target.close()
    _check_copy(copy, keys, before)
    with copy.open("rb+") as file:
        os.fsync(file.fileno())
    sync_folder(folder)


def _check_copy(copy: Path, keys: StoreKeys, before: tuple[object, ...]) -> None:
    connection = connect(copy, keys.database)
    try:
        whole = _is_whole(connection) and _content(connection) == before
    except sqlcipher.Error:
        whole = False
    finally:
        connection.close()
    if not whole:
        raise Refusal("升级前的备份副本没有通过核对，本机库没有改动。请检查磁盘后再启动。")


def _is_whole(connection: sqlcipher.Connection) -> bool:
    damaged = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    return not damaged and connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]


def _content(connection: sqlcipher.Connection) -> tuple[object, ...]:
    """How many operations, and a sum that any change of the chain's ends would change."""
    query = "SELECT count(*), max(seq), (SELECT hash FROM operation ORDER BY position DESC LIMIT 1)"
    row = connection.execute(f"{query} FROM operation").fetchone()
    return tuple(row)
