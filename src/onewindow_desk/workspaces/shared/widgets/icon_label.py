"""An icon that follows the theme."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

from onewindow_desk.workspaces.shared import icons
from onewindow_desk.workspaces.shared.look import look


class IconLabel(QLabel):
    """An icon by its name, in the colour of a token, `size` pixels at 100 %. Words stand beside it."""

    def __init__(
        self, parent: QWidget | None = None, *, name: str = "", colour: str = "text2", size: int = 18
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._name, self._colour, self._size = name, colour, size
        self._draw()

    def show_icon(self, name: str, colour: str) -> None:
        """Show another icon, in the colour of a token."""
        self._name, self._colour = name, colour
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Recolour with the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()

    def _draw(self) -> None:
        worn = look()
        pixels = worn.px(self._size)
        self.setFixedSize(QSize(pixels, pixels))
        if self._name:
            colour = getattr(worn.tokens, self._colour)
            self.setPixmap(icons.pixmap(self._name, colour, pixels, ratio=self.devicePixelRatioF()))
