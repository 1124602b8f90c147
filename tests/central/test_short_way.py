"""What is plainly in order is applied the short way; what only looks so is asked the long way."""

from uuid import uuid4

import pytest


@pytest.fixture
def desk(ward):
    return ward.desk()


@pytest.fixture
def clerk(ward):
    return ward.person("window")


def test_a_second_acceptance_in_one_batch_is_refused_for_the_state(desk, clerk):
    case = uuid4()
    receipt = desk.receipt(clerk, case)
    accepts = [desk.act("accept", clerk, case, complete=True) for _ in range(2)]
    assert desk.push(receipt, *accepts) == ["applied", "applied", "rejected:state"]


def test_a_receipt_on_a_case_that_was_applied_for_again_counts_as_one(ward, desk, clerk):
    case = uuid4()
    again = desk.act("reapply", clerk, case, refers_to=str(uuid4()))
    assert desk.push(again, desk.receipt(clerk, case)) == ["applied", "applied"]
    kept = ward.owner.execute(
        "SELECT version, state, receipt_no IS NOT NULL FROM owd_data.case_ WHERE case_id = %s", (case,)
    ).fetchone()
    assert kept == (2, "received", True)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"complete": True}, "applied"),
        ({"complete": "by hand"}, "applied"),
        ({"complete": [1]}, "applied"),
        ({"complete": {"all": True}}, "applied"),
        ({"complete": 0}, "rejected:guard:complete"),
        ({"complete": ""}, "rejected:guard:complete"),
        ({"complete": []}, "rejected:guard:complete"),
        ({"complete": {}}, "rejected:guard:complete"),
        ({"complete": None}, "rejected:guard:complete"),
        ({}, "rejected:guard:complete"),
        ({"complete": True, "role": "reviewer"}, "rejected:role"),
        ({"complete": True, "role": 1}, "rejected:fact:role"),
    ],
)
def test_a_guard_says_something_either_way(desk, clerk, facts, verdict):
    case = uuid4()
    assert desk.push(desk.receipt(clerk, case), desk.act("accept", clerk, case, **facts))[1] == verdict


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"promised_days": 3}, "applied"),
        ({"promised_days": None}, "applied"),
        ({"promised_days": 3.5}, "rejected:fact:promised_days"),
        ({"statutory_days": "3"}, "rejected:fact:statutory_days"),
        ({"received_at": "yesterday"}, "rejected:fact:received_at"),
        ({"received_at": "2026-02-30T01:00:00Z"}, "rejected:fact:received_at"),
    ],
)
def test_a_fact_is_read_in_its_shape_either_way(desk, clerk, facts, verdict):
    assert desk.push(desk.receipt(clerk, uuid4(), **facts)) == [verdict]


def test_a_receipt_of_the_short_way_keeps_what_the_long_way_keeps(ward, desk, clerk):
    facts = {"decision_level": "street", "received_at": "2026-09-21T09:00:00+08:00"}
    short, long = uuid4(), uuid4()
    # A scan is asked for the long way.
    assert desk.push(desk.receipt(clerk, short, **facts), desk.receipt(clerk, long, files=[], **facts)) == [
        "applied",
        "applied",
    ]
    kept = ward.owner.execute(
        "SELECT to_jsonb(c) - 'case_id' - 'receipt_no' FROM owd_data.case_ c WHERE case_id = ANY (%s)",
        ([short, long],),
    ).fetchall()
    assert kept[0] == kept[1]
