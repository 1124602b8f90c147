"""Signing in: login, password, the blue button; and the same again for a locked screen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from onewindow_desk._built.ui_locked import Ui_Locked
from onewindow_desk._built.ui_sign_in import Ui_SignIn
from onewindow_desk.workspaces.entry.page import EntryPage
from onewindow_desk.workspaces.entry.requests import SignInRequest
from onewindow_desk.workspaces.shared.enter_walk import EnterWalk
from onewindow_desk.workspaces.shared.forms import dress
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.widgets.field import Field

PANEL = 440


class SignInPage(EntryPage):
    """Asks who is there. `submitted` emits a SignInRequest, once until `refuse` or `clear` answers it.

    The page stands before the store is open. Who is quicker than the store waits: the request goes
    out when `ready` says whose desk it is.
    """

    submitted = Signal(object)

    def __init__(self, login_hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ready = False
        self._waiting = False
        self._form = Ui_SignIn()
        self._form.setupUi(self)
        dress(self)
        self._form.login.line.setText(login_hint)
        # Letters and digits as a rule: an input method may stay out of it, but is not forbidden.
        self._form.login.line.setInputMethodHints(
            Qt.InputMethodHint.ImhPreferLatin | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self._walk = EnterWalk(self)
        self._walk.walk((self._form.login.line, self._form.password.line))
        self._walk.finished.connect(self.submit)
        self._form.enter.clicked.connect(self.submit)
        self._form.street.hide()
        self._form.sample.hide()
        self._say_keys()
        self.fit_panel(self._form.panel, PANEL)

    def ready(self, street: str, *, sample: bool) -> None:
        """The store is open: whose desk this is, and whether its data is a sample."""
        self._ready = True
        self._form.street.setText(street)
        self._form.street.setVisible(bool(street))
        self._form.sample.setVisible(sample)
        if self._waiting:
            self._ask()

    def first_focus(self) -> QWidget:
        """The login, or the password when the login is known."""
        known = bool(self._form.login.value().strip())
        return self._form.password.line if known else self._form.login.line

    def act(self, key: Key) -> None:
        """F9 signs in."""
        if key is Key.DO:
            self.submit()

    def submit(self) -> None:
        """Ask to be let in; an empty field is named first."""
        if self._waiting or self._something_missing():
            return
        self._waiting = True
        if self._ready:
            self._ask()
        else:
            self._form.hint.setText(self.tr("正在打开本机库…"))

    def refuse(self, text: str, field: str = "password") -> None:
        """Say why nobody was let in; the login stays, the password must be typed again."""
        self._waiting = False
        self._say_keys()
        self._form.password.clear()
        self._blame(self._form.login if field == "login" else self._form.password, text)

    def clear(self) -> None:
        """Forget everything typed, for the next person; answers what was submitted."""
        self._waiting = False
        # Not clear(): that one can be undone.
        self._form.login.line.setText("")
        self._form.password.clear()
        self._clear_faults()
        self._say_keys()

    def _ask(self) -> None:
        self._form.hint.setText(self.tr("正在核对…"))
        self.submitted.emit(SignInRequest(self._form.login.value().strip(), self._form.password.value()))

    def _something_missing(self) -> bool:
        self._clear_faults()
        if not self._form.login.value().strip():
            self._blame(self._form.login, self.tr("还没有填登录名。请填您自己的登录名。"))
            return True
        if not self._form.password.value():
            self._blame(self._form.password, self.tr("还没有填口令。请输入口令。"))
            return True
        return False

    def _say_keys(self) -> None:
        self._form.hint.setText(self.tr("Enter 下一格"))

    def _clear_faults(self) -> None:
        for part in (self._form.login, self._form.password):
            part.set_fault("")

    def _blame(self, part: Field, text: str) -> None:
        self._clear_faults()
        part.set_fault(text)
        part.setFocus()


class LockPage(EntryPage):
    """The screen is locked: only the person who locked it, or another one by F12, goes on.

    `submitted` emits a SignInRequest of the person named; `leaving` asks for the sign-in page.
    """

    submitted = Signal(object)
    leaving = Signal()
    keys = (Key.DO, Key.SWITCH_PERSON)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._login = ""
        self._waiting = False
        self._form = Ui_Locked()
        self._form.setupUi(self)
        dress(self)
        self._walk = EnterWalk(self)
        self._walk.walk((self._form.password.line,))
        self._walk.finished.connect(self.submit)
        self._form.unlock.clicked.connect(self.submit)
        self._form.other.clicked.connect(self._leave)
        self.fit_panel(self._form.panel, PANEL)

    def show_person(self, login: str, name: str) -> None:
        """Who locked the screen."""
        self._login = login
        self._form.who.setText(self.tr("%1 的工作").replace("%1", name))
        self.clear()

    def first_focus(self) -> QWidget:
        """The password."""
        return self._form.password.line

    def act(self, key: Key) -> None:
        """F9 unlocks, F12 goes to the sign-in page."""
        if key is Key.DO:
            self.submit()
        else:
            self._leave()

    def submit(self) -> None:
        """Ask to go on."""
        if self._waiting:
            return
        if not self._form.password.value():
            self._form.password.set_fault(self.tr("还没有填口令。请输入口令。"))
            self._form.password.setFocus()
            return
        self._waiting = True
        self._form.hint.setText(self.tr("正在核对…"))
        self.submitted.emit(SignInRequest(self._login, self._form.password.value()))

    def refuse(self, text: str, field: str = "password") -> None:
        """Say why the screen stays locked."""
        self.clear()
        self._form.password.set_fault(text)
        self._form.password.setFocus()

    def clear(self) -> None:
        """Forget the password typed."""
        self._waiting = False
        self._form.hint.setText("")
        self._form.password.clear()
        self._form.password.set_fault("")

    def _leave(self) -> None:
        self.clear()
        self.leaving.emit()
