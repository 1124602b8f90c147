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
from onewindow_desk.counter import Counter
from onewindow_desk.desk import Desk, Outside
from onewindow_desk.devices.escl import EsclScanner
from onewindow_desk.devices.printer_file import FolderPrinter
from onewindow_desk.devices.reader.client import open_untrusted
from onewindow_desk.devices.simulated.escl import SimulatedEscl
from onewindow_desk.faults import Fault, Refusal, Unreachable
from onewindow_desk.hands import Stumbled
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


class Walk:
    """One walk in one folder; `go` raises Stumbled at the first step that does not hold."""

    def __init__(self, folder: Path, desk: Desk, scanner: SimulatedEscl) -> None:
        self._desk = desk
        self._counter = Counter(folder, desk, scanner)
        self._hands = self._counter.hands

    @property
    def screenshots(self) -> list[str]:
        """The pictures taken so far, by file name."""
        return self._counter.screenshots

    def go(self) -> None:
        """The whole story."""
        self._found_the_street()
        self._counter.look("sign-in")
        self._counter.sign_in("wang", _PASSWORD, "王一鸣")
        self._counter.receive_a_person("钱样安", "item-search", "intake")
        self._counter.receive_a_shop("intake-organisation")
        self._show_the_day()

    def _found_the_street(self) -> None:
        hands = self._hands
        self._desk.start()
        hands.until(lambda: hands.shows("街道名称"), "the first-run wizard")
        hands.fill(*_STREET)
        self._counter.look("first-run")
        hands.fill(*_ADMINS)
        hands.fill(*_CLERK)
        hands.fill("0012")
        self._counter.look("first-run-review")
        hands.press("F9")
        hands.until(lambda: hands.shows("登录名"), "the sign-in page after founding")

    def _show_the_day(self) -> None:
        hands = self._hands
        hands.press("Ctrl+1")
        hands.until(
            lambda: hands.shows("钱样安") or hands.shows("下一步") or self._desk.idle, "the day's list"
        )
        self._counter.look("today")
        hands.press("F1")
        self._counter.look("keys")
        hands.press("Esc")


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
