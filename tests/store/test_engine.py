"""How the database is opened, and what its troubles become."""

import sqlite3

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from onewindow_desk.faults import Fault, Refusal
from onewindow_desk.store import Store, engine


def _ask(store, question):
    with store._reading() as connection:
        return connection.exec_driver_sql(question).scalar_one()


def test_every_connection_is_durable_and_encrypted(store):
    assert _ask(store, "PRAGMA journal_mode") == "wal"
    assert _ask(store, "PRAGMA synchronous") == 2
    assert _ask(store, "PRAGMA foreign_keys") == 1
    assert _ask(store, "PRAGMA cipher_version").startswith("4.")


def test_a_library_that_does_not_encrypt_is_never_used(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlcipher, "connect", sqlite3.connect)
    with pytest.raises(Fault, match="does not encrypt"):
        engine.connect(tmp_path / "desk.db", b"k" * 32)


def test_a_full_disk_is_refused_and_leaves_the_store_as_it_was(store, folder, vault, receive):
    receive(store)
    pages = _ask(store, "PRAGMA page_count")

    def limit(connection, *_):
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(store._engine, "checkout", limit)

    def fill():
        for _ in range(50):
            receive(store, name="样" * 400)

    with pytest.raises(Refusal, match=r"磁盘已满.*请清理磁盘"):
        fill()
    event.remove(store._engine, "checkout", limit)
    kept = len(store.cases())
    receive(store)
    store.close()
    with Store.open(folder, vault) as again:
        assert len(again.cases()) == kept + 1
        assert again.verify_rest().sound


def test_a_second_program_that_holds_the_store_is_named(store, vault, receive, monkeypatch, folder):
    other = engine.connect(folder / "desk.db", store._keys.database)
    other.execute("BEGIN IMMEDIATE")
    event.listen(store._engine, "checkout", lambda c, *_: c.execute("PRAGMA busy_timeout = 0"))
    with pytest.raises(Refusal, match="被另一个程序占用。请"):
        receive(store)
    assert store.cases() == ()
    other.close()
    receive(store)


def test_error_texts_hold_no_values(store):
    twice = "INSERT INTO setting_view VALUES (?, ?), (?, ?)"
    with pytest.raises(IntegrityError) as raised, store._writing() as connection:
        connection.exec_driver_sql(twice, ("secret", b"320115") * 2)
    assert "320115" not in str(raised.value)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("sign", list(engine._TEXTS))
def test_every_translated_trouble_says_what_to_do(sign):
    refusal = engine.refusal_for(sqlcipher.OperationalError(sign))
    assert refusal is not None
    assert "请" in refusal.text


def test_what_nobody_can_put_right_stays_a_fault():
    assert engine.refusal_for(sqlcipher.OperationalError("no such table: x")) is None


def test_bare_connections_translate_too(store):
    with pytest.raises(Refusal, match="占用"), engine.bare(store._engine):
        raise sqlcipher.OperationalError("database is locked")
    with pytest.raises(sqlcipher.OperationalError, match="other"), engine.bare(store._engine):
        raise sqlcipher.OperationalError("other")
