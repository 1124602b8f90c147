"""Progress of something slow: a thin bar, words, and a way to stop it. The rest stays usable."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.widgets.icon_label import IconLabel
from onewindow_desk.workspaces.shared.widgets.key_cap import KeyCap
from onewindow_desk.workspaces.shared.widgets.label import Label
from onewindow_desk.workspaces.shared.widgets.pressing import PressButton

SHOW_AFTER_MS = 400


class ProgressLine(QWidget):
    """`begin`, `step`, `end`; appears only when the work takes longer than 0.4 s.

    `stopped` is emitted when the person presses 停止; with a key, its cap stands beside it.
    """

    stopped = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, icon: str = "scan-line", key: Key | None = None
    ) -> None:
        super().__init__(parent)
        self._words = Label(self)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._fit()
        self._stop = PressButton(self)
        self._stop.setText(self.tr("停止"))
        self._stop.setProperty("link", True)
        self._stop.clicked.connect(self.stopped)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        middle = Qt.AlignmentFlag.AlignVCenter
        row.addWidget(IconLabel(self, name=icon, colour="accent"), 0, middle)
        row.addWidget(self._words, 0, middle)
        row.addWidget(self._bar, 0, middle)
        if key is not None:
            row.addWidget(KeyCap(self, key=key), 0, middle)
        row.addWidget(self._stop, 0, middle)
        row.addStretch(1)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(SHOW_AFTER_MS)
        self._wait.timeout.connect(self.show)
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self._bar.setFixedSize(look().px(110), look().px(10))

    def text(self) -> str:
        """The words at the moment."""
        return self._words.text()

    def begin(self, text: str, total: int = 0) -> None:
        """The work starts; `total` steps, or 0 where nobody knows how many."""
        self._bar.setRange(0, total)
        self._say(text)
        self._wait.start()

    def step(self, text: str, done: int = 0) -> None:
        """The work went on to `done` of `total`."""
        self._bar.setValue(done)
        self._say(text)

    def end(self) -> None:
        """The work is over, one way or another."""
        self._wait.stop()
        self.hide()

    def _say(self, text: str) -> None:
        self._words.setText(text)
        self._bar.setAccessibleName(text)
