"""The conversation itself, against functions that answer what each test needs."""

import hashlib
import os
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from fault_proxy import FaultProxy
from private_postgres import Cluster, make_certificates

from onewindow_desk.central.client import Conversation, converse
from onewindow_desk.central.connect import Door, open_line
from onewindow_desk.central.trouble import Refused
from onewindow_desk.central.watchdog import Lifeline
from onewindow_desk.domain.exchange import (
    Cursor,
    HelloSaid,
    OneVerdict,
    PushAnswer,
    PushStatus,
    Sealed,
    Verdict,
)
from onewindow_desk.domain.operation import GENESIS, Algorithms, Head, Place, canonical, link_hash
from onewindow_desk.faults import Fault, Refusal, Unreachable
from onewindow_desk.settings import CentralAddress

REPLICA, PERSON, CASE = UUID(int=7), UUID(int=8), UUID(int=9)
NAME = "张三 110101199003074514"
PASSWORD = b"a long password of this desk"

STUB = r"""
CREATE SCHEMA owd_crypto; CREATE EXTENSION pgcrypto SCHEMA owd_crypto;
CREATE SCHEMA owd; GRANT USAGE ON SCHEMA owd, owd_crypto TO counter;
CREATE TABLE owd.seen (n serial, heads text[], last bytea, payloads bytea[]);
GRANT ALL ON owd.seen TO counter;
CREATE TABLE owd.state (state text, text text); GRANT ALL ON owd.state TO counter;
GRANT USAGE ON SEQUENCE owd.seen_n_seq TO counter;
CREATE TYPE owd.feed_row AS (seq bigint, chain bytea, what text, subject bytea, verdict text, reason text,
    op_id uuid, case_id uuid, case_version int, replica uuid, op_seq bigint, prev bytea, head bytea,
    payload bytea, desk_signature bytea, person_mac bytea, body bytea);
CREATE FUNCTION owd.push(uuid, bigint, p_heads bytea, p_payloads bytea[], bytea, bytea, p_last bytea)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE v_text text := convert_from(CASE substring(p_heads FROM 1 FOR 1)
    WHEN 'P' THEN owd_crypto.pgp_sym_decrypt_bytea(substring(p_heads FROM 2), 'onewindow')
    ELSE substring(p_heads FROM 2) END, 'UTF8');
BEGIN
    INSERT INTO owd.seen (heads, last, payloads)
    VALUES (string_to_array(v_text, chr(10)), p_last, p_payloads);
    RETURN jsonb_build_object('status', 'ok', 'last_seq', 2, 'head', 5,
        'verdicts', '[{"seq": 1, "verdict": "parked", "reason": "case_unknown"}]'::jsonb);
END $$;
CREATE FUNCTION owd.leave(uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE v owd.state;
BEGIN
    SELECT * INTO v FROM owd.state;
    IF v.state = 'slow' THEN PERFORM pg_sleep(60);
    ELSIF v.state = 'warning' THEN RAISE WARNING 'canceling wait for synchronous replication';
    ELSIF v.state = 'notice' THEN RAISE NOTICE 'x';
    ELSIF v.state IS NOT NULL THEN
        RAISE EXCEPTION '%', v.text USING ERRCODE = v.state, DETAIL = v.text;
    END IF;
END $$;
CREATE FUNCTION owd.pull(uuid, p_seq bigint, bytea, int) RETURNS SETOF owd.feed_row LANGUAGE plpgsql AS $$
BEGIN
    IF p_seq = 9 THEN RAISE EXCEPTION 'no' USING ERRCODE = 'OW409'; END IF;
    RETURN NEXT (1, '\x01', 'op', '\x02', 'applied', '', '00000000-0000-0000-0000-000000000001', NULL, 3,
        '00000000-0000-0000-0000-000000000007', 4, '\x03', 'head', NULL, '\x05', '\x06', NULL)::owd.feed_row;
    RETURN NEXT (2, '\x0a', 'person', '\x0b', '', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, '{}')::owd.feed_row;
END $$;
CREATE FUNCTION owd.payload(uuid, uuid, p_purpose text) RETURNS TABLE (op_id uuid, payload bytea, status text)
LANGUAGE plpgsql AS $$
DECLARE v_asked int;
BEGIN
    INSERT INTO owd.seen (heads) VALUES (ARRAY[p_purpose]);
    SELECT count(*) INTO v_asked FROM owd.seen WHERE heads = ARRAY[p_purpose];
    IF v_asked = 1 THEN RETURN QUERY SELECT NULL::uuid, NULL::bytea, 'asked';
    ELSIF p_purpose = 'help' THEN RETURN QUERY VALUES
        ('00000000-0000-0000-0000-000000000001'::uuid, '\x09'::bytea, 'given');
    ELSE RETURN QUERY SELECT NULL::uuid, NULL::bytea, 'role'; END IF;
END $$;
CREATE FUNCTION owd.blob_put(uuid, bytea, p_n int, p_data bytea, p_digest bytea) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    IF p_n = 5 THEN RAISE EXCEPTION 'damaged' USING ERRCODE = 'OW422'; END IF;
    RETURN CASE WHEN sha256(p_data) <> p_digest THEN 'damaged' WHEN p_n = 1 THEN 'complete' ELSE 'more' END;
END $$;
CREATE FUNCTION owd.blob_missing(uuid, bytea, p_size bigint, p_chunk int) RETURNS int[] LANGUAGE sql AS
$$ SELECT array_agg(n) FROM generate_series(0, (p_size / p_chunk)::int) n $$;
CREATE FUNCTION owd.blob_get(uuid, bytea, p_n int) RETURNS TABLE (size bigint, chunk int, data bytea)
LANGUAGE plpgsql AS $$
BEGIN
    IF p_n = 5 THEN RAISE EXCEPTION 'nothing' USING ERRCODE = 'OW404'; END IF;
    RETURN QUERY VALUES (9::bigint, 4, '\x0102'::bytea);
END $$;
"""


