"""One conversation with the central: its functions, called over one PostgreSQL connection.

One call is one statement and one transaction. What leaves here is a Struct of the domain, Refusal,
Unreachable or Fault. Implements `sync.ports.Central`.
"""

import secrets
import select
import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from msgspec import Struct
from psycopg import sql

from onewindow_desk.central.answers import FEED_COLUMNS, feed_rows, parsed
from onewindow_desk.central.blobs import BlobStore, ChunkTable
from onewindow_desk.central.connect import Door, open_line
from onewindow_desk.central.container import packed_heads
from onewindow_desk.central.trouble import (
    CURSOR_UNKNOWN,
    MALFORMED,
    NOT_PERMITTED,
    NOTHING_THERE,
    UNKNOWN_DESK,
    no_answer,
    refused,
    translate,
)
from onewindow_desk.central.watchdog import NO_ANSWER, Lifeline
from onewindow_desk.domain.access import Challenge, Joined, Joining, Proven, Secret, Stretching
from onewindow_desk.domain.exchange import (
    Cursor,
    FeedRow,
    FilePart,
    HelloAnswer,
    HelloSaid,
    Leased,
    NewReplica,
    OneVerdict,
    PushAnswer,
    Sealed,
)
from onewindow_desk.domain.people import Person, Role
from onewindow_desk.faults import Fault, Refusal, Unreachable
from onewindow_desk.settings import CentralAddress

Password = Callable[[], bytes | None]
"""Gives the login's password out of the vault, each time anew; it is never kept here."""

_ENROLLING, _ENROLLING_PASSWORD = "owd_enrol", b"onewindow"
"""The login before there is one: everybody knows it, and only a ticket gets further."""

_ENROL_WORDS = {
    NOTHING_THERE: "接入码不对、已用过，或已超过 30 分钟。请管理员另发一个接入码。",
    MALFORMED: "这个接入码不能接入这台电脑：窗口名称已有电脑在用，或填写的内容不全。请管理员核对后另发一个。",
    UNKNOWN_DESK: "中心库没有开放接入。请管理员核对中心库的设置。",
}
_PROOF_WORDS = {
    UNKNOWN_DESK: "中心库不认这台电脑，可能已被停用。请联系管理员。",
    NOT_PERMITTED: "口令不对，请再输一次。",
}
_PAYLOAD_WORDS = {
    "presence": "要先联网登录，才能查看这一办件的内容。请联网后重新登录。",
    "role": "您的岗位不能查看这一办件的内容。需要时请主管查看。",
    "scope": "这台电脑的业务范围不含这一办件。请到负责的窗口查看。",
    "state": "这一办件现在不能调阅。请等它办到您的环节，或请主管查看。",
    "purpose": "请先写明查看的用途。",
    "unknown": "中心库里没有这一办件。",
}

_MEMORY_KIB, _PASSES = range(19_456, 1_048_577), range(1, 17)
"""What any central may ask; the same bounds as in its tables."""


class _ChallengeSaid(Struct, frozen=True):
    known: bool
    salt: str
    memory_kib: int
    passes: int
    lanes: int
    nonce: str


class _PersonSaid(Struct, frozen=True):
    person_id: UUID
    login: str | None = None
    name: str | None = None
    active: bool = True


class _ProvenSaid(Struct, frozen=True):
    person: _PersonSaid
    roles: frozenset[Role]
    valid_until: datetime


class _JoinedSaid(Struct, frozen=True):
    login: str
    series: int
    spare_series: tuple[int, ...]
    street: str
    street_settings: dict[str, Any]
    label: str
    scope: tuple[str, ...] = ()


class _CursorUnknown(Unreachable):
    """The central does not know how far this desk has read; None for who asked to read on."""


