"""A key, drawn as a key."""

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.look import Look, Type, look

HEIGHT = 22
_SIDE = 9


class KeyCap(QLabel):
    """The cap of a key: `text` as it stands on it, or `key` of the enum.

    A cap stays 22 high (at 100 %) however tall its row is.
    """

    def __init__(self, parent: QWidget | None = None, *, text: str = "", key: Key | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("cap", True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setText(key.cap if key else text)
        self._fit()

    def set_key(self, key: Key) -> None:
        """Show another key."""
        self.setText(key.cap)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(look().px(HEIGHT))


def cap_size(text: str, worn: Look) -> QSize:
    """Pixels a painted cap needs."""
    wide = QFontMetrics(worn.font(Type.CAPTION)).horizontalAdvance(text)
    return QSize(wide + 2 * worn.px(_SIDE), worn.px(HEIGHT))


def draw_cap(painter: QPainter, box: QRect, text: str, worn: Look, colours: tuple[str, str, str]) -> None:
    """Paint a cap in a box; `colours` are tokens of rim, ground and letters."""
    rim, ground, letters = colours
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(worn.colour(rim), 1))
    painter.setBrush(worn.colour(ground))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setPen(worn.colour(letters))
    painter.setFont(worn.font(Type.CAPTION))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
