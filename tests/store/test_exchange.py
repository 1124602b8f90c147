"""The desk's side of the exchange: what goes out, what comes in, and what it folds to."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from onewindow_desk.domain.exchange import Cursor, What
from onewindow_desk.domain.operation import GENESIS, NewOperation, link_hash
from onewindow_desk.domain.states import State
from onewindow_desk.faults import Fault, Refusal
from onewindow_desk.store import Signer, Store, chain
from onewindow_desk.store.keys import ChainHead

CASE = UUID(int=0xA)


@pytest.fixture
def perform(signer):
    def run(store, kind, case_id=None, base=None, role="window", payload=None, **facts):
        envelope = {"role": role, **facts} if case_id else facts
        new = NewOperation(kind=kind, case_id=case_id, base=base, envelope=envelope, payload=payload or {})
        with store.transaction(signer) as writing:
            return writing.perform(new)

    return run


@pytest.fixture
def take_in(signer, act, today):
    """Register the case `case_id` at a desk."""

    def run(store, case_id=CASE, **given):
        with store.transaction(signer) as writing:
            return writing.perform(act(writing.next_receipt_no(today), case_id, **given))

    return run


@pytest.fixture
def kinds():
    return lambda store, case_id=CASE: [act.kind for act in store.case(case_id).acts]


def test_a_fresh_desk_stands_at_the_beginning(desk):
    end = desk(1).exchange.end()
    assert (end.last_seq, end.last_hash, end.acked, end.acked_hash) == (0, GENESIS, 0, GENESIS)
    assert end.cursor == Cursor()
    assert end.replica == UUID(int=1)


def test_what_goes_out_follows_what_was_confirmed(desk, take_in):
    store = desk(1)
    for number in range(5):
        take_in(store, UUID(int=number + 1))
    batch = store.exchange.outgoing(2, 1 << 20)
    assert [sealed.place.seq for sealed in batch] == [1, 2]
    assert all(sealed.payload for sealed in batch)
    store.exchange.acknowledge(2)
    assert store.exchange.end().acked_hash == batch[1].hash == store.exchange.hash_at(2)
    size = len(batch[0].head) + len(batch[0].payload) + 96
    assert [sealed.place.seq for sealed in store.exchange.outgoing(9, 2 * size + 40)] == [3, 4]
    assert [sealed.place.seq for sealed in store.exchange.outgoing(9, 1)] == [3]
    store.exchange.acknowledge(0)
    assert store.exchange.outgoing(9, 1 << 20)[0].place.seq == 1
    assert store.exchange.end().acked_hash == GENESIS
    assert (store.exchange.hash_at(0), store.exchange.hash_at(6)) == (GENESIS, None)


def test_what_was_never_made_cannot_be_confirmed(desk):
    with pytest.raises(Fault, match="did not make"):
        desk(1).exchange.acknowledge(1)


def test_another_desks_case_appears_with_all_that_lists_show(desk, take_in, street_feed):
    ours, theirs = desk(1), desk(2)
    take_in(theirs, name="沈样真", item="户外广告")
    street_feed.take_all(theirs)
    changes = ours.exchange.absorb(street_feed.after(ours))
    assert changes.cases == {CASE}
    (row,) = ours.cases()
    assert (row.applicant_name, row.item_name, row.state) == ("沈样真", "户外广告", State.RECEIVED)
    assert ours.find("样真") == ours.find(row.receipt_no) == ours.find("广告") == (row,)
    assert ours.case(CASE) == theirs.case(CASE)
    assert ours.exchange.end().cursor == Cursor(len(street_feed.rows), street_feed.chain)
    assert ours.compare().equal
    assert ours.verify_rest().sound


def test_own_operations_coming_back_change_nothing(desk, take_in, perform, street_feed):
    store = desk(1)
    take_in(store)
    perform(store, "accept", CASE, complete=True)
    before = store.case(CASE)
    street_feed.take_all(store)
    street_feed.pull(store)
    assert store.case(CASE) == before
    assert store.compare().equal
    assert store.unsent() == ()


def test_the_feed_comes_before_what_waits(desk, take_in, perform, street_feed, kinds):
    ours, theirs = desk(1), desk(2)
    take_in(theirs)
    street_feed.take_all(theirs)
    street_feed.pull(ours, theirs)
    perform(theirs, "note", CASE, payload={"text": "样"})
    street_feed.take_all(theirs)
    perform(ours, "accept", CASE, complete=True)
    assert kinds(ours) == ["receive", "accept"]
    street_feed.pull(ours)
    assert kinds(ours) == ["receive", "note", "accept"]
    street_feed.take_all(ours)
    street_feed.pull(ours, theirs)
    assert kinds(ours) == kinds(theirs) == ["receive", "note", "accept"]
    assert ours.case(CASE) == theirs.case(CASE)
    for store in (ours, theirs):
        assert store.compare().equal
        assert [made.kind for made in store.operations(CASE)] == kinds(store)


def test_what_the_rules_refuse_on_top_of_the_feed_waits_out_of_sight(
    desk, take_in, perform, street_feed, kinds
):
    ours, theirs = desk(1), desk(2)
    take_in(theirs)
    street_feed.take_all(theirs)
    street_feed.pull(ours, theirs)
    perform(ours, "accept", CASE, complete=True)
    perform(ours, "note", CASE, payload={"text": "样"})
    perform(theirs, "not_required", CASE, reason_given=True)
    street_feed.take_all(theirs)
    street_feed.pull(ours)
    assert kinds(ours) == ["receive", "not_required", "note"]
    assert [row.kind for row in ours.unsent()] == ["note", "accept"]
    first, second = ours.exchange.outgoing(2, 1 << 20)
    street_feed.take(first, "rejected", "state")
    street_feed.take(second)
    ours.exchange.acknowledge(2)
    street_feed.pull(ours, theirs)
    assert kinds(ours) == kinds(theirs) == ["receive", "not_required", "note"]
    (entry,) = ours.attention()
    assert (entry.kind, entry.verdict, entry.reason, entry.own) == ("accept", "rejected", "state", True)
    assert theirs.attention() == ()
    assert ours.compare().equal
    assert ours.unsent_count() == 0


def test_a_rejected_receipt_leaves_the_list_and_comes_back_when_it_is_applied(desk, take_in, street_feed):
    store = desk(1)
    take_in(store)
    (row,) = street_feed.take_all(store, "rejected", "role")
    street_feed.pull(store)
    assert store.cases() == store.find("样安") == ()
    with pytest.raises(Refusal):
        store.case(CASE)
    assert [entry.op_id for entry in store.attention()] == [row.op_id]
    assert store.compare().equal
    street_feed.again(row, "applied")
    assert store.exchange.absorb(street_feed.after(store)).cases == {CASE}
    assert store.case(CASE).state is State.RECEIVED
    assert store.attention() == ()
    assert store.find("样安") == store.cases()
    assert store.compare().equal


def test_an_applied_operation_found_wrong_later_leaves_the_fold(desk, take_in, street_feed):
    ours, theirs = desk(1), desk(2)
    take_in(theirs)
    (row,) = street_feed.take_all(theirs)
    street_feed.pull(ours)
    street_feed.again(row, "quarantined", "person_mac")
    street_feed.pull(ours)
    assert ours.cases() == ()
    assert ours.compare().equal


def test_later_own_steps_wait_on_the_ones_before_them(desk, take_in, perform, street_feed, kinds):
    store = desk(1)
    take_in(store)
    perform(store, "accept", CASE, complete=True)
    receive, accept = store.exchange.outgoing(2, 1 << 20)
    street_feed.take(receive)
    store.exchange.acknowledge(1)
    street_feed.pull(store)
    assert kinds(store) == ["receive", "accept"]
    assert [(row.kind, row.state) for row in store.unsent()] == [("accept", "queued")]
    store.exchange.acknowledge(2)
    assert [(row.kind, row.state) for row in store.unsent()] == [("accept", "sent")]
    street_feed.take(accept, "parked", "person_key_unknown")
    street_feed.pull(store)
    assert kinds(store) == ["receive"]
    assert store.compare().equal


def _changed(row, **what):
    return msgspec.structs.replace(row, **what)


def _with_sealed(row, **what):
    return _changed(row, sealed=msgspec.structs.replace(row.sealed, **what))


@pytest.mark.parametrize(
    "change",
    [
        lambda row: _changed(row, chain="11" * 32),
        lambda row: _changed(row, verdict="rejected"),
        lambda row: _changed(row, seq=row.seq + 1),
        lambda row: _changed(row, case_id=UUID(int=77)),
        lambda row: _changed(row, op_id=UUID(int=77)),
        lambda row: _changed(row, sealed=None),
        lambda row: _with_sealed(row, head=row.sealed.head.replace(b'"receive"', b'"deceive"')),
        lambda row: _with_sealed(row, payload=b"x" * 40),
        lambda row: _with_sealed(row, hash="11" * 32),
    ],
)
def test_rows_that_do_not_fit_are_kept_as_nothing(desk, take_in, street_feed, change):
    ours, theirs = desk(1), desk(2)
    take_in(theirs)
    street_feed.take_all(theirs)
    good = street_feed.after(ours)
    with pytest.raises(Fault):
        ours.exchange.absorb((*good[:-1], change(good[-1])))
    assert ours.exchange.end().cursor == Cursor()
    assert ours.cases() == ()
    ours.exchange.absorb(good)
    assert len(ours.cases()) == 1


def test_an_operation_of_nobody_is_not_taken(desk, take_in, street_feed, tmp_path, vault):
    ours = desk(1)
    with Store.found(tmp_path / "stranger", vault, UUID(int=99), "115", 99) as stranger:
        take_in(stranger)
        street_feed.take_all(stranger)
        with pytest.raises(Fault, match="nobody enrolled"):
            street_feed.pull(ours)


def test_a_replica_keeps_its_key(desk, street_feed):
    ours, other = desk(1), desk(2)
    row = street_feed.enrol(other)
    body = row.body.replace(other.public_key().encode(), ours.public_key().encode())
    street_feed.rows.pop()
    street_feed.told(What.REPLICA, body)
    with pytest.raises(Fault, match="another key"):
        street_feed.pull(ours)


def test_an_operation_of_this_desk_that_it_never_made_stops_the_reading(desk, take_in, street_feed):
    store = desk(1)
    take_in(store)
    (sealed,) = store.exchange.outgoing(1, 1)
    street_feed.take(msgspec.structs.replace(sealed, hash="12" * 32))
    with pytest.raises(Fault, match="did not make"):
        street_feed.pull(store)


def test_a_quarantined_operation_is_kept_though_it_cannot_be_read(desk, take_in, street_feed):
    ours, theirs = desk(1), desk(2)
    take_in(theirs)
    (sealed,) = theirs.exchange.outgoing(1, 1)
    broken = msgspec.structs.replace(sealed, head=b"{", hash=link_hash(sealed.place, b"{"))
    street_feed.take(broken, "quarantined", "unreadable", op_id=UUID(int=5), case_id=None)
    street_feed.pull(ours)
    assert ours.exchange.end().cursor.seq == len(street_feed.rows)


def test_a_case_without_payloads_is_folded_from_envelopes(desk, take_in, street_feed):
    ours, theirs = desk(1), desk(2)
    take_in(theirs)
    (sealed,) = theirs.exchange.outgoing(1, 1)
    street_feed.take(sealed, payload=None)
    street_feed.pull(ours)
    (row,) = ours.cases()
    assert (row.applicant_name, row.state) == ("", State.RECEIVED)
    assert ours.exchange.lacking_payloads(9) == ()
    ours.want_payloads(CASE)
    (op_id,) = ours.exchange.lacking_payloads(9)
    with pytest.raises(Fault, match="not the one"):
        ours.exchange.fill_payloads({op_id: b"x"})
    ours.exchange.fill_payloads({op_id: sealed.payload})
    assert ours.cases()[0].applicant_name == "钱样安"
    assert ours.find("样安") == ours.cases()
    assert ours.exchange.lacking_payloads(9) == ()
    assert ours.compare().equal


def test_what_an_older_program_does_not_know_closes_the_case_to_it(
    desk, take_in, perform, street_feed, folder
):
    ours, theirs = desk(1), desk(2)
    take_in(theirs)
    street_feed.take_all(theirs)
    sealed = _unknown(theirs)
    street_feed.take(sealed)
    street_feed.pull(ours)
    assert ours.cases()[0].upgrade_needed
    assert ours.upgrade_needed(CASE)
    with pytest.raises(Refusal, match="请升级"):
        perform(ours, "accept", CASE, complete=True)
    assert [row.upgrade_needed for row in ours.cases()] == [True]
    assert ours.exchange.end().cursor.seq == len(street_feed.rows)
    assert ours.compare().equal
    assert ours.verify_rest().sound


def _unknown(store):
    """An operation that a later program at this desk made."""
    end = store.exchange.end()
    signer = Signer(person_id=UUID(int=3), person_key_id="k", mac_key=b"k" * 32)
    return chain.seal(
        NewOperation(kind="of_tomorrow", case_id=CASE),
        ChainHead(end.last_seq, end.last_hash),
        datetime.now(UTC),
        UUID(int=4),
        signer,
        store._keys,
    )


def test_a_field_corrected_at_two_desks_counts_twice_and_says_once(
    desk, take_in, perform, street_feed, kinds
):
    ours, theirs = desk(1), desk(2)
    take_in(theirs)
    street_feed.take_all(theirs)
    street_feed.pull(ours, theirs)
    for store, phone in ((ours, "000-0000-0002"), (theirs, "000-0000-0003")):
        change = {"key": "applicant.phone", "old": "000-0000-0001", "new": phone}
        perform(store, "correct_on_spot", CASE, payload={"changes": [change]}, signed_by_applicant=True)
    street_feed.take_all(ours)
    street_feed.take_all(theirs)
    street_feed.pull(ours, theirs)
    assert ours.case(CASE) == theirs.case(CASE)
    assert ours.case(CASE).applicant.phone == "000-0000-0002"
    assert ours.case(CASE).version == 3
    assert not ours.upgrade_needed(CASE)
    assert ours.compare().equal
    assert theirs.compare().equal


def test_files_go_after_their_operations_and_oldest_first(desk, take_in, street_feed):
    store = desk(1)
    pages = [store.scans.put(data) for data in (b"one", b"three", b"five..")]
    for number, page in enumerate(pages):
        take_in(store, UUID(int=number + 1), pages=[page])
    assert store.exchange.waiting_files(9) == ()
    store.exchange.acknowledge(2)
    waiting = store.exchange.waiting_files(9)
    assert [(file.sha256, file.size) for file in waiting] == [(pages[0], 3), (pages[1], 5)]
    assert store.exchange.file_bytes(pages[1]) == b"three"
    store.exchange.file_arrived(pages[0])
    store.exchange.acknowledge(3)
    assert [file.sha256 for file in store.exchange.waiting_files(9)] == pages[1:]
    street_feed.take_all(store)
    street_feed.file(pages[2])
    assert UUID(int=3) in store.exchange.absorb(street_feed.after(store)).cases
    assert [file.sha256 for file in store.exchange.waiting_files(9)] == pages[1:2]
    assert store.files_at_central(pages) == {pages[2]}


def test_a_file_that_is_gone_is_named_beside_the_others(desk, take_in):
    store = desk(1)
    gone, here = store.scans.put(b"gone"), store.scans.put(b"here")
    take_in(store, pages=[gone, here])
    store.exchange.acknowledge(1)
    store.scans.remove(gone)
    assert {file.sha256: file.size for file in store.exchange.waiting_files(9)} == {gone: 0, here: 4}
    with pytest.raises(Refusal):
        store.exchange.file_bytes(gone)


def test_only_the_feed_shows_that_a_file_is_there(desk, take_in, street_feed, clock):
    store = desk(1)
    page = store.scans.put(b"page")
    take_in(store, pages=[page])
    street_feed.take_all(store)
    store.exchange.file_arrived(page)
    assert store.exchange.waiting_files(9) == ()
    # A central that took over may have lost it though it knows how far this desk has read.
    store.exchange.said_hello(street_feed.hello(), clock.now)
    assert [file.sha256 for file in store.exchange.waiting_files(9)] == [page]
    street_feed.file(page)
    street_feed.pull(store)
    store.exchange.said_hello(street_feed.hello(), clock.now)
    assert store.exchange.waiting_files(9) == ()
    take_in(store, UUID(int=9), pages=[page])
    store.exchange.acknowledge(2)
    assert store.exchange.waiting_files(9) == ()


def test_a_wanted_file_comes_and_is_kept(desk, take_in, street_feed):
    ours, theirs = desk(1), desk(2)
    page = theirs.scans.put(b"page")
    take_in(theirs, pages=[page])
    street_feed.take_all(theirs)
    street_feed.pull(ours)
    assert not ours.has_file(page)
    ours.want_file(page)
    assert ours.exchange.wanted_files(9) == (page,)
    with pytest.raises(Fault, match="not what its address says"):
        ours.exchange.keep_file(page, b"other")
    ours.exchange.keep_file(page, b"page")
    assert ours.file_bytes(page) == b"page"
    assert ours.exchange.wanted_files(9) == ()


def test_a_first_pull_takes_rows_with_gaps_and_goes_on_from_its_end(desk, take_in, street_feed):
    theirs = desk(2)
    for number in range(6):
        take_in(theirs, UUID(int=number + 1))
    rows = street_feed.take_all(theirs)
    ours = desk(1)
    upto = Cursor(len(street_feed.rows), street_feed.chain)
    enrolled = [row for row in street_feed.rows if row.what is What.REPLICA]
    ours.exchange.absorb_snapshot((*enrolled[:1], *rows[:2]), upto, last=False)
    assert ours.exchange.end().cursor == Cursor()
    # The rest of it, some of it twice: a first pull that was cut off begins anew.
    ours.exchange.absorb_snapshot((*rows[1:2], *rows[4:], *enrolled[1:]), upto, last=True)
    assert ours.exchange.end().cursor == upto
    assert {row.case_id.int for row in ours.cases()} == {1, 2, 5, 6}
    take_in(theirs, UUID(int=7))
    street_feed.take_all(theirs)
    street_feed.pull(ours)
    assert len(ours.cases()) == 5
    assert ours.compare().equal
    assert ours.verify_rest().sound


def test_an_answer_to_hello_is_kept(desk, street_feed, clock):
    store = desk(1)
    answer = street_feed.hello(
        now=clock.now + timedelta(seconds=90), series=77, spare_series=(78,), kinds=("receive",), upgrade=True
    )
    store.exchange.said_hello(answer, clock.now)
    link = store.link()
    assert (link.attached, link.label, link.offset_seconds) == (True, "1 号窗口", 90)
    assert (link.series, link.spare_series, link.kinds, link.upgrade) == (77, (78,), ("receive",), True)
    assert link.last_synced == clock.now


def test_numbers_come_from_the_series_that_hello_named(desk, street_feed, take_in, clock, folder):
    store = desk(1)
    take_in(store)
    store.exchange.said_hello(street_feed.hello(series=77), clock.now)
    take_in(store, UUID(int=2))
    take_in(store, UUID(int=3))
    assert [row.receipt_no[9:17] for row in store.cases()] == ["00770002", "00770001", "00010001"]


def test_the_streets_settings_come_from_the_central(desk, street_feed, clock, perform):
    store = desk(1)
    perform(store, "setting_changed", payload={"name": "hours", "value": "9-17"})
    changes = store.exchange.said_hello(
        street_feed.hello(street_settings={"name": "样例街道", "hours": "8-16"}), clock.now
    )
    assert changes.settings
    assert store.settings() == {"name": "样例街道", "hours": "9-17"}
    assert store.compare().equal
    assert not store.exchange.said_hello(
        street_feed.hello(street_settings={"name": "样例街道", "hours": "8-16"}), clock.now
    ).settings
