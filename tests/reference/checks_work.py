"""Attacks on what is stored and judged: work sent, the feed, the rules one by one."""

import contextlib
import json
import uuid

import psycopg
from attempts import (
    CASE,
    CLOSED,
    FAR,
    FAR_CASE,
    OFFICE,
    STREET,
    WINDOW,
    act,
    received,
)
from lawbook import NEVER_ONE_PERSON
from oracle import Oracle
from sealing import ZEROS, head_bytes, link, mac, pack_heads
from sequences import DESKS, FIRST_KEYS, PEOPLE, REPLICAS, Work, key_id, name
from world import PAYLOAD, login_of, person_key, sha


def oracle(world):
    """Some random work, judged by the oracle beside it."""
    mind = Oracle()
    mind.people, mind.replicas, mind.desks = PEOPLE, REPLICAS, DESKS
    mind.keys = {(DESKS[replica], key_id(replica, person)): person for replica, person in FIRST_KEYS}
    ends = {replica: end[0] for replica, end in world.ends.items()}
    for seed in (3, 11, 17, 29):
        for step, *what in Work(seed, mind, ends).go(90):
            if step == "op":
                (op,) = what
                said = world.push(op["replica"], [op])["verdicts"]
                got = (said[0]["verdict"], said[0]["reason"]) if said else ("applied", "")
                if got != op["expected"]:
                    yield f"seed {seed}: {op['kind']}: {got}, the oracle {op['expected']}"
                    return
            elif step == "present":
                world.be_present(*what)
            elif step == "file":
                world.file(*what)
            else:
                world.arrive(*what, key=key_id(*what))
        settled = {place: answer for place, answer in world.verdicts().items() if place in mind.answers}
        if settled != mind.answers:
            yield f"seed {seed}: in the end verdicts differ"
            return


def sent(world, desk, op, **spoilt):
    """One sealed push with parts replaced; the answer, or the SQLSTATE."""
    _seq, before = world.ends.get(desk, (0, ZEROS))
    head = head_bytes(op, PAYLOAD)
    parts = {
        "replica": desk, "first": op["seq"], "heads": pack_heads([head]), "payloads": [PAYLOAD],
        "signatures": bytes(64), "macs": mac(person_key(op["key_id"]), head),
        "last": link(desk, op["seq"], before, head), **spoilt,
    }  # fmt: skip
    try:
        return world.ask(desk, "owd.push(%s, %s, %s, %s, %s, %s, %s)", *parts.values())
    except psycopg.Error as error:
        return {"status": error.sqlstate}


def protocol(world):
    """Gaps, forks, repeats and closed doors of push; what is stored is what was sent."""
    op = received(OFFICE, 1, name("case", "p"), "wen", f"{STREET}260921000100022")
    op["key_id"] = key_id(OFFICE, op["author"])
    expected: list = [
        ("gap", {"first": 2}), ("fork", {"last": bytes(32)}), ("unreadable", {"heads": b"Pnonsense"}),
        ("unreadable", {"heads": b"X123"}), ("OW422", {"macs": b""}), ("OW422", {"signatures": bytes(63)}),
        ("OW401", {"replica": WINDOW}), ("OW422", {"payloads": []}), ("OW422", {"first": 0}),
    ]  # fmt: skip
    for wanted, spoilt in expected:
        got = sent(world, OFFICE, op, **spoilt)["status"]
        if got != wanted:
            yield f"a push spoilt in {list(spoilt)}: {got}, not {wanted}"
    if sent(world, OFFICE, op) | {"head": 0} != {"status": "ok", "last_seq": 1, "verdicts": [], "head": 0}:
        yield "a good push is not taken"
    if sent(world, OFFICE, op)["last_seq"] != 1:
        yield "a push sent again is not the same push"
    other = {**op, "at": "2026-09-22T01:42:00Z"}
    if sent(world, OFFICE, other)["status"] != "fork":
        yield "another operation in the same place is no fork"
    if world.owner.execute(
        "SELECT count(*) FROM owd_data.operation WHERE replica = %s", (OFFICE,)
    ).fetchone() != (1,):
        yield "something was stored twice"
    closed = {**op, "replica": CLOSED, "op_id": str(uuid.uuid4())}
    if sent(world, CLOSED, closed)["status"] != "closed":
        yield "a closed enrolment goes on"
    world.owner.execute("UPDATE owd_data.desk SET revoked_at = now() WHERE login = %s", (login_of(OFFICE),))
    if sent(world, OFFICE, {**op, "seq": 2})["status"] != "OW401":
        yield "a revoked desk goes on"


