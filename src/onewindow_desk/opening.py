"""From a folder to a shift: open or found the store, then sign a person in.

Everything heavy (database, cryptography, catalogue) is imported here and not by `desk`, which puts
the sign-in field on the screen first and lets this run behind it.
"""

import contextlib
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from onewindow_desk.central.client import enrol
from onewindow_desk.faults import Fault
from onewindow_desk.rules import shipped_rules
from onewindow_desk.services.administer import FoundingPlan, found_street, street_settings
from onewindow_desk.services.enrolment import Invitation, attach_desk, enrol_desk
from onewindow_desk.services.presence import Line, Present, sign_in_attached
from onewindow_desk.services.shift import Rules, Shift
from onewindow_desk.services.signing import sign_in
from onewindow_desk.settings import StreetSettings, load_desk_settings
from onewindow_desk.store import Changes, KeyringVault, SecretVault, Store

SERVICE = "onewindow-desk"
"""Name of this program's entries in the operating system's vault."""


_NEGLIGIBLE = timedelta(seconds=5)


class CommonClock:
    """This machine's clock, set right by the central's: receipts of all desks follow one time."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        """The present, aware, UTC."""
        return self._clock() + self._ahead

    def set_right(self, offset_seconds: float) -> None:
        """The central's clock is so much ahead of this machine's; a few seconds are left alone."""
        offset = timedelta(seconds=offset_seconds)
        self._ahead = offset if abs(offset) >= _NEGLIGIBLE else timedelta(0)


class OpenDesk:
    """A store that stood its checks, with the rules it is worked by."""

    def __init__(
        self, folder: Path, store: Store, street: StreetSettings, rules: Rules, clock: CommonClock
    ) -> None:
        self.folder = folder
        self.store = store
        self.street = street
        self.rules = rules
        self.clock = clock

    def check_person(self, login: str, password: str) -> None:
        """Refuse, as signing in does, unless the password is this person's."""
        sign_in(self.store, login, password, self.rules.now())

    def begin_shift(
        self,
        login: str,
        password: str,
        tell: Callable[[Changes], None],
        *,
        line: Line | None = None,
        authority: Callable[[], bool] = lambda: True,
    ) -> tuple[Shift, Present]:
        """Sign a person in, over the line where there is one; Refusal as in `signing.sign_in`.

        `authority` tells whether the authority answers at a moment: the central, or this desk itself.
        """
        if line is None:
            person, signer = sign_in(self.store, login, password, self.rules.now())
            present = Present(person=person, signer=signer)
        else:
            present = sign_in_attached(self.store, line, login, password, self.rules.now())
        window = load_desk_settings(self.folder).window
        shift = Shift(
            self.store,
            self.rules,
            self.street,
            window,
            present.person,
            present.signer,
            tell,
            authority=authority,
        )
        return shift, present

    def join(self, vault: SecretVault, invitation: Invitation) -> None:
        """Attach a street that worked alone to a central, with all it holds."""
        attach_desk(self.store, vault, invitation, enrol)


def system_vault() -> SecretVault:
    """The operating system's own vault; Refusal where there is none to trust."""
    return KeyringVault(SERVICE)


def open_desk(
    folder: Path, vault: Callable[[], SecretVault], clock: Callable[[], datetime]
) -> OpenDesk | None:
    """Open the store below `folder`; None where none was founded yet.

    Raises Refusal with what to do when the vault or the file cannot be trusted.
    """
    keys = vault()
    if not Store.exists(folder):
        return None
    common = CommonClock(clock)
    store = Store.open(folder, keys, clock=common)
    common.set_right(store.link().offset_seconds)
    with contextlib.ExitStack() as undo:
        undo.callback(store.close)
        street = street_settings(store)
        if street is None:
            raise Fault("a store without its founding operation")
        opened = OpenDesk(folder, store, street, shipped_rules(common), common)
        undo.pop_all()
    return opened


def found_desk(
    folder: Path, vault: Callable[[], SecretVault], clock: Callable[[], datetime], plan: FoundingPlan
) -> OpenDesk:
    """Found the street of `plan` below `folder` and open it."""
    ids = (uuid.uuid4(), uuid.uuid4(), uuid.uuid4())
    common = CommonClock(clock)
    store = found_street(folder, vault(), plan, uuid.uuid4(), ids, common)
    return OpenDesk(folder, store, plan.street, shipped_rules(common), common)


def enrol_here(
    folder: Path, vault: Callable[[], SecretVault], clock: Callable[[], datetime], invitation: Invitation
) -> OpenDesk:
    """Make this machine a desk of the central that the invitation names, and open it."""
    enrol_desk(folder, vault(), invitation, enrol, clock).close()
    opened = open_desk(folder, vault, clock)
    if opened is None:
        raise Fault("an enrolled desk without a store")
    return opened
