import os
import shutil
import uuid
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from onewindow_desk import run
from onewindow_desk.demo import DEMO_LOGIN, DEMO_PASSWORD, demo_plan
from onewindow_desk.desk import Desk, Outside
from onewindow_desk.devices.printer_file import FolderPrinter
from onewindow_desk.devices.reader.client import open_untrusted
from onewindow_desk.hands import Hands
from onewindow_desk.opening import found_desk
from onewindow_desk.settings import DeskSettings, load_desk_settings
from onewindow_desk.shell import Shell
from onewindow_desk.workspaces.entry.founding import FoundingWizard
from onewindow_desk.workspaces.entry.sign_in import LockPage, SignInPage
from onewindow_desk.workspaces.entry.trouble import TroublePage
from onewindow_desk.workspaces.intake import IntakeDevices
from onewindow_desk.workspaces.shared.wedge_filter import WedgeFilter


class MemoryVault(dict[str, bytes]):
    def set(self, name: str, secret: bytes) -> None:
        self[name] = secret

    def delete(self, name: str) -> None:
        self.pop(name, None)


@pytest.fixture(scope="module")
def founded(tmp_path_factory) -> tuple[Path, MemoryVault]:
    """A street founded once for all tests here."""
    place, secrets = tmp_path_factory.mktemp("founded"), MemoryVault()
    found_desk(place, lambda: secrets, run.now, demo_plan()).store.close()
    return place, secrets


@pytest.fixture
def vault(founded):
    return MemoryVault(founded[1])


@pytest.fixture
def folder(tmp_path, founded) -> Path:
    """A founded street of this test's own."""
    return Path(shutil.copytree(founded[0], tmp_path / "desk"))


@pytest.fixture
def begin(qapp, tmp_path, vault):
    """Start a desk on a folder; what it started is ended after the test."""
    desks = []
    sheet = qapp.styleSheet()

    def start(place: Path, login: str = "") -> tuple[Desk, Hands]:
        papers = tmp_path / "papers"
        papers.mkdir(exist_ok=True)
        devices = IntakeDevices(scanner=None, printers=FolderPrinter(papers), read=open_untrusted)
        theme = run.apply_theme(qapp, load_desk_settings(place) if place.exists() else DeskSettings())
        desk = Desk(Outside(place, lambda: vault, run.now, lambda _: devices), theme)
        desks.append(desk)
        desk.start(login)
        hands = Hands(desk.front)
        hands.until(lambda: QApplication.focusWidget() is not None, "the focus somewhere")
        return desk, hands

    yield start
    for desk in desks:
        desk.close()
        desk.front.close()
        desk.front.deleteLater()
        desk.deleteLater()
    qapp.setStyleSheet(sheet)


def not_yet(desk: Desk) -> None:
    """A store that takes its time."""


def page(desk: Desk) -> type:
    return type(desk.front.currentWidget())


def signed_in(begin, folder: Path) -> tuple[Desk, Hands]:
    desk, hands = begin(folder, DEMO_LOGIN)
    hands.until(lambda: desk.opened is not None, "the store opened")
    hands.fill(DEMO_PASSWORD)
    hands.until(lambda: page(desk) is Shell and desk.idle, "signed in")
    return desk, hands


def test_the_sign_in_field_stands_and_has_the_focus_before_the_store_is_open(begin, folder, monkeypatch):
    monkeypatch.setattr(Desk, "_open", not_yet)
    desk, _ = begin(folder)
    assert desk.opened is None
    assert page(desk) is SignInPage
    assert isinstance(QApplication.focusWidget(), QLineEdit)


def test_a_new_folder_leads_to_the_wizard(begin, tmp_path):
    desk, hands = begin(tmp_path / "new")
    hands.until(lambda: page(desk) is FoundingWizard, "the wizard")


def test_who_is_quicker_than_the_store_is_signed_in_when_it_opens(begin, folder, monkeypatch):
    opens = Desk._open
    monkeypatch.setattr(Desk, "_open", not_yet)
    desk, hands = begin(folder, DEMO_LOGIN)
    hands.fill(DEMO_PASSWORD)
    assert page(desk) is SignInPage
    opens(desk)
    hands.until(lambda: page(desk) is Shell, "signed in")


def test_a_wrong_password_is_said_beside_the_field_and_the_login_stays(begin, folder):
    desk, hands = begin(folder, DEMO_LOGIN)
    hands.fill("not the password")
    hands.until(lambda: hands.shows("口令不符"), "the refusal")
    assert page(desk) is SignInPage
    assert hands.shows(DEMO_LOGIN)


def test_locking_hides_the_work_and_the_right_password_brings_it_back(begin, folder):
    desk, hands = signed_in(begin, folder)
    hands.press("F2")
    hands.type("就业")
    hands.press("Ctrl+L")
    assert page(desk) is LockPage
    assert not hands.shows("就业登记")
    hands.fill("not the password")
    hands.until(lambda: hands.shows("口令不符"), "still locked")
    hands.press("F2")
    assert page(desk) is LockPage
    hands.fill(DEMO_PASSWORD)
    hands.until(lambda: page(desk) is Shell, "unlocked")
    assert isinstance(QApplication.focusWidget(), QLineEdit)


