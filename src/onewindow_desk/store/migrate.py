"""Bringing an older store up: a verified copy first, then all steps in one transaction.

The migrator (Alembic) is loaded only when there is something to do.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine

from onewindow_desk.store import rebuild
from onewindow_desk.store.copies import copy_database
from onewindow_desk.store.disk import FreeSpace, make_folder, need_space
from onewindow_desk.store.engine import writing
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
    make_folder(path.parent / COPIES)
    copy_database(engine, path.parent / COPIES / f"{path.stem}-{now}.db", keys)
    with writing(engine) as connection, connection.begin():
        run(connection)
        rebuild.rebuild(connection, keys.replica)
