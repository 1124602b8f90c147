"""A desk comes in with a one-time ticket, and nobody else does."""

import json
from typing import Any
from uuid import UUID

import psycopg
import pytest
from office import PASSWORD, Office, joining, verifier

HISTORY = {"last_seq": 7, "last_hash": "ab" * 32, "series": 41}


def refused(office: Office, ticket: str, said: dict[str, Any]) -> str | None:
    """SQLSTATE of the answer, whether it comes at once or the second time."""
    with pytest.raises(psycopg.Error) as trouble:
        office.door.twice("SELECT owd.enrol(%s, %s)", ticket, json.dumps(said))
    return trouble.value.sqlstate


@pytest.fixture
def shut_no_door(office: Office):
    """The wrong tickets of one test are not counted into the next."""
    yield
    office.owner("DELETE FROM owd_data.ticket_try")


def test_a_desk_gets_its_login_numbers_and_street(office: Office, street: str) -> None:
    desk = office.desk(street, "1 号窗口", ("window",))
    answer = desk.answer
    assert answer["street"] == street
    assert answer["label"] == "1 号窗口"
    assert answer["scope"] == ["window"]
    assert answer["street_settings"] == {"name": street}
    assert len({answer["series"], *answer["spare_series"]}) == 3
    assert desk("SELECT session_user") == answer["login"]


def test_the_login_has_its_limits(office: Office, street: str) -> None:
    login = office.desk(street, "窗口").login
    found = office.owner.rows(
        "SELECT rolconnlimit, rolconfig, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR"
        " rolbypassrls FROM pg_roles WHERE rolname = %s",
        login,
    )
    assert found == [(4, ["statement_timeout=10s", "idle_in_transaction_session_timeout=5s"], False)]
    groups = office.owner.rows(
        "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
        " JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = %s",
        login,
    )
    assert groups == [("owd_desk",)]


def test_the_street_learns_of_the_enrolment(office: Office, street: str) -> None:
    said = joining()
    answer = office.enrol(office.ticket(street, "窗口"), said)
    (body,) = office.feed(street, "replica")
    assert str(UUID(body["desk"])) == body.pop("desk")
    assert body == {
        "replica": said["replica"],
        "label": "窗口",
        "public_key": said["public_key"],
        "series": answer["series"],
        "closed": False,
    }


def test_series_are_never_given_twice(office: Office, street: str) -> None:
    answers = [office.desk(street, f"窗口 {n}").answer for n in range(4)]
    office.security("SELECT owd_admin.revoke_desk(%s, '窗口 0')", street)
    answers.append(office.desk(street, "窗口 0").answer)
    given = [series for answer in answers for series in (answer["series"], *answer["spare_series"])]
    assert len(given) == len(set(given)) == 15


def test_a_ticket_is_kept_as_a_hash_only(office: Office, street: str) -> None:
    ticket = office.ticket(street, "窗口")
    bare = ticket.replace("-", "")
    assert len(bare) == 24
    for held in office.owner.rows(
        "SELECT t::text FROM owd_data.ticket t UNION SELECT e::text FROM owd_data.event e"
    ):
        assert ticket not in held[0]
        assert bare not in held[0]


def test_a_ticket_may_be_typed_in_small_letters_without_dashes(office: Office, street: str) -> None:
    ticket = office.ticket(street, "窗口")
    assert office.enrol(ticket.replace("-", "").lower(), joining())["street"] == street


@pytest.mark.usefixtures("shut_no_door")
def test_a_ticket_lets_in_one_desk(office: Office, street: str) -> None:
    ticket = office.ticket(street, "窗口")
    office.enrol(ticket, joining())
    assert refused(office, ticket, joining()) == "OW404"


@pytest.mark.usefixtures("shut_no_door")
def test_a_lost_answer_is_given_again_to_the_same_desk_alone(office: Office, street: str) -> None:
    ticket, said = office.ticket(street, "窗口"), joining()
    first = office.enrol(ticket, said)
    assert office.enrol(ticket, said) == first
    assert refused(office, ticket, {**said, "fingerprint": "another machine"}) == "OW404"
    assert refused(office, ticket, {**said, "public_key": "00" * 32}) == "OW404"
    assert len(office.feed(street, "replica")) == 1


