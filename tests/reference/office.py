"""An office over a central, for the tests: administrators, people, desks, all of it through the functions.

Nothing here knows the product's own client: what is sent is written out once more, from the contract.
"""

import hashlib
import hmac
import json
import os
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar
from uuid import UUID, uuid4

import psycopg
import sealing
from private_postgres import Cluster

PASSWORD = "an-office-of-the-tests"
DOOR, DOOR_PASSWORD = "owd_enrol", "onewindow"  # known to everybody: the ticket is the secret
SYSTEM, SECURITY, AUDIT = "office_system", "office_security", "office_audit"
_DUTIES = {SYSTEM: "owd_sysadmin", SECURITY: "owd_secadmin", AUDIT: "owd_auditor"}
_CLERKS = ("window", "handler")
C = TypeVar("C", bound="Caller")


@dataclass
class Member:
    """A person of a street and the client key that proves them (32 bytes, as if stretched)."""

    person_id: UUID
    street: str
    key: bytes = field(default_factory=lambda: os.urandom(32))

    @property
    def stored(self) -> bytes:
        """What the central keeps of the key."""
        return hashlib.sha256(self.key).digest()

    def proof(self, nonce: bytes, replica: UUID) -> bytes:
        """The answer to a nonce."""
        mask = hmac.digest(self.stored, nonce + self.person_id.bytes + replica.bytes, "sha256")
        return bytes(a ^ b for a, b in zip(self.key, mask, strict=True))


