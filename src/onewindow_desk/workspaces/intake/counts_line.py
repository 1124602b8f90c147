"""The line under the materials: how much of the chosen material was handed over."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from onewindow_desk.workspaces.intake.materials import MaterialRow
from onewindow_desk.workspaces.shared.enter_walk import EnterWalk
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.widgets.label import Label

MOST = 99


class CountEdit(QLineEdit):
    """A small number; up and down change it, the wheel does not. `counted` follows every change."""

    counted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setValidator(QIntValidator(0, MOST, self))
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setFixedWidth(look().px(52))
        self.textChanged.connect(self.counted)

    def value(self) -> int:
        """The number; nothing typed is none."""
        return int(self.text() or 0)

    def show_value(self, value: int) -> None:
        """Show a number without telling anybody; what is being typed is left alone while it says the same."""
        if self.value() != value or not self.text():
            self.blockSignals(True)
            self.setText(str(value))
            self.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up one more, down one less."""
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self.setText(str(min(MOST, max(0, self.value() + step))))
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setFixedWidth(look().px(52))


class CountsLine(QWidget):
    """`changed` emits (code, originals, copies, keeps_original); `done` comes with Return at the end."""

    changed = Signal(object)
    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._code = ""
        self._originals, self._copies = CountEdit(self), CountEdit(self)
        self._keeps = QCheckBox(self.tr("留存原件"), self)
        self._walk = EnterWalk(self)
        self._walk.walk((self._originals, self._copies, self._keeps))
        self._walk.finished.connect(self.done)
        self._walk.left.connect(self.done)
        self._lay_out()
        for count in (self._originals, self._copies):
            count.counted.connect(self._tell)
        self._keeps.toggled.connect(self._tell)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        captions = ((self.tr("实收　原件"), self._originals), (self.tr("复印件"), self._copies))
        for words, count in captions:
            caption = Label(self, text=words, role="caption")
            caption.setBuddy(count)
            count.setAccessibleName(words)
            row.addWidget(caption)
            row.addWidget(count)
            row.addSpacing(6)
        row.addWidget(self._keeps)
        row.addStretch(1)

    def show_row(self, row: MaterialRow | None) -> None:
        """Show the counts of a ticked material; nothing can be set for one that is not here."""
        self._code = row.code if row else ""
        here = row is not None and row.row.ticked
        self.setEnabled(here)
        self._originals.show_value(row.row.originals if row and here else 0)
        self._copies.show_value(row.row.copies if row and here else 0)
        self._keeps.blockSignals(True)
        self._keeps.setChecked(bool(row and here and row.row.keeps_original))
        self._keeps.blockSignals(False)

    def start(self) -> None:
        """Bring the focus to the first number, ready to be typed over."""
        self._originals.setFocus(Qt.FocusReason.TabFocusReason)
        self._originals.selectAll()

    def _tell(self) -> None:
        counts = (self._originals.value(), self._copies.value(), self._keeps.isChecked())
        self.changed.emit((self._code, *counts))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the table."""
        if event.key() == Qt.Key.Key_Escape:
            self.done.emit()
        else:
            super().keyPressEvent(event)
