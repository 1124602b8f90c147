"""The strip of applicants being served: ① ②, F6 for the next one."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.look import Type, look
from onewindow_desk.workspaces.shared.widgets.key_cap import KeyCap
from onewindow_desk.workspaces.shared.widgets.label import Label
from onewindow_desk.workspaces.shared.widgets.pressing import PressButton

CIRCLED = "①②③④⑤⑥⑦⑧⑨"
_HEIGHT = 34
_WIDEST = 280


class _Tab(PressButton):
    """One applicant; a long name is shortened, the whole is its tooltip and name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = ""
        self.setCheckable(True)
        self.setProperty("tab", "true")
        self.hide()

    def say(self, words: str) -> None:
        self._words = words
        self.setAccessibleName(words)
        self._shorten()
        self.updateGeometry()
        self.show()

    def _shorten(self) -> None:
        shown = self._metrics().elidedText(self._words, Qt.TextElideMode.ElideRight, look().px(_WIDEST))
        # A bare & would become a mnemonic.
        self.setText(shown.replace("&", "&&"))
        self.setToolTip(self._words if shown != self._words else "")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._shorten()

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(look().font(Type.STRONG))

    def sizeHint(self) -> QSize:
        worn = look()
        return QSize(self._metrics().horizontalAdvance(self.text()) + worn.px(28), worn.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class ApplicantTabs(QWidget):
    """`show_tabs(names, current)`; `chosen` emits the place, counted from 0. `note` stands at the right."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._strip = QHBoxLayout()
        self._strip.setSpacing(8)
        # Made at once and kept: a later widget would stand last in the order of Tab.
        self._tabs = [self._tab(place) for place in range(len(CIRCLED))]
        self._note = Label(self, role="caption")
        self._cap = KeyCap(self, key=Key.OTHER_APPLICANT)
        self._help = Label(self, text=self.tr("换另一位"), role="caption")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(self._strip)
        row.addWidget(self._cap)
        row.addWidget(self._help)
        row.addStretch(1)
        row.addWidget(self._note)
        self._group.idClicked.connect(self._tell)

    def _tab(self, place: int) -> _Tab:
        tab = _Tab(self)
        self._group.addButton(tab, place)
        self._strip.addWidget(tab)
        return tab

    def _tell(self, place: int) -> None:
        self.chosen.emit(place)

    def set_note(self, note: str) -> None:
        """The words at the right end."""
        self._note.setText(note)

    def show_tabs(self, names: Sequence[str], current: int) -> None:
        """Show these applicants, the one at `current` in front. At most nine have a number."""
        while len(self._tabs) < len(names):
            self._tabs.append(self._tab(len(self._tabs)))
        for place, tab in enumerate(self._tabs):
            if place < len(names):
                number = CIRCLED[place] if place < len(CIRCLED) else "○"
                tab.say(f"{number} {names[place]}")
                tab.setChecked(place == current)
            else:
                tab.hide()
        for part in (self._cap, self._help):
            part.setVisible(len(names) > 1)
