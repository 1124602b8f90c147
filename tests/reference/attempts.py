"""Tries what `permissions.yaml` lists, as every caller in it, and says where the outcome is another."""

import contextlib
import json
import uuid
from pathlib import Path

import psycopg
import yaml
from sealing import ZEROS, head_bytes, mac, pack_heads
from sequences import REPLICAS, key_id, name
from world import CANARY, PASSWORD, PAYLOAD, login_of, person_key, sha

TABLE = yaml.safe_load(Path(__file__).with_name("permissions.yaml").read_text(encoding="utf-8"))
WINDOW, OFFICE, FAR = (name("replica", one) for one in ("one", "two", "four"))
REVOKED, CLOSED = name("replica", "lost"), name("replica", "over")
STREET = REPLICAS[WINDOW]
CASE, FAR_CASE = name("case", "here"), name("case", "there")
SECADMIN_SELF = name("person", "administrator")
LOGINS = {
    "sysadmin": ["owd_sysadmin"],
    "secadmin": ["owd_secadmin"],
    "auditor": ["owd_auditor"],
    "stranger": [],
}
LOGINS["two_hats"] = ["owd_sysadmin", "owd_secadmin"]
PRESENT = {
    "window_with_clerk": "wen",
    "office_with_decider": "dai",
    "office_with_supervisor": "du",
    "office_with_security": "an",
}


def replica_of(caller):
    places = {"office": OFFICE, "far": FAR, "revoked": REVOKED, "closed": CLOSED}
    return places.get(caller.split("_")[0], WINDOW)


def act(replica, seq, kind, case, who, **facts):
    """An operation dict as it should be."""
    person = name("person", who)
    return {
        "replica": replica, "seq": seq, "op_id": name("op", f"{replica} {seq} {case}"), "case": case,
        "kind": kind,
        "author": person, "at": "2026-09-21T01:42:00Z", "base": None, "facts": facts,
        "key_id": key_id(replica, person),
    }  # fmt: skip


def received(replica, seq, case, who, number):
    facts = {"item_id": "JN34-XK-08", "item_version": "v1", "received_at": "2026-09-21T01:42:00+00:00"}
    return act(replica, seq, "receive", case, who, receipt_no=number, decision_level="street", **facts)


def furnish(world):
    """What there is to be had: cases with papers in two streets, something parked, canaries everywhere."""
    run = world.owner.execute
    world.file(STREET, sha(b"paper here").hex())
    run(
        "INSERT INTO owd_data.file_chunk VALUES (%s, %s, 0, %s)",
        (STREET, sha(b"paper here"), CANARY.encode()),
    )
    world.push(WINDOW, [received(WINDOW, 1, CASE, "wen", f"{STREET}260921000100011")])
    world.push(WINDOW, [act(WINDOW, 2, "accept", name("case", "unknown"), "wen", complete=True)])
    world.push(FAR, [received(FAR, 1, FAR_CASE, "wai", f"{REPLICAS[FAR]}260921000100011")])
    for replica, street in ((REVOKED, STREET), (CLOSED, STREET)):
        world.add_desk(replica, street, f"desk of {replica[:4]}", ["window"])
        world.add_replica(replica, street, 70 + len(replica) + (replica == CLOSED))
    run("UPDATE owd_data.replica SET closed_at = now() WHERE replica = %s", (CLOSED,))
    world.add_person(SECADMIN_SELF, {"street": STREET, "roles": ["security_admin"], "active": True})
    run("UPDATE owd_data.person SET account = 'owd_test_secadmin' WHERE person_id = %s", (SECADMIN_SELF,))
    make_logins(world)


def make_logins(world):
    run = world.owner.execute
    for caller, roles in LOGINS.items():
        with contextlib.suppress(psycopg.errors.DuplicateObject):
            run(f"CREATE ROLE owd_test_{caller} LOGIN PASSWORD '{PASSWORD}'")
            for role in roles:
                run(f"GRANT {role} TO owd_test_{caller}")
    run(f"GRANT CONNECT ON DATABASE {world.database} TO owd_test_stranger")