class Conversation:
    """One open connection. Used by one thread; only `lifeline.cut()` may come from another."""

    def __init__(self, connection: psycopg.Connection, lifeline: Lifeline) -> None:
        self._connection = connection
        self._lifeline = lifeline
        self._between: Callable[[], None] | None = None
        self._warned = False
        self._rung: set[str] = set()
        self._doorbell = ""
        self._blobs: BlobStore = ChunkTable(self._call)
        connection.add_notice_handler(self._note)
        connection.add_notify_handler(lambda ring: self._rung.add(ring.channel))

    def close(self) -> None:
        """End the conversation; nothing is waited for."""
        self._lifeline.close()
        self._connection.close()

    def let_in(self, between: Callable[[], None]) -> None:
        """Call `between` before every question: it may ask questions of its own, in the same thread."""
        self._between = between

    # what a round asks (sync.ports.Central)

    def hello(self, replica: UUID, said: HelloSaid) -> HelloAnswer:
        """As in ports.Central."""
        asked = b"SELECT owd.hello(%b, %b::jsonb)::text"
        return parsed(self._one(asked, replica, _json(said)), HelloAnswer)

    def push(self, replica: UUID, batch: Sequence[Sealed]) -> PushAnswer:
        """As in ports.Central."""
        sent = b"SELECT owd.push(%b, %b::bigint, %b, %b::bytea[], %b, %b, %b)::text"
        answer = self._one(
            sent,
            replica,
            batch[0].place.seq,
            packed_heads([sealed.head for sealed in batch]),
            [sealed.payload for sealed in batch],
            b"".join(sealed.desk_signature for sealed in batch),
            b"".join(sealed.person_mac for sealed in batch),
            bytes.fromhex(batch[-1].hash),
        )
        return parsed(answer, PushAnswer)

    def pull(self, replica: UUID, cursor: Cursor, limit: int) -> tuple[FeedRow, ...] | None:
        """As in ports.Central."""
        asked = b"SELECT " + FEED_COLUMNS + b" FROM owd.pull(%b, %b::bigint, %b, %b::int)"
        try:
            rows = self._call(asked, replica, cursor.seq, bytes.fromhex(cursor.chain), limit)
        except _CursorUnknown:
            return None
        return feed_rows(rows)

    def head(self, replica: UUID) -> Cursor:
        """As in ports.Central."""
        seq, chain = self._call(b"SELECT seq, chain FROM owd.head(%b)", replica)[0]
        return Cursor(seq, chain.hex())

    def snapshot(self, replica: UUID, after: int, upto: int, limit: int) -> tuple[FeedRow, ...]:
        """As in ports.Central."""
        asked = b"SELECT " + FEED_COLUMNS + b" FROM owd.snapshot(%b, %b::bigint, %b::bigint, %b::int)"
        return feed_rows(self._call(asked, replica, after, upto, limit))

    def payloads(self, replica: UUID, operations: Sequence[UUID]) -> Mapping[UUID, bytes]:
        """As in ports.Central."""
        asked = b"SELECT op_id, payload FROM owd.payloads(%b, %b::uuid[])"
        rows = self._call(asked, replica, list(operations))
        return {op_id: payload for op_id, payload in rows if payload is not None}

    def renew(self, replica: UUID, new: NewReplica) -> Leased:
        """As in ports.Central."""
        return parsed(self._one(b"SELECT owd.renew(%b, %b::jsonb)::text", replica, _json(new)), Leased)

    def missing_parts(self, replica: UUID, sha256: str, size: int, chunk: int) -> tuple[int, ...]:
        """As in ports.Central."""
        return self._blobs.missing(replica, sha256, size, chunk)

    def put_part(self, replica: UUID, sha256: str, number: int, data: bytes) -> bool:
        """As in ports.Central."""
        return self._blobs.put(replica, sha256, number, data)

    def get_part(self, replica: UUID, sha256: str, number: int) -> FilePart:
        """As in ports.Central."""
        return self._blobs.get(replica, sha256, number)

    # joining, and who is there

    def enrol(self, ticket: str, joining: Joining) -> Joined:
        """Join with a one-time ticket, over the connection of the login that may do only this.

        The same call again gives the same answer, so one whose answer was lost is made again.
        """
        asked = b"SELECT owd.enrol(%b, %b::jsonb)::text"
        said = parsed(self._twice(asked, ticket, _json(joining), words=_ENROL_WORDS), _JoinedSaid)
        return Joined(
            login=said.login,
            leased=Leased(series=said.series, spare_series=said.spare_series),
            street=said.street,
            street_settings=said.street_settings,
            label=said.label,
            scope=said.scope,
        )

    def challenge(self, replica: UUID, person: UUID) -> Challenge:
        """How to prove this person's password, once."""
        said = parsed(self._one(b"SELECT owd.challenge(%b, %b)::text", replica, person), _ChallengeSaid)
        if said.memory_kib not in _MEMORY_KIB or said.passes not in _PASSES:
            # Less would let an eavesdropper at the server guess, more would stop this PC.
            raise Fault("The central asks for a password to be stretched as nobody should")
        stretching = Stretching(
            salt=bytes.fromhex(said.salt), memory_kib=said.memory_kib, passes=said.passes, lanes=said.lanes
        )
        return Challenge(known=said.known, stretching=stretching, nonce=bytes.fromhex(said.nonce))

    def prove_person(
        self, replica: UUID, person: UUID, proof: bytes, key_id: str | None = None, key: bytes | None = None
    ) -> Proven:
        """This person is here now, for as long as the conversation lasts or somebody else proves to be.

        With `key` the person's signing key of this enrolment is made known to the central.
        """
        asked = b"SELECT owd.prove_person(%b, %b, %b, %b::text, %b::bytea)::text"
        text = self._twice(asked, replica, person, proof, key_id, key, words=_PROOF_WORDS)
        said = parsed(text, _ProvenSaid)
        known = said.person
        return Proven(
            person=Person(
                person_id=known.person_id,
                login=known.login or "",
                name=known.name or "",
                roles=said.roles,
                active=known.active,
            ),
            valid_until=said.valid_until,
        )

    def new_secret(self, replica: UUID, person: UUID, secret: Secret) -> None:
        """Change the secret of the person who is present, or give one who has none their first."""
        how = secret.stretching
        sent = b"SELECT owd.new_secret(%b, %b, %b, %b::int, %b::int, %b::int, %b)::text"
        arguments = (how.salt, how.memory_kib, how.passes, how.lanes, secret.stored_key)
        self._call(sent, replica, person, *arguments)

    def leave(self, replica: UUID) -> None:
        """Nobody is present here any more."""
        self._call(b"SELECT owd.leave(%b)::text", replica)

    def payload(self, replica: UUID, case: UUID, purpose: str) -> Mapping[UUID, bytes]:
        """The payloads of one case for the person present, who says what for; asking is recorded."""
        asked = b"SELECT op_id, payload, status FROM owd.payload(%b, %b, %b)"
        rows = self._call(asked, replica, case, purpose)
        if rows and rows[0][2] == "asked":
            rows = self._call(asked, replica, case, purpose)
        status = rows[0][2] if rows else "unknown"
        if status != "given":
            raise refused(NOT_PERMITTED, _PAYLOAD_WORDS.get(status, ""))
        return {op_id: payload for op_id, payload, _ in rows if op_id is not None and payload is not None}

    def retry(self, replica: UUID, operation: UUID) -> OneVerdict:
        """Look at a parked or quarantined operation again."""
        return parsed(self._one(b"SELECT owd.retry(%b, %b)::text", replica, operation), OneVerdict)

    # the doorbell

    def listen(self, street: str) -> bool:
        """Ask to be rung for when the street's feed grows; False when rings do not come through here.

        Through a pooler that lends out connections LISTEN succeeds and nothing ever arrives, so a ring
        of our own is sent first.
        """
        doorbell, trial = f"owd_{street}", f"owd_try_{secrets.token_hex(8)}"
        for channel in (doorbell, trial):
            self._call(sql.SQL("LISTEN {}").format(sql.Identifier(channel)).as_bytes())
        self._call(sql.SQL("NOTIFY {}").format(sql.Identifier(trial)).as_bytes())
        self._doorbell = doorbell if trial in self._rung else ""
        return bool(self._doorbell)

    def wait(self, seconds: float, other: socket.socket) -> bool:
        """Wait for a ring, at most `seconds` and until `other` can be read; True when it rang.

        May come back early without either.
        Unreachable when the line broke meanwhile.
        """
        if self._take_ring():
            return True
        line = self._connection.pgconn.socket
        ready, _, _ = select.select([line, other.fileno()], [], [], seconds)
        if line in ready:
            self._read_rings()
        return self._take_ring()

    def _take_ring(self) -> bool:
        rang = bool(self._doorbell) and self._doorbell in self._rung
        self._rung.clear()
        return rang

    def _read_rings(self) -> None:
        line = self._connection.pgconn
        try:
            line.consume_input()
            while ring := line.notifies():
                self._rung.add(ring.relname.decode())
        except psycopg.Error:
            pass
        else:
            return
        raise no_answer()

    # one statement

    def _one(self, statement: bytes, *arguments: object, words: Mapping[str, str] | None = None) -> str:
        """The one value of a statement that gives one."""
        value = self._call(statement, *arguments, words=words)[0][0]
        if not isinstance(value, str):
            raise Fault("The central's answer has not the form that was agreed")
        return value

    def _twice(self, statement: bytes, *arguments: object, words: Mapping[str, str]) -> str:
        """A call that the central first writes down, so that it is counted whatever becomes of it."""
        text = self._one(statement, *arguments, words=words)
        if msgspec.json.decode(text) == {"asked": True}:
            text = self._one(statement, *arguments, words=words)
        return text

    def _call(
        self, statement: bytes, *arguments: object, words: Mapping[str, str] | None = None
    ) -> Sequence[tuple[Any, ...]]:
        """Run one statement with a limit; the rows. `words` say a refusal better than its usual ones."""
        if self._between is not None:
            self._between()
        self._warned = False
        try:
            with self._lifeline.limit():
                cursor = self._connection.execute(statement, arguments or None, binary=True)
                rows = cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            # Raised below, so that nothing carries the driver's text along.
            trouble = _CursorUnknown(NO_ANSWER) if error.sqlstate == CURSOR_UNKNOWN else translate(error)
        else:
            if not self._warned:
                return rows
            trouble = no_answer()
        if words and isinstance(trouble, Refusal) and (state := getattr(trouble, "state", "")) in words:
            raise refused(state, words[state])
        raise trouble

    def _note(self, notice: psycopg.errors.Diagnostic) -> None:
        # A commit whose wait for the standby was broken off succeeds with a mere warning (01000), and
        # is then on one machine only. No function of ours warns, so any warning means that.
        self._warned |= notice.severity_nonlocalized == "WARNING"


def _json(said: Struct) -> str:
    return msgspec.json.encode(said).decode()


def enrol(address: CentralAddress, authority: Path, ticket: str, joining: Joining) -> Joined:
    """Join a central with a one-time ticket, in a conversation that may do nothing else."""
    door = Door(address=address, authority=authority, login=_ENROLLING)
    conversation = converse(door, lambda: _ENROLLING_PASSWORD, Lifeline())
    try:
        return conversation.enrol(ticket, joining)
    finally:
        conversation.close()


def converse(door: Door, password: Password, lifeline: Lifeline) -> Conversation:
    """Open a conversation with the central; Unreachable or Refusal when that is not to be had now.

    The lifeline becomes the conversation's own, which closes it at its end; where there is none it is
    closed here.
    """
    try:
        return Conversation(open_line(door, password, lifeline), lifeline)
    except BaseException:
        lifeline.close()
        raise
