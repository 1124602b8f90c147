"""The panel at the right: the scanned page, the receipt as it will be, or the 一次性告知单."""

from enum import Enum, auto

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from onewindow_desk.documents.preview import Raster
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.look import Look, Type, look
from onewindow_desk.workspaces.shared.widgets.card import Card
from onewindow_desk.workspaces.shared.widgets.key_cap import KeyCap
from onewindow_desk.workspaces.shared.widgets.label import Label
from onewindow_desk.workspaces.shared.widgets.segments import Segments

_MARGIN = 6


class Shown(Enum):
    """What the panel shows."""

    PAGE = auto()
    RECEIPT = auto()
    GUIDE = auto()


def image_of(raster: Raster) -> QImage:
    """Our own paper as a picture; the pixels are copied."""
    made = QImage(raster.rgba, raster.width, raster.height, raster.stride, QImage.Format.Format_RGBA8888)
    return made.copy()


class PaperView(QWidget):
    """One sheet, as large as fits; words where there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QImage()
        self._fitted = QImage()
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def show_picture(self, picture: QImage, name: str) -> None:
        """Show a sheet; `name` is what a screen reader calls it."""
        self._picture, self._fitted, self._words = picture, QImage(), ""
        self.setAccessibleName(name)
        self.update()

    def say(self, words: str) -> None:
        """Show no sheet and say why."""
        self._picture, self._fitted, self._words = QImage(), QImage(), words
        self.setAccessibleName(words)
        self.update()

    def words(self) -> str:
        """What stands there instead of a sheet."""
        return self._words

    def has_picture(self) -> bool:
        """Whether a sheet is shown."""
        return not self._picture.isNull()

    def _fit(self, worn: Look) -> QImage:
        ratio = self.devicePixelRatioF()
        margin = 2 * worn.px(_MARGIN)
        room = QSize(max(1, self.width() - margin), max(1, self.height() - margin)) * ratio
        wanted = self._picture.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        if self._fitted.size() != wanted:
            mode = Qt.TransformationMode.SmoothTransformation
            self._fitted = self._picture.scaled(wanted, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
            self._fitted.setDevicePixelRatio(ratio)
        return self._fitted

    def paintEvent(self, event: QPaintEvent) -> None:
        """The sheet in the middle, with a thin edge."""
        worn = look()
        painter = QPainter(self)
        if self._picture.isNull():
            painter.setFont(worn.font(Type.CAPTION))
            painter.setPen(worn.colour("text2"))
            wrap = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(8, 8, -8, -8), wrap, self._words)
        else:
            fitted = self._fit(worn)
            size = fitted.deviceIndependentSize().toSize()
            left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
            painter.drawImage(left, top, fitted)
            painter.setPen(QPen(worn.colour("field"), 1))
            painter.drawRect(left, top, size.width() - 1, size.height() - 1)
        painter.end()


class PreviewPanel(Card):
    """`turned_to` emits the Shown that the person asks for."""

    turned_to = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, kind="mat")
        choices = ((Shown.PAGE, self.tr("扫描页")), (Shown.RECEIPT, self.tr("接收凭证")))
        self._switch = Segments(self, choices=choices, name=self.tr("预览"))
        self._title = Label(self, text=self.tr("一次性告知单"), role="strong")
        self._cap = KeyCap(self, key=Key.INTAKE_PREVIEW)
        self._verb = Label(self, role="caption")
        self.view = PaperView(self)
        self.column.setContentsMargins(8, 8, 8, 8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._switch)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._cap)
        head.addWidget(self._verb)
        self.column.addLayout(head)
        self.add(self.view, 1)
        self._switch.chosen.connect(self.turned_to)
        self.turn_to(Shown.PAGE)

    def turn_to(self, shown: Shown) -> None:
        """Say what is shown, and which key does what with it."""
        guide = shown is Shown.GUIDE
        self._switch.setVisible(not guide)
        self._title.setVisible(guide)
        self._cap.set_key(Key.INTAKE_GUIDE if guide else Key.INTAKE_PREVIEW)
        self._verb.setText(self.tr("打印") if guide else self.tr("切换"))
        if not guide:
            self._switch.set_value(shown)
