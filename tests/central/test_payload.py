"""Personal data goes where it is needed, and every look at a case in full is recorded before it is given."""

import os
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from office import Enrolled, Member, Office

READERS = ("window", "handler", "reviewer", "decider", "issuer", "archivist")
OTHERS = ("guide", "agent", "sealkeeper", "fees", "liaison", "dept", "supervisor")
STATES = (
    "received", "correction", "accepted", "reviewing", "special", "reported_up", "reviewed", "granted",
    "denied", "fee_due", "certified", "ready", "delivered", "archived", "not_required", "withdrawn",
)  # fmt: skip
PURPOSES = ("intake", "review", "decide", "issue", "archive")
# Written down from the permission matrix, rows 4 to 6: who, what for, in which states; those with a
# star only on a case on which they have had this duty.
ALLOWED = {
    ("window*", "intake"): {"received", "correction", "accepted"},
    ("handler*", "review"): {"reviewing", "special", "reported_up", "reviewed"},
    ("reviewer", "review"): {"reviewing", "special", "reported_up", "reviewed"},
    ("decider", "decide"): {"accepted", "reviewing", "special", "reviewed"},
    ("issuer", "issue"): {"certified", "ready"},
    ("archivist", "archive"): {"delivered"},
}
_NUMBERS = count(1)


def lay(
    office: Office,
    street: str,
    state: str = "received",
    duties: tuple[str, ...] = (),
    proposal: str | None = None,
) -> tuple[UUID, UUID]:
    """A case in a state, with one operation; the ids of both."""
    case, op = uuid4(), uuid4()
    office.owner("INSERT INTO owd_data.case_ SELECT b.* FROM owd_inner.blank(%s, %s) b", street, case)
    office.owner(
        "UPDATE owd_data.case_ SET state = %s, version = 1, duties = %s, proposal_kind = %s"
        " WHERE case_id = %s",
        state, list(duties), proposal, case,
    )  # fmt: skip
    lay_operation(office, street, op, case)
    return case, op


def lay_operation(office: Office, street: str, op: UUID, case: UUID | None, *, claims: bool = True) -> None:
    """An operation with the payload `of <op>`."""
    office.owner(
        "INSERT INTO owd_data.operation (replica, seq, street, op_id, claims, case_id, kind, author, prev,"
        " hash, head, payload, desk_signature, person_mac, received_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, 'note', gen_random_uuid(), '', %s, '{}', %s, '', '', now())",
        uuid4(), next(_NUMBERS), street, op, claims, case, os.urandom(32), f"of {op}".encode(),
    )  # fmt: skip


def ask(desk: Enrolled, case: UUID, purpose: str) -> list[tuple[Any, ...]]:
    """One call."""
    return desk.rows("SELECT * FROM owd.payload(%s, %s, %s)", desk.replica, case, purpose)


def look(desk: Enrolled, case: UUID, purpose: str) -> list[tuple[Any, ...]]:
    """The second call's rows; the first says nothing."""
    assert ask(desk, case, purpose) == [(None, None, "asked")]
    return ask(desk, case, purpose)


def status(desk: Enrolled, case: UUID, purpose: str) -> str:
    found: str = look(desk, case, purpose)[0][2]
    return found


@pytest.fixture
def desk(office: Office, street: str) -> Enrolled:
    return office.desk(street, "综合窗口", (*READERS, *OTHERS))


def duty(member: Member, role: str) -> str:
    return f"{member.person_id} {role}"


@pytest.mark.parametrize("role", [*READERS, *OTHERS])
def test_who_sees_what_when_and_what_for(office: Office, desk: Enrolled, street: str, role: str) -> None:
    person = office.member(street, role)
    desk.prove(person)
    for state in STATES:
        strange, _ = lay(office, street, state)
        own, _ = lay(office, street, state, (duty(person, role),))
        for purpose in PURPOSES:
            free = state in ALLOWED.get((role, purpose), set())
            mine = free or state in ALLOWED.get((f"{role}*", purpose), set())
            known = any(key in ALLOWED for key in ((role, purpose), (f"{role}*", purpose)))
            other = "state" if known else "role"
            assert status(desk, strange, purpose) == ("given" if free else other), (state, purpose)
            assert status(desk, own, purpose) == ("given" if mine else other), (state, purpose)


