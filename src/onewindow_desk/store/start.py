"""The checks of a start: is this our store, is it whole, and does it end where it ended last time.

Every refusal says what to do. The checks are short; `verify` checks the rest in the background.
"""

from pathlib import Path
from uuid import UUID

import msgspec
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, select

from onewindow_desk.faults import Refusal
from onewindow_desk.store import chain, log, migrate, rebuild, replicas
from onewindow_desk.store.disk import RESERVE_BYTES, FreeSpace, check_writable, free_space
from onewindow_desk.store.engine import bare, open_engine, writing
from onewindow_desk.store.found import DATABASE, IDENTITY, StoreIdentity, write_identity
from onewindow_desk.store.keys import ChainHead, StoreKeys, close_chain, load_head, load_keys
from onewindow_desk.store.secrets import SecretVault
from onewindow_desk.store.tables import APPLICATION_ID, REVISION, replica, replica_view

TAIL = 64
"""Operations at the end of the chain that every start checks, signatures and all."""

_PLAIN_HEADER = b"SQLite format 3\x00"
_SMALLEST = 4096
_RESTORE = "请不要继续登记，并请管理员用备份恢复。"


def unlock(
    folder: Path, vault: SecretVault, reserve: int = RESERVE_BYTES, free: FreeSpace = free_space
) -> tuple[Engine, StoreKeys]:
    """An engine over a store that passed the checks, migrated when it is of an older program."""
    path = folder / DATABASE
    _check_file(path)
    check_writable(folder)
    keys = load_keys(vault, _identity(folder / IDENTITY).replica)
    engine = open_engine(path, keys.database)
    try:
        keys = _check_ours(engine, keys, vault)
        migrate.bring_up(engine, path, keys, reserve, free)
        _check_whole(engine, path)
        with engine.connect() as connection:
            _check_tail(connection, keys, load_head(vault, keys.replica))
            _finish_renewal(connection, folder, vault, keys)
        with writing(engine) as connection, connection.begin():
            rebuild.refold_outgrown(connection, keys.replica)
    except BaseException:
        engine.dispose()
        raise
    return engine, keys


def _check_file(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(len(_PLAIN_HEADER))
        size = path.stat().st_size
    except FileNotFoundError as trouble:
        raise Refusal("数据文件夹里没有本机库。请核对数据文件夹；新机器请管理员先建库。") from trouble
    except OSError as trouble:
        raise Refusal("本机库的文件读不出来。请管理员检查权限和磁盘。") from trouble
    if header == _PLAIN_HEADER:
        raise Refusal(f"本机库的文件没有加密，不是本程序的库。{_RESTORE}")
    if size < _SMALLEST:
        raise Refusal(f"本机库的文件不完整。{_RESTORE}")


def _identity(path: Path) -> StoreIdentity:
    try:
        return msgspec.json.decode(path.read_bytes(), type=StoreIdentity)
    except (OSError, msgspec.DecodeError) as trouble:
        raise Refusal(f"本机库的标识文件 {IDENTITY} 缺失或读不懂。{_RESTORE}") from trouble


def _check_ours(engine: Engine, keys: StoreKeys, vault: SecretVault) -> StoreKeys:
    """The keys of the enrolment that this store is, which may be newer than `desk.id`."""
    with engine.connect() as connection:
        mark = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        owner = connection.execute(select(replica.c.replica)).scalar_one() if mark == APPLICATION_ID else None
        revision = migrate.revision(connection) if owner else ""
        renewed = bool(owner) and owner != keys.replica and _was(connection, keys.replica)
    if revision > REVISION:
        raise Refusal("本机库已由新版本的程序升级。请安装新版本后再启动。")
    if renewed and owner is not None:
        # Cut off between becoming the new enrolment and writing its name down.
        return load_keys(vault, owner)
    if owner != keys.replica:
        raise Refusal(f"这个本机库不是这台机器的。{_RESTORE}")
    return keys


def _was(connection: Connection, name: UUID) -> bool:
    """Whether this store was this enrolment before it became another; only newer stores can tell."""
    there = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'replica_view'").first()
    query = select(replica_view.c.own).where(replica_view.c.replica == name)
    return there is not None and connection.execute(query).scalar_one_or_none() == 1


def _finish_renewal(connection: Connection, folder: Path, vault: SecretVault, keys: StoreKeys) -> None:
    """Do what a renewal that was cut off left undone: end the old enrolment, name the new one."""
    for former in replicas.lineage(connection, keys.replica) - {keys.replica}:
        close_chain(vault, former, keys.replica)
    if _identity(folder / IDENTITY).replica != keys.replica:
        write_identity(folder, keys.replica)


def _check_whole(engine: Engine, path: Path) -> None:
    """Bring the write-ahead log in; then the file must hold every page that its header counts."""
    with bare(engine) as connection:
        busy = _answer(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
        size = _answer(connection, "PRAGMA page_count") * _answer(connection, "PRAGMA page_size")
    if not busy and path.stat().st_size < size:
        raise Refusal(f"本机库的文件被截断，不完整。{_RESTORE}")


def _answer(connection: sqlcipher.Connection, question: str) -> int:
    return int(connection.execute(question).fetchone()[0])


def _check_tail(connection: Connection, keys: StoreKeys, kept: ChainHead) -> None:
    """The store may be ahead of the vault (a crash between the two), never behind or beside it."""
    end = log.chain_head(connection, keys.replica)
    if kept.successor:
        raise Refusal(f"本机库是换发登记之前的旧文件。{_RESTORE}")
    if end.seq < kept.seq:
        raise Refusal(
            f"本机库比上次使用时旧，少了 {kept.seq - end.seq} 步办理。可能是换回了旧文件。{_RESTORE}"
        )
    if kept.seq and log.hash_at(connection, keys.replica, kept.seq) != kept.hash:
        raise Refusal(f"本机库的办理记录与上次使用时不一致。{_RESTORE}")
    if _tail_broken(connection, keys, end):
        raise Refusal(f"本机库最近的办理记录没有通过核对。{_RESTORE}")


def _tail_broken(connection: Connection, keys: StoreKeys, end: ChainHead) -> bool:
    first = max(0, end.seq - TAIL)
    before = log.hash_at(connection, keys.replica, first) if first else ChainHead().hash
    if before is None:
        return True
    after = ChainHead(first, before)
    for sealed in log.sealed_after(connection, keys.replica, first):
        if chain.flaw(sealed, after, keys.replica, keys.desk_public):
            return True
        after = ChainHead(after.seq + 1, sealed.hash)
    return (after.seq, after.hash) != (end.seq, end.hash)
