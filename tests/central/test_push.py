import threading
from uuid import uuid4

import psycopg
import pytest

from onewindow_desk.central.container import packed_heads
from onewindow_desk.domain.operation import GENESIS, Place, link_hash


def spoilt(act, **parts):
    for name, value in parts.items():
        setattr(act, name, value)
    return act


def raw(desk, head, payload, mac):
    """Push one head as it is, whatever it looks like, in the next place."""
    before = desk.chain[-1][1] if desk.chain else GENESIS
    seq = len(desk.chain) + 1
    last = bytes.fromhex(link_hash(Place(desk.replica, seq, before), head))
    return desk.push_raw(seq, b"R" + head, [payload], mac, last)


def test_operations_are_stored_in_order_and_applied(ward):
    desk, clerk, handler = ward.desk(), ward.person("window"), ward.person("handler")
    case = uuid4()
    dispatched = desk.act("dispatch", clerk, case, 2)
    taken = desk.act("take_over", handler, case, 3, slip_signed=True, proposal=str(dispatched.op_id))
    accepted = desk.act("accept", clerk, case, complete=True)
    assert desk.push(desk.receipt(clerk, case), accepted, dispatched, taken) == ["applied"] * 4
    rows = desk.pull()
    assert [row.subject for row in rows] == [link for _, link in desk.chain]
    assert [row.case_version for row in rows] == [1, 2, 3, 4]
    assert ward.one("SELECT state FROM owd_data.case_ WHERE case_id = %s", case) == "reviewing"
    stored = ward.owner.execute(
        "SELECT head, payload, person_mac FROM owd_data.operation WHERE replica = %s ORDER BY seq",
        (desk.replica,),
    ).fetchall()
    assert stored == [(act.head, act.payload, act.mac) for act, _ in desk.chain]


def test_what_was_sent_before_is_taken_once(ward):
    desk, clerk = ward.desk(), ward.person("window")
    case = desk.receive(clerk)
    desk.add(desk.act("note", clerk, case), desk.act("note", clerk, case))
    for first in (1, 2, 1, 3):
        assert desk.send(first, 3) == {"status": "ok", "last_seq": 3, "head": 3, "verdicts": []}
    assert len(desk.pull()) == 3


def test_a_gap_stores_nothing(ward):
    desk, clerk = ward.desk(), ward.person("window")
    case = desk.receive(clerk)
    desk.add(*(desk.act("note", clerk, case) for _ in range(3)))
    assert desk.send(3, 4) == {"status": "gap", "last_seq": 1, "head": 1, "verdicts": []}
    assert desk.send(2, 4)["last_seq"] == 4


@pytest.mark.parametrize("first", [1, 2])
def test_another_operation_in_a_known_place_is_a_fork(ward, first):
    desk, clerk = ward.desk(), ward.person("window")
    case = desk.receive(clerk)
    desk.push(desk.act("note", clerk, case))
    del desk.chain[first - 1 :]
    desk.add(*(desk.act("note", clerk, case) for _ in range(4 - first)))
    assert desk.send(first, 3)["status"] == "fork"
    assert len(desk.pull()) == 2


def test_a_batch_that_is_not_what_its_last_hash_says_is_a_fork(ward):
    desk, clerk = ward.desk(), ward.person("window")
    act = desk.receipt(clerk, uuid4())
    assert desk.push_raw(1, packed_heads([act.head]), [act.payload], act.mac, bytes(32))["status"] == "fork"
    assert desk.pull() == []


def test_a_closed_enrolment_gives_nothing_more(ward):
    desk, clerk = ward.desk(), ward.person("window")
    case = desk.receive(clerk)
    ward.owner.execute("UPDATE owd_data.replica SET closed_at = now() WHERE replica = %s", (desk.replica,))
    desk.add(desk.act("note", clerk, case))
    assert desk.send(2, 2) == {"status": "closed", "last_seq": 1, "head": 1, "verdicts": []}


def test_a_container_that_cannot_be_taken_apart_is_said_so(ward):
    desk, clerk = ward.desk(), ward.person("window")
    desk.add(desk.receipt(clerk, uuid4()), desk.receipt(clerk, uuid4()))
    macs = b"".join(act.mac for act, _ in desk.chain)
    payloads = [act.payload for act, _ in desk.chain]
    for heads in (b"Pnonsense", packed_heads([act.head for act, _ in desk.chain])[:-1], b"Xnonsense"):
        answer = desk.push_raw(1, heads, payloads, macs, bytes.fromhex(desk.chain[-1][1]))
        assert answer["status"] == "unreadable"
    assert desk.send(1, 2)["last_seq"] == 2