def test_the_next_person_finds_nothing_of_the_one_before(begin, folder):
    desk, hands = signed_in(begin, folder)
    hands.press("F2")
    hands.type("jydj")
    hands.press("Return")
    hands.type("沈样真")
    hands.press("F12")
    assert page(desk) is SignInPage
    hands.until(lambda: desk.front.count() == 1, "the shell gone")
    texts = [label.text() for label in desk.front.findChildren(QLabel)]
    texts += [line.text() for line in desk.front.findChildren(QLineEdit)]
    assert not any("沈样真" in text for text in texts)
    assert QApplication.clipboard().text() != "沈样真"


def test_a_draft_is_there_again_after_a_sudden_end(begin, folder):
    desk, hands = signed_in(begin, folder)
    hands.press("F2")
    hands.type("jydj")
    hands.press("Return")
    hands.type("沈样真")
    desk.close()
    desk.front.close()
    again, hands = signed_in(begin, folder)
    hands.press("Ctrl+2")
    assert hands.shows("沈样真")
    assert again is not desk


def test_the_windows_title_names_nobody(begin, folder):
    desk, hands = signed_in(begin, folder)
    hands.press("F2")
    hands.type("沈样真")
    assert desk.front.windowTitle() == "一窗办"


def test_larger_type_is_remembered_for_the_desk(begin, folder):
    _, hands = signed_in(begin, folder)
    hands.press("Ctrl+=")
    assert load_desk_settings(folder).text_scale == 1.25


def scan(code: str, at: int) -> None:
    """What a keyboard code scanner types: a sign every 8 ms, then Enter."""
    for place, sign in enumerate(f"{code}\r"):
        key = Qt.Key.Key_Return if sign == "\r" else Qt.Key(ord(sign.upper()))
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, sign)
        event.setTimestamp(at + 8 * place)
        QApplication.sendEvent(QApplication.focusWidget(), event)  # type: ignore[arg-type]


def test_a_code_scanned_anywhere_is_looked_for_and_typed_nowhere(begin, folder, qapp, monkeypatch):
    desk, hands = signed_in(begin, folder)
    wedge = WedgeFilter(qapp)
    desk.listen(wedge.scanned, wedge.unrecognised)
    hands.press("F2")
    hands.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit), "the item search")
    looked_for: list[str] = []
    monkeypatch.setattr(Shell, "look_for", lambda _, text: looked_for.append(text))
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLineEdit)
    scan("OWD1:R:115260921001200018:J7MRC4", 1_000_000)
    scan("115260921001200018", 2_000_000)
    assert looked_for == ["115260921001200018"] * 2
    assert focus.text() == ""
    qapp.removeEventFilter(wedge)
    wedge.deleteLater()


@pytest.mark.parametrize("content", ["{", '{"scanner": "twain:1"}'])
def test_a_setting_that_cannot_be_used_is_said_at_signing_in(begin, folder, monkeypatch, content):
    desk, hands = begin(folder, DEMO_LOGIN)
    (folder / "desk.json").write_text(content)
    chosen = Outside(folder, desk._outside.vault, run.now, run.devices)
    monkeypatch.setattr(desk, "_outside", chosen)
    hands.until(lambda: desk.opened is not None, "the store opened")
    hands.fill(DEMO_PASSWORD)
    hands.until(lambda: hands.shows("desk.json") or hands.shows("扫描仪的地址"), "the refusal")
    assert page(desk) is SignInPage


def plain_file(folder: Path, vault: MemoryVault) -> None:
    (folder / "desk.db").write_bytes(b"SQLite format 3\x00" + bytes(4096))


def torn_file(folder: Path, vault: MemoryVault) -> None:
    data = (folder / "desk.db").read_bytes()
    (folder / "desk.db").write_bytes(data[: len(data) // 2] + os.urandom(len(data) // 2))


def foreign_file(folder: Path, vault: MemoryVault) -> None:
    other = MemoryVault()
    place = folder.parent / str(uuid.uuid4())
    found_desk(place, lambda: other, run.now, demo_plan()).store.close()
    (folder / "desk.db").write_bytes((place / "desk.db").read_bytes())


def no_keys(folder: Path, vault: MemoryVault) -> None:
    vault.clear()


@pytest.mark.parametrize("harm", [plain_file, torn_file, foreign_file, no_keys])
def test_a_store_that_cannot_be_trusted_is_said_in_plain_words(begin, folder, vault, harm):
    harm(folder, vault)
    desk, hands = begin(folder)
    hands.until(lambda: page(desk) is TroublePage, "the trouble said")
    assert hands.shows("请")
    assert not hands.shows("Traceback")
