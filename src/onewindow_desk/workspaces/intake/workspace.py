"""The 收件 workspace: the cards put together, and the one path from F9 to the paper in the hand."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from onewindow_desk._built.ui_intake import Ui_Intake
from onewindow_desk.background import Background
from onewindow_desk.domain.dates import local_date
from onewindow_desk.domain.item import Item
from onewindow_desk.domain.people import Role
from onewindow_desk.faults import Refusal
from onewindow_desk.services.shift import Shift
from onewindow_desk.store import Changes
from onewindow_desk.workspaces.intake import materials
from onewindow_desk.workspaces.intake.applicant_card import ApplicantCard
from onewindow_desk.workspaces.intake.deadline_card import limits_line
from onewindow_desk.workspaces.intake.form_work import FormWork
from onewindow_desk.workspaces.intake.handover import Handover
from onewindow_desk.workspaces.intake.item_card import ItemCard
from onewindow_desk.workspaces.intake.materials import MaterialRow
from onewindow_desk.workspaces.intake.page_work import PageWork
from onewindow_desk.workspaces.intake.paper_work import PaperWork
from onewindow_desk.workspaces.intake.ports import IntakeDevices
from onewindow_desk.workspaces.intake.preview import Shown
from onewindow_desk.workspaces.intake.preview_work import PreviewWork
from onewindow_desk.workspaces.intake.side_work import SideWork
from onewindow_desk.workspaces.intake.sitting import Handed
from onewindow_desk.workspaces.intake.state import IntakeState
from onewindow_desk.workspaces.intake.words import fill
from onewindow_desk.workspaces.shared.keys import Group, Key
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.widgets.field import Field
from onewindow_desk.workspaces.workspace import Action, Notice, Weight, Workspace


class IntakeWorkspace(Workspace):
    """Receives applications for the person of this shift; devices come from outside."""

    name = "intake"
    icon = "inbox"
    needs = frozenset({Role.WINDOW})
    groups = (Group.FORM, Group.INTAKE, Group.STRIP)

    def __init__(
        self, shift: Shift, background: Background, devices: IntakeDevices, parent: QWidget | None = None
    ) -> None:
        self._ready = False
        super().__init__(parent)
        self.state = IntakeState(shift)
        self._shift = shift
        self._said = ""
        self._tabs: tuple[tuple[str, ...], int] = ((), 0)
        self.ui = Ui_Intake()
        self.ui.setupUi(self)
        self.item_card: ItemCard = self.ui.formCard.item
        self.applicant: ApplicantCard = self.ui.formCard.applicant
        self.pages = PageWork(self.state, background, devices, self.ui.materials, self._attempt)
        self.handover = Handover(shift, background, devices.printers, devices.printer, self)
        self.form = FormWork(self.state, self.applicant, self._attempt)
        self.paper = PaperWork(self.state, self.handover, self.ui.paperLine)
        preview = PreviewWork(shift, background, self.pages.gallery, self.ui.preview.view)
        self.side = SideWork(
            self.ui, self.state, preview, self.handover, self._finding, self.pages.page_in_front, self
        )
        self._connect()
        self._ready = True
        self.side.fit()
        self.state.open()
        self.handover.look()
        self.show_all()

    def _connect(self) -> None:
        finder, ui = self.item_card.finder, self.ui
        ui.tabs.chosen.connect(self._go)
        finder.typed.connect(self._search)
        finder.looked_at.connect(self._look_at)
        finder.chosen.connect(self._choose)
        finder.left.connect(self._leave_finder)
        self.item_card.changing.connect(self._find_another)
        card = self.applicant
        card.entered.connect(self._entered)
        card.finished.connect(self._to_materials)
        card.left.connect(self._to_item)
        card.undoing.connect(self._undo)
        ui.materials.ticked.connect(self._ticked)
        ui.materials.material_chosen.connect(self._material)
        ui.materials.counts.changed.connect(self._counted)
        ui.materials.undoing.connect(self._undo)
        self.pages.changed.connect(self._pages_changed)
        self.pages.looked.connect(self._page_looked)
        for speaker in (self.pages.said, self.handover.said, self.side.said):
            speaker.connect(self._say)
        self.form.edited.connect(self._form_edited)
        self.paper.changed.connect(self._paper_changed)
        self.paper.gone.connect(self._gone)
        ui.dueLine.asked.connect(ui.dueLine.explain)

    # --- the contract of a workspace

    def title(self) -> str:
        """Name in the rail."""
        return self.tr("收件")

    def first_focus(self) -> QWidget:
        """The search in a fresh draft, else the first empty field; after F9 the line about the paper."""
        if self.state.current.handed is not None:
            return self.ui.paperLine.stop() or self.ui.paperLine
        if self.item_card.finding:
            return self.item_card.stop()
        return self.applicant.stop()

    def hint(self) -> str:
        """What was just said, else what is still to be put right."""
        if self._said or self.state.current.handed is not None:
            return self._said
        if self.state.item is None:
            return self.tr("先选事项")
        return self.state.to_mend() or self.tr("都齐了，按 F9 收件")

    def bar_actions(self) -> tuple[Action, ...]:
        """Scan, guide and receive; after F9 the two answers about the paper."""
        handed = self.state.current.handed
        if handed is not None:
            return (self._preview_action(), *self.paper.actions(handed))
        chosen = self.state.item is not None
        return (
            self._preview_action(),
            Action(Key.INTAKE_SCAN, self.tr("扫描"), self.pages.scan, icon="scan-line", enabled=chosen),
            Action(Key.INTAKE_STOP_SCAN, self.tr("停止扫描"), self.pages.stop, shown=False),
            Action(Key.INTAKE_PICK, self.tr("选文件"), self.pages.pick, shown=False),
            Action(
                Key.INTAKE_GUIDE,
                self.tr("一次性告知单"),
                self.side.guide,
                enabled=self.side.item() is not None,
            ),
            Action(
                Key.DO, self.tr("收件并打印凭证"), self._receive, icon="printer", primary=True, enabled=chosen
            ),
        )

    def _preview_action(self) -> Action:
        return Action(Key.INTAKE_PREVIEW, self.tr("预览"), self.side.next, shown=self.side.narrow())

    def opened(self) -> None:
        """Days may have gone by, and a refused receipt may be done anew: all is asked for again."""
        self.handover.look()
        if self.state.take_up():
            self.show_all()
        self._show_deadline()

    def refresh(self, changes: object) -> None:
        """A receipt may have been answered for elsewhere: its applicant is done here too."""
        for sitting in tuple(self.state.sittings):
            handed = sitting.handed
            if handed is None or not isinstance(changes, Changes) or handed.case_id not in changes.cases:
                continue
            if self.state.in_hand(handed):
                self._gone(handed)

    def answer(self, key: Key) -> bool:
        """F2 begins a new intake, F6 brings the next applicant."""
        if key is Key.NEW_INTAKE:
            self.state.new()
        elif key is Key.OTHER_APPLICANT:
            if not self.state.next():
                self._say(self.tr("现在只有这一位。按 F2 新收件。"))
                return True
        else:
            return False
        self._come_to_front()
        return True

    def go_to_block(self, number: int) -> None:
        """Alt+1…4."""
        if self.state.current.handed is not None and number < 4:
            return
        if number == 4:
            self.side.explain()
            return
        self.side.close()
        if number == 3:
            stop: QWidget = self.ui.materials.table
        elif number == 2 and self.applicant.isVisibleTo(self):
            stop = self.applicant.stop()
        else:
            stop = self.item_card.stop()
        stop.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def back(self) -> bool:
        """Esc: one block back."""
        focus = QApplication.focusWidget()
        if self.side.narrow() and self.side.close():
            return True
        for number, block in ((3, self.ui.materials), (2, self.applicant), (1, self.item_card)):
            if focus is not None and block.isAncestorOf(focus):
                if number > 1:
                    self.go_to_block(number - 1)
                return number > 1
        self.go_to_block(3)
        return True

    # --- edits

    def _attempt(self, act: Callable[[], object]) -> None:
        """Do an edit; what the disk refuses is told, and the edit stays on the screen."""
        try:
            act()
        except Refusal as refusal:
            title = self.tr("草稿没有存上")
            self.told.emit(Notice("draft", title, refusal.text, weight=Weight.ACT, icon="hard-drive"))
            return
        self.untold.emit("draft")
        self.saved.emit(self.state.draft.saved_at)

    def _after_edit(self) -> None:
        self._said = ""
        self._show_tabs()
        self.side.show_if(Shown.RECEIPT)
        self.hint_changed.emit()

    def _form_edited(self) -> None:
        self._show_materials()
        self._after_edit()

    def _search(self, query: str) -> None:
        self.item_card.finder.show_results(self.state.search(query))

    def _look_at(self, item: Item | None) -> None:
        if self.item_card.finding and self._ready:
            self._show_materials()
            self._show_deadline()
            self.side.show()
            self.actions_changed.emit()

    def _choose(self, item: Item) -> None:
        before = self.state.item
        self._attempt(lambda: self.state.choose(item))
        self.show_all()
        if before is not None and before is not item:
            self._say(fill(self.tr("事项已换。按 Ctrl+Z 换回“%1”。"), before.name))
        self._focus(self.applicant.stop())

    def _find_another(self) -> None:
        self.item_card.find_another(self.state.item)
        self._show_finder()
        self.side.show()

    def _finding(self) -> tuple[bool, Item | None]:
        finding = self.item_card.finding
        return finding, self.item_card.finder.looked() if finding else None

    def _leave_finder(self) -> None:
        if self.state.item is not None:
            self.show_all()
            self._focus(self.item_card.box)
        else:
            self.item_card.finder.search.clear()

    def _entered(self, field: Field) -> None:
        self._see(field)
        # Once more when a fault line below it has taken its room.
        QTimer.singleShot(0, self, self._see_focus)

    def _see_focus(self) -> None:
        for key in self.applicant.form_keys():
            field = self.applicant.field(key)
            if field is not None and field.editor.hasFocus():
                self._see(field)

    def _see(self, field: Field) -> None:
        self.ui.formScroll.ensureWidgetVisible(field, 0, look().px(16))

    def _ticked(self, what: tuple[MaterialRow, bool]) -> None:
        row, ticked = what
        if not self.item_card.finding:
            self._attempt(lambda: self.state.tick(row.material, ticked))
            self._show_materials()
            self._after_edit()

    def _counted(self, what: tuple[str, int, int, bool]) -> None:
        self._attempt(lambda: self.state.set_counts(*what))
        self._show_materials()
        self._after_edit()

    def _material(self, row: MaterialRow | None) -> None:
        if row is not None and not self.item_card.finding:
            self.state.current.material = row.code

    def _pages_changed(self) -> None:
        self.pages.show()
        self._show_materials()
        self.side.show()
        self.hint_changed.emit()

    def _page_looked(self) -> None:
        self.side.show_if(Shown.PAGE)

    def _undo(self) -> None:
        undone: list[str] = []
        self._attempt(lambda: undone.append(self.state.undo()))
        if undone and undone[0]:
            self.show_all()
            self._say(fill(self.tr("已撤销：%1。"), undone[0]))

    def _say(self, text: str) -> None:
        self._said = text
        self.hint_changed.emit()

    # --- showing

    def show_all(self) -> None:
        """Show the applicant in front as the state has them."""
        self._said = ""
        handed = self.state.current.handed
        item = self.state.item
        self._show_tabs()
        self.item_card.show_item(item)
        self.form.show()
        if item is None:
            self._show_finder()
        for block in (self.ui.formCard, self.ui.materials):
            block.setEnabled(handed is None)
        self.ui.materials.fault.say("")
        self.side.fit()
        self.pages.show()
        self._show_materials()
        self._show_deadline()
        self.paper.show()
        self.side.show()
        self.hint_changed.emit()
        self.actions_changed.emit()

    def _show_tabs(self) -> None:
        shown = (self.state.titles(), self.state.place)
        if shown != self._tabs:
            self._tabs = shown
            self.ui.tabs.show_tabs(*shown)
        self.ui.tabs.set_note(self._note())

    def _note(self) -> str:
        if self.state.current.handed is not None:
            return ""
        if self.state.draft.redoes is not None:
            return self.tr("改后重做：接替中心退回的那一件")
        return self.tr("收件编号在确认后给出")

    def _show_finder(self) -> None:
        self.applicant.hide()
        recent, whole = self.state.recent()
        self.item_card.finder.show_recent(recent, whole)
        self.item_card.finder.show_results(())

    def _show_materials(self) -> None:
        item = self.side.item()
        card, draft = self.ui.materials, self.state.draft
        looking, handed = self.item_card.finding, self.state.current.handed
        card.show_parts(pages=bool(draft.pages), counts=not looking, over=handed is not None)
        if item is None:
            card.show_rows((), "")
        elif looking:
            note = fill(self.tr("%1 要交 %2 种"), item.name, len(item.materials))
            card.show_rows(materials.listed(item), note)
        else:
            note = fill(self.tr("已齐 %1 / %2 种"), materials.in_hand(item, draft), len(item.materials))
            if draft.pages:
                note = fill(self.tr("%1 · %2 页"), note, len(draft.pages))
            card.show_rows(materials.rows(item, draft), note)
            self._check_materials()

    def _check_materials(self) -> None:
        if "materials" in self.state.current.left:
            self.ui.materials.fault.say(self.state.fault("materials"))

    def _show_deadline(self) -> None:
        item = self.side.item()
        today = local_date(self._shift.now())
        deadline = self.state.deadline()
        limits = limits_line(item, self.state.decisions(item) if item else None, today)
        self.ui.deadline.show_deadline(deadline, limits, today)
        self.ui.dueLine.show_deadline(deadline, limits, today)

    # --- from F9 to the paper

    def _receive(self) -> None:
        """F9: to the first fault, or to disk and then to the printer."""
        blames = self.state.leave_all()
        if blames:
            self._show_faults(blames[0].field)
            return
        try:
            self.state.check_print()
            handed = self.state.receive()
        except Refusal as refusal:
            self._refused(refusal)
            return
        self.saved.emit(None)
        self.side.turn_to(Shown.RECEIPT)
        self.handover.send(handed)
        self.show_all()
        self._focus(self.first_focus())

    def _show_faults(self, first: str) -> None:
        self._said = ""
        self.form.show_faults()
        self._check_materials()
        self.hint_changed.emit()
        self._focus(self._stop_of(first))

    def _stop_of(self, key: str) -> QWidget:
        field = self.applicant.field(key)
        if field is not None:
            return field.editor
        return self.ui.materials.table if key == "materials" else self.item_card.stop()

    def _refused(self, refusal: Refusal) -> None:
        if self.applicant.field(refusal.field) is not None:
            self.applicant.show_fault(refusal.field, refusal.text)
            self._focus(self._stop_of(refusal.field))
        self._say(refusal.text)

    def _paper_changed(self) -> None:
        self.actions_changed.emit()
        self.side.show_if(Shown.RECEIPT)

    def _gone(self, handed: Handed) -> None:
        if self.state.sitting_of(handed.case_id) is None:
            return
        self.side.turn_to(Shown.PAGE)
        if self.state.finish(handed):
            self._come_to_front()
        else:
            self._show_tabs()

    # --- moving about

    def _go(self, place: int) -> None:
        self.state.go(place)
        self._come_to_front()

    def _come_to_front(self) -> None:
        self.side.close()
        self.show_all()
        self._focus(self.first_focus())

    def _to_materials(self) -> None:
        self._focus(self.ui.materials.table)

    def _to_item(self) -> None:
        self._focus(self.item_card.stop())

    @staticmethod
    def _focus(widget: QWidget) -> None:
        widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Z outside a text takes the last step back."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self._undo()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side panels where there is room."""
        super().resizeEvent(event)
        if self._ready:
            self.side.fit()
            self.actions_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._ready:
            self.side.fit()
            self.actions_changed.emit()
