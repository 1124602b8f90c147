"""今日: the list of open cases, the case beside it, and what is left to do about its receipt."""

from datetime import date
from functools import partial
from itertools import pairwise
from uuid import UUID

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from onewindow_desk._built.ui_today import Ui_Today
from onewindow_desk.background import Background
from onewindow_desk.devices.printer import PrinterPort
from onewindow_desk.domain.dates import local_date
from onewindow_desk.domain.people import Role
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.services import today as service
from onewindow_desk.services.shift import Shift
from onewindow_desk.services.today import Detail, TodayRow
from onewindow_desk.store import Changes
from onewindow_desk.workspaces.shared.forms import dress
from onewindow_desk.workspaces.shared.keys import Group, Key
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.widgets.lists import RowsTable
from onewindow_desk.workspaces.today import listing
from onewindow_desk.workspaces.today.carrier import ReceiptCarrier
from onewindow_desk.workspaces.today.chips import ChipButton
from onewindow_desk.workspaces.today.listing import NUMBER_COLUMN, Filter
from onewindow_desk.workspaces.today.receipts import ReceiptWork
from onewindow_desk.workspaces.today.side import Side
from onewindow_desk.workspaces.today.words import fill
from onewindow_desk.workspaces.workspace import Action, Workspace

SIDE = 316
WIDE_FROM = 1200
"""Under this room (pixels at 100 %) the case stands instead of the list, not beside it."""
_ADMINISTRATORS = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}


