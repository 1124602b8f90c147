"""The desk dies before and after every call of a round, to its store and to the central: nothing is lost.

Each scene is set up anew for every point, the desk dies there, starts again, and the street must
come to rest with all invariants holding.
"""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from tests.sync.model_desk import ModelStore
from tests.sync.model_watch import Violation
from tests.sync.model_world import DeskModel, Plan, World

from onewindow_desk.domain.exchange import Sealed

Scene = Callable[["Doomed"], DeskModel]


class Doomed(World):
    """A street without faults, where one desk dies at the chosen point of its rounds (0: never)."""

    def __init__(self, plan: type[Plan] = Plan) -> None:
        super().__init__(1, plan, calm=True)
        self.limits = replace(self.limits, page=3)
        self.points = 0
        self.last = 0
        self.armed = False
        for desk in self.desks:
            desk.start()

    def _fate(self) -> str:
        if not self.armed:
            return ""
        self.points += 2
        if self.points - 1 == self.last:
            return "desk dies before"
        return "desk dies after" if self.points == self.last else ""

    def store_fault(self) -> str:
        return self._fate()

    def befalls(self, call: str) -> str:
        return "" if call in {"batch", "part"} else self._fate()

    def acts(self, desk: DeskModel, count: int) -> None:
        for _ in range(count):
            self._act(desk)

    def rounds(self, desk: DeskModel) -> bool:
        """Go round until there is nothing more to do; False when the desk died."""
        for _ in range(20):
            report = self.go_round(desk)
            if report is None:
                return False
            if not report.more and self._is_quiet(desk):
                return True
        raise AssertionError("does not come to rest")


def sends_and_reads(world: Doomed) -> DeskModel:
    ours, theirs = world.desks[0], world.desks[1]
    world.acts(theirs, 9)
    world.rounds(theirs)
    world.rounds(ours)
    world.acts(theirs, 9)
    world.rounds(theirs)
    world.acts(ours, 15)
    assert any(desk.store.waiting_files(1) or desk.disk.files for desk in (ours, theirs))
    return ours


def reads_for_the_first_time(world: Doomed) -> DeskModel:
    for desk in world.desks[1:]:
        world.acts(desk, 8)
        world.rounds(desk)
    world.acts(world.desks[0], 3)
    assert world.desks[0].disk.cursor.seq == 0
    return world.desks[0]


def meets_a_rewound_central(world: Doomed) -> DeskModel:
    ours, theirs = world.desks[0], world.desks[1]
    world.acts(ours, 6)
    world.rounds(ours)
    backup = world.server.state.copy()
    world.acts(ours, 6)
    world.rounds(ours)
    world.server.restore(backup)
    for desk in world.desks:
        desk.disk.doubtful = True
    world.acts(theirs, 5)
    world.rounds(theirs)
    world.acts(ours, 2)
    return ours


def was_cloned(world: Doomed) -> DeskModel:
    ours = world.desks[0]
    world.acts(ours, 6)
    world.rounds(ours)
    world._clone_desk(ours)
    world.acts(world.desks[-1], 4)
    world.rounds(world.desks[-1])
    world.acts(ours, 5)
    return ours


def was_restored(world: Doomed) -> DeskModel:
    ours = world.desks[0]
    world.acts(ours, 6)
    world.rounds(ours)
    ours.backup = ours.disk.copy()
    world.acts(ours, 6)
    world.rounds(ours)
    world._restore_desk(ours)
    world.acts(ours, 3)
    return ours


def enrolled_after_the_backup(world: Doomed) -> DeskModel:
    ours = world.desks[0]
    backup = world.server.state.copy()
    was_cloned(world)
    world.rounds(ours)
    world.server.restore(backup)
    for desk in world.desks:
        desk.disk.doubtful = True
    return ours


def _dies_at(scene: Scene, last: int, plan: type[Plan] = Plan) -> int:
    """Play the scene, die at this point, come to rest; how many points there are."""
    world = Doomed(plan)
    desk = scene(world)
    desk.start()
    world.last, world.armed = last, True
    assert world.rounds(desk) == (last == 0)
    world.armed = False
    world.fall_quiet()
    return world.points


@pytest.mark.parametrize(
    ("scene", "least"),
    [
        (sends_and_reads, 60),
        (reads_for_the_first_time, 30),
        (meets_a_rewound_central, 60),
        (was_cloned, 40),
        (was_restored, 40),
        (enrolled_after_the_backup, 40),
    ],
)
def test_the_desk_dies_at_every_point(scene: Scene, least: int) -> None:
    points = _dies_at(scene, 0)
    print(scene.__name__, points)
    assert points >= least
    for last in range(1, points + 1):
        _dies_at(scene, last)


class AcknowledgesEarly(Plan):
    """What is sent counts as there, before the answer."""

    class Store(ModelStore):
        def outgoing(self, limit: int, max_bytes: int) -> tuple[Sealed, ...]:
            batch = super().outgoing(limit, max_bytes)
            if batch:
                self.acknowledge(batch[-1].place.seq)
            return batch

    store_class = Store


def test_a_planted_mistake_is_found() -> None:
    found = 0
    for last in range(1, _dies_at(sends_and_reads, 0) + 1):
        try:
            _dies_at(sends_and_reads, last, AcknowledgesEarly)
        except Violation:
            found += 1
    assert found > 0
