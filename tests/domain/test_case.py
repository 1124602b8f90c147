import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from onewindow_desk.domain.case import (
    Acceptance,
    HandedIn,
    Mode,
    Outcome,
    Source,
    apply,
    as_of,
    blank,
    state_as_of,
)
from onewindow_desk.domain.item import DecisionLevel
from onewindow_desk.domain.lifecycle import BY_KIND, BY_PROPOSAL, TRANSITIONS, actors
from onewindow_desk.domain.people import Role
from onewindow_desk.domain.states import FINAL, State
from onewindow_desk.faults import Fault, Refusal

# The pairs of 受审分离, a second time.
PARTED = {
    frozenset(pair)
    for pair in (
        ("window", "handler"), ("window", "reviewer"), ("window", "decider"), ("window", "sealkeeper"),
        ("handler", "reviewer"), ("handler", "decider"), ("sealkeeper", "reviewer"),
        ("sealkeeper", "decider"), ("issuer", "reviewer"), ("issuer", "decider"), ("issuer", "sealkeeper"),
    )
}  # fmt: skip
TO_REVIEW = (("receive", "W"), ("accept", "W"), ("dispatch", "W"), ("take_over", "H"))
TO_DECISION = (*TO_REVIEW, ("submit_opinion", "H"))
TO_CERTIFICATE = (*TO_DECISION, ("grant", "D"), ("certify", "K"))
TO_END = (
    *TO_CERTIFICATE, ("hand_to_issuer", "K"), ("take_for_issue", "I"), ("deliver", "I"), ("archive", "A"),
)  # fmt: skip
# How to come to each state by the shortest way.
WAYS = {
    State.DRAFT: (("reapply", "W"),),
    State.RECEIVED: TO_REVIEW[:1],
    State.CORRECTION: (*TO_REVIEW[:1], ("request_correction", "W")),
    State.ACCEPTED: TO_REVIEW[:2],
    State.REVIEWING: TO_REVIEW,
    State.SPECIAL: (*TO_REVIEW, ("propose_special", "H"), ("start_special", "V")),
    State.REPORTED_UP: (*TO_REVIEW, ("report_up", "V")),
    State.REVIEWED: TO_DECISION,
    State.GRANTED: TO_CERTIFICATE[:-1],
    State.DENIED: (*TO_DECISION, ("deny", "D")),
    State.FEE_DUE: (*TO_CERTIFICATE[:-1], ("demand_payment", "F")),
    State.CERTIFIED: TO_CERTIFICATE,
    State.READY: TO_END[:-2],
    State.DELIVERED: TO_END[:-1],
    State.ARCHIVED: TO_END,
    State.NOT_REQUIRED: (*TO_REVIEW[:1], ("not_required", "W")),
    State.NOT_ACCEPTED: (
        *TO_REVIEW[:1], ("propose_refuse_acceptance", "W"), ("refuse_acceptance", "V"),
    ),
    State.WITHDRAWN: (*TO_REVIEW[:1], ("withdraw", "W")),
    State.TERMINATED: (*TO_REVIEW[:1], ("request_correction", "W"), ("terminate_uncorrected", "W")),
}  # fmt: skip
# Fresh people, so that no refusal comes from what somebody did before.
FRESH = {role: chr(ord("a") + place) for place, role in enumerate(Role)}


def go(bench, *steps):
    for kind, who in steps:
        bench.do(kind, who)
    return bench


def refused(bench, kind: str, who: str, **more) -> str:
    before = bench.case
    with pytest.raises(Refusal) as caught:
        bench.do(kind, who, **more)
    assert bench.case == before
    return caught.value.text


@pytest.mark.parametrize("state", list(State))
def test_each_state_is_reached(bench, state):
    assert go(bench, *WAYS[state]).case.state is state


ROWS = pytest.mark.parametrize("row", [row for row in TRANSITIONS if not row.derived], ids=lambda row: row.id)


def in_district(case):
    """The same case of an item that the district decides."""
    decision = case.decision and replace(case.decision, level=DecisionLevel.DISTRICT)
    return replace(case, decision_level=DecisionLevel.DISTRICT, decision=decision)


