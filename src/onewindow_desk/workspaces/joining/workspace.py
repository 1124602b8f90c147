"""接入中心库: how this desk stands to a central, and the form that joins one."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from onewindow_desk._built.ui_joining import Ui_Joining
from onewindow_desk.domain.people import Role
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.services.line import LineFacts, LineKind
from onewindow_desk.services.shift import Shift
from onewindow_desk.services.words import moment_words
from onewindow_desk.workspaces.shared.forms import dress
from onewindow_desk.workspaces.shared.keys import Group, Key
from onewindow_desk.workspaces.shared.line_words import link_of
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.workspace import Action, Workspace

CARD = 640


class JoiningWorkspace(Workspace):
    """`joining` emits an Invitation, once until `refuse` or `joined` answers it."""

    name = "joining"
    icon = "plug-zap"
    needs = frozenset({Role.SYSTEM_ADMIN})
    groups = (Group.FORM, Group.JOIN)

    joining = Signal(object)

    def __init__(self, shift: Shift, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shift = shift
        self._facts = LineFacts(kind=LineKind.NEVER)
        self._waiting = False
        self._said = ""
        self._form = Ui_Joining()
        self._form.setupUi(self)
        dress(self)
        self._form.form.set_label(shift.window)
        self._form.form.finished.connect(self.submit)
        for line in self._form.form.lines():
            line.installEventFilter(self)
        self._form.card.setFixedWidth(look().px(CARD))
        self.show_line(self._facts)

    def title(self) -> str:
        """Name in the rail."""
        return self.tr("接入")

    def heading(self) -> str:
        """Name in the head."""
        return self.tr("中心库")

    def first_focus(self) -> QWidget:
        """The first field that wants something; the page where there is nothing to fill in."""
        return self if self._attached() else self._form.form.first_focus()

    def bar_actions(self) -> tuple[Action, ...]:
        """Pick the certificate, join."""
        if self._attached():
            return ()
        ready = not self._waiting
        return (
            Action(Key.JOIN_FILE, self.tr("选证书文件"), self._form.form.pick, enabled=ready, shown=False),
            Action(Key.DO, self.tr("接入中心库"), self.submit, icon="plug-zap", primary=True, enabled=ready),
        )

    def hint(self) -> str:
        """What was just said, else how to move."""
        if self._said or self._attached():
            return self._said
        return self.tr("Enter 下一格 ・ 接入后不能再改回独立运行")

    def show_line(self, facts: object) -> None:
        """Say how this desk stands to its central."""
        if not isinstance(facts, LineFacts):
            return
        self._facts = facts
        now = self._shift.now()
        alone = facts.kind is LineKind.NEVER
        self._form.state_sign.show_icon("hard-drive" if alone else "server", "text2")
        self._form.state_title.setText(link_of(facts, now).text)
        self._form.state_text.setText(self._explained(alone=alone))
        synced = moment_words(facts.last_synced, now) if facts.last_synced else ""
        waits = "" if alone else str(facts.unsent)
        self._form.facts.show_facts(((self.tr("最近同步"), synced), (self.tr("待发步数"), waits)))
        for part in (self._form.rule_form, self._form.form_title, self._form.form_about, self._form.form):
            part.setVisible(alone)
        self.actions_changed.emit()

    def take_code(self, code: str) -> None:
        """A code scanner read the ticket."""
        if not self._waiting and not self._attached():
            self._form.form.take_code(code)

    def find_text(self, text: str) -> bool:
        """A scanned ticket lands here while the page is in front and the form is open."""
        if self._attached() or not self.isVisible():
            return False
        self.take_code(text)
        return True

    def submit(self) -> None:
        """Ask to be let in; what cannot be an invitation is named first."""
        if self._waiting or self._attached():
            return
        try:
            invitation = self._form.form.invitation()
        except Refusal as refusal:
            self._form.form.refuse(refusal.text, refusal.field)
            return
        self._waiting = True
        self._say(self.tr("正在接入中心库…"))
        self.joining.emit(invitation)

    def refuse(self, trouble: Refusal | Unreachable) -> None:
        """Say why this desk was not let in; everything typed stays."""
        self._waiting = False
        self._form.form.refuse(trouble.text, trouble.field if isinstance(trouble, Refusal) else "")
        self._say("")

    def joined(self, facts: LineFacts) -> None:
        """This desk belongs to a central now."""
        self._waiting = False
        self._form.form.forget()
        self.show_line(facts)
        self._say(self.tr("已接入中心库，正在送出本机的办件。"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A field that gets the focus is scrolled into sight with its caption and fault line."""
        if event.type() is QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self._form.scroll.ensureWidgetVisible(watched.parentWidget() or watched, 0, look().px(24))
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_form"):
            self._form.card.setFixedWidth(look().px(CARD))

    def _attached(self) -> bool:
        return self._facts.kind is not LineKind.NEVER

    def _explained(self, *, alone: bool) -> str:
        if alone:
            return self.tr("收件、打印、查找都在本机，别的窗口看不到。街道有了中心库，就可以接入。")
        return self.tr("办件由中心库裁定，全街道的窗口都看得到。断线时照常收件，连上后自动发出。")

    def _say(self, text: str) -> None:
        self._said = text
        self.hint_changed.emit()
        self.actions_changed.emit()
