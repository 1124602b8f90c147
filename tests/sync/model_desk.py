"""A desk's store in memory: what is on its disk, what is in the machine's vault, and nothing else.

Every method of `ModelStore` is one transaction: it either raises before it changes anything or
changes everything. `Disk` can be copied, so that a desk can be backed up, restored and cloned.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from tests.sync.model_acts import MOVES, Act, head_of, is_sound, person_mac, placed, read_act

from onewindow_desk.domain.exchange import (
    Cursor,
    FeedRow,
    HelloAnswer,
    Leased,
    NewReplica,
    Sealed,
    Verdict,
    What,
    follows,
)
from onewindow_desk.domain.operation import GENESIS, digest
from onewindow_desk.faults import Fault
from onewindow_desk.sync.ports import DeskEnd, WaitingFile

Fold = dict[UUID, tuple[str, int]]
"""Cases by id: state and version."""


class Disk:
    """What a power cut leaves and a backup holds; values are immutable, so that a copy is shallow."""

    def __init__(self, login: str, replica: UUID, series: int) -> None:
        self.login = login
        self.replica = replica
        self.series = series
        self.serial = 0
        self.chain: list[Sealed] = []
        self.acked = 0
        self.doubtful = False
        """Watched, not used: the central was rewound, or this disk, since the last whole round."""
        self.journal: dict[UUID, Sealed] = {}
        self.cursor = Cursor()
        self.snapshot_upto = 0
        self.rows: list[FeedRow] = []
        self.chains: list[str] = []
        self.base: Fold = {}
        self.acts: dict[UUID, Act] = {}
        self.verdicts: dict[UUID, str] = {}
        self.mine: set[str] = set()
        self.lacking: dict[UUID, None] = {}
        self.payloads: dict[UUID, bytes] = {}
        self.files: dict[str, bytes] = {}
        self.arrived: set[str] = set()
        self.shown: set[str] = set()
        self.wanted: dict[str, None] = {}

    def copy(self) -> "Disk":
        other = Disk(self.login, self.replica, self.series)
        for name, value in vars(self).items():
            setattr(other, name, value.copy() if hasattr(value, "copy") else value)
        return other


class Vault:
    """What the machine keeps outside the disk's backup: the enrolment that is being opened."""

    def __init__(self) -> None:
        self.pending: NewReplica | None = None


