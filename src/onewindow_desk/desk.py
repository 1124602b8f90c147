"""The composition root: the one place that builds things and joins them.

The window with its sign-in field comes first; the store opens behind it. After signing in, the
shell gets the workspaces of that person's roles; when the person changes, the shell goes whole, and
with it everything the person before had on screen.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget
from shiboken6 import isValid

from onewindow_desk.background import Background, Trouble
from onewindow_desk.faults import Refusal
from onewindow_desk.settings import DeskSettings, load_desk_settings, save_desk_settings
from onewindow_desk.workspaces.entry.requests import SignInRequest
from onewindow_desk.workspaces.entry.sign_in import LockPage, SignInPage
from onewindow_desk.workspaces.shared.theme import Theme
from onewindow_desk.workspaces.workspace import Notice

if TYPE_CHECKING:
    from onewindow_desk.desk_line import DeskLine
    from onewindow_desk.opening import OpenDesk
    from onewindow_desk.services.administer import FoundingPlan
    from onewindow_desk.services.enrolment import Invitation
    from onewindow_desk.services.line import LineFacts
    from onewindow_desk.services.presence import Present
    from onewindow_desk.services.shift import Shift
    from onewindow_desk.shell import Shell
    from onewindow_desk.store import Changes, SecretVault
    from onewindow_desk.workspaces.entry.enrolment import EnrolmentPage
    from onewindow_desk.workspaces.intake import IntakeDevices
    from onewindow_desk.workspaces.joining import JoiningWorkspace

MINIMUM_SIZE = (1180, 660)
FIRST_SIZE = (1366, 768)

_NUMBER = re.compile(r"(?<!\d)\d{18}(?!\d)")
"""A receipt number, alone (bar code) or inside the QR code's text."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What the desk takes from outside: folder, vault, clock, devices. Tests pass their own."""

    folder: Path
    vault: Callable[[], SecretVault]
    clock: Callable[[], datetime]
    devices: Callable[[DeskSettings], IntakeDevices]


