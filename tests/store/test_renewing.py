"""A new enrolment carries on what the central does not have, and an old file is not taken for it."""

import shutil
from uuid import UUID

import pytest

from onewindow_desk.domain.exchange import Enrolled, Leased, Verdict
from onewindow_desk.faults import Fault, Refusal
from onewindow_desk.store import Store

LEASED = Leased(series=90, spare_series=(91,))


@pytest.fixture
def take_in(signer, act, today):
    def run(store, number, **given):
        with store.transaction(signer) as writing:
            return writing.perform(act(writing.next_receipt_no(today), UUID(int=number), **given))

    return run


@pytest.fixture
def ours(folder, vault, clock, street_feed):
    """A desk with three cases of which the feed shows the first as applied, the second as rejected."""
    enrolled = Enrolled(series=12, street="115", label="1 号窗口")
    with Store.found(folder, vault, UUID(int=7), "115", 12, enrolled=enrolled, clock=clock) as store:
        street_feed.enrol(store)
        yield store


@pytest.fixture
def half_sent(ours, take_in, street_feed):
    for number in (1, 2, 3, 4):
        take_in(ours, number)
    first, second, *_ = ours.exchange.outgoing(9, 1 << 20)
    street_feed.take(first)
    street_feed.take(second, "rejected", "role")
    ours.exchange.acknowledge(3)
    street_feed.pull(ours)
    return ours


def _renew(store):
    new = store.exchange.renewal()
    store.exchange.renewed(LEASED)
    return new


def test_the_same_new_enrolment_is_named_until_it_begins(ours, folder, vault, clock):
    new = ours.exchange.renewal()
    assert ours.exchange.renewal() == new
    ours.close()
    with Store.open(folder, vault, clock=clock) as again:
        assert again.exchange.renewal() == new
        assert again.replica == UUID(int=7)
        again.exchange.renewed(LEASED)
        assert (again.replica, again.public_key()) == (new.replica, new.public_key)
        assert again.exchange.renewal() != new


def test_an_enrolment_that_was_not_asked_for_is_not_taken(ours):
    with pytest.raises(Fault, match="did not ask for"):
        ours.exchange.renewed(LEASED)


def test_what_the_feed_does_not_show_is_carried_on_with_its_head_and_mac(half_sent):
    third, fourth = half_sent.exchange.outgoing(9, 1 << 20)[0], half_sent.operations(UUID(int=4))[0]
    before = {row.case_id: row.applicant_name for row in half_sent.cases()}
    _renew(half_sent)
    end = half_sent.exchange.end()
    assert (end.last_seq, end.acked) == (2, 0)
    out = half_sent.exchange.outgoing(9, 1 << 20)
    assert [sealed.place.seq for sealed in out] == [1, 2]
    assert (out[1].head, out[1].payload, out[1].person_mac) == (third.head, third.payload, third.person_mac)
    assert half_sent.operations(UUID(int=4))[0].head == fourth.head
    assert {row.case_id: row.applicant_name for row in half_sent.cases()} == before
    assert half_sent.compare().equal
    assert half_sent.verify_rest().sound


def test_an_act_that_stands_twice_is_folded_once(half_sent, street_feed):
    old = half_sent.exchange.outgoing(9, 1 << 20)
    _renew(half_sent)
    street_feed.enrol(half_sent)
    # The central had one of them after all, under the old enrolment.
    street_feed.take(old[0])
    for sealed, verdict in zip(
        half_sent.exchange.outgoing(9, 1 << 20), (Verdict.APPLIED, Verdict.DUPLICATE), strict=True
    ):
        street_feed.take(sealed, verdict.value)
    half_sent.exchange.acknowledge(2)
    street_feed.pull(half_sent)
    assert [len(half_sent.case(UUID(int=number)).acts) for number in (1, 3, 4)] == [1, 1, 1]
    assert [len(half_sent.operations(UUID(int=number))) for number in (1, 3, 4)] == [1, 1, 1]
    assert half_sent.unsent() == ()
    assert [entry.reason for entry in half_sent.attention()] == ["role"]
    assert half_sent.compare().equal
    assert half_sent.verify_rest().sound


def test_numbers_after_it_are_of_the_new_series(half_sent, take_in):
    _renew(half_sent)
    take_in(half_sent, 5)
    assert half_sent.case(UUID(int=5)).receipt_no[9:17] == "00900001"


def test_it_goes_on_after_a_restart_and_once_more(half_sent, folder, vault, clock, take_in):
    _renew(half_sent)
    take_in(half_sent, 5)
    half_sent.close()
    with Store.open(folder, vault, clock=clock) as again:
        assert again.exchange.end().last_seq == 3
        _renew(again)
        take_in(again, 6)
        assert again.exchange.end().last_seq == 4
        assert again.verify_rest().sound
        assert again.compare().equal
    with Store.open(folder, vault, clock=clock) as last:
        assert len(last.cases()) == 5


def test_the_store_as_it_was_before_is_not_taken(half_sent, folder, vault, clock):
    half_sent.close()
    kept = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    with Store.open(folder, vault, clock=clock) as again:
        _renew(again)
    for path in folder.glob("desk.db*"):
        path.unlink()
    for name, data in kept.items():
        (folder / name).write_bytes(data)
    with pytest.raises(Refusal, match="旧文件"):
        Store.open(folder, vault, clock=clock)


def test_files_that_waited_wait_for_their_new_places(ours, take_in):
    pages = [ours.scans.put(data) for data in (b"one", b"two")]
    for number, page in enumerate(pages, 1):
        take_in(ours, number, pages=[page])
    _renew(ours)
    assert ours.exchange.waiting_files(9) == ()
    ours.exchange.acknowledge(1)
    assert [file.sha256 for file in ours.exchange.waiting_files(9)] == pages[:1]
    ours.exchange.acknowledge(2)
    assert [file.sha256 for file in ours.exchange.waiting_files(9)] == pages


def test_what_a_copy_of_this_desk_did_is_read_once_a_new_enrolment_was_asked_for(
    half_sent, folder, vault, clock, tmp_path, take_in, street_feed
):
    half_sent.exchange.acknowledge(2)
    street_feed.take(half_sent.exchange.outgoing(1, 1)[0])
    half_sent.exchange.acknowledge(3)
    half_sent.close()
    shutil.copytree(folder, tmp_path / "copy")
    secrets = dict(vault.secrets)
    with Store.open(tmp_path / "copy", vault, clock=clock) as copy:
        take_in(copy, 9, name="沈样真")
        street_feed.take_all(copy)
    vault.secrets = secrets
    with Store.open(folder, vault, clock=clock) as store:
        take_in(store, 5)
        with pytest.raises(Fault, match="did not make"):
            street_feed.pull(store)
        store.exchange.renewal()
        street_feed.pull(store)
        store.exchange.renewed(LEASED)
        assert {row.case_id.int for row in store.cases()} == {1, 3, 4, 5, 9}
        # The copy had sent all but what was made after it was taken.
        assert [sealed.place.seq for sealed in store.exchange.outgoing(9, 1 << 20)] == [1]
        assert store.compare().equal
        assert store.verify_rest().sound
