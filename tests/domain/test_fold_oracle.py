"""The fold of every desk agrees with the oracle: the same acts taken, the same refused, the same state."""

import os
from uuid import UUID

import msgspec
import pytest
from lawbook import KINDS, No
from oracle import Oracle
from sequences import DESKS, FIRST_KEYS, PEOPLE, REPLICAS, Work, key_id

from onewindow_desk.domain.case import apply, blank
from onewindow_desk.domain.operation import Algorithms, Head, Operation
from onewindow_desk.faults import Refusal

SEEDS = [int(os.environ["ONEWINDOW_SEED"])] if "ONEWINDOW_SEED" in os.environ else range(60)
LENGTH = 100
# The fold does not know who holds which role, who is present, what has arrived, or other cases.
OTHERS_BUSINESS = {"not_present", "files_missing", "receipt_no"}


def new_oracle(kind=Oracle):
    oracle = kind()
    oracle.people, oracle.replicas = PEOPLE, REPLICAS
    oracle.desks = DESKS
    oracle.keys = {(DESKS[replica], key_id(replica, person)): person for replica, person in FIRST_KEYS}
    return oracle


def operation(op):
    head = Head(
        v=1, op_id=UUID(op["op_id"]), case_id=UUID(op["case"]), kind=op["kind"], schema=1,
        author=UUID(op["author"]), at=msgspec.convert(op["at"], Head.__annotations__["at"]), base=op["base"],
        envelope=op["facts"], payload_sha256="0" * 64, payload_size=0, alg=Algorithms(), person_key="",
    )  # fmt: skip
    return Operation(replica=UUID(op["replica"]), seq=op["seq"], head=head, payload=None)


class Watched(Oracle):
    """An oracle that keeps the moments at which it judged by the law of one case."""

    def __init__(self) -> None:
        super().__init__()
        self.folds: dict = {}
        self.seen: list = []

    def _on_a_case(self, op, street):
        folded = self.folds.get((street, op["case"]))
        trouble = None
        try:
            super()._on_a_case(op, street)
        except No as no:
            trouble = no
        verdict = ("applied", "") if trouble is None else trouble.answer
        self.compare(op, street, verdict, folded or blank(UUID(op["case"])))
        if trouble is not None:
            raise trouble

    def compare(self, op, street, verdict, case):
        if verdict[1] in OTHERS_BUSINESS or verdict[1] in {"case_unknown", "behind_parked"}:
            return
        try:
            after = apply(case, operation(op))
        except Refusal:
            after = None
        self.seen.append(verdict)
        assert (verdict[0] == "applied") is (after is not None), (verdict, op)
        if after is None:
            return
        self.folds[street, op["case"]] = after
        known = self.cases[street, op["case"]]
        assert (known["state"], known["version"]) == (after.state, after.version), op


@pytest.mark.parametrize("seed", SEEDS)
def test_a_desk_folds_what_the_oracle_would_take(seed):
    oracle = new_oracle(Watched)
    work = Work(seed, oracle, {})
    work.go(LENGTH)
    assert oracle.seen


def test_the_sequences_come_everywhere():
    oracle, reasons, kinds, ends = new_oracle(), set(), set(), dict[str, int]()
    for seed in range(60):
        work = Work(seed, oracle, ends)
        for act, op, *_ in work.go(LENGTH):
            if act == "op":
                reasons.add(oracle.answers[op["replica"], op["seq"]])
                if oracle.answers[op["replica"], op["seq"]][0] == "applied":
                    kinds.add(op["kind"])
    states = {case["state"] for case in oracle.cases.values()}
    print(sorted(reasons), sorted(set(KINDS) - kinds), sorted(states), sep="\n")
    assert len(states) >= 17
