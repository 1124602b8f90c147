"""Labels that show text as it is: a name with markup in it stays letters."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from onewindow_desk.workspaces.shared.widgets.restyle import restyle


class Label(QLabel):
    """The only label in use: plain text, a role that the style sheet turns into size and colour.

    Roles: caption, body, dim, strong, h2, h1, figure, fault, well, limit, sample, tag.
    """

    def __init__(
        self, parent: QWidget | None = None, *, text: str = "", role: str = "body", wrap: bool = False
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setWordWrap(wrap)
        self.setText(text)

    def set_role(self, role: str) -> None:
        """Change the role; the style follows at once."""
        self.setProperty("role", role)
        restyle(self)


class ElidedLabel(Label):
    """A label on one line that shortens its text with `…` and keeps the whole as tooltip and name."""

    def __init__(self, parent: QWidget | None = None, *, text: str = "", role: str = "body") -> None:
        self._whole = text
        super().__init__(parent, text=text, role=role)
        self.setAccessibleName(text)

    def whole(self) -> str:
        """The text unshortened."""
        return self._whole

    def set_whole(self, text: str) -> None:
        """Set the text to be shown as far as it fits."""
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        wide = self.fontMetrics().horizontalAdvance(self._whole) + 2
        return QSize(wide, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """One letter may be left."""
        return QSize(self.fontMetrics().horizontalAdvance("…"), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten anew."""
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(
            self._whole, Qt.TextElideMode.ElideRight, self.contentsRect().width()
        )
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


def rule(parent: QWidget | None = None) -> QFrame:
    """A thin line between groups."""
    line = QFrame(parent)
    line.setProperty("rule", True)
    line.setFixedHeight(1)
    return line
