"""The one thread that talks with the central, over the one connection; no Qt.

It goes round after round: at once when woken or rung for, else every few seconds. Other threads never
touch the connection: what they want to know is asked here, between two questions of a round. A turn is
one connection from its opening to its end.
"""

import select
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Generic, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from onewindow_desk.faults import Fault, Refusal, Unreachable
from onewindow_desk.sync.batching import Uniform, pause
from onewindow_desk.sync.ports import Central
from onewindow_desk.sync.report import LinkKind, LinkState, after_round
from onewindow_desk.sync.round import Link, Report

NO_ANSWER = "中心库现在连不上。收件照常，线路恢复后自动发送。"
SHORTEST_GAP_SECONDS = 0.2
"""Between two rounds that rings ask for: whoever is at the central may ring as often as they like."""


class Talk(Central, Protocol):
    """One open conversation (`central.client.Conversation`)."""

    def close(self) -> None:
        """End it."""

    def listen(self, street: str) -> bool:
        """Ask to be rung for; False when rings do not come through."""

    def wait(self, seconds: float, other: socket.socket) -> bool:
        """Wait for a ring, at most so long and until `other` can be read; True when it rang."""

    def let_in(self, between: Callable[[], None]) -> None:
        """Call `between` before every question."""


class Rounds(Protocol):
    """Goes one round (`sync.round.Round`)."""

    def run(self, central: Central) -> Report:
        """One round over this conversation."""


class Line(Protocol):
    """What a conversation hangs on (`central.watchdog.Lifeline`)."""

    def cut(self) -> None:
        """End whatever waits on it, at once; from any thread."""


T = TypeVar("T")
C = TypeVar("C", bound=Talk)
L = TypeVar("L", bound=Line)


class Means(Struct, Generic[C, L], frozen=True, kw_only=True):
    """What a worker needs from outside.

    `line` makes a lifeline, `connect` opens a conversation on it (Unreachable or Refusal when that is
    not to be had). `street` gives its three digits once known. `interval` gives the seconds between two
    rounds without any cause, asked anew each time. `clock` gives the time, aware.
    """

    line: Callable[[], L]
    connect: Callable[[L], C]
    street: Callable[[], str]
    interval: Callable[[], float]
    clock: Callable[[], datetime]
    uniform: Uniform


class Told(Struct, frozen=True, kw_only=True):
    """Who is told what, on the worker's thread: how the line stands, each round, and any Fault."""

    state: Callable[[LinkState], None]
    round: Callable[[Report], None]
    fault: Callable[[Fault], None]