def door_to(cluster: Cluster, port: int, database: str, *others: int) -> Door:
    hosts = tuple(f"localhost:{number}" for number in (port, *others))
    address = CentralAddress(hosts=hosts, database=database)
    return Door(address=address, authority=cluster.ca, login="counter")


@pytest.fixture(scope="module")
def stub(cluster: Cluster) -> str:
    cluster.sql("DROP ROLE IF EXISTS counter")
    cluster.sql(f"CREATE ROLE counter LOGIN PASSWORD '{PASSWORD.decode()}'")
    cluster.sql("CREATE DATABASE stub")
    cluster.sql(STUB, "stub")
    return "stub"


@pytest.fixture
def door(cluster: Cluster, line: FaultProxy, stub: str) -> Door:
    return door_to(cluster, line.port, stub)


@pytest.fixture
def talk(door: Door) -> Iterator[Conversation]:
    conversation = converse(door, lambda: PASSWORD, Lifeline())
    yield conversation
    conversation.close()


@pytest.fixture
def say(cluster, stub):
    def say(state: str | None, text: str = NAME) -> None:
        value = "NULL" if state is None else f"'{state}'"
        cluster.sql(f"DELETE FROM owd.state; INSERT INTO owd.state VALUES ({value}, '{text}')", "stub")

    yield say
    cluster.sql("DELETE FROM owd.state", "stub")


def sealed(seq: int, prev: str, head: bytes) -> Sealed:
    place = Place(REPLICA, seq, prev)
    return Sealed(
        place=place,
        head=head,
        payload=bytes([seq]) * 40,
        hash=link_hash(place, head),
        desk_signature=bytes([seq]) * 64,
        person_mac=bytes([seq]) * 32,
    )


def head_of(number: int) -> bytes:
    return canonical(
        Head(
            v=1,
            op_id=UUID(bytes=os.urandom(16)),
            case_id=UUID(bytes=os.urandom(16)),
            kind="receive",
            schema=1,
            author=UUID(int=number % 5),
            at=datetime(2026, 9, 21, 4, number % 60, number % 59, tzinfo=UTC),
            base=None,
            envelope={"item_id": f"JN34-{number % 9}", "receipt_no": f"001260921000{number:06}"},
            payload_sha256=os.urandom(32).hex(),
            payload_size=400 + number,
            alg=Algorithms(),
            person_key="0123456789abcdef",
        )
    )