@pytest.mark.parametrize(
    "spoil",
    [
        {"first": 0},
        {"macs": b""},
        {"payloads": []},
        {"last": b"short"},
        {"heads": b""},
        {"heads": b"P" + bytes(5_000_000)},
    ],
)
def test_a_malformed_push_is_refused_in_one_fixed_text(ward, spoil):
    desk = ward.desk()
    act = desk.receipt(ward.person("window"), uuid4())
    call = {
        "first": 1,
        "heads": b"R" + act.head,
        "payloads": [act.payload],
        "macs": act.mac,
        "last": bytes(32),
    }
    with pytest.raises(psycopg.Error) as caught:
        desk.push_raw(**{**call, **spoil})
    assert caught.value.sqlstate == "OW422"
    assert caught.value.diag.message_detail is None


@pytest.mark.parametrize(
    "head", [b"no json", b"\xff\xfe", b"{}", b"[]", b'{"v":1}', b'{"a":"\\u0000"}', b"", b"\x00"]
)
def test_an_unreadable_head_is_kept_and_in_nobodys_way(ward, head):
    desk, clerk = ward.desk(), ward.person("window")
    if not head:
        head = b" "
    answer = raw(desk, head, b"payload", bytes(32))
    assert answer["verdicts"] == [{"seq": 1, "verdict": "quarantined", "reason": "unreadable"}]
    kept = ward.one("SELECT head FROM owd_data.operation WHERE replica = %s", desk.replica)
    assert kept == head
    desk.chain.append((desk.receipt(clerk, uuid4()), link_hash(Place(desk.replica, 1, GENESIS), head)))
    assert desk.do("signed_in", clerk) == "applied"


def altered(desk, clerk, change):
    """A receipt whose head was changed in one place and signed again."""
    act = desk.receipt(clerk, uuid4())
    return desk.signed_again(act, clerk, change(act.head))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda head: head.replace(b'"v":1', b'"v":2'), "quarantined:unreadable"),
        (lambda head: head.replace(b'"v":1', b'"v":"1x"'), "quarantined:unreadable"),
        (lambda head: head.replace(b'"base":null', b'"base":"0"'), "quarantined:unreadable"),
        (lambda head: head.replace(b'"base":null', b'"base":1.5'), "quarantined:unreadable"),
        (lambda head: head.replace(b'"kind":"receive"', b'"kind":7'), "quarantined:unreadable"),
        (lambda head: head.replace(b'"kind":"receive",', b""), "quarantined:unreadable"),
        (lambda head: head.replace(b'"at":"2026-09-21', b'"at":"2026-02-30'), "quarantined:unreadable"),
        (lambda head: head.replace(b'"schema":1', b'"schema":true'), "quarantined:unreadable"),
        (lambda head: head.replace(b'"author":"', b'"author":"x'), "quarantined:unreadable"),
        # Otherwise written, and still the same to every reader.
        (lambda head: head.replace(b'"v":1', b'"v": 1'), "applied"),
        (lambda head: head.replace(b'{"alg"', b'{"z":{"a":[1]},"alg"'), "applied"),
    ],
)
def test_a_head_must_have_every_part_in_its_shape(ward, change, expected):
    desk, clerk = ward.desk(), ward.person("window")
    good = desk.receipt(clerk, uuid4())
    assert desk.push(altered(desk, clerk, change), good) == [expected, "applied"]


def test_spoilt_signature_and_payload_are_quarantined_and_hold_up_their_case_alone(ward):
    desk, clerk = ward.desk(), ward.person("window")
    case, other = desk.receive(clerk), desk.receive(clerk)
    bad = spoilt(desk.act("accept", clerk, case, complete=True), mac=bytes(32))
    cut = spoilt(desk.act("accept", clerk, other, complete=True), payload=b"another")
    assert desk.push(
        bad, desk.act("note", clerk, case), cut, desk.act("note", clerk, other), desk.receipt(clerk, uuid4())
    ) == [
        "quarantined:person_mac", "parked:behind_quarantined",
        "quarantined:payload", "parked:behind_quarantined", "applied",
    ]  # fmt: skip
    assert desk.do("dispatch", clerk, case, 1) == "parked:behind_quarantined"


