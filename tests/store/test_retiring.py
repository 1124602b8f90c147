"""What the central keeps may go from this desk: late, in order, and never what it may not have."""

from datetime import timedelta
from uuid import UUID

import pytest

from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.faults import Refusal
from onewindow_desk.store.start import TAIL


@pytest.fixture
def closed(desk, signer, act, today, street_feed):
    """Register a case with a page at a desk and close it at once; gives the page's address."""

    def run(store, number):
        page = store.scans.put(f"page {number}".encode())
        case_id = UUID(int=number)
        with store.transaction(signer) as writing:
            writing.perform(act(writing.next_receipt_no(today), case_id, pages=[page]))
            facts = {"role": "window", "reason_given": True}
            writing.perform(NewOperation(kind="not_required", case_id=case_id, envelope=facts))
        return page

    return run


def _fill_tail(store, signer):
    with store.transaction(signer) as writing:
        for _ in range(TAIL):
            writing.perform(NewOperation(kind="signed_in"))


def _durable(store, street_feed, clock):
    store.exchange.said_hello(street_feed.hello(now=clock.now, durable_before=clock.now), clock.now)


@pytest.fixture
def kept(desk, closed, signer, street_feed):
    """A desk with one closed case of its own, everything in the feed and at the central."""
    store = desk(1)
    page = closed(store, 1)
    _fill_tail(store, signer)
    street_feed.take_all(store)
    street_feed.file(page)
    street_feed.pull(store)
    return store, page


def test_files_go_thirty_days_after_closing(kept, clock):
    store, page = kept
    clock.forward(days=30)
    assert store.retire(clock.now).files == 0
    clock.forward(minutes=1)
    assert store.retire(clock.now).files == 1
    assert not store.has_file(page)
    assert store.verify_rest().sound
    assert len(store.cases()) == 1
    assert store.retire(clock.now).files == 0


def test_a_file_that_the_central_may_not_have_stays(desk, closed, street_feed, clock):
    store = desk(1)
    page = closed(store, 1)
    street_feed.take_all(store)
    street_feed.pull(store)
    clock.forward(days=500)
    _durable(store, street_feed, clock)
    report = store.retire(clock.now)
    assert (report.files, report.cases) == (0, 0)
    assert store.file_bytes(page) == b"page 1"


def test_a_file_that_another_case_or_a_draft_names_stays(kept, clock, receive, street_feed):
    store, page = kept
    store.drafts.save(UUID(int=9), UUID(int=8), b"draft", clock.now, [page])
    clock.forward(days=31)
    assert store.retire(clock.now).files == 0
    store.drafts.delete(UUID(int=9))
    receive(store, pages=[page])
    assert store.retire(clock.now).files == 0
    assert store.has_file(page)


def test_cases_go_after_ninety_days_and_a_checked_backup(kept, clock, street_feed):
    store, _ = kept
    clock.forward(days=91)
    assert store.retire(clock.now).cases == 0
    _durable(store, street_feed, clock)
    report = store.retire(clock.now)
    assert (report.cases, report.operations) == (1, 2)
    with pytest.raises(Refusal):
        store.case(UUID(int=1))
    assert store.cases() == store.find("样安") == ()
    assert store.operations(UUID(int=1)) == ()
    assert store.exchange.hash_at(1)
    assert store.verify_rest().sound
    assert store.compare().equal


def test_once_more_lets_nothing_go_and_waits_for_nobody(kept, clock, street_feed, signer):
    store, _ = kept
    clock.forward(days=91)
    _durable(store, street_feed, clock)
    first = store.retire(clock.now)
    assert (first.cases, first.operations, first.files) == (1, 2, 1)
    with store.transaction(signer):
        again = store.retire(clock.now)
    assert (again.cases, again.operations, again.files) == (0, 0, 0)
    assert store.verify_rest().sound
    assert store.compare().equal


def test_a_case_whose_rows_came_after_the_backup_stays(kept, clock, street_feed):
    store, _ = kept
    backup = clock.now - timedelta(seconds=1)
    clock.forward(days=91)
    store.exchange.said_hello(street_feed.hello(now=clock.now, durable_before=backup), clock.now)
    assert store.retire(clock.now).cases == 0


def test_the_end_of_our_own_chain_stays_whole(desk, closed, street_feed, clock):
    store = desk(1)
    street_feed_page = closed(store, 1)
    street_feed.take_all(store)
    street_feed.file(street_feed_page)
    street_feed.pull(store)
    clock.forward(days=91)
    _durable(store, street_feed, clock)
    assert store.retire(clock.now).cases == 0


def test_other_desks_cases_go_and_do_not_come_back(desk, closed, kept, street_feed, clock):
    store, _ = kept
    theirs = desk(2)
    closed(theirs, 5)
    rows = street_feed.take_all(theirs)
    street_feed.pull(store)
    clock.forward(days=91)
    _durable(store, street_feed, clock)
    assert store.retire(clock.now).cases == 2
    store.exchange.restart_feed()
    store.exchange.said_hello(street_feed.hello(), clock.now)
    street_feed.pull(store)
    assert store.cases() == ()
    assert len(rows) == 2
    assert store.verify_rest().sound
    assert store.compare().equal


def test_a_retired_store_opens_and_what_is_missing_from_its_chain_shows(kept, clock, street_feed):
    store, _ = kept
    clock.forward(days=91)
    _durable(store, street_feed, clock)
    store.retire(clock.now)
    with store._writing() as connection:
        connection.exec_driver_sql("DELETE FROM retired WHERE seq = 2")
    assert store.verify_rest().broken[0] == "operation 1: chain"


def test_only_what_was_retired_can_be_deleted(kept):
    store, _ = kept
    with (
        pytest.raises(Exception, match="only ever added"),
        store._writing() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM operation WHERE seq = 1")


def test_an_open_case_and_a_store_of_its_own_keep_everything(store, desk, receive, street_feed, clock):
    ours = desk(1)
    for one in (store, ours):
        receive(one, pages=[one.scans.put(b"page")])
    street_feed.take_all(ours)
    street_feed.pull(ours)
    clock.forward(days=500)
    _durable(ours, street_feed, clock)
    for one in (store, ours):
        report = one.retire(clock.now)
        assert (report.cases, report.files) == (0, 0)
        assert len(one.cases()) == 1
