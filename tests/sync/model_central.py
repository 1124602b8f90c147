"""A central in memory: the contract's verdicts, gapless feed and enrolments, without any SQL.

What is committed is a `State`; commits are remembered, so that a crash keeps all of them, a
failover drops the last few and a restored backup drops many.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from tests.sync.model_acts import (
    ADDITIVE,
    ENDED,
    LATER_KIND,
    MOVES,
    ON_A_VERSION,
    PRESENT,
    STRANGER,
    Act,
    person_mac,
    read_act,
)

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
    PushStatus,
    Sealed,
    Verdict,
    What,
    feed_chain,
)
from onewindow_desk.domain.operation import GENESIS, Place, digest, link_hash
from onewindow_desk.faults import Refusal

NOON = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)
LATE_ROWS = 20
"""Cases that ended within so many last rows are in a snapshot; stands for the 90 days."""

Judged = tuple[str, str]


class Enrolment(Struct, frozen=True):
    """One replica as the central has it."""

    login: str
    street: str
    series: int
    last_seq: int = 0
    last_hash: str = GENESIS
    closed: bool = False


class CaseNow(Struct, frozen=True):
    """A case in the central's table."""

    street: str
    state: str
    version: int
    files: tuple[str, ...]
    ended_at: int = 0


class State:
    """Everything committed; values are immutable, so that a copy is shallow."""

    def __init__(self) -> None:
        self.replicas: dict[UUID, Enrolment] = {}
        self.operations: dict[tuple[UUID, int], Sealed] = {}
        self.verdicts: dict[tuple[UUID, int], Judged] = {}
        self.first: dict[UUID, tuple[UUID, int]] = {}
        self.cases: dict[UUID, CaseNow] = {}
        self.numbers: dict[str, UUID] = {}
        self.feeds: dict[str, list[FeedRow]] = {}
        self.files: dict[str, bytes] = {}
        self.parts: dict[tuple[str, int], bytes] = {}
        self.revoked: set[str] = set()
        self.pardoned: set[UUID] = set()
        self.series = 10
        self.upgraded = False

    def copy(self) -> "State":
        other = State()
        for name, value in vars(self).items():
            setattr(other, name, value.copy() if hasattr(value, "copy") else value)
        other.feeds = {street: rows.copy() for street, rows in self.feeds.items()}
        return other


