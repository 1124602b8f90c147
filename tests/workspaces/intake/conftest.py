"""A founded street, devices that do as they are told, and the workspace in a shell."""

import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from onewindow_desk.background import Background
from onewindow_desk.demo import DEMO_LOGIN, DEMO_PASSWORD, demo_plan
from onewindow_desk.devices import files
from onewindow_desk.devices.printer import JobTicket, Paper, PrinterInfo
from onewindow_desk.devices.reader.page import ReadPage
from onewindow_desk.domain.identity import resident_check
from onewindow_desk.domain.item import Item
from onewindow_desk.domain.people import Person
from onewindow_desk.faults import Refusal
from onewindow_desk.opening import OpenDesk, found_desk, open_desk
from onewindow_desk.services.shift import Shift
from onewindow_desk.services.signing import sign_in
from onewindow_desk.shell import Shell
from onewindow_desk.store import Changes, Signer, Store
from onewindow_desk.workspaces.intake import IntakeDevices, IntakeWorkspace
from onewindow_desk.workspaces.intake.state import IntakeState

MONDAY = datetime(2026, 9, 21, 1, 42, tzinfo=UTC)  # 09:42 in Nanjing


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

    def move(self, **step: float) -> None:
        self.at += timedelta(**step)


@dataclass
class Tell:
    """Hands changes to whoever listens by then."""

    listener: Callable[[Changes], None] | None = None

    def __call__(self, changes: Changes) -> None:
        if self.listener is not None:
            self.listener(changes)


@dataclass
class Printers:
    """Two printers; `jobs` are (printer, paper, title, bytes); `refusal` is what the next jobs are told."""

    refusal: Refusal | None = None
    gone: bool = False
    jobs: list[tuple[str, Paper, str, bytes]] = field(default_factory=list)

    def printers(self) -> tuple[PrinterInfo, ...]:
        both = (
            PrinterInfo("first", "窗口打印机", frozenset(Paper), False, True),
            PrinterInfo("second", "大厅打印机", frozenset(Paper), False),
        )
        return () if self.gone else both

    def print_pdf(
        self, pdf: bytes, printer: str, paper: Paper, copies: int = 1, title: str = ""
    ) -> JobTicket:
        if self.refusal is not None:
            raise self.refusal
        self.jobs.append((printer, paper, title, pdf))
        return JobTicket(printer, paper, copies, 1, "job")


@dataclass
class FeederScanner:
    """Gives out `pages`; `gate` holds it before the page of that number, `trouble` ends it."""

    pages: list[bytes] = field(default_factory=list)
    trouble: Exception | None = None
    wait_before: int = 0
    gate: Event = field(default_factory=Event)
    name: str = "模拟扫描仪"

    def scan(self, _settings, on_page, cancelled) -> int:
        given = 0
        for number, page in enumerate(self.pages, 1):
            if number == self.wait_before:
                self.gate.wait(30)
            if cancelled():
                return given
            on_page(page, "image/jpeg")
            given += 1
        if self.trouble is not None:
            raise self.trouble
        return given


@dataclass
class Reader:
    """Reads like the helper, in this process: what starts with `bad` is damaged."""

    read: list[bytes] = field(default_factory=list)

    def __call__(self, source: Path | bytes, /) -> tuple[ReadPage, ...]:
        data = source.read_bytes() if isinstance(source, Path) else source
        self.read.append(data)
        if b"bad" in data:
            raise Refusal("文件已损坏，读不出来。请重新扫描，或换一个文件。")
        files.check(data)
        return tuple(_page(data) for _ in range(data.count(b"/Page ") or 1))


def _page(data: bytes) -> ReadPage:
    picture = data if data.startswith(b"\xff\xd8") else jpeg("pdf")
    return ReadPage("image/jpeg", picture, 300, 424, picture)


def jpeg(words: str) -> bytes:
    """A small picture of a page with these words on it."""
    image = Image.new("RGB", (300, 424), "white")
    ImageDraw.Draw(image).text((20, 20), words, fill="black")
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def make_jpeg() -> Callable[[str], bytes]:
    return jpeg


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
def tell() -> Tell:
    return Tell()


@pytest.fixture
def printers() -> Printers:
    return Printers()


@pytest.fixture
def scanner() -> FeederScanner:
    return FeederScanner([jpeg("one"), jpeg("two"), jpeg("three")])


@pytest.fixture
def reader() -> Reader:
    return Reader()


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
    return Shift(opened.store, opened.rules, opened.street, "2 号窗口", person, signer, tell)


@pytest.fixture
def item(shift) -> Item:
    """公共场所卫生许可: nine materials, four fields of its own."""
    return shift.rules.catalogue.item("JN34-XK-08")


@pytest.fixture
def other_item(shift) -> Item:
    return shift.rules.catalogue.item("JN34-XK-04")


@pytest.fixture
def state(shift) -> IntakeState:
    state = IntakeState(shift)
    state.open()
    return state


@pytest.fixture
def number() -> str:
    """An invented identity number whose check sign is right."""
    body = "32011519900101001"
    return body + resident_check(body)


@pytest.fixture
def fill_in(item, number) -> Callable[[IntakeState], None]:
    """Fills a state's draft in front with all that the item asks for."""

    def fill(state: IntakeState) -> None:
        state.choose(item)
        typed = {"applicant.name": "钱样安", "applicant.number": number, "applicant.phone": "000-0000-0021"}
        own = {"act": "新发", "place": "演示路 12 号", "trade": item.fields[2].choices[0], "area": "86"}
        for key, text in {**typed, **{f"field.{key}": text for key, text in own.items()}}.items():
            state.set_value(key, text)
        for row in item.materials:
            if row.required:
                state.tick(row, True)

    return fill


# --- with a screen


@pytest.fixture
def background(qapp) -> Iterator[Background]:
    background = Background()
    yield background
    background.close()


@pytest.fixture
def settle(qtbot, background) -> Callable[[], None]:
    """Waits for what runs in the background and for what follows from it."""

    def wait() -> None:
        QApplication.processEvents()
        qtbot.waitUntil(lambda: not background.busy)
        QApplication.processEvents()
        qtbot.waitUntil(lambda: not background.busy)

    return wait


@pytest.fixture
def devices(scanner, printers, reader) -> IntakeDevices:
    return IntakeDevices(scanner, printers, reader, printer="first")


@pytest.fixture
def open_intake(qtbot, dressed, shift, background, devices, tell, clock, settle):
    """Opens the workspace in a shell of the usual size."""

    def bring(width: int = 1366, height: int = 768) -> tuple[IntakeWorkspace, Shell]:
        shell = Shell(dressed, clock=clock)
        workspace = IntakeWorkspace(shift, background, devices)
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
def key(press, settle) -> Callable[..., None]:
    """Presses a key where the focus is and waits for what follows."""

    def push(stroke: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        press(stroke, *modifiers)
        settle()

    return push


@pytest.fixture
def ready(open_intake, fill_in, settle):
    """The workspace with a draft that lacks nothing."""
    workspace, shell = open_intake()
    fill_in(workspace.state)
    workspace.show_all()
    shell.current().first_focus().setFocus()
    settle()
    return workspace, shell