def test_a_verifier_made_anew_counts_when_the_answer_was_lost(office: Office, street: str) -> None:
    ticket, said = office.ticket(street, "窗口"), joining()
    office.enrol(ticket, said)
    answer = office.enrol(ticket, {**said, "verifier": verifier("another-password")})
    with psycopg.connect(office.cluster.dsn(answer["login"], "another-password", office.database)):
        pass
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(office.cluster.dsn(answer["login"], PASSWORD, office.database))


@pytest.mark.usefixtures("shut_no_door")
def test_a_desk_that_has_begun_to_work_is_not_let_in_again(office: Office, street: str) -> None:
    ticket, said = office.ticket(street, "窗口"), joining()
    office.enrol(ticket, said)
    office.owner("UPDATE owd_data.replica SET last_seq = 1 WHERE replica = %s", said["replica"])
    assert refused(office, ticket, said) == "OW404"


@pytest.mark.usefixtures("shut_no_door")
def test_a_ticket_ends_after_half_an_hour(office: Office, street: str) -> None:
    ticket = office.ticket(street, "窗口")
    good_for = office.owner("SELECT max(good_until) - now() <= '30 minutes' FROM owd_data.ticket")
    assert good_for is True
    office.owner(
        "UPDATE owd_data.ticket SET good_until = now() - interval '1 second' WHERE street = %s", street
    )
    assert refused(office, ticket, joining()) == "OW404"


@pytest.mark.usefixtures("shut_no_door")
def test_twenty_wrong_tickets_shut_the_door(office: Office, street: str) -> None:
    good = office.ticket(street, "窗口")
    for _ in range(20):
        # Whoever rolls the first call back learns nothing by it and asks again in vain.
        with office.door.line.transaction(force_rollback=True):
            assert office.door("SELECT owd.enrol('WRONG', %s)", json.dumps(joining())) == {"asked": True}
    assert office.owner("SELECT count(*) FROM owd_data.ticket_try") == 0
    for _ in range(20):
        assert refused(office, "WRONG", joining()) == "OW404"
    assert refused(office, good, joining()) == "OW429"
    office.owner("UPDATE owd_data.ticket_try SET at = at - interval '61 minutes'")
    assert office.enrol(good, joining())["street"] == street


@pytest.mark.usefixtures("shut_no_door")
def test_nobody_waits_at_the_door_for_somebody_else(office: Office, street: str) -> None:
    good, dawdler = office.ticket(street, "窗口"), office.enter("owd_enrol")
    for _ in range(3):
        assert refused(office, "WRONG", joining()) == "OW404"
    office.owner("UPDATE owd_data.ticket_try SET at = at - interval '61 minutes'")
    with dawdler.line.transaction(force_rollback=True):
        dawdler("SELECT owd.enrol('WRONG', %s)", json.dumps(joining()))
        office.door("SET statement_timeout = '5s'")
        assert office.enrol(good, joining())["street"] == street


def test_the_answer_comes_only_in_a_later_transaction(office: Office, street: str) -> None:
    ticket, said = office.ticket(street, "窗口"), json.dumps(joining())
    with office.door.line.transaction():
        assert office.door("SELECT owd.enrol(%s, %s)", ticket, said) == {"asked": True}
        assert office.door("SELECT owd.enrol(%s, %s)", ticket, said) == {"asked": True}
    assert office.door("SELECT owd.enrol(%s, %s)", ticket, said)["street"] == street


BAD = {
    "no replica": {"replica": ""},
    "a replica that is no name": {"replica": "window 1"},
    "a short key": {"public_key": "ab"},
    "no fingerprint": {"fingerprint": ""},
    "a password in plain text": {"verifier": "secret"},
    "an MD5 verifier": {"verifier": "md5" + "0" * 32},
    "few iterations": {"verifier": verifier().replace("$4096:", "$1000:")},
    "something after it": {"verifier": verifier() + "'; DROP TABLE owd_data.desk"},
    "a history that is none": {"attach": {"last_seq": "x"}},
    "a history without end": {"attach": {**HISTORY, "street": "100", "last_seq": 0}},
    "a series that is none": {"attach": {**HISTORY, "street": "100", "series": 10000}},
    "a list": {"attach": [1]},
    "more than there is to say": {"fingerprint": "x" * 300},
}