class TodayWorkspace(Workspace):
    """The day's list. Rows come from the background; acts are done here and now, on the main thread."""

    name = "today"
    icon = "calendar-days"
    needs = frozenset(Role) - _ADMINISTRATORS
    groups = (Group.TODAY,)

    def __init__(
        self,
        shift: Shift,
        background: Background,
        printers: PrinterPort,
        parent: QWidget | None = None,
        *,
        printer: str = "",
    ) -> None:
        super().__init__(parent)
        self._shift = shift
        self._background = background
        self._all: tuple[TodayRow, ...] = ()
        self._wanted = ""
        self._loading = self._stale = self._filling = False
        self._detail: Detail | None = None
        self._said = ""
        self._form = Ui_Today()
        self._form.setupUi(self)
        dress(self)
        self._form.found.hide()
        self._table: RowsTable[TodayRow] = RowsTable(
            self, columns=listing.columns(), name=self.tr("办件"), two_lines=True
        )
        self._form.pages.addWidget(self._table)
        self._side = Side(self._form, self)
        carrier = ReceiptCarrier(shift, background, printers, printer, self)
        self._receipts = ReceiptWork(shift.person, carrier, self._side, self)
        self._join()
        self._show_list()
        self._fit()

    def _join(self) -> None:
        self._form.chips.chosen.connect(self._filtered)
        self._table.chosen.connect(self._moved)
        self._table.entered_row.connect(self.open_case)
        self._side.submitted.connect(self._do)
        self._receipts.asked.connect(self._receipt_asks)
        self._receipts.answered.connect(self._return_to_list)
        self._receipts.said.connect(self._receipt_says)
        # The table came after the form: the way is said again, by the widgets that take the focus
        # themselves, for Qt passes over those that hand it on.
        chip, reason = self._form.chips.button(Filter.PAPER), self._form.reason.line
        for before, after in pairwise((chip, self._table, self._form.scroll, reason, self._form.printer)):
            self.setTabOrder(before, after)

    # --- what the shell asks

    def title(self) -> str:
        """Name in the rail."""
        return self.tr("今日")

    def first_focus(self) -> QWidget:
        """The list, or the filters while it is empty."""
        return self._table if self._table.rows() else self._form.chips

    def bar_actions(self) -> tuple[Action, ...]:
        """New intake, what the receipt of the chosen case needs, and the blue key."""
        new = Action(Key.NEW_INTAKE, self.tr("新收件"), self._new_intake, icon="plus")
        if self._receipts.asking:
            return (self._blue(),)
        details = Action(Key.TODAY_DETAILS, self.tr("看明细"), self.open_case, shown=not self._wide())
        return (new, details, *self._receipts.actions(), self._blue())

    def hint(self) -> str:
        """What was just said, else how to move."""
        if self._said or not self._table.rows():
            return self._said
        if self._work_focus() is self._form.scroll:
            return self.tr("↑ ↓ 翻看 ・ Esc 回到列表")
        return self.tr("↑ ↓ 选办件 ・ Enter 打开")

    def opened(self) -> None:
        """Look at the cases and the printers anew."""
        self._load()
        self._receipts.look()

    def refresh(self, changes: object) -> None:
        """A case was written: read the list again."""
        if isinstance(changes, Changes) and not changes.cases:
            return
        self._load()

    def go_to_block(self, number: int) -> None:
        """Alt+1…4 take a filter."""
        chosen = Filter(number - 1)
        self._form.chips.set_chosen(chosen)
        self._filtered(chosen)
        self.first_focus().setFocus()

    def find_text(self, text: str) -> bool:
        """F3 from anywhere: the matches stand in this list."""
        self.show_found(text)
        return True

    def back(self) -> bool:
        """Put away the question, then the details, then what was found, then the filter."""
        if self._receipts.asking:
            self._receipts.stop()
        elif self._work_focus() is self._form.scroll or self._form.list.isHidden():
            self._return_to_list()
        elif self._wanted:
            self.show_found("")
        elif self._form.chips.value() is not Filter.ALL:
            self.go_to_block(Filter.ALL + 1)
        else:
            return False
        return True

    # --- the list

    def show_found(self, text: str) -> None:
        """Show the cases that match; "" shows all open cases again."""
        self._wanted = text.strip()
        self._form.chips.set_chosen(Filter.ALL)
        self._load()

    def rows(self) -> tuple[TodayRow, ...]:
        """The rows in the table."""
        return self._table.rows()

    def detail(self) -> Detail | None:
        """The case beside the list."""
        return self._detail

    def _load(self) -> None:
        if self._loading:
            self._stale = True
            return
        self._loading = True
        self._background.run(partial(_read, self._shift, self._wanted), self._loaded, self._not_loaded)

    def _loaded(self, answer: tuple[str, tuple[TodayRow, ...]]) -> None:
        if not isValid(self):
            return
        self._loading = False
        wanted, rows = answer
        if wanted == self._wanted:
            self._all = rows
            self._show_list()
        if self._stale:
            self._stale = False
            self._load()

    def _not_loaded(self, trouble: Refusal | Unreachable) -> None:
        if isValid(self):
            self._loading = False
            self._say(trouble.text)

    def _filtered(self, _chosen: object) -> None:
        self._show_list()

    def _show_list(self) -> None:
        days = listing.days_at(self._today(), self._shift.rules.calendar)
        self._form.chips.show_chips(listing.chips(self._all, days))
        rows = listing.narrowed(self._all, self._form.chips.value(), days)
        kept = self._detail.case.case_id if self._detail else None
        focus = self._work_focus()
        self._filling = True
        self._table.show_rows(rows)
        if rows:
            self._table.choose(listing.place_of(rows, kept))
        self._filling = False
        self._show_found_line(len(rows))
        self._form.pages.setCurrentWidget(self._table if rows else self._form.empty)
        # The list came after the page was opened: the filters were only its place-holder.
        if focus is self._table or (isinstance(focus, ChipButton) and self._detail is None):
            self.first_focus().setFocus()
        self._moved(self._table.current())

    def _show_found_line(self, count: int) -> None:
        self._form.found.setVisible(bool(self._wanted))
        self._form.found_text.setText(fill(self.tr("查找“%1”：%2 件"), self._wanted, str(count)))
        if self._wanted:
            title = fill(self.tr("没有找到“%1”"), self._wanted)
            self._form.empty.say(title, self.tr("请核对编号或姓名，再按 F3 查找。按 Esc 回到全部。"))
        elif self._all:
            self._form.empty.say(self.tr("这一类现在没有办件"), self.tr("按 Esc 看全部。"))
        else:
            self._form.empty.say(self.tr("办件会列在这里，最急的在最上面"), self.tr("按 F2 收第一件。"))

    def _moved(self, row: object) -> None:
        if self._filling:
            return
        case_id = row.case_id if isinstance(row, TodayRow) else None
        before = self._detail.case.case_id if self._detail else None
        if case_id != before:
            self._said = ""
        self._detail = self._read_detail(case_id) if case_id else None
        self._side.show_detail(self._detail, self._today())
        self._receipts.show_detail(self._detail)
        self._tell_shell()

    def _read_detail(self, case_id: UUID) -> Detail | None:
        try:
            return service.detail(self._shift, case_id)
        except Refusal as refusal:
            self._said = refusal.text
            return None

    # --- the case

    def open_case(self, _row: object = None) -> None:
        """Go into the details of the chosen case; where they have no room beside the list, instead of it."""
        if self._detail is None:
            return
        self._form.side.show()
        self._form.list.setVisible(self._wide())
        self._form.scroll.setFocus()
        self._tell_shell()

    def _return_to_list(self) -> None:
        self._form.list.show()
        self._fit()
        self.first_focus().setFocus()
        self._tell_shell()

    def _new_intake(self) -> None:
        self.opening.emit("intake")

    # --- the receipt

    def _blue(self) -> Action:
        text, icon = self._receipts.blue_words() or (self.tr("打开办件"), "")
        return Action(Key.DO, text, self._do, icon=icon, primary=True, enabled=self._detail is not None)

    def _do(self) -> None:
        if self._receipts.blue_words() is None:
            self.open_case()
        else:
            self._receipts.do()

    def _receipt_asks(self) -> None:
        self._said = ""
        self._form.side.show()
        self._form.list.setVisible(self._wide())
        self._tell_shell()

    def _receipt_says(self, text: object) -> None:
        self._say(str(text))

    # --- the page

    def _say(self, text: str) -> None:
        self._said = text
        self._tell_shell()

    def _tell_shell(self) -> None:
        self.actions_changed.emit()
        self.hint_changed.emit()

    def _today(self) -> date:
        return local_date(self._shift.now())

    def _work_focus(self) -> QWidget | None:
        """Where the focus is, or will be when the window is in front again."""
        return self.window().focusWidget()

    def _wide(self) -> bool:
        return look().room(self.window().width()) >= WIDE_FROM

    def _fit(self) -> None:
        wide, opened = self._wide(), self._form.list.isHidden()
        self._form.cap.setVisible(wide)
        self._table.setColumnHidden(NUMBER_COLUMN, not wide)
        self._form.list.setVisible(wide or not opened)
        self._form.side.setVisible(wide or opened)
        if wide:
            self._form.side.setFixedWidth(look().px(SIDE))
        else:
            self._form.side.setMinimumWidth(0)
            self._form.side.setMaximumWidth(16_777_215)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside the list where there is room, else instead of it."""
        super().resizeEvent(event)
        self._fit()


def _read(shift: Shift, wanted: str) -> tuple[str, tuple[TodayRow, ...]]:
    """The rows asked for, with the question, for the answer may come after the next one."""
    return wanted, service.found(shift, wanted) if wanted else service.rows(shift)
