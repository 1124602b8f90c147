"""A central with two streets, their people and desks in it, and hands to act as any of them.

Laid down by the owner of the cluster with plain INSERTs, so that what is tested is only what
clients can do. The invented people prove themselves for real; their client keys are made from their
ids, without a password and without stretching.
"""

import hashlib
import hmac
import json
import uuid
from contextlib import suppress

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sealing import ZEROS, head_bytes, link, mac, pack_heads
from sequences import DESKS, FIRST_KEYS, PEOPLE, REPLICAS, STREETS, key_id, name

PASSWORD = "not a secret here"
CANARY = "张伟 320115199001011234"
# Opaque to the central: here it says what nobody must hear who may not.
PAYLOAD = b"salt salt salt s" + CANARY.encode()
ELSEWHERE = b"salt salt salt s and another street's"
SCOPES = [["window"], ["handler", "reviewer", "decider", "sealkeeper", "issuer", "archivist"]]
SALT = b"0123456789abcdef"


def sha(data):
    return hashlib.sha256(data).digest()


def client_key(person):
    return sha(b"client key of " + person.encode())


def person_key(key):
    """The secret behind a key id."""
    return sha(b"person key " + key.encode())


def desk_of(replica):
    return DESKS.get(replica) or str(uuid.uuid5(uuid.UUID(replica), "desk"))


def login_of(replica):
    return f"owd_d_{uuid.UUID(desk_of(replica)).hex}"


