"""From a folder to a shift: open or found the store, then sign a person in.

Everything heavy (database, cryptography, catalogue) is imported here and not by `desk`, which puts
the sign-in field on the screen first and lets this run behind it.
"""

import contextlib
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from onewindow_desk.faults import Fault
from onewindow_desk.rules import shipped_rules
from onewindow_desk.services.administer import FoundingPlan, found_street, street_settings
from onewindow_desk.services.shift import Rules, Shift
from onewindow_desk.services.signing import sign_in
from onewindow_desk.settings import StreetSettings, load_desk_settings
from onewindow_desk.store import Changes, KeyringVault, SecretVault, Store

SERVICE = "onewindow-desk"
"""Name of this program's entries in the operating system's vault."""


class OpenDesk:
    """A store that stood its checks, with the rules it is worked by."""

    def __init__(self, folder: Path, store: Store, street: StreetSettings, rules: Rules) -> None:
        self.folder = folder
        self.store = store
        self.street = street
        self.rules = rules

    def check_person(self, login: str, password: str) -> None:
        """Refuse, as signing in does, unless the password is this person's."""
        sign_in(self.store, login, password, self.rules.now())

    def begin_shift(self, login: str, password: str, tell: Callable[[Changes], None]) -> Shift:
        """Sign a person in; Refusal as in `signing.sign_in`."""
        person, signer = sign_in(self.store, login, password, self.rules.now())
        window = load_desk_settings(self.folder).window
        return Shift(self.store, self.rules, self.street, window, person, signer, tell)


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
    store = Store.open(folder, keys, clock=clock)
    with contextlib.ExitStack() as undo:
        undo.callback(store.close)
        street = street_settings(store)
        if street is None:
            raise Fault("a store without its founding operation")
        opened = OpenDesk(folder, store, street, shipped_rules(clock))
        undo.pop_all()
    return opened


def found_desk(
    folder: Path, vault: Callable[[], SecretVault], clock: Callable[[], datetime], plan: FoundingPlan
) -> OpenDesk:
    """Found the street of `plan` below `folder` and open it."""
    ids = (uuid.uuid4(), uuid.uuid4(), uuid.uuid4())
    store = found_street(folder, vault(), plan, uuid.uuid4(), ids, clock)
    return OpenDesk(folder, store, plan.street, shipped_rules(clock))
