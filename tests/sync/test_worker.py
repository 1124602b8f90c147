"""The worker, with conversations and rounds that do as each test says; no network."""

import select
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from queue import Queue
from typing import Any

import pytest

from onewindow_desk.faults import Fault, Refusal, Unreachable
from onewindow_desk.sync.report import LinkKind, LinkState
from onewindow_desk.sync.round import Link, Report
from onewindow_desk.sync.worker import Means, Told, Worker

NOON = datetime(2026, 9, 21, 4, tzinfo=UTC)
PATIENCE = 20.0
LONG = 3600.0


class FakeLine:
    def __init__(self) -> None:
        self.was_cut = threading.Event()

    def cut(self) -> None:
        self.was_cut.set()


class FakeTalk:
    """A conversation; `ask` stands for any question that the central answers."""

    def __init__(self, world: "World", line: FakeLine) -> None:
        self.world, self.line = world, line
        self.ours, self.bell = socket.socketpair()
        self.closed = False
        self.between: Callable[[], None] | None = None
        self.asked: list[str] = []

    def ask(self, what: str) -> str:
        if self.between:
            self.between()
        self.asked.append(what)
        self.world.log.append(what)
        if what == self.world.hangs_at:
            self.world.hanging.set()
            assert self.line.was_cut.wait(PATIENCE)
        if self.line.was_cut.is_set():
            raise Unreachable("cut")
        return what.upper()

    def let_in(self, between: Callable[[], None]) -> None:
        self.between = between

    def listen(self, street: str) -> bool:
        self.world.log.append(f"listen {street}")
        return self.world.rings

    def wait(self, seconds: float, other: socket.socket) -> bool:
        self.world.waits.put(seconds)
        ready, _, _ = select.select([self.ours, other], [], [], min(seconds, PATIENCE))
        if self.ours not in ready:
            return False
        if self.ours.recv(1) == b"":
            raise Unreachable("gone")
        return True

    def ring(self) -> None:
        self.bell.send(b"r")

    def break_off(self) -> None:
        self.bell.close()

    def close(self) -> None:
        self.closed = True
        self.ours.close()
        self.bell.close()


