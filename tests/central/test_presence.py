"""Who is present on a connection: proven once, for this connection, as long as the account stands."""

import os
from uuid import uuid4

import psycopg
import pytest
from office import Enrolled, Member, Office, act, chain_end, received

KEY, KEY_ID = b"k" * 32, "ab" * 8


@pytest.fixture
def desk(office: Office, street: str) -> Enrolled:
    return office.desk(street, "窗口", ("window", "handler", "decider"))


@pytest.fixture
def wang(office: Office, street: str) -> Member:
    return office.member(street, "window")


def state_of(trouble: pytest.ExceptionInfo[psycopg.Error]) -> str | None:
    return trouble.value.sqlstate


def wrong(desk: Enrolled, member: Member, proof: bytes | None = None) -> str | None:
    """SQLSTATE of an attempt that is not let in."""
    try:
        proof = proof or bytes(a ^ 1 for a in desk.proof(member))
        assert desk.offer(member.person_id, proof) == {"asked": True}
        with pytest.raises(psycopg.Error) as trouble:
            desk.offer(member.person_id, proof)
    except psycopg.Error as early:
        return early.sqlstate
    return state_of(trouble)


def who(office: Office, desk: Enrolled) -> object:
    """The person that the central takes for present on the desk's connection, as its functions see it."""
    (row,) = office.owner.rows(
        "SELECT (SELECT person_id FROM owd_data.presence WHERE pid = %s AND started ="
        " (SELECT backend_start FROM pg_stat_activity WHERE pid = %s))",
        desk.line.info.backend_pid, desk.line.info.backend_pid,
    )  # fmt: skip
    return row[0]


def is_present(desk: Enrolled) -> bool:
    """Whether somebody is: only then an unknown case is told from no presence."""
    desk.rows("SELECT * FROM owd.payload(%s, %s, 'intake')", desk.replica, case := uuid4())
    ((_, _, status),) = desk.rows("SELECT * FROM owd.payload(%s, %s, 'intake')", desk.replica, case)
    assert status != "asked"
    return bool(status != "presence")


def test_the_password_proves_the_person(office: Office, desk: Enrolled, wang: Member) -> None:
    assert not is_present(desk)
    proven = desk.prove(wang)
    assert proven["person"]["person_id"] == str(wang.person_id)
    assert proven["person"]["name"] == "王芳"
    assert proven["roles"] == proven["person"]["roles"] == ["window"]
    assert is_present(desk)
    assert office.owner(
        "SELECT until - now() BETWEEN '11:59' AND '12:00' FROM owd_data.presence WHERE person_id = %s",
        wang.person_id,
    )


def test_presence_is_of_one_connection(desk: Enrolled, wang: Member) -> None:
    desk.prove(wang)
    other = desk.again()
    try:
        assert not is_present(other)
    finally:
        other.line.close()


def test_a_pid_used_again_is_nobody(office: Office, desk: Enrolled, wang: Member) -> None:
    desk.prove(wang)
    office.owner(
        "UPDATE owd_data.presence SET started = started - interval '1 hour' WHERE person_id = %s",
        wang.person_id,
    )
    assert not is_present(desk)


def test_presence_ends(office: Office, desk: Enrolled, wang: Member) -> None:
    desk.prove(wang)
    office.owner("UPDATE owd_data.presence SET until = now() WHERE person_id = %s", wang.person_id)
    assert not is_present(desk)


def test_leaving_ends_it(office: Office, desk: Enrolled, wang: Member) -> None:
    desk.prove(wang)
    desk("SELECT owd.leave(%s)", desk.replica)
    assert not is_present(desk)
    assert office.events("leave")[-1][1] == wang.person_id


def test_another_person_takes_the_place(office: Office, desk: Enrolled, street: str, wang: Member) -> None:
    li = office.member(street, "decider")
    desk.prove(wang)
    desk.prove(li)
    assert who(office, desk) == li.person_id


def test_who_is_ended_is_present_nowhere(office: Office, desk: Enrolled, wang: Member) -> None:
    desk.prove(wang)
    office.security("SELECT owd_admin.set_active(%s, %s, false)", wang.street, wang.person_id)
    assert not is_present(desk)
    assert wrong(desk, wang, desk.proof(wang)) == "OW403"


def test_the_account_ends_with_its_last_day(office: Office, desk: Enrolled, wang: Member) -> None:
    desk.prove(wang)
    today = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
    office.owner(f"UPDATE owd_data.person SET until = {today} WHERE person_id = %s", wang.person_id)
    assert is_present(desk)
    desk("SET TimeZone = 'Pacific/Kiritimati'")
    office.owner(f"UPDATE owd_data.person SET until = {today} - 1 WHERE person_id = %s", wang.person_id)
    assert not is_present(desk)
    desk("SET TimeZone = 'Etc/GMT+12'")
    assert not is_present(desk)


