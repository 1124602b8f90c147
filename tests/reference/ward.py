"""A street in the central with desks and people, laid down by the owner; the desks have real logins."""

import hashlib
import hmac
import json
import os
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import psycopg
from private_postgres import Cluster
from psycopg import sql

from onewindow_desk.central.container import packed_heads
from onewindow_desk.domain.exchange import Cursor, FeedRow, What, follows
from onewindow_desk.domain.operation import GENESIS, Algorithms, Head, Place, canonical, digest, link_hash

PASSWORD = "a word for the test"
AT = "2026-09-21T01:42:00Z"
_CODES = count(500)

Connection = psycopg.Connection[Any]


class Act:
    """One operation as a desk would send it; the parts may be spoilt before it is sent."""

    def __init__(self, head: bytes, payload: bytes, mac: bytes, op_id: UUID) -> None:
        self.head, self.payload, self.mac, self.op_id = head, payload, mac, op_id


class Post:
    """One enrolled desk: its connection and its chain."""

    def __init__(self, ward: "Ward", scope: tuple[str, ...]) -> None:
        self.ward = ward
        self.desk_id, self.replica = uuid4(), uuid4()
        self.login = f"owd_d_{self.desk_id.hex}"
        self.chain: list[tuple[Act, str]] = []
        self.keys: dict[UUID, tuple[str, bytes]] = {}
        run = ward.owner.execute
        create = "CREATE ROLE {} LOGIN PASSWORD {} IN ROLE owd_desk"
        run(sql.SQL(create).format(sql.Identifier(self.login), PASSWORD))
        run(
            "INSERT INTO owd_data.desk (desk_id, street, label, login, scope) VALUES (%s, %s, %s, %s, %s)",
            (self.desk_id, ward.code, "一号窗口", self.login, list(scope)),
        )
        run(
            "INSERT INTO owd_data.replica (replica, desk_id, street, public_key, series)"
            " VALUES (%s, %s, %s, %s, 1)",
            (self.replica, self.desk_id, ward.code, os.urandom(32)),
        )
        self.connection = self.connect()

    def connect(self) -> Connection:
        """One more connection of this desk."""
        return psycopg.connect(
            self.ward.cluster.dsn(self.login, PASSWORD, self.ward.database), autocommit=True
        )

    def key_of(self, person: UUID, *, told: bool = True) -> tuple[str, bytes]:
        """The person's key at this desk; `told`: the central has it."""
        if person not in self.keys:
            self.keys[person] = (os.urandom(16).hex(), os.urandom(32))
            if told:
                self.tell_key(person)
        return self.keys[person]

    def tell_key(self, person: UUID) -> str:
        """Let the central know the key; its id."""
        key_id, key = self.keys[person]
        self.ward.owner.execute(
            "INSERT INTO owd_data.person_key (replica, key_id, person_id, key) VALUES (%s, %s, %s, %s)",
            (self.replica, key_id, person, key),
        )
        return key_id

    def act(
        self,
        kind: str,
        author: UUID,
        case: UUID | None = None,
        base: int | None = None,
        /,
        *,
        told: bool = True,
        named: UUID | None = None,
        **facts: Any,
    ) -> Act:
        """An act of `author`, signed, in no chain yet."""
        key_id, key = self.key_of(author, told=told)
        payload = os.urandom(60)
        op_id = named or uuid4()
        head = {
            "v": 1, "op_id": op_id, "case_id": case, "kind": kind, "schema": 1, "author": author, "at": AT,
            "base": base, "envelope": facts, "payload_sha256": digest(payload), "payload_size": len(payload),
            "alg": Algorithms(), "person_key": key_id,
        }  # fmt: skip
        assert set(head) == set(Head.__struct_fields__)
        data = canonical(head)
        return Act(data, payload, hmac.digest(key, data, "sha256"), op_id)

    def signed_again(self, act: Act, author: UUID, head: bytes) -> Act:
        """The act with another head, signed as its author would."""
        assert head != act.head
        return Act(head, act.payload, hmac.digest(self.keys[author][1], head, "sha256"), act.op_id)

    def receipt(self, author: UUID, case: UUID, *, told: bool = True, **more: Any) -> Act:
        """A receipt with the street's next number."""
        facts = {
            "receipt_no": self.ward.number(), "item_id": "JN34-XK-08", "item_version": "v1",
            "item_name": "样例", "received_at": AT, "decision_level": "street", **more,
        }  # fmt: skip
        return self.act("receive", author, case, told=told, **facts)

    def add(self, *acts: Act) -> int:
        """Put acts at the end of this desk's chain; the place of the first."""
        first = len(self.chain) + 1
        for act in acts:
            before = self.chain[-1][1] if self.chain else GENESIS
            self.chain.append((act, link_hash(Place(self.replica, len(self.chain) + 1, before), act.head)))
        return first

    def send(self, first: int, last: int, connection: Connection | None = None) -> dict[str, Any]:
        """Push the places `first` to `last` of the chain."""
        batch = self.chain[first - 1 : last]
        return self.push_raw(
            first,
            packed_heads([act.head for act, _ in batch]),
            [act.payload for act, _ in batch],
            b"".join(act.mac for act, _ in batch),
            bytes.fromhex(batch[-1][1]),
            connection,
        )

    def push_raw(
        self,
        first: int,
        heads: bytes,
        payloads: list[bytes],
        macs: bytes,
        last: bytes,
        connection: Connection | None = None,
    ) -> dict[str, Any]:
        """The bare call."""
        row = (connection or self.connection).execute(
            "SELECT owd.push(%b, %b, %b, %b, %b, %b, %b)",
            (self.replica, first, heads, payloads, bytes(64 * len(payloads)), macs, last),
        )
        (answer,) = row.fetchall()[0]
        assert isinstance(answer, dict)
        return answer

    def push(self, *acts: Act) -> list[str]:
        """Add and send acts in one batch; what became of each, like `rejected:stale`."""
        first = self.add(*acts)
        answer = self.send(first, len(self.chain))
        assert answer["status"] == "ok"
        assert answer["last_seq"] == len(self.chain)
        told = {row["seq"]: f"{row['verdict']}:{row['reason']}".rstrip(":") for row in answer["verdicts"]}
        return [told.get(first + place, "applied") for place in range(len(acts))]

    def do(
        self, kind: str, author: UUID, case: UUID | None = None, base: int | None = None, /, **more: Any
    ) -> str:
        """One act pushed alone."""
        return self.push(self.act(kind, author, case, base, **more))[0]

    def receive(self, author: UUID, **more: Any) -> UUID:
        """A new case, received and applied."""
        case = uuid4()
        assert self.push(self.receipt(author, case, **more)) == ["applied"]
        return case

    def be_present(self, person: UUID) -> None:
        """As if the person had proven it on this connection."""
        self.ward.owner.execute(
            "INSERT INTO owd_data.presence (pid, started, person_id, replica, until)"
            " SELECT pid, backend_start, %s, %s, now() + interval '1 hour' FROM pg_stat_activity"
            " WHERE pid = %s"
            " ON CONFLICT (pid) DO UPDATE SET started = excluded.started, person_id = excluded.person_id",
            (person, self.replica, self.connection.info.backend_pid),
        )

    def pull(self, cursor: Cursor | None = None, limit: int = 5000) -> list[FeedRow]:
        """The feed after the cursor; every row is held to the chain."""
        cursor = cursor or Cursor()
        rows = self.connection.execute(
            "SELECT * FROM owd.pull(%s, %s, %s, %s)",
            (self.replica, cursor.seq, bytes.fromhex(cursor.chain), limit),
        ).fetchall()
        feed = [feed_row(row) for row in rows]
        for row in feed:
            assert follows(cursor, row)
            cursor = Cursor(row.seq, row.chain)
        return feed

    def history(self, act: Act) -> list[str]:
        """Every verdict the feed has on an act, in order."""
        return [f"{row.verdict}:{row.reason}".rstrip(":") for row in self.pull() if row.op_id == act.op_id]