@ROWS
def test_every_act_only_from_its_states(new_bench, row):
    """From each of the nineteen states, each act is taken or refused as the table says."""
    steps = [(row.proposal, row.proposers)] if row.proposal else []
    steps.append((row.kind, row.actors))
    for state in State:
        bench = go(new_bench(), *WAYS[state])
        if row.id in ("T20", "T35"):
            bench.case = in_district(bench.case)
        if state not in row.sources:
            kind, roles = steps[0]
            assert "请" in refused(bench, kind, FRESH[roles[-1]], role=roles[-1]), state
            continue
        for kind, roles in steps:
            bench.do(kind, FRESH[roles[-1]], role=roles[-1])
        assert bench.case.state in row.targets, state


@ROWS
def test_every_act_only_by_its_roles(new_bench, row):
    bench = go(new_bench(), *WAYS[row.sources[0]]) if row.sources else new_bench()
    steps = [(row.proposal, row.proposers)] if row.proposal else []
    for kind, roles in [*steps, (row.kind, row.actors)]:
        for role in set(Role) - set(roles):
            words = refused(bench, kind, FRESH[role], role=role)
            assert words.startswith("您的岗位不办这一步"), (kind, role)


GUARDED = [
    (row, kind, guard)
    for row in TRANSITIONS
    for kind, guards in ((row.proposal, row.proposal_guards), (row.kind, row.guards))
    for guard in guards
    if not row.derived
]


@pytest.mark.parametrize(("row", "kind", "guard"), GUARDED, ids=lambda value: str(value)[:24])
def test_every_guard_is_asked_for(new_bench, row, kind, guard):
    bench = new_bench()
    if row.sources and kind != "receive":
        go(bench, *WAYS[row.sources[0]])
    if kind == row.kind and row.proposal:
        bench.do(row.proposal, FRESH[row.proposers[0]], role=row.proposers[0])
    roles = row.proposers if kind == row.proposal else row.actors
    with pytest.raises(Refusal) as caught:
        bench.do(kind, FRESH[roles[-1]], role=roles[-1], without=(guard,))
    assert caught.value.field == guard


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.proposal], ids=lambda row: row.id)
def test_two_persons_mean_two_persons(new_bench, row):
    bench = go(new_bench(), *WAYS[row.sources[0]])
    assert "两个人" in refused(bench, row.kind, FRESH[row.actors[-1]], role=row.actors[-1])
    bench.do(row.proposal, "z", role=row.proposers[0])
    assert bench.case.state is row.sources[0]
    assert "请" in refused(bench, row.kind, "z", role=row.actors[-1])
    assert "已经变了" in refused(
        bench, row.kind, FRESH[row.actors[-1]], role=row.actors[-1], proposal=str(UUID(int=5))
    )
    bench.do(row.kind, FRESH[row.actors[-1]], role=row.actors[-1])
    assert bench.case.state in row.targets
    assert bench.case.proposal is None


def test_a_proposal_can_be_declined_and_is_then_gone(bench):
    go(bench, *TO_REVIEW, ("propose_special", "H"))
    assert "您的岗位" in refused(bench, "decline_proposal", "W", role=Role.WINDOW)
    bench.do("decline_proposal", "V", role=Role.REVIEWER)
    assert bench.case.proposal is None
    assert "两个人" in refused(bench, "start_special", "V")
    assert "没有等待确认" in refused(bench, "decline_proposal", "V", role=Role.REVIEWER)


def test_the_whole_way_of_a_permit(bench):
    case = go(bench, *TO_END).case
    assert [act.kind for act in case.acts] == [kind for kind, _ in TO_END]
    assert case.version == len(TO_END)
    assert case.decision is not None
    assert (case.decision.outcome, case.decision.level) == (Outcome.GRANTED, DecisionLevel.STREET)
    assert [(act.author, act.role) for act in case.acts][:4:3] == [
        (UUID(int=ord("W")), Role.WINDOW),
        (UUID(int=ord("H")), Role.HANDLER),
    ]