def test_an_old_picture_of_the_tables_shows_nobody(desk: Enrolled, wang: Member) -> None:
    desk.prove(wang)
    desk("SET default_transaction_isolation = 'repeatable read'")
    with pytest.raises(psycopg.Error) as trouble:
        is_present(desk)
    assert state_of(trouble) == "OW422"


def test_a_wrong_password_is_refused(desk: Enrolled, wang: Member) -> None:
    assert wrong(desk, wang) == "OW403"
    assert not is_present(desk)


def test_a_proof_is_good_for_its_own_replica_and_person(
    office: Office, desk: Enrolled, street: str, wang: Member
) -> None:
    other = office.desk(street, "别的窗口")
    li = Member(office.member(street).person_id, street, key=wang.key)
    nonce = bytes.fromhex(desk.challenge(wang.person_id)["nonce"])
    assert wrong(desk, wang, wang.proof(nonce, other.replica)) == "OW403"
    nonce = bytes.fromhex(desk.challenge(wang.person_id)["nonce"])
    assert wrong(desk, wang, li.proof(nonce, desk.replica)) == "OW403"


def test_a_nonce_is_good_once_and_on_its_own_connection(office: Office, desk: Enrolled, wang: Member) -> None:
    proof = desk.proof(wang)
    other = desk.again()
    try:
        assert wrong(other, wang, proof) == "OW403"
    finally:
        other.line.close()
    assert desk.offer(wang.person_id, proof) == {"asked": True}
    assert desk.offer(wang.person_id, proof)["roles"] == ["window"]
    desk("SELECT owd.leave(%s)", desk.replica)
    assert wrong(desk, wang, proof) == "OW403"
    assert wrong(desk, wang, wang.proof(bytes(32), desk.replica)) == "OW403"


def test_a_nonce_does_not_last(office: Office, desk: Enrolled, wang: Member) -> None:
    proof = desk.proof(wang)
    office.owner(
        "UPDATE owd_data.nonce SET at = at - interval '3 minutes' WHERE person_id = %s", wang.person_id
    )
    assert wrong(desk, wang, proof) == "OW403"


def test_five_wrong_tries_lock_for_a_quarter_of_an_hour(office: Office, desk: Enrolled, wang: Member) -> None:
    assert [wrong(desk, wang) for _ in range(6)] == ["OW403"] * 5 + ["OW429"]
    assert wrong(desk, wang, desk.proof(wang)) == "OW429"
    assert office.owner(
        "SELECT locked_until - now() BETWEEN '14 minutes' AND '15 minutes' FROM owd_data.person_try"
        " WHERE person_id = %s",
        wang.person_id,
    )
    office.owner("UPDATE owd_data.person_try SET locked_until = now() WHERE person_id = %s", wang.person_id)
    assert desk.prove(wang)["roles"] == ["window"]


def test_a_right_proof_makes_the_tries_count_anew(desk: Enrolled, wang: Member) -> None:
    for _ in range(2):
        assert [wrong(desk, wang) for _ in range(4)] == ["OW403"] * 4
        desk.prove(wang)


def test_nobody_guesses_by_rolling_back(office: Office, desk: Enrolled, wang: Member) -> None:
    proof = desk.proof(wang)
    guess = bytes(32)
    for said in (guess, guess, proof):
        with desk.line.transaction(force_rollback=True):
            assert desk.offer(wang.person_id, said) == {"asked": True}
            # What the guess was worth is not told before it has been counted for good.
            with pytest.raises(psycopg.Error), desk.line.transaction():
                desk.offer(wang.person_id, said)
    assert not is_present(desk)
    assert office.owner("SELECT count(*) FROM owd_data.person_try WHERE person_id = %s", wang.person_id) == 0
    # Counted for good, the answer may be rolled back, but not the try.
    assert desk.offer(wang.person_id, guess) == {"asked": True}
    with pytest.raises(psycopg.Error), desk.line.transaction():
        desk.offer(wang.person_id, guess)
    assert office.owner("SELECT tries FROM owd_data.person_try WHERE person_id = %s", wang.person_id) == 1


