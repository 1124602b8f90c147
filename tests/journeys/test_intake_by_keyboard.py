"""One whole intake by keyboard alone: from the sign-in field to the paper in the applicant's hand."""

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from onewindow_desk.demo import DEMO_LOGIN, DEMO_PASSWORD, demo_plan
from onewindow_desk.desk import Desk, Outside
from onewindow_desk.devices.escl import EsclScanner
from onewindow_desk.devices.printer_file import FolderPrinter
from onewindow_desk.devices.reader.client import open_untrusted
from onewindow_desk.devices.simulated.escl import SimulatedEscl
from onewindow_desk.documents.decode import decode_codes
from onewindow_desk.documents.preview import render_page
from onewindow_desk.domain.case import Case, Source
from onewindow_desk.domain.identity import resident_check
from onewindow_desk.domain.numbering import format_receipt_no
from onewindow_desk.domain.paper import PaperStatus
from onewindow_desk.hands import Hands
from onewindow_desk.opening import found_desk
from onewindow_desk.services.papers import counted_receipts
from onewindow_desk.settings import DeskSettings
from onewindow_desk.workspaces.intake import IntakeDevices
from onewindow_desk.workspaces.shared.theme import Theme

MONDAY = datetime(2026, 9, 21, 1, 42, tzinfo=UTC)
BODY = "32011519900101001"
NUMBER = BODY + resident_check(BODY)
NAME = "钱㛃<img src=x>"
MOUSE = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick)


class MemoryVault(dict[str, bytes]):
    def set(self, name: str, secret: bytes) -> None:
        self[name] = secret

    def delete(self, name: str) -> None:
        self.pop(name, None)


