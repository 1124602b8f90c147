"""The table against a second statement of it, written from the list of transitions."""

import pytest

from onewindow_desk.domain import lifecycle
from onewindow_desk.domain.lifecycle import (
    ADDITIVE,
    BY_KIND,
    BY_PROPOSAL,
    GUARD_TEXTS,
    STREET_KINDS,
    TRANSITIONS,
    actors,
    person_allowed,
)
from onewindow_desk.domain.people import Role, conflicts
from onewindow_desk.domain.separation import SEPARATED, clash, separated
from onewindow_desk.domain.states import FINAL, STATE_NAMES, State

# id, from, to, actors of the act, actors of the proposal, may be done offline
EXPECTED = """
T01 draft                      received             window              -          yes
T02 received                   received             window              -          yes
T03 received                   not_required         window              -          yes
T04 received                   not_accepted         reviewer            window     no
T05 received                   correction           window              -          yes
T36 correction                 correction           supervisor          window     no
T06 correction                 accepted             window              -          yes
T07 correction                 terminated           window              -          no
T08 received                   accepted             window              -          yes
T09 received                   accepted             window              -          yes
T10 received                   accepted             window              -          yes
T11 received                   accepted             -                   -          yes
T12 received                   granted              handler,decider     window     no
T13 accepted                   reviewing            handler             window     no
T14 reviewing                  accepted             handler             -          no
T15 reviewing                  reviewing            handler,dept        handler    yes
T16 reviewing                  reviewing            handler             -          no
T17 reviewing                  special              reviewer            handler    no
T18 special                    reviewing            handler             -          no
T19 reviewing                  reviewing            decider             -          no
T20 reviewing                  reported_up          reviewer            -          no
T21 reported_up                granted,denied       liaison             -          no
T22 reviewing                  reviewed             handler             -          no
T23 reviewed                   reviewing            reviewer,decider    -          no
T24 reviewed                   granted              decider             -          no
T25 reviewed                   denied               decider             -          no
T26 granted                    fee_due              fees                -          no
T27 fee_due                    certified            sealkeeper          fees       no
T28 granted,denied             certified            sealkeeper          -          no
T29 certified                  ready                issuer              sealkeeper no
T30 ready                      delivered            issuer              -          yes
T31 delivered                  archived             archivist           -          no
T32 received,correction,accepted,reviewing,special,reviewed withdrawn window - no
T33 accepted,reviewing         denied               decider             -          no
T34 -                          draft                window              -          yes
T35 granted,denied             ready                liaison             -          no
"""


def shown(values) -> str:
    return ",".join(values) or "-"


def test_all_thirty_six_rows_as_listed():
    listed = sorted(line.split() for line in EXPECTED.strip().splitlines())
    table = sorted(
        [
            row.id,
            shown(row.sources),
            shown(row.targets),
            shown(row.actors),
            shown(row.proposers),
            "yes" if row.offline else "no",
        ]
        for row in TRANSITIONS
    )
    assert table == listed
    assert len(table) == 36


def test_what_needs_the_authority_names_the_version_it_was_decided_on():
    assert [row.id for row in TRANSITIONS if row.needs_base == row.offline] == []


def test_the_papers_that_need_the_acceptance_seal():
    assert {row.id for row in TRANSITIONS if row.needs_seal} == {"T03", "T05", "T06", "T08", "T09", "T10"}


def test_only_deemed_acceptance_is_derived():
    assert [row.id for row in TRANSITIONS if row.derived] == ["T11"]


def test_no_kind_means_two_things():
    kinds = [*BY_KIND, *BY_PROPOSAL, *ADDITIVE, *STREET_KINDS, lifecycle.DECLINE]
    assert len(kinds) == len(set(kinds))
    assert all(kind == kind.lower() and " " not in kind for kind in kinds)


def test_every_guard_says_what_to_do_and_every_text_is_used():
    used = {guard for row in TRANSITIONS for guard in (*row.guards, *row.proposal_guards)}
    assert used == set(GUARD_TEXTS)
    assert all("请" in text and text.endswith("。") for text in GUARD_TEXTS.values())


