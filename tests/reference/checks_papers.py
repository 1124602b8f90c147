"""Attacks on personal data: scans and payloads."""

import secrets

import psycopg
from attempts import (
    CASE,
    FAR,
    FAR_CASE,
    OFFICE,
    WINDOW,
)
from checks_work import pulled
from sealing import ZEROS
from sequences import name
from world import PAYLOAD, login_of, sha


def files(world):
    """Chunks are checked, the whole is checked, and a street keeps its papers to itself."""
    paper = secrets.token_bytes(262144 + 10)
    whole, parts = sha(paper), [paper[:262144], paper[262144:]]

    def put(number, data, digest=None, replica=WINDOW):
        try:
            values = (replica, whole, number, data, digest or sha(data))
            return world.ask(replica, "owd.blob_put(%s, %s, %s, %s, %s)", *values)
        except psycopg.Error as error:
            return error.sqlstate

    def missing(replica=WINDOW):
        return world.ask(replica, "owd.blob_missing(%s, %s, %s, %s)", replica, whole, len(paper), 262144)

    def get(replica, what=whole, number=0):
        row = world.desk(replica).execute("SELECT * FROM owd.blob_get(%s, %s, %s)", (replica, what, number))
        return row.fetchone()

    nothing = (0, 0, None)
    steps = [
        ("asked before it is announced", put(0, parts[0]), "OW404"), ("announced", missing(), [0, 1]),
        ("a damaged chunk", put(0, parts[0], bytes(32)), "damaged"), ("a short one", put(0, b"x"), "damaged"),
        ("outside", put(2, parts[0]), "OW422"), ("before it is whole", get(WINDOW), nothing),
        ("the last", put(1, parts[1]), "more"), ("still wanted", missing(), [0]),
        ("another street does not see it", missing(FAR), [0, 1]),
        ("other bytes of the right length", put(0, bytes(262144)), "damaged"),
        ("all of it again", missing(), [0, 1]), ("one", put(1, parts[1]), "more"),
        ("two", put(0, parts[0]), "complete"),
        ("there", missing(), []), ("read back", get(WINDOW), (len(paper), 262144, parts[0])),
        ("not by another street", get(FAR), nothing),
        ("nor its presence", missing(FAR), [0, 1]),
        ("by a desk with its reasons", get(OFFICE), (len(paper), 262144, parts[0])),
        ("nor another street's older paper", get(FAR, sha(b"paper here")), nothing),
    ]  # fmt: skip
    for what, got, wanted in steps:
        if got != wanted:
            yield f"files, {what}: {str(got)[:60]}, not {str(wanted)[:60]}"
    world.owner.execute("UPDATE owd_data.desk SET scope = '{fees}' WHERE login = %s", (login_of(OFFICE),))
    if get(OFFICE) != nothing:
        yield "a desk that has no part in cases reads scans"


def payloads(world):  # noqa: C901, PLR0912 - one finding a line
    """Personal data: by scope, by presence, by duty and purpose; recorded first, refusals too."""
    run = world.owner.execute
    op = name("op", f"{WINDOW} 1 {CASE}")

    def of(replica, call, *values):
        return world.desk(replica).execute(f"SELECT * FROM owd.{call}".encode(), values).fetchall()

    def asked(replica, case, purpose):
        first = of(replica, "payload(%s, %s, %s)", replica, case, purpose)
        second = of(replica, "payload(%s, %s, %s)", replica, case, purpose)
        return first[0][2], second[0][2], second[0][1]

    if [row[1] for row in of(OFFICE, "payloads(%s, %s::uuid[])", OFFICE, [op])] != [PAYLOAD]:
        yield "a desk whose scope needs it gets no payload"
    if of(FAR, "payloads(%s, %s::uuid[])", FAR, [op]):
        yield "another street gets a payload by its name"
    if asked(OFFICE, CASE, "review") != ("asked", "presence", None):
        yield f"a payload without a person: {asked(OFFICE, CASE, 'review')}"
    world.arrive(OFFICE, name("person", "hao"))
    run("UPDATE owd_data.case_ SET state = 'reviewing' WHERE case_id = %s", (CASE,))
    before = run("SELECT count(*) FROM owd_data.event").fetchone()
    if asked(OFFICE, CASE, "review") != ("asked", "given", PAYLOAD):
        yield "a reviewer may not read"
    if run("SELECT count(*) FROM owd_data.event").fetchone() == before:
        yield "a look at personal data leaves no trace"
    for case, purpose, wanted in (
        (CASE, "curiosity", "purpose"), (CASE, "decide", "role"), (FAR_CASE, "review", "unknown"),
        (CASE, "intake", "role"),
    ):  # fmt: skip
        before = run("SELECT count(*) FROM owd_data.event").fetchone()
        if asked(OFFICE, case, purpose) != ("asked", wanted, None):
            yield f"{purpose} is not answered {wanted}"
        if run("SELECT count(*) FROM owd_data.event").fetchone() == before:
            yield "a refused look at personal data leaves no trace"
    run("UPDATE owd_data.case_ SET state = 'archived' WHERE case_id = %s", (CASE,))
    if asked(OFFICE, CASE, "review")[1] != "state":
        yield "a case that is over is read for review"
    world.arrive(OFFICE, name("person", "du"))
    if of(OFFICE, "payloads(%s, %s::uuid[])", OFFICE, [op]):
        yield "a supervisor who is present gets payloads"
    if any(row["payload"] for row in pulled(world, OFFICE, 0, ZEROS) if row["case_id"]):
        yield "a supervisor who is present pulls payloads"
    if not any(row["payload"] for row in pulled(world, WINDOW, 0, ZEROS)):
        yield "a window pulls nothing"
    world.leave(OFFICE)
    run("UPDATE owd_data.desk SET scope = '{fees}' WHERE login = %s", (login_of(OFFICE),))
    snapshot = of(OFFICE, "snapshot(%s, 0, 1000, 1000)", OFFICE)
    if any(row[13] for row in snapshot) or any(row["payload"] for row in pulled(world, OFFICE, 0, ZEROS)):
        yield "a desk outside the scope pulls payloads"
    if of(OFFICE, "payloads(%s, %s::uuid[])", OFFICE, [op]):
        yield "a desk outside the scope asks for payloads and gets them"
