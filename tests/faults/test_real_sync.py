"""Real desks in processes of their own, a real PostgreSQL, and a line between them that fails.

Whatever happens to desks, line and server: every receipt number that a desk wrote down as printed is in the
central, and each case is applied there once. The short walk is in every test run; `make torture` takes more
cases and the black hole to its full length.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from queue import Queue
from typing import Any

import desk_child
import msgspec
import pytest
from fault_proxy import FaultProxy
from office import Member, Office
from private_postgres import Cluster

from onewindow_desk.central.client import Conversation, converse, enrol
from onewindow_desk.central.connect import Door
from onewindow_desk.central.proof import secret_of
from onewindow_desk.central.schema import bring_up
from onewindow_desk.central.watchdog import LIMIT_SECONDS, Lifeline
from onewindow_desk.domain.access import Stretching
from onewindow_desk.faults import Unreachable
from onewindow_desk.rules import shipped_rules
from onewindow_desk.services import intake
from onewindow_desk.services.enrolment import Invitation, enrol_desk, login_at
from onewindow_desk.services.presence import sign_in_attached
from onewindow_desk.services.shift import Shift
from onewindow_desk.settings import CENTRAL_CA, CentralAddress, StreetSettings, load_desk_settings
from onewindow_desk.sync.round import Link, Round

pytestmark = pytest.mark.slow

TORTURE = "ONEWINDOW_TORTURE" in os.environ
CASES = 60 if TORTURE else 6
KILLS = 30 if TORTURE else 2
PASSWORD = "correct horse battery"
STREET = "320"
DATABASE = "onewindow"
PATIENCE = 120.0
SETTINGS = StreetSettings(
    name="样例街道",
    authority="样例街道办事处",
    code=STREET,
    inquiry_phone="000-0000-0001",
    supervise_phone="000-0000-0002",
)


class Desk:
    """One desk's process; it may die and be started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._said: Queue[dict[str, Any]] = Queue()

    def start(self) -> None:
        command = [sys.executable, desk_child.__file__, str(self.folder), PASSWORD]
        self._said = Queue()
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._listen, args=(self._process, self._said), daemon=True).start()

    @staticmethod
    def _listen(process: subprocess.Popen[str], said: Queue[dict[str, Any]]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                said.put(json.loads(line))
        said.put({"ended": process.wait()})

    def tell(self, line: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def hear(self, what: str, times: int = 1) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for _ in range(times):
            said = self._said.get(timeout=PATIENCE)
            while what not in said:
                assert not {"ended", "fault"} & set(said), said
                said = self._said.get(timeout=PATIENCE)
        return said

    def take_in(self, cases: int) -> None:
        self.tell(str(cases))
        self.hear("took", cases)

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()

    def end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait(PATIENCE)

    @property
    def printed(self) -> list[str]:
        """What was acknowledged to a citizen; a line cut off by the kill was not printed."""
        ledger = self.folder / "ledger"
        return [line for line in ledger.read_text().split("\n")[:-1] if line] if ledger.exists() else []


class Town:
    """A central with its standby, two lines to them, and desks."""

    def __init__(self, folder: Path, primary: Cluster, lines: tuple[FaultProxy, FaultProxy]) -> None:
        self.folder = folder
        self.primary = primary
        self.lines = lines
        self.desks: list[Desk] = []
        self._clusters = [primary]
        settings = json.dumps(msgspec.to_builtins(SETTINGS))
        with closing(Office(primary, DATABASE)) as office:
            office.system("SELECT owd_admin.create_street(%s, %s, %s)", STREET, SETTINGS.name, settings)
            self._add_clerk(office)

    @staticmethod
    def _add_clerk(office: Office) -> None:
        how = Stretching(salt=os.urandom(16), memory_kib=19_456, passes=1, lanes=1)
        clerk = Member(uuid.uuid4(), STREET)
        person = json.dumps({"person_id": str(clerk.person_id), "login": desk_child.LOGIN, "name": "李办"})
        stored = secret_of(PASSWORD, how).stored_key
        office.system(
            "SELECT owd_admin.create_person(%s, %s, %s, 19456, 1, 1, %s)", STREET, person, how.salt, stored
        )
        office.grant(clerk, "window")

    def invite(self, label: str) -> Invitation:
        # The server may have fallen since the last time.
        with closing(Office(self.primary, DATABASE)) as office:
            ticket = office.ticket(STREET, label, ("window",))
        return Invitation(
            address=CentralAddress(
                hosts=tuple(f"localhost:{line.port}" for line in self.lines), database=DATABASE
            ),
            authority=self.primary.ca.read_bytes(),
            ticket=ticket,
            label=label,
        )

    def add_desk(self) -> None:
        number = len(self.desks) + 1
        folder = self.folder / f"desk-{number}"
        folder.mkdir()
        (folder / "invitation.json").write_bytes(msgspec.json.encode(self.invite(f"{number} 号窗口")))
        self.desks.append(Desk(folder))

    def take_in(self, cases: int = CASES) -> None:
        """Every desk takes in so many cases, at the same time; ends when all receipts are out."""
        for desk in self.desks:
            desk.tell(str(cases))
        for desk in self.desks:
            desk.hear("took", cases)

    def settle(self) -> None:
        """Wait until every desk knows that the central has all it made, and hold the central to it."""
        for desk in self.desks:
            desk.tell("drain")
        for desk in self.desks:
            assert desk.hear("drained")["attention"] == []
        self.check([number for desk in self.desks for number in desk.printed])

    def check(self, printed: list[str]) -> None:
        assert len(set(printed)) == len(printed)
        there = [number for (number,) in self.primary.sql("SELECT receipt_no FROM owd_data.case_", DATABASE)]
        assert len(set(there)) == len(there)
        assert set(printed) <= set(there)
        applied = self.primary.sql(
            "SELECT count(*), count(DISTINCT o.case_id) FROM owd_data.feed f"
            " JOIN owd_data.operation o ON o.replica = f.replica AND o.seq = f.op_seq"
            " WHERE f.what = 'op' AND f.verdict = 'applied' AND o.kind = 'receive'",
            DATABASE,
        )
        assert applied == [(len(there), len(there))]

    def new_standby(self) -> Cluster:
        standby = self.primary.standby(self.folder / f"central-{len(self._clusters)}")
        self._clusters.append(standby)
        self.lines[1].target = standby.port
        return standby

    def fail_over(self, standby: Cluster) -> None:
        """The primary dies; the standby takes its place, at the second address."""
        self.primary.kill()
        standby.promote()
        self.primary = standby
        self.lines = (self.lines[1], self.lines[0])

    def close(self) -> None:
        for desk in self.desks:
            desk.end()
        for cluster in self._clusters:
            cluster.destroy()


class Counter:
    """One more desk, in this process: a round when it is told to."""

    def __init__(self, town: Town, folder: Path, line: FaultProxy) -> None:
        self._line = line
        vault = desk_child.FileVault(folder / "vault.json")
        invitation = msgspec.structs.replace(
            town.invite("百号窗口"),
            address=CentralAddress(hosts=(f"localhost:{line.port}",), database=DATABASE),
        )
        self.store = enrol_desk(folder / "desk", vault, invitation, enrol, desk_child.now)
        address = load_desk_settings(self.store.folder).central
        assert address is not None
        self._login = login_at(address, vault)
        self._door = Door(address=address, authority=self.store.folder / CENTRAL_CA, login=self._login.name)
        self._talk: Conversation | None = None
        self._round = Round(self.store.exchange, desk_child.ABOUT, desk_child.now, time.monotonic)
        self.printed: list[str] = []

    def sign_in(self) -> None:
        self.send(lose=False)
        present = sign_in_attached(self.store, self, desk_child.LOGIN, PASSWORD, desk_child.now())
        rules = shipped_rules(desk_child.now)
        self._shift = Shift(
            self.store, rules, SETTINGS, "百号窗口", present.person, present.signer, lambda _: None
        )

    def ask(self, question, seconds):
        assert seconds > 0
        return question(self._open())

    def take_in(self) -> None:
        confirmed = intake.receive(self._shift, desk_child.some_draft(self._shift))
        self.printed.append(confirmed.receipt_no)

    def send(self, *, lose: bool) -> None:
        talk = self._open()
        if lose:
            talk = LosingOne(talk, self._line)
        try:
            report = self._round.run(talk)
        except Unreachable:
            report = None
        if report is None or report.link is not Link.UP:
            self._hang_up()

    def _open(self):
        if self._talk is None:
            self._talk = converse(self._door, self._login.password.encode, Lifeline())
        return self._talk

    def close(self) -> None:
        self._hang_up()
        self.store.close()

    def _hang_up(self) -> None:
        if self._talk is not None:
            self._talk.close()
            self._talk = None


class LosingOne:
    """A conversation whose push is not answered."""

    def __init__(self, talk: Conversation, line: FaultProxy) -> None:
        self._talk, self._line = talk, line

    def push(self, replica, batch):
        self._line.lose_next_answer()
        return self._talk.push(replica, batch)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._talk, name)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    primary = Cluster(folder / "central-0").start()
    primary.sql(f"CREATE DATABASE {DATABASE}")
    bring_up(primary.owner_dsn(DATABASE))
    with FaultProxy(primary.port) as first, FaultProxy(primary.port) as second:
        made = Town(folder, primary, (first, second))
        try:
            for _ in range(3):
                made.add_desk()
            for desk in made.desks:
                desk.start()
            for desk in made.desks:
                desk.hear("ready")
            yield made
        finally:
            made.close()


def test_a_good_line(town):
    town.take_in()
    town.settle()


def test_the_line_is_cut_and_mended(town):
    town.take_in()
    for line in town.lines:
        line.cut()
    town.take_in()
    for line in town.lines:
        line.mend()
    town.settle()


def test_connections_break_while_cases_come_in(town):
    for _ in range(3):
        town.take_in(CASES // 3)
        for line in town.lines:
            line.reset()
    town.settle()


def test_a_black_hole(town):
    for line in town.lines:
        line.freeze()
    began = time.monotonic()
    town.take_in()
    if TORTURE:
        # Longer than any call may hang, so that the desks have cut the line by themselves.
        while time.monotonic() < began + 2 * LIMIT_SECONDS:
            town.take_in(1)
    for line in town.lines:
        line.thaw()
    town.settle()


def test_desks_are_killed_while_cases_come_in(town):
    chance = random.Random(36)
    for _ in range(KILLS):
        desk = chance.choice(town.desks)
        desk.tell(str(10 * CASES))
        desk.hear("took", chance.randint(1, CASES))
        desk.kill()
        desk.start()
        desk.hear("ready")
    town.settle()


def test_the_server_falls_and_starts_again(town):
    for desk in town.desks:
        desk.tell(str(CASES))
    town.desks[0].hear("took", CASES // 2)
    town.primary.restart(immediate=True)
    town.desks[0].hear("took", CASES - CASES // 2)
    for desk in town.desks[1:]:
        desk.hear("took", CASES)
    town.settle()


def test_answers_are_lost(town, tmp_path):
    """36 of 100 answers to a push never arrive; 100 cases are stored."""
    lost = set(random.Random(36).sample(range(100), 36))
    with FaultProxy(town.primary.port) as line:
        with closing(Counter(town, tmp_path, line)) as counter:
            counter.sign_in()
            for number in range(100):
                counter.take_in()
                counter.send(lose=number in lost)
            while counter.store.unsent_count():
                counter.send(lose=False)
            assert counter.store.attention() == ()
        assert line.answers_lost == 36
    assert len(counter.printed) == 100
    town.check(counter.printed)


def test_the_primary_dies_and_nothing_was_confirmed_that_the_standby_lacks(town):
    standby = town.new_standby()
    town.primary.synchronous(True)
    for desk in town.desks:
        desk.tell(str(CASES))
    town.desks[0].hear("took", CASES // 2)
    before = town.primary.sql("SELECT max(head) FROM owd_data.street", DATABASE)
    town.fail_over(standby)
    assert town.primary.sql("SELECT max(head) FROM owd_data.street", DATABASE) >= before
    town.desks[0].hear("took", CASES - CASES // 2)
    for desk in town.desks[1:]:
        desk.hear("took", CASES)
    town.settle()


def test_a_standby_that_lags_takes_over_and_the_desks_bring_what_it_lacks(town):
    standby = town.new_standby()
    standby.sql("ALTER SYSTEM SET primary_conninfo = ''")
    standby.sql("SELECT pg_reload_conf()")
    town.take_in()
    town.settle()
    lost = town.primary.sql("SELECT max(head) FROM owd_data.street", DATABASE)
    town.fail_over(standby)
    assert town.primary.sql("SELECT max(head) FROM owd_data.street", DATABASE) < lost
    town.take_in(2)
    town.settle()
