import json
from uuid import uuid4

import psycopg
import pytest

from onewindow_desk.central.schema import bring_up
from onewindow_desk.domain.exchange import Cursor, decode_replica
from onewindow_desk.domain.operation import GENESIS, digest
from onewindow_desk.faults import Refusal, Unreachable

SAID = {
    "app": "0.1.0", "protocols": [1], "kinds": [], "last_seq": 0, "last_hash": GENESIS, "acked": 0,
    "acked_hash": GENESIS, "cursor": 0, "chain": GENESIS, "sent_at": "2026-09-21T01:42:00Z",
}  # fmt: skip


def hello(desk, **said):
    row = desk.connection.execute("SELECT owd.hello(%s, %s)", (desk.replica, json.dumps({**SAID, **said})))
    return row.fetchone()[0]


def snapshot(desk, after=0, upto=10_000, limit=1000):
    call = "SELECT * FROM owd.snapshot(%s, %s, %s, %s)"
    return desk.connection.execute(call, (desk.replica, after, upto, limit)).fetchall()


def renew(desk, replica, key="ab" * 32):
    new = json.dumps({"replica": str(replica), "public_key": key})
    return desk.connection.execute("SELECT owd.renew(%s, %s)", (desk.replica, new)).fetchone()[0]


def state(call):
    with pytest.raises(psycopg.Error) as caught:
        call()
    assert caught.value.diag.message_detail is None
    return caught.value.sqlstate


def test_the_feed_has_no_hole_and_every_row_binds_the_one_before(ward):
    desk, other, clerk = ward.desk(), ward.desk(), ward.person("window")
    for _ in range(3):
        desk.receive(clerk)
        other.receive(clerk)
    rows = other.pull()  # holds every row to the chain
    assert [row.seq for row in rows] == list(range(1, 7))
    assert rows[-1].chain == ward.one(
        "SELECT encode(chain, 'hex') FROM owd_data.street WHERE street = %s", ward.code
    )
    last = desk.connection.execute("SELECT * FROM owd.head(%s)", (desk.replica,)).fetchone()
    assert last == (6, bytes.fromhex(rows[-1].chain))


def test_a_pull_goes_on_where_the_last_one_ended(ward):
    desk, clerk = ward.desk(), ward.person("window")
    desk.push(*(desk.receipt(clerk, uuid4()) for _ in range(7)))
    cursor, seen = Cursor(), []
    while rows := desk.pull(cursor, 3):
        assert len(rows) <= 3
        seen += [row.seq for row in rows]
        cursor = Cursor(rows[-1].seq, rows[-1].chain)
    assert seen == list(range(1, 8))
    assert len(desk.pull(limit=0)) == 1


@pytest.mark.parametrize(
    "cursor", [Cursor(1), Cursor(1, "ab" * 32), Cursor(99, "ab" * 32), Cursor(0, "ab" * 32)]
)
def test_a_cursor_of_another_tail_is_not_known(ward, cursor):
    desk = ward.desk()
    desk.receive(ward.person("window"))
    assert state(lambda: desk.pull(cursor)) == "OW409"
    assert not hello(desk, cursor=cursor.seq, chain=cursor.chain)["feed_known"]
    assert hello(desk)["feed_known"]


def test_another_streets_cursor_and_rows_are_not_here(ward, cluster, central, owner):
    desk = ward.desk()
    desk.receive(ward.person("window"))
    elsewhere = type(ward)(cluster, central, owner)
    try:
        stranger = elsewhere.desk()
        stranger.receive(elsewhere.person("window"))
        assert len(stranger.pull()) == 1
        row = desk.pull()[0]
        assert state(lambda: stranger.pull(Cursor(1, row.chain))) == "OW409"
        stranger.replica = desk.replica
        for call in (stranger.pull, lambda: snapshot(stranger), lambda: renew(stranger, desk.replica)):
            assert state(call) in {"OW401", "OW410"}
    finally:
        elsewhere.close()


def test_payloads_go_to_desks_whose_scope_needs_them_and_to_their_own(ward):
    window, archive = ward.desk("window"), ward.desk("system_admin")
    clerk = ward.person("window")
    case = window.receive(clerk)
    archive.do("note", clerk, case)
    window.do("signed_in", clerk)
    sent = [window.chain[0][0], archive.chain[0][0], window.chain[1][0]]
    assert [row[12:14] for row in snapshot(window)] == [(act.head, act.payload) for act in sent]
    assert [row[13] is None for row in snapshot(archive)] == [True, False, False]


