"""A few choices side by side, one of them taken."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from onewindow_desk.workspaces.shared.look import Type, look
from onewindow_desk.workspaces.shared.widgets.pressing import PressButton

_HEIGHT = 32
_SIDE = 14
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class _Segment(PressButton):
    """One choice; as wide as it is when bold, so that choosing moves nothing."""

    def sizeHint(self) -> QSize:
        worn = look()
        wide = QFontMetrics(worn.font(Type.STRONG)).horizontalAdvance(self.text())
        return QSize(wide + 2 * worn.px(_SIDE), worn.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS:
            event.ignore()  # the group moves the choice, Qt would only move the focus
            return
        super().keyPressEvent(event)


class Segments(QWidget):
    """Choices given as (value, words). Arrows move the choice, Tab leaves; `chosen` emits the value.

    Only the taken segment is a stop of the Tab key. `name` is what a screen reader calls the group.
    """

    chosen = Signal(object)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        choices: Sequence[tuple[object, str]] = (),
        name: str = "",
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._values: list[object] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_choices(choices)

    def set_choices(self, choices: Sequence[tuple[object, str]]) -> None:
        """Offer other choices and take the first; emits nothing."""
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.deleteLater()
        self._values = [value for value, _ in choices]
        for place, (_, words) in enumerate(choices):
            self._row.addWidget(self._segment(place, words))
        if choices:
            self.set_value(self._values[0])

    def _segment(self, place: int, words: str) -> PressButton:
        button = _Segment(self)
        button.setText(words)
        button.setCheckable(True)
        button.setProperty("segment", "next" if place else "first")
        button.setAccessibleName(self.tr("%1：%2").replace("%1", self._name).replace("%2", words))
        button.clicked.connect(self._tell)
        self._group.addButton(button, place)
        return button

    def value(self) -> object:
        """The value taken."""
        place = self._group.checkedId()
        return self._values[place] if place >= 0 else None

    def set_value(self, value: object) -> None:
        """Take a value; emits nothing. A value that is not offered is a ValueError."""
        self._group.button(self._values.index(value)).setChecked(True)
        self._one_stop()

    def button(self, value: object) -> QAbstractButton:
        """The segment of a value."""
        return self._group.button(self._values.index(value))

    def _tell(self) -> None:
        self._one_stop()
        self.chosen.emit(self.value())

    def _one_stop(self) -> None:
        for button in self._group.buttons():
            stop = Qt.FocusPolicy.StrongFocus if button.isChecked() else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(stop)
            if button.isChecked():
                self.setFocusProxy(button)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right (up and down) move the choice along."""
        step = _STEPS.get(Qt.Key(event.key()), 0)
        place = self._group.checkedId() + step
        if not step or not 0 <= place < len(self._values):
            super().keyPressEvent(event)
            return
        button = self._group.button(place)
        button.setFocus(Qt.FocusReason.TabFocusReason)
        button.click()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
