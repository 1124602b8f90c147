"""One round with the central: hello, send, read, files. Pure: no clock, no thread, no socket of its own.

Only an answer tells what the central has. When none comes, nothing is concluded: the next
conversation begins with hello, where both sides say all they have, and whatever either of them
lost shows. Everything that goes otherwise than expected leads back to hello.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from onewindow_desk.domain.exchange import (
    Cursor,
    FeedRow,
    HelloAnswer,
    HelloSaid,
    OneVerdict,
    PushAnswer,
    PushStatus,
    Sealed,
)
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.sync.batching import Pace, after_answer, bounds, slower
from onewindow_desk.sync.files import PART_BYTES, Budget, Files, FilesDone
from onewindow_desk.sync.ports import Central, DeskEnd, Exchange


class About(Struct, frozen=True, kw_only=True):
    """What this program says of itself: its version, protocols and kinds of operations it knows."""

    app: str
    protocols: tuple[int, ...]
    kinds: tuple[str, ...]


class Limits(Struct, frozen=True, kw_only=True):
    """How much one round does before it reports; a report with `more` wants another at once.

    `hello_seconds`: a conversation that stays open is begun anew with hello after so long; a clone
    that does nothing notices by it that its enrolment is another's too.
    """

    page: int = 500
    pages: int = 20
    batches: int = 20
    payloads: int = 200
    hellos: int = 4
    hello_seconds: float = 300.0
    file_parts: int = 16
    file_seconds: float = 1.0
    part_bytes: int = PART_BYTES


class Link(StrEnum):
    """How a round ended."""

    UP = "up"
    DOWN = "down"  # no answer came; nothing is known of what was asked last
    REFUSED = "refused"  # the central or the disk says no; `text` says what to do
    UNSETTLED = "unsettled"  # the central answered, and each answer led back to hello


class Report(Struct, frozen=True, kw_only=True):
    """What a round did and where the desk stands after it.

    `sent`: operations that the central confirmed. `unsent`: those that it has not. `read`: rows of
    the feed. `verdicts`: what it did not apply. `stuck`: the place of an operation that it cannot
    even store, else 0. `rewound`: it had lost operations or its feed; `renewed`: the enrolment was
    ended and a new one opened. `upgrade`: the program is too old for it. `more`: there is more to
    do at once.
    """

    link: Link
    text: str = ""
    sent: int = 0
    unsent: int = 0
    read: int = 0
    verdicts: tuple[OneVerdict, ...] = ()
    stuck: int = 0
    rewound: bool = False
    renewed: bool = False
    upgrade: bool = False
    files: FilesDone = FilesDone()
    more: bool = False


class _Tally:
    """What a round has done so far; only the round that made it writes in it."""

    def __init__(self) -> None:
        self.link = Link.UP
        self.text = ""
        self.sent = 0
        self.read = 0
        self.verdicts: list[OneVerdict] = []
        self.stuck = 0
        self.rewound = False
        self.renewed = False
        self.files = FilesDone()
        self.more = False


class Round:
    """Goes round after round with whatever conversation is open; made once for a desk.

    `clock` gives the time (aware, UTC), `ticks` seconds that never jump; `pace` is what the line
    bore before. A Fault of the store or of the central's answers passes through; the next round then
    begins with hello.
    """

    def __init__(
        self,
        exchange: Exchange,
        about: About,
        clock: Callable[[], datetime],
        ticks: Callable[[], float],
        limits: Limits = Limits(),  # noqa: B008 - frozen
        pace: Pace = Pace(),  # noqa: B008 - frozen
    ) -> None:
        self._exchange = exchange
        self._about = about
        self._clock = clock
        self._ticks = ticks
        self._limits = limits
        self._files = Files(exchange, limits.part_bytes)
        self._pace = pace
        self._greeted: Central | None = None
        self._greeted_at = 0.0
        self._upgrade = False
        self._understood = True

    def run(self, central: Central) -> Report:
        """One round over this conversation; with hello first when it is a new one or the last ended badly."""
        tally = _Tally()
        try:
            self._converse(central, tally)
        except Unreachable as trouble:
            tally.link, tally.text = Link.DOWN, trouble.text
        except Refusal as refusal:
            tally.link, tally.text = Link.REFUSED, refusal.text
        return self._report(tally)

    def _report(self, tally: _Tally) -> Report:
        end = self._exchange.end()
        return Report(
            link=tally.link,
            text=tally.text,
            sent=tally.sent,
            unsent=end.last_seq - end.acked,
            read=tally.read,
            verdicts=tuple(tally.verdicts),
            stuck=tally.stuck,
            rewound=tally.rewound,
            renewed=tally.renewed,
            upgrade=self._upgrade,
            files=tally.files,
            more=tally.link is Link.UP and (tally.more or tally.files.more),
        )

    def _converse(self, central: Central, tally: _Tally) -> None:
        settled = self._greeted is central and self._ticks() < self._greeted_at + self._limits.hello_seconds
        # Until the end is reached this conversation counts as one that has not begun.
        self._greeted = None
        for _ in range(self._limits.hellos):
            settled = (settled or self._hello(central, tally)) and self._work(central, tally)
            if settled:
                self._greeted = central
                return
        tally.link = Link.UNSETTLED

    def _work(self, central: Central, tally: _Tally) -> bool:
        """Send, read, files; False when only hello can tell how to go on."""
        if not self._push(central, tally):
            return False
        if not self._understood:
            # What it sends may mean something else than it says here; what it stores is bytes.
            return True
        replica = self._exchange.end().replica
        if not self._read(central, replica, tally):
            return False
        self._fill(central, replica)
        limits = self._limits
        budget = Budget(limits.file_parts, limits.file_seconds, self._ticks)
        tally.files = self._files.exchange(central, replica, budget)
        return True

    # hello

    def _hello(self, central: Central, tally: _Tally) -> bool:
        """Say what is here and put right what differs; False when hello is to be said again."""
        end = self._exchange.end()
        answer = central.hello(end.replica, said(end, self._about, self._clock()))
        self._greeted_at = self._ticks()
        self._understood = answer.protocol in self._about.protocols
        self._upgrade = answer.upgrade or not self._understood
        if self._understood and not answer.feed_known:
            tally.rewound = True
            self._exchange.restart_feed()
        if self._is_over(end, answer):
            self._renew(central, end, tally)
            return False
        self._exchange.said_hello(answer, self._clock())
        if answer.last_seq != end.acked:
            tally.rewound |= answer.last_seq < end.acked
            tally.sent += max(answer.last_seq - end.acked, 0)
            self._exchange.acknowledge(answer.last_seq)
        return True

    def _is_over(self, end: DeskEnd, answer: HelloAnswer) -> bool:
        """Whether this enrolment was ended, or its chain went on elsewhere (a restored or cloned desk)."""
        if answer.closed or answer.last_seq > end.last_seq:
            return True
        return self._exchange.hash_at(answer.last_seq) != answer.last_hash

    def _renew(self, central: Central, end: DeskEnd, tally: _Tally) -> None:
        """Open a new enrolment, and carry over what the feed, read to its end, does not show as stored."""
        new = self._exchange.renewal()
        leased = central.renew(end.replica, new)
        if self._understood:
            # A clone that was told the same name may have used it up already: become it all the
            # same, or this desk asks for it for ever. Hello says next that it is closed.
            with suppress(Refusal):
                self._read(central, new.replica, tally)
        self._exchange.renewed(leased)
        tally.renewed = True

    # send

    def _push(self, central: Central, tally: _Tally) -> bool:
        """Send what waits; False when the central does not stand where it was thought to."""
        for _ in range(self._limits.batches):
            end = self._exchange.end()
            most = bounds(self._pace, end.last_seq - end.acked)
            batch = self._exchange.outgoing(most.operations, most.size)
            if not batch:
                return True
            if not self._send(central, batch, tally):
                return False
            if tally.stuck:
                return True
        tally.more = True
        return True

    def _send(self, central: Central, batch: Sequence[Sealed], tally: _Tally) -> bool:
        answer = self._ask(central, batch)
        if answer.status is PushStatus.UNREADABLE:
            return self._send_singly(central, batch, tally)
        if answer.status is not PushStatus.OK:
            return False
        return self._confirm(batch, answer, tally)

    def _ask(self, central: Central, batch: Sequence[Sealed]) -> PushAnswer:
        began = self._ticks()
        try:
            answer = central.push(batch[0].place.replica, batch)
        except Unreachable:
            self._pace = slower(self._pace)
            raise
        self._pace = after_answer(self._pace, self._ticks() - began)
        return answer

    def _send_singly(self, central: Central, batch: Sequence[Sealed], tally: _Tally) -> bool:
        """One by one, so that the one that cannot be read is put aside there and the others arrive."""
        if len(batch) == 1:
            tally.stuck = batch[0].place.seq
            return True
        for sealed in batch:
            if not self._send(central, (sealed,), tally):
                return False
            if tally.stuck:
                return True
        return True

    def _confirm(self, batch: Sequence[Sealed], answer: PushAnswer, tally: _Tally) -> bool:
        """Keep what the answer confirms of this batch; False when it confirms less or more."""
        first, last = batch[0].place.seq, batch[-1].place.seq
        if answer.last_seq < first:
            return False
        confirmed = min(answer.last_seq, last)
        self._exchange.acknowledge(confirmed)
        tally.sent += confirmed - first + 1
        tally.verdicts += answer.verdicts
        return answer.last_seq <= last

    # read

    def _read(self, central: Central, replica: UUID, tally: _Tally) -> bool:
        """Read the feed to its end; False when the central does not know how far this desk has read."""
        if self._exchange.end().cursor.seq == 0:
            self._begin(central, replica, tally)
        for _ in range(self._limits.pages):
            end = self._exchange.end()
            rows = central.pull(replica, end.cursor, self._limits.page)
            if rows is None:
                tally.rewound = True
                self._exchange.restart_feed()
                return False
            if replica == end.replica and any(_is_ahead(row, end) for row in rows):
                return False
            if rows:
                self._exchange.absorb(rows)
                tally.read += len(rows)
            if len(rows) < self._limits.page:
                return True
        tally.more = True
        return True

    def _begin(self, central: Central, replica: UUID, tally: _Tally) -> None:
        """Begin with a feed: a long one by a snapshot, a short one is read from its first row."""
        head = central.head(replica)
        if head.seq == 0:
            return
        # Parts of a snapshot that was cut off may be of a feed that is no more.
        self._exchange.restart_feed()
        if head.seq > self._limits.page:
            self._snapshot(central, replica, head, tally)

    def _snapshot(self, central: Central, replica: UUID, upto: Cursor, tally: _Tally) -> None:
        """The first pull: only what is still of use, up to a row that the feed then goes on from."""
        after, last = 0, False
        while not last:
            rows = central.snapshot(replica, after, upto.seq, self._limits.page)
            # Ended by an empty page, not a short one: what a snapshot leaves out the feed never brings.
            last = not rows
            self._exchange.absorb_snapshot(rows, upto, last=last)
            tally.read += len(rows)
            after = rows[-1].seq if rows else after

    def _fill(self, central: Central, replica: UUID) -> None:
        """Payloads that came late into this desk's scope; what is not given is asked for next time."""
        for _ in range(self._limits.pages):
            lacking = self._exchange.lacking_payloads(self._limits.payloads)
            came = central.payloads(replica, lacking) if lacking else {}
            if not came:
                return
            self._exchange.fill_payloads(came)


def said(end: DeskEnd, about: About, at: datetime) -> HelloSaid:
    """What a desk says of itself in hello; also when it has nothing to send."""
    return HelloSaid(
        app=about.app,
        protocols=about.protocols,
        kinds=about.kinds,
        last_seq=end.last_seq,
        last_hash=end.last_hash,
        acked=end.acked,
        acked_hash=end.acked_hash,
        cursor=end.cursor.seq,
        chain=end.cursor.chain,
        sent_at=at,
    )


def _is_ahead(row: FeedRow, end: DeskEnd) -> bool:
    """Whether a row shows more of this enrolment than was confirmed to this desk: hello tells why."""
    place = row.sealed.place if row.sealed else None
    return place is not None and place.seq > end.acked and place.replica == end.replica