class Worker(Generic[C, L]):
    """Made once for a desk; `start`, then `wake`, `ask`, `flush` and `stay` from any thread, then `stop`."""

    def __init__(self, means: Means[C, L], rounds: Rounds, told: Told) -> None:
        self._means = means
        self._rounds = rounds
        self._told = told
        self._lock = threading.Lock()
        self._nudge, self._nudged = socket.socketpair()
        for end in (self._nudge, self._nudged):
            end.setblocking(False)
        # Under the lock: what other threads give, and what they look at.
        self._stopping = False
        self._line: L | None = None
        self._due = False
        self._hurried = False
        self._questions: list[tuple[Callable[[C], Any], Future[Any]]] = []
        self._flushes: list[Future[Report]] = []
        self._stay: Callable[[C], object] | None = None
        self._state = LinkState()
        self._thread = self._new_thread()
        # The worker's own.
        self._failed = 0
        self._fault = ""
        self._serving = False
        self._last_round = 0.0

    @property
    def state(self) -> LinkState:
        """How the line stands now."""
        with self._lock:
            return self._state

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End within a second, whatever the line does; who still waits for an answer gets none."""
        with self._lock:
            self._stopping = True
            line = self._line
        if line is not None:
            line.cut()
        self._poke()
        self._join()
        self._disappoint(Unreachable(NO_ANSWER))
        self._nudge.close()
        self._nudged.close()

    def wake(self) -> None:
        """There is something to send; a line that is down is not tried any sooner for that."""
        with self._lock:
            self._due = True
        self._poke()

    def hurry(self) -> None:
        """Somebody wants to know now: go a round, and try a line that is down at once."""
        with self._lock:
            self._due = self._hurried = True
        self._poke()

    def ask(self, question: Callable[[C], T], seconds: float) -> T:
        """The answer of `question`, asked on the one connection; tried at once even after a failure.

        Unreachable when there is no answer in time: what was asked may then have happened or not.
        Raises what `question` raises.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._stopping:
                raise Unreachable(NO_ANSWER)
            self._questions.append((question, future))
        return self._await(future, seconds)

    def post(self, question: Callable[[C], object]) -> None:
        """Have `question` asked when the line allows; nobody waits for its answer, or for any."""
        future: Future[object] = Future()
        with self._lock:
            if self._stopping:
                return
            self._questions.append((question, future))
        self._poke()

    def flush(self, seconds: float) -> Report:
        """Go a whole round now; its report. Unreachable when none comes to its end in time."""
        future: Future[Report] = Future()
        with self._lock:
            if self._stopping:
                raise Unreachable(NO_ANSWER)
            self._flushes.append(future)
        return self._await(future, seconds)

    def stay(self, prove: Callable[[C], object] | None) -> None:
        """Who is present proves it again on every new connection; None when nobody is."""
        with self._lock:
            self._stay = prove

    def _await(self, future: "Future[T]", seconds: float) -> T:
        self._poke()
        with suppress(TimeoutError):
            return future.result(seconds)
        future.cancel()
        raise Unreachable(NO_ANSWER)

    def _poke(self) -> None:
        # Full: it is awake already. Closed: it has ended.
        with suppress(OSError):
            self._nudge.send(b"!")

    # turns

    def _new_thread(self) -> threading.Thread:
        # A program that ends without `stop` is not held up.
        return threading.Thread(target=self._run, name="sync", daemon=True)

    def _run(self) -> None:
        """Turn after turn, until the end."""
        try:
            while not self._stops():
                self._rest()
                self._turn()
        finally:
            # Something nobody thought of ends this thread and reaches the hook; the exchange goes on.
            self._succeed()

    def _succeed(self) -> None:
        with self._lock:
            if self._stopping:
                return
            self._thread = self._new_thread()
        self._thread.start()

    def _join(self) -> None:
        with self._lock:
            thread = self._thread
        if thread.ident is not None:
            thread.join()

    def _turn(self) -> None:
        """One connection from its opening to its end."""
        try:
            self._converse()
        except (Unreachable, Refusal) as trouble:
            self._fell(trouble)
        except Fault as fault:
            self._fell(Unreachable(NO_ANSWER))
            # The same one comes with every try; it is told once.
            if str(fault) != self._fault:
                self._fault = str(fault)
                self._told.fault(fault)
        finally:
            self._failed += 1
            with self._lock:
                self._line = None

    def _rest(self) -> None:
        """Wait after a failure, unless somebody asks for something."""
        seconds = pause(self._failed, self._means.uniform)
        if seconds:
            self._tell(replace(self.state, retry_at=self._means.clock() + timedelta(seconds=seconds)))
        deadline = monotonic() + seconds
        while (left := deadline - monotonic()) > 0 and not self._is_wanted():
            self._sleep(left)

    def _is_wanted(self) -> bool:
        with self._lock:
            return self._stopping or self._hurried or bool(self._questions or self._flushes)

    def _converse(self) -> None:
        """Open a conversation and go round after round, until it ends."""
        line = self._means.line()
        with self._lock:
            self._hurried = False
            self._line = line
            stopping = self._stopping
        if stopping:
            line.cut()
        talk = self._open(line)
        talk.let_in(lambda: self._serve(talk))
        try:
            self._prove(talk)
            while self._go_round(talk):
                self._idle(talk)
        finally:
            talk.close()

    def _open(self, line: L) -> C:
        """A conversation; who waits for an answer hears at once when there is none to be had."""
        try:
            return self._means.connect(line)
        except (Unreachable, Refusal) as trouble:
            self._disappoint(trouble)
            raise

    def _prove(self, talk: C) -> None:
        """Whoever is present proves it here too; a refusal is theirs to hear of when they act."""
        with self._lock:
            prove = self._stay
        if prove is None:
            return
        # Nobody else's question in between: a new challenge would make this one's answer worthless.
        self._serving = True
        try:
            with suppress(Refusal):
                prove(talk)
        finally:
            self._serving = False

    # rounds

    def _go_round(self, talk: C) -> bool:
        """One round, and again while there is more; False when the conversation is to end."""
        while True:
            with self._lock:
                self._due = False
                flushes, self._flushes = self._flushes, []
            report = self._one_round(talk, flushes)
            if report.link is not Link.UP:
                if report.link is not Link.UNSETTLED:
                    raise _trouble(report)
                return False
            if report.renewed:
                self._prove(talk)
            if not report.more:
                self._failed, self._fault = 0, ""
                return not self._stops()
            if self._stops():
                return False

    def _one_round(self, talk: C, flushes: "list[Future[Report]]") -> Report:
        waiting = [future for future in flushes if future.set_running_or_notify_cancel()]
        try:
            report = self._rounds.run(talk)
        except BaseException:
            for future in waiting:
                future.set_exception(Unreachable(NO_ANSWER))
            raise
        self._last_round = monotonic()
        for future in waiting:
            if report.link is Link.UP:
                future.set_result(report)
            else:
                future.set_exception(_trouble(report))
        self._told.round(report)
        self._tell(after_round(self.state, report, self._means.clock()))
        return report

    def _stops(self) -> bool:
        with self._lock:
            return self._stopping

    def _idle(self, talk: C) -> None:
        """Between rounds: answer questions until a round is due."""
        if not self.state.listening:
            self._listen(talk)
        deadline = monotonic() + self._means.interval()
        while not self._is_due() and (left := deadline - monotonic()) > 0:
            self._serve(talk)
            rang = talk.wait(left, self._nudged)
            self._drain()
            if rang:
                deadline = min(deadline, self._last_round + SHORTEST_GAP_SECONDS)
        self._serve(talk)

    def _listen(self, talk: C) -> None:
        street = self._means.street()
        if street and talk.listen(street):
            self._tell(replace(self.state, listening=True))

    def _is_due(self) -> bool:
        with self._lock:
            return self._due or self._stopping or bool(self._flushes)

    # what others ask

    def _serve(self, talk: C) -> None:
        """Answer what was asked meanwhile; questions that a question asks go straight through."""
        if self._serving:
            return
        self._serving = True
        try:
            while taken := self._take():
                _answer(talk, *taken)
        finally:
            self._serving = False

    def _take(self) -> "tuple[Callable[[C], Any], Future[Any]] | None":
        with self._lock:
            return self._questions.pop(0) if self._questions else None

    def _disappoint(self, trouble: Refusal | Unreachable) -> None:
        """Tell everybody who waits that there is no answer."""
        with self._lock:
            waiting: list[Future[Any]] = [future for _, future in self._questions]
            waiting += self._flushes
            self._questions, self._flushes = [], []
        for future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_exception(trouble)

    # the rest

    def _fell(self, trouble: Unreachable | Refusal) -> None:
        """The conversation ended, or never began."""
        now = self._means.clock()
        before = self.state
        since = before.since if before.kind is LinkKind.DOWN else now
        said = trouble.text if isinstance(trouble, Refusal) else ""
        self._tell(replace(before, kind=LinkKind.DOWN, since=since, said=said, listening=False))

    def _tell(self, state: LinkState) -> None:
        with self._lock:
            same = state == self._state
            self._state = state
        if not same:
            self._told.state(state)

    def _sleep(self, seconds: float) -> None:
        select.select([self._nudged], [], [], seconds)
        self._drain()

    def _drain(self) -> None:
        with suppress(BlockingIOError):
            while self._nudged.recv(4096):
                pass


def _answer(talk: C, question: Callable[[C], Any], future: "Future[Any]") -> None:
    """Ask one question for somebody else; its troubles are theirs, the line's ours as well."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(question(talk))
    except (Refusal, Fault) as trouble:
        future.set_exception(trouble)
    except BaseException as trouble:
        future.set_exception(Unreachable(NO_ANSWER) if isinstance(trouble, Unreachable) else trouble)
        raise


def _trouble(report: Report) -> Unreachable | Refusal:
    """Why a round did not come to its end."""
    if report.link is Link.REFUSED:
        return Refusal(report.text)
    return Unreachable(NO_ANSWER)