class Front(QStackedWidget):
    """The one window; its title never names a person or a case."""

    closing = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("一窗办"))
        self.setMinimumSize(*MINIMUM_SIZE)
        self.resize(*FIRST_SIZE)

    def show_only(self, page: QWidget) -> None:
        """Show `page`; every other page is destroyed, and what was typed there with it."""
        for other in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if other is not page and self.indexOf(other) >= 0:
                self.removeWidget(other)
                other.close()
                other.deleteLater()
        if self.indexOf(page) < 0:
            self.addWidget(page)
        self.setCurrentWidget(page)

    def show_over(self, page: QWidget) -> None:
        """Show `page` in front of what is there, which stays as it is."""
        self.addWidget(page)
        self.setCurrentWidget(page)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell the desk before the window goes."""
        self.closing.emit()
        super().closeEvent(event)


class Desk(QObject):
    """Joins window, store, shift and workspaces; `changed` says what a transaction changed."""

    changed = Signal(object)
    signed_in = Signal()
    ended = Signal()

    def __init__(self, outside: Outside, theme: Theme) -> None:
        super().__init__()
        self.front = Front()
        self.front.closing.connect(self.close)
        self._outside = outside
        self._theme = theme
        self._background = Background(self)
        self._opened: OpenDesk | None = None
        self._line: DeskLine | None = None
        self._shift: Shift | None = None
        self._shell: Shell | None = None
        self._entry: SignInPage | None = None
        self._enrolling: EnrolmentPage | None = None
        self._lock_page: LockPage | None = None
        self._left_at: QWidget | None = None
        self._line_told = False
        self._closed = False

    def start(self, login: str = "") -> None:
        """Put the sign-in field on the screen, then open the store behind it."""
        self._show_sign_in(login)
        self.front.show()
        # The first paint comes before the database's libraries are loaded.
        QTimer.singleShot(0, self, self._open)

    def listen(self, scanned: SignalInstance, unrecognised: SignalInstance) -> None:
        """Hear a code scanner: what it read is looked for, what nobody knows is said."""
        scanned.connect(self._code_scanned)
        unrecognised.connect(self._code_unknown)

    def _code_scanned(self, code: str) -> None:
        if self._enrolling is not None and self.front.currentWidget() is self._enrolling:
            self._enrolling.take_code(code)
        elif self._shell is not None and self._lock_page is None:
            number = _NUMBER.search(code)
            self._shell.look_for(number.group() if number else code)

    def _code_unknown(self) -> None:
        if self._shell is not None:
            title = self.tr("这个条码不认识。")
            text = self.tr("请扫凭证上的条码，或按 F3 输入编号。")
            self._shell.tell(Notice("scanner", title, text, icon="scan-line"))

    @property
    def opened(self) -> OpenDesk | None:
        """The open store, None until it stood its checks."""
        return self._opened

    def connected(self) -> bool:
        """Whether the central answers; False at a desk without one."""
        return self._line is not None and self._line.up

    def waiting(self) -> int:
        """How many steps of this desk have no word from the central."""
        return self._opened.store.unsent_count() if self._opened is not None else 0

    @property
    def idle(self) -> bool:
        """Whether nothing runs in the background."""
        return not self._background.busy

    def account(self) -> list[dict[str, Any]]:
        """What the store holds, as plain data without people: numbers, acts, papers."""
        import msgspec

        from onewindow_desk.services.account import account

        return [] if self._opened is None else msgspec.to_builtins(account(self._opened.store))

    def tell_fault(self, reference: str, text: str) -> None:
        """Say on screen what reached the top: a refusal's words, or a fault's reference number."""
        from onewindow_desk.workspaces.shared.fault_notice import show_fault

        show_fault(self.front, self._outside.folder / "logs" / "desk.log", reference, text)

    def close(self) -> None:
        """Let running work end, close the store; nothing is lost, drafts are on disk already."""
        if self._closed:
            return
        self._closed = True
        self._background.close()
        self._leave_shift()
        self._hang_up()
        if self._opened is not None:
            self._opened.store.close()
        self.ended.emit()

    def _show_sign_in(self, login: str) -> None:
        self._entry = SignInPage(login)
        self._entry.submitted.connect(self._sign_in)
        self.front.show_only(self._entry)
        self._entry.first_focus().setFocus()
        if self._opened is not None:
            self._entry.ready(self._opened.street.name, sample=self._opened.street.sample)

    def _open(self) -> None:
        outside = self._outside

        def work() -> OpenDesk | None:
            from onewindow_desk.opening import open_desk

            return open_desk(outside.folder, outside.vault, outside.clock)

        self._background.run(work, self._store_is_open, self._store_stays_shut)

    def _store_is_open(self, opened: OpenDesk | None) -> None:
        if opened is None:
            self._show_founding()
            return
        self._opened = opened
        self._take_up_line(opened)
        if self._entry is not None:
            self._entry.ready(opened.street.name, sample=opened.street.sample)
        # Long on a full store: leaving the desk does not wait for it.
        self._background.run(
            lambda: opened.store.verify_rest(lambda: self._closed), self._verified, self._store_stays_shut
        )

    def _verified(self, report: object) -> None:
        opened = self._opened
        if getattr(report, "sound", True) and opened is not None:
            # What closed long ago and lies at the central may leave this desk; if not now, another day.
            self._background.run(lambda: opened.store.retire(opened.rules.now()), _done, _done)
        elif not getattr(report, "sound", True):
            self._store_stays_shut(
                Refusal("本机库的记录链对不上，可能被改动过。请停止登记，并请管理员核对或用备份恢复。")
            )

    def _store_stays_shut(self, trouble: Trouble) -> None:
        from onewindow_desk.workspaces.entry.trouble import TroublePage

        page = TroublePage(trouble.text, str(self._outside.folder))
        page.again.connect(self._try_again)
        self._leave_shift()
        self.front.show_only(page)
        page.first_focus().setFocus()

    def _try_again(self) -> None:
        self._hang_up()
        if self._opened is not None:
            self._opened.store.close()
            self._opened = None
        self._show_sign_in("")
        self._open()

    def _show_founding(self) -> None:
        from onewindow_desk.domain.dates import local_date
        from onewindow_desk.workspaces.entry.founding import FoundingWizard

        wizard = FoundingWizard(lambda: local_date(self._outside.clock()))
        wizard.founded.connect(self._found)
        wizard.joining.connect(self._show_enrolment)
        self._wizard = wizard
        self.front.show_only(wizard)
        wizard.first_focus().setFocus()

    def _found(self, plan: FoundingPlan) -> None:
        outside = self._outside

        def work() -> OpenDesk:
            from onewindow_desk.opening import found_desk

            return found_desk(outside.folder, outside.vault, outside.clock, plan)

        self._background.run(work, self._founded, self._not_founded)

    def _founded(self, opened: OpenDesk) -> None:
        self._opened = opened
        self._show_sign_in("")

    def _not_founded(self, trouble: Trouble) -> None:
        self._wizard.refuse(trouble)

    def _show_enrolment(self) -> None:
        from onewindow_desk.workspaces.entry.enrolment import EnrolmentPage

        page = EnrolmentPage()
        page.submitted.connect(self._enrol)
        page.leaving.connect(self._show_founding)
        self._enrolling = page
        self.front.show_only(page)
        page.first_focus().setFocus()

    def _enrol(self, invitation: Invitation) -> None:
        outside = self._outside

        def work() -> OpenDesk:
            from onewindow_desk.opening import enrol_here

            return enrol_here(outside.folder, outside.vault, outside.clock, invitation)

        self._background.run(work, self._enrolled, self._not_enrolled)

    def _enrolled(self, opened: OpenDesk) -> None:
        self._enrolling = None
        self._founded(opened)
        self._take_up_line(opened)

    def _not_enrolled(self, trouble: Trouble) -> None:
        if self._enrolling is not None:
            self._enrolling.refuse(trouble)

    def _take_up_line(self, opened: OpenDesk) -> None:
        """Begin to talk with the central, where this desk has one."""
        if not opened.store.attached or self._line is not None:
            return
        from onewindow_desk.desk_line import DeskLine

        try:
            line = DeskLine(opened.store, self._outside.vault(), self._outside.clock)
        except Refusal as refusal:
            self._store_stays_shut(refusal)
            return
        line.changed.connect(self.changed)
        line.stood.connect(self._line_stands)
        line.faulted.connect(self._line_fault)
        self._line = line
        line.start()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _line_stands(self, facts: LineFacts) -> None:
        if self._opened is not None:
            self._opened.clock.set_right(facts.offset_seconds)
        if self._shell is not None:
            self._shell.show_line(facts)

    def _line_fault(self, fault: Exception) -> None:
        sys.excepthook(type(fault), fault, fault.__traceback__)

    def _join(self, invitation: Invitation) -> None:
        """A street that worked alone joins a central."""
        opened, outside = self._opened, self._outside
        if opened is not None:
            self._background.run(
                lambda: opened.join(outside.vault(), invitation), self._joined, self._not_joined
            )

    def _joined(self, _: object) -> None:
        if self._opened is None:
            return
        self._take_up_line(self._opened)
        page = self._joining_page()
        if page is not None and self._line is not None:
            page.joined(self._line.facts())

    def _not_joined(self, trouble: Trouble) -> None:
        page = self._joining_page()
        if page is not None:
            page.refuse(trouble)

    def _joining_page(self) -> JoiningWorkspace | None:
        from onewindow_desk.workspaces.joining import JoiningWorkspace

        pages = self._shell.workspaces() if self._shell is not None else ()
        return next((page for page in pages if isinstance(page, JoiningWorkspace)), None)

    def _sign_in(self, request: SignInRequest) -> None:
        opened = self._opened
        if opened is None:
            return
        line = self._line
        self._background.run(
            lambda: opened.begin_shift(
                request.login,
                request.password,
                self._tell_changed,
                line=line,
                authority=lambda: not opened.store.attached or self.connected(),
            ),
            self._begin,
            self._sign_in_refused,
        )

    def _sign_in_refused(self, trouble: Trouble) -> None:
        if self._entry is not None:
            self._entry.refuse(trouble.text, trouble.field if isinstance(trouble, Refusal) else "")

    def _begin(self, begun: tuple[Shift, Present]) -> None:
        from onewindow_desk.floor import build_shell

        shift, present = begun

        try:
            devices = self._outside.devices(load_desk_settings(self._outside.folder))
        except Refusal as refusal:
            # A setting that cannot be used is said where the person stands, and can be put right.
            self._sign_in_refused(refusal)
            return
        self._shift = shift
        self._entry = None
        shell = build_shell(shift, self._background, devices, self._theme)
        shell.switch_person_requested.connect(self._switch_person)
        shell.lock_requested.connect(self._lock)
        shell.text_scale_changed.connect(self._keep_text_scale)
        shell.line_requested.connect(self._tell_line)
        self.changed.connect(shell.refresh, Qt.ConnectionType.UniqueConnection)
        self._shell = shell
        self._join_line(shell, present)
        self.front.show_only(shell)
        shell.begin()
        self.signed_in.emit()

    def _join_line(self, shell: Shell, present: Present) -> None:
        joining = self._joining_page()
        if joining is not None:
            joining.joining.connect(self._join)
        if self._line is not None:
            self._line.stay(present)
            shell.connecting.connect(self._line.connect_now)
            shell.show_line(self._line.facts())

    def _switch_person(self) -> None:
        self._leave_shift()
        self._show_sign_in("")

    def _lock(self) -> None:
        if self._shift is None or self._lock_page is not None:
            return
        page = LockPage()
        page.show_person(self._shift.person.login, self._shift.person.name)
        page.submitted.connect(self._unlock)
        page.leaving.connect(self._switch_person)
        self._lock_page = page
        self._left_at = QApplication.focusWidget()
        self.front.show_over(page)
        page.first_focus().setFocus()

    def _unlock(self, request: SignInRequest) -> None:
        opened = self._opened
        if opened is not None:
            self._background.run(
                lambda: opened.check_person(request.login, request.password),
                self._unlocked,
                self._still_locked,
            )

    def _unlocked(self, _: object) -> None:
        shell, self._lock_page = self._shell, None
        if shell is not None:
            self.front.show_only(shell)
            left_at = self._left_at
            (left_at if left_at is not None and isValid(left_at) else shell).setFocus()

    def _still_locked(self, trouble: Trouble) -> None:
        if self._lock_page is not None:
            self._lock_page.refuse(trouble.text)

    def _tell_line(self) -> None:
        """F11: how the line is. Pressed again, the answer goes."""
        shell = self._shell
        if shell is None:
            return
        self._line_told = not self._line_told
        if not self._line_told:
            shell.untell("line")
            return
        title = self.tr("本机独立运行，没有接中心库。")
        text = self.tr("收件、打印、查找照常，数据都存在本机。再按 F11 收起。")
        shell.tell(Notice("line", title, text, icon="hard-drive"))

    def _keep_text_scale(self, scale: float) -> None:
        from msgspec.structs import replace

        folder = self._outside.folder
        save_desk_settings(folder, replace(load_desk_settings(folder), text_scale=scale))

    def _leave_shift(self) -> None:
        if self._line is not None and self._shift is not None:
            self._line.leave()
        self._shift = None
        self._shell = None
        self._lock_page = None
        self._line_told = False

    def _tell_changed(self, changes: Changes) -> None:
        # Services may run on a pool thread: the signal hops to the main one.
        self.changed.emit(changes)
        line = self._line
        if line is not None:
            line.wake()


def _done(_: object) -> None:
    """Nothing to tell."""