def feed_row(row: tuple[Any, ...]) -> FeedRow:
    """A row of `owd.feed_row` without the operation."""
    return FeedRow(
        seq=row[0], chain=row[1].hex(), what=What(row[2]), subject=row[3].hex(), verdict=row[4],
        reason=row[5], op_id=row[6], case_id=row[7], case_version=row[8], body=row[16],
    )  # fmt: skip


class Ward:
    """A street of its own in a database, and the owner's hand on it."""

    def __init__(self, cluster: Cluster, database: str, owner: Connection) -> None:
        self.cluster, self.database, self.owner = cluster, database, owner
        self.code = str(next(_CODES))
        self.desks: list[Post] = []
        self._numbers = count(1)
        owner.execute(
            "INSERT INTO owd_data.street (street, name, settings) VALUES (%s, '样例街道', %s)",
            (self.code, json.dumps({"min_app": "0.1.0"})),
        )

    def number(self) -> str:
        """A receipt number of this street that was not given yet."""
        return f"{self.code}{next(self._numbers):015d}"

    def desk(self, *scope: str) -> Post:
        """One more desk."""
        self.desks.append(Post(self, scope or ("window",)))
        return self.desks[-1]

    def person(self, *roles: str, active: bool = True, until: str = "2099-12-31") -> UUID:
        """One more person."""
        person = uuid4()
        self.owner.execute(
            "INSERT INTO owd_data.person (person_id, street, roles, active, until)"
            " VALUES (%s, %s, %s, %s, %s)",
            (person, self.code, list(roles), active, until),
        )
        return person

    def one(self, statement: str, *values: Any) -> Any:
        """One value, asked by the owner."""
        row = self.owner.execute(statement.encode(), values).fetchone()
        return None if row is None else row[0]

    def file(self, *, there: bool = True) -> str:
        """A file's address; `there`: the central has it in full."""
        address = hashlib.sha256(os.urandom(32)).digest()
        self.owner.execute(
            "INSERT INTO owd_data.file (street, sha256, size, chunk, complete_at)"
            " VALUES (%s, %s, 32, 262144, CASE WHEN %s THEN now() END)",
            (self.code, address, there),
        )
        return address.hex()

    def close(self) -> None:
        """Close every desk's connection."""
        for desk in self.desks:
            desk.connection.close()
