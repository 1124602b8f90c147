"""The main page: rail, head, one banner line, the open workspace, its actions, the status line.

The shell knows workspaces by their contract only and no service at all. It owns every shortcut.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from onewindow_desk._built.ui_shell import Ui_Shell
from onewindow_desk.services.line import LineFacts, LineKind
from onewindow_desk.workspaces.shared.keyboard import Keyboard
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.line_words import SOURCE, link_of, notice_of
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.overlay import KeyOverlay
from onewindow_desk.workspaces.shared.theme import Theme
from onewindow_desk.workspaces.shared.widgets.icon_label import IconLabel
from onewindow_desk.workspaces.shared.widgets.key_cap import KeyCap
from onewindow_desk.workspaces.shared.widgets.label import Label
from onewindow_desk.workspaces.shared.widgets.status_line import Link
from onewindow_desk.workspaces.workspace import Notice, Workspace

_HEAD, _BAR, _STATUS, _FIND, _FIELD, _SAMPLE = 50, 54, 30, 344, 34, 24
_CLOCK_MS = 5_000


def _now() -> datetime:
    return datetime.now(UTC)


class Shell(QWidget):
    """Workspaces are added in the order of the rail; `begin` opens the first.

    Signals: `switch_person_requested` (F12), `lock_requested` (Ctrl+L), `line_requested` (F11 on a desk
    without a line), `connecting` (the central is to be tried now), `find_submitted` (text nobody found),
    `text_scale_changed` (the new scale, to be remembered).
    """

    switch_person_requested = Signal()
    lock_requested = Signal()
    line_requested = Signal()
    find_submitted = Signal(object)
    text_scale_changed = Signal(object)
    connecting = Signal()

    def __init__(self, theme: Theme, *, clock: Callable[[], datetime] = _now) -> None:
        self._ready = False
        super().__init__()
        self._theme, self._clock = theme, clock
        self._workspaces: list[Workspace] = []
        self._line_page: Workspace | None = None
        self._left: Workspace | None = None
        self._line: LineFacts | None = None
        self._ui = Ui_Shell()
        self._ui.setupUi(self)
        self._ui.stack.setObjectName("page")
        self._prepare_head()
        self._join()
        self._overlay = KeyOverlay(self)
        self._keyboard = Keyboard(self, self.press)
        self._tick = QTimer(self)
        self._tick.setInterval(_CLOCK_MS)
        self._tick.timeout.connect(self._show_time)
        self._tick.start()
        self._show_time()
        self._ready = True
        self._fit()

    # What the composition root says

    def add(self, workspace: Workspace) -> None:
        """Put a workspace at the end of the rail."""
        place = len(self._workspaces)
        self._workspaces.append(workspace)
        self._ui.stack.addWidget(workspace)
        self._ui.rail.add(workspace.title(), workspace.icon)
        self._ui.rail.show_count(place, workspace.count())
        self._ui.rail.fit(self.width())
        self._hear(workspace)

    def set_line_page(self, page: Workspace) -> None:
        """The page that F11 opens over the open workspace; it has no place in the rail."""
        self._line_page = page
        self._ui.stack.addWidget(page)
        page.leaving.connect(self._leave_line)
        page.connecting.connect(self.connecting)
        self._hear(page)

    def _hear(self, workspace: Workspace) -> None:
        workspace.actions_changed.connect(self._read)
        workspace.hint_changed.connect(self._read)
        workspace.count_changed.connect(self._read_counts)
        workspace.told.connect(self.tell)
        workspace.untold.connect(self.untell)
        workspace.saved.connect(self.show_saved)
        workspace.opening.connect(self.open)
        workspace.finding.connect(self._found)

    def begin(self) -> None:
        """Open the first workspace."""
        if self._workspaces:
            self._open_place(0)

    def show_person(self, name: str, place: str, *, sample: bool = False) -> None:
        """Say who works here and where; `sample` puts 样例数据 in the head."""
        self._name.setText(name)
        self._place.setText(place)
        self._ui.person.setAccessibleName(
            self.tr("换人，现在是 %1 %2").replace("%1", name).replace("%2", place)
        )
        self._ui.sample.setVisible(sample)

    def show_link(self, link: Link) -> None:
        """Say how the line to the centre is; a desk without one says 独立运行 by itself."""
        self._ui.statusLine.show_link(link)

    def show_line(self, facts: LineFacts) -> None:
        """Say how the line stands: in the status line, in the banner, and to every page."""
        self._line = facts
        self._say_line()
        for workspace in self._pages():
            workspace.show_line(facts)

    def show_saved(self, at: object) -> None:
        """Say when a draft was put on disk: an aware datetime, or None."""
        self._ui.statusLine.show_saved(at if isinstance(at, datetime) else None)

    def tell(self, notice: Notice) -> None:
        """Put a notice into the banner line; the worst one shows."""
        self._ui.banner.tell(notice)

    def untell(self, source: str) -> None:
        """The matter of this source is over."""
        self._ui.banner.untell(source)

    def look_for(self, text: str) -> None:
        """Find as if `text` had been typed under F3: what a code scanner read."""
        self._found(text)

    def refresh(self, changes: object) -> None:
        """Tell every workspace that something was written."""
        for workspace in self._pages():
            workspace.refresh(changes)

    def open(self, name: object) -> None:
        """Open a workspace by its name; nothing happens where this person has none of that name."""
        for place, workspace in enumerate(self._workspaces):
            if workspace.name == name:
                self._open_place(place)

    def current(self) -> Workspace | None:
        """The open workspace."""
        shown = self._ui.stack.currentWidget()
        return shown if isinstance(shown, Workspace) else None

    def workspaces(self) -> tuple[Workspace, ...]:
        """The workspaces in the order of the rail."""
        return tuple(self._workspaces)

    # Keys

    def press(self, sequence: str) -> None:
        """Answer a key sequence: the open workspace's action first, then what works everywhere."""
        if self._overlay.isVisible():
            if sequence in Key.HELP.sequences:
                self._overlay.close_page()
            return
        action = self._ui.actionBar.action(sequence)
        if action is not None:
            if action.enabled:
                action.slot()
            return
        self._press_everywhere(sequence)

    def _press_everywhere(self, sequence: str) -> None:
        if sequence in Key.WORKSPACE.sequences:
            self._open_place(Key.WORKSPACE.sequences.index(sequence))
        elif sequence in Key.BLOCK.sequences:
            workspace = self.current()
            if workspace is not None:
                workspace.go_to_block(Key.BLOCK.sequences.index(sequence) + 1)
        else:
            self._press_key(next(key for key in Key if not key.by_widget and sequence in key.sequences))

    def _press_key(self, key: Key) -> None:
        own = {
            Key.HELP: self._show_keys,
            Key.FIND: self._find,
            Key.LINE: self._show_line,
            Key.SWITCH_PERSON: self.switch_person_requested.emit,
            Key.LOCK: self.lock_requested.emit,
            Key.LARGER: self._larger,
            Key.SMALLER: self._smaller,
            Key.NORMAL_SIZE: self._normal_size,
        }
        if key in own:
            own[key]()
        else:
            self._ask(lambda workspace: workspace.answer(key))

    def _ask(self, question: Callable[[Workspace], bool]) -> bool:
        """Put a question to the open workspace, then to the others; open the one that takes it."""
        asked = sorted(self._workspaces, key=lambda workspace: workspace is not self.current())
        for workspace in asked:
            if question(workspace):
                if workspace is not self.current():
                    self.open(workspace.name)
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc that nobody took is one step back in the workspace."""
        workspace = self.current()
        if event.key() == Qt.Key.Key_Escape and workspace is not None:
            if workspace.back():
                return
            if workspace is self._line_page:
                self._leave_line()
                return
        super().keyPressEvent(event)

    # Inside

    def _prepare_head(self) -> None:
        person = self._ui.person
        person.setProperty("person", True)
        person.set_height(_FIELD)
        self._name = Label(person, role="strong")
        self._place = Label(person, role="caption")
        person.put(IconLabel(person, name="user", size=18))
        for part in (self._name, self._place, KeyCap(person, key=Key.SWITCH_PERSON)):
            person.put(part)
        self._ui.find.set_placeholder(self.tr("编号、姓名、事项、拼音，或扫条码"))
        self._ui.find.set_key(Key.FIND)
        self._ui.sample.hide()

    def _join(self) -> None:
        ui = self._ui
        ui.rail.opened.connect(self._open_place)
        ui.rail.helped.connect(self._show_keys)
        ui.person.clicked.connect(self._switch_person)
        ui.find.submitted.connect(self._found)
        ui.find.left.connect(self._leave_find)
        ui.actionBar.orphaned.connect(self._to_work)
        ui.statusLine.asked.connect(self._show_line)

    def _switch_person(self) -> None:
        self.switch_person_requested.emit()

    def _pages(self) -> tuple[Workspace, ...]:
        return (*self._workspaces, *((self._line_page,) if self._line_page else ()))

    def _say_line(self) -> None:
        if self._line is None:
            return
        now = self._clock()
        self.show_link(link_of(self._line, now))
        notice = notice_of(self._line, now)
        if notice is not None:
            self.tell(notice)
        elif self._line.kind is not LineKind.NEVER:
            self.untell(SOURCE)

    def _show_line(self) -> None:
        """F11: the page about the line; once more, back. A desk that stands alone asks its owner."""
        attached = self._line is not None and self._line.kind is not LineKind.NEVER
        if self._line_page is None or not attached:
            self.line_requested.emit()
        elif self.current() is self._line_page:
            self._leave_line()
        else:
            self._left = self.current()
            self._ui.rail.choose_none()
            self._bring(self._line_page)

    def _leave_line(self) -> None:
        if self.current() is self._line_page and self._workspaces:
            left = self._left if self._left in self._workspaces else self._workspaces[0]
            self._open_place(self._workspaces.index(left))

    def _open_place(self, place: int) -> None:
        if place >= len(self._workspaces):
            return
        self._ui.rail.choose(place)
        self._bring(self._workspaces[place])

    def _bring(self, after: Workspace) -> None:
        before = self.current()
        if before is not None and before is not after:
            before.closed()
        self._ui.stack.setCurrentWidget(after)
        after.opened()
        self._read()
        after.first_focus().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _read(self) -> None:
        """Read heading, hint and actions of the open workspace again."""
        workspace = self.current()
        if workspace is None:
            return
        self._ui.heading.setText(workspace.heading())
        self._ui.actionBar.set_hint(workspace.hint())
        self._ui.actionBar.show_actions(workspace.bar_actions())

    def _read_counts(self) -> None:
        for place, workspace in enumerate(self._workspaces):
            self._ui.rail.show_count(place, workspace.count())

    def _show_keys(self) -> None:
        workspace = self.current()
        self._overlay.open_for(workspace.groups if workspace else ())

    def _find(self) -> None:
        self._ui.find.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._ui.find.line.selectAll()

    def _found(self, text: str) -> None:
        wanted = text.strip()
        if wanted and not self._ask(lambda workspace: workspace.find_text(wanted)):
            self.find_submitted.emit(wanted)

    def _leave_find(self) -> None:
        self._ui.find.clear()
        self._to_work()

    def _to_work(self) -> None:
        workspace = self.current()
        if workspace is not None:
            workspace.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _larger(self) -> None:
        self._resize_text(1)

    def _smaller(self) -> None:
        self._resize_text(-1)

    def _normal_size(self) -> None:
        self._resize_text(0)

    def _resize_text(self, step: int) -> None:
        if self._theme.resize(step):
            self.text_scale_changed.emit(self._theme.look.scale)

    def _show_time(self) -> None:
        self._ui.statusLine.show_now(self._clock())
        self._say_line()

    def _fit(self) -> None:
        worn = look()
        self._ui.head.setFixedHeight(worn.px(_HEAD))
        self._ui.actionBar.setFixedHeight(worn.px(_BAR))
        self._ui.statusLine.setFixedHeight(worn.px(_STATUS))
        self._ui.sample.setFixedHeight(worn.px(_SAMPLE))
        self._ui.find.setFixedWidth(min(worn.px(_FIND), max(self.width() // 3 - 80, 300)))
        self._ui.rail.fit(self.width())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._ready:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write the rail's keys out where there is room."""
        super().resizeEvent(event)
        if self._ready:
            self._fit()
