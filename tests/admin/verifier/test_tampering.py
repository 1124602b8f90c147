"""What somebody with the whole database in hand may have done to it, each at many places, each found.

Three strengths of attacker: one who changes rows; one who also computes every hash anew (`mend`); one
who also replaces a desk's key and signs anew. The last is only found with something noted down outside.
"""

import json
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onewindow_desk.admin.verifier.form import Dump
from onewindow_desk.admin.verifier.noted import checkpoint, load_checkpoint
from onewindow_desk.domain.operation import canonical, desk_statement, digest

PLACES = 25
OWN_KEY = Ed25519PrivateKey.from_private_bytes(b"x" * 32)


def head_of(row):
    return json.loads(bytes.fromhex(row["head"]))


def with_head(row, **changed):
    row["head"] = canonical({**head_of(row), **changed}).hex()


def flipped(text):
    return f"{int(text[:2], 16) ^ 1:02x}{text[2:]}"


def change_head(world, pick):
    row = pick(world.ops)
    with_head(row, at="2026-09-22T01:00:00Z")


def change_head_and_mend(world, pick):
    change_head(world, pick)
    world.mend()


def change_author_and_sign_anew(world, pick):
    row = pick(world.ops)
    with_head(row, author="00000000-0000-0000-0000-00000000beef")
    world.mend().sign_anew(row["replica"], OWN_KEY)


def change_payload(world, pick):
    # A quarantined one may have come like this.
    row = pick([row for row in world.ops if row["verdict"] != "quarantined"])
    row["payload"] = flipped(row["payload"])


def change_payload_with_its_hash(world, pick):
    row = pick(world.ops)
    changed = bytes.fromhex(flipped(row["payload"]))
    row["payload"] = changed.hex()
    with_head(row, payload_sha256=digest(changed))
    world.mend()


def change_hash(world, pick):
    row = pick(world.ops)
    row["hash"] = digest(row["hash"].encode())


def lose_operation(world, pick):
    world.ops.remove(pick(world.ops))


def drop(world, row):
    world.ops.remove(row)
    name = (row["replica"], row["seq"])
    world.feed = [line for line in world.feed if (line["replica"], line["op_seq"]) != name]


def erase_operation_and_mend(world, pick):
    # The last one of a chain leaves no trace in it: that is what checkpoints are for (below).
    row = pick([row for row in world.ops if row["seq"] < last_seq(world, row["replica"])])
    drop(world, row)
    world.mend()


def last_seq(world, replica):
    return max(row["seq"] for row in world.ops if row["replica"] == replica)


def erase_and_sign_anew(world, pick):
    row = pick(world.ops)
    drop(world, row)
    world.mend().sign_anew(row["replica"], OWN_KEY)


def swap_operations(world, pick):
    # Between two chains there is no order.
    ops = world.ops
    place = pick([at for at in range(len(ops) - 1) if ops[at]["replica"] == ops[at + 1]["replica"]])
    world.ops[place : place + 2] = reversed(world.ops[place : place + 2])


def swap_contents_and_mend(world, pick):
    row = pick([row for row in world.ops if row["seq"] > 1])
    before = world.op(row["replica"], row["seq"] - 1)
    for name in ("head", "payload", "signature", "mac"):
        row[name], before[name] = before[name], row[name]
    world.mend()


def insert_copy(world, pick):
    place = pick(range(len(world.ops)))
    world.ops.insert(place, dict(world.ops[place]))


def forge_one_more(world, pick):
    row = dict(pick(world.ops))
    with_head(row, op_id="00000000-0000-0000-0000-0000000f0f0f", kind="note", base=None)
    row.update(seq=last_seq(world, row["replica"]) + 1, verdict="applied")
    world.ops.append(row)
    told = {name: head_of(row)[name] for name in ("op_id", "case_id")}
    place = {"replica": row["replica"], "op_seq": row["seq"]}
    world.publish(what="op", subject="", verdict="applied", reason="", **told, **place)
    world.mend()


def swap_signatures(world, pick):
    row, other = pick(world.ops[:-1]), world.ops[-1]
    row["signature"], other["signature"] = other["signature"], row["signature"]


def sign_with_another_desks_key(world, pick, desk):
    row = pick([row for row in world.ops if row["replica"] != str(desk(2).keys.replica)])
    row["signature"] = desk(2).keys.desk.sign(desk_statement(row["hash"])).hex()


def swap_public_keys(world, pick):
    first, second = world.replicas[:2]
    first["public_key"], second["public_key"] = second["public_key"], first["public_key"]


