"""What administrators do: each duty its own, nothing on oneself, no roles that exclude each other."""

import json
import os
from itertools import combinations
from uuid import uuid4

import psycopg
import pytest
from office import PASSWORD, Caller, Member, Office, joining

from onewindow_desk.domain.people import Role, conflicts

TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
CALLS = {
    "create_street": "SELECT owd_admin.create_street('100', 'x', '{}')",
    "create_person": "SELECT owd_admin.create_person('100', '{}', '', 1, 1, 1, '')",
    "ticket": "SELECT owd_admin.ticket('100', 'x', '{window}', 'new')",
    "durable": "SELECT owd_admin.durable(now())",
    "grant_roles": "SELECT owd_admin.grant_roles('100', gen_random_uuid(), '{}', '2020-01-01')",
    "set_active": "SELECT owd_admin.set_active('100', gen_random_uuid(), true)",
    "reset_secret": "SELECT owd_admin.reset_secret('100', gen_random_uuid(), '', 1, 1, 1, '')",
    "relax_conflicts": "SELECT owd_admin.relax_conflicts('100', '[]', '2020-01-01')",
    "let_issuer_seal": "SELECT owd_admin.let_issuer_seal('100', NULL)",
    "revoke_desk": "SELECT owd_admin.revoke_desk('100', 'x')",
    "status": "SELECT owd_admin.status('100')",
}
SYSTEM = {"create_street", "create_person", "ticket", "durable", "status"}
SECURITY = {"grant_roles", "set_active", "reset_secret", "relax_conflicts", "let_issuer_seal", "revoke_desk"}
AUDIT = {"status"}


def state(caller: Caller, statement: str, *values: object) -> str | None:
    """SQLSTATE of what was refused."""
    with pytest.raises(psycopg.Error) as trouble:
        caller(statement, *values)
    return trouble.value.sqlstate


def may(caller: Caller, call: str) -> bool:
    """Whether the caller has the right at all: what is refused otherwise has another reason."""
    try:
        with caller.line.transaction(force_rollback=True):
            caller(CALLS[call])
    except psycopg.Error as trouble:
        return trouble.sqlstate not in {"42501", "OW403"}
    return True


def granting(office: Office, member: Member, roles: list[str], until: str = f"{TODAY} + 1") -> str | None:
    """SQLSTATE of a grant that is refused, None of one that is not."""
    try:
        office.security(
            f"SELECT owd_admin.grant_roles(%s, %s, %s, {until})",
            member.street, member.person_id, roles,
        )  # fmt: skip
    except psycopg.Error as trouble:
        return trouble.sqlstate
    return None


@pytest.mark.parametrize("call", CALLS)
def test_each_duty_has_its_own_people(office: Office, call: str) -> None:
    assert may(office.system, call) == (call in SYSTEM)
    assert may(office.security, call) == (call in SECURITY)
    assert may(office.audit, call) == (call in AUDIT)


@pytest.mark.parametrize("call", CALLS)
def test_neither_owner_nor_desk_nor_door_has_a_duty(office: Office, street: str, call: str) -> None:
    assert not may(office.owner, call)
    assert not may(office.desk(street, "窗口"), call)
    assert not may(office.door, call)


@pytest.fixture(params=["owd_secadmin", "owd_auditor"])
def two_duties(office: Office, request: pytest.FixtureRequest) -> Caller:
    """Somebody who was given two of the three duties."""
    name = f"both_{uuid4().hex[:8]}"
    office.cluster.sql(
        f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}' IN ROLE owd_sysadmin, {request.param}"
    )
    return office.enter(name)


@pytest.mark.parametrize("call", CALLS)
def test_who_holds_two_duties_holds_none(two_duties: Caller, call: str) -> None:
    assert not may(two_duties, call)


def test_a_street_is_made_once(office: Office, street: str) -> None:
    assert office.owner("SELECT head FROM owd_data.street WHERE street = %s", street) == 0
    again = "SELECT owd_admin.create_street(%s, '某街道', '{}')"
    assert state(office.system, again, street) == "OW422"
    assert office.events("create_street")[-1] == ("office_system", None, street, "done")


@pytest.mark.parametrize(
    ("code", "name", "settings"),
    [
        ("12", "某街道", "{}"),
        ("abc", "某街道", "{}"),
        (None, "某街道", "{}"),
        ("998", "", "{}"),
        ("998", " 某街道", "{}"),
        ("998", "某\u0000街道".replace("\u0000", "\u0001"), "{}"),
        ("998", "某街道", "[]"),
        ("998", "某街道", None),
        ("998", "某街道", '{"issuer_may_seal": {"until": "2099-01-01"}}'),
        ("998", "某街道", '{"relaxed_conflicts": {"until": "2099-01-01", "pairs": [["window", "handler"]]}}'),
    ],
)
def test_what_is_no_street_is_refused(
    office: Office, code: str | None, name: str, settings: str | None
) -> None:
    call = "SELECT owd_admin.create_street(%s, %s, %s::jsonb)"
    assert state(office.system, call, code, name, settings) == "OW422"


