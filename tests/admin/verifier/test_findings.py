"""What no attacker need have done: acts out of their order, numbers used twice, dumps that are not whole."""

import json
import random
from datetime import date
from operator import itemgetter

import pytest

from onewindow_desk.admin.verifier.form import Dump
from onewindow_desk.admin.verifier.noted import check_receipt
from onewindow_desk.domain.exchange import feed_chain
from onewindow_desk.domain.numbering import make_receipt_no
from onewindow_desk.domain.operation import GENESIS, Place, canonical, desk_statement, digest, link_hash


def head_of(row):
    return json.loads(bytes.fromhex(row["head"]))


def with_head(row, **changed):
    row["head"] = canonical({**head_of(row), **changed}).hex()


def body_text(row):
    return bytes.fromhex(row["body"]).decode()


def numbered(world):
    return [row for row in world.ops if head_of(row)["kind"] == "receive"]


def sealed_anew(world, desk, row, **envelope):
    """The desk itself signs other content: what only its own program can have done."""
    head = head_of(row)
    with_head(row, envelope={**head["envelope"], **envelope})
    world.mend()
    for made in (desk(1), desk(2), desk(3)):
        for other in world.ops:
            if other["replica"] == str(made.keys.replica):
                other["signature"] = made.keys.desk.sign(desk_statement(other["hash"])).hex()


@pytest.mark.parametrize("place", range(5))
def test_numbers_are_used_once_have_their_digit_and_their_street(world, found, desk, place):
    rows = numbered(world)
    number = head_of(rows[place])["envelope"]["receipt_no"]
    other = head_of(rows[place - 1])["envelope"]["receipt_no"]
    wrong_digit = number[:-1] + str((int(number[-1]) + 1) % 10)

    for given, kinds in ((other, ["number"]), (wrong_digit, ["digit"]), (number[:17], ["digit"])):
        changed = world.copy()
        sealed_anew(changed, desk, numbered(changed)[place], receipt_no=given)
        assert found(changed.lines()) == kinds

    elsewhere = make_receipt_no("116", date(2026, 9, 21), 1, 1)
    sealed_anew(world, desk, rows[place], receipt_no=elsewhere)
    assert found(world.lines()) == ["street"]


def test_one_act_counts_once(world, found):
    duplicate = next(row for row in world.ops if row["verdict"] == "duplicate")
    published = next(row for row in world.feed if row["verdict"] == "duplicate")
    duplicate["verdict"] = published["verdict"] = "applied"
    published["case_version"] = None
    assert found(world.mend().lines()) == ["twice"]


def test_a_duplicate_without_its_original_is_found(world, found):
    row = next(row for row in world.ops if row["verdict"] == "applied" and head_of(row)["kind"] == "note")
    row["verdict"] = "duplicate"
    next(line for line in world.feed if line["subject"] == row["hash"])["verdict"] = "duplicate"
    assert found(world.mend().lines()) == ["original"]


def test_a_decision_on_another_version_is_found(world, found):
    row = next(line for line in world.feed if line["verdict"] == "rejected")
    row["verdict"] = world.op(row["replica"], row["op_seq"])["verdict"] = "applied"
    row["case_version"] = 3
    assert found(world.mend().lines()) == ["base"]


def test_operations_before_the_key_or_after_the_end_are_found(world, found):
    announced = next(row for row in world.feed if row["what"] == "replica")
    world.feed.remove(announced)
    world.feed.append(announced)
    assert set(found(world.mend().lines())) == {"early"}

    body = {**json.loads(body_text(announced)), "closed": True}
    ending = {**announced, "body": canonical(body).hex(), "subject": digest(canonical(body))}
    world.feed = [announced, ending, *world.feed[:-1]]
    assert set(found(world.mend().lines())) == {"ended"}


def test_what_cannot_be_read_must_be_quarantined(world, found, desk):
    row = world.ops[4]
    row["head"] = b"{not json".hex()
    sealed_place = next(line for line in world.feed if line["subject"] == row["hash"])
    world.mend()
    for other in world.ops:
        key = next(d(n) for d in (desk,) for n in (1, 2, 3) if str(d(n).keys.replica) == other["replica"])
        other["signature"] = key.keys.desk.sign(desk_statement(other["hash"])).hex()
    assert "head" in found(world.lines())

    row["verdict"] = sealed_place["verdict"] = "quarantined"
    assert "head" not in found(world.mend().lines())


def test_an_algorithm_that_nobody_agreed_on_is_not_taken_for_ours(world, found, desk):
    sealed_anew(world, desk, world.ops[4])
    assert found(world.lines()) == []
    with_head(world.ops[4], alg={**head_of(world.ops[4])["alg"], "hash": "md5"})
    sealed_anew(world, desk, world.ops[4])
    assert "head" in found(world.lines())


def test_a_place_left_out_is_found_even_when_the_desk_signed_it_so(world, found, desk):
    row = max(
        (row for row in world.ops if row["replica"] == str(desk(3).keys.replica)), key=itemgetter("seq")
    )
    old = row["hash"]
    place = Place(desk(3).keys.replica, row["seq"] + 1, row["prev"])
    row["seq"], row["hash"] = place.seq, link_hash(place, bytes.fromhex(row["head"]))
    row["signature"] = desk(3).keys.desk.sign(desk_statement(row["hash"])).hex()
    published = next(line for line in world.feed if line["subject"] == old)
    published.update(op_seq=row["seq"], subject=row["hash"])
    world.replicas[2].update(last_seq=row["seq"], last_hash=row["hash"])
    world.chain()
    assert "place" in found(world.lines())


