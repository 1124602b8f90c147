"""How much is sent at once, and how long to wait before trying again. Pure functions of their arguments."""

from collections.abc import Callable

from msgspec import Struct

LARGE_BACKLOG = 1_000
FAST_SECONDS = 1.0
SLOW_SECONDS = 3.0
MOST_HALVINGS = 10
SHORTEST_SECONDS, LONGEST_SECONDS = 1.0, 60.0

Uniform = Callable[[float, float], float]
"""`random.Random.uniform`: a number between two bounds."""


class Bounds(Struct, frozen=True):
    """The most that one push may hold: operations, and bytes of heads and payloads."""

    operations: int
    size: int


NORMAL = Bounds(200, 256 * 1024)
LARGE = Bounds(1_000, 1024 * 1024)
LEAST = Bounds(1, 4 * 1024)


class Pace(Struct, frozen=True):
    """What the line has been found to bear: how many times the bounds are halved, 0 at first."""

    halvings: int = 0


def bounds(pace: Pace, backlog: int) -> Bounds:
    """The bounds of the next push with `backlog` operations waiting."""
    most = LARGE if backlog > LARGE_BACKLOG else NORMAL
    return Bounds(
        max(most.operations >> pace.halvings, LEAST.operations),
        max(most.size >> pace.halvings, LEAST.size),
    )


def slower(pace: Pace) -> Pace:
    """After a push whose outcome is unknown: half as much."""
    return Pace(min(pace.halvings + 1, MOST_HALVINGS))


def after_answer(pace: Pace, seconds: float) -> Pace:
    """After an answer: twice as much when it came fast, half as much when it was slow."""
    if seconds > SLOW_SECONDS:
        return slower(pace)
    return Pace(max(pace.halvings - 1, 0)) if seconds < FAST_SECONDS else pace


def pause(failed: int, uniform: Uniform) -> float:
    """Seconds to wait after `failed` tries in a row (0 after a success, and then there is no wait).

    The whole stretch is drawn from, not only its end: a street's desks, cut off together, do not
    come back together.
    """
    if failed == 0:
        return 0.0
    # 2 ** 6 is past the longest already.
    return uniform(SHORTEST_SECONDS, min(LONGEST_SECONDS, 2.0 ** min(failed, 6)))
