"""The conversation against the central's real functions: names, arguments and answers fit."""

import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from ward import PASSWORD, Act, Post, Ward

from onewindow_desk.central.client import Conversation, converse
from onewindow_desk.central.connect import Door
from onewindow_desk.central.proof import client_key, proof, secret_of
from onewindow_desk.central.trouble import Refused
from onewindow_desk.central.watchdog import Lifeline
from onewindow_desk.domain.access import Secret, Stretching
from onewindow_desk.domain.exchange import (
    Cursor,
    HelloSaid,
    NewReplica,
    PushStatus,
    Sealed,
    Verdict,
    What,
    follows,
)
from onewindow_desk.domain.operation import GENESIS, Place
from onewindow_desk.settings import CentralAddress

CHEAP = Stretching(salt=b"s" * 16, memory_kib=19_456, passes=1, lanes=1)


@pytest.fixture
def desk(ward: Ward) -> Post:
    return ward.desk()


@pytest.fixture
def talk(ward: Ward, desk: Post) -> Iterator[Conversation]:
    address = CentralAddress(hosts=(f"localhost:{ward.cluster.port}",), database=ward.database)
    door = Door(address=address, authority=ward.cluster.ca, login=desk.login)
    conversation = converse(door, PASSWORD.encode, Lifeline())
    yield conversation
    conversation.close()


@pytest.fixture
def clerk(ward: Ward) -> UUID:
    return ward.person("window")


@pytest.fixture
def prove(ward: Ward, desk: Post, talk: Conversation) -> Callable[[UUID], None]:
    """Give a person a secret and prove them on the conversation."""

    def prove(person: UUID) -> None:
        secret = secret_of("correct horse", CHEAP)
        ward.owner.execute(
            "INSERT INTO owd_data.person_secret VALUES (%s, %s, 19456, 1, 1, %s)",
            (person, CHEAP.salt, secret.stored_key),
        )
        challenge = talk.challenge(desk.replica, person)
        assert challenge.known
        answer = proof(
            client_key("correct horse", challenge.stretching), challenge.nonce, person, desk.replica
        )
        proven = talk.prove_person(desk.replica, person, answer, "ab" * 16, b"k" * 32)
        assert proven.person.person_id == person
        assert proven.valid_until > datetime.now(UTC)

    return prove


def sealed(desk: Post, *acts: Act) -> list[Sealed]:
    """The acts as the next of the desk's chain, as its store would hand them over."""
    first = desk.add(*acts)
    made = []
    for seq in range(first, len(desk.chain) + 1):
        act, link = desk.chain[seq - 1]
        before = desk.chain[seq - 2][1] if seq > 1 else GENESIS
        place = Place(desk.replica, seq, before)
        made.append(
            Sealed(
                place=place,
                head=act.head,
                payload=act.payload,
                hash=link,
                desk_signature=bytes(64),
                person_mac=act.mac,
            )
        )
    return made


def test_hello_then_push_then_pull(ward, desk, talk, clerk):
    answer = talk.hello(
        desk.replica,
        HelloSaid(
            app="0.1.0",
            protocols=(1,),
            kinds=("receive",),
            last_seq=0,
            last_hash=GENESIS,
            acked=0,
            acked_hash=GENESIS,
            cursor=0,
            chain=GENESIS,
            sent_at=datetime.now(UTC),
        ),
    )
    assert (answer.street, answer.last_seq, answer.closed, answer.feed_known) == (ward.code, 0, False, True)
    batch = sealed(desk, *(desk.receipt(clerk, uuid4()) for _ in range(3)))
    pushed = talk.push(desk.replica, batch)
    assert (pushed.status, pushed.last_seq, pushed.verdicts) == (PushStatus.OK, 3, ())
    rows = talk.pull(desk.replica, Cursor(), 100)
    cursor = Cursor()
    for row in rows:
        assert follows(cursor, row)
        cursor = Cursor(row.seq, row.chain)
    assert [row.sealed for row in rows if row.what is What.OPERATION] == batch
    assert talk.head(desk.replica) == cursor
    assert talk.pull(desk.replica, Cursor(cursor.seq, GENESIS), 100) is None
    assert talk.snapshot(desk.replica, 0, cursor.seq, 100) == rows
    assert talk.snapshot(desk.replica, cursor.seq, cursor.seq, 100) == ()