@pytest.mark.parametrize(
    ("role", "purpose", "proposal"),
    [
        ("handler", "review", "propose_grant_on_spot"),
        ("decider", "decide", "propose_grant_on_spot"),
        ("reviewer", "review", "propose_refuse_acceptance"),
    ],
)
def test_the_second_person_sees_what_waits_for_them(
    office: Office, desk: Enrolled, street: str, role: str, purpose: str, proposal: str
) -> None:
    desk.prove(office.member(street, role))
    assert status(desk, lay(office, street, "received", proposal=proposal)[0], purpose) == "given"
    assert status(desk, lay(office, street, "received", proposal="something else")[0], purpose) == "state"


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_an_administrator_sees_no_case(office: Office, desk: Enrolled, street: str, role: str) -> None:
    desk.prove(office.member(street, role))
    case, op = lay(office, street, "received")
    assert {status(desk, case, purpose) for purpose in PURPOSES} == {"role"}
    assert desk.rows("SELECT * FROM owd.payloads(%s, %s)", desk.replica, [op]) == []


def test_nobody_present_sees_nothing(office: Office, desk: Enrolled, street: str) -> None:
    assert status(desk, lay(office, street)[0], "intake") == "presence"


def test_purposes_are_from_a_list(office: Office, desk: Enrolled, street: str) -> None:
    desk.prove(office.member(street, "window"))
    case, _ = lay(office, street)
    assert status(desk, case, "王芳的电话") == "purpose"
    assert office.events("payload")[-1][2:] == (str(case), "purpose")


@pytest.mark.parametrize("purpose", ["", "x" * 41, None])
def test_what_is_no_purpose_is_refused(
    office: Office, desk: Enrolled, street: str, purpose: str | None
) -> None:
    with pytest.raises(psycopg.Error) as trouble:
        desk("SELECT owd.payload(%s, %s, %s)", desk.replica, uuid4(), purpose)
    assert trouble.value.sqlstate == "OW422"


def test_the_desks_scope_counts_too(office: Office, street: str) -> None:
    desk = office.desk(street, "审批桌", ("handler",))
    wang = office.member(street, "window")
    desk.prove(wang)
    assert status(desk, lay(office, street, duties=(duty(wang, "window"),))[0], "intake") == "scope"


def test_another_streets_case_is_like_none(office: Office, desk: Enrolled, street: str) -> None:
    there, _ = lay(office, office.street(), "delivered")
    desk.prove(office.member(street, "archivist"))
    assert status(desk, there, "archive") == status(desk, uuid4(), "archive") == "unknown"


def test_all_payloads_of_the_case_are_given_and_no_other(office: Office, desk: Enrolled, street: str) -> None:
    case, first = lay(office, street, "delivered")
    lay(office, street, "delivered")
    second = uuid4()
    lay_operation(office, street, second, case)
    desk.prove(office.member(street, "archivist"))
    rows = look(desk, case, "archive")
    assert {row[2] for row in rows} == {"given"}
    assert {row[0]: row[1] for row in rows} == {op: f"of {op}".encode() for op in (first, second)}


def test_every_look_is_recorded_before_it_is_given(office: Office, desk: Enrolled, street: str) -> None:
    case, _ = lay(office, street, "delivered")
    person = office.member(street, "archivist")
    desk.prove(person)
    ask(desk, case, "archive")
    assert office.events("payload")[-1] == (desk.login, person.person_id, f"{case} archive", "given")
    before = len(office.events("payload"))
    assert ask(desk, case, "archive")[0][2] == "given"
    assert look(desk, case, "archive")[0][2] == "given"
    assert look(desk, case, "intake")[0][2] == "role"
    assert [event[3] for event in office.events("payload")[before:]] == ["given", "role"]