class World:
    """What happens outside the worker, and what it told."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.waits: Queue[float] = Queue()
        self.talks: Queue[FakeTalk] = Queue()
        self.states: Queue[LinkState] = Queue()
        self.reports: Queue[Report] = Queue()
        self.faults: Queue[Fault] = Queue()
        self.refuse_to_connect: list[Exception] = []
        self.script: list[Report | Exception] = []
        self.rings = True
        self.interval = LONG
        self.pauses: list[tuple[float, float]] = []
        self.rest = 0.0
        self.hangs_at = ""
        self.hanging = threading.Event()

    def connect(self, line: FakeLine) -> Any:
        if self.hangs_at == "connect":
            self.hanging.set()
            assert line.was_cut.wait(PATIENCE)
            raise Unreachable("cut")
        if self.refuse_to_connect:
            raise self.refuse_to_connect.pop(0)
        talk = FakeTalk(self, line)
        self.talks.put(talk)
        return talk

    def uniform(self, low: float, high: float) -> float:
        self.pauses.append((low, high))
        return self.rest

    def run(self, central: Any) -> Report:
        central.ask("round")
        step = self.script.pop(0) if self.script else Report(link=Link.UP)
        if isinstance(step, Exception):
            raise step
        return step


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def worker(world: World) -> Iterator[Worker[Any, FakeLine]]:
    means: Means[Any, FakeLine] = Means(
        line=FakeLine,
        connect=world.connect,
        street=lambda: "001",
        interval=lambda: world.interval,
        clock=lambda: NOON,
        uniform=world.uniform,
    )
    made = Worker(means, world, Told(state=world.states.put, round=world.reports.put, fault=world.faults.put))
    yield made
    made.stop()


def up_to(world: World, kind: LinkKind) -> LinkState:
    while (state := world.states.get(timeout=PATIENCE)).kind is not kind:
        pass
    return state


def settled(world: World) -> FakeTalk:
    """The conversation, once a round is over and the worker waits."""
    talk = world.talks.get(timeout=PATIENCE)
    world.waits.get(timeout=PATIENCE)
    return talk


def test_a_round_at_the_start_and_the_state_is_told(world, worker):
    world.script = [Report(link=Link.UP, unsent=3, upgrade=True)]
    assert worker.state == LinkState()
    worker.start()
    state = up_to(world, LinkKind.UP)
    assert (state.since, state.last_synced, state.unsent, state.upgrade) == (NOON, NOON, 3, True)
    settled(world)
    assert worker.state.listening
    assert world.log == ["round", "listen 001"]


def test_it_waits_as_long_as_it_is_told_and_goes_again(world, worker):
    world.interval = 0.01
    worker.start()
    for _ in range(3):
        world.reports.get(timeout=PATIENCE)


def test_waking_it_starts_a_round(world, worker):
    worker.start()
    settled(world)
    world.reports.get(timeout=PATIENCE)
    worker.wake()
    world.reports.get(timeout=PATIENCE)


def test_a_ring_starts_a_round(world, worker):
    worker.start()
    talk = settled(world)
    world.reports.get(timeout=PATIENCE)
    talk.ring()
    world.reports.get(timeout=PATIENCE)


def test_more_to_do_is_done_at_once(world, worker):
    world.script = [Report(link=Link.UP, more=True), Report(link=Link.UP, more=True), Report(link=Link.UP)]
    worker.start()
    settled(world)
    assert world.log[:3] == ["round"] * 3
    assert world.waits.empty()


def test_where_no_rings_come_through_it_goes_on_asking(world, worker):
    world.rings, world.interval = False, 0.01
    worker.start()
    for _ in range(3):
        world.reports.get(timeout=PATIENCE)
    assert not worker.state.listening


def test_failures_are_waited_after_longer_and_longer_and_forgotten_after_a_round(world, worker):
    world.refuse_to_connect = [Unreachable("x")] * 3
    worker.start()
    talk = settled(world)
    assert world.pauses == [(1.0, 2.0), (1.0, 4.0), (1.0, 8.0)]
    talk.break_off()
    settled(world)
    assert world.pauses[3:] == [(1.0, 2.0)]
    kinds = [world.states.get(timeout=PATIENCE).kind for _ in range(world.states.qsize())]
    assert [kind for kind, before in zip(kinds, [None, *kinds], strict=False) if kind != before] == [
        LinkKind.DOWN,
        LinkKind.UP,
        LinkKind.DOWN,
        LinkKind.UP,
    ]


@pytest.mark.parametrize("link", [Link.DOWN, Link.REFUSED, Link.UNSETTLED])
def test_a_round_without_end_ends_the_conversation(world, worker, link):
    world.script = [Report(link=link, text="words")]
    worker.start()
    first = world.talks.get(timeout=PATIENCE)
    assert settled(world) is not first
    assert first.closed
    down = up_to(world, LinkKind.DOWN)
    assert down.said == ("words" if link is Link.REFUSED else "")


def test_being_turned_away_is_told_in_the_centrals_words(world, worker):
    world.rest = LONG
    world.refuse_to_connect = [Refusal("这台电脑已停用。")]
    worker.start()
    state = up_to(world, LinkKind.DOWN)
    assert (state.said, state.since) == ("这台电脑已停用。", NOON)
    assert up_to(world, LinkKind.DOWN).retry_at is not None


def test_waking_does_not_hurry_a_line_that_is_down(world, worker):
    world.rest = LONG
    world.refuse_to_connect = [Unreachable("x")]
    worker.start()
    while up_to(world, LinkKind.DOWN).retry_at is None:
        pass
    # Were it tried for being woken, the question after that would find it standing.
    world.refuse_to_connect = [Unreachable("x")]
    worker.wake()
    with pytest.raises(Unreachable):
        worker.ask(lambda talk: talk.ask("who"), PATIENCE)


def test_a_person_hurries_a_line_that_is_down(world, worker):
    world.rest = LONG
    world.refuse_to_connect = [Unreachable("x")]
    worker.start()
    while up_to(world, LinkKind.DOWN).retry_at is None:
        pass
    worker.hurry()
    assert up_to(world, LinkKind.UP).since == NOON


# questions


def test_a_question_is_answered_on_the_same_connection(world, worker):
    worker.start()
    talk = settled(world)
    assert worker.ask(lambda asked: (asked is talk, asked.ask("who")), PATIENCE) == (True, "WHO")
    assert world.log.count("round") == 1


def test_a_question_hurries_a_line_that_is_down(world, worker):
    world.rest = LONG
    world.refuse_to_connect = [Unreachable("x")]
    worker.start()
    while up_to(world, LinkKind.DOWN).retry_at is None:
        pass
    assert worker.ask(lambda talk: talk.ask("who"), PATIENCE) == "WHO"


def test_a_question_does_not_wait_for_the_round_to_end(world, worker):
    answers: list[str] = []
    asking = threading.Thread(
        target=lambda: answers.append(worker.ask(lambda talk: talk.ask("who"), PATIENCE))
    )

    def run(central: Any) -> Report:
        central.ask("first")
        if not asking.ident:
            asking.start()
            while not worker._questions:
                pass
        central.ask("second")
        return Report(link=Link.UP)

    world.run = run
    worker.start()
    settled(world)
    asking.join()
    assert world.log[:3] == ["first", "who", "second"]
    assert answers == ["WHO"]


@pytest.mark.parametrize("trouble", [Refusal("否"), Fault("no")])
def test_what_a_question_raises_comes_to_who_asked_and_the_line_stays(world, worker, trouble):
    def question(_: Any) -> None:
        raise trouble

    worker.start()
    talk = settled(world)
    with pytest.raises(type(trouble)) as caught:
        worker.ask(question, PATIENCE)
    assert caught.value is trouble
    assert worker.ask(lambda asked: asked is talk, PATIENCE)


def test_a_question_that_breaks_the_line_ends_the_conversation(world, worker):
    def question(_: Any) -> None:
        raise Unreachable("gone")

    worker.start()
    talk = settled(world)
    with pytest.raises(Unreachable):
        worker.ask(question, PATIENCE)
    assert worker.ask(lambda asked: asked is not talk, PATIENCE)
    assert talk.closed


def test_a_question_in_vain_is_given_up_in_time_and_never_asked_later(world, worker):
    world.hangs_at = "connect"
    worker.start()
    assert world.hanging.wait(PATIENCE)
    with pytest.raises(Unreachable):
        worker.ask(lambda talk: talk.ask("late"), 0.05)
    world.hangs_at = ""
    worker._line.cut()
    settled(world)
    assert "late" not in world.log


def test_what_nobody_waits_for_is_asked_all_the_same(world, worker):
    asked = threading.Event()
    worker.start()
    settled(world)
    worker.post(lambda _: asked.set())
    assert asked.wait(PATIENCE)
    worker.stop()
    worker.post(lambda _: pytest.fail("after the end"))


def test_flushing_goes_a_whole_round(world, worker):
    world.script = [Report(link=Link.UP), Report(link=Link.UP, sent=5)]
    worker.start()
    settled(world)
    assert worker.flush(PATIENCE).sent == 5


@pytest.mark.parametrize(("link", "kind"), [(Link.DOWN, Unreachable), (Link.REFUSED, Refusal)])
def test_flushing_in_vain(world, worker, link, kind):
    world.rest = LONG
    world.script = [Report(link=Link.UP), Report(link=link, text="否")]
    worker.start()
    settled(world)
    with pytest.raises(kind):
        worker.flush(PATIENCE)


# who is present


def test_who_is_present_proves_it_on_every_new_connection_before_anything_is_sent(world, worker):
    worker.stay(lambda talk: talk.ask("prove"))
    worker.start()
    settled(world).break_off()
    settled(world)
    assert [word for word in world.log if "listen" not in word] == ["prove", "round"] * 2
    worker.stay(None)


def test_a_proof_that_is_refused_keeps_nothing_from_being_sent(world, worker):
    def prove(talk: Any) -> None:
        raise Refusal("否")

    worker.stay(prove)
    worker.start()
    settled(world)
    assert world.log[0] == "round"


def test_after_a_renewal_it_is_proven_again(world, worker):
    world.script = [Report(link=Link.UP, renewed=True)]
    worker.stay(lambda talk: talk.ask("prove"))
    worker.start()
    settled(world)
    assert world.log[:3] == ["prove", "round", "prove"]


# the unexpected


def test_a_fault_is_told_and_the_exchange_goes_on(world, worker):
    world.script = [Fault("the chain does not follow")]
    worker.start()
    assert str(world.faults.get(timeout=PATIENCE)) == "the chain does not follow"
    settled(world)
    assert worker.state.kind is LinkKind.UP


def test_a_fault_that_comes_again_is_told_once_until_a_round_went_well(world, worker):
    again = "the chain does not follow"
    world.script = [Fault(again), Fault(again), Fault("another"), Report(link=Link.UP), Fault(again)]
    worker.start()
    settled(world)
    worker.wake()
    told = [str(world.faults.get(timeout=PATIENCE)) for _ in range(3)]
    assert told == [again, "another", again]


def test_what_nobody_thought_of_reaches_the_hook_and_the_exchange_goes_on(world, worker, monkeypatch):
    seen: Queue[Any] = Queue()
    monkeypatch.setattr(threading, "excepthook", seen.put)
    world.script = [ZeroDivisionError()]
    worker.start()
    assert seen.get(timeout=PATIENCE).exc_type is ZeroDivisionError
    settled(world)
    assert world.pauses == [(1.0, 2.0)]


# the end


@pytest.mark.parametrize("place", ["connect", "round"])
def test_it_ends_at_once_whatever_it_hangs_on(world, worker, place):
    world.hangs_at = place
    worker.start()
    assert world.hanging.wait(PATIENCE)
    worker.stop()
    assert not worker._thread.is_alive()
    with pytest.raises(Unreachable):
        worker.ask(lambda talk: talk.ask("who"), PATIENCE)


def test_it_ends_while_it_waits(world, worker):
    worker.start()
    talk = settled(world)
    worker.stop()
    assert talk.closed


def test_it_ends_while_it_rests_and_tells_who_still_waits(world, worker):
    world.rest = LONG
    world.refuse_to_connect = [Unreachable("x")]
    worker.start()
    while up_to(world, LinkKind.DOWN).retry_at is None:
        pass
    worker.stop()
    assert not worker._thread.is_alive()


def test_it_may_be_stopped_without_having_begun(worker):
    worker.stop()