def test_what_stood_behind_goes_on_when_the_quarantined_one_is_settled(ward):
    desk, clerk = ward.desk(), ward.person("window")
    case = desk.receive(clerk)
    bad = spoilt(desk.act("note", clerk, case), mac=bytes(32))
    behind = desk.act("accept", clerk, case, complete=True)
    assert desk.push(bad, behind) == ["quarantined:person_mac", "parked:behind_quarantined"]
    settled = {"op_id": str(bad.op_id), "case": str(case)}
    assert desk.do("attention_settled", clerk, how="escalated", **settled) == "applied"
    assert desk.history(behind) == ["parked:behind_quarantined"]
    assert desk.do("attention_settled", clerk, how="withdrawn", **settled) == "applied"
    assert desk.history(behind) == ["parked:behind_quarantined", "applied"]
    assert desk.history(bad) == ["quarantined:person_mac"]


def test_a_withdrawn_parked_operation_never_applies(ward):
    desk, clerk = ward.desk(), ward.person("window")
    case = uuid4()
    receipt, early = desk.receipt(clerk, case), desk.act("accept", clerk, case, complete=True)
    assert desk.push(early) == ["parked:case_unknown"]
    desk.do("attention_settled", clerk, op_id=str(early.op_id), how="withdrawn", case=str(case))
    assert desk.push(receipt) == ["applied"]
    assert desk.history(early) == ["parked:case_unknown", "rejected:settled"]


def test_the_same_act_from_a_new_enrolment_is_a_duplicate(ward):
    desk, clerk = ward.desk(), ward.person("window")
    case = uuid4()
    receipt = desk.receipt(clerk, case)
    assert desk.push(receipt) == ["applied"]
    again = ward.desk()
    again.keys = desk.keys
    assert again.push(receipt, again.act("note", ward.person("window"), case)) == ["duplicate", "applied"]
    assert again.push(receipt) == ["duplicate"]
    assert ward.one("SELECT version FROM owd_data.case_ WHERE case_id = %s", case) == 1


def test_an_op_id_with_another_head_is_no_duplicate(ward):
    desk, clerk = ward.desk(), ward.person("window")
    case = desk.receive(clerk)
    note = desk.act("note", clerk, case)
    assert desk.push(note, desk.act("note", clerk, case, named=note.op_id, text=1)) == [
        "applied", "quarantined:op_id",
    ]  # fmt: skip


def test_a_forged_one_does_not_take_the_name_of_the_real_one(ward):
    desk, clerk = ward.desk(), ward.person("window")
    receipt = desk.receipt(clerk, uuid4())
    forged = spoilt(desk.receipt(clerk, uuid4()), mac=bytes(32))
    forged.head, forged.payload = receipt.head, receipt.payload
    other = ward.desk()
    other.keys = desk.keys
    ward.owner.execute(
        "INSERT INTO owd_data.person_key SELECT %s, key_id, person_id, key FROM owd_data.person_key"
        " WHERE replica = %s",
        (other.replica, desk.replica),
    )
    assert other.push(forged) == ["quarantined:person_mac"]
    assert desk.push(receipt) == ["applied"]


def test_a_receipt_number_is_given_once(ward):
    desk, clerk = ward.desk(), ward.person("window")
    number = ward.number()
    first, second = (desk.receipt(clerk, uuid4(), receipt_no=number) for _ in range(2))
    assert desk.push(first, second) == ["applied", "quarantined:receipt_no"]
    assert desk.push(desk.receipt(clerk, uuid4(), receipt_no=number)) == ["quarantined:receipt_no"]


def test_an_unknown_person_key_parks_until_it_is_known(ward):
    desk, clerk = ward.desk(), ward.person("window")
    receipt = desk.receipt(clerk, uuid4(), told=False)
    assert desk.push(receipt) == ["parked:person_key_unknown"]
    key_id = desk.tell_key(clerk)
    ward.owner.execute("SELECT owd_inner.judge_again(%s, 'person_key_unknown', %s)", (ward.code, key_id))
    assert desk.history(receipt) == ["parked:person_key_unknown", "applied"]


def test_a_key_of_another_persons_does_not_sign_for_this_one(ward):
    desk, clerk, other = ward.desk(), ward.person("window"), ward.person("window")
    desk.key_of(other)
    desk.keys[clerk] = desk.keys[other]
    assert desk.push(desk.receipt(clerk, uuid4())) == ["parked:person_key_unknown"]


