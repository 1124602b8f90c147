"""The lowest line: how the line to the centre is, when the draft was saved, what day it is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from onewindow_desk.domain.dates import SHANGHAI, day_words, weekday_name
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.widgets.icon_label import IconLabel
from onewindow_desk.workspaces.shared.widgets.key_cap import KeyCap
from onewindow_desk.workspaces.shared.widgets.label import Label
from onewindow_desk.workspaces.shared.widgets.rich_button import RichButton


class LinkKind(StrEnum):
    """Without a centre, with one, or with one that does not answer."""

    STANDALONE = "standalone"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Link:
    """State of the line; `detail` says what waits and what is safe."""

    kind: LinkKind
    text: str
    detail: str = ""


_SIGNS = {
    LinkKind.STANDALONE: ("hard-drive", "text2", "body"),
    LinkKind.UP: ("wifi", "green", "well"),
    LinkKind.DOWN: ("wifi-off", "amber", "limit"),
}


def long_date(moment: datetime) -> str:
    """2026年9月21日 星期一 09:42, in Shanghai's time."""
    local = moment.astimezone(SHANGHAI)
    return f"{local.year}年{day_words(local)} {weekday_name(local, '星期')} {local:%H:%M}"


class StatusLine(QFrame):
    """`show_link`, `show_saved`, `show_now`; `asked` is emitted when the link line is pressed."""

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = IconLabel(self, size=16)
        self._words = Label(self)
        self._detail = Label(self, role="caption")
        self._cap = KeyCap(self, key=Key.LINE)
        self._link = RichButton(self, height=28)
        self._link.setProperty("link", True)
        self._link.set_margins(0, 0, 0, 0)
        for part in (self._sign, self._words, self._detail, self._cap):
            self._link.put(part)
        self._link.clicked.connect(self._ask)
        self._saved = Label(self, role="caption")
        self._now = Label(self, role="caption")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 16, 0)
        row.setSpacing(12)
        row.addWidget(self._link)
        row.addStretch(1)
        row.addWidget(self._saved)
        row.addWidget(self._now)
        self.show_link(Link(LinkKind.STANDALONE, self.tr("独立运行 · 数据存本机")))

    def _ask(self) -> None:
        self.asked.emit()

    def show_link(self, link: Link) -> None:
        """Say how the line is. A desk without a centre has no line to look at, and no key for it."""
        sign, colour, role = _SIGNS[link.kind]
        self._sign.show_icon(sign, colour)
        self._words.setText(link.text)
        self._words.set_role(role)
        self._detail.setText(link.detail)
        self._detail.setVisible(bool(link.detail))
        self._cap.setVisible(link.kind is not LinkKind.STANDALONE)
        self._link.setEnabled(link.kind is not LinkKind.STANDALONE)
        self._link.setAccessibleName(f"{link.text} {link.detail}".strip())

    def show_saved(self, at: datetime | None) -> None:
        """Say when the draft was put on disk; None while there is no draft."""
        words = self.tr("草稿 %1 已保存").replace("%1", f"{at.astimezone(SHANGHAI):%H:%M}") if at else ""
        self._saved.setText(words)

    def show_now(self, now: datetime) -> None:
        """Say what day and time it is."""
        self._now.setText(long_date(now))