class Attempts:
    """Open connections of all callers over a furnished world."""

    def __init__(self, world, callers=None) -> None:
        self.world = world
        self.callers = callers or TABLE["callers"]
        self.warnings: list = []
        self.connections: dict = {}
        try:
            for caller in self.callers:
                self._connect(caller)
        except psycopg.Error:
            self.close()
            raise
        world.owner.execute(
            "UPDATE owd_data.desk SET revoked_at = now() WHERE login = %s", (login_of(REVOKED),)
        )
        for connection in self.connections.values():
            connection.autocommit = False
            connection.add_notice_handler(self._heard)

    def close(self):
        for connection in self.connections.values():
            connection.close()

    def _connect(self, caller):
        login = f"owd_test_{caller}" if caller in LOGINS else login_of(replica_of(caller))
        connection = self.world.connect("owd_enrol" if caller == "enrol" else login)
        self.connections[caller] = connection
        if caller in PRESENT:
            self.world.arrive(replica_of(caller), name("person", PRESENT[caller]), on=connection)

    def values(self, caller):
        """What the placeholders stand for when this caller speaks."""
        mine = replica_of(caller)
        stolen = FAR if mine != FAR else WINDOW
        last = self.world.ends.get(mine, (0, ZEROS))[0]
        op = received(mine, last + 1, name("case", "new"), "wen", f"{STREET}260921000100099")
        head = head_bytes(op, PAYLOAD)
        return {
            "mine": mine, "theirs": OFFICE if mine == WINDOW else WINDOW, "zeros": ZEROS, "first": last + 1,
            "heads": pack_heads([head]), "payloads": [PAYLOAD], "signatures": bytes(64),
            "macs": mac(person_key(op["key_id"]), head), "case": CASE, "file": sha(b"paper here"),
            "nowhere": sha(b"no such paper"), "street": STREET, "person": name("person", "wen"),
            "decider": name("person", "dai"), "own_account": SECADMIN_SELF, "soon": "2026-12-31",
            "parked": name("op", f"{WINDOW} 2 {name('case', 'unknown')}"),
            "ops": [name("op", f"{WINDOW} 1 {CASE}")],
            "said": json.dumps(self.said([1])), "said_old": json.dumps(self.said([0])),
            "new_replica": json.dumps({"replica": str(uuid.uuid4()), "public_key": "11" * 32}),
            "stolen_replica": json.dumps(
                {"replica": stolen, "public_key": self.world.public_key(stolen)}
            ),
            "newcomer": json.dumps({"person_id": str(uuid.uuid4()), "login": "newcomer", "name": "样例"}),
            "joining": json.dumps(self.joining()),
        }  # fmt: skip

    @staticmethod
    def said(protocols):  # noqa: ANN205
        return {
            "app": "1.0", "protocols": protocols, "kinds": [], "last_seq": 0, "last_hash": "0" * 64,
            "acked": 0,
            "acked_hash": "0" * 64, "cursor": 0, "chain": "0" * 64, "sent_at": "2026-09-21T01:42:00Z",
        }  # fmt: skip

    @staticmethod
    def joining():  # noqa: ANN205
        verifier = "SCRAM-SHA-256$4096:" + "A" * 22 + "==$" + "A" * 43 + "=:" + "A" * 43 + "="
        return {
            "replica": str(uuid.uuid4()), "public_key": "22" * 32, "label": "new", "fingerprint": "machine",
            "verifier": verifier, "attach": None,
        }  # fmt: skip

    def _heard(self, notice):
        if notice.severity_nonlocalized == "WARNING":
            self.warnings.append(notice.sqlstate)

    def outcome(self, caller, statement, values=None):
        """`ok` or the SQLSTATE of the error or warning; whatever was done is undone."""
        connection = self.connections[caller]
        self.warnings.clear()
        try:
            cursor = connection.execute(statement.encode(), values)
            if cursor.description:
                cursor.fetchall()
        except psycopg.Error as error:
            return error.sqlstate or type(error).__name__
        finally:
            if not connection.closed:
                connection.rollback()
        return self.warnings[0] if self.warnings else "ok"

    def functions(self):
        """Every call by every caller; the differences."""
        values = {caller: self.values(caller) for caller in self.callers}
        for row in TABLE["functions"]:
            for caller in self.callers:
                got = self.outcome(caller, f"SELECT * FROM {row['call']}", values[caller])
                wanted = expected(row, caller)
                if got != wanted:
                    yield f"{caller}: {row['call']}: {got}, not {wanted}"

    def statements(self):
        for row in TABLE["statements"]:
            for caller in self.callers:
                got = self.outcome(caller, row["do"])
                wanted = expected(row, caller)
                if got != wanted:
                    yield f"{caller}: {row['do']}: {got}, not {wanted}"

    def tables(self):
        for table in TABLE["tables"]:
            for deed in TABLE["acts"]:
                for caller in self.callers:
                    got = self.outcome(caller, deed.format(table=table))
                    if got != "42501":
                        yield f"{caller}: {deed.format(table=table)}: {got}"


def expected(row, caller):
    for outcome, named in row.items():
        if outcome in {"do", "call", "else"}:
            continue
        if named == "everybody" or caller in members(named):
            return outcome
    return str(row.get("else", "42501"))


def members(named):
    names = [named] if isinstance(named, str) else named
    return {
        one
        for each in names
        for one in (members(TABLE["groups"][each]) if each in TABLE["groups"] else {each})
    }