class ModelStore:
    """`ports.Exchange` over a `Disk`; `new_uuid` is the world's chance."""

    strict = True

    def __init__(self, disk: Disk, vault: Vault, new_uuid: Callable[[], UUID]) -> None:
        self.disk = disk
        self.vault = vault
        self._new_uuid = new_uuid

    # what a clerk does

    def perform(self, act: Act, payload: bytes, files: Mapping[str, bytes], *, flaw: str = "") -> Sealed:
        """One act into the chain, with its files before it; `flaw` plants damage in what is sealed."""
        disk = self.disk
        disk.files.update(files)
        head = head_of(act)
        mac = person_mac(act.author, head)
        if flaw == "unreadable":
            head = b"{" + head[40:]
        if flaw == "person_mac":
            mac = bytes(32)
        prev = disk.chain[-1].hash if disk.chain else GENESIS
        sealed = placed(disk.replica, len(disk.chain), prev, head, payload, mac)
        disk.chain.append(sealed)
        disk.journal[act.op_id] = sealed
        return sealed

    def next_number(self) -> str:
        """The next receipt number, of this enrolment's series."""
        self.disk.serial += 1
        return f"{self.disk.series:04}{self.disk.serial:04}"

    def undecided(self) -> list[Act]:
        """Own acts that the feed does not show, in order."""
        waiting = [sealed for op, sealed in self.disk.journal.items() if op not in self.disk.verdicts]
        acts = [read_act(sealed.head) for sealed in waiting]
        return [act for act in acts if act is not None]

    def view(self) -> Fold:
        """The cases as this desk sees them: the feed's, with what it has done itself on top."""
        cases = dict(self.disk.base)
        for act in self.undecided():
            _fold(cases, act)
        return cases

    def attention(self) -> set[str]:
        """Link hashes of own operations, by this or an earlier enrolment, that were not applied."""
        judged = {Verdict.REJECTED, Verdict.QUARANTINED, Verdict.PARKED}
        latest = {}
        for row in self.disk.rows:
            if row.what in {What.OPERATION, What.VERDICT}:
                latest[row.subject] = row.verdict
        return {subject for subject, verdict in latest.items() if verdict in judged} & self.disk.mine

    # Exchange

    def end(self) -> DeskEnd:
        disk = self.disk
        return DeskEnd(
            replica=disk.replica,
            last_seq=len(disk.chain),
            last_hash=disk.chain[-1].hash if disk.chain else GENESIS,
            acked=disk.acked,
            acked_hash=disk.chain[disk.acked - 1].hash if 0 < disk.acked <= len(disk.chain) else GENESIS,
            cursor=disk.cursor,
        )

    def hash_at(self, seq: int) -> str | None:
        if seq == 0:
            return GENESIS
        return self.disk.chain[seq - 1].hash if seq <= len(self.disk.chain) else None

    def outgoing(self, limit: int, max_bytes: int) -> tuple[Sealed, ...]:
        batch: list[Sealed] = []
        size = 0
        for sealed in self.disk.chain[self.disk.acked : self.disk.acked + limit]:
            size += len(sealed.head) + len(sealed.payload or b"")
            if batch and size > max_bytes:
                break
            batch.append(sealed)
        return tuple(batch)

    def acknowledge(self, upto: int) -> None:
        self.disk.acked = upto

    def absorb(self, rows: Sequence[FeedRow]) -> None:
        at = self.disk.cursor
        for row in rows:
            if self.strict and not follows(at, row):
                raise Fault("A row does not follow the cursor")
            self._check(row)
            at = Cursor(row.seq, row.chain)
        for row in rows:
            self._take(row)
        self.disk.cursor = at

    def _check(self, row: FeedRow) -> None:
        if row.sealed is None:
            return
        if row.sealed.hash != row.subject or not is_sound(row.sealed):
            raise Fault("An operation is not what its row says")
        place = row.sealed.place
        strange = place.replica == self.disk.replica and self.hash_at(place.seq) != row.sealed.hash
        if self.strict and strange and self.vault.pending is None:
            raise Fault("An operation of this enrolment that this desk did not make")

    def _take(self, row: FeedRow) -> None:
        disk = self.disk
        disk.rows.append(row)
        disk.chains.append(row.chain)
        if row.what is What.FILE:
            disk.shown.add(row.subject)
        if row.what is What.REPLICA and row.body is not None and row.body.decode().endswith(" " + disk.login):
            disk.mine.add(row.body.decode().split()[0])
        if row.sealed is not None:
            self._take_operation(row.sealed)
        if row.op_id is not None and row.verdict != Verdict.DUPLICATE:
            disk.verdicts[row.op_id] = row.verdict
            # What a snapshot left out may be looked at again later.
            if row.verdict == Verdict.APPLIED and row.op_id in disk.acts:
                _fold(disk.base, disk.acts[row.op_id])
        elif row.op_id is not None:
            disk.verdicts.setdefault(row.op_id, row.verdict)

    def _take_operation(self, sealed: Sealed) -> None:
        disk = self.disk
        if str(sealed.place.replica) in disk.mine:
            disk.mine.add(sealed.hash)
        act = read_act(sealed.head)
        if act is None:
            return
        disk.acts[act.op_id] = act
        if sealed.payload is not None:
            disk.payloads[act.op_id] = sealed.payload
        elif act.op_id not in disk.payloads:
            disk.lacking[act.op_id] = None

    def restart_feed(self) -> None:
        disk = self.disk
        disk.cursor = Cursor()
        disk.snapshot_upto = 0
        for kept in (disk.rows, disk.chains, disk.base, disk.acts, disk.verdicts, disk.lacking, disk.mine):
            kept.clear()
        disk.shown.clear()
        disk.arrived.clear()

    def absorb_snapshot(self, rows: Sequence[FeedRow], upto: Cursor, *, last: bool) -> None:
        for row in rows:
            self._check(row)
        for row in rows:
            self._take(row)
        if last:
            self.disk.cursor = upto
            self.disk.snapshot_upto = upto.seq

    def renewal(self) -> NewReplica:
        if self.vault.pending is None:
            replica = self._new_uuid()
            self.vault.pending = NewReplica(replica=replica, public_key=replica.hex * 2)
        return self.vault.pending

    def renewed(self, leased: Leased) -> None:
        disk, new = self.disk, self.vault.pending
        if new is None:
            raise Fault("No enrolment is being opened")
        carried = [(op, sealed) for op, sealed in disk.journal.items() if op not in disk.verdicts]
        disk.chain.clear()
        disk.acked = 0
        disk.replica, disk.series, disk.serial = new.replica, leased.series, 0
        for op_id, old in carried:
            prev = disk.chain[-1].hash if disk.chain else GENESIS
            sealed = placed(new.replica, len(disk.chain), prev, old.head, old.payload or b"", old.person_mac)
            disk.chain.append(sealed)
            disk.journal[op_id] = sealed
        self.vault.pending = None

    def said_hello(self, answer: HelloAnswer, at: datetime) -> None:  # noqa: ARG002 - the port's
        # What was answered before this conversation may be lost; what the feed shows is not.
        self.disk.arrived.clear()

    def lacking_payloads(self, limit: int) -> tuple[UUID, ...]:
        return tuple(self.disk.lacking)[:limit]

    def fill_payloads(self, payloads: Mapping[UUID, bytes]) -> None:
        for op_id, payload in payloads.items():
            if digest(payload) != self.disk.acts[op_id].payload:
                raise Fault("A payload is not what its head says")
        for op_id, payload in payloads.items():
            self.disk.payloads[op_id] = payload
            self.disk.lacking.pop(op_id, None)

    def waiting_files(self, limit: int) -> tuple[WaitingFile, ...]:
        there = self.disk.arrived | self.disk.shown
        waiting = {}
        # Whatever is not still to be sent is there, be it under an enrolment that has ended or of a case
        # that a snapshot leaves out.
        unsent = {sealed.hash for sealed in self.disk.chain[self.disk.acked :]}
        for sealed in self.disk.journal.values():
            if sealed.hash in unsent:
                continue
            act = read_act(sealed.head)
            for sha256 in act.files if act else ():
                if sha256 not in there and sha256 in self.disk.files:
                    waiting[sha256] = WaitingFile(sha256=sha256, size=len(self.disk.files[sha256]))
        return tuple(waiting.values())[:limit]

    def file_bytes(self, sha256: str) -> bytes:
        return self.disk.files[sha256]

    def file_arrived(self, sha256: str) -> None:
        self.disk.arrived.add(sha256)

    def wanted_files(self, limit: int) -> tuple[str, ...]:
        return tuple(self.disk.wanted)[:limit]

    def keep_file(self, sha256: str, data: bytes) -> None:
        if digest(data) != sha256:
            raise Fault("A file is not what its address says")
        self.disk.files[sha256] = data
        self.disk.wanted.pop(sha256, None)


def _fold(cases: Fold, act: Act) -> None:
    """The effect of an applied act on what a desk knows of cases."""
    if act.kind not in MOVES:
        return
    state, version = cases.get(act.case_id, ("", 0))
    del state
    cases[act.case_id] = (MOVES[act.kind][1], version + 1)