def test_every_state_has_a_name_and_is_reached():
    assert set(STATE_NAMES) == set(State)
    reached = {state for row in TRANSITIONS for state in row.targets}
    assert reached == set(State)


def test_nothing_leaves_a_final_state():
    assert [row.id for row in TRANSITIONS if FINAL & set(row.sources)] == []
    left = {state for row in TRANSITIONS for state in row.sources}
    assert left == set(State) - FINAL


def test_every_state_leads_to_an_end():
    leads = {state: {t for r in TRANSITIONS if state in r.sources for t in r.targets} for state in State}
    ending = set(FINAL)
    while more := {state for state in State if leads[state] & ending} - ending:
        ending |= more
    assert ending == set(State)


def test_every_row_names_its_basis_and_no_administrator_touches_a_case():
    administrators = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
    assert all(row.basis for row in TRANSITIONS)
    assert all(not administrators & {*row.actors, *row.proposers} for row in TRANSITIONS)
    assert all(not administrators & set(roles) for roles in ADDITIVE.values())


@pytest.mark.parametrize(
    ("roles", "kind", "may"),
    [
        ([Role.WINDOW], "receive", True),
        ([Role.GUIDE, Role.AGENT], "receive", False),
        ([Role.WINDOW], "propose_refuse_acceptance", True),
        ([Role.WINDOW], "refuse_acceptance", False),
        ([Role.REVIEWER], "refuse_acceptance", True),
        ([Role.SYSTEM_ADMIN], "receive", False),
        ([Role.SYSTEM_ADMIN], "person_added", True),
        ([Role.WINDOW], "person_added", False),
        ([Role.ISSUER], "paper_sent", True),
        ([Role.WINDOW], "deemed_acceptance", False),
        (list(Role), "no_such_kind", False),
        ([Role.REVIEWER], "decline_proposal", True),
    ],
)
def test_who_may_do_what(person, roles, kind, may):
    assert person_allowed(person("A", *roles), kind) is may


def test_nobody_inactive_may_do_anything(person):
    assert not person_allowed(person("A", Role.WINDOW, active=False), "receive")


def test_actors_of_a_proposal_and_of_its_confirmation():
    assert actors("propose_special") == (Role.HANDLER,)
    assert actors("start_special") == (Role.REVIEWER,)


W, H, V, D, K, I = Role.WINDOW, Role.HANDLER, Role.REVIEWER, Role.DECIDER, Role.SEALKEEPER, Role.ISSUER  # noqa: E741
# window; handler; sealkeeper; issuer, each with those it is parted from
PARTED = {W: {H, V, D, K}, H: {W, V, D}, V: {W, H, K, I}, D: {W, H, K, I}, K: {W, V, D, I}, I: {V, D, K}}


@pytest.mark.parametrize("one", list(Role))
@pytest.mark.parametrize("other", list(Role))
def test_the_hard_pairs_and_no_others(one, other):
    assert separated(one, other) == (other in PARTED.get(one, set()))
    relaxed = {one, other} != {I, K} and separated(one, other)
    assert separated(one, other, relaxed=True) == relaxed


def test_reviewer_and_decider_may_be_one_person():
    assert clash(Role.DECIDER, frozenset({Role.REVIEWER})) is None
    assert clash(Role.ISSUER, frozenset({Role.WINDOW})) is None
    assert clash(Role.HANDLER, frozenset({Role.WINDOW})) is Role.WINDOW
    assert len(SEPARATED) == 11


@pytest.mark.parametrize(
    ("roles", "pairs"),
    [
        ({W}, 0),
        ({W, I}, 0),
        ({H, V}, 0),
        ({V, D}, 0),
        ({W, H}, 1),
        ({W, H, K}, 3),
        ({H, Role.FEES}, 1),
        ({K, I}, 0),
        ({Role.SYSTEM_ADMIN}, 0),
        ({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}, 1),
        ({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}, 3),
        ({Role.SYSTEM_ADMIN, Role.GUIDE}, 1),
        (set(), 0),
    ],
)
def test_conflicting_roles_on_one_account(roles, pairs):
    assert len(conflicts(frozenset(roles))) == pairs