@pytest.mark.parametrize("changed", BAD.values(), ids=BAD.keys())
def test_what_is_malformed_is_refused_at_once(
    office: Office, street: str, changed: dict[str, object]
) -> None:
    ticket = office.ticket(street, "窗口")
    assert refused(office, ticket, {**joining(), **changed}) == "OW422"


@pytest.mark.parametrize("setting", ["standard_conforming_strings = off", "bytea_output = escape"])
def test_the_callers_settings_change_nothing(office: Office, street: str, setting: str) -> None:
    door = office.enter("owd_enrol")
    door(f"SET {setting}")
    ticket = office.ticket(street, "窗口")
    with pytest.raises(psycopg.Error) as trouble:
        door("SELECT owd.enrol(%s, %s)", ticket, json.dumps(joining(verifier="plain")))
    assert trouble.value.sqlstate == "OW422"
    assert door.twice("SELECT owd.enrol(%s, %s)", ticket, json.dumps(joining()))["street"] == street


def test_a_label_is_taken_until_its_desk_is_revoked(office: Office, street: str) -> None:
    early = office.ticket(street, "窗口")
    office.desk(street, "窗口")
    with pytest.raises(psycopg.Error) as trouble:
        office.ticket(street, "窗口")
    assert trouble.value.sqlstate == "OW422"
    assert refused(office, early, joining()) == "OW422"
    office.security("SELECT owd_admin.revoke_desk(%s, '窗口')", street)
    assert office.desk(street, "窗口").answer["label"] == "窗口"


def test_an_attached_store_keeps_its_own_series_when_it_is_free(office: Office, street: str) -> None:
    attach = {**HISTORY, "street": street}
    first = office.desk(street, "窗口 1", attach=attach).answer
    second = office.desk(street, "窗口 2", attach=attach).answer
    assert first["series"] == 41
    assert 41 not in {second["series"], *second["spare_series"], *first["spare_series"]}


def test_an_attached_store_says_where_its_history_ends(office: Office, street: str) -> None:
    desk = office.desk(street, "窗口", attach={**HISTORY, "street": street})
    assert office.owner.rows(
        "SELECT attached_upto, encode(attached_hash, 'hex') FROM owd_data.replica WHERE replica = %s",
        desk.replica,
    ) == [(7, "ab" * 32)]


@pytest.mark.usefixtures("shut_no_door")
def test_a_history_needs_a_ticket_for_one_and_its_own_street(office: Office, street: str) -> None:
    other = office.street()
    assert refused(office, office.ticket(street, "a", kind="attach"), joining()) == "OW404"
    attach = {**HISTORY, "street": street}
    assert refused(office, office.ticket(street, "b"), joining(attach=attach)) == "OW404"
    foreign = joining(attach={**HISTORY, "street": other})
    assert refused(office, office.ticket(street, "c", kind="attach"), foreign) == "OW404"


def test_the_door_opens_nothing_else(office: Office) -> None:
    tried = (
        "SELECT owd.challenge(gen_random_uuid(), gen_random_uuid())",
        "SELECT owd.leave(gen_random_uuid())",
        "SELECT owd_admin.ticket('100', 'x', '{window}', 'new')",
        "SELECT owd_inner.lease('100', gen_random_uuid(), 1, 1)",
        "SELECT count(*) FROM owd_data.ticket",
    )
    for statement in tried:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            office.door(statement)


def test_every_use_of_a_ticket_is_recorded(office: Office, street: str) -> None:
    login = office.desk(street, "窗口").login
    assert ("owd_enrol", None, f"{street} 窗口", "good") in office.events("enrol")
    assert ("owd_enrol", None, f"{street} 窗口", login) in office.events("enrolled")
