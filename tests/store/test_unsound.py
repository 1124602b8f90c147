"""One desk's false signatures close their cases at the other desks, and nothing else."""

from uuid import UUID

import msgspec
import pytest

from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.faults import Refusal

FALSE = bytes(64)
CASE = UUID(int=0xA)


@pytest.fixture
def take_in(signer, act, today):
    def run(store, case_id=CASE):
        with store.transaction(signer) as writing:
            return writing.perform(act(writing.next_receipt_no(today), case_id))

    return run


@pytest.fixture
def note(signer):
    def run(store, case_id=CASE):
        new = NewOperation(kind="note", case_id=case_id, envelope={"role": "window"}, payload={"text": "样"})
        with store.transaction(signer) as writing:
            return writing.perform(new)

    return run


@pytest.fixture
def push(street_feed):
    """Have the central store what a desk has to send; the operations in `false` lose their signature."""

    def run(store, *false, verdict="applied"):
        rows = []
        for sealed in store.exchange.outgoing(1000, 1 << 30):
            bad = msgspec.structs.replace(sealed, desk_signature=FALSE)
            rows.append(street_feed.take(bad if sealed.place.seq in false else sealed, verdict))
        store.exchange.acknowledge(store.exchange.end().last_seq)
        return rows

    return run


def _kinds(store, case_id=CASE):
    return [act.kind for act in store.case(case_id).acts]


def test_a_false_signature_closes_its_case_and_the_feed_goes_on(
    desk, take_in, note, push, street_feed, perform_note_refused
):
    ours, theirs, third = desk(1), desk(2), desk(3)
    take_in(theirs)
    take_in(theirs, UUID(int=2))
    push(theirs)
    street_feed.pull(ours)
    note(theirs)
    push(theirs, 3)
    take_in(third, UUID(int=3))
    push(third)
    street_feed.pull(ours)
    assert _kinds(ours) == ["receive"]
    assert [(row.case_id.int, row.unsound) for row in ours.cases()] == [(3, False), (2, False), (0xA, True)]
    assert ours.unsound(CASE)
    assert not ours.unsound(UUID(int=2))
    perform_note_refused(ours)
    note(ours, UUID(int=2))
    assert ours.link().unsound == 1
    assert [made.kind for made in ours.operations(CASE)] == ["receive"]
    assert [made.kind for made in ours.recorded(CASE)] == ["receive", "note"]
    take_in(third, UUID(int=4))
    push(third)
    street_feed.pull(ours)
    assert len(ours.cases()) == 4
    assert ours.exchange.end().cursor.seq == len(street_feed.rows)
    assert ours.compare().equal


@pytest.fixture
def perform_note_refused(note):
    def run(store):
        with pytest.raises(Refusal, match=r"窗口签名核对不上.*onewindow-admin verify"):
            note(store)

    return run


def test_the_check_names_it_and_finds_nothing_wrong_with_this_store(desk, take_in, push, street_feed):
    ours, theirs = desk(1), desk(2)
    take_in(theirs)
    push(theirs, 1)
    street_feed.pull(ours)
    report = ours.verify_rest()
    assert report.unsound == ("operation 1: desk signature, place 1 of 00000000-0000-0000-0000-000000000002",)
    assert report.broken == ()
    assert report.sound


def test_a_case_without_its_first_step_is_not_shown(desk, take_in, note, push, street_feed):
    ours, theirs, third = desk(1), desk(2), desk(3)
    take_in(theirs)
    push(theirs)
    street_feed.pull(third)
    street_feed.rows.pop()
    (sealed,) = theirs.exchange.outgoing(1, 1) or _sent(theirs)
    street_feed.take(msgspec.structs.replace(sealed, desk_signature=FALSE))
    street_feed.pull(ours)
    note(third)
    push(third)
    street_feed.pull(ours)
    assert ours.cases() == ()
    assert ours.link().unsound == 1
    assert ours.compare().equal


def _sent(store):
    store.exchange.acknowledge(0)
    return store.exchange.outgoing(1, 1)