class ModelCentral:
    """The server: its committed state, and what befalls it."""

    def __init__(self) -> None:
        self.state = State()
        self.boot = 0
        self._commits: deque[State] = deque(maxlen=6)
        self.gaps = False
        """A planted fault: rows get numbers before they can be seen, as from a sequence."""
        self.hidden: set[int] = set()

    def enrol(self, login: str, street: str, replica: UUID) -> int:
        """A new desk, by an administrator; answers its series."""
        self.commit()
        return self._open(login, street, replica)

    def commit(self) -> None:
        """Remember the state before the transaction that begins now."""
        self._commits.append(self.state.copy())

    def crash(self) -> None:
        """The server ends and starts again; every conversation with it ends."""
        self.boot += 1

    def fail_over(self, commits: int) -> None:
        """A standby that lacks the last commits takes over."""
        self.boot += 1
        for _ in range(min(commits, len(self._commits))):
            self.state = self._commits.pop()

    def restore(self, backup: State) -> None:
        self.boot += 1
        self._commits.clear()
        self.state = backup.copy()

    def revoke(self, login: str) -> None:
        self.commit()
        self.state.revoked.add(login)

    def upgrade(self) -> None:
        """The central learns a kind, and looks again at what waited for it."""
        self.commit()
        self.state.upgraded = True
        self._again(lambda judged: judged[1] == "kind_unknown")

    def pardon(self, op_id: UUID) -> None:
        """A supervisor has a quarantined operation looked at again, and then what waited behind it."""
        self.commit()
        self.state.pardoned.add(op_id)
        key = self.state.first[op_id]
        self._judge_again(key)
        self._again(lambda judged: judged[1] == "behind_quarantined")

    # enrolments

    def _open(self, login: str, street: str, replica: UUID) -> int:
        self.state.series += 1
        self.state.replicas[replica] = Enrolment(login, street, self.state.series)
        self._publish(street, What.REPLICA, digest(replica.bytes), body=f"{replica} {login}".encode())
        return self.state.series

    def known(self, login: str, replica: UUID) -> Enrolment | None:
        """The enrolment, None when this central knows of none; Refusal to a stranger."""
        if login in self.state.revoked:
            raise Refusal("本机已停用。")
        enrolment = self.state.replicas.get(replica)
        if enrolment is not None and enrolment.login != login:
            raise Refusal("不是本机的登记。")
        return enrolment

    def open(self, login: str, replica: UUID) -> None:
        """Refusal unless this enrolment is open."""
        enrolment = self.known(login, replica)
        if enrolment is None or enrolment.closed:
            raise Refusal("本机的登记已结束。")

    def renew(self, login: str, street: str, replica: UUID, new: NewReplica) -> Leased:
        old, opened = self.known(login, replica), self.known(login, new.replica)
        if opened is None:
            self.commit()
            if old is not None:
                self.state.replicas[replica] = replace(old, closed=True)
            return Leased(series=self._open(login, street, new.replica))
        return Leased(series=opened.series)

    # the feed

    def _publish(self, street: str, what: What, subject: str, **named: object) -> FeedRow:
        feed = self.state.feeds.setdefault(street, [])
        before = feed[-1].chain if feed else GENESIS
        seq = len(feed) + 1
        verdict, reason = str(named.get("verdict", "")), str(named.get("reason", ""))
        chain = feed_chain(before, seq, what, subject, verdict, reason)
        row = FeedRow(seq=seq, chain=chain, what=what, subject=subject, **named)  # type: ignore[arg-type]
        feed.append(row)
        return row

    def feed(self, street: str) -> list[FeedRow]:
        return self.state.feeds.get(street, [])

    def knows(self, street: str, cursor: Cursor) -> bool:
        feed = self.feed(street)
        if cursor.seq == 0:
            return cursor.chain == GENESIS
        return cursor.seq <= len(feed) and feed[cursor.seq - 1].chain == cursor.chain

    def rows_after(self, street: str, cursor: Cursor, limit: int) -> list[FeedRow]:
        feed = self.feed(street)
        if not self.hidden:
            return feed[cursor.seq : cursor.seq + limit]
        return [row for row in feed[cursor.seq :] if row.seq not in self.hidden][:limit]

    def snapshot(self, street: str, after: int, upto: int, limit: int) -> list[FeedRow]:
        unseen = {
            self.state.operations[key].hash
            for key, (verdict, _) in self.state.verdicts.items()
            if verdict not in {Verdict.APPLIED, Verdict.DUPLICATE}
        }
        feed = self.feed(street)[after:upto]
        return [row for row in feed if row.subject in unseen or self._is_of_use(row, upto)][:limit]

    def _is_of_use(self, row: FeedRow, upto: int) -> bool:
        """Not of a case that ended long ago; what was not applied goes out in any case."""
        case = self.state.cases.get(row.case_id) if row.case_id else None
        return case is None or not case.ended_at or case.ended_at > upto - LATE_ROWS

    # pushing

    def push(
        self, login: str, present: str, replica: UUID, batch: Sequence[Sealed], last_hash: str
    ) -> PushAnswer:
        enrolment = self.known(login, replica)
        if enrolment is None or enrolment.closed:
            return PushAnswer(status=PushStatus.CLOSED, last_seq=0)
        if len(batch) > 1 and any(read_act(sealed.head) is None for sealed in batch):
            return PushAnswer(status=PushStatus.UNREADABLE, last_seq=enrolment.last_seq)
        first = batch[0].place.seq
        if first > enrolment.last_seq + 1:
            return PushAnswer(status=PushStatus.GAP, last_seq=enrolment.last_seq)
        links = self._links(replica, first, batch)
        if links is None or links[-1] != last_hash:
            return PushAnswer(status=PushStatus.FORK, last_seq=enrolment.last_seq)
        new = [sealed for sealed in batch if sealed.place.seq > enrolment.last_seq]
        if new:
            self.commit()
        verdicts = tuple(self._store(enrolment, present, sealed) for sealed in new)
        return PushAnswer(
            status=PushStatus.OK,
            last_seq=self.state.replicas[replica].last_seq,
            head=len(self.feed(enrolment.street)),
            verdicts=tuple(one for one in verdicts if one.verdict is not Verdict.APPLIED),
        )

    def _links(self, replica: UUID, first: int, batch: Sequence[Sealed]) -> list[str] | None:
        """The hashes as this side computes them; None when a known place holds something else."""
        known = self.state.operations
        prev = known[replica, first - 1].hash if first > 1 else GENESIS
        links = []
        for seq, sealed in enumerate(batch, first):
            prev = link_hash(Place(replica, seq, prev), sealed.head)
            if (replica, seq) in known and known[replica, seq].hash != prev:
                return None
            links.append(prev)
        return links

    def _store(self, enrolment: Enrolment, present: str, sealed: Sealed) -> OneVerdict:
        key = (sealed.place.replica, sealed.place.seq)
        act = read_act(sealed.head)
        verdict, reason = self._judge(key, sealed, act, present)
        self.state.operations[key] = sealed
        self.state.verdicts[key] = (verdict, reason)
        if act is not None and verdict != Verdict.DUPLICATE:
            self.state.first.setdefault(act.op_id, key)
        latest = self.state.replicas[sealed.place.replica]
        self.state.replicas[sealed.place.replica] = replace(
            latest, last_seq=sealed.place.seq, last_hash=sealed.hash
        )
        self._take_effect(enrolment.street, What.OPERATION, sealed, act, (verdict, reason))
        return OneVerdict(seq=sealed.place.seq, verdict=Verdict(verdict), reason=reason)

    def _take_effect(self, street: str, what: What, sealed: Sealed, act: Act | None, judged: Judged) -> None:
        applied = act is not None and judged[0] == Verdict.APPLIED
        version = self._apply(street, act) if act is not None and applied else None
        self._publish(
            street,
            what,
            sealed.hash,
            verdict=judged[0],
            reason=judged[1],
            op_id=act.op_id if act else None,
            case_id=act.case_id if act else None,
            case_version=version,
            sealed=sealed if what is What.OPERATION else None,
        )
        if act is not None and applied and act.kind in MOVES:
            self._again(lambda waits: waits[1] in {"case_unknown", "version_ahead"}, act.case_id)

    def _apply(self, street: str, act: Act) -> int:
        if act.kind not in MOVES:
            return self.state.cases[act.case_id].version
        before = self.state.cases.get(act.case_id)
        target = MOVES[act.kind][1]
        if before is None:
            after = CaseNow(street, target, 1, act.files)
        else:
            ended = len(self.feed(street)) + 1 if target in ENDED else 0
            after = replace(before, state=target, version=before.version + 1, ended_at=ended)
        if act.number:
            self.state.numbers[act.number] = act.op_id
        self.state.cases[act.case_id] = after
        return after.version

    # verdicts

    def _again(self, waits: Callable[[Judged], bool], case_id: UUID | None = None) -> None:
        """Look again at what is parked, each as it was pushed, in the order of arrival."""
        for key, judged in list(self.state.verdicts.items()):
            if judged[0] != Verdict.PARKED or not waits(judged):
                continue
            act = read_act(self.state.operations[key].head)
            if act is not None and case_id in {None, act.case_id} and self.state.verdicts[key] == judged:
                self._judge_again(key)

    def _judge_again(self, key: tuple[UUID, int]) -> None:
        sealed = self.state.operations[key]
        act = read_act(sealed.head)
        before = self.state.verdicts[key]
        # Presence is a matter of the connection that sent it; what waited is taken as then.
        judged = self._judge(key, sealed, act, act.author if act else "")
        if judged != before:
            self.state.verdicts[key] = judged
            street = self.state.replicas[key[0]].street
            self._take_effect(street, What.VERDICT, sealed, act, judged)

    def _judge(self, key: tuple[UUID, int], sealed: Sealed, act: Act | None, present: str) -> Judged:
        if act is None:
            return Verdict.QUARANTINED, "unreadable"
        first = self.state.first.get(act.op_id, key)
        forged = sealed.person_mac != person_mac(act.author, sealed.head)
        if forged and act.op_id not in self.state.pardoned:
            return Verdict.QUARANTINED, "person_mac"
        if first != key:
            return Verdict.DUPLICATE, ""
        if self._behind(key, act):
            return Verdict.PARKED, "behind_quarantined"
        if act.kind == LATER_KIND and not self.state.upgraded:
            return Verdict.PARKED, "kind_unknown"
        if act.author == STRANGER:
            return Verdict.REJECTED, "role"
        if act.kind in PRESENT and act.author != present:
            return Verdict.REJECTED, "not_present"
        return self._judge_case(act)

    def _behind(self, key: tuple[UUID, int], act: Act) -> bool:
        for (replica, seq), judged in self.state.verdicts.items():
            if judged[0] == Verdict.QUARANTINED and seq < key[1] and replica == key[0]:
                other = read_act(self.state.operations[replica, seq].head)
                if other is not None and other.case_id == act.case_id:
                    return True
        return False

    def _judge_case(self, act: Act) -> Judged:
        case = self.state.cases.get(act.case_id)
        if case is None:
            if act.kind != "receive":
                return Verdict.PARKED, "case_unknown"
            taken = act.number in self.state.numbers
            return (Verdict.QUARANTINED, "receipt_no") if taken else (Verdict.APPLIED, "")
        if act.kind in ADDITIVE or act.kind == LATER_KIND:
            return Verdict.APPLIED, ""
        if act.kind in ON_A_VERSION and act.base is not None and act.base > case.version:
            return Verdict.PARKED, "version_ahead"
        if act.kind in ON_A_VERSION and act.base != case.version:
            return Verdict.REJECTED, "stale"
        if case.state != MOVES[act.kind][0]:
            return Verdict.REJECTED, "state"
        if act.kind in PRESENT and any(sha256 not in self.state.files for sha256 in case.files):
            return Verdict.REJECTED, "files_missing"
        return Verdict.APPLIED, ""

    # files

    def missing_parts(self, sha256: str, size: int, chunk: int) -> tuple[int, ...]:
        if sha256 in self.state.files:
            return ()
        count = -(-size // chunk)
        return tuple(n for n in range(count) if (sha256, n) not in self.state.parts)

    def put_part(self, street: str, sha256: str, number: int, data: bytes, chunk: int, size: int) -> bool:
        if sha256 in self.state.files:
            return True
        self.commit()
        self.state.parts[sha256, number] = data
        if self.missing_parts(sha256, size, chunk):
            return False
        count = -(-size // chunk)
        whole = b"".join(self.state.parts[sha256, n] for n in range(count))
        for n in range(count):
            del self.state.parts[sha256, n]
        if digest(whole) != sha256:
            return False
        self.state.files[sha256] = whole
        self._publish(street, What.FILE, sha256)
        return True


class Conversation:
    """What one desk can ask over one connection; `present` tells who is signed in there now."""

    def __init__(self, central: ModelCentral, login: str, street: str, present: Callable[[], str]) -> None:
        self._central = central
        self._login = login
        self._street = street
        self._present = present
        self._sizes: dict[str, tuple[int, int]] = {}

    def hello(self, replica: UUID, hello: HelloSaid) -> HelloAnswer:
        enrolment = self._central.known(self._login, replica)
        feed = self._central.feed(self._street)
        return HelloAnswer(
            protocol=1,
            now=NOON,
            epoch=str(self._central.boot),
            last_seq=enrolment.last_seq if enrolment else 0,
            last_hash=enrolment.last_hash if enrolment else GENESIS,
            closed=enrolment is None or enrolment.closed,
            feed_known=self._central.knows(self._street, Cursor(hello.cursor, hello.chain)),
            head=len(feed),
            chain=feed[-1].chain if feed else GENESIS,
            street=self._street,
            street_settings={},
            series=enrolment.series if enrolment else 0,
            spare_series=(),
            label=self._login,
            scope=(),
            kinds=(),
        )

    def push(self, replica: UUID, batch: Sequence[Sealed]) -> PushAnswer:
        return self.push_claimed(replica, batch, batch[-1].hash)

    def push_claimed(self, replica: UUID, batch: Sequence[Sealed], last_hash: str) -> PushAnswer:
        """A push whose operations may have been cut short of the last hash that it claims."""
        central = self._central
        before = len(central.feed(self._street))
        answer = central.push(self._login, self._present(), replica, batch, last_hash)
        central.hidden.clear()
        if central.gaps and len(batch) % 2:
            # Another one is still open: its numbers are taken, its rows not to be seen.
            central.hidden = set(range(before + 1, answer.head))
        return answer

    def pull(self, replica: UUID, cursor: Cursor, limit: int) -> tuple[FeedRow, ...] | None:
        self._central.open(self._login, replica)
        if not self._central.knows(self._street, cursor):
            return None
        return tuple(self._shown(row) for row in self._central.rows_after(self._street, cursor, limit))

    def head(self, replica: UUID) -> Cursor:
        self._central.open(self._login, replica)
        feed = self._central.feed(self._street)
        return Cursor(len(feed), feed[-1].chain) if feed else Cursor()

    def snapshot(self, replica: UUID, after: int, upto: int, limit: int) -> tuple[FeedRow, ...]:
        self._central.open(self._login, replica)
        return tuple(self._shown(row) for row in self._central.snapshot(self._street, after, upto, limit))

    def _shown(self, row: FeedRow) -> FeedRow:
        """The row, without the payload for every seventh operation: it is given when asked for."""
        if row.sealed is None or row.sealed.hash[0] not in "07":
            return row
        return replace(row, sealed=replace(row.sealed, payload=None))

    def payloads(self, replica: UUID, operations: Sequence[UUID]) -> Mapping[UUID, bytes]:
        self._central.open(self._login, replica)
        first, stored = self._central.state.first, self._central.state.operations
        found = {op_id: stored[first[op_id]].payload for op_id in operations if op_id in first}
        return {op_id: payload for op_id, payload in found.items() if payload is not None}

    def renew(self, replica: UUID, new: NewReplica) -> Leased:
        return self._central.renew(self._login, self._street, replica, new)

    def missing_parts(self, replica: UUID, sha256: str, size: int, chunk: int) -> tuple[int, ...]:
        self._central.open(self._login, replica)
        self._sizes[sha256] = (size, chunk)
        return self._central.missing_parts(sha256, size, chunk)

    def put_part(self, replica: UUID, sha256: str, number: int, data: bytes) -> bool:
        self._central.open(self._login, replica)
        size, chunk = self._sizes[sha256]
        return self._central.put_part(self._street, sha256, number, data, chunk, size)

    def get_part(self, replica: UUID, sha256: str, number: int) -> FilePart:
        self._central.open(self._login, replica)
        data = self._central.state.files.get(sha256)
        if data is None:
            return FilePart(size=0, chunk=0, data=None)
        return FilePart(size=len(data), chunk=PART, data=data[number * PART : (number + 1) * PART])


PART = 64
"""Bytes of one part of a file in this model."""
