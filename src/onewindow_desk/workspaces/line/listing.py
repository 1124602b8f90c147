"""The waiting steps as rows: when, which case, what was done, how far it is."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from onewindow_desk.services.line import WaitingStep
from onewindow_desk.services.words import moment_words
from onewindow_desk.workspaces.shared.badges import Badge
from onewindow_desk.workspaces.shared.rows import Cell, Column


def tr(text: str) -> str:
    """The list's words in the person's language; Chinese is the source."""
    return QCoreApplication.translate("Line", text)


def columns(now: Callable[[], datetime]) -> tuple[Column[WaitingStep], ...]:
    """The columns; widths in pixels at 100 %, the case takes what is left."""
    return (
        Column(tr("时间"), lambda step: Cell(moment_words(step.at, now())), 84),
        Column(tr("办件"), lambda step: Cell(step.applicant)),
        Column(tr("这一步"), lambda step: Cell(step_words(step)), 132),
        Column(tr("状态"), lambda step: Cell(badge=state_badge(step)), 90),
    )


def step_words(step: WaitingStep) -> str:
    """收件, or 收件，已打印."""
    return tr("%1，已打印").replace("%1", step.step) if step.printed else step.step


def state_badge(step: WaitingStep) -> Badge:
    """Not sent yet, or sent and without an answer."""
    return Badge("sent", tr("已发出")) if step.state == "sent" else Badge("unsent", tr("待发"))
