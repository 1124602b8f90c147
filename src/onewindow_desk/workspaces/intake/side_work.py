"""What stands at the right, and whether there is room for it: page, receipt or 一次性告知单."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from onewindow_desk._built.ui_intake import Ui_Intake
from onewindow_desk.domain.case import PageRef
from onewindow_desk.domain.item import Item
from onewindow_desk.workspaces.intake.handover import Handover
from onewindow_desk.workspaces.intake.preview import Shown
from onewindow_desk.workspaces.intake.preview_work import PreviewWork
from onewindow_desk.workspaces.intake.showing import show_only
from onewindow_desk.workspaces.intake.state import IntakeState
from onewindow_desk.workspaces.intake.words import tr
from onewindow_desk.workspaces.shared.look import look

ROOM = 1100
"""Room (width by text scale, without the rail) under which the side panels open with F5."""
_FORM, _SIDE = 356, 340


class SideWork(QObject):
    """Turns the preview and opens or closes the side; `said` emits a sentence for the hint.

    `finding` gives (True, the item the arrows are on) while an item is looked for, else (False, None).
    """

    said = Signal(object)

    def __init__(
        self,
        ui: Ui_Intake,
        state: IntakeState,
        preview: PreviewWork,
        handover: Handover,
        finding: Callable[[], tuple[bool, Item | None]],
        page: Callable[[], tuple[PageRef | None, int]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._ui, self._owner = ui, parent
        self._state, self._preview, self._handover = state, preview, handover
        self._finding, self._page = finding, page
        self._shown = Shown.PAGE
        self._open = False
        ui.preview.turned_to.connect(self.turn_to)

    # --- what is shown

    def item(self) -> Item | None:
        """The item the arrows are on while one is looked for, else the one chosen."""
        looking, item = self._finding()
        return item if looking else self._state.item

    def showing(self) -> Shown:
        """What is shown: while an item is looked for, always its 一次性告知单."""
        looking, _ = self._finding()
        return Shown.GUIDE if looking and self._state.current.handed is None else self._shown

    def turn_to(self, shown: Shown) -> None:
        """Show this from now on."""
        self._shown = shown
        self.show()

    def next(self) -> None:
        """F5: page, receipt; where the page is narrow also away again."""
        if self.narrow() and not self._open:
            self._unfold()
        elif self.narrow() and self._shown is Shown.RECEIPT:
            self.close()
            return
        else:
            self._shown = Shown.PAGE if self._shown is Shown.RECEIPT else Shown.RECEIPT
        self.show()

    def guide(self) -> None:
        """F7: show the 一次性告知单; shown already, print it."""
        item = self.item()
        if item is None:
            return
        if self.showing() is Shown.GUIDE and (self._open or not self.narrow()):
            self._handover.print_guide(item)
            return
        if self.narrow():
            self._unfold()
        self.turn_to(Shown.GUIDE)
        self.said.emit(tr("再按 F7 打印一次性告知单，按 F5 回到预览。"))

    def show(self) -> None:
        """Draw what is to be shown."""
        shown = self.showing()
        self._ui.preview.turn_to(shown)
        if shown is Shown.GUIDE:
            self._preview.guide(self.item())
        elif shown is Shown.RECEIPT:
            self._preview.receipt(self._state.current, self._state.item)
        else:
            self._preview.page(*self._page())

    def show_if(self, shown: Shown) -> None:
        """Draw anew if this is what is shown."""
        if self.showing() is shown:
            self.show()

    # --- room

    def narrow(self) -> bool:
        """Whether the side panels stand aside."""
        return look().room(self._owner.width()) < ROOM

    def fit(self) -> None:
        """Give every part the room it has."""
        ui, worn, narrow = self._ui, look(), self.narrow()
        handed = bool(self._state.sittings) and self._state.current.handed is not None
        show_only(
            (
                # Beside the line about the paper there is no room for another.
                (ui.dueLine, narrow and not handed),
                (ui.deadline, not narrow),
                (ui.side, not narrow or self._open),
                (ui.formScroll, not (narrow and self._open)),
            )
        )
        ui.materials.set_small(narrow)
        ui.page.setContentsMargins(16, 6 if narrow else 10, 16, 8 if narrow else 12)
        ui.formScroll.setMinimumWidth(worn.px(_FORM))
        ui.side.setMinimumWidth(worn.px(_SIDE))

    def explain(self) -> None:
        """Alt+4: why the day is that day."""
        if self.narrow():
            self._ui.dueLine.explain()
        else:
            self._ui.deadline.explain()

    def _unfold(self) -> None:
        focus = QApplication.focusWidget()
        if focus is not None and self._ui.formScroll.isAncestorOf(focus):
            self._ui.materials.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._open = True
        self.fit()

    def close(self) -> bool:
        """Fold the side away where the page is narrow; True if it was open."""
        was_open, self._open = self._open, False
        self.fit()
        return was_open