def test_many_unreadable_ones_in_one_push_are_all_stored_in_the_end(ward):
    desk, clerk = ward.desk(), ward.person("window")
    acts = [altered(desk, clerk, lambda head: head.replace(b'"v":1', b'"v":2')) for _ in range(130)]
    desk.add(*acts)
    first, verdicts = 1, []
    while first <= 130:
        answer = desk.send(first, 130)
        assert answer["status"] == "ok"
        assert len(answer["verdicts"]) <= 64
        verdicts += answer["verdicts"]
        first = answer["last_seq"] + 1
    assert [row["seq"] for row in verdicts] == list(range(1, 131))


def test_two_connections_of_one_street_at_once_leave_no_hole(ward):
    desks, clerk = [ward.desk(), ward.desk()], ward.person("window")
    for desk in desks:
        desk.key_of(clerk)
        for _ in range(40):
            desk.add(desk.receipt(clerk, uuid4()))
        del desk.keys[clerk]
    together = threading.Barrier(2)

    def send(desk):
        together.wait(30)
        for first in range(1, 41, 4):
            assert desk.send(first, first + 3)["last_seq"] == first + 3

    threads = [threading.Thread(target=send, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    rows = desks[0].pull()
    assert [row.seq for row in rows] == list(range(1, 81))
    assert {row.verdict for row in rows} == {"applied"}


def test_the_same_push_on_two_connections_is_taken_once(ward):
    desk, clerk = ward.desk(), ward.person("window")
    desk.add(*(desk.receipt(clerk, uuid4()) for _ in range(30)))
    together = threading.Barrier(2)
    answers = []

    def send():
        with desk.connect() as connection:
            together.wait(30)
            answers.append(desk.send(1, 30, connection))

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [(answer["status"], answer["last_seq"]) for answer in answers] == [("ok", 30)] * 2
    assert len(desk.pull()) == 30


def test_another_desks_replica_and_an_unknown_one_are_refused_alike(ward):
    desk, other = ward.desk(), ward.desk()
    desk.add(desk.receipt(ward.person("window"), uuid4()))
    mine = desk.replica
    for replica in (other.replica, uuid4()):
        desk.replica = replica
        with pytest.raises(psycopg.Error) as caught:
            desk.send(1, 1)
        assert caught.value.sqlstate == "OW401"
    desk.replica = mine
    assert desk.send(1, 1)["status"] == "ok"


def test_a_revoked_desk_gives_nothing_more(ward):
    desk = ward.desk()
    desk.add(desk.receipt(ward.person("window"), uuid4()))
    ward.owner.execute("UPDATE owd_data.desk SET revoked_at = now() WHERE desk_id = %s", (desk.desk_id,))
    with pytest.raises(psycopg.Error) as caught:
        desk.send(1, 1)
    assert caught.value.sqlstate == "OW401"


def test_an_old_picture_of_the_tables_is_no_way_round_a_revocation(ward):
    desk = ward.desk()
    desk.add(desk.receipt(ward.person("window"), uuid4()))
    desk.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    with pytest.raises(psycopg.Error) as caught:
        desk.send(1, 1)
    assert caught.value.sqlstate == "OW422"
    desk.connection.execute("ROLLBACK")


@pytest.mark.parametrize(
    "setting",
    [
        "standard_conforming_strings = off",
        "datestyle = 'German, DMY'",
        "timezone = 'America/Caracas'",
        "bytea_output = escape",
        "search_path = pg_temp, owd",
        "enable_indexscan = off",
        "transform_null_equals = on",
        "extra_float_digits = -5",
    ],
)
def test_the_callers_settings_change_nothing(ward, setting):
    desk, clerk = ward.desk(), ward.person("window")
    desk.connection.execute(f"SET {setting}".encode())
    case = desk.receive(clerk)
    assert desk.do("accept", clerk, case, complete=True, deemed_accepted=None) == "applied"
    assert len(desk.pull()) == 2


def test_operations_and_feed_are_never_changed_even_by_the_owner(ward):
    desk = ward.desk()
    desk.receive(ward.person("window"))
    for statement in (
        "UPDATE owd_data.operation SET head = ''",
        "DELETE FROM owd_data.operation",
        "UPDATE owd_data.feed SET verdict = ''",
        "DELETE FROM owd_data.feed",
        "TRUNCATE owd_data.feed",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ward.owner.execute(statement.encode())