def test_what_gone_connections_left_is_swept_out(office: Office, desk: Enrolled, wang: Member) -> None:
    past = "now() - interval '13 hours'"
    for pid, table in enumerate(("nonce", "asked", "presence"), -3):
        more = {
            "nonce": f"'{wang.person_id}', '{desk.replica}', '', {past}",
            "asked": f"'enrol', '', 'wrong', {past}",
            "presence": f"'{wang.person_id}', '{desk.replica}', {past}",
        }
        office.owner(f"INSERT INTO owd_data.{table} VALUES ({pid}, now(), {more[table]})")
    desk.challenge(wang.person_id)
    for table in ("nonce", "asked", "presence"):
        assert office.owner(f"SELECT count(*) FROM owd_data.{table} WHERE pid < 0") == 0


def test_every_try_is_recorded(office: Office, desk: Enrolled, wang: Member) -> None:
    wrong(desk, wang)
    desk.prove(wang)
    mine = [event for event in office.events("prove_person") if event[2] == str(wang.person_id)]
    assert [(login, outcome) for login, _, _, outcome in mine] == [
        (desk.login, "wrong"),
        (desk.login, "right"),
    ]


def test_nobody_tells_an_unknown_person_from_a_known_one(
    office: Office, desk: Enrolled, wang: Member
) -> None:
    stranger = Member(uuid4(), wang.street)
    abroad = office.member(office.street(), "window")
    costs = desk.challenge(wang.person_id)
    del costs["nonce"]
    for unknown in (stranger, abroad):
        first, second = desk.challenge(unknown.person_id), desk.challenge(unknown.person_id)
        assert first.pop("nonce") != second.pop("nonce")
        assert first == second
        assert {**first, "salt": ""} == {**costs, "salt": ""}
        assert len(first["salt"]) == 32
        assert [wrong(desk, unknown) for _ in range(6)] == ["OW403"] * 5 + ["OW429"]
    # Tries in one street lock nobody out in another.
    there = office.desk(abroad.street, "窗口")
    assert there.prove(abroad)["roles"] == ["window"]


@pytest.mark.parametrize(
    ("proof", "key_id", "key"),
    [
        (b"short", None, None),
        (bytes(32), "ab" * 8, None),
        (bytes(32), None, bytes(32)),
        (bytes(32), "ab" * 8, bytes(31)),
        (bytes(32), "no hex at all 12", bytes(32)),
    ],
)
def test_what_is_malformed_is_refused(
    desk: Enrolled, wang: Member, proof: bytes, key_id: str | None, key: bytes | None
) -> None:
    with pytest.raises(psycopg.Error) as trouble:
        desk.offer(wang.person_id, proof, key_id, key)
    assert state_of(trouble) == "OW422"


def test_only_the_desks_own_replica_speaks(office: Office, desk: Enrolled, street: str, wang: Member) -> None:
    other = office.desk(street, "别的窗口")
    with pytest.raises(psycopg.Error) as trouble:
        desk("SELECT owd.challenge(%s, %s)", other.replica, wang.person_id)
    assert state_of(trouble) == "OW401"
    with pytest.raises(psycopg.Error) as trouble:
        desk("SELECT owd.leave(%s)", other.replica)
    assert state_of(trouble) == "OW401"


def test_what_waited_for_the_key_is_judged_when_it_comes(
    office: Office, desk: Enrolled, street: str, wang: Member
) -> None:
    case = uuid4()
    assert desk.push(received(wang, case, "1" * 18), KEY) == "parked person_key_unknown"
    desk.prove(wang, KEY_ID, KEY)
    assert office.owner("SELECT state FROM owd_data.case_ WHERE case_id = %s", case) == "received"
    verdicts = office.owner.rows(
        "SELECT verdict FROM owd_data.feed WHERE street = %s AND case_id = %s ORDER BY seq", street, case
    )
    assert verdicts == [("parked",), ("applied",)]
    assert desk.push(act(wang, "note", case), KEY) == "applied"


def test_a_key_signs_for_its_person_alone(office: Office, desk: Enrolled, street: str, wang: Member) -> None:
    desk.prove(wang, KEY_ID, KEY)
    li = office.member(street, "window")
    proof = desk.proof(li)
    assert desk.offer(li.person_id, proof, KEY_ID, KEY) == {"asked": True}
    with pytest.raises(psycopg.Error) as trouble:
        desk.offer(li.person_id, proof, KEY_ID, KEY)
    assert state_of(trouble) == "OW403"
    with pytest.raises(psycopg.Error) as trouble:
        desk.prove(wang, KEY_ID, bytes(32))
    assert state_of(trouble) == "OW403"
    assert desk.prove(wang, KEY_ID, KEY)["roles"] == ["window"]
    assert desk.push(act(li, "note", uuid4()), KEY) == "parked person_key_unknown"