def test_a_snapshot_leaves_out_cases_that_are_long_over(ward):
    desk, clerk = ward.desk(), ward.person("window")
    old_file, new_file, lone_file = ward.file(), ward.file(), ward.file()
    old, recent, living = (desk.receive(clerk, files=[name]) for name in (old_file, new_file, new_file))
    refused = desk.act("accept", clerk, old)
    for case in (old, recent):
        assert desk.do("not_required", clerk, case, reason_given=True) == "applied"
    desk.push(refused, desk.act("signed_in", clerk), desk.act("accept", clerk, uuid4()))
    for name in (old_file, new_file, lone_file):
        ward.owner.execute(
            "SELECT owd_inner.append_feed(%s, 'file', %s, '', '', NULL, NULL, NULL, NULL, NULL, NULL)",
            (ward.code, bytes.fromhex(name)),
        )
    ward.owner.execute(
        "UPDATE owd_data.case_ SET closed_at = now() - interval '91 days' WHERE case_id = %s", (old,)
    )
    ward.owner.execute(
        "UPDATE owd_data.file SET complete_at = now() - interval '91 days'"
        " WHERE street = %s AND sha256 <> %s",
        (ward.code, bytes.fromhex(lone_file)),
    )
    rows = snapshot(desk)
    assert {row[7] for row in rows if row[2] == "op" and row[4] == "applied"} == {recent, living, None}
    assert [row[6] for row in rows if row[4] == "rejected"] == [refused.op_id]
    assert [row[5] for row in rows if row[4] == "parked"] == ["case_unknown"]
    assert [row[3].hex() for row in rows if row[2] == "file"] == [new_file, lone_file]
    paged, after = [], 0
    while page := snapshot(desk, after, rows[-1][0], 2):
        paged += page
        after = page[-1][0]
    assert paged == rows
    assert snapshot(desk, 0, 2)[-1][0] == 2


def test_hello_says_what_the_central_has(ward):
    desk, clerk = ward.desk(), ward.person("window")
    desk.receive(clerk)
    answer = hello(desk)
    assert answer["last_seq"] == 1
    assert answer["last_hash"] == desk.chain[0][1]
    assert (answer["head"], answer["closed"], answer["street"]) == (1, False, ward.code)
    assert (answer["label"], answer["scope"], answer["series"]) == ("一号窗口", ["window"], 1)
    assert "receive" in answer["kinds"]
    assert not answer["upgrade"]
    assert hello(desk, app="0.0.9")["upgrade"]
    assert answer["epoch"] == hello(desk)["epoch"]


def test_hello_of_another_time(ward):
    desk = ward.desk()
    assert state(lambda: hello(desk, protocols=[7])) == "OW426"
    assert state(lambda: hello(desk, cursor="x")) == "OW422"
    desk.replica = uuid4()
    answer = hello(desk)
    assert (answer["closed"], answer["last_seq"], answer["last_hash"]) == (True, 0, GENESIS)


def test_a_renewal_ends_the_old_enrolment_and_is_answered_alike_when_asked_again(ward):
    desk, new = ward.desk(), uuid4()
    leased = renew(desk, new)
    assert renew(desk, new) == leased
    assert state(lambda: renew(desk, new, "cd" * 32)) == "OW410"
    assert state(desk.pull) == "OW410"
    assert hello(desk)["closed"]
    old, desk.replica = desk.replica, new
    bodies = [decode_replica(row.body) for row in desk.pull()]
    assert [(body.replica, body.closed) for body in bodies] == [(old, True), (new, False)]
    assert [row.subject for row in desk.pull()] == [digest(row.body) for row in desk.pull()]
    assert bodies[1].series == leased["series"]
    assert hello(desk)["spare_series"] == leased["spare_series"]


def test_a_new_enrolment_that_a_clone_used_up_is_answered_and_closed(ward):
    desk, new = ward.desk(), uuid4()
    leased = renew(desk, new)
    old, desk.replica = desk.replica, new
    renew(desk, uuid4())
    desk.replica = old
    assert renew(desk, new) == leased
    desk.replica = new
    assert hello(desk)["closed"]
    assert renew(desk, uuid4())["series"] != leased["series"]


