"""Each of these mistakes, planted, is found by the simulator within its seeds."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

import pytest
from tests.sync.model_desk import ModelStore
from tests.sync.model_line import Died
from tests.sync.model_watch import Violation
from tests.sync.model_world import Plan, World

from onewindow_desk.domain.exchange import Cursor, FeedRow, HelloAnswer, Leased, Sealed
from onewindow_desk.sync.ports import Central, DeskEnd
from onewindow_desk.sync.round import Round

SEEDS = 500


class AcknowledgesEarly(Plan):
    """What is sent counts as there, before the answer."""

    class Store(ModelStore):
        def outgoing(self, limit: int, max_bytes: int) -> tuple[Sealed, ...]:
            batch = super().outgoing(limit, max_bytes)
            if batch:
                self.acknowledge(batch[-1].place.seq)
            return batch

    store_class = Store


class SavesTheCursorFirst(Plan):
    """The cursor in one transaction, the rows in another, and a power cut between now and then."""

    class Store(ModelStore):
        def absorb(self, rows: Sequence[FeedRow]) -> None:
            before, self.disk.cursor = self.disk.cursor, Cursor(rows[-1].seq, rows[-1].chain)
            if int(rows[-1].chain[:2], 16) < 3:
                raise Died
            self.disk.cursor = before
            super().absorb(rows)

    store_class = Store


class SaysNoHelloWhenIdle(Plan):
    """A desk with nothing to send has nothing to say."""

    class Bad(Round):
        def _hello(self, central: Central, tally: Any) -> bool:
            end = self._exchange.end()
            return end.acked == end.last_seq or super()._hello(central, tally)

    round_class = Bad


class NumbersByASequence(Plan):
    """Numbers of the feed are given before the commit, and the desk believes that none is missing."""

    class Store(ModelStore):
        strict = False

    store_class = Store
    gaps = True


class NeverSendsAgain(Plan):
    """What was acknowledged once stays acknowledged."""

    class Store(ModelStore):
        def acknowledge(self, upto: int) -> None:
            self.disk.acked = max(self.disk.acked, upto)

    store_class = Store


class Meddler:
    """A conversation with one call done wrongly."""

    def __init__(self, line: Central, **wrong: Any) -> None:
        self._line = line
        self._wrong = wrong

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._line, name)
        wrong = self._wrong.get(name)
        return (lambda *given: wrong(call, *given)) if wrong else call


class SkipsOneAfterAFullPage(Plan):
    """A full page's last row is taken for the one after it."""

    @staticmethod
    def line(line: Central) -> Central:
        def snapshot(call: Any, replica: UUID, after: int, upto: int, limit: int) -> tuple[FeedRow, ...]:
            return cast(tuple[FeedRow, ...], call(replica, after + 1 if after else 0, upto, limit))

        return cast(Central, Meddler(line, snapshot=snapshot))


class LosesOneOfAFullPage(Plan):
    """The page holds one more than the limit, and the cursor moves over it."""

    class Store(ModelStore):
        strict = False

        def absorb(self, rows: Sequence[FeedRow]) -> None:
            super().absorb(rows[1:] if len(rows) in {2, 3, 7} else rows)

    store_class = Store


class TakesSilenceForYes(Plan):
    """A renewal forgets what was still to be sent."""

    class Store(ModelStore):
        def renewed(self, leased: Leased) -> None:
            waiting = [op_id for op_id in self.disk.journal if op_id not in self.disk.verdicts]
            for op_id in waiting:
                self.disk.verdicts[op_id] = "applied"
            super().renewed(leased)

    store_class = Store


class BelievesThatFilesStay(Plan):
    """A file that was once taken by the central is never looked after again."""

    class Store(ModelStore):
        def said_hello(self, answer: HelloAnswer, at: Any) -> None:
            pass

        def restart_feed(self) -> None:
            arrived = self.disk.arrived.copy()
            super().restart_feed()
            self.disk.arrived |= arrived

    store_class = Store


class TrustsTheCursorAfterARewind(Plan):
    """The central says that it does not know the cursor; the desk reads on from its number."""

    @staticmethod
    def line(line: Central) -> Central:
        def pull(call: Any, replica: UUID, cursor: Cursor, limit: int) -> tuple[FeedRow, ...]:
            return call(replica, cursor, limit) or ()

        def hello(call: Any, replica: UUID, said: Any) -> HelloAnswer:
            answer = cast(HelloAnswer, call(replica, said))
            fields: Mapping[str, Any] = {name: getattr(answer, name) for name in answer.__struct_fields__}
            return HelloAnswer(**{**fields, "feed_known": True})

        return cast(Central, Meddler(line, pull=pull, hello=hello))


class SharesAnEnrolment(Plan):
    """The clone's chain went on elsewhere, and the desk does not ask what stands there."""

    class Bad(Round):
        def _is_over(self, end: DeskEnd, answer: HelloAnswer) -> bool:
            return answer.closed or answer.last_seq > end.last_seq

    round_class = Bad


def _first_found(plan: type[Plan]) -> tuple[int, str] | None:
    for seed in range(SEEDS):
        try:
            World(seed, plan).run()
        except Violation as violation:
            return seed, str(violation)
    return None


@pytest.mark.parametrize(
    "plan",
    [
        AcknowledgesEarly,
        SavesTheCursorFirst,
        SaysNoHelloWhenIdle,
        NumbersByASequence,
        NeverSendsAgain,
        SkipsOneAfterAFullPage,
        LosesOneOfAFullPage,
        TakesSilenceForYes,
        BelievesThatFilesStay,
        TrustsTheCursorAfterARewind,
        SharesAnEnrolment,
    ],
)
def test_the_mistake_is_found(plan: type[Plan]) -> None:
    found = _first_found(plan)
    print(plan.__name__, found)
    assert found is not None


def test_reading_on_into_a_clones_operations_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onewindow_desk.sync.round._is_ahead", lambda *_: False)
    assert _first_found(Plan) is not None
