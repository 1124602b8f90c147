"""A street's days under one seed: clerks who act, desks that go their rounds, and everything that goes wrong.

One seed decides everything: which faults this street knows, who acts when, and what befalls each
call. While a call is under way others may act, so that rounds of different desks lie within each
other. `run` ends when the acts are done and, with the faults gone, the street is quiet.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from uuid import UUID

from tests.sync.model_acts import LATER_KIND, STRANGER, Act, read_act
from tests.sync.model_central import NOON, PART, Conversation, ModelCentral
from tests.sync.model_desk import Disk, ModelStore, Vault
from tests.sync.model_line import Died, Line, around
from tests.sync.model_watch import Violation, Watch, holds

from onewindow_desk.domain.operation import digest
from onewindow_desk.faults import Fault, Refusal
from onewindow_desk.sync.batching import Pace
from onewindow_desk.sync.ports import Central, Exchange
from onewindow_desk.sync.round import About, Limits, Link, Report, Round

CALL_FAULTS = (
    "lost request",
    "lost answer",
    "duplicate",
    "late delivery",
    "truncation",
    "server crash",
    "server crash after",
    "desk dies before",
    "desk dies after",
)
STORE_FAULTS = ("desk dies before", "desk dies after", "disk full")
WORLD_FAULTS = (
    "delay",
    "partition",
    "failover",
    "server restored",
    "server restored after it grew",
    "desk restored",
    "desk cloned",
    "clock a day off",
    "person switched",
    "disk full",
    "revoked",
)
FAULTS = tuple(dict.fromkeys((*CALL_FAULTS, *WORLD_FAULTS)))
NEXT = {"received": "accept", "accepted": "review", "reviewed": "grant"}
ACTS_EACH = 20
QUIET_ROUNDS = 10
ABOUT = About(app="0", protocols=(1,), kinds=())
MOST_CALLS = 400
MOST_AT_ONCE = 60


class Plan:
    """The planted bugs of a run; by default none."""

    round_class: type[Round] = Round
    store_class: type[ModelStore] = ModelStore
    gaps: bool = False

    @staticmethod
    def line(line: Central) -> Central:
        """The conversation as the round gets it."""
        return line


class DeskModel:
    """One machine: disk, vault, clock and who sits there; the process on it comes and goes."""

    def __init__(self, world: "World", disk: Disk, vault: Vault, street: str) -> None:
        self.world = world
        self.disk = disk
        self.vault = vault
        self.street = street
        self.person = f"p{len(world.desks)}"
        self.offset = timedelta(0)
        self.full = False
        self.cut_off = False
        self.backup = disk.copy()
        self.busy = False
        self.calls = 0
        self.start()

    @property
    def login(self) -> str:
        return self.disk.login

    def start(self) -> None:
        """The process begins: what it knew is gone, the disk is what it was."""
        world = self.world
        self.store = world.plan.store_class(self.disk, self.vault, world.uuid)
        self.line: Central | None = None
        self.round = world.plan.round_class(
            self.exchange(),
            ABOUT,
            lambda: NOON + self.offset,
            lambda: world.ticks,
            world.limits,
            Pace(world.random.choice((0, 6, 7))),
        )

    def exchange(self) -> Exchange:
        return around(self.store, self)

    def done(self) -> None:
        """The store has changed."""
        self.world.watch.desk(self.disk)

    def struck(self, fault: str) -> None:
        """A fault did happen."""
        self.world.struck(fault)

    def befalls(self) -> str:
        """The fault of this call to the store, "" for none."""
        self.calls += 1
        holds(self.calls < MOST_CALLS, "I10: a round without end")
        if self.full:
            return "disk full"
        return self.world.store_fault()


class World:
    """The street; see the module's text. `plan` plants bugs, `calm` leaves all faults out."""

    def __init__(self, seed: int, plan: type[Plan] = Plan, *, calm: bool = False) -> None:
        self.random = Random(seed)
        self.plan = plan
        self.counts: Counter[str] = Counter()
        self.known = frozenset(() if calm else self._some_faults())
        self.rate = 0.0 if calm else self.random.choice((0.02, 0.06, 0.15))
        self.limits = Limits(
            page=self.random.choice((2, 3, 7, 100)),
            pages=60,
            batches=60,
            part_bytes=PART,
            file_parts=self.random.choice((1, 4, 100)),
            file_seconds=50.0,
            hello_seconds=100.0,
        )
        self.server = ModelCentral()
        self.server.gaps = plan.gaps
        self.watch = Watch(self.server)
        self.desks: list[DeskModel] = []
        self._acts = 0
        self._depth = 0
        self._late: list[tuple[int, Callable[[], object]]] = []
        self._backup = self.server.state.copy()
        self._steps = 0
        self.ticks = 0.0
        self._open_street()

    def _some_faults(self) -> set[str]:
        """Each street knows some of the faults: with all at once none would be seen for the others."""
        share = self.random.choice((0.25, 0.5, 0.8))
        return {fault for fault in FAULTS if self.random.random() < share}

    def _open_street(self) -> None:
        apart = self.random.random() < 0.25
        for number in range(4):
            street = "116" if apart and number == 3 else "115"
            login, replica = f"desk{number}", self.uuid()
            series = self.server.enrol(login, street, replica)
            self.desks.append(DeskModel(self, Disk(login, replica, series), Vault(), street))
        self.watch.central()
        self._backup = self.server.state.copy()

    # chance

    def uuid(self) -> UUID:
        return UUID(int=self.random.getrandbits(128))

    def _happens(self, fault: str, chance: float) -> bool:
        return fault in self.known and self.random.random() < chance

    def _of(self, faults: tuple[str, ...]) -> str:
        fault = self.random.choice(faults)
        return fault if fault in self.known else ""

    def struck(self, fault: str) -> None:
        """A fault did happen."""
        self.counts[fault] += 1

    def store_fault(self) -> str:
        if not self.known or self.random.random() > self.rate / 8:
            return ""
        return self._of(STORE_FAULTS)

    # Weather of the line

    def standing(self, boot: int) -> bool:
        return boot == self.server.boot

    def befalls(self, call: str) -> str:
        if not self.known or self.random.random() > self.rate:
            return ""
        return self._of(("truncation",) if call in {"batch", "part"} else CALL_FAULTS)

    def meanwhile(self) -> None:
        if self._depth < 3 and self._happens("delay", 0.05):
            self.struck("delay")
            self._depth += 1
            self.step()
            self._depth -= 1

    def late(self, request: Callable[[], object]) -> None:
        self._late.append((self.server.boot, request))

    def server_dies(self) -> None:
        self.server.crash()

    def done(self) -> None:
        self.watch.central()

    # the days

    def run(self) -> None:
        """Violation when an invariant does not hold at any step."""
        while self._acts < ACTS_EACH * 4:
            self.step()
            self._steps += 1
            holds(self._steps < 5_000, "I10: the street does not come to an end")
        self.fall_quiet()

    def step(self) -> None:
        """One thing happens, in about a second."""
        self.ticks += 1.0
        if self.random.random() < 0.12:
            self._something_goes_wrong()
        desk = self.random.choice(self.desks)
        if self.random.random() < 0.45:
            self._act(desk)
        elif not desk.busy:
            self.go_round(desk)
        self.watch.central()
        self.watch.desk(desk.disk)

    def go_round(self, desk: DeskModel) -> Report | None:
        """One round, unless the desk is cut off; None when its process died."""
        if desk.cut_off:
            desk.line = None
            return None
        if desk.line is None:
            desk.line = self._connect(desk)
        desk.busy, desk.calls = True, 0
        try:
            report = desk.round.run(desk.line)
        except Died:
            desk.start()
            return None
        except Fault as fault:
            raise Violation(f"a fault: {fault}") from fault
        finally:
            desk.busy = False
        if report.link is not Link.UP:
            desk.line = None
        else:
            desk.disk.doubtful = False
        return report

    def _connect(self, desk: DeskModel) -> Central:
        talk = Conversation(self.server, desk.login, desk.street, lambda: desk.person)
        return self.plan.line(Line(talk, self, self.server.boot))

    # what clerks do

    def _act(self, desk: DeskModel) -> None:
        if desk.full:
            # The disk says no before a number is given: nothing is printed.
            return
        self._acts += 1
        act, files = self._next_act(desk)
        payload = self.random.randbytes(8)
        act = Act(
            **{name: getattr(act, name) for name in act.__struct_fields__} | {"payload": digest(payload)}
        )
        flaw = ""
        if self.random.random() < 0.02:
            flaw = "person_mac" if act.kind == "receive" else self.random.choice(("person_mac", "unreadable"))
        desk.store.perform(act, payload, files, flaw=flaw)
        if act.kind == "receive":
            self.watch.printed[act.op_id] = act.number

    def _next_act(self, desk: DeskModel) -> tuple[Act, dict[str, bytes]]:
        view = desk.store.view()
        at = (NOON + desk.offset).timestamp()
        op_id = self.uuid()
        author = STRANGER if self.random.random() < 0.02 else desk.person
        if not view or self.random.random() < 0.4:
            data = [self.random.randbytes(self.random.choice((1, PART, 2 * PART + 5)))] * (
                self.random.random() < 0.3
            )
            files = {digest(each): each for each in data}
            number = desk.store.next_number()
            act = Act(
                op_id=op_id, case_id=self.uuid(), kind="receive", author=author, at=at, number=number,
                files=tuple(files),
            )  # fmt: skip
            return act, files
        case_id = self.random.choice(list(view))
        state, version = view[case_id]
        kind = self._kind(state)
        base = version if kind in {"review", "grant", "withdraw"} else None
        return Act(op_id=op_id, case_id=case_id, kind=kind, author=author, at=at, base=base), {}

    def _kind(self, state: str) -> str:
        chance = self.random.random()
        if chance < 0.05:
            return LATER_KIND
        if state not in NEXT or chance < 0.25:
            return "note"
        return "withdraw" if state == "accepted" and chance < 0.4 else NEXT[state]

    # what goes wrong

    def _something_goes_wrong(self) -> None:
        fault = self.random.choice((*WORLD_FAULTS, "late", "backup", "want a file", "look again", "upgrade"))
        desk = self.random.choice(self.desks)
        happens = {
            "partition": self._partition,
            "desk restored": self._restore_desk,
            "desk cloned": self._clone_desk,
            "clock a day off": self._shift_clock,
            "person switched": self._switch_person,
            "disk full": self._fill_disk,
            "revoked": self._revoke,
        }
        if fault in happens:
            if fault in self.known and happens[fault](desk):
                self.struck(fault)
        elif fault in {"failover", "server restored", "server restored after it grew"}:
            if fault in self.known and self._depth == 0 and self.random.random() < 0.3:
                self.struck(fault)
                self._rewind(fault)
        else:
            self._ordinary(fault, desk)

    def _ordinary(self, what: str, desk: DeskModel) -> None:
        if what == "late":
            self.deliver_late()
        elif what == "backup":
            desk.backup = desk.disk.copy()
            if self.random.random() < 0.5:
                self._backup = self.server.state.copy()
        elif what == "want a file":
            self._want(desk)
        elif what == "look again":
            self._look_again()
        elif what == "upgrade" and not self.server.state.upgraded:
            self.server.upgrade()

    def deliver_late(self) -> None:
        """What was under way arrives now, if the server it went to still stands."""
        late, self._late = self._late, []
        self.random.shuffle(late)
        for boot, request in late:
            if boot == self.server.boot:
                self.struck("late delivery")
                try:
                    request()
                except Refusal:
                    continue
                self.watch.central()

    def _want(self, desk: DeskModel) -> None:
        acts = [act for act in desk.disk.acts.values() if act.files]
        if acts:
            sha256 = self.random.choice(acts).files[0]
            if sha256 not in desk.disk.files:
                desk.disk.wanted[sha256] = None
                self.struck("file wanted")

    def _look_again(self) -> None:
        state = self.server.state
        acts = [
            read_act(state.operations[key].head) for key, v in state.verdicts.items() if v[1] == "person_mac"
        ]
        for act in acts[:1]:
            if act is not None and state.first.get(act.op_id):
                self.server.pardon(act.op_id)

    def _partition(self, desk: DeskModel) -> bool:
        desk.cut_off = not desk.cut_off
        return desk.cut_off

    def _restore_desk(self, desk: DeskModel) -> bool:
        if desk.busy:
            return False
        desk.disk = desk.backup.copy()
        desk.disk.doubtful = True
        desk.start()
        self._excuse()
        return True

    def _clone_desk(self, desk: DeskModel) -> bool:
        if len(self.desks) >= 6:
            return False
        vault = Vault()
        vault.pending = desk.vault.pending
        self.desks.append(DeskModel(self, desk.disk.copy(), vault, desk.street))
        return True

    def _shift_clock(self, desk: DeskModel) -> bool:
        desk.offset = timedelta(days=self.random.choice((-1, 0, 1)))
        return desk.offset != timedelta(0)

    def _switch_person(self, desk: DeskModel) -> bool:
        desk.person = f"p{self.random.randrange(8)}"
        return True

    def _fill_disk(self, desk: DeskModel) -> bool:
        desk.full = not desk.full
        return desk.full

    def _revoke(self, desk: DeskModel) -> bool:
        if self.random.random() < 0.9 or self.server.state.revoked:
            return False
        self.server.revoke(desk.login)
        return True

    def _rewind(self, fault: str) -> None:
        if fault == "failover":
            self.server.fail_over(self.random.randrange(1, 6))
        else:
            self.server.restore(self._backup)
        for desk in self.desks:
            desk.disk.doubtful = True
        self._excuse()
        self.watch.central()
        if fault == "server restored after it grew":
            for desk in self.desks:
                if not desk.busy:
                    self.go_round(desk)

    def _excuse(self) -> None:
        held = set(self.server.state.first)
        for desk in self.desks:
            held |= desk.disk.journal.keys()
        self.watch.excuse(held)

    # and then nothing goes wrong any more

    def fall_quiet(self) -> None:
        """Faults end; within ten rounds each every outbox is empty, and everything is in its place."""
        self.deliver_late()
        self.known = frozenset()
        for desk in self.desks:
            desk.cut_off = desk.full = False
        if not self.server.state.upgraded:
            self.server.upgrade()
        living = [desk for desk in self.desks if desk.login not in self.server.state.revoked]
        for _ in range(QUIET_ROUNDS):
            self.ticks += self.limits.hello_seconds
            for desk in living:
                for _ in range(MOST_AT_ONCE):
                    report = self.go_round(desk)
                    if report is None or not report.more:
                        break
                else:
                    raise Violation("I10: always more to do")
                self.watch.central()
                self.watch.desk(desk.disk)
            if all(self._is_quiet(desk) for desk in living):
                break
        self._excuse_revoked()
        attention: dict[str, set[str]] = {}
        for desk in living:
            attention.setdefault(desk.login, set()).update(desk.store.attention())
        self.watch.quiet([desk.disk for desk in living], attention)

    def _is_quiet(self, desk: DeskModel) -> bool:
        disk = desk.disk
        feed = self.server.feed(desk.street)
        comes = disk.wanted.keys() & self.server.state.files.keys()
        at_end = disk.cursor.seq == len(feed) and not disk.lacking and not comes
        return at_end and disk.acked == len(disk.chain) and not desk.store.waiting_files(1)

    def _excuse_revoked(self) -> None:
        """What a revoked desk had not sent stays with it."""
        held = set(self.server.state.first)
        for desk in self.desks:
            if desk.login not in self.server.state.revoked:
                held |= desk.disk.journal.keys()
        self.watch.excuse(held)