@pytest.mark.parametrize(
    ("before", "kind", "who", "words"),
    [
        (
            TO_REVIEW[:3],
            "take_over",
            "W",
            "本件由您收件受理，按受审分离不能再由您承办。请换同事办理（F12 换人）。",
        ),
        (TO_DECISION, "grant", "H", "本件由您承办，按受审分离不能再由您签发。请换同事办理（F12 换人）。"),
        (TO_DECISION, "grant", "W", "本件由您收件受理，按受审分离不能再由您签发。请换同事办理（F12 换人）。"),
        (
            TO_CERTIFICATE[:-1],
            "certify",
            "D",
            "本件由您签发，按受审分离不能再由您用印。请换同事办理（F12 换人）。",
        ),
        (
            TO_CERTIFICATE[:-1],
            "certify",
            "W",
            "本件由您收件受理，按受审分离不能再由您用印。请换同事办理（F12 换人）。",
        ),
        (
            TO_END[:-3],
            "take_for_issue",
            "D",
            "本件由您签发，按受审分离不能再由您出件。请换同事办理（F12 换人）。",
        ),
    ],
)
def test_separation_in_the_persons_words(bench, before, kind, who, words):
    go(bench, *before)
    assert refused(bench, kind, who) == words


def test_the_window_may_issue_what_it_received(bench):
    go(bench, *TO_END[:-3])
    assert bench.do("take_for_issue", "W").state is State.READY


def test_sealkeeper_and_issuer_only_by_the_visible_setting(bench):
    go(bench, *TO_END[:-3])
    assert "受审分离" in refused(bench, "take_for_issue", "K")
    bench.do("take_for_issue", "K", relaxed="issuer_sealkeeper")
    assert bench.case.state is State.READY


def test_no_setting_relaxes_any_other_pair(bench):
    go(bench, *TO_DECISION)
    assert "受审分离" in refused(bench, "grant", "H", relaxed="issuer_sealkeeper")


def test_a_decision_names_what_it_was_made_on(bench):
    go(bench, *TO_DECISION)
    assert "哪一版" in refused(bench, "grant", "D", base=None)
    assert "又有人办了一步" in refused(bench, "grant", "D", base=bench.case.version - 1)


def test_notes_and_papers_do_not_make_a_decision_stale(bench):
    go(bench, *TO_DECISION)
    seen = bench.case.version
    go(bench, ("note", "W"))
    assert bench.do("grant", "D", base=seen).state is State.GRANTED


def test_an_offline_act_may_leave_the_version_out_but_not_name_a_wrong_one(bench):
    go(bench, *TO_REVIEW[:1])
    assert "又有人办了一步" in refused(bench, "accept", "W", base=9)
    assert bench.do("accept", "W", base=None).acceptance.mode is Mode.COMPLETE


def test_receiving_keeps_what_was_registered(received_bench, received, permit_item):
    case = received_bench.case
    assert case.applicant == received.applicant
    assert case.materials == received.materials
    assert (case.receipt_no, case.item_name) == (received.receipt_no, permit_item.name)
    assert (case.promised_days, case.statutory_days) == (3, 20)
    assert case.decision_level is DecisionLevel.STREET


def test_without_the_payload_the_rules_still_work(bench):
    case = go(bench, *TO_END).case
    assert case.applicant is None
    assert case.state is State.ARCHIVED


def test_a_payload_that_contradicts_its_envelope_is_our_fault(bench, received):
    payload = msgspec.to_builtins(replace(received, receipt_no="1" * 18))
    with pytest.raises(Fault, match="different receipt numbers"):
        bench.do("receive", "W", payload=payload)


def test_a_misshapen_payload_is_our_fault_and_tells_no_value(bench):
    with pytest.raises(Fault) as caught:
        bench.do("receive", "W", payload={"receipt_no": 5, "applicant": "钱样安"})
    assert "钱" not in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("received_at", "昨天"),
        ("decision_level", "province"),
        ("promised_days", "three"),
        ("receipt_no", ["115260921001200319"]),
    ],
)
def test_a_misshapen_fact_is_refused_by_name(bench, field, value):
    with pytest.raises(Refusal) as caught:
        bench.do("receive", "W", **{field: value})
    assert caught.value.field == field


