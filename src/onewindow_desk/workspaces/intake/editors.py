"""The editors of the applicant's card, made from what the form asks for."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from onewindow_desk.workspaces.intake.form import Editor, FormField
from onewindow_desk.workspaces.intake.words import tr
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.widgets.masked_edit import MaskedEdit

LONGEST = 2000
"""Characters an editor takes; the checks refuse sooner, with a word about it."""
_LINES = 3


class Choice(QComboBox):
    """A combo box that a passing wheel does not change, and that Down opens."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # The longest choice may not widen the form; the list below shows it whole.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the form, not the choice."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down opens the choices."""
        if event.key() == Qt.Key.Key_Down and not event.modifiers():
            self.showPopup()
        else:
            super().keyPressEvent(event)


def make(field: FormField) -> QWidget:
    """The editor of a field, empty."""
    if field.editor is Editor.CHOICE:
        return _choice(field)
    if field.editor is Editor.LONG:
        return _long()
    line = MaskedEdit() if field.editor is Editor.SECRET else QLineEdit()
    line.setMaxLength(LONGEST)
    if field.editor in (Editor.CODE, Editor.DATE):
        line.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
    if field.editor is Editor.DATE:
        line.setPlaceholderText(tr("年-月-日"))
    return line


def _choice(field: FormField) -> Choice:
    box = Choice()
    for value, words in field.choices:
        box.addItem(words, value)
    return box


def _long() -> QPlainTextEdit:
    text = QPlainTextEdit()
    text.setTabChangesFocus(True)
    text.setFixedHeight(look().px(24 * _LINES + 12))
    text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return text


def read(editor: QWidget) -> str:
    """What is typed or chosen, as the draft keeps it."""
    if isinstance(editor, QComboBox):
        return str(editor.currentData() or "")
    if isinstance(editor, QPlainTextEdit):
        return editor.toPlainText()
    if isinstance(editor, QLineEdit):
        return editor.text()
    raise TypeError(f"no value in a {type(editor).__name__}")


def write(editor: QWidget, value: str) -> None:
    """Show a value without telling anybody; the cursor stays where it is when nothing changes."""
    if read(editor) == value:
        return
    editor.blockSignals(True)
    if isinstance(editor, QComboBox):
        editor.setCurrentIndex(max(0, editor.findData(value)))
    elif isinstance(editor, QPlainTextEdit):
        editor.setPlainText(value)
    elif isinstance(editor, QLineEdit):
        editor.setText(value)
    editor.blockSignals(False)
