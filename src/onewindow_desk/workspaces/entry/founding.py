"""First run: five steps that make the street, its first people and its number series."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from onewindow_desk._built.ui_founding import Ui_Founding
from onewindow_desk.domain.dates import local_date
from onewindow_desk.faults import Blame, Refusal, Refusals, Unreachable
from onewindow_desk.workspaces.entry.founding_plan import plan_of, problems
from onewindow_desk.workspaces.entry.founding_steps import (
    AdminsStep,
    ClerkStep,
    ReviewStep,
    SeriesStep,
    Step,
    StreetStep,
)
from onewindow_desk.workspaces.entry.page import EntryPage
from onewindow_desk.workspaces.shared.enter_walk import EnterWalk
from onewindow_desk.workspaces.shared.forms import dress
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.look import look
from onewindow_desk.workspaces.shared.widgets.field import Field

_AROUND = 24
_HEAD, _BAR, _RAIL = 50, 54, 168


def _today() -> date:
    return local_date(datetime.now(UTC))


def _blames(trouble: Refusal | Unreachable) -> tuple[Blame, ...]:
    if isinstance(trouble, Refusals):
        return trouble.blames
    return (Blame(trouble.field if isinstance(trouble, Refusal) else "", trouble.text),)


class FoundingWizard(EntryPage):
    """`founded` emits a FoundingPlan, once until `refuse` answers it; `joining` asks for the other way.

    `today` gives the day the example number stands for; the machine's own by default. What was typed
    stays whichever way the person goes; a step is left forwards only when its own fields are in order.
    """

    founded = Signal(object)
    joining = Signal()
    """This desk belongs to a street that has a central already."""
    keys = (Key.DO, Key.BACK, Key.JOIN_CENTRE)

    def __init__(
        self, today: Callable[[], date] | None = None, parent: QWidget | None = None, *, sample: bool = True
    ) -> None:
        super().__init__(parent)
        self._today = today or _today
        self._sample = sample
        self._waiting = False
        self._form = Ui_Founding()
        self._form.setupUi(self)
        dress(self)
        self._form.sample.setVisible(sample)
        self._review = ReviewStep()
        self._steps = self._put_in((StreetStep(), AdminsStep(), ClerkStep(), SeriesStep(), self._review))
        self._walk = EnterWalk(self)
        self._walk.finished.connect(self.go_on)
        self._review.changing.connect(self._go_to_key)
        self._form.next.clicked.connect(self.go_on)
        self._form.previous.clicked.connect(self.go_back)
        self._form.join.clicked.connect(self._join)
        for field in self.findChildren(Field):
            field.line.installEventFilter(self)
        self._measure()
        self._show_step(0)

    def _put_in(self, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        for step in steps:
            self._form.steps.addWidget(step)
            step.changed.connect(self._typed_more)
        return steps

    def typed(self) -> dict[str, str]:
        """Everything typed so far, by field."""
        return {key: text for step in self._steps for key, text in step.typed().items()}

    def step(self) -> Step:
        """The step in front."""
        return self._steps[self._form.steps.currentIndex()]

    def first_focus(self) -> QWidget:
        """The first field of the step; where there is none, the blue button."""
        return self._form.next if self.step() is self._review else self.step().first_focus()

    def act(self, key: Key) -> None:
        """F9 goes on, Esc goes back, F8 joins a central instead."""
        if key is Key.DO:
            self.go_on()
        elif key is Key.JOIN_CENTRE:
            self._join()
        else:
            self.go_back()

    def go_on(self) -> None:
        """To the next step when this one is in order; from the last one, found the street."""
        if self._waiting:
            return
        blames = problems(self.typed())
        here = tuple(blame for blame in blames if blame.field in self.step().fields)
        self._show_blames(self.step(), here)
        if here:
            self._say_faults(here)
            # The fault lines take their room first.
            QTimer.singleShot(0, self, self._focus_step)
        elif self.step() is not self._review:
            self._show_step(self._steps.index(self.step()) + 1)
        elif blames:
            self.refuse(Refusals(blames))
        else:
            self._found()

    def go_back(self) -> None:
        """One step back; nothing typed is lost."""
        place = self._steps.index(self.step())
        if place and not self._waiting:
            self._show_step(place - 1)

    def _join(self) -> None:
        if not self._waiting and self._form.join.isVisible():
            self.joining.emit()

    def refuse(self, trouble: Refusal | Unreachable) -> None:
        """The street was not made: go to the first field named, or say it on the last page."""
        self._waiting = False
        self._form.next.setEnabled(True)
        blames = _blames(trouble)
        for step in self._steps:
            self._show_blames(step, tuple(blame for blame in blames if blame.field in step.fields))
        place = next((i for i, step in enumerate(self._steps) if blames[0].field in step.fields), None)
        self._show_step(len(self._steps) - 1 if place is None else place)
        self._form.hint.setText(trouble.text)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._measure()

    def _measure(self) -> None:
        worn = look()
        self._form.rail.setFixedWidth(worn.px(_RAIL))
        self._form.head.setFixedHeight(worn.px(_HEAD))
        self._form.actionBar.setFixedHeight(worn.px(_BAR))

    def _found(self) -> None:
        self._waiting = True
        self._form.next.setEnabled(False)
        self._form.hint.setText(self.tr("正在建立街道，请稍候…"))
        self.founded.emit(plan_of(self.typed(), sample=self._sample))

    def _go_to_key(self, key: object) -> None:
        self._show_step(next(i for i, step in enumerate(self._steps) if step.key == key))

    def _show_step(self, place: int) -> None:
        step = self._steps[place]
        last = step is self._review
        self._form.steps.setCurrentIndex(place)
        self._form.title.setText(step.title)
        self._form.about.setText(step.about)
        self._form.previous.setVisible(place > 0)
        self._form.join.setVisible(place == 0)
        self._form.next.setText(self.tr("建立街道") if last else self.tr("下一步"))
        self._form.next.set_icon("check" if last else "arrow-right")
        self._form.hint.setText(self._how_to_move(last=last))
        self._mark_rail(place)
        self._walk.walk(field.line for field in step.fields.values())
        self._typed_more()
        if self.isVisible():
            # The page is laid out first: only then is the field where it can be scrolled to.
            QTimer.singleShot(0, self, self._focus_step)

    def _how_to_move(self, *, last: bool) -> str:
        return "" if last else self.tr("Enter 下一格 ・ Esc 上一步，已填的都留着")

    def _focus_step(self) -> None:
        if self.isVisible():
            self.first_focus().setFocus()
            self._bring_into_sight(self.first_focus())

    def _mark_rail(self, place: int) -> None:
        form = self._form
        marks = (form.step_street, form.step_admins, form.step_clerk, form.step_series, form.step_review)
        for number, mark in enumerate(marks):
            mark.set_role("strong" if number == place else "dim")

    def _typed_more(self) -> None:
        typed = self.typed()
        for step in self._steps:
            step.look_at(typed, self._today())

    def _show_blames(self, step: Step, blames: tuple[Blame, ...]) -> None:
        for key, field in step.fields.items():
            texts = [blame.text for blame in blames if blame.field == key]
            field.set_fault(texts[0] if texts else "")

    def _say_faults(self, blames: tuple[Blame, ...]) -> None:
        first = self.step().fields[blames[0].field].caption()
        words = self.tr("还有 %1 处要改：%2")
        fields = {blame.field for blame in blames}
        self._form.hint.setText(words.replace("%1", str(len(fields))).replace("%2", first))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A field that gets the focus is scrolled into sight with its caption and fault line."""
        if event.type() is QEvent.Type.FocusIn and isinstance(watched, QLineEdit):
            self._bring_into_sight(watched)
        return super().eventFilter(watched, event)

    def _bring_into_sight(self, editor: QWidget) -> None:
        self._form.scroll.ensureWidgetVisible(editor.parentWidget() or editor, 0, _AROUND)