def two() -> tuple[Sealed, Sealed]:
    first = sealed(1, GENESIS, '{"a":"一"}'.encode())
    return first, sealed(2, first.hash, b'{"b":2}')


def test_the_heads_of_a_push_arrive_as_they_were(talk, cluster):
    batch = two()
    answer = talk.push(REPLICA, batch)
    verdict = OneVerdict(seq=1, verdict=Verdict.PARKED, reason="case_unknown")
    assert answer == PushAnswer(status=PushStatus.OK, last_seq=2, head=5, verdicts=(verdict,))
    heads, last, payloads = cluster.sql("SELECT heads, last, payloads FROM owd.seen ORDER BY n DESC", "stub")[
        0
    ]
    assert heads == [one.head.decode() for one in batch]
    assert last.hex() == batch[-1].hash
    assert payloads == [one.payload for one in batch]


def test_a_single_head_goes_as_it_is(talk, cluster):
    talk.push(REPLICA, two()[:1])
    assert cluster.sql("SELECT heads FROM owd.seen ORDER BY n DESC", "stub")[0] == (['{"a":"一"}'],)


def test_a_thousand_heads_take_less_than_half_their_size(talk, cluster, line):
    heads = [head_of(n) for n in range(1000)]
    batch = [sealed(n % 250 + 1, GENESIS, head) for n, head in enumerate(heads)]
    before = line.sent
    talk.push(REPLICA, batch)
    rest = sum(len(one.payload or b"") + 64 + 32 for one in batch)
    assert line.sent - before - rest < 0.45 * sum(map(len, heads))
    assert cluster.sql("SELECT heads FROM owd.seen ORDER BY n DESC LIMIT 1", "stub")[0][0] == [
        head.decode() for head in heads
    ]


def test_rows_of_the_feed_come_as_structs(talk):
    operation, person = talk.pull(REPLICA, Cursor(), 10)
    assert operation.sealed == Sealed(
        place=Place(REPLICA, 4, "03"),
        head=b"head",
        payload=None,
        hash="02",
        desk_signature=b"\x05",
        person_mac=b"\x06",
    )
    assert (operation.chain, operation.case_version) == ("01", 3)
    assert (person.seq, person.body, person.sealed) == (2, b"{}", None)


def test_a_cursor_that_is_not_known_gives_none(talk):
    assert talk.pull(REPLICA, Cursor(9, GENESIS), 10) is None


@pytest.mark.parametrize("state", ["40001", "40P01", "53300", "57P01", "57014", "08006", "25006", "58030"])
def test_what_has_no_outcome_is_unreachable(talk, say, state):
    say(state)
    with pytest.raises(Unreachable) as caught:
        talk.leave(REPLICA)
    assert NAME not in repr(caught.value)


@pytest.mark.parametrize(
    "state", ["OW401", "OW403", "OW404", "OW410", "OW422", "OW426", "OW429", "42501", "42883"]
)
def test_what_a_person_can_mend_is_refused_in_words(talk, say, state):
    say(state)
    with pytest.raises(Refused) as caught:
        talk.leave(REPLICA)
    assert caught.value.text.endswith("。")
    assert not any(part in caught.value.text for part in ("OW", *NAME.split()))


def test_the_rest_is_our_fault_and_names_the_state_alone(talk, say):
    say("22P02")
    with pytest.raises(Fault) as caught:
        talk.leave(REPLICA)
    assert str(caught.value) == "The central answered with SQLSTATE 22P02"
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_an_answer_that_brings_a_warning_is_none(talk, say):
    say("notice")
    talk.leave(REPLICA)
    say("warning")
    with pytest.raises(Unreachable):
        talk.leave(REPLICA)
    say(None)
    talk.leave(REPLICA)


