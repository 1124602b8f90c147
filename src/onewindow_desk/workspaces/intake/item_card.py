"""Card 1: finding the item, and the item found."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from onewindow_desk.domain.item import Item
from onewindow_desk.workspaces.intake.words import item_line, result_line
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.rows import Cell, Column
from onewindow_desk.workspaces.shared.widgets.card import CardHead
from onewindow_desk.workspaces.shared.widgets.label import ElidedLabel, Label
from onewindow_desk.workspaces.shared.widgets.lists import ResultList
from onewindow_desk.workspaces.shared.widgets.rich_button import RichButton
from onewindow_desk.workspaces.shared.widgets.search_field import SearchField

_ROW = 54
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Found:
    """An item as a list shows it."""

    item: Item
    line: str


def _cell(found: Found) -> Cell:
    return Cell(text=found.item.name, sub=found.line)


class ItemFinder(QWidget):
    """The search field, its results, and the items received lately.

    `typed` emits the query, `looked_at` the item the arrows are on (None: none), `chosen` the item
    that Return or a click takes, `left` Escape.
    """

    typed = Signal(object)
    looked_at = Signal(object)
    chosen = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = SearchField(self, name=self.tr("找事项"))
        self.search.line.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, True)
        self._caption = Label(self, text=self.tr("找事项"), role="caption")
        self._caption.setBuddy(self.search.line)
        self._help = Label(self, text=self.tr("名称、拼音首字母或编码；↑ ↓ 选，Enter 确定"), role="caption")
        self._nothing = Label(self, role="caption", wrap=True)
        self._nothing.setText(self.tr("没有这个事项。请换成名称里的两个字，或拼音首字母。"))
        self._results: ResultList[Found] = ResultList(
            self, column=Column(self.tr("事项"), _cell), name=self.tr("查到的事项"), height=_ROW
        )
        self._lately = Label(self, role="strong")
        self._recent: ResultList[Found] = ResultList(
            self, column=Column(self.tr("事项"), _cell), name=self.tr("常用和最近"), height=_ROW
        )
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self._caption, self.search, self._help, self._nothing, self._results):
            column.addWidget(part)
        column.addSpacing(8)
        column.addWidget(self._lately)
        column.addWidget(self._recent)
        column.addStretch(1)

    def _connect(self) -> None:
        self.search.typed.connect(self.typed)
        self.search.submitted.connect(self._take)
        self.search.left.connect(self.left)
        for view in (self._results, self._recent):
            view.chosen.connect(self._looked)
            view.picked.connect(self._picked)

    def _driven(self) -> ResultList[Found]:
        return self._results if self.search.text().strip() else self._recent

    def show_results(self, items: tuple[Item, ...]) -> None:
        """The answer to what is typed."""
        asked = bool(self.search.text().strip())
        self._results.show_rows([Found(item, result_line(item)) for item in items])
        self._results.setVisible(bool(items))
        self._nothing.setVisible(asked and not items)
        self._help.setVisible(not self._nothing.isVisibleTo(self))
        self._fit(self._results, _SHOWN)
        self._drive()

    def show_recent(self, rows: tuple[tuple[Item, str], ...], all_items: bool) -> None:
        """The items received lately, or the whole catalogue where nothing was received yet."""
        self._lately.setText(self.tr("全部事项，最近的在前") if all_items else self.tr("常用和最近"))
        self._recent.show_rows([Found(item, line) for item, line in rows])
        self._recent.setCurrentIndex(QModelIndex())
        self._fit(self._recent, len(rows))
        self._drive()

    def _fit(self, view: ResultList[Found], most: int) -> None:
        shown = min(max(1, len(view.rows())), most)
        view.setFixedHeight(shown * look().px(_ROW) + 4)

    def _drive(self) -> None:
        driven = self._driven()
        self.search.drive(driven)
        for view in (self._results, self._recent):
            view.set_lit(view is driven)
        # Nothing is looked at before somebody types or arrows: a stray Return takes no item.
        if driven is self._results:
            self._recent.setCurrentIndex(QModelIndex())
        self.looked_at.emit(self.looked())

    def nothing(self) -> str:
        """What is said where nothing was found; "" while there is something."""
        return "" if self._nothing.isHidden() else self._nothing.text()

    def looked(self) -> Item | None:
        """The item the arrows are on; None while nothing was typed and nothing arrowed to."""
        found = self._driven().current()
        return found.item if found else None

    def _looked(self, _found: object) -> None:
        if self.sender() is self._driven():
            self.looked_at.emit(self.looked())

    def _take(self, _text: object) -> None:
        self._driven().take()

    def _picked(self, found: Found) -> None:
        self.chosen.emit(found.item)


class ChosenItem(RichButton):
    """The item found, in a blue box; Return looks for another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, down=True)
        self.setProperty("taken", True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_margins(11, 8, 11, 8)
        self._name = ElidedLabel(self, role="strong")
        self._line = ElidedLabel(self, role="caption")
        for label in (self._name, self._line):
            self.put(label)

    def show_item(self, item: Item) -> None:
        """Show this item."""
        self._name.set_whole(item.name)
        self._line.set_whole(item_line(item))
        self.setToolTip(item.name)
        self.setAccessibleName(f"{item.name}，{item_line(item)}")


class ItemCard(QWidget):
    """Head and one of the two. `changing` is emitted when another item is asked for."""

    changing = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = CardHead(self, title=self.tr("事项"), number=1, cap="Alt+1")
        self.finder = ItemFinder(self)
        self.box = ChosenItem(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.head)
        column.addWidget(self.finder)
        column.addWidget(self.box)
        self.box.clicked.connect(self.changing)
        self.show_item(None)

    @property
    def finding(self) -> bool:
        """Whether the finder is open."""
        return self.finder.isVisibleTo(self)

    def show_item(self, item: Item | None) -> None:
        """Show the item chosen, or the finder for None."""
        self.finder.setVisible(item is None)
        self.box.setVisible(item is not None)
        if item is not None:
            self.box.show_item(item)
            self.finder.search.line.clear()
        self.head.set_note(self.tr("Enter 换事项") if item is not None else "")

    def find_another(self, current: Item | None) -> None:
        """Open the finder over an item that was chosen before; Escape brings it back."""
        self.finder.setVisible(True)
        self.box.setVisible(False)
        self.head.set_note(self.tr("Esc 不换") if current is not None else "")
        self.finder.search.line.clear()
        self.finder.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def stop(self) -> QWidget:
        """Where the focus goes in this card."""
        return self.finder.search.line if self.finding else self.box