def feed(world):
    """The feed is gapless and chained, verdict and reason in the chain, and a street's own."""
    verdict(world, {**received(WINDOW, 3, CASE, "wen", "1"), "op_id": str(uuid.uuid4())})
    for replica in (WINDOW, FAR):
        rows = pulled(world, replica, 0, ZEROS)
        chain = ZEROS
        for number, row in enumerate(rows, 1):
            told = b"".join(part.encode() + b"\0" for part in (row["what"], row["verdict"], row["reason"]))
            chain = sha(b"onewindow feed 1\n" + chain + number.to_bytes(8, "big") + row["subject"] + told)
            if (row["seq"], row["chain"]) != (number, chain):
                yield f"the feed's chain breaks at {number}"
                break
        if {row["case_id"] for row in rows} & {FAR_CASE if replica == WINDOW else CASE}:
            yield "a feed shows another street's case"
    if world.ask(WINDOW, "to_jsonb(owd.head(%s))", WINDOW)["seq"] != len(pulled(world, WINDOW, 0, ZEROS)):
        yield "the head is not the last row"
    first = pulled(world, WINDOW, 0, ZEROS)[0]
    if [row["seq"] for row in pulled(world, WINDOW, 1, first["chain"], 1)] != [2]:
        yield "a pull does not go on where it stopped"
    for cursor, chain in ((1, ZEROS), (99, first["chain"]), (0, first["chain"])):
        with contextlib.suppress(psycopg.Error):
            pulled(world, WINDOW, cursor, chain)
            yield f"a cursor of another feed is taken ({cursor})"
    owner = world.owner
    for table in ("operation", "feed", "event"):
        for deed in ("DELETE FROM {}", "UPDATE {} SET {} = {}", "TRUNCATE {} CASCADE"):
            column = {"operation": "seq", "feed": "seq", "event": "login"}[table]
            with contextlib.suppress(psycopg.Error):
                owner.execute(deed.format(f"owd_data.{table}", column, column).encode())
                yield f"{table} can be changed: {deed}"


def pulled(world, replica, cursor, chain, limit=500, on=None):
    rows = (on or world.desk(replica)).execute(
        "SELECT * FROM owd.pull(%s, %s, %s, %s)", (replica, cursor, chain, limit)
    )
    names = [column.name for column in rows.description]
    return [
        {
            key: str(value) if isinstance(value, uuid.UUID) else value
            for key, value in zip(names, row, strict=True)
        }
        for row in rows
    ]


IN_DUTY: dict = {  # an act in this duty, the state it needs, whether it names a version
    "window": ("accept", "received", False, {"complete": True}),
    "handler": ("hear_parties", "reviewing", True, {}),
    "reviewer": ("return_for_review", "reviewed", True, {"role": "reviewer", "opinion_given": True}),
    "decider": ("return_for_review", "reviewed", True, {"role": "decider", "opinion_given": True}),
    "sealkeeper": ("hand_to_issuer", "certified", True, {}),
    "issuer": ("deliver", "ready", False, {"collector_checked": True, "originals_returned": True}),
}


def next_act(world, kind, who, **facts):
    seq = world.ends.get(WINDOW, (0, ZEROS))[0] + 1
    return {**act(WINDOW, seq, kind, CASE, who, **facts), "op_id": str(uuid.uuid4())}


def standing(world, **columns):
    """Put the case where a test needs it."""
    sets = ", ".join(f"{column} = %({column})s" for column in columns)
    world.owner.execute(f"UPDATE owd_data.case_ SET {sets} WHERE case_id = '{CASE}'".encode(), columns)


