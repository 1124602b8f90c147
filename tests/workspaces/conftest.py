"""What tests of pages share: the dressed application, typing as people do, walking the focus, a desk."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from notary import Notary, Vault
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAction, QInputMethodEvent, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPushButton, QWidget

from onewindow_desk.background import Background
from onewindow_desk.demo import DEMO_LOGIN, DEMO_PASSWORD, demo_plan
from onewindow_desk.domain.identity import resident_check
from onewindow_desk.domain.item import FieldKind, ItemField
from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.domain.people import Person, Role
from onewindow_desk.opening import OpenDesk, found_desk, open_desk
from onewindow_desk.services import intake
from onewindow_desk.services.draft import DraftMaterial
from onewindow_desk.services.shift import Shift
from onewindow_desk.services.signing import sign_in
from onewindow_desk.shell import Shell
from onewindow_desk.store import Changes, Signer, Store
from onewindow_desk.workspaces.shared.theme import Theme
from onewindow_desk.workspaces.workspace import Workspace

MONDAY = datetime(2026, 9, 21, 1, 42, tzinfo=UTC)
_SAME_LINE = 6


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[Theme]:
    """The application in the light theme at 100 %; a test may resize it."""
    theme = Theme()
    theme.apply(qapp)
    yield theme
    qapp.setStyleSheet("")


@pytest.fixture
def type_text() -> Callable[[str], None]:
    """Types into the focused widget: letters by key, Chinese through the input method."""

    def write(text: str) -> None:
        target = QApplication.focusWidget()
        assert target is not None, "nothing has the focus"
        if text.isascii():
            QTest.keyClicks(target, text)
            return
        assert target.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled), "no input method here"
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(target, event)

    return write


@pytest.fixture
def press() -> Callable[..., None]:
    """Presses a key where the focus is."""

    def push(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        target = QApplication.focusWidget()
        assert target is not None, "nothing has the focus"
        QTest.keyClick(target, key, modifiers)
        QApplication.processEvents()

    return push


@pytest.fixture
def walk_focus() -> Callable[[QWidget], tuple[QWidget, ...]]:
    """Walks through the window of a shown page with Tab and returns the page's stops in their order.

    Every stop has a name a screen reader says, the page's stops follow the reading order, every
    widget of it that takes Tab is reached, no two shortcuts share a key, and no button is a default
    by itself. The page, or something in its window, must have the focus.
    """
    return _walked


def _walked(page: QWidget) -> tuple[QWidget, ...]:
    stops = _tabbed(page)
    assert stops, "the page has no stop at all"
    expected = {widget for widget in page.findChildren(QWidget) if _takes_tab(widget)}
    assert expected <= set(stops), f"never reached: {[_shown(w) for w in expected - set(stops)]}"
    nameless = [_shown(stop) for stop in stops if not spoken_name(stop)]
    assert not nameless, f"without a name: {nameless}"
    ordered = _in_reading_order(page, stops)
    _check_shortcuts(page)
    defaults = [_shown(button) for button in page.findChildren(QPushButton) if button.autoDefault()]
    assert not defaults, f"default by themselves: {defaults}"
    return ordered


def _tabbed(page: QWidget) -> tuple[QWidget, ...]:
    start = QApplication.focusWidget()
    assert start is not None, "nothing has the focus"
    assert page.window().isAncestorOf(start), "the focus is in another window"
    stops = [start]
    for _ in range(200):
        QTest.keyClick(stops[-1], Qt.Key.Key_Tab)
        stop = QApplication.focusWidget()
        assert stop is not None
        if stop is start:
            return tuple(stops)
        assert stop not in stops, f"Tab goes in circles at {_shown(stop)}"
        stops.append(stop)
    raise AssertionError("Tab never comes back")


def _takes_tab(widget: QWidget) -> bool:
    policy = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    inner = isinstance(widget.parentWidget(), QLineEdit)
    return (
        bool(policy) and widget.isVisible() and widget.isEnabled() and not inner and not widget.focusProxy()
    )


def spoken_name(widget: QWidget) -> str:
    """What a screen reader calls the widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    name: str = interface.text(QAccessible.Text.Name)
    return name or (widget.text() if isinstance(widget, QAbstractButton) else "")


def _in_reading_order(page: QWidget, stops: tuple[QWidget, ...]) -> tuple[QWidget, ...]:
    """The page's own stops from the first one. Tab goes in a ring, so it may go back exactly once."""
    own = [stop for stop in stops if page.isAncestorOf(stop)]
    corners = [stop.mapTo(page, QPoint(0, 0)) for stop in own]
    backwards = []
    for place, corner in enumerate(corners):
        before = corners[place - 1]
        if corner.x() <= before.x() + _SAME_LINE and corner.y() <= before.y() + _SAME_LINE:
            backwards.append(place)
    jumps = [f"{_shown(own[place - 1])} to {_shown(own[place])}" for place in backwards]
    assert len(backwards) <= 1, f"Tab goes back at {jumps}"
    first = backwards[0] if backwards else 0
    return (*own[first:], *own[:first])