def test_a_commit_that_no_standby_confirmed_is_not_acknowledged(talk, cluster):
    """The wait is broken off: PostgreSQL says the commit went well, with a warning (01000)."""
    before = cluster.sql("SELECT count(*) FROM owd.seen", "stub")[0][0]
    tried: list[str] = []

    def push() -> None:
        # The first few may pass before the server has heard of the setting.
        while len(tried) < 50 and "unreachable" not in tried:
            try:
                talk.push(REPLICA, two())
                tried.append("confirmed")
            except Unreachable:
                tried.append("unreachable")

    cluster.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
    cluster.sql("SELECT pg_reload_conf()")
    pushing = threading.Thread(target=push)
    try:
        pushing.start()
        while pushing.is_alive():
            cluster.sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        pushing.join()
    finally:
        cluster.sql("ALTER SYSTEM RESET synchronous_standby_names")
        cluster.sql("SELECT pg_reload_conf()")
    assert tried[-1] == "unreachable"
    assert cluster.sql("SELECT count(*) FROM owd.seen", "stub")[0][0] == before + len(tried)


def test_a_function_that_is_missing_means_an_older_central(talk):
    with pytest.raises(Refusal, match="中心库的版本比本机旧"):
        talk.hello(
            REPLICA,
            HelloSaid(
                app="1", protocols=(1,), kinds=(), last_seq=0, last_hash=GENESIS, acked=0, acked_hash=GENESIS,
                cursor=0, chain=GENESIS, sent_at=datetime(2026, 9, 21, tzinfo=UTC),
            ),
        )  # fmt: skip


def test_a_payload_is_asked_for_twice_and_given_once(talk, cluster):
    assert talk.payload(REPLICA, CASE, "help") == {UUID(int=1): b"\x09"}
    with pytest.raises(Refusal, match="岗位"):
        talk.payload(REPLICA, CASE, "curiosity")


def test_chunks_of_files(talk):
    sha256 = hashlib.sha256(b"file").hexdigest()
    assert talk.missing_parts(REPLICA, sha256, 9, 4) == (0, 1, 2)
    assert not talk.put_part(REPLICA, sha256, 0, b"data")
    assert talk.put_part(REPLICA, sha256, 1, b"data")
    assert not talk.put_part(REPLICA, sha256, 5, b"data")
    part = talk.get_part(REPLICA, sha256, 0)
    assert (part.size, part.chunk, part.data) == (9, 4, b"\x01\x02")
    assert talk.get_part(REPLICA, sha256, 5).data is None


# the line


def test_a_black_hole_ends_the_call_in_time(door, line):
    talk = converse(door, lambda: PASSWORD, Lifeline(1.0))
    line.freeze()
    with pytest.raises(Unreachable):
        talk.leave(REPLICA)
    line.thaw()
    with pytest.raises(Unreachable):
        talk.leave(REPLICA)
    talk.close()


def test_ten_seconds_are_never_reached():
    assert Lifeline().seconds < 10


def test_a_lost_answer_is_unreachable(talk, line, cluster):
    before = cluster.sql("SELECT count(*) FROM owd.seen", "stub")[0][0]
    line.lose_next_answer()
    with pytest.raises(Unreachable):
        talk.push(REPLICA, two())
    assert cluster.sql("SELECT count(*) FROM owd.seen", "stub")[0][0] == before + 1


def test_a_server_that_goes_down_is_unreachable(talk, cluster):
    cluster.restart(immediate=True)
    with pytest.raises(Unreachable):
        talk.leave(REPLICA)


def cut_soon(lifeline: Lifeline) -> threading.Timer:
    timer = threading.Timer(0.2, lifeline.cut)
    timer.start()
    return timer


def test_another_thread_cuts_a_call_that_waits(talk, say):
    say("slow")
    timer = cut_soon(talk._lifeline)
    with pytest.raises(Unreachable):
        talk.leave(REPLICA)
    timer.join()


def test_another_thread_cuts_connecting(door, line):
    line.freeze()
    lifeline = Lifeline()
    timer = cut_soon(lifeline)
    with pytest.raises(Unreachable):
        converse(door, lambda: PASSWORD, lifeline)
    timer.join()


def test_connecting_into_a_black_hole_ends_in_time_and_goes_on_to_the_next(cluster, line, stub):
    line.freeze()
    lifeline = Lifeline(3.0)
    connection = open_line(door_to(cluster, line.port, stub, cluster.port), lambda: PASSWORD, lifeline)
    assert connection.info.port == cluster.port
    connection.close()
    lifeline.close()


