"""One round: what is said, sent and read, in which order, and where each unexpected answer leads."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.sync.model_central import NOON, PART, ModelCentral
from tests.sync.model_talk import ABOUT, Desk

from onewindow_desk.domain.exchange import Cursor, PushAnswer, PushStatus
from onewindow_desk.faults import Fault, Refusal, Unreachable
from onewindow_desk.sync.batching import Pace
from onewindow_desk.sync.round import Limits, Link, Round


@pytest.fixture
def central() -> ModelCentral:
    return ModelCentral()


@pytest.fixture
def desk(central: ModelCentral) -> Desk:
    return Desk(central, 1)


@pytest.fixture
def other(central: ModelCentral) -> Desk:
    return Desk(central, 2)


def _gone(*_: Any) -> Any:
    raise Unreachable("gone")


# hello


def test_hello_is_said_with_all_that_is_here_also_when_nothing_is_to_be_sent(desk):
    desk.receive()
    desk.go(desk.talk())
    talk = desk.talk()
    desk.go(talk)
    assert talk.calls[0] == "hello"
    said, disk = talk.given[0][1], desk.store.disk
    assert (said.last_seq, said.acked, said.last_hash, said.acked_hash) == (
        1,
        1,
        disk.chain[0].hash,
        said.last_hash,
    )
    assert (said.cursor, said.chain) == (disk.cursor.seq, disk.cursor.chain)
    assert (said.app, said.protocols, said.kinds, said.sent_at) == ("1.2", (1,), ABOUT.kinds, NOON)


def test_hello_is_said_once_in_a_conversation_until_it_is_old(desk):
    talk = desk.talk()
    for _ in range(3):
        desk.go(talk)
    assert talk.calls.count("hello") == 1
    desk.now = 301.0
    desk.go(talk)
    assert talk.calls.count("hello") == 2


@pytest.mark.parametrize("trouble", [Unreachable("gone"), Refusal("voll"), Fault("ours")])
def test_after_any_trouble_the_same_conversation_begins_anew_with_hello(desk, trouble):
    talk = desk.talk()
    desk.go(talk)

    def fails(*_: Any) -> Any:
        raise trouble

    talk.instead["pull"] = fails
    if isinstance(trouble, Fault):
        with pytest.raises(Fault):
            desk.go(talk)
    else:
        assert desk.go(talk).link is (Link.DOWN if isinstance(trouble, Unreachable) else Link.REFUSED)
    del talk.instead["pull"], talk.calls[:]
    assert desk.go(talk).link is Link.UP
    assert talk.calls[0] == "hello"


def test_an_answer_that_was_lost_is_found_in_the_next_hello_and_nothing_goes_twice(desk, central):
    desk.receive()

    def lost(call: Any, *given: Any) -> Any:
        call(*given)
        raise Unreachable("gone")

    report = desk.go(desk.talk(push=lost))
    assert (report.link, report.sent, report.unsent, report.text) == (Link.DOWN, 0, 1, "gone")
    talk = desk.talk()
    report = desk.go(talk)
    assert (report.link, report.sent, report.unsent) == (Link.UP, 1, 0)
    assert "push" not in talk.calls
    assert len(central.state.operations) == 1


def test_an_unknown_protocol_stores_and_does_not_read(desk, other):
    other.receive()
    other.go(other.talk())
    desk.receive()
    talk = desk.talk(hello=lambda call, *given: replace(call(*given), protocol=9))
    report = desk.go(talk)
    assert report.upgrade
    assert report.link is Link.UP
    assert talk.calls == ["hello", "push"]
    assert desk.store.disk.cursor == Cursor()


def test_a_program_that_is_too_old_says_so_and_goes_on(desk):
    desk.receive()
    report = desk.go(desk.talk(hello=lambda call, *given: replace(call(*given), upgrade=True)))
    assert report.upgrade
    assert (report.sent, report.unsent) == (1, 0)
    assert report.read > 0


def test_a_central_that_lost_a_tail_gets_it_again(desk, central):
    desk.receive()
    desk.go(desk.talk())
    before = central.state.copy()
    desk.receive()
    desk.go(desk.talk())
    central.restore(before)
    report = desk.go(desk.talk())
    assert report.rewound
    assert (report.sent, report.unsent) == (1, 0)
    assert len(central.state.operations) == 2


def test_a_closed_enrolment_is_renewed_after_the_feed_was_read(desk, central):
    desk.receive()
    desk.go(desk.talk())
    replica = desk.store.disk.replica
    central.state.replicas[replica] = replace(central.state.replicas[replica], closed=True)
    desk.receive()
    talk = desk.talk()
    report = desk.go(talk)
    assert (report.renewed, report.sent, report.unsent) == (True, 1, 0)
    assert talk.calls[:2] == ["hello", "renew"]
    assert talk.calls.index("pull") < talk.calls.index("push")
    # Only what was not there is carried on.
    assert len(desk.store.disk.chain) == 1
    assert desk.store.disk.replica != replica


def test_a_renewal_whose_answer_was_lost_is_asked_for_again_by_the_same_name(desk, central):
    replica = desk.store.disk.replica
    central.state.replicas[replica] = replace(central.state.replicas[replica], closed=True)

    def lost(call: Any, *given: Any) -> Any:
        call(*given)
        raise Unreachable("gone")

    desk.go(desk.talk(renew=lost))
    pending = desk.store.vault.pending
    desk.go(desk.talk())
    assert desk.store.disk.replica == pending.replica
    assert sum(1 for each in central.state.replicas.values() if not each.closed) == 1


def test_a_name_for_the_new_enrolment_that_a_clone_used_up_is_given_up(desk, central):
    desk.receive()
    replica = desk.store.disk.replica
    central.state.replicas[replica] = replace(central.state.replicas[replica], closed=True)
    used = desk.store.renewal()
    desk.talk().renew(replica, used)
    central.state.replicas[used.replica] = replace(central.state.replicas[used.replica], closed=True)
    report = desk.go(desk.talk())
    assert (report.link, report.renewed, report.unsent) == (Link.UP, True, 0)
    assert desk.store.disk.replica not in {replica, used.replica}


# send


def test_the_first_batch_is_halved_when_no_answer_comes_and_grows_again(central):
    desk = Desk(central, 1)
    desk.round = Round(desk.store, ABOUT, lambda: NOON, lambda: desk.now, Limits(part_bytes=PART), Pace(5))
    for _ in range(30):
        desk.receive()
    first, then = desk.talk(push=_gone), desk.talk()
    desk.go(first)
    desk.go(then)
    sizes = [len(given[1]) for call, given in zip(then.calls, then.given, strict=True) if call == "push"]
    assert [len(given[1]) for given in first.given if len(given) == 2 and isinstance(given[1], tuple)] == [6]
    assert sizes == [3, 6, 12, 9]


def test_a_batch_that_cannot_be_taken_apart_goes_one_by_one(desk, central):
    for flaw in ("", "unreadable", ""):
        desk.receive(flaw=flaw)
    talk = desk.talk()
    report = desk.go(talk)
    assert (report.sent, report.unsent, report.stuck) == (3, 0, 0)
    assert talk.calls.count("push") == 4
    assert [str(one.verdict) for one in report.verdicts] == ["quarantined"]
    assert len(central.state.operations) == 3


def test_what_cannot_even_be_stored_is_named_and_reading_goes_on(desk, other):
    other.receive()
    other.go(other.talk())
    desk.receive()
    desk.receive()
    unreadable = PushAnswer(status=PushStatus.UNREADABLE, last_seq=0)
    report = desk.go(desk.talk(push=lambda *_: unreadable))
    assert (report.link, report.stuck, report.unsent) == (Link.UP, 1, 2)
    assert desk.store.disk.cursor.seq == len(desk.central.feed("115"))


@pytest.mark.parametrize("status", [PushStatus.GAP, PushStatus.FORK, PushStatus.CLOSED])
def test_a_central_that_contradicts_itself_does_not_keep_the_round_for_ever(desk, status):
    desk.receive()
    talk = desk.talk(push=lambda *_: PushAnswer(status=status, last_seq=0))
    report = desk.go(talk)
    assert report.link is Link.UNSETTLED
    assert talk.calls.count("hello") == Limits().hellos
    assert report.unsent == 1


@pytest.mark.parametrize("told", [0, 9])
def test_an_answer_about_other_operations_confirms_nothing_beyond_the_batch(desk, told):
    desk.receive()

    def answer(_: Any, replica: UUID, batch: Any) -> PushAnswer:
        assert desk.store.disk.acked == 0
        return PushAnswer(status=PushStatus.OK, last_seq=told)

    talk = desk.talk(push=answer)
    report = desk.go(talk)
    assert desk.store.disk.acked <= 1
    assert talk.calls.count("hello") > 1
    assert report.link in {Link.UNSETTLED, Link.UP}


def test_a_round_ends_in_time_and_says_that_there_is_more(central):
    desk = Desk(central, 1)
    desk.round = Round(
        desk.store, ABOUT, lambda: NOON, lambda: 0.0, Limits(batches=2, part_bytes=PART), Pace(7)
    )
    for _ in range(5):
        desk.receive()
    report = desk.go(desk.talk())
    # One, then three: the answer came fast.
    assert (report.sent, report.unsent, report.more) == (4, 1, True)


# read


def test_a_new_desk_reads_a_snapshot_from_a_head_that_was_asked_first_then_the_feed(central):
    first = Desk(central, 1)
    for _ in range(9):
        first.receive()
    first.go(first.talk())
    late = Desk(central, 2, page=4)
    talk = late.talk()
    late.go(talk)
    reading = [call for call in talk.calls if call != "payloads"]
    assert reading == ["hello", "head", "snapshot", "snapshot", "snapshot", "snapshot", "pull"]
    assert late.store.disk.snapshot_upto == late.store.disk.cursor.seq == len(central.feed("115"))
    assert len(late.store.disk.base) == 9


def test_a_cut_page_of_a_snapshot_loses_nothing(central):
    first = Desk(central, 1)
    for _ in range(9):
        first.receive()
    first.go(first.talk())
    late = Desk(central, 2, page=4)
    late.go(late.talk(snapshot=lambda call, *given: call(*given)[:1]))
    assert len(late.store.disk.base) == 9


def test_what_is_left_of_a_snapshot_that_was_cut_off_is_not_mixed_with_another_feed(central):
    before = central.state.copy()
    first = Desk(central, 1)
    for _ in range(9):
        first.receive()
    first.go(first.talk())
    late = Desk(central, 2, page=4)
    pages = iter(range(9))

    def cut(call: Any, *given: Any) -> Any:
        return _gone() if next(pages) else call(*given)

    assert late.go(late.talk(snapshot=cut)).link is Link.DOWN
    assert late.store.disk.chains
    central.restore(before)
    assert late.go(late.talk()).link is Link.UP
    assert late.store.disk.chains == [row.chain for row in central.feed("115")]


def test_a_cursor_that_is_not_known_any_more_leads_to_the_beginning_and_to_hello(desk, other):
    other.receive()
    other.go(other.talk())
    desk.go(desk.talk())
    talk = desk.talk()
    desk.go(talk)
    answers = iter([None])
    talk.instead["pull"] = lambda call, *given: next(answers, call(*given))
    report = desk.go(talk)
    assert report.rewound
    assert report.link is Link.UP
    assert talk.calls[-4:].count("hello") <= 1
    assert desk.store.disk.cursor.seq == len(desk.central.feed("115"))


def test_a_clone_that_sees_more_of_its_enrolment_than_it_did_asks_before_it_reads_on(desk, central):
    desk.receive()
    desk.go(desk.talk())
    clone = Desk(central, 3)
    clone.login = desk.login
    clone.store.disk = desk.store.disk.copy()
    talk = clone.talk()
    clone.go(talk)
    desk.receive()
    desk.go(desk.talk())
    report = clone.go(talk)
    assert report.renewed
    assert clone.store.disk.replica != desk.store.disk.replica
    assert len(clone.store.disk.base) == 2


def test_payloads_that_did_not_come_with_their_rows_are_asked_for(desk, other):
    for _ in range(30):
        other.receive()
    other.go(other.talk())
    talk = desk.talk()
    desk.go(talk)
    assert talk.calls.count("payloads") == 1
    assert not desk.store.disk.lacking
    assert len(desk.store.disk.payloads) == 30


def test_payloads_that_are_not_given_are_asked_for_once_a_round(desk, other):
    for _ in range(30):
        other.receive()
    other.go(other.talk())
    talk = desk.talk(payloads=lambda *_: {})
    assert desk.go(talk).link is Link.UP
    assert talk.calls.count("payloads") == 1