def test_a_new_person_has_no_role_and_a_last_day(office: Office, street: str) -> None:
    wang = office.member(street)
    ((roles, active, lasts),) = office.owner.rows(
        f"SELECT roles, active, until = ({TODAY} + interval '1 year')::date FROM owd_data.person"
        " WHERE person_id = %s",
        wang.person_id,
    )
    assert (roles, active, lasts) == ([], True, True)
    (body,) = office.feed(street, "person")
    assert body["person_id"] == str(wang.person_id)
    assert (body["name"], body["roles"], body["active"]) == ("王芳", [], True)
    assert not {"account", "salt", "stored_key"} & body.keys()


def test_logins_are_unique_in_a_street(office: Office, street: str) -> None:
    office.member(street, login="wangfang")
    with pytest.raises(psycopg.Error) as trouble:
        office.member(street, login="WangFang")
    assert trouble.value.sqlstate == "OW422"
    assert trouble.value.diag.message_detail is None
    elsewhere = office.street()
    office.member(elsewhere, login="wangfang")


@pytest.mark.parametrize(
    "said",
    [
        {"person_id": "1"},
        {"person_id": None},
        {"login": ""},
        {"name": None},
        {"name": "王\u202e芳".replace("\u202e", "\n")},
        {"until": "2026-02-30"},
        {"until": "soon"},
        {"until": "2099-01-01"},
        {"until": "2001-01-01"},
        {"until": None},
    ],
)
def test_what_is_no_person_is_refused(office: Office, street: str, said: dict[str, object]) -> None:
    with pytest.raises(psycopg.Error) as trouble:
        office.member(street, **said)
    assert trouble.value.sqlstate == "OW422"


def test_a_grant_replaces_the_roles_and_is_told(office: Office, street: str) -> None:
    wang = office.member(street, "window")
    office.grant(wang, "issuer", "window", "issuer")
    assert office.feed(street, "person")[-1]["roles"] == ["issuer", "window"]
    assert granting(office, wang, []) is None
    assert office.feed(street, "person")[-1]["roles"] == []
    assert office.events("grant_roles")[-1] == ("office_security", None, str(wang.person_id), "")


def test_an_account_lasts_a_year_at_most(office: Office, street: str) -> None:
    wang = office.member(street)
    assert granting(office, wang, ["window"], f"({TODAY} + interval '1 year')::date") is None
    assert granting(office, wang, ["window"], f"({TODAY} + interval '1 year')::date + 1") == "OW422"
    assert granting(office, wang, ["window"], f"{TODAY} - 1") == "OW422"
    assert granting(office, wang, ["window"], "NULL") == "OW422"


def test_roles_are_from_the_list(office: Office, street: str) -> None:
    wang = office.member(street)
    assert granting(office, wang, ["mayor"]) == "OW422"
    for role in Role:
        assert granting(office, wang, [role]) is None, role


def test_the_same_roles_exclude_each_other_as_at_the_desk(office: Office, street: str) -> None:
    wang = office.member(street)
    for pair in combinations(Role, 2):
        expected = "OW403" if conflicts(frozenset(pair)) else None
        assert granting(office, wang, list(pair)) == expected, pair


@pytest.fixture
def relaxed(office: Office, street: str) -> str:
    pairs = json.dumps([["window", "handler"]])
    office.security(f"SELECT owd_admin.relax_conflicts(%s, %s, {TODAY} + 10)", street, pairs)
    return street


def test_a_small_street_relaxes_a_pair_until_a_day(office: Office, relaxed: str) -> None:
    wang = office.member(relaxed)
    assert granting(office, wang, ["window", "handler"]) is None
    assert granting(office, wang, ["window", "reviewer"]) == "OW403"
    office.owner(
        "UPDATE owd_data.street SET settings ="
        " jsonb_set(settings, '{relaxed_conflicts,until}', '\"2026-01-01\"') WHERE street = %s",
        relaxed,
    )
    assert granting(office, wang, ["window", "handler"]) == "OW403"


def test_how_days_are_written_changes_no_day(office: Office, relaxed: str) -> None:
    security = office.enter("office_security")
    security("SET DateStyle = 'SQL, DMY'")
    wang = office.member(relaxed)
    security(
        f"SELECT owd_admin.grant_roles(%s, %s, '{{window,handler}}', {TODAY} + 1)",
        relaxed, wang.person_id,
    )  # fmt: skip
    assert "until" in office.feed(relaxed, "person")[-1]