def test_an_operation_of_another_case_is_our_fault(bench):
    operation = bench.operation("receive", "W")
    with pytest.raises(Fault, match="another case"):
        apply(blank(UUID(int=8)), operation)


@pytest.mark.parametrize("kind", ["deemed_acceptance", "erase", "receive2", ""])
def test_unknown_and_derived_kinds_are_refused(received_bench, kind):
    assert "升级" in refused(received_bench, kind, "W")


def test_nothing_is_noted_on_what_was_never_received(bench):
    assert "还没有收件" in refused(bench, "note", "W")


def test_one_correction_notice_and_the_second_only_with_a_supervisor(bench):
    go(bench, *WAYS[State.CORRECTION])
    assert "不能一次告知补正" in refused(bench, "request_correction", "W")
    bench.do("propose_second_correction", "W", defects=["XK08-1"], answer_by="2026-11-02")
    assert "您的岗位" in refused(bench, "second_correction", "W", role=Role.WINDOW)
    bench.do("second_correction", "S")
    assert [notice.defects for notice in bench.case.corrections] == [("M-BIZ",), ("XK08-1",)]
    assert "请逐条核对" in refused(bench, "accept_corrected", "W", settled=["M-BIZ"])
    bench.do("accept_corrected", "W", settled=["XK08-1"])
    assert bench.case.acceptance.mode is Mode.CORRECTED


def test_tolerated_materials_stand_in_the_way_of_a_grant(bench):
    go(bench, *TO_REVIEW[:1])
    bench.do("accept_tolerant", "W", tolerated=["XK08-3", "XK08-4"])
    assert bench.case.supply_by == date(2026, 9, 24)
    go(bench, ("dispatch", "W"), ("take_over", "H"), ("submit_opinion", "H"))
    assert "容缺的材料还没有补齐" in refused(bench, "grant", "D")
    bench.do("material_added", "W", code="XK08-3")
    assert bench.case.tolerated == ("XK08-4",)
    assert "容缺的材料还没有补齐" in refused(bench, "grant", "D")
    bench.do("material_added", "W", code="XK08-4")
    assert bench.do("grant", "D").state is State.GRANTED


@pytest.mark.parametrize(
    ("way", "outcome"), [(State.GRANTED, Outcome.GRANTED), (State.DENIED, Outcome.DENIED)]
)
def test_a_decision_is_kept_as_it_was_made(bench, way, outcome):
    decision = go(bench, *WAYS[way]).case.decision
    assert (decision.outcome, decision.level, decision.on) == (
        outcome,
        DecisionLevel.STREET,
        date(2026, 9, 21),
    )


def test_an_added_material_takes_the_place_of_the_missing_one(received_bench):
    row = received_bench.case.materials[1]
    material = HandedIn(code=row.code, name=row.name, source=Source.SHARED, copies=1)
    other = HandedIn(code="NEW", name="样例材料", source=Source.SUBMITTED, copies=1)
    for added in (material, other):
        received_bench.do(
            "material_added", "W", code=added.code, payload={"material": msgspec.to_builtins(added)}
        )
    assert received_bench.case.materials[1] == material
    assert received_bench.case.materials[-1] == other


def test_no_material_after_the_decision(bench):
    go(bench, *WAYS[State.DENIED])
    assert "另行申请" in refused(bench, "material_added", "W", code="M-BIZ")


def change(key: str, old: str, new: str) -> dict[str, Any]:
    return {"changes": [{"key": key, "old": old, "new": new}]}


def test_corrections_on_the_spot(received_bench):
    received_bench.do(
        "correct_on_spot", "W", payload=change("applicant.phone", "000-0000-0031", "000-0000-0032")
    )
    received_bench.do("correct_on_spot", "W", payload=change("field.place", "样例路 12 号", "样例路 13 号"))
    assert received_bench.case.applicant.phone == "000-0000-0032"
    assert received_bench.case.fields == {"place": "样例路 13 号"}


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (change("applicant.phone", "000-0000-0000", "1"), "已有人先改过"),
        (change("applicant.identity", "", "1"), "没有这一栏"),
        (change("field.nothing", "", "1"), "没有这一栏"),
        (change("state", "received", "granted"), "没有这一栏"),
    ],
)
def test_a_correction_of_what_is_no_longer_so_is_refused(received_bench, payload, words):
    assert words in refused(received_bench, "correct_on_spot", "W", payload=payload)