@pytest.mark.parametrize(
    ("false", "left_out"),
    [((), ()), ((4,), (4,)), ((3, 4), (3, 4)), ((1, 4), (4,)), ((1, 2, 3), ()), ((1, 2, 3, 4), (1, 2, 3, 4))],
)
@pytest.mark.parametrize("page", [1, 2, 3, 100])
def test_what_a_later_signature_covers_counts_however_the_feed_is_cut(
    desk, take_in, push, street_feed, false, left_out, page
):
    ours, theirs = desk(1), desk(2)
    for number in range(1, 5):
        take_in(theirs, UUID(int=number))
    push(theirs, *false)
    street_feed.pull(ours, page=page)
    assert {row.case_id.int for row in ours.cases()} == {1, 2, 3, 4} - {*left_out}
    assert ours.link().unsound == len(left_out)
    assert ours.compare().equal


def test_the_next_sound_step_of_the_desk_opens_the_case_again(
    desk, take_in, note, push, street_feed, perform_note_refused
):
    ours, theirs = desk(1), desk(2)
    take_in(theirs)
    push(theirs)
    note(theirs)
    push(theirs, 2)
    street_feed.pull(ours)
    perform_note_refused(ours)
    take_in(theirs, UUID(int=2))
    push(theirs)
    changes = ours.exchange.absorb(street_feed.after(ours))
    assert CASE in changes.cases
    assert _kinds(ours) == ["receive", "note"]
    note(ours)
    assert ours.link().unsound == 0
    assert ours.compare().equal
    assert len(ours.verify_rest().unsound) == 1


def test_people_and_settings_of_a_false_signature_do_not_count(desk, push, signer, street_feed):
    ours, theirs = desk(1), desk(2)
    for hours in ("8-16", "9-17"):
        with theirs.transaction(signer) as writing:
            setting = {"name": "hours", "value": hours}
            writing.perform(NewOperation(kind="setting_changed", payload=setting))
        push(theirs, 2)
        street_feed.pull(ours)
    assert ours.settings()["hours"] == "8-16"
    with theirs.transaction(signer) as writing:
        writing.perform(NewOperation(kind="signed_in"))
    push(theirs)
    street_feed.pull(ours)
    assert ours.settings()["hours"] == "9-17"


def test_what_the_central_applies_later_is_left_out_too(desk, take_in, note, push, street_feed):
    ours, theirs = desk(1), desk(2)
    take_in(theirs)
    push(theirs)
    note(theirs)
    (row,) = push(theirs, 2, verdict="parked")
    street_feed.pull(ours)
    assert not ours.unsound(CASE)
    street_feed.again(row, "applied")
    street_feed.pull(ours)
    assert ours.unsound(CASE)
    assert _kinds(ours) == ["receive"]
    assert ours.compare().equal


def test_a_feed_read_again_says_the_same(desk, take_in, note, push, street_feed, clock):
    ours, theirs = desk(1), desk(2)
    take_in(theirs)
    push(theirs)
    note(theirs)
    push(theirs, 2)
    street_feed.pull(ours)
    ours.exchange.restart_feed()
    street_feed.pull(ours)
    ours.exchange.said_hello(street_feed.hello(), clock.now)
    assert ours.unsound(CASE)
    assert ours.link().unsound == 1
    assert ours.compare().equal


def test_an_unsound_case_never_leaves_this_desk(desk, take_in, push, signer, street_feed, clock):
    ours, theirs = desk(1), desk(2)
    take_in(theirs)
    with theirs.transaction(signer) as writing:
        facts = {"role": "window", "reason_given": True}
        writing.perform(NewOperation(kind="not_required", case_id=CASE, envelope=facts))
        writing.perform(
            NewOperation(kind="note", case_id=CASE, envelope={"role": "window"}, payload={"text": "样"})
        )
    push(theirs, 3)
    street_feed.pull(ours)
    clock.forward(days=500)
    ours.exchange.said_hello(street_feed.hello(now=clock.now, durable_before=clock.now), clock.now)
    assert ours.retire(clock.now).cases == 0
    assert ours.unsound(CASE)
