"""Card 4: by when the centre must answer, and why; one line where the page is narrow."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from onewindow_desk.domain.deadline import Deadline
from onewindow_desk.domain.item import Item
from onewindow_desk.workspaces.intake.words import AT_ONCE, day, fill, tr, weekday
from onewindow_desk.workspaces.shared.badges import Badge
from onewindow_desk.workspaces.shared.widgets.card import Card
from onewindow_desk.workspaces.shared.widgets.clock_badge import ClockBadge
from onewindow_desk.workspaces.shared.widgets.day_ruler import DayRuler
from onewindow_desk.workspaces.shared.widgets.icon_label import IconLabel
from onewindow_desk.workspaces.shared.widgets.key_cap import KeyCap
from onewindow_desk.workspaces.shared.widgets.label import ElidedLabel, Label, rule
from onewindow_desk.workspaces.shared.widgets.pressing import PressButton

_CAP = "Alt+4"


class Reasons(Label):
    """Why the day is that day; takes the focus so that it can be read out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, wrap=True)
        self.setProperty("reasons", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


def limits_line(item: Item | None, decisions: tuple[Deadline, Deadline] | None, today: date) -> str:
    """承诺 9月24日 · 法定 10月26日, were it accepted today."""
    if item is None or decisions is None:
        return tr("选定事项后给出")
    promised, statutory = decisions
    first = tr("承诺当场办结") if item.case_type == AT_ONCE else _limit(tr("承诺 %1"), promised, today)
    return f"{first} · {_limit(tr('法定 %1'), statutory, today)}"


def _limit(words: str, deadline: Deadline, today: date) -> str:
    told = fill(words, day(deadline.due, today))
    return fill(tr("%1（暂定）"), told) if deadline.provisional else told


class DeadlineCard(Card):
    """The wide form: the day, the ruler, the reasons, and the limits after acceptance."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, title=self.tr("答复期限"), number=4, cap=_CAP)
        self._badge = ClockBadge(self)
        self.head.add(self._badge)
        self._due = Label(self, role="figure")
        self._until = Label(self, role="dim")
        self._ruler = DayRuler(self)
        self.reasons = Reasons(self)
        self._limits = ElidedLabel(self)
        self._full = False
        self._deadline: Deadline | None = None
        self._lay_out()

    def _lay_out(self) -> None:
        self.column.setContentsMargins(12, 12, 12, 12)
        dates = QHBoxLayout()
        dates.setSpacing(10)
        dates.addWidget(self._due)
        dates.addWidget(self._until, 1)
        self.column.addLayout(dates)
        self.add(self._ruler)
        self.add(self.reasons)
        self.add(rule(self))
        after = QHBoxLayout()
        after.setSpacing(12)
        after.addWidget(Label(self, text=self.tr("今天受理"), role="caption"))
        after.addWidget(self._limits, 1)
        self.column.addLayout(after)

    def show_deadline(self, deadline: Deadline, limits: str, today: date) -> None:
        """Show the limit of an application received now."""
        self._deadline = deadline
        days = fill(self.tr("%1 个工作日"), deadline.limit)
        self._badge.show_badge(Badge("ok", days, deadline.provisional))
        self._due.setText(day(deadline.due, today))
        self._until.setText(fill(self.tr("%1 24 时止"), weekday(deadline.due)))
        self._ruler.show_days(deadline.days)
        self._limits.set_whole(limits)
        self._show_reasons()

    def explain(self) -> None:
        """Alt+4: say it in full, and at the next time in short again."""
        self._full = not self._full or not self.reasons.hasFocus()
        self._show_reasons()
        self.reasons.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_reasons(self) -> None:
        if self._deadline is None:
            return
        lines = self._deadline.lines if self._full else self._deadline.brief or self._deadline.lines
        self.reasons.setText("\n".join(line.text for line in lines))


class DeadlineLine(Card):
    """The narrow form: one line; Alt+4 opens the reasons below it."""

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._due = Label(self, role="h2")
        self._until = Label(self, role="dim")
        self._limits = ElidedLabel(self)
        self._why = PressButton(self)
        self._why.setProperty("link", True)
        self._why.setText(self.tr("为什么"))
        self._why.clicked.connect(self.asked)
        self._ruler = DayRuler(self)
        self.reasons = Reasons(self)
        self._lay_out()
        self._open(opened=False)

    def _lay_out(self) -> None:
        self.column.setContentsMargins(16, 6, 16, 6)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(IconLabel(self, name="clock", colour="green", size=22))
        row.addWidget(Label(self, text=self.tr("4 答复期限"), role="strong"))
        row.addWidget(self._due)
        row.addWidget(self._until)
        row.addSpacing(12)
        row.addWidget(self._limits, 1)
        row.addWidget(KeyCap(self, text=_CAP))
        row.addWidget(self._why)
        self.column.addLayout(row)
        self.add(self._ruler)
        self.add(self.reasons)

    def show_deadline(self, deadline: Deadline, limits: str, today: date) -> None:
        """Show the limit of an application received now."""
        due = day(deadline.due, today)
        self._due.setText(fill(self.tr("%1（暂定）"), due) if deadline.provisional else due)
        self._until.setText(fill(self.tr("%1 24 时止"), weekday(deadline.due)))
        self._limits.set_whole(fill(self.tr("今天受理：%1"), limits))
        self._ruler.show_days(deadline.days)
        self.reasons.setText("\n".join(line.text for line in deadline.lines))

    def explain(self) -> None:
        """Open the reasons, or close them."""
        self._open(opened=self.reasons.isHidden())
        (self._why if self.reasons.isHidden() else self.reasons).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _open(self, *, opened: bool) -> None:
        self._ruler.setVisible(opened)
        self.reasons.setVisible(opened)
