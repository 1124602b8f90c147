"""The central's verdicts against the oracle's, on random work of two streets, sealed and sent for real.

One seed again: ONEWINDOW_SEED=17 .venv/bin/python -m pytest tests/central/test_oracle.py
"""

import json
import os

import pytest
from oracle import Oracle
from sequences import DESKS, FIRST_KEYS, PEOPLE, REPLICAS, Work, key_id
from world import World

SEEDS = [int(os.environ["ONEWINDOW_SEED"])] if "ONEWINDOW_SEED" in os.environ else range(50)
LENGTH = 100
AT_ONCE = 12


@pytest.fixture(scope="module")
def world(cluster, central):
    made = World(cluster, central).lay()
    yield made
    made.close()


@pytest.fixture(scope="module")
def oracle():
    made = Oracle()
    made.people, made.replicas, made.desks = PEOPLE, REPLICAS, DESKS
    made.keys = {(DESKS[replica], key_id(replica, person)): person for replica, person in FIRST_KEYS}
    return made


@pytest.fixture(scope="module")
def ends():
    """How far each enrolment has come, over all seeds."""
    return {}


class Player:
    """Plays invented steps against the central, operations of one desk in batches."""

    def __init__(self, world) -> None:
        self.world = world
        self.batch: list = []
        self.differing: list = []

    def play(self, steps):
        for act, *what in steps:
            if act == "op":
                self.add(what[0])
                continue
            self.send()
            getattr(self, act)(*what)
        self.send()

    def add(self, op):
        last = self.batch[-1] if self.batch else op
        alone = not op.get("readable", True) or not last.get("readable", True)
        if self.batch and (alone or last["replica"] != op["replica"] or len(self.batch) == AT_ONCE):
            self.send()
        self.batch.append(op)

    def send(self):
        if not self.batch:
            return
        answer = self.world.push(self.batch[0]["replica"], self.batch)
        assert (answer["status"], answer["last_seq"]) == ("ok", self.batch[-1]["seq"])
        said = {one["seq"]: (one["verdict"], one["reason"]) for one in answer["verdicts"]}
        for op in self.batch:
            if said.get(op["seq"], ("applied", "")) != op["expected"]:
                self.differing.append((op, said.get(op["seq"], ("applied", ""))))
        self.batch = []

    def present(self, replica, person):
        self.world.be_present(replica, person)

    def file(self, street, name):
        self.world.file(street, name)

    def key(self, replica, person):
        self.world.arrive(replica, person, key_id(replica, person))


def story(steps, op):
    """Everything that happened on the case of `op`, for whoever looks into a difference."""
    told = [what for act, what, *_ in steps if act == "op" and what["case"] == op["case"]]
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in told)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_central_says_what_the_oracle_says(seed, world, oracle, ends):
    steps = Work(seed, oracle, ends).go(LENGTH)
    player = Player(world)
    player.play(steps)
    for op, said in player.differing[:1]:
        pytest.fail(f"seed {seed}: oracle {op['expected']}, central {said}\n{story(steps, op)}")
    found = world.verdicts()
    for op in [what for act, what, *_ in steps if act == "op"]:
        place = (op["replica"], op["seq"])
        if found[place] != oracle.answers[place]:
            pytest.fail(
                f"seed {seed}: in the end {oracle.answers[place]}, {found[place]}\n{story(steps, op)}"
            )
    assert found == oracle.answers
    cases = {place: (case["state"], case["version"]) for place, case in oracle.cases.items()}
    assert world.cases() == cases
