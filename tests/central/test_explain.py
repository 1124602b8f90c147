"""No query of a desk reads a table from end to end: every plan inside every function, on a filled central."""

import contextlib
import json
from pathlib import Path

import psycopg
import pytest
from attempts import CASE, STREET, WINDOW, Attempts, furnish, received
from sealing import ZEROS, link, pack_heads
from sequences import name
from world import World, login_of, sha

FILL = (Path(__file__).parents[1] / "reference" / "fill.sql").read_text(encoding="utf-8")
GROWING = {"operation", "feed", "case_", "waiting", "file", "file_chunk", "event", "person", "person_key"}
EXPLAIN = {
    "auto_explain.log_min_duration": "0", "auto_explain.log_nested_statements": "on",
    "auto_explain.log_level": "notice", "auto_explain.log_format": "json", "client_min_messages": "notice",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(cluster, central):
    made = World(cluster, central).lay()
    furnish(made)
    made.owner.execute(FILL.encode())
    yield made
    made.close()


@pytest.fixture(params=["on empty tables", "on full ones"])
def desk(request, world):
    """A desk's session that is told every plan; statistics as of an empty central, or as they are."""
    made = psycopg.connect(world.cluster.owner_dsn(world.database), autocommit=True, prepare_threshold=None)
    if request.param == "on full ones":
        made.execute("ANALYZE")
    made.execute("LOAD 'auto_explain'")
    for setting, value in EXPLAIN.items():
        made.execute(f"SET {setting} = '{value}'")
    made.execute(f"SET SESSION AUTHORIZATION {login_of(WINDOW)}")
    yield made
    made.close()


def scans(plan):
    """Every table that a plan reads from end to end."""
    if plan.get("Node Type") == "Seq Scan" and plan["Relation Name"] in GROWING:
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from scans(part)


def calls(world, desk):
    seq, before = world.ends[WINDOW]
    op = received(WINDOW, seq + 1, name("case", "explained"), "wen", f"{STREET}260921000100077")
    heads, values = pushed(world, op, before)
    row = desk.execute("SELECT f.seq, f.chain FROM owd.pull(%s, 0, %s, 20) f", (WINDOW, ZEROS)).fetchall()[-1]
    person = name("person", "wen")
    return {
        "owd.hello(%s, %s)": (WINDOW, json.dumps(Attempts.said([1]))),
        "owd.push(%s, %s, %s, %s, %s, %s, %s)": (WINDOW, seq + 1, heads, *values),
        "owd.pull(%s, %s, %s, 500)": (WINDOW, *row),
        "owd.head(%s)": (WINDOW,),
        "owd.snapshot(%s, 10, 2000, 100)": (WINDOW,),
        "owd.payloads(%s, %s::uuid[])": (WINDOW, [op["op_id"]]),
        "owd.payload(%s, %s, 'intake')": (WINDOW, CASE),
        "owd.challenge(%s, %s)": (WINDOW, person),
        "owd.blob_missing(%s, %s, 10, 262144)": (WINDOW, sha(b"explained")),
        "owd.blob_put(%s, %s, 0, %s, %s)": (WINDOW, sha(b"explained"), b"explained!", sha(b"explained!")),
        "owd.blob_get(%s, %s, 0)": (WINDOW, sha(b"paper here")),
        "owd.retry(%s, %s)": (WINDOW, op["op_id"]),
        "owd.leave(%s)": (WINDOW,),
    }


def pushed(world, op, before):

    head, payload, mac = world.sealed(op)
    last = link(WINDOW, op["seq"], before, head)
    return pack_heads([head]), ([payload], bytes(64), mac, last)


def test_no_query_of_a_desk_reads_a_whole_table(world, desk):
    heard: list = []
    desk.add_notice_handler(lambda notice: heard.append(notice.message_primary))
    found, plans = set(), 0
    for call, values in calls(world, desk).items():
        heard.clear()
        with contextlib.suppress(psycopg.Error), desk.transaction(force_rollback=True):
            desk.execute(f"SELECT * FROM {call}".encode(), values).fetchall()
        for text in heard:
            if "plan:" in text:
                plans += 1
                plan = json.loads(text.partition("plan:")[2])
                found |= {(call, table, plan["Query Text"][:120]) for table in scans(plan["Plan"])}
    assert plans > 40
    assert not found


def test_such_a_reading_would_be_seen(world):
    with psycopg.connect(world.cluster.owner_dsn(world.database), autocommit=True) as owner:
        row = owner.execute("EXPLAIN (FORMAT JSON) SELECT max(seq) FROM owd_data.waiting").fetchone()
        assert row
        assert list(scans(row[0][0]["Plan"])) == ["waiting"]
