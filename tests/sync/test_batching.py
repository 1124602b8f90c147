"""What is sent at once stays within its bounds, and waiting grows and is spread."""

from random import Random
from uuid import UUID

import pytest
from tests.sync.model_acts import Act
from tests.sync.model_desk import Disk, ModelStore, Vault

from onewindow_desk.domain.exchange import Sealed
from onewindow_desk.sync.batching import (
    LARGE,
    LARGE_BACKLOG,
    LEAST,
    LONGEST_SECONDS,
    MOST_HALVINGS,
    NORMAL,
    SHORTEST_SECONDS,
    Pace,
    after_answer,
    bounds,
    pause,
    slower,
)


def _size(batch: tuple[Sealed, ...]) -> int:
    return sum(len(sealed.head) + len(sealed.payload or b"") for sealed in batch)


def test_no_batch_is_larger_than_its_bounds_whatever_the_line_did():
    random = Random(20260921)
    store = ModelStore(Disk("desk", UUID(int=1), 1), Vault(), lambda: UUID(int=2))
    for number in range(1_300):
        act = Act(op_id=UUID(int=number), case_id=UUID(int=number), kind="receive", author="p", at=0.0)
        store.perform(act, random.randbytes(random.choice((10, 900, 3_000, 40_000))), {})
    for _ in range(60):
        pace, store.disk.acked = Pace(), random.choice((0, 100, 299, 300, 1_000))
        while batch := store.outgoing(*_bounds(pace, store)):
            backlog = len(store.disk.chain) - store.disk.acked
            most = LARGE if backlog > LARGE_BACKLOG else NORMAL
            assert len(batch) <= most.operations
            assert _size(batch) <= most.size or len(batch) == 1
            if random.random() < 0.4:
                pace = slower(pace)
            else:
                pace = after_answer(pace, random.choice((0.1, 2.0, 5.0)))
                store.acknowledge(batch[-1].place.seq)


def _bounds(pace: Pace, store: ModelStore) -> tuple[int, int]:
    most = bounds(pace, len(store.disk.chain) - store.disk.acked)
    return most.operations, most.size


def test_at_its_slowest_one_operation_goes_at_a_time_and_never_none():
    pace = Pace()
    for _ in range(50):
        pace = slower(pace)
    assert bounds(pace, 5_000) == LEAST
    assert pace == Pace(MOST_HALVINGS)


@pytest.mark.parametrize(("seconds", "halvings"), [(0.2, 1), (2.0, 2), (4.0, 3)])
def test_a_fast_answer_doubles_a_slow_one_halves(seconds, halvings):
    assert after_answer(Pace(2), seconds) == Pace(halvings)


def test_a_large_backlog_goes_in_large_batches():
    assert bounds(Pace(), LARGE_BACKLOG) == NORMAL
    assert bounds(Pace(), LARGE_BACKLOG + 1) == LARGE


def test_waiting_grows_to_a_minute_is_spread_and_ends_with_a_success():
    random = Random(1)
    assert pause(0, random.uniform) == 0.0
    for failed in range(1, 40):
        waits = [pause(failed, random.uniform) for _ in range(50)]
        longest = min(LONGEST_SECONDS, 2.0 ** min(failed, 10))
        assert all(SHORTEST_SECONDS <= wait <= longest for wait in waits)
        assert max(waits) - min(waits) > (longest - SHORTEST_SECONDS) / 2