class Caller:
    """One connection of a login; autocommit, so every call is a transaction."""

    def __init__(self, dsn: str) -> None:
        self.line = psycopg.connect(dsn, autocommit=True)

    def __call__(self, statement: str, *values: object) -> Any:
        """The first value of the first row, None without rows."""
        row = self.rows(statement, *values)
        return row[0][0] if row else None

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a statement."""
        done = self.line.execute(statement.encode(), values)
        return done.fetchall() if done.description else []

    def twice(self, statement: str, *values: object) -> Any:
        """A call that writes down what is asked first: the second answer, the first one checked."""
        assert self(statement, *values) == {"asked": True}
        return self(statement, *values)


class Enrolled(Caller):
    """A desk that is in, on one connection."""

    def __init__(self, dsn: str, replica: UUID, answer: dict[str, Any]) -> None:
        super().__init__(dsn)
        self.dsn, self.replica, self.answer = dsn, replica, answer
        self.login: str = answer["login"]
        self._seq, self._last = 0, bytes(32)

    def again(self) -> "Enrolled":
        """Another connection of the same desk."""
        return Enrolled(self.dsn, self.replica, self.answer)

    def challenge(self, person: UUID) -> dict[str, Any]:
        """What the central asks this person."""
        asked: dict[str, Any] = self("SELECT owd.challenge(%s, %s)", self.replica, person)
        return asked

    def proof(self, member: Member) -> bytes:
        """A right answer to a fresh challenge."""
        nonce = bytes.fromhex(self.challenge(member.person_id)["nonce"])
        return member.proof(nonce, self.replica)

    def offer(self, person: UUID, proof: bytes, key_id: str | None = None, key: bytes | None = None) -> Any:
        """One call of prove_person."""
        said = (self.replica, person, proof, key_id, key)
        return self("SELECT owd.prove_person(%s, %s, %s, %s, %s)", *said)

    def prove(self, member: Member, key_id: str | None = None, key: bytes | None = None) -> dict[str, Any]:
        """The person is present on this connection from here on."""
        proof = self.proof(member)
        assert self.offer(member.person_id, proof, key_id, key) == {"asked": True}
        proven: dict[str, Any] = self.offer(member.person_id, proof, key_id, key)
        return proven

    def push(self, op: dict[str, Any], key: bytes, payload: bytes = b"packed") -> str:
        """Send one operation as the next of this desk; its verdict and, after a blank, the reason."""
        head = sealing.head_bytes(op, payload)
        link = sealing.link(str(self.replica), self._seq + 1, self._last, head)
        sent = (b"R" + head, [payload], bytes(64), sealing.mac(key, head), link)
        answer = self("SELECT owd.push(%s, %s, %s, %s, %s, %s, %s)", self.replica, self._seq + 1, *sent)
        assert answer["status"] == "ok", answer
        self._seq, self._last = self._seq + 1, link
        return " ".join(f"{v['verdict']} {v['reason']}" for v in answer["verdicts"]) or "applied"


def chain_end(replica: UUID, ops: list[dict[str, Any]], payload: bytes = b"packed") -> str:
    """The hash (hex) of the last of these operations, pushed one after the other from the first place."""
    last = bytes(32)
    for seq, op in enumerate(ops, 1):
        last = sealing.link(str(replica), seq, last, sealing.head_bytes(op, payload))
    return last.hex()


def act(
    author: Member, kind: str, case: UUID | None = None, key_id: str = "ab" * 8, **facts: object
) -> dict[str, Any]:
    """An operation, without a base, claimed now."""
    return {
        "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "author": str(author.person_id),
        "base": None,
        "case": str(case) if case else None,
        "facts": facts,
        "kind": kind,
        "op_id": str(uuid4()),
        "key_id": key_id,
    }


def received(author: Member, case: UUID, number: str, key_id: str = "ab" * 8) -> dict[str, Any]:
    """A case is taken in."""
    facts = {"receipt_no": number, "item_id": "i", "item_version": "1", "received_at": "2026-01-05T01:00:00Z"}
    return act(author, "receive", case, key_id, **facts)


def verifier(password: str = PASSWORD) -> str:
    """A SCRAM-SHA-256 verifier (RFC 5802), as PostgreSQL keeps it."""
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 4096)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    parts = [b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256$4096:{parts[0]}${parts[1]}:{parts[2]}"


def joining(replica: UUID | None = None, **changed: object) -> dict[str, Any]:
    """What a desk says with its ticket."""
    said: dict[str, Any] = {
        "replica": str(replica or uuid4()),
        "public_key": os.urandom(32).hex(),
        "label": "",
        "fingerprint": "a machine of the tests",
        "verifier": verifier(),
        "attach": None,
    }
    return {**said, **changed}


class Office:
    """A central's database with its three administrators; `close` ends every connection."""

    def __init__(self, cluster: Cluster, database: str) -> None:
        self.cluster, self.database = cluster, database
        self._callers: list[Caller] = []
        self._codes = count(100)
        for login, duty in _DUTIES.items():
            self._login(login, duty)
        self.owner = self._keep(Caller(cluster.owner_dsn(database)))
        self.system, self.security, self.audit = (self.enter(login) for login in _DUTIES)
        self.door = self.enter(DOOR)

    def close(self) -> None:
        """End every connection."""
        for caller in self._callers:
            caller.line.close()

    def enter(self, login: str) -> Caller:
        """A connection of this login."""
        password = DOOR_PASSWORD if login == DOOR else PASSWORD
        return self._keep(Caller(self.cluster.dsn(login, password, self.database)))

    def street(self) -> str:
        """A new street; its code."""
        code = str(next(self._codes))
        self.system(
            "SELECT owd_admin.create_street(%s, %s, %s)", code, f"街道{code}", json.dumps({"name": code})
        )
        return code

    def member(self, street: str, *roles: str, **said: object) -> Member:
        """A new person with these roles until tomorrow."""
        made = Member(uuid4(), street)
        person = {"person_id": str(made.person_id), "login": f"l{made.person_id.hex}", "name": "王芳", **said}
        self.system(
            "SELECT owd_admin.create_person(%s, %s, %s, 65536, 3, 4, %s)",
            street, json.dumps(person), os.urandom(16), made.stored,
        )  # fmt: skip
        if roles:
            self.grant(made, *roles)
        return made

    def grant(self, member: Member, *roles: str) -> None:
        """The security administrator gives roles."""
        self.security(
            "SELECT owd_admin.grant_roles(%s, %s, %s, (now() AT TIME ZONE 'Asia/Shanghai')::date + 1)",
            member.street, member.person_id, list(roles),
        )  # fmt: skip

    def ticket(self, street: str, label: str, scope: tuple[str, ...] = _CLERKS, kind: str = "new") -> str:
        """A one-time ticket."""
        made: str = self.system("SELECT owd_admin.ticket(%s, %s, %s, %s)", street, label, list(scope), kind)
        return made

    def enrol(self, ticket: str, said: dict[str, Any]) -> dict[str, Any]:
        """Come in with a ticket."""
        answer: dict[str, Any] = self.door.twice("SELECT owd.enrol(%s, %s)", ticket, json.dumps(said))
        return answer

    def desk(
        self,
        street: str,
        label: str,
        scope: tuple[str, ...] = _CLERKS,
        attach: dict[str, Any] | None = None,
        replica: UUID | None = None,
    ) -> Enrolled:
        """A desk that came in with a ticket, connected."""
        said = joining(replica, attach=attach)
        answer = self.enrol(self.ticket(street, label, scope, "attach" if attach else "new"), said)
        dsn = self.cluster.dsn(answer["login"], PASSWORD, self.database)
        return self._keep(Enrolled(dsn, UUID(said["replica"]), answer))

    def events(self, what: str) -> list[tuple[Any, ...]]:
        """(login, person_id, subject, outcome) of the events of a kind, oldest first."""
        return self.owner.rows(
            "SELECT login, person_id, subject, outcome FROM owd_data.event WHERE what = %s ORDER BY id", what
        )

    def feed(self, street: str, what: str) -> list[dict[str, Any]]:
        """The bodies of a street's feed rows of a kind, oldest first."""
        rows = self.owner.rows(
            "SELECT body FROM owd_data.feed WHERE street = %s AND what = %s ORDER BY seq", street, what
        )
        return [json.loads(body) for (body,) in rows]

    def _keep(self, caller: C) -> C:
        self._callers.append(caller)
        return caller

    def _login(self, login: str, duty: str) -> None:
        if not self.cluster.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{login}'"):
            self.cluster.sql(f"CREATE ROLE {login} LOGIN PASSWORD '{PASSWORD}' IN ROLE {duty}")
