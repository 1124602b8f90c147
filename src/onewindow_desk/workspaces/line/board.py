"""The board of what goes on without the line: three groups, each with its kinds of work in columns."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from onewindow_desk.services.line import Level, Works
from onewindow_desk.workspaces.shared.widgets.icon_label import IconLabel
from onewindow_desk.workspaces.shared.widgets.label import Label, rule

ICONS = {
    "receive": "inbox",
    "guide": "message-circle-question-mark",
    "scan": "scan-line",
    "find": "search",
    "sign_in": "user",
    "accept": "stamp",
    "others": "eye",
    "decide": "gavel",
    "dispatch": "send",
    "first_sign_in": "key-round",
}
_SIGNS = {
    Level.ALWAYS: ("circle-check", "green"),
    Level.LIMITED: ("triangle-alert", "amber"),
    Level.LATER: ("ban", "grey"),
}
_COLUMNS = 2
_TOP = Qt.AlignmentFlag.AlignTop


def heading(level: Level) -> str:
    """The words over a group."""
    words = {Level.ALWAYS: "照常可办", Level.LIMITED: "有条件可办", Level.LATER: "连上后再办"}
    return QCoreApplication.translate("WorksBoard", words[level])


class WorksBoard(QWidget):
    """`show_works` replaces everything on it; groups with nothing in them are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Works, ...] = ()
        self._columns = _COLUMNS
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._parts: list[QWidget] = []

    def show_works(self, works: Sequence[Works]) -> None:
        """Show these; nothing happens when they are shown already."""
        if tuple(works) != self._shown:
            self._shown = tuple(works)
            self._draw()

    def set_columns(self, columns: int) -> None:
        """Stand in so many columns, as the room allows."""
        if columns != self._columns:
            self._columns = columns
            self._draw()

    def _draw(self) -> None:
        self._clear()
        for level in Level:
            rows = [one for one in self._shown if one.level is level]
            if rows:
                self._put_group(level, rows)
        self._column.addStretch(1)

    def works(self) -> tuple[Works, ...]:
        """What is shown."""
        return self._shown

    def _clear(self) -> None:
        for part in self._parts:
            part.hide()
            part.deleteLater()
        self._parts = []
        while self._column.takeAt(0) is not None:
            pass

    def _put_group(self, level: Level, rows: Sequence[Works]) -> None:
        if self._parts:
            self._put(rule(self))
        self._put(_head(self, level))
        grid = QWidget(self)
        cells = QGridLayout(grid)
        cells.setContentsMargins(0, 0, 0, 0)
        cells.setHorizontalSpacing(16)
        cells.setVerticalSpacing(10)
        for place, one in enumerate(rows):
            cells.addWidget(_entry(grid, one), place // self._columns, place % self._columns, _TOP)
        for column in range(self._columns):
            cells.setColumnStretch(column, 1)
        self._put(grid)

    def _put(self, part: QWidget) -> None:
        self._parts.append(part)
        self._column.addWidget(part)
        part.show()


def _head(parent: QWidget, level: Level) -> QWidget:
    sign, tone = _SIGNS[level]
    head = QWidget(parent)
    row = QHBoxLayout(head)
    row.setContentsMargins(0, 4, 0, 0)
    row.setSpacing(10)
    title = Label(head, text=heading(level), role="h2")
    title.setProperty("tone", tone)
    row.addWidget(IconLabel(head, name=sign, colour=_token(tone), size=22))
    row.addWidget(title, 1)
    return head


def _entry(parent: QWidget, one: Works) -> QWidget:
    entry = QWidget(parent)
    row = QHBoxLayout(entry)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(Label(entry, text=one.title, role="strong"))
    words.addWidget(Label(entry, text=one.text, role="caption", wrap=True))
    sign = IconLabel(entry, name=ICONS[one.name], colour=_token(_SIGNS[one.level][1]), size=20)
    row.addWidget(sign, 0, _TOP)
    row.addLayout(words, 1)
    entry.setAccessibleName(f"{one.title}：{one.text}")
    return entry


def _token(tone: str) -> str:
    return "text2" if tone == "grey" else tone