def test_nobody_looks_and_rolls_the_record_back(office: Office, desk: Enrolled, street: str) -> None:
    case, _ = lay(office, street, "delivered")
    desk.prove(office.member(street, "archivist"))
    before = len(office.events("payload"))
    with desk.line.transaction(force_rollback=True):
        for _ in range(3):
            assert ask(desk, case, "archive") == [(None, None, "asked")]
    assert len(office.events("payload")) == before
    assert ask(desk, case, "archive") == [(None, None, "asked")]


def test_what_was_asked_by_one_person_is_not_given_to_the_next(
    office: Office, desk: Enrolled, street: str
) -> None:
    case, _ = lay(office, street, "delivered")
    desk.prove(office.member(street, "archivist"))
    ask(desk, case, "archive")
    desk.prove(office.member(street, "archivist"))
    assert ask(desk, case, "archive") == [(None, None, "asked")]


def test_what_was_asked_is_given_for_two_minutes(office: Office, desk: Enrolled, street: str) -> None:
    case, _ = lay(office, street, "delivered")
    desk.prove(office.member(street, "archivist"))
    ask(desk, case, "archive")
    office.owner("UPDATE owd_data.asked SET at = at - interval '121 seconds' WHERE what = 'payload'")
    assert ask(desk, case, "archive") == [(None, None, "asked")]


def test_a_case_that_moved_on_is_asked_for_anew(office: Office, desk: Enrolled, street: str) -> None:
    case, _ = lay(office, street, "delivered")
    desk.prove(office.member(street, "archivist"))
    ask(desk, case, "archive")
    office.owner("UPDATE owd_data.case_ SET state = 'archived' WHERE case_id = %s", case)
    assert ask(desk, case, "archive") == [(None, None, "asked")]
    assert ask(desk, case, "archive") == [(None, None, "state")]


def payloads(desk: Enrolled, *ops: UUID) -> dict[UUID, bytes]:
    return dict(desk.rows("SELECT * FROM owd.payloads(%s, %s)", desk.replica, list(ops)))


@pytest.fixture
def three(office: Office, street: str) -> tuple[UUID, UUID, UUID]:
    """Operations: of a case, of the street, of another street."""
    _, of_case = lay(office, street)
    of_street, elsewhere = uuid4(), uuid4()
    lay_operation(office, street, of_street, None)
    lay_operation(office, office.street(), elsewhere, None)
    return of_case, of_street, elsewhere


@pytest.mark.parametrize("role", [*READERS, *OTHERS])
def test_payloads_of_cases_go_to_desks_that_handle_them(
    office: Office, street: str, three: tuple[UUID, UUID, UUID], role: str
) -> None:
    of_case, of_street, _ = three
    expected = {of_case, of_street} if role in READERS else {of_street}
    assert payloads(office.desk(street, "桌", (role,)), *three).keys() == expected


@pytest.mark.parametrize("role", [*READERS, *OTHERS, "system_admin", "audit_admin"])
def test_and_to_people_who_handle_them(
    office: Office, desk: Enrolled, street: str, three: tuple[UUID, UUID, UUID], role: str
) -> None:
    of_case, of_street, _ = three
    desk.prove(office.member(street, role))
    expected = {of_case, of_street} if role in READERS else {of_street}
    assert payloads(desk, *three).keys() == expected


def test_what_never_counted_is_not_given(office: Office, desk: Enrolled, street: str) -> None:
    op = uuid4()
    lay_operation(office, street, op, None, claims=False)
    assert payloads(desk, op) == {}


def test_a_thousand_at_a_time(desk: Enrolled) -> None:
    with pytest.raises(psycopg.Error) as trouble:
        payloads(desk, *[uuid4()] * 1001)
    assert trouble.value.sqlstate == "OW422"
