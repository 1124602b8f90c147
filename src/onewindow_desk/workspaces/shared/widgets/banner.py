"""The one line under the head: what is limited, or what must be done now."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from onewindow_desk.workspaces.shared.widgets.icon_label import IconLabel
from onewindow_desk.workspaces.shared.widgets.key_cap import KeyCap
from onewindow_desk.workspaces.shared.widgets.label import ElidedLabel, Label
from onewindow_desk.workspaces.shared.widgets.restyle import restyle, set_state
from onewindow_desk.workspaces.workspace import Notice, Weight


class Banner(QFrame):
    """Keeps one notice per source and shows the worst (the later of equals). Never stacks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notices: dict[str, Notice] = {}
        self._icon = IconLabel(self, name="triangle-alert", colour="amber", size=20)
        self._title = Label(self, role="strong")
        self._text = ElidedLabel(self)
        self._cap = KeyCap(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 8, 16, 8)
        self._row.setSpacing(8)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._title)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._cap)
        self.setProperty("banner", "amber")
        self.hide()

    def tell(self, notice: Notice) -> None:
        """Hear a notice; it takes the place of the source's earlier one."""
        self._notices.pop(notice.source, None)
        self._notices[notice.source] = notice
        self._show_worst()

    def untell(self, source: str) -> None:
        """The matter of this source is over."""
        if self._notices.pop(source, None):
            self._show_worst()

    def shown(self) -> Notice | None:
        """The notice on the screen."""
        if not self._notices:
            return None
        return max(reversed(self._notices.values()), key=lambda notice: notice.weight)

    def _show_worst(self) -> None:
        notice = self.shown()
        self.setVisible(notice is not None)
        if notice is None:
            return
        colour = "red" if notice.weight is Weight.ACT else "amber"
        set_state(self, "banner", colour)
        restyle(self._title)  # its colour hangs on the banner's, which Qt does not notice
        self._icon.show_icon(notice.icon, colour)
        self._title.setText(notice.title)
        self._text.set_whole(notice.text)
        self._cap.setVisible(notice.key is not None)
        if notice.key is not None:
            self._cap.set_key(notice.key)
        self.setAccessibleName(f"{notice.title}{notice.text}")
