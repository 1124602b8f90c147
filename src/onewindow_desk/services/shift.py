"""A shift (班次): one person at one desk from sign-in to sign-out.

Every act of a person goes through `Shift.perform`: one local transaction, then one notice of what
changed. The shift holds what services need and nothing of the screen.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from onewindow_desk.documents.fonts import FontBook
from onewindow_desk.domain.calendar import WorkCalendar
from onewindow_desk.domain.catalogue import Catalogue
from onewindow_desk.domain.people import Person, Role
from onewindow_desk.domain.permit import Standing
from onewindow_desk.faults import Refusal
from onewindow_desk.settings import StreetSettings
from onewindow_desk.store import Changes, Signer, Store, Writing

T = TypeVar("T")


class Rules:
    """What every shift at this desk works by: catalogue, calendar, fonts, the clock."""

    def __init__(
        self,
        catalogue: Catalogue,
        calendar: WorkCalendar,
        fonts: Callable[[], FontBook],
        clock: Callable[[], datetime],
    ) -> None:
        self.catalogue = catalogue
        self.calendar = calendar
        self._fonts = fonts
        self._clock = clock

    @property
    def fonts(self) -> FontBook:
        """The fonts for papers; loaded at the first paper, not at the start."""
        return self._fonts()

    def now(self) -> datetime:
        """The present, aware, UTC."""
        return self._clock()


class Shift:
    """One person's work at this desk; `perform` is the only way to record anything."""

    def __init__(
        self,
        store: Store,
        rules: Rules,
        street: StreetSettings,
        window: str,
        person: Person,
        signer: Signer,
        tell: Callable[[Changes], None],
        *,
        authority: Callable[[], bool] = lambda: True,
    ) -> None:
        self.store = store
        self.rules = rules
        self.street = street
        self.window = window
        self.person = person
        self._signer = signer
        self._tell = tell
        self._authority = authority

    def now(self) -> datetime:
        """The present, aware, UTC."""
        return self.rules.now()

    def standing(self) -> Standing:
        """How this desk stands now: whether the authority answers, or the desk is its own."""
        return Standing(authority=self._authority())

    def perform(self, act: Callable[[Writing], T]) -> T:
        """Run `act` in one transaction, durable when this returns; then tell what changed."""
        with self.store.transaction(self._signer) as writing:
            outcome = act(writing)
        self._tell(writing.changes)
        return outcome

    def need(self, role: Role) -> None:
        """Refuse an act that this person's roles do not allow."""
        if role not in self.person.roles:
            raise Refusal("您的岗位不办这一步。请换有权限的同事办理（F12 换人）。")
