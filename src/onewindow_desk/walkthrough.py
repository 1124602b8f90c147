"""The walk-through: the main job done on the real windows, by keys alone, with invented people.

It founds a street in the wizard, signs in, receives two applicants with scanned pages, prints their
receipts and confirms them, then shows the day. It reaches the program only through the screen; for
the account at the end it asks the desk, as `summary.json`:

`cases`: each `receipt_no`, `operations` (`kind`, `author`, `at`), `documents` (`kind`, `path`,
`sha256`); `screenshots`: file names. Paths are relative to the folder.
"""

import hashlib
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from onewindow_desk import run
from onewindow_desk.desk import Desk, Outside
from onewindow_desk.devices.escl import EsclScanner
from onewindow_desk.devices.printer_file import FolderPrinter
from onewindow_desk.devices.reader.client import open_untrusted
from onewindow_desk.devices.simulated.escl import SimulatedEscl
from onewindow_desk.faults import Fault, Refusal, Unreachable
from onewindow_desk.hands import Hands, Stumbled
from onewindow_desk.settings import DeskSettings
from onewindow_desk.workspaces.intake import IntakeDevices

_PASSWORD = "yangli-street-2026"  # noqa: S105 - public on purpose: it opens invented data
_SECOND = f"{_PASSWORD}-an"
_STREET = (
    "演示街道", "演示区人民政府演示街道办事处", "115", "工作日 9:00–12:00，13:30–17:30",
    "000-0000-0010", "000-0000-0011", "演示路 1 号 便民服务中心",
)  # fmt: skip
_ADMINS = ("guan", "管样明", _PASSWORD, _PASSWORD, "an", "安样清", _SECOND, _SECOND)
_CLERK = ("wang", "王一鸣", _PASSWORD, _PASSWORD)
_RECEIPT_NO = r"\b\d{3} \d{6} \d{4} \d{4} \d\b"
_PAGES = 3


class Walk:
    """One walk in one folder; `go` raises Stumbled at the first step that does not hold."""

    def __init__(self, folder: Path, desk: Desk, scanner: SimulatedEscl) -> None:
        self._folder = folder
        self._desk = desk
        self._scanner = scanner
        self._hands = Hands(desk.front)
        self.screenshots: list[str] = []

    def go(self) -> None:
        """The whole story."""
        self._found_the_street()
        self._sign_in()
        self._receive_a_person()
        self._receive_a_shop()
        self._show_the_day()

    def _found_the_street(self) -> None:
        hands = self._hands
        self._desk.start()
        hands.until(lambda: hands.shows("街道名称"), "the first-run wizard")
        hands.fill(*_STREET)
        self._look("first-run")
        hands.fill(*_ADMINS)
        hands.fill(*_CLERK)
        hands.fill("0012")
        self._look("first-run-review")
        hands.press("F9")
        hands.until(lambda: hands.shows("登录名"), "the sign-in page after founding")

    def _sign_in(self) -> None:
        self._look("sign-in")
        self._hands.fill("wang", _PASSWORD)
        self._hands.until(lambda: self._hands.shows("王一鸣"), "signing in")

    def _receive_a_person(self) -> None:
        hands = self._hands
        self._begin_intake("jydj", "item-search")
        hands.fill("钱样安", "000-0000-0021", "", "320115199001010012", "演示路 12 号 3 幢")
        self._choose(1)
        hands.fill("2026-10-01", "演示街道样例理发店")
        self._take_materials(2)
        self._scan()
        self._confirm("intake")

    def _receive_a_shop(self) -> None:
        hands = self._hands
        self._begin_intake("公共场所", "")
        for keys in ("Shift+Tab", "Shift+Tab", "Right"):
            hands.press(keys)
        hands.press("Alt+2")
        hands.fill(
            "演示街道样例理发店", "92320115MA0000007J", "周样清", "000-0000-0037", "", "320115198103041237",
            "演示街道样例路 12 号 1 层",
        )  # fmt: skip
        self._choose(1)
        hands.fill("演示街道样例路 12 号 1 层")
        self._choose(1)
        hands.fill("86")
        self._take_materials(4)
        self._scan()
        self._confirm("intake-organisation")

    def _show_the_day(self) -> None:
        hands = self._hands
        hands.press("Ctrl+1")
        hands.until(
            lambda: hands.shows("钱样安") or hands.shows("下一步") or self._desk.idle, "the day's list"
        )
        self._look("today")
        hands.press("F1")
        self._look("keys")
        hands.press("Esc")

    def _begin_intake(self, query: str, picture: str) -> None:
        hands = self._hands
        hands.press("F2")
        hands.until(lambda: hands.shows("找事项"), "a new intake")
        hands.type(query)
        hands.until(lambda: self._desk.idle, "the items found")
        if picture:
            self._look(picture)
        hands.press("Return")
        hands.until(lambda: hands.shows("申请人"), "the applicant's fields")

    def _choose(self, place: int) -> None:
        """Open the choices, go to the one at `place` (from 1), take it, go on."""
        for _ in range(place + 1):
            self._hands.press("Down")
        self._hands.press("Return")
        self._hands.press("Return")

    def _take_materials(self, count: int) -> None:
        self._hands.press("Alt+3")
        for _ in range(count):
            self._hands.press("Space")
            self._hands.press("Down")
        for _ in range(count):
            self._hands.press("Up")

    def _scan(self) -> None:
        self._scanner.load(_PAGES)
        self._hands.press("F4")
        self._hands.until(
            lambda: self._desk.idle and self._hands.shows(f"· {_PAGES} 页"), "the scanned pages"
        )

    def _confirm(self, picture: str) -> None:
        hands = self._hands
        self._look(picture)
        hands.press("F9")
        hands.until(lambda: self._desk.idle and hands.shows("拿到凭证了"), "the receipt at the printer")
        if not hands.find_number(_RECEIPT_NO):
            raise Stumbled("no receipt number on the screen")
        self._look(f"{picture}-printed")
        hands.press("F9")
        hands.until(lambda: not hands.shows("拿到凭证了"), "the receipt in the hand")

    def _look(self, name: str) -> None:
        self._hands.until(lambda: self._desk.idle, f"the screen {name}")
        file = f"{name}.png"
        self._hands.look(self._folder / file)
        self.screenshots.append(file)


