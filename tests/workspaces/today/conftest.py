"""A founded street with invented cases, and printers that do as they are told."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from onewindow_desk.background import Background
from onewindow_desk.demo import DEMO_LOGIN, DEMO_PASSWORD, demo_plan
from onewindow_desk.devices.printer import JobTicket, Paper, PrinterInfo
from onewindow_desk.domain.identity import resident_check
from onewindow_desk.domain.item import FieldKind, Item, ItemField
from onewindow_desk.domain.people import Person
from onewindow_desk.faults import Refusal
from onewindow_desk.opening import OpenDesk, found_desk, open_desk
from onewindow_desk.services import intake, papers
from onewindow_desk.services.draft import DraftMaterial
from onewindow_desk.services.shift import Shift
from onewindow_desk.services.signing import sign_in
from onewindow_desk.shell import Shell
from onewindow_desk.store import Changes, Signer, Store
from onewindow_desk.workspaces.today import TodayWorkspace

MONDAY = datetime(2026, 9, 21, 1, 42, tzinfo=UTC)


class MemoryVault(dict[str, bytes]):
    def set(self, name: str, secret: bytes) -> None:
        self[name] = secret

    def delete(self, name: str) -> None:
        self.pop(name, None)


@dataclass
class Clock:
    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Printers:
    """Two printers; `jobs` are (printer, bytes), `refusal` is what the next job is told."""

    refusal: Refusal | None = None
    gone: bool = False
    jobs: list[tuple[str, bytes]] = field(default_factory=list)

    def printers(self) -> tuple[PrinterInfo, ...]:
        a5 = frozenset({Paper.A5})
        both = (
            PrinterInfo("first", "窗口打印机", a5, False, True),
            PrinterInfo("second", "大厅打印机", a5, False),
        )
        return () if self.gone else both

    def print_pdf(
        self, pdf: bytes, printer: str, paper: Paper, copies: int = 1, title: str = ""
    ) -> JobTicket:
        assert not any("\u4e00" <= sign <= "\u9fff" and sign in "钱赵孙李" for sign in title)
        if self.refusal is not None:
            raise self.refusal
        self.jobs.append((printer, pdf))
        return JobTicket(printer, paper, copies, 1, "job")


@dataclass
class Tell:
    """Hands changes to whoever listens by then."""

    listener: Callable[[Changes], None] | None = None

    def __call__(self, changes: Changes) -> None:
        if self.listener is not None:
            self.listener(changes)


@pytest.fixture(scope="session")
def founded(tmp_path_factory) -> tuple[Path, MemoryVault, tuple[Person, Signer]]:
    folder, vault = tmp_path_factory.mktemp("founded"), MemoryVault()
    found_desk(folder, lambda: vault, lambda: MONDAY, demo_plan()).store.close()
    with Store.open(folder, vault) as store:
        signed_in = sign_in(store, DEMO_LOGIN, DEMO_PASSWORD, MONDAY)
    return folder, vault, signed_in


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def printers() -> Printers:
    return Printers()


@pytest.fixture
def tell() -> Tell:
    return Tell()


@pytest.fixture
def opened(founded, clock, tmp_path) -> Iterator[OpenDesk]:
    shutil.copytree(founded[0], tmp_path / "desk")
    desk = open_desk(tmp_path / "desk", lambda: MemoryVault(founded[1]), clock)
    assert desk is not None
    yield desk
    desk.store.close()


@pytest.fixture
def shift(opened, founded, tell) -> Shift:
    person, signer = founded[2]
    return Shift(opened.store, opened.rules, opened.street, "1 号窗口", person, signer, tell)


def _text(one: ItemField) -> str:
    if one.kind is FieldKind.CHOICE:
        return one.choices[0]
    return {FieldKind.DATE: "2026-10-01", FieldKind.NUMBER: "12.5"}.get(one.kind, "演示路 12 号")


def _values(item: Item, name: str) -> dict[str, str]:
    body = "32011519900101001"
    return {
        "applicant.name": name,
        "applicant.number": body + resident_check(body),
        "applicant.phone": "000-0000-0031",
        **{f"field.{one.key}": _text(one) for one in item.fields},
    }


@pytest.fixture
def receive(shift, clock) -> Callable[..., UUID]:
    """Receives a case of an invented person on a day of September 2026; `paper`: none, sent or confirmed."""

    def make(name: str = "钱样安", day: int = 21, paper: str = "confirmed", place: int = 0) -> UUID:
        kept, clock.at = clock.at, datetime(2026, 9, day, 2, 20, tzinfo=UTC)
        item = shift.rules.catalogue.items[place]
        rows = {row.code: DraftMaterial(ticked=True, originals=1) for row in item.materials if row.required}
        draft = replace(
            intake.new_draft(shift, uuid.uuid4()), item_id=item.id, values=_values(item, name), materials=rows
        )
        case_id = intake.receive(shift, draft).case_id
        if paper != "none":
            outgoing = papers.send_receipt(shift, case_id, "first")
            if paper == "confirmed":
                papers.confirm(shift, outgoing)
        clock.at = kept
        return case_id

    return make


@pytest.fixture
def background(qapp) -> Iterator[Background]:
    background = Background()
    yield background
    background.close()


@pytest.fixture
def settle(qtbot, background) -> Callable[[], None]:
    """Waits for what runs in the background and for what follows from it."""

    def wait() -> None:
        qtbot.waitUntil(lambda: not background.busy)
        QApplication.processEvents()

    return wait


@pytest.fixture
def open_today(qtbot, dressed, shift, background, printers, tell, clock, settle):
    """Opens the workspace in a shell of the usual size, after the cases of the test were received."""

    def bring(width: int = 1366, height: int = 768) -> tuple[TodayWorkspace, Shell]:
        shell = Shell(dressed, clock=clock)
        workspace = TodayWorkspace(shift, background, printers)
        shell.add(workspace)
        shell.show_person(shift.person.name, shift.window, sample=True)
        qtbot.addWidget(shell)
        shell.resize(width, height)
        tell.listener = shell.refresh
        with qtbot.waitActive(shell):
            shell.show()
        shell.begin()
        settle()
        return workspace, shell

    return bring


@pytest.fixture
def key(press, settle):
    """Presses a key and waits for what follows."""

    def push(*stroke: object) -> None:
        press(*stroke)
        settle()

    return push
