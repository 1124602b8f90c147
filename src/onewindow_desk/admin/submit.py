"""Submitting one operation from a Python program, without a screen: docs/submitting.md shows how.

It goes the one way that everything goes: recorded in this PC's store in one transaction, in a person's name,
by the same rules; then sent, and the central's word on it read back.
"""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from uuid import UUID

from msgspec import Struct

from onewindow_desk import __version__
from onewindow_desk.central.client import Conversation, converse
from onewindow_desk.central.connect import Door
from onewindow_desk.central.watchdog import Lifeline
from onewindow_desk.domain import lifecycle
from onewindow_desk.domain.exchange import PROTOCOL, Verdict
from onewindow_desk.domain.operation import Operation
from onewindow_desk.faults import Fault, Refusal, Unreachable
from onewindow_desk.services.enrolment import login_at
from onewindow_desk.services.presence import Doorkeeper, sign_in_attached
from onewindow_desk.services.signing import sign_in
from onewindow_desk.settings import CENTRAL_CA, load_desk_settings
from onewindow_desk.store import SecretVault, Signer, Store, Writing
from onewindow_desk.store.local import utc_now
from onewindow_desk.sync.batching import pause
from onewindow_desk.sync.round import About, Link, Report, Round

T = TypeVar("T")
_LATEST = 1000


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of a submitted operation.

    `verdict` None: it is recorded here and will be sent, but the central's word did not come in time.
    `reason` is the central's short word for anything but `applied`.
    """

    op_id: UUID
    verdict: Verdict | None
    reason: str = ""


def submit(
    folder: Path,
    vault: SecretVault,
    login: str,
    password: str,
    record: Callable[[Writing], Operation],
    *,
    patience: float = 60.0,
    clock: Callable[[], datetime] = utc_now,
) -> Outcome:
    """Let `record` perform one operation in a person's name and wait for the verdict.

    `folder` holds this PC's store, whose program must be closed; `patience` in seconds. In a store that
    belongs to no central the rules here are the last word. Raises Refusal, and records nothing, when the
    rules or the sign-in refuse; a line that is down is no reason to raise.
    """
    with Store.open(folder, vault, clock=clock) as store:
        if not store.attached:
            _, signer = sign_in(store, login, password, clock())
            return Outcome(op_id=_record(store, signer, record), verdict=Verdict.APPLIED)
        deadline = time.monotonic() + patience
        with _Line(store, vault) as line:
            # Who may sign in, and what the rules look at, is what the central last said.
            line.catch_up()
            present = sign_in_attached(store, line, login, password, clock())
            op_id = _record(store, present.signer, record)
            return _await_word(store, line, op_id, deadline)


def _record(store: Store, signer: Signer, record: Callable[[Writing], Operation]) -> UUID:
    with store.transaction(signer) as writing:
        return record(writing).head.op_id


def _await_word(store: Store, line: "_Line", op_id: UUID, deadline: float) -> Outcome:
    failed = 0
    while True:
        failed = 0 if line.catch_up() else failed + 1
        outcome = _word(store, op_id)
        left = deadline - time.monotonic()
        if outcome.verdict is not None or left <= 0:
            return outcome
        time.sleep(min(pause(max(failed, 1), random.uniform), left))


def _word(store: Store, op_id: UUID) -> Outcome:
    """What the central has said of an own operation, as far as this store knows."""
    if any(row.op_id == op_id for row in store.unsent(limit=_LATEST)):
        return Outcome(op_id=op_id, verdict=None)
    for entry in store.attention():
        if entry.op_id == op_id:
            return Outcome(op_id=op_id, verdict=Verdict(entry.verdict), reason=entry.reason)
    return Outcome(op_id=op_id, verdict=Verdict.APPLIED)


class _Line:
    """The conversation of one submission, opened anew when it breaks."""

    def __init__(self, store: Store, vault: SecretVault) -> None:
        address = load_desk_settings(store.folder).central
        if address is None:
            raise Fault("an attached store without the address of its central")
        login = login_at(address, vault)
        self._door = Door(address=address, authority=store.folder / CENTRAL_CA, login=login.name)
        self._password = login.password.encode()
        kinds = (*lifecycle.BY_KIND, *lifecycle.BY_PROPOSAL, *lifecycle.ADDITIVE, *lifecycle.STREET_KINDS)
        about = About(app=__version__, protocols=(PROTOCOL,), kinds=(*kinds, lifecycle.DECLINE))
        self._round = Round(store.exchange, about, store.clock, time.monotonic)
        self._talk: Conversation | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def ask(self, question: Callable[[Doorkeeper], T], seconds: float) -> T:
        """The answer of a call on the connection; Unreachable when none comes in the line's own limit."""
        del seconds
        return question(self._open())

    def catch_up(self) -> bool:
        """Send what waits and read what is new; False when the line would not.

        Raises Refusal where a person must act first.
        """
        with suppress(Unreachable):
            report = self._go()
            while report.more:
                report = self._go()
            return report.link is Link.UP
        return False

    def _go(self) -> Report:
        report = self._round.run(self._open())
        if report.link is not Link.UP:
            self._hang_up()
        if report.link is Link.REFUSED:
            raise Refusal(report.text)
        return report

    def _open(self) -> Conversation:
        if self._talk is None:
            self._talk = converse(self._door, lambda: self._password, Lifeline())
        return self._talk

    def _hang_up(self) -> None:
        if self._talk is not None:
            self._talk.close()
            self._talk = None
