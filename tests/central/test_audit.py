"""What was recorded stays, whoever asks; and what is refused leaves a trace that no roll-back takes away."""

import psycopg
import pytest
from office import Office


@pytest.fixture
def recorded(office: Office, street: str) -> str:
    office.member(street, "window")
    return street


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE owd_data.event SET outcome = 'nothing'",
        "UPDATE owd_data.event SET outcome = 'nothing' WHERE false",
        "DELETE FROM owd_data.event",
        "TRUNCATE owd_data.event",
    ],
)
@pytest.mark.usefixtures("recorded")
def test_events_are_only_ever_added_even_by_the_owner(office: Office, statement: str) -> None:
    before = office.owner("SELECT count(*) FROM owd_data.event")
    for role in ("postgres", "owd_owner"):
        office.owner(f"SET ROLE {role}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            office.owner(statement)
        office.owner("RESET ROLE")
    assert office.owner("SELECT count(*) FROM owd_data.event") == before


@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE"])
def test_the_functions_have_no_right_to_change_them(office: Office, right: str) -> None:
    assert office.owner("SELECT has_table_privilege('owd_api', 'owd_data.event', %s)", right) is False
    assert office.owner("SELECT has_any_column_privilege('owd_api', 'owd_data.event', 'UPDATE')") is False


def test_an_event_says_who_and_when(office: Office, street: str) -> None:
    desk, wang = office.desk(street, "窗口"), office.member(street, "window")
    desk.prove(wang)
    desk("SELECT owd.leave(%s)", desk.replica)
    ((login, person, subject, outcome),) = office.events("leave")[-1:]
    assert (login, person, subject, outcome) == (desk.login, wang.person_id, str(wang.person_id), "done")
    assert office.owner("SELECT now() - max(at) < '1 minute' FROM owd_data.event")


def test_no_event_names_a_person(office: Office, street: str) -> None:
    office.member(street, "window", name="欧阳修远", login="ouyang")
    for (held,) in office.owner.rows("SELECT e::text FROM owd_data.event e"):
        assert "欧阳" not in held
        assert "ouyang" not in held


def test_a_refusal_is_in_the_servers_log(office: Office) -> None:
    with pytest.raises(psycopg.Error) as trouble:
        office.system("SELECT owd_admin.create_street('1', 'x', '{}')")
    assert trouble.value.diag.message_primary == "malformed argument"
    assert trouble.value.diag.message_detail is None
    lines = office.cluster.log.read_text().splitlines()
    assert any("owd: create_street refused to office_system (OW422)" in line for line in lines)


def test_nobody_reads_the_record_but_the_functions(office: Office, street: str) -> None:
    for caller in (office.system, office.security, office.audit, office.door, office.desk(street, "窗口")):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            caller("SELECT count(*) FROM owd_data.event")


OWN = [
    *("person", "person_secret", "person_try", "person_key", "nonce", "presence", "asked", "operation_proof"),
    *("file", "file_chunk", "ticket", "ticket_try", "event", "salt_seed", "reading_rule", "role_conflict"),
]


@pytest.mark.parametrize("table", OWN)
def test_a_table_is_shut_to_everybody_else(office: Office, table: str) -> None:
    ((owner, secured, forced),) = office.owner.rows(
        "SELECT relowner::regrole::text, relrowsecurity, relforcerowsecurity FROM pg_class"
        " WHERE oid = %s::regclass",
        f"owd_data.{table}",
    )
    assert (owner, secured, forced) == ("owd_owner", True, True)
    granted = office.owner.rows(
        "SELECT DISTINCT grantee::regrole::text FROM pg_class, aclexplode(relacl) WHERE oid = %s::regclass",
        f"owd_data.{table}",
    )
    assert {name for (name,) in granted} <= {"owd_owner", "owd_api"}
    columns = office.owner.rows(
        "SELECT DISTINCT grantee::regrole::text FROM pg_attribute, aclexplode(attacl)"
        " WHERE attrelid = %s::regclass",
        f"owd_data.{table}",
    )
    assert {name for (name,) in columns} <= {"owd_api"}


def test_the_owner_of_the_tables_sees_no_row(office: Office, street: str) -> None:
    office.member(street)
    with office.owner.line.transaction(force_rollback=True):
        office.owner("SET LOCAL ROLE owd_owner")
        assert office.owner("SELECT count(*) FROM owd_data.person") == 0
