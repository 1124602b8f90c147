from datetime import UTC, datetime, timedelta

import pytest

from onewindow_desk.opening import CommonClock

NOON = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(("offset", "ahead"), [(0, 0), (4, 0), (-4, 0), (5, 5), (-90, -90), (86_400, 86_400)])
def test_the_centrals_time_counts_once_the_difference_is_worth_it(offset, ahead):
    clock = CommonClock(lambda: NOON)
    clock.set_right(offset)
    assert clock() == NOON + timedelta(seconds=ahead)


def test_a_machine_set_right_needs_no_help_any_more():
    clock = CommonClock(lambda: NOON)
    clock.set_right(3600)
    clock.set_right(0)
    assert clock() == NOON