class NoMouse(QObject):
    """Counts what no hand on a keyboard can do."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self.seen = 0
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        self.seen += event.type() in MOUSE
        return False


def sheet(words: str) -> bytes:
    """An A4 page at 100 dpi, as a scanner gives it."""
    image = Image.new("RGB", (827, 1169), "white")
    ImageDraw.Draw(image).text((80, 80), words, fill="black")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


SHEETS = (sheet("application form"), sheet("identity card"))


@pytest.fixture
def scanner() -> Iterator[SimulatedEscl]:
    with SimulatedEscl(sheets_loaded=2, sheets=SHEETS) as simulated:
        yield simulated


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    return folder


@pytest.fixture
def desk(qapp, tmp_path: Path, papers: Path, scanner: SimulatedEscl) -> Iterator[Desk]:
    vault = MemoryVault()
    found_desk(tmp_path / "desk", lambda: vault, lambda: MONDAY, demo_plan()).store.close()

    def devices(_: DeskSettings) -> IntakeDevices:
        return IntakeDevices(
            EsclScanner("模拟扫描仪", scanner.address), FolderPrinter(papers), open_untrusted
        )

    theme = Theme()
    theme.apply(qapp)
    desk = Desk(Outside(tmp_path / "desk", lambda: vault, lambda: MONDAY, devices), theme)
    yield desk
    desk.close()
    desk.front.close()
    desk.front.deleteLater()
    qapp.setStyleSheet("")


@pytest.fixture
def no_mouse(qapp) -> Iterator[NoMouse]:
    watch = NoMouse(qapp)
    yield watch
    qapp.removeEventFilter(watch)


@pytest.fixture
def hands(desk: Desk) -> Hands:
    return Hands(desk.front)


@pytest.fixture
def until(hands: Hands, desk: Desk) -> Callable[[str], None]:
    """Waits until the screen says these words and nothing is under way."""

    def wait(words: str) -> None:
        hands.until(lambda: desk.idle and hands.shows(words), words)

    return wait


def sign_in(hands: Hands, desk: Desk, until: Callable[[str], None]) -> None:
    desk.start(DEMO_LOGIN)
    hands.until(lambda: desk.opened is not None and desk.idle, "the store behind the sign-in field")
    hands.fill(DEMO_PASSWORD)
    until("王一鸣")


def fill_in(hands: Hands, until: Callable[[str], None]) -> None:
    """公共场所卫生许可 for a person; the identity number is wrong at first."""
    hands.press("F2")
    until("找事项")
    hands.type("ggcs")
    until("公共场所卫生许可")
    hands.press("Down")
    hands.press("Up")
    hands.press("Return")
    hands.fill(NAME, "000-0000-0021", "", f"{NUMBER[:-1]}0", "演示路 12 号")
    until("证件号码第 18 位不符")
    for keys in ("Shift+Return", "Shift+Return"):
        hands.press(keys)
    hands.press("End")
    hands.press("Backspace")
    hands.type(NUMBER[-1])
    for keys in ("Return", "Return"):
        hands.press(keys)
    for keys in ("Down", "Down", "Return", "Return"):
        hands.press(keys)
    hands.fill("演示路 12 号 1 层")
    for keys in ("Down", "Down", "Return", "Return"):
        hands.press(keys)
    hands.fill("86")


def take_materials(hands: Hands, until: Callable[[str], None]) -> None:
    """Tick the form, two originals of it; scan two pages, turn one, file the other elsewhere."""
    hands.press("Space")
    hands.press("Return")
    hands.fill("2", "0", "")
    hands.press("Space")
    hands.press("Up")
    hands.press("F4")
    until("· 2 页")
    for _ in range(9):
        hands.press("Tab")
    hands.press("R")
    hands.press("Right")
    hands.press("Down")


def only_case(desk: Desk) -> Case:
    assert desk.opened is not None
    (row,) = desk.opened.store.cases()
    return desk.opened.store.case(row.case_id)


@pytest.mark.slow
@pytest.mark.qt_log_ignore("This plugin does not support")  # popups, offscreen
def test_a_whole_intake_by_keyboard(desk, hands, until, papers, no_mouse) -> None:
    sign_in(hands, desk, until)
    fill_in(hands, until)
    take_materials(hands, until)

    hands.press("F9")
    until("凭证已送打印机")
    hands.press("F8")
    until("请选一台打印机")
    hands.press("Return")
    until("凭证已送打印机")
    hands.press("F9")
    until("找事项")

    case = only_case(desk)
    assert case.applicant is not None
    assert (case.applicant.name, case.applicant.identity.number) == (NAME, NUMBER)
    assert case.fields["area"] == "86"
    check_materials(desk, case)
    assert [mark.status for mark in case.papers] == [PaperStatus.FAILED, PaperStatus.CONFIRMED]
    assert counted_receipts(case) == 1
    check_receipt(case, papers)
    assert no_mouse.seen == 0


def check_materials(desk: Desk, case: Case) -> None:
    handed = {row.code: row for row in case.materials}
    form, second = case.materials[0], case.materials[1]
    assert (form.source, form.originals) == (Source.SUBMITTED, 2)
    assert [page.rotation for page in form.pages] == [90]
    assert len(second.pages) == 1
    assert sum(row.source is Source.SUBMITTED for row in handed.values()) == 2
    assert desk.opened is not None
    scans = [desk.opened.store.scans.get(page.sha256) for page in (*form.pages, *second.pages)]
    assert scans == list(SHEETS)


def check_receipt(case: Case, papers: Path) -> None:
    printed = sorted(papers.iterdir())
    assert [path.name for path in printed] == ["0001-材料接收凭证.pdf", "0002-材料接收凭证.pdf"]
    first, second = (path.read_bytes() for path in printed)
    assert first == second
    with pypdfium2.PdfDocument(second) as document:
        text = document[0].get_textpage().get_text_range()
    assert format_receipt_no(case.receipt_no) in text
    assert NAME in text
    assert NUMBER not in text
    codes = decode_codes(render_page(second, 0, 1200))
    assert case.receipt_no in codes
    assert any(code.startswith(f"OWD1:R:{case.receipt_no}:") for code in codes)