@pytest.mark.parametrize("stop_kind", ["现场勘验", "onsite", "site_visit", ""])
def test_only_the_eight_procedures_stop_the_clock(bench, stop_kind):
    go(bench, *TO_REVIEW)
    refused(bench, "propose_special", "H", stop_kind=stop_kind)


@pytest.mark.parametrize("days", [0, -1, 251])
def test_a_special_procedure_is_told_in_days(bench, days):
    go(bench, *TO_REVIEW)
    assert "工作日数" in refused(bench, "propose_special", "H", told_days=days)


def test_the_second_person_starts_exactly_what_was_proposed(bench):
    go(bench, *TO_REVIEW)
    bench.do("propose_special", "H", stop_kind="hearing", told_days=7)
    bench.do("start_special", "V", stop_kind="auction", told_days=99)
    (stop,) = bench.case.suspensions
    assert (stop.kind, stop.told_days, stop.start) == ("hearing", 7, date(2026, 9, 21))
    bench.later(days=3).do("end_special", "H")
    assert bench.case.suspensions[0].ended == date(2026, 9, 24)


def test_one_extension_only(bench):
    go(bench, *TO_REVIEW)
    assert "工作日数" in refused(bench, "extend", "D", days=16)
    bench.do("extend", "D", days=10)
    assert "只能延长一次" in refused(bench, "extend", "D", days=1)


def test_a_district_item_is_never_decided_by_the_street(bench):
    bench.do("receive", "W", decision_level="district_after_street_review")
    assert "区级决定" in refused(bench, "propose_grant_on_spot", "W")
    go(bench, *TO_DECISION[1:])
    assert "区级决定" in refused(bench, "grant", "D")
    assert "区级决定" in refused(bench, "deny", "D")
    bench.do("return_for_review", "V", role=Role.REVIEWER)
    bench.do("report_up", "V")
    bench.do("register_district_decision", "L", outcome="denied")
    assert bench.case.decision.on == date(2026, 10, 9)
    assert "区级制证" in refused(bench, "certify", "K")
    assert bench.do("forward_district_paper", "L").state is State.READY


def test_a_street_item_is_not_reported_up_nor_forwarded(bench):
    bench.do("receive", "W", decision_level="street")
    go(bench, *TO_REVIEW[1:])
    assert "不用转报" in refused(bench, "report_up", "V")
    go(bench, ("submit_opinion", "H"), ("grant", "D"))
    assert "先制证用印" in refused(bench, "forward_district_paper", "L")


@pytest.mark.parametrize("contacts", [0, 1])
def test_nobody_is_sent_away_before_two_calls(bench, contacts):
    go(bench, *WAYS[State.CORRECTION])
    assert "联系申请人两次" in refused(bench, "terminate_uncorrected", "W", contacts=contacts)


def test_a_new_application_names_the_old_one(bench):
    go(bench, ("reapply", "W"), ("receive", "W"))
    assert bench.case.refers_to == UUID(int=99)
    assert bench.case.state is State.RECEIVED


# Received 21 September, last day 29 September 24:00 in Shanghai.
@pytest.mark.parametrize(
    ("hours", "state"), [(0, State.RECEIVED), (8 * 24 + 14, State.RECEIVED), (8 * 24 + 15, State.ACCEPTED)]
)
def test_silence_accepts(bench, calendar, hours, state):
    go(bench, *TO_REVIEW[:1])
    now = bench.at + timedelta(hours=hours)
    assert state_as_of(bench.case, now, calendar) is state


def test_deemed_acceptance_counts_from_the_receipt_and_changes_nothing_stored(bench, calendar):
    go(bench, *TO_REVIEW[:1])
    seen = as_of(bench.case, bench.at + timedelta(days=30), calendar)
    assert seen.acceptance == Acceptance(mode=Mode.DEEMED, on=date(2026, 9, 21))
    assert bench.case.state is State.RECEIVED


