"""需处理: the list of refused steps, and beside it one of them with its reason and its ways on."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from onewindow_desk._built.ui_attention import Ui_Attention
from onewindow_desk.background import Background
from onewindow_desk.domain.numbering import format_receipt_no
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.services import attention as service
from onewindow_desk.services.attention import AttentionRow, Exit
from onewindow_desk.services.shift import Shift
from onewindow_desk.store import Changes
from onewindow_desk.workspaces.attention import words
from onewindow_desk.workspaces.attention.exits import ExitButton
from onewindow_desk.workspaces.shared.delegate import STACKED
from onewindow_desk.workspaces.shared.forms import dress
from onewindow_desk.workspaces.shared.keys import Group, Key
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.widgets.lists import RowsTable
from onewindow_desk.workspaces.shared.widgets.restyle import set_state
from onewindow_desk.workspaces.workspace import Action, Count, Workspace

LIST, LIST_NARROW = 330, 270
WIDE_FROM = 1200
"""Under this room (pixels at 100 %) the list is narrower."""


class AttentionWorkspace(Workspace):
    """Rows come from the background; the acts are done here and now, on the main thread."""

    name = "attention"
    icon = "triangle-alert"
    groups = (Group.ATTENTION,)

    def __init__(self, shift: Shift, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shift = shift
        self._background = background
        self._loading = self._stale = False
        self._filling = False
        self._said = ""
        self._row: AttentionRow | None = None
        self._form = Ui_Attention()
        self._form.setupUi(self)
        dress(self)
        # The page itself holds the focus while there is nothing to choose; Tab passes it by.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._table: RowsTable[AttentionRow] = RowsTable(
            self, columns=(words.column(shift.now),), name=self.tr("需要处理的步骤"), height=STACKED
        )
        self._table.horizontalHeader().hide()
        self._form.pages.addWidget(self._table)
        self._join()
        self._show_rows(())
        self._fit()
        self._load()

    def _join(self) -> None:
        self._table.chosen.connect(self._moved)
        self._table.entered_row.connect(self._to_exit)
        for button in self._buttons():
            button.clicked.connect(self._pressed)
        before: QWidget = self._table
        for after in (*self._buttons(), self._form.told):
            self.setTabOrder(before, after)
            before = after

    def _buttons(self) -> tuple[ExitButton, ...]:
        return (self._form.redo, self._form.escalate, self._form.withdraw)

    # --- what the shell asks

    def title(self) -> str:
        """Name in the rail."""
        return self.tr("需处理")

    def heading(self) -> str:
        """Name in the head."""
        return self.tr("需要处理")

    def first_focus(self) -> QWidget:
        """The list."""
        return self._table if self._table.rows() else self

    def count(self) -> Count:
        """What waits for this person, red."""
        return Count(service.asking(self._table.rows()), urgent=True)

    def bar_actions(self) -> tuple[Action, ...]:
        """The case, the recommended way on as the blue key, and the others by their keys."""
        row = self._row
        ready = {way.exit: way.ready for way in words.ways(row)} if row else {}
        return (
            Action(
                Key.ATTENTION_CASE, self.tr("看办件全文"), self._open_case,
                enabled=row is not None and row.can_open and bool(row.receipt_no),
            ),
            self._by_key(Key.ATTENTION_SUPERVISOR, Exit.ESCALATE, ready),
            self._by_key(Key.ATTENTION_WITHDRAW, Exit.WITHDRAW, ready),
            self._blue(),
        )  # fmt: skip

    def _by_key(self, key: Key, way: Exit, ready: dict[Exit, bool]) -> Action:
        return Action(key, key.text, partial(self._take, way), enabled=ready.get(way, False), shown=False)

    def _blue(self) -> Action:
        row = self._row
        best = next((way for way in words.ways(row) if way.best), None) if row else None
        if best is None:
            return Action(Key.DO, self.tr("改后重做"), self._nothing, primary=True, enabled=False)
        return Action(Key.DO, best.title, partial(self._take, best.exit), primary=True, enabled=best.ready)

    def hint(self) -> str:
        """What was just said, else how to move."""
        if self._said or self._row is None:
            return self._said
        if self._on_page():
            return self.tr("Enter 照这样办 ・ Esc 回到列表")
        return self.tr("↑ ↓ 选一项 ・ Enter 进到右边")

    def opened(self) -> None:
        """Look anew."""
        self._said = ""
        self._load()

    def refresh(self, changes: object) -> None:
        """Something was written or came from the central."""
        if isinstance(changes, Changes) and not (changes.attention or changes.cases or changes.people):
            return
        self._load()

    def back(self) -> bool:
        """Esc: from the page to the list."""
        if not self._on_page():
            return False
        self._to_list()
        return True

    # --- the list

    def rows(self) -> tuple[AttentionRow, ...]:
        """What the list shows."""
        return self._table.rows()

    def row(self) -> AttentionRow | None:
        """The row beside the list."""
        return self._row

    def _load(self) -> None:
        if self._loading:
            self._stale = True
            return
        self._loading = True
        self._background.run(partial(service.attention, self._shift), self._loaded, self._not_loaded)

    def _loaded(self, rows: tuple[AttentionRow, ...]) -> None:
        if not isValid(self):
            return
        self._loading = False
        self._show_rows(rows)
        if self._stale:
            self._stale = False
            self._load()

    def _not_loaded(self, trouble: Refusal | Unreachable) -> None:
        if isValid(self):
            self._loading = False
            self._say(trouble.text)

    def _show_rows(self, rows: tuple[AttentionRow, ...]) -> None:
        kept = self._row.op_id if self._row else None
        focused = self._has_focus()
        self._filling = True
        self._table.show_rows(rows)
        if rows:
            self._table.choose(_place_of(rows, kept))
        self._filling = False
        self._show_counts(rows)
        self._form.pages.setCurrentWidget(self._table if rows else self._form.empty)
        self._moved(self._table.current())
        if focused and not self._on_page():
            self.first_focus().setFocus()

    def _show_counts(self, rows: tuple[AttentionRow, ...]) -> None:
        asking = service.asking(rows)
        text = words.fill(self.tr("%1 项等您处理"), str(asking)) if asking else self.tr("没有等您处理的")
        self._form.count.setText(text)
        behind = len(rows) - asking
        self._form.behind.setText(words.fill(self.tr("%1 项排队"), str(behind)) if behind else "")
        self._form.empty.say(
            self.tr("中心没有采纳的步骤会列在这里"), self.tr("现在没有。您做的每一步都存在本机，不会丢。")
        )
        self.count_changed.emit()

    def _moved(self, row: object) -> None:
        if self._filling:
            return
        before = self._row.op_id if self._row else None
        self._row = row if isinstance(row, AttentionRow) else None
        if self._row is None or self._row.op_id != before:
            self._form.told.setChecked(False)
            self._form.trouble.say("")
        self._show_page(self._row)
        self._tell_shell()

    # --- the page

    def _show_page(self, row: AttentionRow | None) -> None:
        self._form.scroll.setVisible(row is not None)
        if row is None:
            return
        form = self._form
        form.who.setText(" ・ ".join(part for part in (row.title, row.item_name) if part))
        form.number.setText(format_receipt_no(row.receipt_no) if row.receipt_no else "")
        self._show_why(row)
        form.note.setText(row.note)
        form.note.setVisible(bool(row.note))
        ways = words.ways(row)
        for place, button in enumerate(self._buttons()):
            button.setVisible(place < len(ways))
            if place < len(ways):
                button.show_way(ways[place])
        form.told_row.setVisible(row.told_first)
        form.facts.show_facts(words.facts(row))

    def _show_why(self, row: AttentionRow) -> None:
        said, form = words.why(row), self._form
        set_state(form.why, "card", said.card)
        set_state(form.why_title, "tone", "grey" if said.ink == "text2" else said.ink)
        form.why_sign.show_icon(said.icon, said.ink)
        form.why_title.setText(said.title)
        form.why_text.setText(said.text)
        form.how.setText(words.question(row))

    def _to_exit(self, _row: object = None) -> None:
        """To the recommended way on, else to the first that can be taken."""
        open_ways = [button for button in self._buttons() if button.isVisible() and button.isEnabled()]
        best = [button for button in open_ways if (way := button.way()) is not None and way.best]
        for button in (best or open_ways)[:1]:
            button.setFocus(Qt.FocusReason.TabFocusReason)
            self._form.scroll.ensureWidgetVisible(button)
        self._said = ""
        self._tell_shell()

    def _to_list(self) -> None:
        self.first_focus().setFocus()
        self._tell_shell()

    # --- the ways on

    def _pressed(self) -> None:
        for button in self._buttons():
            way = button.way()
            if button is self.sender() and way is not None:
                self._take(way.exit)
                return

    def _take(self, way: Exit) -> None:
        row = self._row
        if row is None:
            return
        acts = {
            Exit.REDO: self._redo,
            Exit.ESCALATE: self._escalate,
            Exit.WITHDRAW: self._withdraw,
            Exit.PAPER: self._answer_paper,
        }
        self._form.trouble.say("")
        try:
            acts[way](row)
        except Refusal as refusal:
            self._refused(refusal)

    def _redo(self, row: AttentionRow) -> None:
        redone = service.redo(self._shift, row.op_id)
        if redone.draft_id is not None:
            self._load()
            self.opening.emit("intake")
        else:
            self._settled(words.fill(self.tr("已重做“%1”。"), row.step))

    def _escalate(self, row: AttentionRow) -> None:
        service.escalate(self._shift, row.op_id, row.reason)
        self._settled(self.tr("已交给主管。"))

    def _withdraw(self, row: AttentionRow) -> None:
        told = self._form.told.isChecked()
        service.withdraw(self._shift, row.op_id, row.reason, applicant_told=told)
        self._settled(words.fill(self.tr("“%1”已撤回，记录在案。"), row.step))

    def _answer_paper(self, row: AttentionRow) -> None:
        self.finding.emit(row.receipt_no)

    def _open_case(self) -> None:
        if self._row is not None:
            self.finding.emit(self._row.receipt_no)

    def _nothing(self) -> None:
        """Nothing is recommended: the blue key is dashed."""

    def _settled(self, text: str) -> None:
        self._to_list()
        self._say(text)
        self._load()

    def _refused(self, refusal: Refusal) -> None:
        if refusal.field == "told":
            self._form.trouble.say(refusal.text)
            self._form.told.setFocus()
            self._form.scroll.ensureWidgetVisible(self._form.told_row)
        self._say(refusal.text)

    # --- words and room

    def _say(self, text: str) -> None:
        self._said = text
        self._tell_shell()

    def _tell_shell(self) -> None:
        self.actions_changed.emit()
        self.hint_changed.emit()

    def _work_focus(self) -> QWidget | None:
        return self.window().focusWidget()

    def _has_focus(self) -> bool:
        focus = self._work_focus()
        return focus is self or (focus is not None and self.isAncestorOf(focus))

    def _on_page(self) -> bool:
        focus = self._work_focus()
        return focus is not None and self._form.sheet.isAncestorOf(focus)

    def _fit(self) -> None:
        wide = look().room(self.window().width()) >= WIDE_FROM
        self._form.list.setFixedWidth(look().px(LIST if wide else LIST_NARROW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrower list where room is scarce."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_table"):
            self._fit()


def _place_of(rows: tuple[AttentionRow, ...], op_id: UUID | None) -> int:
    return next((place for place, row in enumerate(rows) if row.op_id == op_id), 0)