def test_series_are_never_given_twice(ward):
    desk, given = ward.desk(), []
    for _ in range(4):
        new = uuid4()
        leased = renew(desk, new)
        given += [leased["series"], *leased["spare_series"]]
        desk.replica = new
    assert len(set(given)) == len(given)


def test_what_a_renewed_desk_carries_on_keeps_its_persons_signature(ward):
    desk, clerk = ward.desk(), ward.person("window")
    known, unsent = desk.receipt(clerk, uuid4()), desk.receipt(clerk, uuid4())
    assert desk.push(known) == ["applied"]
    new = uuid4()
    renew(desk, new)
    desk.replica, desk.chain = new, []
    assert desk.push(known, unsent) == ["duplicate", "applied"]


def test_an_unknown_old_enrolment_may_be_renewed(ward):
    desk = ward.desk()
    desk.replica, new = uuid4(), uuid4()
    assert renew(desk, new)["series"] > 0
    desk.replica = new
    assert not hello(desk)["closed"]


def attached(ward, upto, last_hash):
    desk = ward.desk()
    ward.owner.execute(
        "UPDATE owd_data.replica SET attached_upto = %s, attached_hash = %s WHERE replica = %s",
        (upto, bytes.fromhex(last_hash), desk.replica),
    )
    return desk


@pytest.mark.parametrize("alone", [True, False])
def test_an_attached_history_is_applied_and_brings_its_people(ward, alone):
    desk = attached(ward, 5, GENESIS)
    if not alone:
        ward.person("window")
    admin, clerk, case = uuid4(), uuid4(), uuid4()
    acts = [
        desk.act("street_founded", admin, told=False, street=ward.code, series=1),
        desk.act("person_added", admin, told=False, person_id=str(admin), roles=["system_admin"]),
        desk.act("person_added", admin, told=False, person_id=str(clerk), roles=["window"]),
        desk.receipt(clerk, case, told=False),
        desk.act("accept", clerk, case, told=False, complete=True),
        desk.act("dispatch", clerk, case, 2, told=False),
    ]
    desk.add(*acts)
    assert desk.send(1, 6)["status"] == "fork"
    ward.owner.execute(
        "UPDATE owd_data.replica SET attached_hash = %s WHERE replica = %s",
        (bytes.fromhex(desk.chain[4][1]), desk.replica),
    )
    answer = desk.send(1, 6)
    assert answer["verdicts"] == [{"seq": 6, "verdict": "parked", "reason": "person_key_unknown"}]
    people = ward.owner.execute(
        "SELECT person_id, roles FROM owd_data.person WHERE street = %s AND origin = %s",
        (ward.code, desk.replica),
    ).fetchall()
    # A street that has people gives those of a history no roles by itself.
    assert dict(people) == ({admin: ["system_admin"], clerk: ["window"]} if alone else {admin: [], clerk: []})


def test_a_history_of_another_street_does_not_found_this_one(ward):
    desk, admin = ward.desk(), uuid4()
    act = desk.act("street_founded", admin, told=False, street="999", series=1)
    desk.add(act)
    ward.owner.execute(
        "UPDATE owd_data.replica SET attached_upto = 1, attached_hash = %s WHERE replica = %s",
        (bytes.fromhex(desk.chain[0][1]), desk.replica),
    )
    assert desk.send(1, 1)["verdicts"] == [{"seq": 1, "verdict": "rejected", "reason": "street"}]


def test_the_schema_may_be_brought_up_again_and_keeps_what_is_there(ward, cluster, central):
    desk = ward.desk()
    desk.receive(ward.person("window"))
    before = ward.owner.execute("SELECT * FROM owd_data.rule ORDER BY kind").fetchall()
    bring_up(cluster.owner_dsn(central))
    assert ward.owner.execute("SELECT * FROM owd_data.rule ORDER BY kind").fetchall() == before
    assert len(desk.pull()) == 1


def test_the_schema_is_not_brought_up_by_just_anybody(ward, cluster, central):
    desk = ward.desk()
    with pytest.raises(Refusal, match="超级用户"):
        bring_up(cluster.dsn(desk.login, "a word for the test", central))
    with pytest.raises(Unreachable):
        bring_up("host=127.0.0.1 port=1 connect_timeout=2")
