"""The central was set back: the feed is read again, and what it does not know any more goes."""

from uuid import UUID

import pytest

from onewindow_desk.domain.exchange import Cursor, Leased


@pytest.fixture
def take_in(signer, act, today):
    def run(store, number, **given):
        with store.transaction(signer) as writing:
            return writing.perform(act(writing.next_receipt_no(today), UUID(int=number), **given))

    return run


@pytest.fixture
def two(desk, take_in, street_feed):
    """Two desks with two cases each, all in the feed and read by both."""
    ours, theirs = desk(1), desk(2)
    for number, store in ((1, ours), (2, theirs), (3, ours), (4, theirs)):
        take_in(store, number)
        street_feed.take_all(store)
    street_feed.pull(ours, theirs)
    return ours, theirs


def _numbers(store):
    return {row.case_id.int for row in store.cases()}


def _lose(street_feed, rows):
    del street_feed.rows[-rows:]


def _restart(store, street_feed, clock, acked):
    store.exchange.restart_feed()
    store.exchange.said_hello(street_feed.hello(), clock.now)
    store.exchange.acknowledge(acked)


def test_the_views_stay_until_the_feed_comes_again(two, street_feed, clock):
    ours, _ = two
    before = ours.cases()
    ours.exchange.restart_feed()
    assert ours.exchange.end().cursor == Cursor()
    assert ours.cases() == before
    _restart(ours, street_feed, clock, 2)
    street_feed.pull(ours, page=2)
    assert ours.cases() == before
    assert ours.compare().equal
    assert ours.verify_rest().sound


def test_own_work_that_the_central_lost_goes_out_again(two, street_feed, clock, take_in):
    ours, theirs = two
    _lose(street_feed, 2)
    _restart(ours, street_feed, clock, 1)
    street_feed.pull(ours)
    assert _numbers(ours) == {1, 2, 3}
    assert [row.state for row in ours.unsent()] == ["queued"]
    street_feed.take_all(ours)
    _restart(theirs, street_feed, clock, 1)
    street_feed.pull(ours, theirs)
    assert _numbers(theirs) == {1, 2, 3, 4}
    street_feed.take_all(theirs)
    street_feed.pull(ours, theirs)
    for store in two:
        assert _numbers(store) == {1, 2, 3, 4}
        assert store.unsent() == ()
        assert store.compare().equal
        assert store.verify_rest().sound


def test_an_empty_central_keeps_only_what_is_ours(two, street_feed, clock):
    ours, _ = two
    _lose(street_feed, len(street_feed.rows))
    _restart(ours, street_feed, clock, 0)
    assert _numbers(ours) == {1, 3}
    assert len(ours.exchange.outgoing(9, 1 << 20)) == 2
    assert ours.compare().equal


def test_beginning_with_the_feed_once_more_before_any_of_it_came_finishes_too(two, street_feed, clock):
    ours, _ = two
    _lose(street_feed, 2)
    _restart(ours, street_feed, clock, 1)
    ours.exchange.restart_feed()
    street_feed.pull(ours)
    assert _numbers(ours) == {1, 2, 3}
    assert ours.compare().equal


def test_it_is_finished_after_a_start_in_between(desk, folder, two, street_feed, clock):
    ours, _ = two
    ours.exchange.restart_feed()
    ours.exchange.said_hello(street_feed.hello(), clock.now)
    street_feed.pull(ours, page=3)
    assert ours.rebuild().equal
    assert _numbers(ours) == {1, 2, 3, 4}


def test_what_an_earlier_enrolment_sent_and_the_central_lost_goes_on_under_the_new_one(
    two, street_feed, clock, take_in
):
    ours, _ = two
    ours.exchange.renewal()
    ours.exchange.renewed(Leased(series=90))
    street_feed.enrol(ours)
    take_in(ours, 5)
    street_feed.take_all(ours)
    street_feed.pull(ours)
    # Of all rows only the enrolments and the first case are left.
    kept = street_feed.rows[:3]
    del street_feed.rows[3:]
    assert kept[-1].case_id == UUID(int=1)
    street_feed.enrol(ours)
    _restart(ours, street_feed, clock, 0)
    street_feed.pull(ours)
    assert _numbers(ours) == {1, 3, 5}
    sent = {row.case_id.int for row in street_feed.take_all(ours)}
    assert sent == {3, 5}
    street_feed.pull(ours)
    assert ours.unsent() == ()
    assert ours.compare().equal
    assert ours.verify_rest().sound


def test_files_that_the_central_had_are_offered_again(desk, take_in, street_feed):
    ours = desk(1)
    pages = [ours.scans.put(b"one"), ours.scans.put(b"two")]
    take_in(ours, 1, pages=pages)
    street_feed.take_all(ours)
    for page in (*pages, "ab" * 32):
        street_feed.file(page)
    street_feed.pull(ours)
    assert ours.exchange.waiting_files(9) == ()
    ours.exchange.restart_feed()
    assert sorted(file.sha256 for file in ours.exchange.waiting_files(9)) == sorted(pages)
    assert ours.files_at_central(pages) == frozenset()


def test_old_work_that_a_snapshot_leaves_out_does_not_wait(two, street_feed, clock):
    ours, _ = two
    rows = [row for row in street_feed.rows if row.case_id in (None, UUID(int=2), UUID(int=3))]
    ours.exchange.restart_feed()
    ours.exchange.said_hello(street_feed.hello(), clock.now)
    upto = Cursor(len(street_feed.rows), street_feed.chain)
    ours.exchange.absorb_snapshot(rows, upto, last=False)
    ours.exchange.absorb_snapshot((), upto, last=True)
    # The central stores a desk's work in order: what comes before case 3 is there, old and closed.
    assert ours.unsent() == ()
    assert _numbers(ours) == {2, 3}
    assert ours.compare().equal
    assert ours.verify_rest().sound
