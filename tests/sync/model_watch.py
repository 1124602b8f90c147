"""The invariants of a street that is shared: looked at after every step, and once more when all is quiet.

I1 no printed receipt is lost, none is there twice · I2 chains · I3 numbers · I4 the feed is one ·
I5 cases are the replay of the feed · I6 nothing refused is unseen · I7 granted only with its
files · I8 quarantine holds up its own case only · I9 nothing is acknowledged that is not there ·
I11 no row of another street · I12 nothing from a revoked desk. (I10, bounds, is the world's.)
"""

from uuid import UUID

from msgspec import Struct
from tests.sync.model_acts import MOVES, Act, read_act
from tests.sync.model_central import ModelCentral, State
from tests.sync.model_desk import Disk, Fold

from onewindow_desk.domain.exchange import Cursor, FeedRow, Verdict, follows
from onewindow_desk.domain.operation import GENESIS, Place, link_hash


class Violation(AssertionError):
    """An invariant does not hold."""


def holds(truth: object, what: str) -> None:
    if not truth:
        raise Violation(what)


class Published(Struct, frozen=True):
    """All that a chain hash of a feed stands for: its rows and the cases after the last of them."""

    chains: tuple[str, ...]
    fold: Fold
    numbers: frozenset[str]
    acts: dict[UUID, Act]


NOTHING = Published((), {}, frozenset(), {})