@pytest.mark.parametrize(
    "pairs",
    ['[["system_admin", "window"]]', '[["window"]]', '["window"]', "{}", '[["window", "issuer"]]', None],
)
def test_nothing_else_is_relaxed(office: Office, street: str, pairs: str | None) -> None:
    call = f"SELECT owd_admin.relax_conflicts(%s, %s::jsonb, {TODAY} + 10)"
    assert state(office.security, call, street, pairs) == "OW422"


def test_the_issuer_may_seal_until_a_day(office: Office, street: str) -> None:
    call = "SELECT owd_admin.let_issuer_seal(%s, {})".format
    office.security(call(f"{TODAY} + 10"), street)
    held = "SELECT settings -> 'issuer_may_seal' = jsonb_build_object('until', {}) FROM owd_data.street"
    assert office.owner(f"{held.format(f'{TODAY} + 10')} WHERE street = %s", street) is True
    assert office.events("let_issuer_seal")[-1][2] == street
    office.security(call("NULL"), street)
    assert (
        office.owner("SELECT settings ? 'issuer_may_seal' FROM owd_data.street WHERE street = %s", street)
        is False
    )
    assert state(office.security, call(f"{TODAY} + 400"), street) == "OW422"
    assert state(office.security, call("NULL"), "999") == "OW404"


def on_member(office: Office, call: str, member: Member, street: str | None = None) -> str | None:
    """SQLSTATE of a call on a person's account, None when it goes through."""
    secret = (os.urandom(16), 65536, 3, 4, bytes(32))
    said: dict[str, tuple[str, tuple[object, ...]]] = {
        "grant_roles": (f"SELECT owd_admin.grant_roles(%s, %s, '{{}}', {TODAY} + 1)", ()),
        "set_active": ("SELECT owd_admin.set_active(%s, %s, false)", ()),
        "reset_secret": ("SELECT owd_admin.reset_secret(%s, %s, %s, %s, %s, %s, %s)", secret),
    }
    statement, more = said[call]
    try:
        office.security(statement, street or member.street, member.person_id, *more)
    except psycopg.Error as trouble:
        return trouble.sqlstate
    return None


@pytest.mark.parametrize("call", ["grant_roles", "set_active", "reset_secret"])
def test_nobody_changes_their_own_account(office: Office, street: str, call: str) -> None:
    assert on_member(office, call, office.member(street, account="office_security")) == "OW403"
    assert on_member(office, call, office.member(street, login="office_security")) == "OW403"
    assert on_member(office, call, office.member(street, account="office_system")) is None


@pytest.mark.parametrize("call", ["grant_roles", "set_active", "reset_secret"])
def test_a_person_is_of_one_street(office: Office, street: str, call: str) -> None:
    other = office.street()
    assert on_member(office, call, office.member(street), other) == "OW404"


def test_an_ended_account_is_told_and_taken_up_again(office: Office, street: str) -> None:
    wang = office.member(street, "window")
    for active in (False, True):
        office.security("SELECT owd_admin.set_active(%s, %s, %s)", street, wang.person_id, active)
        assert office.feed(street, "person")[-1]["active"] is active


def test_a_reset_unlocks_and_ends_presence(office: Office, street: str) -> None:
    desk, wang = office.desk(street, "窗口"), office.member(street, "window")
    desk.prove(wang)
    office.owner(
        "INSERT INTO owd_data.person_try VALUES (%s, %s, 5, now() + interval '1 hour')"
        " ON CONFLICT (street, person_id) DO UPDATE SET tries = 5, locked_until = excluded.locked_until",
        street, wang.person_id,
    )  # fmt: skip
    fresh = Member(wang.person_id, street)
    office.security(
        "SELECT owd_admin.reset_secret(%s, %s, %s, 65536, 3, 4, %s)",
        street, wang.person_id, os.urandom(16), fresh.stored,
    )  # fmt: skip
    assert office.owner("SELECT count(*) FROM owd_data.presence WHERE person_id = %s", wang.person_id) == 0
    assert desk.prove(fresh)["roles"] == ["window"]


def test_a_ticket_is_for_a_street_a_label_and_roles(office: Office, street: str) -> None:
    call = "SELECT owd_admin.ticket(%s, %s, %s, %s)"
    assert state(office.system, call, "999", "窗口", ["window"], "new") == "OW404"
    for label, scope, kind in [
        ("", ["window"], "new"),
        ("窗口", [], "new"),
        ("窗口", ["mayor"], "new"),
        ("窗口", None, "new"),
        ("窗口", ["window"], "old"),
        ("窗口", ["window"], None),
    ]:
        assert state(office.system, call, street, label, scope, kind) == "OW422"
    tickets = {office.ticket(street, "窗口") for _ in range(20)}
    assert len(tickets) == 20


