"""The background check finds what a start is too short for, and old pages among new ones."""

from pathlib import Path
from uuid import UUID

import pytest

from onewindow_desk.faults import Refusal
from onewindow_desk.store import Store
from onewindow_desk.store.engine import connect

PAGE = 4096


@pytest.fixture
def key(vault):
    return vault.secrets[f"store-key {UUID(int=7)}"]


def _inside(folder, key, *statements):
    connection = connect(folder / "desk.db", key)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_a_sound_store_is_sound(store, receive):
    for _ in range(3):
        receive(store, pages=[store.scans.put(b"page")])
    report = store.verify_rest()
    assert report.sound
    assert report.operations == 3


def test_it_finds_changes_older_than_the_tail(store, folder, vault, receive):
    for _ in range(70):
        receive(store)
    store.close()
    _inside(
        folder,
        vault.secrets[f"store-key {UUID(int=7)}"],
        "DROP TRIGGER operation_no_update",
        "UPDATE operation SET payload = x'00' WHERE seq = 3",
        "UPDATE operation SET head = x'00', hash = '00' WHERE seq = 5",
    )
    with Store.open(folder, vault) as again:
        report = again.verify_rest()
    assert report.broken == ("operation 3: payload", "operation 5: hash", "operation 6: chain")
    assert report.operations == 70


def test_it_finds_a_missing_file(store, receive):
    address = store.scans.put(b"page")
    receive(store, pages=[address])
    store.scans._path(address).unlink()
    assert store.verify_rest().broken == (f"file {address[:12]}: missing",)


def test_it_stops_when_asked(store, receive):
    for _ in range(3):
        receive(store)
    assert store.verify_rest(cancelled=lambda: True).operations == 1


def test_a_flipped_bit_in_any_page_is_found(store, folder, vault, receive):
    for _ in range(5):
        receive(store)
    store.close()
    path = folder / "desk.db"
    whole = path.read_bytes()
    for page in range(0, len(whole) // PAGE, 3):
        damaged = bytearray(whole)
        damaged[page * PAGE + 100] ^= 4
        path.write_bytes(damaged)
        assert _found(folder, vault), f"page {page}"


def test_old_pages_among_new_ones_cannot_change_the_log(store, folder, vault, receive, key):
    """A page of an older file is validly encrypted: only the chain tells that it is old."""
    for _ in range(40):
        receive(store)
    store.close()
    path = folder / "desk.db"
    old = path.read_bytes()
    with Store.open(folder, vault) as again:
        for _ in range(40):
            receive(again)
    new = path.read_bytes()
    truth, secrets = _log(path, key), dict(vault.secrets)
    differing = [at for at in range(0, len(old), PAGE) if old[at : at + PAGE] != new[at : at + PAGE] and at]
    assert len(differing) > 10
    unseen = 0
    for at in differing:
        path.write_bytes(new[:at] + old[at : at + PAGE] + new[at + PAGE :])
        vault.secrets = dict(secrets)
        if not _found(folder, vault):
            unseen += 1
            assert _log(path, key) == truth
    assert unseen < len(differing)


def _found(folder: Path, vault) -> bool:
    try:
        with Store.open(folder, vault) as store:
            return not store.verify_rest().sound
    except Refusal:
        return True


def _log(path: Path, key: bytes):
    connection = connect(path, key)
    rows = connection.execute("SELECT seq, head, payload FROM operation ORDER BY seq").fetchall()
    connection.close()
    return rows