def test_nobody_there(door, line):
    line.cut()
    with pytest.raises(Unreachable):
        converse(door, lambda: PASSWORD, Lifeline())


def test_a_wrong_password_is_refused(door):
    with pytest.raises(Refusal, match="中心库不认这台电脑"):
        converse(door, lambda: b"another", Lifeline())


def test_a_login_that_was_ended_is_refused(door, cluster):
    cluster.sql("ALTER ROLE counter NOLOGIN")
    try:
        with pytest.raises(Refusal, match="中心库不认这台电脑"):
            converse(door, lambda: PASSWORD, Lifeline())
    finally:
        cluster.sql("ALTER ROLE counter LOGIN")


def test_a_server_with_another_certificate_is_refused(door, tmp_path: Path):
    other = tmp_path / "other.pem"
    other.write_bytes(make_certificates()[0])
    changed = Door(address=door.address, authority=other, login=door.login)
    with pytest.raises(Refusal, match="证书与本机保存的不符"):
        converse(changed, lambda: PASSWORD, Lifeline())


def test_a_server_of_another_name_is_refused(door, line, stub, monkeypatch):
    """Its certificate comes from the right authority, but it is not the one that was asked for."""
    found = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", line.port))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [found])
    address = CentralAddress(hosts=(f"central.example:{line.port}",), database=stub)
    changed = Door(address=address, authority=door.authority, login=door.login)
    with pytest.raises(Refusal, match="证书与本机保存的不符"):
        converse(changed, lambda: PASSWORD, Lifeline())


def test_a_name_that_nobody_knows_is_unreachable(door, monkeypatch):
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(Unreachable):
        converse(door, lambda: PASSWORD, Lifeline())


def test_a_name_look_up_that_hangs_is_cut(door, monkeypatch):
    ended = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: ended.wait() and [])
    lifeline = Lifeline()
    timer = cut_soon(lifeline)
    with pytest.raises(Unreachable):
        converse(door, lambda: PASSWORD, lifeline)
    timer.join()
    ended.set()


@pytest.mark.parametrize(("password", "authority"), [(None, True), (PASSWORD, False)])
def test_without_password_or_authority_nothing_is_tried(door, tmp_path, password, authority):
    changed = Door(
        address=door.address, authority=door.authority if authority else tmp_path / "none", login=door.login
    )
    with pytest.raises(Refusal, match="重新登记"):
        converse(changed, lambda: password, Lifeline())


def test_no_thread_is_left_when_there_is_no_conversation(door, line):
    line.cut()
    before = set(threading.enumerate())
    with pytest.raises(Unreachable):
        converse(door, lambda: PASSWORD, Lifeline())
    assert [thread.name for thread in set(threading.enumerate()) - before] == []


# the doorbell


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


def test_a_ring_wakes_who_waits(talk, cluster, pair):
    assert talk.listen("001")
    assert not talk.wait(0, pair[0])
    cluster.sql("NOTIFY owd_001", "stub")
    assert talk.wait(30, pair[0])
    assert not talk.wait(0, pair[0])


def test_a_ring_that_comes_with_an_answer_is_heard(talk, cluster, pair):
    talk.listen("001")
    cluster.sql("NOTIFY owd_001", "stub")
    talk.leave(REPLICA)
    assert talk.wait(30, pair[0])


def test_somebody_else_wakes_who_waits(talk, pair):
    talk.listen("001")
    pair[1].send(b"x")
    assert not talk.wait(30, pair[0])


def test_a_line_that_breaks_while_waiting_is_noticed(talk, line, pair):
    line.reset()
    with pytest.raises(Unreachable):
        talk.wait(30, pair[0])


def test_where_no_ring_comes_through_there_is_no_listening(talk, monkeypatch, cluster):
    calls = talk._call
    monkeypatch.setattr(
        talk,
        "_call",
        lambda statement, *rest: () if statement.startswith(b"LISTEN") else calls(statement, *rest),
    )
    assert not talk.listen("001")
