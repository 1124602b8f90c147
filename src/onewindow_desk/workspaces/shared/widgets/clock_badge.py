"""How a case stands in time, as a widget."""

from PySide6.QtCore import QEvent, QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from onewindow_desk.workspaces.shared.badges import Badge, BadgeLike, badge_size, draw_badge, words
from onewindow_desk.workspaces.shared.look import look


class ClockBadge(QWidget):
    """Shape, word and colour; `badge` as the domain gives it, or made by the workspace."""

    def __init__(self, parent: QWidget | None = None, *, badge: BadgeLike | None = None) -> None:
        super().__init__(parent)
        self._badge: BadgeLike = badge or Badge("waiting", "")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words(self._badge))

    def badge(self) -> BadgeLike:
        """What it shows."""
        return self._badge

    def show_badge(self, badge: BadgeLike) -> None:
        """Show another badge."""
        self._badge = badge
        self.setAccessibleName(words(badge))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for icon and words."""
        return badge_size(self._badge, look())

    def minimumSizeHint(self) -> QSize:
        """Never shortened."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the badge."""
        painter = QPainter(self)
        draw_badge(painter, QPointF(0, 0), self._badge, look())
        painter.end()
