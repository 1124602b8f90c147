"""A field of a form: caption above, editor, and the line that says what is wrong and what to do."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from onewindow_desk.workspaces.shared import icons
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.widgets.label import Label
from onewindow_desk.workspaces.shared.widgets.restyle import set_state

_ICON = 16
_CAPTION_HEIGHT = 20
_SEVERAL_LINES = 84


class FaultLine(QWidget):
    """⊗ and a bold red line; takes no room while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = QLabel(self)
        self._sign.setTextFormat(Qt.TextFormat.PlainText)
        self._words = Label(self, role="fault", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(4)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self._draw_sign()
        self.hide()

    def text(self) -> str:
        """What it says; "" when nothing is wrong."""
        return self._words.text()

    def say(self, text: str) -> None:
        """Say what is wrong and what to do; "" takes the line away."""
        self._words.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def changeEvent(self, event: QEvent) -> None:
        """Recolour the sign with the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw_sign()

    def _draw_sign(self) -> None:
        worn = look()
        pixels = worn.px(_ICON)
        self._sign.setPixmap(
            icons.pixmap("circle-x", worn.tokens.red, pixels, ratio=self.devicePixelRatioF())
        )
        self._sign.setFixedSize(QSize(pixels, worn.px(_CAPTION_HEIGHT)))


class Field(QWidget):
    """Caption, editor, fault line. The caption is the editor's buddy and gives it its name.

    `editor` is any widget; a plain line edit when none is given. `optional` writes 选填 beside the
    caption (what is required is not marked). `unit` stands in the caption, in brackets.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        caption: str = "",
        editor: QWidget | None = None,
        optional: bool = False,
        unit: str = "",
    ) -> None:
        super().__init__(parent)
        self._editor = editor or QLineEdit()
        self._fit()
        self._caption = Label(self, role="caption")
        self._fault = FaultLine(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for part in (self._caption, self._editor, self._fault):
            column.addWidget(part)
        self._caption.setBuddy(self._editor)
        self.setFocusProxy(self._editor)
        self.set_caption(caption, optional=optional, unit=unit)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        if isinstance(self._editor, QPlainTextEdit):
            self._editor.setFixedHeight(look().px(_SEVERAL_LINES))

    @property
    def editor(self) -> QWidget:
        """The widget that is typed in."""
        return self._editor

    @property
    def line(self) -> QLineEdit:
        """The editor, where it is a line edit; a TypeError where it is another."""
        if not isinstance(self._editor, QLineEdit):
            raise TypeError(f"the editor is a {type(self._editor).__name__}")
        return self._editor

    def caption(self) -> str:
        """The caption without 选填 and unit; also the name the hint calls the field by."""
        return self._name

    def set_caption(self, caption: str, *, optional: bool = False, unit: str = "") -> None:
        """Name the field anew."""
        self._name = caption
        named = self.tr("%1（%2）").replace("%1", caption).replace("%2", unit) if unit else caption
        self._caption.setText(self.tr("%1　选填").replace("%1", named) if optional else named)
        self._editor.setAccessibleName(self._caption.text())

    def fault(self) -> str:
        """What is wrong with it; "" when nothing is."""
        return self._fault.text()

    def set_fault(self, text: str) -> None:
        """Say what is wrong and what to do; the typed text stays. "" clears it."""
        self._fault.say(text)
        self._editor.setAccessibleDescription(text)
        set_state(self._editor, "faulty", "true" if text else "false")

    def value(self) -> str:
        """What is typed or chosen: text, the chosen words, or an ISO date."""
        editor = self._editor
        if isinstance(editor, QLineEdit):
            return editor.text()
        if isinstance(editor, QPlainTextEdit):
            return editor.toPlainText()
        if isinstance(editor, QComboBox):
            return editor.currentText()
        if isinstance(editor, QDateEdit):
            return editor.date().toString(Qt.DateFormat.ISODate)
        if isinstance(editor, QSpinBox):
            return str(editor.value())
        raise TypeError(f"no value in a {type(editor).__name__}")