def move_into_another_chain(world, pick):
    row = pick([row for row in world.ops if row["replica"] != world.replicas[1]["replica"]])
    old = (row["replica"], row["seq"])
    new = (world.replicas[1]["replica"], last_seq(world, world.replicas[1]["replica"]) + 1)
    row["replica"], row["seq"] = new
    for line in world.feed:
        if (line["replica"], line["op_seq"]) == old:
            line["replica"], line["op_seq"] = new
    world.mend()


def change_verdict(world, pick):
    row = pick([row for row in world.feed if row["what"] in ("op", "verdict")])
    row["verdict"] = "rejected" if row["verdict"] != "rejected" else "applied"


def change_verdict_and_mend(world, pick):
    change_verdict(world, pick)
    world.mend()


def lose_feed_row(world, pick):
    world.feed.remove(pick(world.feed))


def lose_feed_row_and_mend(world, pick):
    world.feed.remove(pick([row for row in world.feed if row["what"] == "op"]))
    world.mend()


def repeat_feed_row_and_mend(world, pick):
    row = pick([row for row in world.feed if row["what"] == "op"])
    world.feed.insert(world.feed.index(row) + 1, dict(row))
    world.mend()


def move_feed_row(world, pick):
    place = pick(range(len(world.feed) - 1))
    world.feed[place : place + 2] = reversed(world.feed[place : place + 2])


def move_feed_row_and_mend(world, pick):
    rows = [row for row in world.feed if row["what"] == "op"]
    row = pick(rows[:-1])
    later = next((r for r in rows[rows.index(row) + 1 :] if r["replica"] == row["replica"]), None)
    if later is None:
        row, later = rows[0], next(r for r in rows[1:] if r["replica"] == rows[0]["replica"])
    here, there = world.feed.index(row), world.feed.index(later)
    world.feed[here], world.feed[there] = later, row
    world.mend()


def change_feed_column(world, pick):
    row = pick([row for row in world.feed if row["what"] == "op"])
    row[pick(["op_id", "case_id"])] = "00000000-0000-0000-0000-00000000abcd"


def raise_version(world, pick):
    row = pick([row for row in world.feed if row["verdict"] == "applied"])
    row["case_version"] += 2


def change_body(world, pick):
    row = pick([row for row in world.feed if row["body"]])
    row["body"] = row["body"].replace("22", "23", 1)


def change_body_and_mend(world, pick):
    row = pick([row for row in world.feed if row["what"] == "replica"])
    other = pick([line["public_key"] for line in world.replicas if line["replica"] not in body_text(row)])
    body = {**json.loads(body_text(row)), "public_key": other}
    row.update(body=canonical(body).hex(), subject=digest(canonical(body)))
    world.mend()


def body_text(row):
    return bytes.fromhex(row["body"]).decode()


def cut_tail(world, pick):
    keep = pick(range(4, len(world.feed) - 1))
    world.feed = world.feed[:keep]
    kept = {(row["replica"], row["op_seq"]) for row in world.feed}
    world.ops = [row for row in world.ops if (row["replica"], row["seq"]) in kept]
    world.mend()


def rewrite_everything(world, pick):
    pick(world.ops)["payload"] = None
    with_head(pick(world.ops), at="2026-09-23T01:00:00Z")
    world.mend()
    for row in world.replicas:
        world.sign_anew(row["replica"], OWN_KEY)


def invent_a_desk(world, pick, desk):
    made_up = world.enrol(desk(100 + pick(range(50))))
    world.case(made_up, 77)
    world.mend()


def lose_a_street(world, pick):
    name = pick(world.replicas)["replica"]
    for row in [row for row in world.ops if row["replica"] == name]:
        drop(world, row)
    world.feed = [row for row in world.feed if not (row["body"] and name in body_text(row))]
    world.replicas = [row for row in world.replicas if row["replica"] != name]
    world.mend()


TAMPERING = [
    (change_head, {"hash"}),
    (change_head_and_mend, {"signature"}),
    (change_payload, {"payload"}),
    (change_payload_with_its_hash, {"signature"}),
    (change_hash, {"hash"}),
    (lose_operation, {"place", "chain_end"}),
    (erase_operation_and_mend, {"signature"}),
    (swap_operations, {"place"}),
    (swap_contents_and_mend, {"signature"}),
    (insert_copy, {"place"}),
    (forge_one_more, {"signature"}),
    (swap_signatures, {"signature"}),
    (sign_with_another_desks_key, {"signature"}),
    (swap_public_keys, {"announced"}),
    (move_into_another_chain, {"signature"}),
    (change_verdict, {"feed_chain"}),
    (lose_feed_row, {"feed_place", "feed_end"}),
    (lose_feed_row_and_mend, {"unpublished"}),
    (repeat_feed_row_and_mend, {"verdict"}),
    (move_feed_row, {"feed_place"}),
    (move_feed_row_and_mend, {"order"}),
    (change_feed_column, {"names"}),
    (raise_version, {"version"}),
    (change_body, {"subject"}),
    (change_body_and_mend, {"announced"}),
]
ONLY_WITH_A_CHECKPOINT = [
    (change_author_and_sign_anew, {"known_chain"}),
    (erase_and_sign_anew, {"known_chain"}),
    (change_verdict_and_mend, {"known_feed"}),
    (cut_tail, {"known_feed", "known_chain"}),
    (rewrite_everything, {"known_chain"}),
    (lose_a_street, {"known_chain"}),
]