def test_a_revoked_desk_is_out_at_once(office: Office, street: str) -> None:
    desk = office.desk(street, "窗口")
    asleep = desk.again()
    assert office.security("SELECT owd_admin.revoke_desk(%s, '窗口')", street) >= 0
    for line in (desk, asleep):
        with pytest.raises(psycopg.OperationalError):
            line("SELECT owd.head(%s)", desk.replica)
        line.line.close()
    with pytest.raises(psycopg.OperationalError):
        desk.again()
    assert office.feed(street, "replica")[-1]["closed"] is True
    assert office.system("SELECT owd_admin.status(%s)", street)["desks"][0]["revoked_at"]
    assert office.events("revoke_desk")[-1] == ("office_security", None, f"{street} 窗口", desk.login)


def test_a_session_that_slipped_in_finds_everything_shut(office: Office, street: str) -> None:
    desk = office.desk(street, "窗口")
    office.owner("UPDATE owd_data.desk SET revoked_at = now() WHERE login = %s", desk.login)
    for call in ("head", "leave"):
        assert state(desk, f"SELECT owd.{call}(%s)", desk.replica) == "OW401"


def test_revoking_again_ends_what_is_left(office: Office, street: str) -> None:
    office.desk(street, "窗口")
    office.security("SELECT owd_admin.revoke_desk(%s, '窗口')", street)
    rows = len(office.feed(street, "replica"))
    office.security("SELECT owd_admin.revoke_desk(%s, '窗口')", street)
    assert len(office.feed(street, "replica")) == rows
    assert state(office.security, "SELECT owd_admin.revoke_desk(%s, '没有的窗口')", street) == "OW404"


def test_revoking_one_desk_leaves_the_others(office: Office, street: str) -> None:
    desk, other = office.desk(street, "窗口 1"), office.desk(street, "窗口 2")
    office.security("SELECT owd_admin.revoke_desk(%s, '窗口 1')", street)
    assert other.rows("SELECT * FROM owd.head(%s)", other.replica)
    desk.line.close()


def test_the_status_tells_numbers_and_no_people(office: Office, street: str) -> None:
    office.member(street, "window", name="欧阳修远", login="ouyang")
    desk = office.desk(street, "窗口")
    office.ticket(street, "别的窗口")
    for caller in (office.system, office.audit):
        told = caller("SELECT owd_admin.status(%s)", street)
        assert (told["street"], told["people"], told["open_tickets"]) == (street, 1, 1)
        assert told["head"] == 3
        (shown,) = told["desks"]
        assert (shown["label"], shown["connections"], shown["revoked_at"]) == ("窗口", 1, None)
        assert shown["replicas"][0]["replica"] == str(desk.replica)
        assert "欧阳修远" not in json.dumps(told, ensure_ascii=False)
        assert "ouyang" not in json.dumps(told)
    assert state(office.audit, "SELECT owd_admin.status('999')") == "OW404"


def test_a_backup_covers_what_is_past(office: Office) -> None:
    office.system("SELECT owd_admin.durable('2026-01-01T00:00:00Z')")
    assert office.owner("SELECT durable_before = '2026-01-01T00:00:00Z' FROM owd_data.central")
    assert state(office.system, "SELECT owd_admin.durable(now() + interval '1 minute')") == "OW422"
    assert state(office.system, "SELECT owd_admin.durable(NULL)") == "OW422"


def test_who_makes_logins_reads_no_table(office: Office) -> None:
    for role in ("owd_useradm", "owd_watch"):
        held = office.owner(
            "SELECT count(*) FROM pg_class c"
            " WHERE c.relnamespace = 'owd_data'::regnamespace AND c.relkind = 'r' AND"
            " has_any_column_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')",
            role,
        )
        assert held == 0, role


def test_only_desks_logins_are_made_or_ended(office: Office) -> None:
    secret = joining()["verifier"]
    for statement, values in [
        ("SELECT owd_inner.make_login('postgres2', %s)", (secret,)),
        ("SELECT owd_inner.make_login('owd_d_' || repeat('a', 32), 'plain')", ()),
        ("SELECT owd_inner.make_login(NULL, NULL)", ()),
        ("SELECT owd_inner.change_verifier('postgres', %s)", (secret,)),
        ("SELECT owd_inner.end_login('office_audit')", ()),
        ("SELECT owd_inner.end_sessions('office_audit')", ()),
    ]:
        assert state(office.owner, statement, *values) == "OW422", statement