class World:
    """One database of a cluster; `database` has the schema and, after `lay`, the two streets."""

    def __init__(self, cluster, database) -> None:
        self.cluster, self.database = cluster, database
        self.owner = psycopg.connect(cluster.owner_dsn(database), autocommit=True)
        self.desks: dict = {}
        self.ends: dict = {}

    def close(self):
        for connection in (self.owner, *self.desks.values()):
            connection.close()

    def lay(self):
        """Streets, desks with one enrolment each, people with secrets and keys."""
        run = self.owner.execute
        for street, code in STREETS.items():
            settings = '{"issuer_may_seal": {"until": "2099-12-31"}}'
            row = (code, street, settings)
            run("INSERT INTO owd_data.street (street, name, settings) VALUES (%s, %s, %s)", row)
        for number, (replica, street) in enumerate(REPLICAS.items()):
            self.add_desk(replica, street, f"desk {number}", SCOPES[min(number, 1)])
            self.add_replica(replica, street, number + 1)
        for person, is_ in PEOPLE.items():
            self.add_person(person, is_)
        for replica, person in FIRST_KEYS:
            key = key_id(replica, person)
            held = (replica, key, person, person_key(key))
            run("INSERT INTO owd_data.person_key VALUES (%s, %s, %s, %s)", held)
        return self

    def add_desk(self, replica, street, label, scope):
        login = login_of(replica)
        with suppress(psycopg.errors.DuplicateObject):
            # Roles are the cluster's; another database has made this one.
            self.owner.execute(f"CREATE ROLE {login} LOGIN PASSWORD '{PASSWORD}' IN ROLE owd_desk")
        self.owner.execute(
            "INSERT INTO owd_data.desk (desk_id, street, label, login, scope) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (desk_of(replica), street, label, login, scope),
        )

    def add_replica(self, replica, street, series):
        key = self.signer(replica).public_key().public_bytes_raw()
        self.owner.execute(
            "INSERT INTO owd_data.replica (replica, desk_id, street, public_key, series)"
            " VALUES (%s, %s, %s, %s, %s)",
            (replica, desk_of(replica), street, key, series),
        )
        self.owner.execute("INSERT INTO owd_data.series_lease VALUES (%s, %s, %s)", (street, series, replica))

    def add_person(self, person, is_):
        known = {"person_id": person, "login": person[:8], "name": "样例"}
        body = {**known, "roles": is_["roles"], "active": is_["active"]}
        self.owner.execute(
            "INSERT INTO owd_data.person (person_id, street, roles, active, until, body, login)"
            " VALUES (%s, %s, %s, %s, '2099-12-31', %s, %s)",
            (person, is_["street"], is_["roles"], is_["active"], json.dumps(body).encode(), person[:8]),
        )
        self.owner.execute(
            "INSERT INTO owd_data.person_secret VALUES (%s, %s, 19456, 1, 1, %s)",
            (person, SALT, sha(client_key(person))),
        )

    @staticmethod
    def signer(replica):  # noqa: ANN205
        return Ed25519PrivateKey.from_private_bytes(sha(b"desk " + replica.encode()))

    def public_key(self, replica):
        return self.signer(replica).public_key().public_bytes_raw().hex()

    def connect(self, login):
        # The door's password is everybody's: only a ticket gets further.
        word = "onewindow" if login == "owd_enrol" else PASSWORD
        where = self.cluster.dsn(login, word, self.database)
        return psycopg.connect(where, autocommit=True, prepare_threshold=None)

    def desk(self, replica):
        """The connection of this enrolment's desk, as the desk itself signs in."""
        if replica not in self.desks:
            self.desks[replica] = self.connect(login_of(replica))
        return self.desks[replica]

    def ask(self, replica, call, *values, on=None):
        """One call as the desk; the first column of the first row."""
        row = (on or self.desk(replica)).execute(f"SELECT {call}".encode(), values).fetchone()
        return row and row[0]

    def arrive(self, replica, person, key=None, on=None):
        """The person proves to be present on this desk's connection, as its client would."""
        challenge = self.ask(replica, "owd.challenge(%s, %s)", replica, person, on=on)
        stored = sha(client_key(person))
        said = bytes.fromhex(challenge["nonce"]) + uuid.UUID(person).bytes + uuid.UUID(replica).bytes
        mask = hmac.digest(stored, said, "sha256")
        proof = bytes(one ^ other for one, other in zip(client_key(person), mask, strict=True))
        values = (replica, person, proof, key, person_key(key) if key else None)
        call = "owd.prove_person(%s, %s, %s, %s, %s)"
        if self.ask(replica, call, *values, on=on) == {"asked": True}:
            return self.ask(replica, call, *values, on=on)
        return None

    def leave(self, replica):
        self.ask(replica, "owd.leave(%s)", replica)

    def be_present(self, replica, person):
        self.leave(replica) if person is None else self.arrive(replica, person)

    def push(self, replica, operations):
        """Seal and send operation dicts of one replica that follow each other; the central's answer."""
        before = self.ends.get(replica, (0, ZEROS))
        assert operations[0]["seq"] == before[0] + 1
        heads, payloads, signatures, macs = [], [], [], []
        for op in operations:
            head, payload, signature = self.sealed(op)
            before = (op["seq"], link(replica, op["seq"], before[1], head))
            heads.append(head)
            payloads.append(payload)
            signatures.append(self.signer(replica).sign(b"onewindow desk 1\n" + before[1]))
            macs.append(signature)
        lone = len(heads) == 1 and not operations[0].get("readable", True)
        packed = b"R" + heads[0] if lone else pack_heads(heads)
        self.ends[replica] = before
        return self.ask(
            replica, "owd.push(%s, %s, %s, %s, %s, %s, %s)",
            replica, operations[0]["seq"], packed, payloads, b"".join(signatures), b"".join(macs), before[1],
        )  # fmt: skip

    @staticmethod
    def sealed(op):  # noqa: ANN205
        """Head, payload and the person's MAC, as good or as bad as the operation says."""
        payload = PAYLOAD if REPLICAS.get(op["replica"]) != STREETS["west"] else ELSEWHERE
        if not op.get("readable", True):
            return b'{"v":1,"kind":', payload, bytes(32)
        head = head_bytes(op, payload)
        signature = mac(person_key(op["key_id"]), head)
        if not op.get("mac_good", True):
            signature = bytes(byte ^ 1 for byte in signature)
        return head, payload if op.get("payload_good", True) else payload + b"!", signature

    def file(self, street, sha256):
        """A file of this street is there in full."""
        self.owner.execute(
            "INSERT INTO owd_data.file (street, sha256, size, chunk, complete_at)"
            " VALUES (%s, %s, 1, 262144, now()) ON CONFLICT DO NOTHING",
            (street, bytes.fromhex(sha256)),
        )

    def verdicts(self):
        """(replica, seq) -> what the feed says last of it."""
        rows = self.owner.execute(
            "SELECT DISTINCT ON (replica, op_seq) replica::text, op_seq, verdict, reason FROM owd_data.feed"
            " WHERE what IN ('op', 'verdict') ORDER BY replica, op_seq, seq DESC"
        )
        return {(replica, seq): (verdict, reason) for replica, seq, verdict, reason in rows}

    def cases(self):
        """(street, case) -> (state, version), as the central keeps it."""
        rows = self.owner.execute("SELECT street, case_id::text, state, version FROM owd_data.case_")
        return {(street, case): (state, version) for street, case, state, version in rows}


__all__ = ["STREETS", "World", "name"]
