"""现在还能办什么: opened by F11 over any page, closed by F11, F9, Esc, and by the line coming back."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from onewindow_desk._built.ui_line import Ui_Line
from onewindow_desk.background import Background
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.services import line as service
from onewindow_desk.services.line import CALL_AFTER, LineFacts, LineKind, WaitingStep
from onewindow_desk.services.shift import Shift
from onewindow_desk.services.today import OPEN
from onewindow_desk.workspaces.line import listing
from onewindow_desk.workspaces.shared.forms import dress
from onewindow_desk.workspaces.shared.keys import Group, Key
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.widgets.lists import RowsTable
from onewindow_desk.workspaces.shared.widgets.restyle import set_state
from onewindow_desk.workspaces.workspace import Action, Workspace

STEPS = 470
WIDE_FROM = 1200
"""Under this room (pixels at 100 %) the waiting steps stand instead of the board, not beside it."""
_UNBOUND = 16_777_215


class LineWorkspace(Workspace):
    """`connecting` asks for a try to connect now (F8)."""

    name = "line"
    icon = "wifi"
    groups = (Group.LINE,)

    def __init__(self, shift: Shift, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shift = shift
        self._background = background
        self._facts = LineFacts(kind=LineKind.NEVER)
        self._loading = self._stale = self._front = self._steps_only = False
        self._said = ""
        self._form = Ui_Line()
        self._form.setupUi(self)
        dress(self)
        self._table: RowsTable[WaitingStep] = RowsTable(
            self, columns=listing.columns(shift.now), name=self.tr("等着发出的步骤")
        )
        self._form.pages.addWidget(self._table)
        self._form.scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._form.scroll.installEventFilter(self)
        self._table.entered_row.connect(self._open)
        self.setTabOrder(self._form.scroll, self._table)
        self._show_steps(())
        self._fit()

    # --- what the shell asks

    def title(self) -> str:
        """Its name."""
        return self.tr("线路")

    def heading(self) -> str:
        """The question this page answers."""
        if self._facts.kind is LineKind.DOWN:
            return self.tr("现在还能办什么")
        return self.tr("断线时还能办什么")

    def first_focus(self) -> QWidget:
        """The waiting steps, or the board while there are none."""
        there = bool(self._table.rows()) and not self._form.steps.isHidden()
        return self._table if there else self._form.scroll

    def bar_actions(self) -> tuple[Action, ...]:
        """The steps where they have no room of their own, connecting, and back."""
        down = self._facts.kind is LineKind.DOWN
        text = self.tr("看还能办什么") if self._steps_only else self.tr("看等着发出的")
        return (
            Action(Key.LINE_WAITING, text, self._turn, shown=not self._wide()),
            Action(Key.LINE_CONNECT, self.tr("立即再连"), self._connect, enabled=down),
            Action(Key.DO, self.tr("回到刚才的页面"), self.leaving.emit, primary=True),
        )

    def hint(self) -> str:
        """What was just said, else what becomes of this page."""
        if self._said:
            return self._said
        if self._facts.kind is LineKind.DOWN:
            return self.tr("线路恢复后本页自动收起")
        return self.tr("线路现在是通的 ・ Esc 回到刚才的页面")

    def opened(self) -> None:
        """Read everything anew."""
        self._front, self._said, self._steps_only = True, "", False
        self._fit()
        self._load()

    def closed(self) -> None:
        """Another page is in front."""
        self._front = False

    def refresh(self, changes: object) -> None:
        """Something was written or sent."""
        if self._front:
            self._load()

    def show_line(self, facts: object) -> None:
        """The line came or went; when it is back, so is the page before."""
        if not isinstance(facts, LineFacts):
            return
        back = self._facts.kind is LineKind.DOWN and facts.kind is LineKind.UP
        self._facts = facts
        if not self._front:
            return
        if back:
            self.leaving.emit()
            return
        self._load()
        self._tell_shell()

    def back(self) -> bool:
        """Esc: from the steps to the board, where they take turns."""
        if not self._steps_only:
            return False
        self._turn()
        return True

    # --- what is shown

    def rows(self) -> tuple[WaitingStep, ...]:
        """The steps in the table."""
        return self._table.rows()

    def _load(self) -> None:
        self._form.board.show_works(service.what_works(self._shift, self._facts))
        self._show_call()
        if self._loading:
            self._stale = True
            return
        self._loading = True
        self._background.run(partial(_read, self._shift), self._loaded, self._not_loaded)

    def _loaded(self, answer: tuple[tuple[WaitingStep, ...], tuple[int, int]]) -> None:
        if not isValid(self):
            return
        self._loading = False
        steps, scans = answer
        self._show_steps(steps)
        self._form.scans.show_scans(*scans)
        if self._stale:
            self._stale = False
            self._load()

    def _not_loaded(self, trouble: Refusal | Unreachable) -> None:
        if isValid(self):
            self._loading = False
            self._said = trouble.text
            self._tell_shell()

    def _show_steps(self, steps: tuple[WaitingStep, ...]) -> None:
        count = max(len(steps), self._facts.unsent)
        title = self.tr("等着发出的 %1 步").replace("%1", str(count))
        self._form.steps_title.setText(title if steps else self.tr("没有等着发出的"))
        self._form.steps_note.setVisible(bool(steps))
        self._form.empty.say(self.tr("还没发出的步骤会列在这里"), self.tr("每一步都先存在本机，再自动发出。"))
        focused = self._form.scroll.hasFocus() and not self._table.rows()
        self._table.show_rows(steps)
        self._form.pages.setCurrentWidget(self._table if steps else self._form.empty)
        if focused and steps:
            self.first_focus().setFocus()

    def _show_call(self) -> None:
        facts = self._facts
        down = facts.kind is LineKind.DOWN
        self._form.call.setVisible(down)
        minutes = int(CALL_AFTER.total_seconds() // 60)
        words = self.tr("断开超过 %1 分钟，请告诉系统管理员，报本机“%2”。")
        self._form.call_text.setText(words.replace("%1", str(minutes)).replace("%2", self._shift.window))

    # --- acts

    def _open(self, step: object) -> None:
        if isinstance(step, WaitingStep) and step.receipt_no:
            self.finding.emit(step.receipt_no)

    def _connect(self) -> None:
        self._said = self.tr("正在再连…")
        self._tell_shell()
        self.connecting.emit()

    def _turn(self) -> None:
        self._steps_only = not self._steps_only
        self._fit()
        self.first_focus().setFocus()
        self._tell_shell()

    # --- room

    def _tell_shell(self) -> None:
        self.actions_changed.emit()
        self.hint_changed.emit()

    def _wide(self) -> bool:
        return look().room(self.window().width()) >= WIDE_FROM

    def _fit(self) -> None:
        wide = self._wide()
        if wide:
            self._steps_only = False
        self._form.board.set_columns(2 if wide else 3)
        self._form.works.setVisible(not self._steps_only)
        self._form.steps.setVisible(wide or self._steps_only)
        self._form.steps.setMinimumWidth(look().px(STEPS) if wide else 0)
        self._form.steps.setMaximumWidth(look().px(STEPS) if wide else _UNBOUND)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other where there is room, else in turn."""
        super().resizeEvent(event)
        self._fit()
        self.actions_changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The card shows the focus of what scrolls in it."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            set_state(self._form.works, "lit", event.type() is QEvent.Type.FocusIn)
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_table"):
            self._fit()
            self.actions_changed.emit()


def _read(shift: Shift) -> tuple[tuple[WaitingStep, ...], tuple[int, int]]:
    """The steps, and how many of how many scans are at the central."""
    scans = service.arriving(shift.store, shift.store.folded(states=OPEN)).values()
    return service.waiting(shift), (sum(one.there for one in scans), sum(one.all for one in scans))
