"""Scans on their way to the central: a thin bar and how many of how many are there."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.widgets.label import Label


class ScansLine(QWidget):
    """Takes no room while nothing is on its way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._words = Label(self, role="caption")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._bar, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words)
        self._fit()
        self.hide()

    def show_scans(self, there: int, every: int) -> None:
        """Show how many of how many are at the central; nothing when all are."""
        words = self.tr("扫描件 %1/%2 上传中").replace("%1", str(there)).replace("%2", str(every))
        self._bar.setRange(0, max(every, 1))
        self._bar.setValue(there)
        self._bar.setAccessibleName(words)
        self._words.setText(words)
        self.setVisible(there < every)

    def text(self) -> str:
        """The words shown; "" while nothing is on its way."""
        return "" if self.isHidden() else self._words.text()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self._bar.setFixedHeight(look().px(8))
