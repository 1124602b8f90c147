"""The walk-through of two desks that share cases through a central, with the line cut in the middle.

Both desks were enrolled before (`packaging/demo_central.py`); `pair.json` in the folder says where the
central answers and through which port the desks reach it. One clerk receives an applicant, the
other sees it; the line is cut, both go on receiving; it is mended, and each has the other's cases.
`summary.json`: `seconds_to_see` (from the receipt in the hand to the row on the other desk),
`cases` of each desk, `waiting` after the end, `screenshots`.
"""

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from PySide6.QtWidgets import QApplication

from onewindow_desk import run
from onewindow_desk.counter import Counter
from onewindow_desk.desk import Desk, Outside
from onewindow_desk.devices.escl import EsclScanner
from onewindow_desk.devices.printer_file import FolderPrinter
from onewindow_desk.devices.reader.client import open_untrusted
from onewindow_desk.devices.simulated.escl import SimulatedEscl
from onewindow_desk.faults import Fault, Refusal, Unreachable
from onewindow_desk.hands import Stumbled
from onewindow_desk.relay import Relay
from onewindow_desk.settings import DeskSettings
from onewindow_desk.workspaces.intake import IntakeDevices

PLAN = "pair.json"


class Clerk(Struct, frozen=True, kw_only=True):
    """Who works at a desk of the pair, and the folder of that desk."""

    folder: str
    login: str
    password: str
    name: str


class Pair(Struct, frozen=True, kw_only=True):
    """Content of `pair.json`: the central's port, the port the desks use, and the two clerks."""

    central_port: int
    relay_port: int
    clerks: tuple[Clerk, Clerk]


class _Place:
    """One desk of the pair with its clerk."""

    def __init__(self, desk: Desk, counter: Counter, clerk: Clerk) -> None:
        self.desk = desk
        self.counter = counter
        self.hands = counter.hands
        self._clerk = clerk

    def begin(self) -> None:
        self.desk.start()
        self.hands.until(lambda: self.desk.opened is not None, "the store opened")
        self.hands.until(self.desk.connected, "the line to the central")
        self.counter.sign_in(self._clerk.login, self._clerk.password, self._clerk.name)

    def wait_to_see(self, name: str) -> None:
        self.hands.press("Ctrl+1")
        self.hands.until(lambda: name in self._names(), f"{name} on the other desk")

    def is_settled(self) -> bool:
        return self.desk.connected() and not self.desk.waiting()

    def receipts(self) -> set[str]:
        """The numbers of all cases at this desk."""
        return {case["receipt_no"] for case in self.desk.account()}

    def _names(self) -> set[str]:
        opened = self.desk.opened
        return set() if opened is None else {row.applicant_name for row in opened.store.cases()}


class PairWalk:
    """The story of the two desks; raises Stumbled at the first step that does not hold."""

    def __init__(self, one: _Place, two: _Place, relay: Relay) -> None:
        self._one, self._two = one, two
        self._relay = relay
        self.seconds_to_see = 0.0

    @property
    def screenshots(self) -> list[str]:
        """The pictures taken, by file name."""
        return self._one.counter.screenshots + self._two.counter.screenshots

    def go(self) -> None:
        """The whole story."""
        self._one.begin()
        self._two.begin()
        self._share_a_case()
        self._work_on_without_the_line()
        self._come_together()

    def _share_a_case(self) -> None:
        self._one.counter.receive_a_person("钱样安", "", "")
        handed_over = time.monotonic()
        self._two.wait_to_see("钱样安")
        self.seconds_to_see = time.monotonic() - handed_over
        self._two.counter.look("shared")

    def _work_on_without_the_line(self) -> None:
        self._relay.cut()
        for place in (self._one, self._two):
            place.hands.until(partial(place.hands.shows, "线路断开"), "the line seen down")
        self._one.counter.receive_a_person("孙样宁", "", "")
        self._one.hands.press("F11")
        self._one.counter.look("line-down")
        self._two.counter.receive_a_shop("")
        self._two.counter.look("line-down-today")

    def _come_together(self) -> None:
        self._relay.mend()
        self._one.hands.press("F8")
        self._two.hands.press("F11")
        self._two.hands.press("F8")
        for place in (self._one, self._two):
            place.hands.until(place.is_settled, "everything sent")
        self._two.wait_to_see("孙样宁")
        self._one.wait_to_see("演示街道样例理发店")
        self._one.counter.look("together")


def walk_the_pair(folder: Path) -> int:
    """Do the walk with the desks in `folder`; 0 when every step held."""
    pair = msgspec.json.decode((folder / PLAN).read_bytes(), type=Pair)
    application = run.make_application()
    with contextlib.ExitStack() as stack:
        relay = stack.enter_context(Relay(pair.central_port, pair.relay_port))
        one, two = (stack.enter_context(_place(application, folder, clerk)) for clerk in pair.clerks)
        walk = PairWalk(one, two, relay)
        try:
            walk.go()
            _summarise(folder, walk, one, two)
        except (Stumbled, Refusal, Unreachable, Fault) as trouble:
            for number, place in enumerate((one, two), 1):
                place.desk.front.grab().save(str(folder / f"stumbled-{number}.png"))
            sys.stderr.write(f"the walk-through stumbled at: {trouble}\n")
            return 1
    sys.stdout.write(f"two desks shared their cases; see {folder / 'summary.json'}\n")
    return 0


@contextlib.contextmanager
def _place(application: QApplication, folder: Path, clerk: Clerk) -> Iterator[_Place]:
    papers = folder / f"papers-{clerk.folder}"
    papers.mkdir(exist_ok=True)
    theme = run.apply_theme(application, DeskSettings())
    with SimulatedEscl(sheets_loaded=0) as scanner:

        def devices(_: DeskSettings) -> IntakeDevices:
            return IntakeDevices(
                scanner=EsclScanner("演示扫描仪", scanner.address),
                printers=FolderPrinter(papers),
                read=open_untrusted,
            )

        desk = Desk(Outside(folder / clerk.folder, run.system_vault, run.now, devices), theme)
        try:
            yield _Place(desk, Counter(folder, desk, scanner, f"{clerk.folder}-"), clerk)
        finally:
            desk.front.close()


def _summarise(folder: Path, walk: PairWalk, one: _Place, two: _Place) -> None:
    if one.receipts() != two.receipts() or len(one.receipts()) != 3:
        raise Stumbled("the same three cases at both desks")
    summary: dict[str, Any] = {
        "seconds_to_see": round(walk.seconds_to_see, 2),
        "cases": sorted(one.receipts()),
        "waiting": [place.desk.waiting() for place in (one, two)],
        "screenshots": walk.screenshots,
    }
    text = json.dumps(summary, ensure_ascii=False, indent=2)
    (folder / "summary.json").write_text(text + "\n", encoding="utf-8")