@pytest.fixture
def tampered(lived, desk):
    """A sound world after some tampering at one place; `place` repeats exactly."""

    def run(tamper, place):
        world, chance = lived.copy(), random.Random(f"{tamper.__name__} {place}")
        needs = (desk,) if tamper.__code__.co_argcount == 3 else ()
        tamper(world, chance.choice, *needs)
        return world

    return run


@pytest.fixture
def remembered(lived, found):
    """What an honest witness noted down of the sound world, put into a fresh verification."""
    honest = Dump()
    assert found(lived.lines(), honest) == []
    data = json.dumps(checkpoint(honest)).encode()

    def run():
        dump = Dump()
        load_checkpoint(data, dump)
        return dump

    return run


@pytest.mark.parametrize(("tamper", "expected"), TAMPERING, ids=lambda value: getattr(value, "__name__", ""))
def test_tampering_is_found_from_the_dump_alone(tampered, found, tamper, expected):
    for place in range(PLACES):
        kinds = set(found(tampered(tamper, place).lines()))
        assert kinds & expected, f"place {place}: {kinds}"


@pytest.mark.parametrize(
    ("tamper", "expected"), ONLY_WITH_A_CHECKPOINT, ids=lambda value: getattr(value, "__name__", "")
)
def test_tampering_with_every_key_in_hand_is_found_by_a_witness(
    tampered, found, remembered, tamper, expected
):
    for place in range(PLACES):
        kinds = set(found(tampered(tamper, place).lines(), remembered()))
        assert kinds & expected, f"place {place}: {kinds}"


def test_a_witness_finds_nothing_in_a_central_that_went_on(world, found, remembered, desk):
    later = world.enrol(desk(4))
    world.case(later, 50)
    world.mend()
    assert found(world.lines(), remembered()) == []


def test_a_desk_that_was_made_up_is_found_when_all_desks_were_noted(tampered, found, remembered):
    for place in range(PLACES):
        lines = tampered(invent_a_desk, place).lines()
        assert found(lines) == []
        assert found(lines, remembered(), known_desks_only=True) == ["new_enrolment"]


def test_a_replaced_key_is_found_even_where_the_chain_was_not_touched(world, found, remembered):
    world.sign_anew(world.replicas[2]["replica"], OWN_KEY)
    assert set(found(world.lines(), remembered())) == {"known_key", "known_feed"}


def test_rows_without_an_operation_are_missed_at_the_feeds_end_too(lived, world, found):
    world.publish_body("person", {"person_id": "somebody"})
    later, dump = Dump(), Dump()
    assert found(world.mend().lines(), later) == []
    load_checkpoint(json.dumps(checkpoint(later)).encode(), dump)
    assert found(lived.lines(), dump) == ["known_feed"]


def test_a_checkpoint_that_cannot_be_read_is_refused(tmp_path, world, capsys):
    from onewindow_desk.admin.verifier.command import main

    dump, noted = tmp_path / "dump", tmp_path / "noted"
    dump.write_bytes(b"\n".join(world.lines()))
    for content in ("", "[]", '{"checkpoint": 1}', '{"checkpoint": 2, "streets": {}, "replicas": {}}'):
        noted.write_text(content)
        assert main([str(dump), "--checkpoint", str(noted), "--workers", "1"]) == 2, content
        assert "先前记下的末端读不懂" in capsys.readouterr().err


def test_the_command_notes_ends_and_compares_with_them(tmp_path, lived, world, tampered, capsys):
    from onewindow_desk.admin.verifier.command import main

    dump, noted = tmp_path / "dump", tmp_path / "noted"
    dump.write_bytes(b"\n".join(world.lines()))
    assert main([str(dump), "--write-checkpoint", str(noted), "--workers", "1"]) == 0
    dump.write_bytes(b"\n".join(tampered(cut_tail, 0).lines()))
    assert main([str(dump), "--workers", "1"]) == 0
    assert main([str(dump), "--checkpoint", str(noted), "--workers", "1"]) == 1
    assert "缩短过或改写过" in capsys.readouterr().out
