"""Attacks on who somebody is: presence, tickets, administrators."""

import contextlib
import hashlib
import json
import secrets
import uuid

import psycopg
from attempts import (
    OFFICE,
    SECADMIN_SELF,
    STREET,
    WINDOW,
    Attempts,
    act,
)
from checks_work import pulled
from sealing import ZEROS, mac
from sequences import name
from world import client_key, login_of, sha


def proof_for(nonce, person, replica, key=None):
    stored = sha(key or client_key(person))
    said = bytes.fromhex(nonce) + uuid.UUID(person).bytes + uuid.UUID(replica).bytes
    mask = mac(stored, said)
    return bytes(one ^ other for one, other in zip(key or client_key(person), mask, strict=True))


class Proving:
    """Proofs by hand on one connection of a desk."""

    def __init__(self, world, replica, on=None) -> None:
        self.world, self.replica, self.on = world, replica, on or world.desk(replica)

    def nonce(self, person):
        return self.world.ask(self.replica, "owd.challenge(%s, %s)", self.replica, person, on=self.on)[
            "nonce"
        ]

    def prove(self, person, proof, key=None, secret=None):
        values = (self.replica, person, proof, key, secret)
        call = "owd.prove_person(%s, %s, %s, %s, %s)"
        try:
            answer = self.world.ask(self.replica, call, *values, on=self.on)
            if answer == {"asked": True}:
                answer = self.world.ask(self.replica, call, *values, on=self.on)
        except psycopg.Error as error:
            return error.sqlstate
        return "ok" if "valid_until" in answer else str(answer)


def decides(world, replica, who, on=None):
    """Whether this connection is taken for that person's: a street act that only a present person may do."""
    seq, _ = world.ends.get(replica, (0, ZEROS))
    op = act(replica, seq + 1, "setting_changed", None, who)
    op["op_id"] = str(uuid.uuid4())
    world.desks[replica], kept = on or world.desk(replica), world.desk(replica)
    try:
        return world.push(replica, [op])["verdicts"] == []
    finally:
        world.desks[replica] = kept


def presence(world):  # noqa: C901 - one finding a line
    """A proof is good once, on one connection, for one person; wrong ones are counted and lock."""
    person, other = name("person", "an"), name("person", "xi")
    here = Proving(world, WINDOW)
    if decides(world, WINDOW, "an"):
        yield "nobody is present and an administrator's act is taken"
    nonce = here.nonce(person)
    proof = proof_for(nonce, person, WINDOW)
    with contextlib.closing(world.connect(login_of(WINDOW))) as aside:
        if Proving(world, WINDOW, aside).prove(person, proof) != "OW403":
            yield "a nonce is good on another connection"
    if here.prove(other, proof) != "OW403":
        yield "a nonce is good for another person"
    if here.prove(person, proof) != "ok":
        yield "a right proof is refused"
    if here.prove(person, proof) == "ok":
        yield "a nonce is good twice"
    if not decides(world, WINDOW, "an"):
        yield "a present administrator may not act"
    if decides(world, WINDOW, "xi"):
        yield "one present person stands for another"
    with contextlib.closing(world.connect(login_of(WINDOW))) as aside:
        if decides(world, WINDOW, "an", aside):
            yield "presence reaches over to another connection"
    yield from presence_ends(world, person)
    yield from presence_rolled_back(world, other)
    yield from presence_locked(world, here, name("person", "du"))
    stranger = name("person", "wai")
    if here.prove(stranger, proof_for(here.nonce(stranger), stranger, WINDOW)) != "OW403":
        yield "a person of another street is present"
    gone = name("person", "tui")
    if here.prove(gone, proof_for(here.nonce(gone), gone, WINDOW)) != "OW403":
        yield "a person without an account is present"


def presence_ends(world, person):
    world.leave(WINDOW)
    if decides(world, WINDOW, "an"):
        yield "who left is still present"
    world.arrive(WINDOW, person)
    world.owner.execute("UPDATE owd_data.person SET active = false WHERE person_id = %s", (person,))
    if decides(world, WINDOW, "an"):
        yield "who lost the account still acts"
    world.owner.execute(
        "UPDATE owd_data.person SET active = true, until = '2020-01-01' WHERE person_id = %s", (person,)
    )
    if world.owner.execute("SELECT count(*) FROM owd_data.presence").fetchone() == (0,):
        yield "nobody was present at all"
    if decides(world, WINDOW, "an"):
        yield "who is past the last day still acts"
    world.leave(WINDOW)
    here = Proving(world, WINDOW)
    if here.prove(person, proof_for(here.nonce(person), person, WINDOW)) != "OW403":
        yield "who is past the last day is present"


def presence_rolled_back(world, person):
    """A try that is rolled back tells nothing: neither the answer nor a way round the count."""
    with contextlib.closing(world.connect(login_of(OFFICE))) as aside:
        aside.autocommit = False
        rolled = Proving(world, OFFICE, aside)
        for good in (True, False):
            nonce = rolled.nonce(person)
            key = None if good else bytes(32)
            values = (OFFICE, person, proof_for(nonce, person, OFFICE, key), None, None)
            call = "owd.prove_person(%s, %s, %s, %s, %s)"
            answers = []
            for _ in range(2):
                try:
                    answers.append(world.ask(OFFICE, call, *values, on=aside))
                except psycopg.Error:
                    answers.append("refused")
                    break
            if answers[0] != {"asked": True} or "valid_until" in str(answers):
                yield f"within one transaction a proof is answered: {good}"
            aside.rollback()