def test_an_answer_in_time_is_never_overtaken(bench, calendar):
    go(bench, *WAYS[State.CORRECTION])
    assert state_as_of(bench.case, bench.at + timedelta(days=90), calendar) is State.CORRECTION


def test_an_act_may_rest_on_a_deemed_acceptance(bench):
    go(bench, *TO_REVIEW[:1])
    assert "不能按责分办" in refused(bench, "dispatch", "W")
    bench.later(days=9)
    bench.do("dispatch", "W", deemed_accepted="2026-09-21")
    assert bench.case.acceptance.mode is Mode.DEEMED
    assert bench.do("take_over", "H").state is State.REVIEWING


@pytest.mark.parametrize(("days", "on"), [(5, "2026-09-21"), (9, "2026-09-20")])
def test_nobody_can_claim_a_deemed_acceptance_that_is_none(bench, days, on):
    go(bench, *TO_REVIEW[:1])
    bench.later(days=days)
    assert "还在答复期内" in refused(bench, "dispatch", "W", deemed_accepted=on)


ALL_KINDS = sorted({*BY_KIND, *BY_PROPOSAL, "note", "material_added", "decline_proposal"})
PEOPLE = "ABCDEF"


class Walk:
    """Random acts by six people, each checked against what the table and the pairs allow."""

    def __init__(self, bench, seed: int) -> None:
        self.bench = bench
        self.chance = random.Random(seed)
        self.duties: dict[str, set[str]] = {who: set() for who in PEOPLE}
        self.states = {bench.case.state}
        self.parted = 0

    def step(self) -> None:
        kind = self.kind()
        who = self.chance.choice(PEOPLE)
        role = self.chance.choice(actors(kind) or tuple(Role))
        if self.chance.random() < 0.05:
            role = self.chance.choice(list(Role))
        level = self.chance.choice(["street", "district_after_street_review"])
        operation = self.bench.operation(kind, who, role=role, decision_level=level)
        before = self.bench.case
        image = msgspec.json.encode(before)
        try:
            after = apply(before, operation)
        except Refusal as refusal:
            self.parted += "受审分离" in refusal.text
        else:
            # The same again is the same: no clock, no chance, nothing shared.
            assert apply(before, operation) == after
            self.check(before, after, who)
            self.bench.case = after
            self.states.add(after.state)
        assert msgspec.json.encode(before) == image

    def kind(self) -> str:
        case = self.bench.case
        if self.chance.random() < 0.15:
            return self.chance.choice(ALL_KINDS)
        if case.proposal is not None:
            return BY_PROPOSAL[case.proposal.kind].kind
        rows = [row for row in TRANSITIONS if case.state in row.sources and not row.derived]
        onward = [row for row in rows if self.chance.random() < 0.1 or not FINAL & set(row.targets)]
        row = self.chance.choice(onward or rows or [BY_KIND["receive"]])
        return row.proposal or row.kind

    def check(self, before, after, who: str) -> None:
        act = after.acts[-1]
        assert after.acts[:-1] == before.acts
        assert after.version == before.version + (act.kind not in ("note", "material_added"))
        if after.state is not before.state:
            row = BY_KIND[act.kind]
            assert before.state in row.sources
            assert after.state in row.targets
            assert act.role in row.actors
            if row.proposal:
                assert before.proposal is not None
                assert before.proposal.author != act.author
        if act.role is not None:
            self.duties[who].add(act.role.value)
            assert not [pair for pair in PARTED if pair <= self.duties[who]]


def walk(bench, seed: int) -> Walk:
    going = Walk(bench, seed)
    for _ in range(60):
        going.step()
    return going


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**64))
def test_no_sequence_breaks_the_table_or_the_separation(new_bench, seed):
    walk(new_bench(), seed)


def test_the_random_walks_come_everywhere(new_bench):
    walks = [walk(new_bench(), seed) for seed in range(150)]
    assert {state for going in walks for state in going.states} == set(State)
    assert sum(going.parted for going in walks) > 100