def walk_through(folder: Path) -> int:
    """Do the walk into `folder`; 0 when every step held and the papers are there."""
    folder.mkdir(parents=True, exist_ok=True)
    papers = folder / "papers"
    papers.mkdir(exist_ok=True)
    application = run.make_application()
    with SimulatedEscl(sheets_loaded=0) as scanner:
        desk = _desk(application, folder, papers, scanner.address)
        try:
            walk = Walk(folder, desk, scanner)
            walk.go()
            _summarise(folder, desk, walk.screenshots)
        except (Stumbled, Refusal, Unreachable, Fault) as trouble:
            desk.front.grab().save(str(folder / "stumbled.png"))
            sys.stderr.write(f"the walk-through stumbled at: {trouble}\n")
            return 1
        finally:
            desk.front.close()
    sys.stdout.write(f"walked through {len(walk.screenshots)} screens; see {folder / 'summary.json'}\n")
    return 0


def _desk(application: QApplication, folder: Path, papers: Path, scanner: str) -> Desk:
    theme = run.apply_theme(application, DeskSettings())

    def devices(_: DeskSettings) -> IntakeDevices:
        return IntakeDevices(
            scanner=EsclScanner("演示扫描仪", scanner), printers=FolderPrinter(papers), read=open_untrusted
        )

    store = folder / f"desk-{datetime.now(UTC):%Y%m%d%H%M%S}"
    return Desk(Outside(store, run.system_vault, run.now, devices), theme)


def _summarise(folder: Path, desk: Desk, screenshots: list[str]) -> None:
    files = {_sha256(path): path for path in sorted((folder / "papers").glob("*.pdf"))}
    cases = [_case(case, lambda sha256: _printed(files, sha256, folder)) for case in desk.account()]
    if len(cases) != 2:
        raise Stumbled("two cases in the account")
    summary = {"cases": cases, "screenshots": screenshots}
    text = json.dumps(summary, ensure_ascii=False, indent=2)
    (folder / "summary.json").write_text(text + "\n", encoding="utf-8")


def _case(case: dict[str, Any], path_of: Callable[[str], str]) -> dict[str, Any]:
    documents = [
        {"kind": paper["kind"], "path": path_of(paper["sha256"]), "sha256": paper["sha256"]}
        for paper in case["documents"]
    ]
    return {"receipt_no": case["receipt_no"], "operations": case["operations"], "documents": documents}


def _printed(files: dict[str, Path], sha256: str, folder: Path) -> str:
    if sha256 not in files:
        raise Stumbled("a receipt on record that never reached the printer")
    return files[sha256].relative_to(folder).as_posix()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