def separation(world):
    """Keys, roles, accounts, pairs of duties, the second person: each rule alone, the others satisfied."""
    op = next_act(world, "note", "wen")
    if verdict(world, {**op, "author": name("person", "wei")}) != ("parked", "person_key_unknown"):
        yield "one person's key signs for another"
    op = {
        **next_act(world, "note", "wen"),
        "case": name("case", "k"),
        "key_id": key_id(OFFICE, name("person", "wen")),
    }
    if verdict(world, op) != ("parked", "person_key_unknown"):
        yield "a key of another desk is believed"
    world.owner.execute("DELETE FROM owd_data.waiting WHERE case_id = %s", (CASE,))
    op = next_act(world, "return_for_review", "dai", role="reviewer", opinion_given=True)
    if verdict(world, op) != ("rejected", "role"):
        yield "a role is claimed and believed"
    if verdict(world, next_act(world, "note", "tui")) != ("rejected", "role"):
        yield "who has no account writes notes"
    world.owner.execute(
        "UPDATE owd_data.person SET until = '2020-01-01' WHERE person_id = %s", (name("person", "lin"),)
    )
    if verdict(world, next_act(world, "note", "lin")) != ("rejected", "role"):
        yield "who is past the last day writes notes"
    again = received(WINDOW, 1, name("case", "second"), "wen", f"{STREET}260921000100011")
    again |= {"seq": world.ends[WINDOW][0] + 1, "op_id": str(uuid.uuid4())}
    if verdict(world, again) != ("quarantined", "receipt_no"):
        yield "a receipt number is given twice"
    yield from kept_apart(world)
    yield from relaxed(world)
    yield from two_people(world)
    yield from outstanding(world)


def kept_apart(world):
    person = name("person", "quan")
    for pair in NEVER_ONE_PERSON:
        for before, now in (tuple(pair), tuple(pair)[::-1]):
            kind, state, based, facts = IN_DUTY[now]
            standing(world, state=state, version=5, duties=[f"{person} {before}"])
            op = {**next_act(world, kind, "quan", **facts), "base": 5 if based else None}
            if verdict(world, op) != ("rejected", "separation"):
                yield f"{before} and {now} are one person"


def relaxed(world):
    """Issuer and sealkeeper may be one person only while the street's dated setting says so."""
    person, allowed = name("person", "shi"), "2026-09-21"
    kind, state, _, facts = IN_DUTY["issuer"]
    for until, wanted in ((allowed, "applied"), ("2026-09-20", "rejected"), (None, "rejected")):
        settings = json.dumps({"issuer_may_seal": {"until": until}} if until else {})
        world.owner.execute("UPDATE owd_data.street SET settings = %s WHERE street = %s", (settings, STREET))
        standing(world, state=state, version=5, duties=[f"{person} sealkeeper"])
        op = next_act(world, kind, "shi", relaxed="issuer_sealkeeper", **facts)
        if verdict(world, op)[0] != wanted:
            yield f"sealing and issuing by one person, allowed until {until}: not {wanted}"


def two_people(world):
    first, proposal = name("person", "han"), str(uuid.uuid4())
    standing(world, state="accepted", version=5, duties=[], proposal_kind="dispatch", proposal_op=proposal,
             proposal_author=first)  # fmt: skip
    for who, named, wanted in (
        ("han", proposal, "second_person"), ("hao", str(uuid.uuid4()), "proposal_changed"),
    ):  # fmt: skip
        op = {**next_act(world, "take_over", who, slip_signed=True, proposal=named), "base": 5}
        if verdict(world, op) != ("rejected", wanted):
            yield f"a step of two people is not refused {wanted}"
    good = {**next_act(world, "take_over", "hao", slip_signed=True, proposal=proposal), "base": 5}
    if verdict(world, good) != ("applied", ""):
        yield "a second person may not confirm"
    if (
        verdict(world, {**next_act(world, "decline_proposal", "han", role="handler"), "base": 6})[0]
        == "applied"
    ):
        yield "a proposal stays when it was confirmed"


def outstanding(world):
    standing(world, state="received", version=5, duties=[])
    op = next_act(
        world, "accept_tolerant", "wen", tolerated=["M"], supply_by="2026-09-24", pledge_signed=True
    )
    if verdict(world, op) != ("applied", ""):
        yield "nothing may be outstanding"
    standing(world, state="reviewed", version=6, duties=[])
    world.arrive(WINDOW, name("person", "dai"))
    if verdict(world, {**next_act(world, "grant", "dai"), "base": 6}) != ("rejected", "tolerated"):
        yield "what is outstanding is forgotten"
    standing(world, tolerated=[], files=[sha(b"never arrived")])
    if verdict(world, {**next_act(world, "grant", "dai"), "base": 6}) != ("rejected", "files_missing"):
        yield "a decision does not wait for its files"


def verdict(world, op):
    said = world.push(op["replica"], [op])["verdicts"]
    return (said[0]["verdict"], said[0]["reason"]) if said else ("applied", "")
