"""A flat button with several words and signs in it."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.widgets.pressing import PressButton


class RichButton(PressButton):
    """`put(widget)` adds parts from left to right (or down); none of them takes the mouse.

    Qt leaves a layout inside a button out of the button's size, so the size is taken from the layout.
    `height` is in pixels at 100 %; 0 takes what the parts need.
    """

    def __init__(
        self, parent: QWidget | None = None, *, name: str = "", down: bool = False, height: int = 0
    ) -> None:
        super().__init__(parent)
        self._height = height
        self._parts = QVBoxLayout(self) if down else QHBoxLayout(self)
        self._parts.setContentsMargins(12, 0, 12, 0)
        self._parts.setSpacing(8)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def put(self, widget: QWidget, stretch: int = 0) -> None:
        """Add a part."""
        widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._parts.addWidget(widget, stretch, Qt.AlignmentFlag.AlignVCenter)

    def set_height(self, height: int) -> None:
        """Be so high, pixels at 100 %."""
        self._height = height
        self.updateGeometry()

    def set_margins(self, left: int, top: int, right: int, bottom: int) -> None:
        """Room inside the edge, pixels."""
        self._parts.setContentsMargins(left, top, right, bottom)

    def sizeHint(self) -> QSize:
        """What the parts need."""
        needed = self._parts.sizeHint()
        return QSize(needed.width(), look().px(self._height)) if self._height else needed

    def minimumSizeHint(self) -> QSize:
        """Nothing of it can be left out."""
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        """A part that changed its size changes the button's."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)
