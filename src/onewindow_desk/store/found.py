"""Founding a store, and the names of its files.

The database is made under a draft name and renamed at the end: a founding that was cut off left
no store, and can be begun again.
"""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, insert

from onewindow_desk.domain.exchange import Enrolled, NewReplica
from onewindow_desk.faults import Refusal
from onewindow_desk.store import attaching, migrate
from onewindow_desk.store.disk import check_writable, make_folder, sync_folder, write_durably
from onewindow_desk.store.engine import open_engine
from onewindow_desk.store.engine import writing as writing_connection
from onewindow_desk.store.keys import ChainHead, StoreKeys, find_keys, keep_head, make_keys
from onewindow_desk.store.rows import Signer
from onewindow_desk.store.secrets import SecretVault
from onewindow_desk.store.tables import APPLICATION_ID, replica
from onewindow_desk.store.writing import Writing

DATABASE = "desk.db"
IDENTITY = "desk.id"


Clock = Callable[[], datetime]


class Numbers(Struct, frozen=True):
    """What every receipt number of this store holds: street, three digits, and series, 0 to 9999."""

    street: str
    series: int


class Opening(Struct, frozen=True):
    """The first operations of a store and who makes them; there is no store without them."""

    signer: Signer
    record: Callable[[Writing], None]


class StoreIdentity(Struct, frozen=True, kw_only=True):
    """Content of `desk.id`: which replica's keys the vault is asked for."""

    replica: UUID
    format: int = 1


def exists(folder: Path) -> bool:
    """Whether a store was founded in this folder."""
    return (folder / DATABASE).exists()


def prepare(vault: SecretVault, name: UUID) -> NewReplica:
    """Keys for a store that is to be founded, in the vault before anybody hears of them."""
    keys = find_keys(vault, name) or make_keys(vault, name)
    return NewReplica(replica=name, public_key=keys.desk_public.public_bytes_raw().hex())


def found(
    folder: Path,
    vault: SecretVault,
    name: UUID,
    numbers: Numbers,
    clock: Clock,
    opening: Opening | None,
    enrolled: Enrolled | None,
) -> None:
    """Make the store's files and keys; Refusal when there is a store or it cannot be made."""
    make_folder(folder)
    check_writable(folder)
    if exists(folder):
        raise Refusal("这个文件夹里已经有本机库。请直接登录，或换一个数据文件夹。")
    keys = find_keys(vault, name) or make_keys(vault, name)
    keep_head(vault, name, ChainHead())
    head = _make_database(folder / f"{DATABASE}.new", keys, numbers, clock, opening, enrolled)
    write_identity(folder, name)
    (folder / f"{DATABASE}.new").replace(folder / DATABASE)
    sync_folder(folder)
    keep_head(vault, name, head)


def write_identity(folder: Path, name: UUID) -> None:
    """Say in `desk.id` which enrolment this store is."""
    write_durably(folder / IDENTITY, msgspec.json.encode(StoreIdentity(replica=name)))


def _make_database(
    path: Path,
    keys: StoreKeys,
    numbers: Numbers,
    clock: Clock,
    opening: Opening | None,
    enrolled: Enrolled | None,
) -> ChainHead:
    for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        leftover.unlink(missing_ok=True)
    engine = open_engine(path, keys.database)
    try:
        with writing_connection(engine) as connection, connection.begin():
            migrate.run(connection)
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            row = {"street": numbers.street, "series": numbers.series, "founded_at": clock()}
            connection.execute(insert(replica), {"replica": keys.replica, **row})
            head = _open(connection, keys, clock, opening) if opening else ChainHead()
            if enrolled is not None:
                attaching.attach(connection, keys.replica, enrolled, clock(), lambda _: False)
    finally:
        # The last connection puts the write-ahead log into the database and removes it.
        engine.dispose()
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return head


def _open(connection: Connection, keys: StoreKeys, clock: Clock, opening: Opening) -> ChainHead:
    writing = Writing(connection, keys, opening.signer, clock, lambda _: False, lambda: None, attached=False)
    opening.record(writing)
    return writing.head
