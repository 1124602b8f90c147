"""Drafts: saved on every change, gone in the transaction that makes them a case."""

from datetime import timedelta
from uuid import UUID

import pytest

from onewindow_desk.store import Store

OWNER, OTHER = UUID(int=1), UUID(int=2)


def _save(store, number, owner, data, clock, files=()):
    clock.forward(seconds=1)
    store.drafts.save(UUID(int=number), owner, data, clock.now, files)


def test_drafts_are_there_again_after_reopening(store, folder, vault, clock):
    _save(store, 1, OWNER, b"one", clock)
    _save(store, 2, OTHER, b"two", clock)
    _save(store, 3, OWNER, b"three", clock)
    _save(store, 1, OWNER, b"one more", clock)
    store.close()
    with Store.open(folder, vault) as again:
        rows = again.drafts.all(OWNER)
        assert [(row.draft_id.int, row.data) for row in rows] == [(1, b"one more"), (3, b"three")]
        assert rows[0].saved_at - rows[1].saved_at == timedelta(seconds=1)


def test_a_draft_goes_with_the_case_or_stays_with_it(store, signer, act, today, clock):
    _save(store, 1, OWNER, b"draft", clock)

    def broken_off():
        with store.transaction(signer) as writing:
            writing.perform(act(writing.next_receipt_no(today), UUID(int=1)))
            writing.discard_draft(UUID(int=1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert len(store.drafts.all(OWNER)) == 1
    with store.transaction(signer) as writing:
        writing.perform(act(writing.next_receipt_no(today), UUID(int=1)))
        writing.discard_draft(UUID(int=1))
    assert store.drafts.all(OWNER) == ()


def test_deleting_twice_is_no_trouble(store, clock):
    _save(store, 1, OWNER, b"draft", clock)
    store.drafts.delete(UUID(int=1))
    store.drafts.delete(UUID(int=1))
    assert store.drafts.all(OWNER) == ()


def test_files_that_nothing_names_are_orphans(store, receive, clock):
    named, drafted, lost = (store.scans.put(data) for data in (b"named", b"drafted", b"lost"))
    receive(store, pages=[named])
    _save(store, 1, OWNER, b"draft", clock, [drafted, drafted])
    (orphan,) = store.orphans()
    orphan.unlink()
    assert [store.scans.has(address) for address in (named, drafted, lost)] == [True, True, False]
    _save(store, 1, OWNER, b"draft", clock, [])
    assert len(store.orphans()) == 1
