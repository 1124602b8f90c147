"""A way on as a wide button: icon, title, whether it is recommended, what it does, its key."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from onewindow_desk.workspaces.attention.words import Way
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.widgets.icon_label import IconLabel
from onewindow_desk.workspaces.shared.widgets.key_cap import KeyCap
from onewindow_desk.workspaces.shared.widgets.label import Label
from onewindow_desk.workspaces.shared.widgets.pressing import PressButton
from onewindow_desk.workspaces.shared.widgets.restyle import set_state

_SIDE, _EDGE = 16, 10
_TAG_HEIGHT = 24


class ExitButton(PressButton):
    """Shows a `Way`; as high as its words need at its width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._way: Way | None = None
        self._icon = IconLabel(self, size=24)
        self._title = Label(self, role="h2")
        self._tag = Label(self, text=self.tr("建议"), role="tag")
        self._text = Label(self, role="dim", wrap=True)
        self._cap = KeyCap(self)
        self.setProperty("exit", "plain")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._lay_out()
        self._measure()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self._tag)
        head.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(head)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(_SIDE, _EDGE, _SIDE, _EDGE)
        row.setSpacing(14)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addWidget(self._cap)
        for part in (self._icon, self._title, self._tag, self._text, self._cap):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_way(self, way: Way) -> None:
        """Show another way."""
        self._way = way
        ink = "disabled" if not way.ready else "accent" if way.best else "text"
        self._icon.show_icon(way.icon, ink)
        self._title.setText(way.title)
        self._tag.setVisible(way.best)
        self._text.setText(way.text)
        self._cap.setVisible(way.key is not None)
        if way.key is not None:
            self._cap.set_key(way.key)
        self.setEnabled(way.ready)
        set_state(self, "exit", "best" if way.best else "plain")
        for label in (self._title, self._text):
            set_state(label, "tone", "" if way.ready else "disabled")
        self.setAccessibleName(f"{way.title}：{way.text}")
        self.updateGeometry()

    def way(self) -> Way | None:
        """What it shows."""
        return self._way

    def hasHeightForWidth(self) -> bool:
        """The words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """What the words need at that width, pixels."""
        layout = self.layout()
        return layout.heightForWidth(width) if layout is not None else 0

    def sizeHint(self) -> QSize:
        """What the parts need."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else QSize()

    def minimumSizeHint(self) -> QSize:
        """Narrow is possible, for the words wrap; low is not."""
        return QSize(look().px(200), self.heightForWidth(max(self.width(), look().px(200))))

    def event(self, event: QEvent) -> bool:
        """A part that changed its size changes the button's."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._measure()

    def _measure(self) -> None:
        self._tag.setFixedHeight(look().px(_TAG_HEIGHT))