class Watch:
    """Remembers everything that was ever published and printed."""

    def __init__(self, central: ModelCentral) -> None:
        self._central = central
        self._published: dict[str, Published] = {}
        self._seen: dict[UUID, tuple[int, str]] = {}
        self._frozen: dict[str, int] = {}
        self._looked_at: object = None
        self._desks: dict[int, object] = {}
        self.printed: dict[UUID, str] = {}
        self.excused: set[UUID] = set()

    # after every step

    def central(self) -> None:
        state = self._central.state
        now = _moment(state)
        if now == self._looked_at:
            return
        self._looked_at = now
        for street, feed in state.feeds.items():
            if feed and feed[-1].chain not in self._published:
                self._publish(street, feed)
        self._cases(state)
        self._chains(state)
        self._revoked(state)
        self._held_up(state)

    def _publish(self, street: str, feed: list[FeedRow]) -> None:
        start = len(feed)
        while start and feed[start - 1].chain not in self._published:
            start -= 1
        known = self._published[feed[start - 1].chain] if start else NOTHING
        at = Cursor(start, feed[start - 1].chain if start else GENESIS)
        for row in feed[start:]:
            holds(follows(at, row), "I4: the feed has a gap or another chain")
            known = self._replay(known, row, street)
            self._published[row.chain] = known
            at = Cursor(row.seq, row.chain)

    def _replay(self, before: Published, row: FeedRow, street: str) -> Published:
        chains = (*before.chains, row.chain)
        acts = before.acts
        if row.sealed is not None:
            holds(
                link_hash(row.sealed.place, row.sealed.head) == row.subject, "I4: a row of another operation"
            )
            enrolment = self._central.state.replicas.get(row.sealed.place.replica)
            holds(enrolment is None or enrolment.street == street, "I11: a row of another street")
            act = read_act(row.sealed.head)
            if act is not None and act.op_id not in acts:
                acts = {**acts, act.op_id: act}
        if row.verdict != Verdict.APPLIED or row.op_id is None:
            return Published(chains, before.fold, before.numbers, acts)
        return self._replay_act(before, Published(chains, before.fold, before.numbers, acts), row)

    @staticmethod
    def _replay_act(before: Published, after: Published, row: FeedRow) -> Published:
        act = after.acts[row.op_id] if row.op_id else None
        if act is None or act.kind not in MOVES:
            return after
        state, version = before.fold.get(act.case_id, ("", 0))
        source, target = MOVES[act.kind]
        holds(state == source, "I5: applied in a state that does not allow it")
        holds(act.base in {None, version}, "I5: applied on another version")
        holds(row.case_version == version + 1, "I5: a version was left out")
        numbers = after.numbers
        if act.kind == "receive":
            holds(act.number not in numbers, "I3: a number twice")
            numbers |= {act.number}
        return Published(
            after.chains, {**after.fold, act.case_id: (target, version + 1)}, numbers, after.acts
        )

    def at(self, chain: str) -> Published:
        return NOTHING if chain == GENESIS else self._published[chain]

    def _cases(self, state: State) -> None:
        fold: Fold = {}
        for feed in state.feeds.values():
            fold |= self._published[feed[-1].chain].fold
        cases = {case_id: (case.state, case.version) for case_id, case in state.cases.items()}
        holds(cases == fold, "I5: the central's cases are not the replay of its feed")
        for case in state.cases.values():
            if case.state == "granted":
                holds(all(sha256 in state.files for sha256 in case.files), "I7: granted without its files")

    def _chains(self, state: State) -> None:
        for replica, enrolment in state.replicas.items():
            seq, prev = self._seen.get(replica, (0, GENESIS))
            if seq > enrolment.last_seq or (seq and state.operations[replica, seq].hash != prev):
                seq, prev = 0, GENESIS
            while seq < enrolment.last_seq:
                sealed = state.operations[replica, seq + 1]
                holds(
                    link_hash(Place(replica, seq + 1, prev), sealed.head) == sealed.hash, "I2: a broken chain"
                )
                seq, prev = seq + 1, sealed.hash
            holds(prev == enrolment.last_hash, "I2: an end that is not the chain's")
            self._seen[replica] = (seq, prev)

    def _revoked(self, state: State) -> None:
        count: dict[str, int] = dict.fromkeys(state.revoked, 0)
        for enrolment in state.replicas.values():
            if enrolment.login in count:
                count[enrolment.login] += enrolment.last_seq
        for login, stored in count.items():
            holds(stored <= self._frozen.get(login, stored), "I12: accepted after the revocation")
        self._frozen = count

    def desk(self, disk: Disk) -> None:
        enrolment = self._central.state.replicas.get(disk.replica)
        stored = enrolment.last_seq if enrolment else 0
        now = (disk.cursor, disk.acked, len(disk.chains), disk.snapshot_upto, disk.replica, stored)
        if self._desks.get(id(disk)) == now:
            return
        self._desks[id(disk)] = now
        published = self._published.get(disk.cursor.chain, NOTHING)
        if disk.cursor.seq:
            holds(disk.cursor.chain in self._published, "I4: a cursor that names no row")
            holds(len(published.chains) == disk.cursor.seq, "I4: a cursor off its row")
            self._feed_kept(disk, published)
        if not disk.doubtful:
            holds(enrolment is None or disk.acked <= enrolment.last_seq, "I9: acknowledged and not there")

    @staticmethod
    def _feed_kept(disk: Disk, published: Published) -> None:
        upto = disk.snapshot_upto
        late = len(published.chains) - upto
        holds(late >= 0, "I4: a snapshot ahead of the cursor")
        after = tuple(disk.chains[len(disk.chains) - late :]) if late else ()
        holds(after == published.chains[upto:], "I4: a row of the feed is not on the desk")
        if upto == 0:
            holds(len(disk.chains) == late, "I4: a row too many on the desk")
            holds(disk.base == published.fold, "I5: the desk's cases are not the replay of its feed")
        else:
            holds(set(disk.chains) <= set(published.chains), "I4: a row of another feed")
            holds(disk.base.items() <= published.fold.items(), "I5: a case is not the replay of the feed")

    # when something is lost with a machine

    def excuse(self, held: set[UUID]) -> None:
        """What was printed and neither the central nor its desk has any more is lost with the machines."""
        self.excused |= {op_id for op_id in self.printed if op_id not in held}

    # when all is quiet

    def quiet(self, disks: list[Disk], attention: dict[str, set[str]]) -> None:
        """Everything printed is there once, desks and central are one, nothing refused is unseen."""
        state = self._central.state
        for op_id in self.printed.keys() - self.excused:
            holds(op_id in state.first, "I1: a printed receipt is not in the central")
        count: dict[UUID, int] = {}
        for key, sealed in state.operations.items():
            act = read_act(sealed.head)
            if act is not None and state.verdicts[key][0] not in {Verdict.DUPLICATE, Verdict.QUARANTINED}:
                count[act.op_id] = count.get(act.op_id, 0) + 1
        holds(all(times == 1 for times in count.values()), "I1: an operation is there twice")
        for disk in disks:
            self._one_with(disk, state)
        self._seen_by_somebody(state, attention)

    def _one_with(self, disk: Disk, state: State) -> None:
        enrolment = state.replicas[disk.replica]
        holds(not enrolment.closed, "I2: a desk works on under an ended enrolment")
        holds(disk.acked == len(disk.chain) == enrolment.last_seq, "I2: an outbox is not empty")
        mine = [state.operations[disk.replica, seq + 1].hash for seq in range(len(disk.chain))]
        holds(mine == [sealed.hash for sealed in disk.chain], "I2: desk and central differ")
        feed = state.feeds[enrolment.street]
        holds(disk.cursor == Cursor(len(feed), feed[-1].chain), "I4: a desk has not read all")
        holds(not disk.lacking, "I4: a payload has not come")
        acts = [read_act(sealed.head) for sealed in disk.journal.values()]
        named = {sha256 for act in acts if act for sha256 in act.files}
        holds(named & disk.files.keys() <= state.files.keys(), "I10: a file is not in the central")
        holds(not disk.wanted.keys() & state.files.keys(), "I10: a file has not come")
        fold = self.at(disk.cursor.chain).fold
        for case_id, case in state.cases.items():
            if case.street == enrolment.street and not case.ended_at:
                holds(disk.base.get(case_id) == fold[case_id], "I4: an open case is not on a desk")

    @staticmethod
    def _seen_by_somebody(state: State, attention: dict[str, set[str]]) -> None:
        for (replica, seq), (verdict, _) in state.verdicts.items():
            if verdict in {Verdict.APPLIED, Verdict.DUPLICATE}:
                continue
            login = state.replicas[replica].login
            if login in attention:
                subject = state.operations[replica, seq].hash
                holds(subject in attention[login], "I6: a refused operation is on nobody's list")

    @staticmethod
    def _held_up(state: State) -> None:
        for key, (verdict, reason) in state.verdicts.items():
            if verdict != Verdict.PARKED:
                continue
            act = read_act(state.operations[key].head)
            holds(act is not None, "I8: parked without a case")
            if act is not None and reason == "behind_quarantined":
                holds(_first_quarantined(state, key, act), "I8: parked behind nothing")


def _moment(state: State) -> object:
    """Differs whenever a state differs: everything in it only grows, and another one is another object."""
    sizes = (len(state.operations), len(state.replicas), len(state.files), len(state.revoked))
    return id(state), sizes, tuple(len(feed) for feed in state.feeds.values())


def _first_quarantined(state: State, key: tuple[UUID, int], act: Act) -> bool:
    for (replica, seq), (verdict, _) in state.verdicts.items():
        if verdict == Verdict.QUARANTINED and seq < key[1] and replica == key[0]:
            other = read_act(state.operations[replica, seq].head)
            if other is not None and other.case_id == act.case_id:
                return True
    return False