def test_what_is_not_applied_comes_back_with_its_reason(desk, talk, clerk):
    (unknown,) = sealed(desk, desk.act("note", clerk, uuid4(), text="x"))
    answer = talk.push(desk.replica, [unknown])
    assert [(one.seq, one.verdict) for one in answer.verdicts] == [(1, Verdict.PARKED)]


def test_payloads_for_who_may_have_them(ward, desk, talk, clerk, prove):
    case = uuid4()
    (receipt,) = sealed(desk, desk.receipt(clerk, case))
    talk.push(desk.replica, [receipt])
    act = desk.chain[0][0]
    assert talk.payloads(desk.replica, [act.op_id, uuid4()]) == {act.op_id: act.payload}
    with pytest.raises(Refused, match="联网登录"):
        talk.payload(desk.replica, case, "intake")
    prove(clerk)
    assert talk.payload(desk.replica, case, "intake") == {act.op_id: act.payload}
    with pytest.raises(Refused, match="用途"):
        talk.payload(desk.replica, case, "curiosity")
    with pytest.raises(Refused, match="岗位"):
        talk.payload(desk.replica, case, "decide")
    talk.leave(desk.replica)
    with pytest.raises(Refused, match="联网登录"):
        talk.payload(desk.replica, case, "intake")


def test_a_wrong_password_is_refused_in_words(desk, talk, clerk, prove):
    prove(clerk)
    challenge = talk.challenge(desk.replica, clerk)
    answer = proof(client_key("wrong", challenge.stretching), challenge.nonce, clerk, desk.replica)
    with pytest.raises(Refused, match="口令不对"):
        talk.prove_person(desk.replica, clerk, answer)


def test_a_new_secret_takes_the_place_of_the_old(desk, talk, clerk, prove):
    prove(clerk)
    fresh = Stretching(salt=os.urandom(16), memory_kib=19_456, passes=1, lanes=2)
    secret: Secret = secret_of("another horse", fresh)
    talk.new_secret(desk.replica, clerk, secret)
    challenge = talk.challenge(desk.replica, clerk)
    assert challenge.stretching == fresh
    answer = proof(client_key("another horse", fresh), challenge.nonce, clerk, desk.replica)
    assert talk.prove_person(desk.replica, clerk, answer).person.person_id == clerk


def test_a_file_goes_up_in_chunks_and_comes_down(ward, desk, talk, clerk):
    chunk = 256 * 1024
    data = os.urandom(chunk + 100)
    address = hashlib.sha256(data).hexdigest()
    assert talk.missing_parts(desk.replica, address, len(data), chunk) == (0, 1)
    assert not talk.put_part(desk.replica, address, 1, data[chunk:])
    assert not talk.put_part(desk.replica, address, 0, data[: chunk - 1])
    assert talk.missing_parts(desk.replica, address, len(data), chunk) == (0,)
    assert talk.put_part(desk.replica, address, 0, data[:chunk])
    assert talk.missing_parts(desk.replica, address, len(data), chunk) == ()
    part = talk.get_part(desk.replica, address, 1)
    assert (part.size, part.chunk, part.data) == (len(data), chunk, data[chunk:])
    assert talk.get_part(desk.replica, "00" * 32, 0).data is None


def test_a_new_enrolment_gets_numbers(desk, talk):
    new = NewReplica(replica=uuid4(), public_key=os.urandom(32).hex())
    leased = talk.renew(desk.replica, new)
    assert 0 <= leased.series <= 9999
    assert talk.renew(desk.replica, new) == leased
    assert talk.head(new.replica).seq > 0


def test_a_supervisor_has_an_operation_looked_at_again(ward, desk, talk, clerk, prove):
    (note,) = sealed(desk, desk.act("note", clerk, uuid4(), text="x"))
    talk.push(desk.replica, [note])
    operation = desk.chain[0][0].op_id
    with pytest.raises(Refused, match="不允许"):
        talk.retry(desk.replica, operation)
    prove(ward.person("supervisor"))
    assert talk.retry(desk.replica, operation).verdict is Verdict.PARKED
    with pytest.raises(Refused, match="没有要找的"):
        talk.retry(desk.replica, uuid4())