def _check_shortcuts(page: QWidget) -> None:
    keys = [shortcut.key().toString() for shortcut in page.findChildren(QShortcut)]
    keys += [key.toString() for action in page.findChildren(QAction) for key in action.shortcuts()]
    doubles = {key for key in keys if keys.count(key) > 1}
    assert not doubles, f"two shortcuts on {doubles}"


def _shown(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()!r}"


# A desk with a person at it, and a central's stand-in


@dataclass
class StandingClock:
    """Stands at 09:42 of a Monday until it is moved."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Tell:
    """Hands changes to whoever listens by then."""

    listener: Callable[[Changes], None] | None = None

    def __call__(self, changes: Changes) -> None:
        if self.listener is not None:
            self.listener(changes)


class Neighbour(Workspace):
    """Another workspace of the shell: remembers what it was asked to find."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.found: list[str] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def title(self) -> str:
        return self.name

    def find_text(self, text: str) -> bool:
        self.found.append(text)
        return self.name == "today"


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Vault, tuple[Person, Signer]]:
    """The demo street, founded once, with its clerk signed in."""
    folder, vault = tmp_path_factory.mktemp("street"), Vault()
    found_desk(folder, lambda: vault, lambda: MONDAY, demo_plan()).store.close()
    with Store.open(folder, vault) as store:
        return folder, vault, sign_in(store, DEMO_LOGIN, DEMO_PASSWORD, MONDAY)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def tell() -> Tell:
    return Tell()


@pytest.fixture
def opened(street, clock, tmp_path) -> Iterator[OpenDesk]:
    shutil.copytree(street[0], tmp_path / "desk")
    desk = open_desk(tmp_path / "desk", lambda: Vault(street[1]), clock)
    assert desk is not None
    yield desk
    desk.store.close()


@pytest.fixture
def shift(opened, street, tell) -> Shift:
    person, signer = street[2]
    return Shift(opened.store, opened.rules, opened.street, "1 号窗口", person, signer, tell)


@pytest.fixture
def notary() -> Notary:
    return Notary()


@pytest.fixture
def attached(shift: Shift, notary: Notary) -> Shift:
    """The clerk at a desk whose history, a supervisor in it, the central has taken."""
    person = Person(
        person_id=uuid.UUID(int=5), login="jiang", name="蒋样正", roles=frozenset({Role.SUPERVISOR})
    )
    envelope = {"person_id": str(person.person_id), "roles": ["supervisor"]}
    added = NewOperation(kind="person_added", envelope=envelope, payload=msgspec.to_builtins(person))
    shift.perform(lambda writing: writing.perform(added))
    notary.attach(shift.store)
    notary.take(shift.store)
    return shift


def _some_text(one: ItemField) -> str:
    if one.kind is FieldKind.CHOICE:
        return one.choices[0]
    return {FieldKind.DATE: "2026-10-01", FieldKind.NUMBER: "12.5"}.get(one.kind, "演示路 12 号")


@pytest.fixture
def receive_case() -> Callable[..., uuid.UUID]:
    """Receives an application of an invented person."""

    def make(shift: Shift, name: str = "钱样安") -> uuid.UUID:
        item = shift.rules.catalogue.items[0]
        body = "32011519900101001"
        values = {
            "applicant.name": name,
            "applicant.number": body + resident_check(body),
            "applicant.phone": "000-0000-0031",
            **{f"field.{one.key}": _some_text(one) for one in item.fields},
        }
        rows = {row.code: DraftMaterial(ticked=True, originals=1) for row in item.materials if row.required}
        draft = replace(intake.new_draft(shift, uuid.uuid4()), item_id=item.id, values=values, materials=rows)
        return intake.receive(shift, draft).case_id

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
def in_shell(qtbot, dressed, shift, tell, clock, settle):
    """Opens a shell with neighbours 今日 and 收件 before the workspaces given; `line` is opened by F11."""

    def bring(*pages: Workspace, line: Workspace | None = None, size=(1366, 768)) -> Shell:
        shell = Shell(dressed, clock=clock)
        for page in (Neighbour("today"), Neighbour("intake"), *pages):
            shell.add(page)
        if line is not None:
            shell.set_line_page(line)
        shell.show_person(shift.person.name, shift.window, sample=True)
        qtbot.addWidget(shell)
        shell.resize(*size)
        tell.listener = shell.refresh
        with qtbot.waitActive(shell):
            shell.show()
        shell.begin()
        settle()
        return shell

    return bring


@pytest.fixture
def uncut() -> Callable[[QWidget], list[str]]:
    """The texts of shown labels that have less height than they need."""

    def cut(page: QWidget) -> list[str]:
        labels = [label for label in page.findChildren(QLabel) if label.isVisible() and label.text()]
        return [
            label.text()
            for label in labels
            if label.height()
            < (label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height())
        ]

    return cut


@pytest.fixture
def key(press, settle):
    """Presses a key and waits for what follows."""

    def push(*stroke: object) -> None:
        press(*stroke)
        settle()

    return push