def test_the_key_is_part_of_what_is_asked(desk: Enrolled, wang: Member) -> None:
    proof = desk.proof(wang)
    assert desk.offer(wang.person_id, proof) == {"asked": True}
    with pytest.raises(psycopg.Error) as trouble:
        desk.offer(wang.person_id, proof, KEY_ID, KEY)
    assert state_of(trouble) == "OW403"


@pytest.fixture
def attached(office: Office, street: str) -> tuple[Enrolled, Member]:
    """A desk that brings a history of three along, pushed: its founder, a case, a forged note."""
    founder = Member(uuid4(), street)
    case = uuid4()
    added = act(founder, "person_added", person_id=str(founder.person_id), roles=["window", "system_admin"])
    ops = [
        (added, KEY),
        (received(founder, case, f"{street}{uuid4().int % 10**15:015}"), KEY),
        (act(founder, "note", case), b"another's key, not the founder's"),
    ]
    replica = uuid4()
    end = chain_end(replica, [op for op, _ in ops])
    attach = {"last_seq": len(ops), "last_hash": end, "series": 7, "street": street}
    desk = office.desk(street, "带历史的窗口", attach=attach, replica=replica)
    assert [desk.push(op, key) for op, key in ops] == ["applied"] * 3
    return desk, founder


def first_secret(desk: Enrolled, member: Member, person: object = None) -> None:
    desk(
        "SELECT owd.new_secret(%s, %s, %s, 65536, 3, 4, %s)",
        desk.replica, person or member.person_id, os.urandom(16), member.stored,
    )  # fmt: skip


def test_a_person_of_the_attached_history_gets_a_first_secret(
    office: Office, attached: tuple[Enrolled, Member]
) -> None:
    desk, founder = attached
    assert desk.challenge(founder.person_id)["known"] is False
    first_secret(desk, founder)
    assert desk.challenge(founder.person_id)["known"] is True
    assert desk.prove(founder, KEY_ID, KEY)["person"]["name"] == ""
    desk("SELECT owd.leave(%s)", desk.replica)
    with pytest.raises(psycopg.Error) as trouble:
        first_secret(desk, Member(founder.person_id, founder.street))
    assert state_of(trouble) == "OW403"


def test_no_other_desk_brings_the_first_secret(office: Office, attached: tuple[Enrolled, Member]) -> None:
    _, founder = attached
    other = office.desk(founder.street, "别的窗口")
    assert other.challenge(founder.person_id)["known"] is True
    with pytest.raises(psycopg.Error) as trouble:
        first_secret(other, founder)
    assert state_of(trouble) == "OW403"


def test_the_history_is_proven_when_its_key_comes(office: Office, attached: tuple[Enrolled, Member]) -> None:
    desk, founder = attached
    first_secret(desk, founder)
    desk.prove(founder, KEY_ID, KEY)
    assert office.owner.rows(
        "SELECT seq, fits FROM owd_data.operation_proof WHERE replica = %s ORDER BY seq", desk.replica
    ) == [(1, True), (2, True), (3, False)]
    assert office.owner.rows(
        "SELECT verdict, reason, op_seq FROM owd_data.feed WHERE street = %s AND what = 'verdict'",
        founder.street,
    ) == [("quarantined", "person_mac", 3)]


def test_a_present_person_changes_their_own_password(office: Office, desk: Enrolled, wang: Member) -> None:
    elsewhere = desk.again()
    try:
        elsewhere.prove(wang)
        desk.prove(wang)
        changed = Member(wang.person_id, wang.street)
        first_secret(desk, changed)
        assert is_present(desk)
        assert not is_present(elsewhere)
        assert wrong(elsewhere, wang, elsewhere.proof(wang)) == "OW403"
        elsewhere.prove(changed)
    finally:
        elsewhere.line.close()


def test_nobody_changes_another_ones_password(
    office: Office, desk: Enrolled, street: str, wang: Member
) -> None:
    li = office.member(street, "window")
    for present in (False, True):
        if present:
            desk.prove(wang)
        with pytest.raises(psycopg.Error) as trouble:
            first_secret(desk, wang, li.person_id)
        assert state_of(trouble) == "OW403"


@pytest.mark.parametrize(("memory", "stored"), [(1024, bytes(32)), (65536, bytes(31)), (None, bytes(32))])
def test_a_secret_that_is_too_weak_is_refused(
    desk: Enrolled, wang: Member, memory: int | None, stored: bytes
) -> None:
    desk.prove(wang)
    with pytest.raises(psycopg.Error) as trouble:
        desk(
            "SELECT owd.new_secret(%s, %s, %s, %s, 3, 4, %s)",
            desk.replica, wang.person_id, os.urandom(16), memory, stored,
        )  # fmt: skip
    assert state_of(trouble) == "OW422"
