"""Connections to the encrypted database: one way to open them, one way to translate their trouble.

Raw 32-byte key (no derivation to wait for), WAL, synchronous=FULL: a commit that returned is on
the disk. Explicit BEGIN for reading, BEGIN IMMEDIATE for the writer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.pool import QueuePool

from onewindow_desk.faults import Fault, Refusal

BUSY_SECONDS = 5.0
_WRITING = "onewindow_writing"
_READERS = 4

_DAMAGED = "本机库的文件已损坏。请不要继续登记，并请管理员用备份恢复。"
_TEXTS = {
    "database or disk is full": "磁盘已满，这一步没有保存。请清理磁盘后再试一次。",
    "attempt to write a readonly database": "本机库不能写入。请管理员检查数据文件夹的权限。",
    "database is locked": "本机库正被另一个程序占用。请关闭另一个登记程序后再试一次。",
    "disk i/o error": "磁盘读写出了问题，这一步没有保存。请停止登记，并请管理员检查磁盘。",
    "unable to open database file": "本机库打不开。请管理员检查数据文件夹是否存在、是否有权限。",
    "file is not a database": (
        "本机库的文件与钥匙对不上：文件不是这台机器的，或者已损坏。请不要继续登记，并请管理员用备份恢复。"
    ),
    "database disk image is malformed": _DAMAGED,
    "vtable constructor failed": _DAMAGED,
}


def connect(path: Path, key: bytes) -> sqlcipher.Connection:
    """One keyed DB-API connection in autocommit; the caller closes it.

    Raises sqlcipher3 errors as they come (a wrong key shows at the first read).
    """
    connection = sqlcipher.connect(
        str(path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        _prepare(connection, key)
    except sqlcipher.Error:
        connection.close()
        raise
    return connection


def open_engine(path: Path, key: bytes) -> Engine:
    """The engine over one store file; its errors never show values and leave as Refusals."""
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: connect(path, key),
        poolclass=QueuePool,
        pool_size=_READERS,
        # Values are personal data: an error text shows the statement without them.
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _translate)
    return engine


def writing(engine: Engine) -> Connection:
    """A connection whose transaction takes the write lock at its BEGIN; use it with `with`."""
    return engine.connect().execution_options(**{_WRITING: True})


@contextmanager
def bare(engine: Engine) -> Iterator[sqlcipher.Connection]:
    """A connection of the pool outside any transaction, for what SQLite allows only there."""
    pooled = engine.raw_connection()
    try:
        yield pooled.driver_connection
    except sqlcipher.Error as trouble:
        raise refusal_for(trouble) or trouble from trouble
    finally:
        pooled.close()


def refusal_for(trouble: BaseException) -> Refusal | None:
    """What to tell the person about a database error, None when it is a fault of ours."""
    said = str(trouble).lower()
    return next((Refusal(text) for sign, text in _TEXTS.items() if sign in said), None)


def _prepare(connection: sqlcipher.Connection, key: bytes) -> None:
    run = connection.execute
    # The library would print three lines on stderr for every wrong key.
    run("PRAGMA cipher_log_level = NONE")
    run(f"PRAGMA key = \"x'{key.hex()}'\"")
    if not run("PRAGMA cipher_version").fetchone():
        # Without SQLCipher the PRAGMA above does nothing and everything would be plain text.
        raise Fault("The SQLite library in use does not encrypt")
    run("PRAGMA journal_mode = WAL")
    run("PRAGMA synchronous = FULL")
    run("PRAGMA foreign_keys = ON")
    run("PRAGMA trusted_schema = OFF")
    run("PRAGMA cell_size_check = ON")
    run("PRAGMA temp_store = MEMORY")
    run("PRAGMA cache_size = -16384")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _translate(context: ExceptionContext) -> None:
    refusal = refusal_for(context.original_exception)
    if refusal is not None:
        raise refusal
