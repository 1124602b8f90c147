"""The desk's end of the line: the worker that keeps store and central in step, heard on the main thread."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from onewindow_desk import __version__
from onewindow_desk.central.client import Conversation, converse
from onewindow_desk.central.connect import Door
from onewindow_desk.central.watchdog import Lifeline
from onewindow_desk.domain import lifecycle
from onewindow_desk.domain.exchange import PROTOCOL
from onewindow_desk.faults import Refusal
from onewindow_desk.services.enrolment import login_at
from onewindow_desk.services.line import LineFacts, LineKind, facts
from onewindow_desk.services.presence import Present
from onewindow_desk.settings import CENTRAL_CA, CentralAddress, load_desk_settings
from onewindow_desk.store import SecretVault, Store
from onewindow_desk.sync.report import LinkKind, LinkState
from onewindow_desk.sync.round import About, Round
from onewindow_desk.sync.worker import Means, Told, Worker

T = TypeVar("T")

POLL_SECONDS = 5.0
"""Between two looks at the central's head when nobody rings."""
_GOODBYE_SECONDS = 1.0


class DeskLine(QObject):
    """Runs while the desk is open; one for an attached store.

    Signals, on the main thread: `stood` (LineFacts) whenever the line or what waits changed, `changed`
    (Changes) when something came over it, `faulted` (Fault).
    """

    stood = Signal(object)
    changed = Signal(object)
    faulted = Signal(object)

    def __init__(self, store: Store, vault: SecretVault, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._store = store
        self._clock = clock
        door = _door(store.folder, vault)
        rounds = Round(store.exchange, about(), clock, time.monotonic)
        means = Means(
            line=Lifeline,
            connect=lambda line: converse(door, lambda: _password(door.address, vault), line),
            street=lambda: str(store.settings().get("code", "")),
            interval=lambda: POLL_SECONDS,
            clock=clock,
            uniform=random.uniform,
        )
        # On the worker's thread, where the store may be asked at leisure; whoever listens to the signals
        # lives on the main one and hears them there. A round always ends in a new state.
        told = Told(state=lambda _: self._tell(), round=lambda _: None, fault=self.faulted.emit)
        self._worker: Worker[Conversation, Lifeline] = Worker(means, rounds, told)
        store.exchange.tell = self.changed.emit

    def start(self) -> None:
        """Begin to talk."""
        self._worker.start()

    def close(self) -> None:
        """End within a second, whatever the line does."""
        self._worker.stop()

    def wake(self) -> None:
        """Something was recorded: send it, and say how much waits."""
        self._worker.wake()
        self._tell()

    def connect_now(self) -> None:
        """Try at once, however long the next try is away; what comes of it is heard as always."""
        self._worker.hurry()

    def ask(self, question: Callable[[Conversation], T], seconds: float) -> T:
        """The answer of a call on the one connection; Unreachable when none comes in time."""
        if self._worker.state.kind is LinkKind.DOWN:
            # A person waits: a line that is known to be down is not tried for seconds on end.
            seconds = min(seconds, 1.5)
        return self._worker.ask(question, seconds)

    def stay(self, present: Present) -> None:
        """This person is signed in, and proves it on every new connection."""
        self._worker.stay(lambda door: present.prove(door, self._store.replica))

    def leave(self) -> None:
        """Nobody is signed in any more; the central hears it if it can."""
        self._worker.stay(None)
        self._worker.post(lambda door: door.leave(self._store.replica))

    @property
    def up(self) -> bool:
        """Whether the central answers."""
        return self._worker.state.kind is LinkKind.UP

    def facts(self) -> LineFacts:
        """How the line stands, with what waits in the store."""
        state = self._worker.state
        kind = LineKind.UP if state.kind is LinkKind.UP else LineKind.DOWN
        return facts(self._store, kind, state.since, _seconds_to(state, self._clock()))

    def _tell(self) -> None:
        self.stood.emit(self.facts())


def _door(folder: Path, vault: SecretVault) -> Door:
    address = load_desk_settings(folder).central
    if address is None:
        raise Refusal("本机设置里没有中心库的地址。请管理员重新登记这台电脑，内容都存在本机。")
    return Door(address=address, authority=folder / CENTRAL_CA, login=login_at(address, vault).name)


def _password(address: CentralAddress, vault: SecretVault) -> bytes:
    return login_at(address, vault).password.encode()


def about() -> About:
    """What this program says of itself to a central."""
    kinds = {*lifecycle.BY_KIND, *lifecycle.BY_PROPOSAL, *lifecycle.ADDITIVE, *lifecycle.STREET_KINDS}
    return About(app=__version__, protocols=(PROTOCOL,), kinds=tuple(sorted({*kinds, lifecycle.DECLINE})))


def _seconds_to(state: LinkState, now: datetime) -> int:
    if state.retry_at is None:
        return 30
    return max(1, round((state.retry_at - now).total_seconds()))