def presence_locked(world, here, person):
    for _ in range(5):
        here.nonce(person)
        if here.prove(person, proof_for(here.nonce(person), person, WINDOW, bytes(32))) not in {
            "OW403",
            "OW429",
        }:
            yield "a wrong proof is taken"
    if here.prove(person, proof_for(here.nonce(person), person, WINDOW)) != "OW429":
        yield "five wrong tries do not lock"


def enrolment(world):
    """A ticket is good once, for half an hour, for what it says; guessing shuts the door."""
    run = world.owner.execute

    def ticket(minutes=30, label="a new desk", kind="new"):
        code = secrets.token_hex(12).upper()
        run(
            "INSERT INTO owd_data.ticket (ticket_hash, street, label, scope, kind, made_by, good_until)"
            " VALUES (owd_inner.ticket_hash(%s), %s, %s, '{window}', %s, 'x',"
            " now() + make_interval(mins => %s))",
            (code, STREET, label, kind, minutes),
        )
        return code

    def enrol(code, **said):
        with contextlib.closing(world.connect("owd_enrol")) as door:
            values = (code, json.dumps({**Attempts.joining(), **said}))
            try:
                answer = door.execute("SELECT owd.enrol(%s, %s)", values).fetchone()[0]
                if answer != {"asked": True}:
                    return "answered at once"
                return door.execute("SELECT owd.enrol(%s, %s)", values).fetchone()[0]["street"]
            except psycopg.Error as error:
                return error.sqlstate

    try:
        yield from tickets(run, ticket, enrol)
    finally:
        for (login,) in run("SELECT login FROM owd_data.desk WHERE label = 'a new desk'").fetchall():
            run(f"DROP ROLE IF EXISTS {login}")


def tickets(run, ticket, enrol):  # noqa: C901 - one finding a line
    good = ticket()
    if enrol(good) != STREET:
        yield "a good ticket is refused"
    if enrol(good) != "OW404":
        yield "a ticket is good twice"
    if enrol(ticket(-1, "another desk")) != "OW404":
        yield "an old ticket is good"
    if enrol(ticket(30, "a desk with history", "attach")) != "OW404":
        yield "a ticket to bring history is good without"
    if enrol(secrets.token_hex(12)) != "OW404":
        yield "any ticket is good"
    if enrol(ticket(30, "a careless desk"), verifier="a password in the clear") != "OW422":
        yield "any verifier is taken, a password too"
    if enrol(ticket(30, "a desk that is there"), replica=WINDOW) == STREET:
        yield "an enrolment is taken over"
    made = run("SELECT login FROM owd_data.desk WHERE label = 'a new desk'").fetchone()
    rights = "SELECT rolcanlogin, rolsuper, rolcreaterole, rolconnlimit FROM pg_roles WHERE rolname = %s"
    if made is None or run(rights, made).fetchone() != (True, False, False, 4):
        yield "a desk's login is not what it should be"
    for _ in range(20):
        enrol(secrets.token_hex(12))
    if enrol(ticket(30, "one more desk")) != "OW429":
        yield "guessing tickets does not shut the door"


def administration(world):
    """Nobody serves himself, pairs of roles that conflict are refused, a revoked desk is out at once."""
    try:
        with contextlib.closing(world.connect("owd_test_secadmin")) as secure:
            yield from administered(world, secure)
    finally:
        world.owner.execute(f"ALTER ROLE {login_of(OFFICE)} LOGIN")


def administered(world, secure):
    run = secure.execute
    run(
        "SELECT owd_admin.grant_roles(%s, %s, '{issuer,fees}', current_date + 30)",
        (STREET, name("person", "yan")),
    )
    roles = world.owner.execute(
        "SELECT roles FROM owd_data.person WHERE person_id = %s", (name("person", "yan"),)
    )
    if roles.fetchone()[0] != ["fees", "issuer"]:
        yield "roles are not what was granted"
    told = [row for row in pulled(world, WINDOW, 0, ZEROS) if row["what"] == "person"]
    if not told or json.loads(told[-1]["body"])["roles"] != ["fees", "issuer"]:
        yield "the street is not told of a change of roles"
    if told and hashlib.sha256(told[-1]["body"]).digest() != told[-1]["subject"]:
        yield "the chain does not bind what is told of a person"
    yield from serve_oneself(secure)
    world.arrive(OFFICE, name("person", "dai"))
    run("SELECT owd_admin.set_active(%s, %s, false)", (STREET, name("person", "dai")))
    if world.owner.execute(
        "SELECT count(*) FROM owd_data.presence WHERE person_id = %s", (name("person", "dai"),)
    ).fetchone() != (0,):
        yield "who lost the account is kept as present"
    label = world.owner.execute(
        "SELECT label FROM owd_data.desk WHERE login = %s", (login_of(OFFICE),)
    ).fetchone()
    run("SELECT owd_admin.revoke_desk(%s, %s)", (STREET, label[0]))
    yield from revoked(world)
    if world.owner.execute("SELECT count(*) FROM owd_data.event").fetchone()[0] < 3:
        yield "administrators leave no trace"


def serve_oneself(secure):
    for call in ("grant_roles(%s, %s, '{decider}', current_date + 1)", "set_active(%s, %s, true)"):
        with contextlib.suppress(psycopg.Error):
            secure.execute(f"SELECT owd_admin.{call}".encode(), (STREET, SECADMIN_SELF))
            yield f"an administrator serves himself: {call}"


def revoked(world):
    with contextlib.suppress(psycopg.Error):
        world.desk(OFFICE).execute("SELECT 1")
        yield "a revoked desk's connection lives on"
    world.desks.pop(OFFICE).close()
    with contextlib.suppress(psycopg.Error):
        world.desk(OFFICE)
        yield "a revoked desk signs in"
