"""Every reason a verdict can have, each shown to be the one thing that was wrong."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from onewindow_desk.domain.lifecycle import BY_KIND

DISTRICT = "district_after_street_review"


@pytest.fixture
def desk(ward):
    return ward.desk()


@pytest.fixture
def people(ward):
    roles = (
        "window",
        "handler",
        "reviewer",
        "decider",
        "sealkeeper",
        "issuer",
        "fees",
        "supervisor",
        "liaison",
    )
    return {role: ward.person(role) for role in roles}


@pytest.fixture
def reviewing(desk, people):
    """A function: a fresh case in review, at version 4, or further."""

    def make(upto="take_over", **received):
        case = desk.receive(people["window"], **received)
        dispatched = desk.act("dispatch", people["window"], case, 2)
        steps = [
            desk.act("accept", people["window"], case, complete=True),
            dispatched,
            desk.act(
                "take_over", people["handler"], case, 3, slip_signed=True, proposal=str(dispatched.op_id)
            ),
            desk.act("submit_opinion", people["handler"], case, 4, points_ticked=True),
        ]
        kinds = ["accept", "dispatch", "take_over", "submit_opinion"]
        steps = steps[: kinds.index(upto) + 1]
        assert desk.push(*steps) == ["applied"] * len(steps)
        return case

    return make


def test_an_unknown_case_parks_and_goes_on_when_it_comes(ward, desk, people):
    case = uuid4()
    early = desk.act("accept", people["window"], case, complete=True)
    later = desk.act("dispatch", people["window"], case, 2)
    assert desk.push(early, later) == ["parked:case_unknown"] * 2
    other = ward.desk()
    assert other.push(other.receipt(people["window"], case)) == ["applied"]
    assert desk.history(early) == ["parked:case_unknown", "applied"]
    assert desk.history(later) == ["parked:case_unknown", "applied"]
    assert ward.one("SELECT version FROM owd_data.case_ WHERE case_id = %s", case) == 3
    assert ward.one("SELECT count(*) FROM owd_data.waiting WHERE street = %s", ward.code) == 0


def test_a_version_that_is_not_there_yet_parks_until_it_is(ward, desk, people):
    case = desk.receive(people["window"])
    other = ward.desk()
    ahead = other.act("dispatch", people["window"], case, 2)
    assert other.push(ahead) == ["parked:version_ahead"]
    accept, note = (
        desk.act("accept", people["window"], case, complete=True),
        desk.act("note", people["window"], case),
    )
    stale = desk.act("dispatch", people["window"], case, 2)
    # It goes on at once after what it waited for: the third one of the same push finds it done.
    assert desk.push(accept, note, stale) == ["applied", "applied", "rejected:stale"]
    rows = [(row.what, row.op_id) for row in desk.pull()][-4:]
    assert rows == [("op", accept.op_id), ("verdict", ahead.op_id), ("op", note.op_id), ("op", stale.op_id)]


def test_what_was_decided_on_an_older_version_is_stale(desk, people, reviewing):
    case = reviewing()
    assert desk.do("submit_opinion", people["handler"], case, 3, points_ticked=True) == "rejected:stale"
    assert desk.do("submit_opinion", people["handler"], case, points_ticked=True) == "rejected:base"
    assert desk.do("submit_opinion", people["handler"], case, 4, points_ticked=True) == "applied"


def test_without_a_version_it_waits_behind_what_the_same_desk_has_parked(desk, people):
    case = desk.receive(people["window"])
    unknown = desk.act("note", people["supervisor"], case, told=False)
    settled = desk.act("accept", people["window"], case, complete=True)
    assert desk.push(unknown, settled) == ["parked:person_key_unknown", "parked:behind_parked"]
    desk.do("attention_settled", people["window"], op_id=str(unknown.op_id), how="withdrawn", case=str(case))
    assert desk.history(settled) == ["parked:behind_parked", "applied"]


def test_a_kind_nobody_knows_parks_until_an_upgrade(ward, desk, people):
    case = desk.receive(people["window"])
    strange = desk.act("note_in_song", people["window"], case)
    assert desk.push(strange) == ["parked:kind_unknown"]
    assert desk.do("note", people["window"], case) == "applied"
    ward.owner.execute("CREATE TEMP TABLE learnt AS SELECT * FROM owd_data.rule WHERE kind = 'note'")
    ward.owner.execute("UPDATE learnt SET kind = 'note_in_song', step = 'note_in_song'")
    ward.owner.execute("INSERT INTO owd_data.rule SELECT * FROM learnt")
    ward.owner.execute("SELECT owd_inner.look_again_at_all()")
    ward.owner.execute("DELETE FROM owd_data.rule WHERE kind = 'note_in_song'")
    assert desk.history(strange) == ["parked:kind_unknown", "applied"]


@pytest.mark.parametrize(
    "person",
    [
        {"roles": ["guide"]},
        {"roles": []},
        {"roles": ["window"], "active": False},
        {"roles": ["window"], "until": "2026-09-20"},
    ],
)
def test_who_may_not_do_it_is_rejected(ward, desk, person):
    roles = person.pop("roles")
    somebody = ward.person(*roles, **person)
    assert desk.push(desk.receipt(somebody, uuid4())) == ["rejected:role"]


def test_an_account_that_ran_out_meanwhile_still_counts_for_what_was_done_before(ward, desk):
    today = datetime.now(UTC).date()
    person = ward.person("window", until=str(today - timedelta(days=2)))
    acted = desk.receipt(person, uuid4())
    assert desk.push(acted) == ["applied"]
    ward.owner.execute("UPDATE owd_data.person SET until = '2026-09-21' WHERE person_id = %s", (person,))
    assert desk.push(desk.receipt(person, uuid4())) == ["rejected:role"]


def test_somebody_of_another_street_is_nobody_here(ward, desk, central, cluster, owner):
    stranger = ward.person("window")
    other = type(ward)(cluster, central, owner)
    ward.owner.execute("UPDATE owd_data.person SET street = %s WHERE person_id = %s", (other.code, stranger))
    assert desk.push(desk.receipt(stranger, uuid4())) == ["rejected:role"]


def test_a_duty_that_is_not_the_persons_own_is_not_taken(ward, desk, people, reviewing):
    case = reviewing("submit_opinion")
    both = ward.person("reviewer")
    facts = {"opinion_given": True}
    assert desk.do("return_for_review", both, case, 5, role="decider", **facts) == "rejected:role"
    assert desk.do("return_for_review", both, case, 5, role="king", **facts) == "rejected:fact:role"
    assert desk.do("return_for_review", both, case, 5, **facts) == "rejected:role"
    assert desk.do("return_for_review", both, case, 5, role="reviewer", **facts) == "applied"


def test_a_decision_needs_its_author_present(ward, desk, people, reviewing):
    case = reviewing("submit_opinion")
    assert desk.do("grant", people["decider"], case, 5) == "rejected:not_present"
    desk.be_present(people["reviewer"])
    assert desk.do("grant", people["decider"], case, 5) == "rejected:not_present"
    desk.be_present(people["decider"])
    assert desk.do("grant", people["decider"], case, 5) == "applied"


def test_a_decision_waits_for_the_files_of_its_case(ward, desk, people, reviewing):
    there, away = ward.file(), ward.file(there=False)
    case = reviewing("submit_opinion", files=[there, away])
    desk.be_present(people["decider"])
    assert desk.do("grant", people["decider"], case, 5) == "rejected:files_missing"
    ward.owner.execute(
        "UPDATE owd_data.file SET complete_at = now() WHERE street = %s AND sha256 = %s",
        (ward.code, bytes.fromhex(away)),
    )
    assert desk.do("grant", people["decider"], case, 5) == "applied"


def test_files_named_in_the_same_push_are_waited_for(ward, desk, people, reviewing):
    case = reviewing("submit_opinion")
    desk.be_present(people["decider"])
    paper = desk.act("paper_sent", people["window"], case, document="x", sha256="ab" * 32)
    assert desk.push(paper, desk.act("grant", people["decider"], case, 5)) == [
        "applied",
        "rejected:files_missing",
    ]


def test_the_wrong_state_is_rejected(desk, people, reviewing):
    case = reviewing()
    assert desk.do("accept", people["window"], case, complete=True) == "rejected:state"
    assert desk.push(desk.receipt(people["window"], case)) == ["rejected:state"]
    assert desk.do("reapply", people["window"], case, refers_to=str(uuid4())) == "rejected:state"


def test_who_received_does_not_handle(ward, desk, reviewing):
    both = ward.person("window", "handler", "decider")
    case = desk.receive(both)
    dispatched = desk.act("dispatch", both, case, 2)
    take = {"slip_signed": True, "proposal": str(dispatched.op_id)}
    assert desk.push(
        desk.act("accept", both, case, complete=True),
        dispatched,
        desk.act("take_over", both, case, 3, **take),
    ) == ["applied", "applied", "rejected:separation"]


@pytest.mark.parametrize("value", [None, False, 0, "", [], {}])
def test_a_guard_that_says_nothing_is_not_given(desk, people, value):
    case = desk.receive(people["window"])
    assert desk.do("accept", people["window"], case, complete=value) == "rejected:guard:complete"


@pytest.mark.parametrize("value", [True, 1, 0.5, "no", [0], {"a": None}, -1])
def test_a_guard_that_says_anything_is_given(desk, people, value):
    case = desk.receive(people["window"])
    assert desk.do("accept", people["window"], case, complete=value) == "applied"


@pytest.mark.parametrize(
    "facts",
    [
        {"receipt_no": 7}, {"item_name": None}, {"received_at": "2026-02-30T00:00:00Z"},
        {"received_at": "2026-09-21"}, {"received_at": 5}, {"decision_level": "town"}, {"promised_days": "5"},
        {"statutory_days": 2.5}, {"relaxed": 1}, {"deemed_accepted": "20260921"}, {"role": 1},
    ],
)  # fmt: skip
def test_a_fact_of_another_shape_is_rejected_by_its_name(desk, people, facts):
    (name,) = facts
    act = desk.receipt(people["window"], uuid4(), **facts)
    assert desk.push(act) == [f"rejected:fact:{name}"]


def test_two_persons_where_two_are_asked_for(ward, desk, people, reviewing):
    case = reviewing()
    special = {"stop_kind": "testing", "told_days": 5, "basis_given": True}
    desk.be_present(people["reviewer"])
    assert desk.do("start_special", people["reviewer"], case, 4, proposal="x") == "rejected:second_person"
    proposed = desk.act("propose_special", people["handler"], case, 4, **special)
    assert desk.push(proposed) == ["applied"]
    assert desk.do("start_special", people["reviewer"], case, 5, proposal="x") == "rejected:proposal_changed"
    assert desk.do("start_special", people["reviewer"], case, 5) == "rejected:proposal_changed"
    name = str(proposed.op_id)
    assert desk.do("start_special", people["reviewer"], case, 5, proposal=name) == "applied"


def test_the_same_person_is_no_second_person(ward, desk, people):
    both = ward.person("window", "supervisor")
    case = desk.receive(both)
    facts = {"defects": ["M-1"], "answer_by": "2026-10-20"}
    assert desk.do("request_correction", both, case, **facts) == "applied"
    proposed = desk.act("propose_second_correction", both, case, 2, **facts)
    confirm = {"proposal": str(proposed.op_id), "reason_given": True}
    assert desk.push(proposed) == ["applied"]
    assert desk.do("second_correction", both, case, 3, **confirm) == "rejected:second_person"
    assert desk.do("second_correction", people["supervisor"], case, 3, **confirm) == "applied"


@pytest.mark.parametrize(
    ("until", "expected"), [("2026-09-21", "applied"), ("2026-09-20", "rejected"), (None, "rejected")]
)
def test_one_person_seals_and_issues_only_while_the_street_says_so(
    ward, desk, people, reviewing, until, expected
):
    setting = {"issuer_may_seal": {"until": until}} if until else {}
    ward.owner.execute(
        "UPDATE owd_data.street SET settings = %s WHERE street = %s", (json.dumps(setting), ward.code)
    )
    both = ward.person("sealkeeper", "issuer")
    case = reviewing("submit_opinion")
    desk.be_present(people["decider"])
    assert desk.do("grant", people["decider"], case, 5) == "applied"
    desk.be_present(both)
    facts = {"seal_approved": True, "paper": "ab" * 32}
    assert desk.do("certify", both, case, 6, **facts) == "applied"
    handed = desk.act("hand_to_issuer", both, case, 7)
    take = {"applicant_told": True, "proposal": str(handed.op_id), "relaxed": "issuer_sealkeeper"}
    done = desk.push(handed, desk.act("take_for_issue", both, case, 8, **take))
    assert done[1].startswith(expected)


def test_a_proposal_may_be_declined_once_by_who_might_have_confirmed(desk, people, reviewing):
    case = reviewing()
    proposed = desk.act(
        "propose_special", people["handler"], case, 4, stop_kind="testing", told_days=5, basis_given=1
    )
    assert (
        desk.do("decline_proposal", people["reviewer"], case, 4, role="reviewer") == "rejected:second_person"
    )
    assert desk.push(proposed) == ["applied"]
    assert desk.do("decline_proposal", people["decider"], case, 5, role="decider") == "rejected:role"
    assert desk.do("decline_proposal", people["reviewer"], case, 4, role="reviewer") == "rejected:stale"
    assert desk.do("decline_proposal", people["reviewer"], case, role="reviewer") == "rejected:base"
    assert desk.do("decline_proposal", people["reviewer"], case, 5, role="reviewer") == "applied"
    assert (
        desk.do("decline_proposal", people["reviewer"], case, 6, role="reviewer") == "rejected:second_person"
    )


def test_the_street_does_not_decide_what_the_district_does(desk, people, reviewing):
    case, own = reviewing("submit_opinion", decision_level=DISTRICT), reviewing()
    desk.be_present(people["decider"])
    assert desk.do("grant", people["decider"], case, 5) == "rejected:level"
    desk.be_present(people["reviewer"])
    assert desk.do("report_up", people["reviewer"], own, 4, opinion_given=True) == "rejected:level"


@pytest.mark.parametrize("days", [0, 16, -1])
def test_the_time_is_extended_once_and_not_too_far(desk, people, reviewing, days):
    case = reviewing()
    desk.be_present(people["decider"])
    reason = {0: "guard:days", 16: "guard:days", -1: "guard:days"}[days]
    assert desk.do("extend", people["decider"], case, 4, days=days, reason_given=True) == f"rejected:{reason}"
    assert desk.do("extend", people["decider"], case, 4, days=10, reason_given=True) == "applied"
    assert (
        desk.do("extend", people["decider"], case, 5, days=5, reason_given=True) == "rejected:extended_once"
    )


@pytest.mark.parametrize("told", [0, 251])
def test_a_special_procedure_lasts_between_one_and_250_days(desk, people, reviewing, told):
    case = reviewing()
    facts = {"stop_kind": "testing", "told_days": told, "basis_given": True}
    assert desk.do("propose_special", people["handler"], case, 4, **facts) == "rejected:guard:told_days"


def test_a_correction_is_settled_in_full_and_a_termination_after_two_calls(desk, people):
    case = desk.receive(people["window"])
    asked = {"defects": ["M-1", "M-2"], "answer_by": "2026-10-20"}
    assert desk.do("request_correction", people["window"], case, **asked) == "applied"
    ended = {"originals_returned": True, "contacts": 1}
    assert desk.do("terminate_uncorrected", people["window"], case, 2, **ended) == "rejected:guard:contacts"
    assert desk.do("accept_corrected", people["window"], case, settled=["M-1"]) == "rejected:guard:settled"
    assert desk.do("accept_corrected", people["window"], case, settled=["M-2", "M-1"]) == "applied"


def test_a_grant_waits_for_tolerated_materials(desk, people):
    case = desk.receive(people["window"])
    facts = {"tolerated": ["M-1"], "supply_by": "2026-10-01", "pledge_signed": True}
    assert desk.do("accept_tolerant", people["window"], case, **facts) == "applied"
    dispatched = desk.act("dispatch", people["window"], case, 2)
    take = {"slip_signed": True, "proposal": str(dispatched.op_id)}
    desk.push(
        dispatched,
        desk.act("take_over", people["handler"], case, 3, **take),
        desk.act("submit_opinion", people["handler"], case, 4, points_ticked=True),
    )
    desk.be_present(people["decider"])
    assert desk.do("grant", people["decider"], case, 5) == "rejected:tolerated"
    assert desk.do("material_added", people["window"], case, code="M-1") == "applied"
    assert desk.do("grant", people["decider"], case, 5) == "applied"
    assert desk.do("material_added", people["window"], case, code="M-1") == "rejected:state"


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-09-21", "applied"), ("2026-09-22", "rejected:deemed"), (None, "rejected:state")],
)
def test_a_receipt_left_unanswered_counts_as_accepted(ward, desk, people, day, expected):
    received = "2026-09-21T01:42:00+00:00"
    case = desk.receive(people["window"], received_at=received)
    act = desk.act("dispatch", people["window"], case, 1, **({"deemed_accepted": day} if day else {}))
    late = act.head.replace(b'"at":"2026-09-21T', b'"at":"2026-09-28T')
    act = desk.signed_again(act, people["window"], late)
    assert desk.push(act) == [expected]


def test_it_is_not_deemed_accepted_within_five_days(desk, people):
    case = desk.receive(people["window"])
    assert desk.do("dispatch", people["window"], case, 1, deemed_accepted="2026-09-21") == "rejected:deemed"


@pytest.mark.parametrize("kind", ["street_founded", "person_added", "person_changed", "series_leased"])
def test_people_and_series_change_at_the_central_alone(ward, desk, kind):
    admin = ward.person("system_admin")
    desk.be_present(admin)
    assert desk.do(kind, admin, person_id=str(uuid4()), roles=["decider"]) == "rejected:central_only"


def test_a_supervisor_may_have_one_looked_at_again(ward, desk, people):
    case = desk.receive(people["window"])
    strange = desk.act("note_in_song", people["window"], case)
    desk.push(strange)
    call = "SELECT owd.retry(%s, %s)"
    with pytest.raises(psycopg.Error) as caught:
        desk.connection.execute(call, (desk.replica, strange.op_id))
    assert caught.value.sqlstate == "OW403"
    desk.be_present(people["supervisor"])
    answer = desk.connection.execute(call, (desk.replica, strange.op_id)).fetchone()[0]
    assert answer == {"seq": 2, "verdict": "parked", "reason": "kind_unknown"}
    with pytest.raises(psycopg.Error) as caught:
        desk.connection.execute(call, (desk.replica, uuid4()))
    assert caught.value.sqlstate == "OW404"


def test_every_act_of_the_lifecycle_is_a_row_of_rules(ward):
    rows = ward.owner.execute("SELECT kind, present, awaits_files, guards FROM owd_data.rule").fetchall()
    rules = {kind: rest for kind, *rest in rows}
    assert set(BY_KIND) < set(rules)
    assert rules["deny"] == [True, True, ["reason_given", "basis_given", "remedy_told"]]
