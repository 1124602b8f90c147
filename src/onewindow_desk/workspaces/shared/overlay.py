"""All keys on one page: F1 opens it over a dimmed window, F1 or Esc closes it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from onewindow_desk.workspaces.shared.keys import Group, Key, heading, keys_of
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.widgets.key_cap import KeyCap
from onewindow_desk.workspaces.shared.widgets.label import Label, rule

_ALWAYS = (Group.EVERYWHERE, Group.FORM)
_ROW = 28
_DIM = 96
_MOVES = {
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
}


def _caps(parent: QWidget, key: Key) -> QWidget:
    holder = QWidget(parent)
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    for cap in key.cap.split(" "):
        row.addWidget(KeyCap(holder, text=cap))
    row.addStretch(1)
    return holder


class _Column(QWidget):
    """Groups of keys one below the other."""

    def __init__(self, parent: QWidget, groups: Sequence[Group]) -> None:
        super().__init__(parent)
        worn = look()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        grid.setColumnMinimumWidth(0, worn.px(108))
        grid.setColumnStretch(1, 1)
        line = 0
        for group, keys in keys_of(groups).items():
            grid.setRowMinimumHeight(line, worn.px(_ROW + (12 if line else 0)))
            grid.addWidget(
                Label(self, text=heading(group), role="h2"), line, 0, 1, 2, Qt.AlignmentFlag.AlignBottom
            )
            for place, key in enumerate(keys, line + 1):
                grid.setRowMinimumHeight(place, worn.px(_ROW))
                grid.addWidget(_caps(self, key), place, 0)
                grid.addWidget(Label(self, text=key.text), place, 1)
            line += len(keys) + 1
        grid.setRowStretch(line, 1)


class _Roomy(QScrollArea):
    """Asks for all the room its content needs, and scrolls only where it does not get it."""

    def sizeHint(self) -> QSize:
        content = self.widget()
        return content.sizeHint() if content is not None else super().sizeHint()


class KeyOverlay(QWidget):
    """Covers its parent; `closed` is emitted when the person is done with it.

    The focus comes here and goes back where it was.
    """

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._before: QWidget | None = None
        self._panel: QFrame | None = None
        self._scroll: QScrollArea | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("全部按键"))
        parent.installEventFilter(self)
        self.hide()

    def open_for(self, groups: Sequence[Group]) -> None:
        """Show the keys that work everywhere and those of these groups."""
        if self._panel is not None:
            self._panel.deleteLater()
        self._panel = self._build(groups)
        self._before = self.window().focusWidget()
        self._fit()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_page(self) -> None:
        """Take it away and give the focus back."""
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._before = None
        self.closed.emit()

    def _build(self, groups: Sequence[Group]) -> QFrame:
        panel = QFrame(self)
        panel.setObjectName("overlay")
        column = QVBoxLayout(panel)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(Label(panel, text=self.tr("全部按键"), role="h1"))
        head.addStretch(1)
        head.addWidget(Label(panel, text=self.tr("按 Esc 收起"), role="caption"))
        column.addLayout(head)
        column.addWidget(rule(panel))
        column.addWidget(self._columns(panel, groups), 1)
        return panel

    def _columns(self, panel: QFrame, groups: Sequence[Group]) -> QScrollArea:
        holder = QWidget()
        columns = QHBoxLayout(holder)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(24)
        for part in (_ALWAYS[:1], _ALWAYS[1:], tuple(group for group in groups if group not in _ALWAYS)):
            if part:
                columns.addWidget(_Column(holder, part), 1)
        self._scroll = _Roomy(panel)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(holder)
        return self._scroll

    def _fit(self) -> None:
        below = self.parentWidget()
        if self._panel is None or below is None:
            return
        self.setGeometry(below.rect())
        worn = look()
        needed = self._panel.sizeHint()
        wide = min(max(needed.width(), worn.px(1040)), self.width() - 32)
        size = QSize(wide, min(needed.height(), self.height() - 32))
        self._panel.resize(size)
        self._panel.move((self.width() - size.width()) // 2, (self.height() - size.height()) // 2)
        self._panel.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the parent whatever its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._fit()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes, arrows and page keys scroll; nothing typed goes through to what lies below."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_page()
        elif self._scroll is not None and event.key() in _MOVES:
            self._scroll.verticalScrollBar().triggerAction(_MOVES[Qt.Key(event.key())])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the panel closes too."""
        if self._panel is None or not self._panel.geometry().contains(event.position().toPoint()):
            self.close_page()

    def focusNextPrevChild(self, next_one: bool) -> bool:
        """Tab stays here."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim what lies below."""
        painter = QPainter(self)
        dim = QColor(look().colour("text")) if look().tokens.name == "light" else QColor("#000000")
        dim.setAlpha(_DIM if look().tokens.name == "light" else 190)
        painter.fillRect(self.rect(), dim)
        painter.end()
