"""What a workspace is to the shell: a page with a name, actions, a hint, a count and a first focus.

A workspace changes its `bar_actions()`, `hint()` or `count()` and says so by signal; the shell reads them
again. It never creates a shortcut: the shell owns every key and calls the action's `slot`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from onewindow_desk.domain.people import Role
from onewindow_desk.workspaces.shared.keys import Group, Key


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do here, with its key.

    `enabled` is False only where nothing can be done yet (drawn dashed); a form with faults left
    keeps it True and `slot` goes to the first fault. `shown` False: the key works, the bar has no
    button. At most one action of a workspace has `primary`, and its key is `Key.DO`.
    """

    key: Key
    text: str
    slot: Callable[[], None]
    icon: str = ""
    primary: bool = False
    enabled: bool = True
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Count:
    """The number in the rail; 0 shows none; `urgent` draws it red."""

    number: int = 0
    urgent: bool = False


class Weight(IntEnum):
    """How bad a notice is; the banner keeps the worst."""

    LIMIT = 1  # amber: works on with limits
    ACT = 2  # red: something must be done now


@dataclass(frozen=True, slots=True)
class Notice:
    """One line for the banner: `title` bold, `text` says what is safe and what to do.

    `source` names who says it ("store", "printer", ...): a new notice of a source replaces its old one.
    """

    source: str
    title: str
    text: str = ""
    weight: Weight = Weight.LIMIT
    icon: str = "triangle-alert"
    key: Key | None = None


class Workspace(QWidget):
    """Base of every workspace; subclasses set the class attributes and override what they need."""

    name = ""
    icon = "inbox"
    needs: frozenset[Role] = frozenset()
    """Any one of these roles opens it; empty: everybody signed in."""
    groups: tuple[Group, ...] = ()
    """Groups of keys that work here, for the overlay, beside those that work everywhere."""

    actions_changed = Signal()
    hint_changed = Signal()
    count_changed = Signal()
    told = Signal(object)
    """Emits a Notice for the banner."""
    untold = Signal(object)
    """Emits the source whose notice is over."""
    saved = Signal(object)
    """Emits the aware time at which a draft went to disk; None when there is no draft."""
    connecting = Signal()
    """Asks for a try to connect to the central now."""
    opening = Signal(object)
    """Emits the name of another workspace this one asks the shell to open."""
    finding = Signal(object)
    """Emits a text to be found as if it had been typed under F3."""
    leaving = Signal()
    """A page opened over another one is done: the shell goes back to the one before."""

    def title(self) -> str:
        """Name in the rail."""
        return self.name

    def heading(self) -> str:
        """Name in the head of the page; the rail's unless a page needs more words."""
        return self.title()

    def first_focus(self) -> QWidget:
        """The widget that gets the focus when the workspace is opened."""
        return self

    def bar_actions(self) -> tuple[Action, ...]:
        """The actions of the bar, left to right; the primary one is drawn rightmost."""
        return ()

    def hint(self) -> str:
        """The words at the left of the action bar: what is missing, or which keys move here."""
        return ""

    def count(self) -> Count:
        """The number in the rail."""
        return Count()

    def opened(self) -> None:
        """The page was brought to the front."""

    def closed(self) -> None:
        """Another page was brought to the front, or the person left."""

    def refresh(self, changes: object) -> None:
        """Something was written; `changes` says what. Unconcerned workspaces do nothing."""

    def show_line(self, facts: object) -> None:
        """How the line to the central stands now; `facts` is a LineFacts."""

    def go_to_block(self, number: int) -> None:
        """Alt+1…4: move the focus to the block or filter of that number, counted from 1."""

    def answer(self, key: Key) -> bool:
        """A key that works everywhere and whose work is done here, as F2 in 收件.

        The shell asks the open workspace first, then the others, and opens the one that says True.
        """
        return False

    def find_text(self, text: str) -> bool:
        """The text of F3 or of a scanned code; True if this workspace shows what was found.

        Asked in the same order as `answer`.
        """
        return False

    def back(self) -> bool:
        """Esc: one step back inside the page. True if there was one to take."""
        return False