@pytest.mark.parametrize("kind", ["street", "replica"])
def test_a_second_row_of_one_street_or_enrolment_is_found(lived, found, kind):
    lines = lived.lines()
    again = next(line for line in lines if json.loads(line)["row"] == kind)
    assert found([*lines[:-1], again, lines[-1]]) == ["line"]


def test_a_dump_that_lost_its_end_or_a_line_is_found(lived, found):
    lines = lived.lines()
    assert found(lines[:-1]) == ["cut"]
    for place in range(1, len(lines)):
        assert found(lines[:place] + lines[place + 1 :]), place


def test_lines_that_are_garbage_are_found_and_never_stop_it(lived, found):
    lines, chance = lived.lines(), random.Random(5)
    for _ in range(150):
        changed = list(lines)
        place = chance.randrange(1, len(lines))
        line = bytearray(changed[place])
        line[chance.randrange(len(line))] = chance.randrange(256)
        changed[place] = bytes(line)
        if json_or_none(changed[place]) != json_or_none(lines[place]):
            assert found(changed) or untold(lines[place], changed[place])


def json_or_none(line):
    try:
        return json.loads(line)
    except ValueError:
        return None


def untold(line, changed):
    """Columns that the verifier does not read: they prove nothing."""
    before, after = json_or_none(line), json_or_none(changed)
    if not isinstance(after, dict):
        return False
    differing = {name for name in {*before, *after} if before.get(name, 0) != after.get(name, 0)}
    return all(name in {"mac", "series", "closed", "reason"} or name not in before for name in differing)


def test_papers_are_found_again_by_number_and_ten_digits(lived, found):
    dump = Dump()
    found(lived.lines(), dump)
    row = numbered(lived)[0]
    number, named = head_of(row)["envelope"]["receipt_no"], row["hash"]

    check_receipt(dump, f"{number[:9]} {number[9:]}:{named[:10].upper()}")
    check_receipt(dump, f"{number}:{digest(bytes.fromhex(row['head']))[:10]}")
    assert dump.findings == []

    for typed in (f"{number}:{named[:9]}", f"{number}:{named[1:11]}", number, f"{number[:-1]}0:{named[:10]}"):
        dump.findings.clear()
        check_receipt(dump, typed)
        assert [kind for kind, _ in dump.findings] == ["receipt"], typed


@pytest.mark.parametrize(
    ("before", "after", "reason", "kinds"),
    [
        ("rejected", "applied", "", ["verdict"]),
        ("applied", "rejected", "", ["verdict"]),
        ("applied", "quarantined", "payload", ["verdict"]),
        # What came from before there was a central is applied first, its person's signature checked later.
        ("applied", "quarantined", "person_mac", []),
        ("quarantined", "rejected", "", []),
    ],
)
def test_a_verdict_changes_only_where_something_waited(world, found, before, after, reason, kinds):
    rows = [row for row in world.feed if row["what"] == "op" and row["verdict"] == before]
    # A note moves no version, so nothing but the verdict itself can be at fault.
    row = next(
        (row for row in rows if head_of(world.op(row["replica"], row["op_seq"]))["kind"] == "note"), rows[0]
    )
    world.publish(**{**row, "what": "verdict", "verdict": after, "reason": reason, "case_version": None})
    assert found(world.mend().lines()) == kinds


def test_a_feed_row_is_about_the_operation_it_names(world, found):
    row = next(row for row in world.feed if row["what"] == "op")
    row["subject"] = digest(b"another")
    world.chain()
    assert found(world.lines()) == ["subject"]


def test_an_operation_is_published_in_its_own_street(world, found):
    row = world.feed.pop()
    world.chain()
    chain = feed_chain(GENESIS, 1, row["what"], row["subject"], row["verdict"], row["reason"])
    elsewhere = {**row, "street": "116", "seq": 1, "chain": chain}
    begin, *rest, end = world.rows()
    street = {"row": "street", "street": "116", "head": 1, "chain": chain}
    rows = [begin, street, *rest, elsewhere, {**end, "feed": end["feed"] + 1}]
    assert found([json.dumps(row).encode() for row in rows]) == ["subject"]


@pytest.mark.parametrize(("name", "value"), [("last_seq", 5), ("last_hash", "0" * 64)])
def test_a_chain_ends_where_its_enrolment_says(world, found, name, value):
    world.replicas[1][name] = value
    assert found(world.lines()) == ["chain_end"]


@pytest.mark.parametrize(("name", "value"), [("head", 5), ("chain", "0" * 64)])
def test_a_feed_ends_where_its_street_says(world, found, name, value):
    world.end[name] = value
    assert found(world.lines()) == ["feed_end"]


def test_a_paper_whose_receipt_was_not_applied_does_not_count(world, found):
    row = numbered(world)[0]
    next(line for line in world.feed if line["subject"] == row["hash"])["verdict"] = "rejected"
    dump = Dump()
    found(world.mend().lines(), dump)
    dump.findings.clear()
    check_receipt(dump, f"{head_of(row)['envelope']['receipt_no']}:{row['hash'][:10]}")
    assert [kind for kind, _ in dump.findings] == ["receipt"]
