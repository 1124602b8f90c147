"""Signing in at a desk that belongs to a central: proven there while the line is up, here while not.

The password never leaves the desk: the central asks with a nonce and is answered with a proof. What
a person signs operations with at this desk is made here at the first sign-in, wrapped by the password,
and told to the central once, so that it can check every signature. While the line is down the desk's
own copy of the password's verifier lets in for seven days who was proven at the central before.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from msgspec import Struct

from onewindow_desk.central.proof import client_key, new_stretching, secret_of
from onewindow_desk.central.proof import proof as proof_of
from onewindow_desk.domain.access import Challenge, Proven, Secret
from onewindow_desk.domain.people import Person
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.services.signing import (
    make_credential,
    password_fits,
    refuse_unknown,
    sign_in,
    signer_for,
)
from onewindow_desk.store import Credential, Signer, Store

T = TypeVar("T")

OFFLINE_FOR = timedelta(days=7)
"""How long after the last proof at the central a person may sign in without it."""
PATIENCE = 6.0
"""Seconds a person waits for the central before the desk's own check is asked instead."""


class Doorkeeper(Protocol):
    """What of the central's calls signing in needs."""

    def challenge(self, replica: UUID, person: UUID) -> Challenge:
        """What the person must answer."""

    def prove_person(
        self, replica: UUID, person: UUID, proof: bytes, key_id: str, key: bytes | None
    ) -> Proven:
        """The answer; `key` is what this person signs with at this desk."""

    def new_secret(self, replica: UUID, person: UUID, secret: Secret) -> None:
        """What the central keeps of a password from now on."""

    def leave(self, replica: UUID) -> None:
        """Nobody is present any more."""


class Line(Protocol):
    """The one connection to the central."""

    def ask(self, question: Callable[[Doorkeeper], T], seconds: float) -> T:
        """The answer of a call on the connection; Unreachable when none comes in time."""


class Present(Struct, frozen=True, kw_only=True):
    """A person signed in: who, how they sign, and how they prove to be here on a new connection."""

    person: Person
    signer: Signer
    key: bytes | None = None

    def __repr__(self) -> str:
        """Without the key."""
        return f"Present({self.person.person_id})"

    def prove(self, door: Doorkeeper, replica: UUID) -> None:
        """Be present on a new connection; nothing where the sign-in was the desk's own."""
        if self.key is not None:
            challenge = door.challenge(replica, self.person.person_id)
            _answer(door, replica, self.key, challenge, self.signer)


def sign_in_attached(store: Store, line: Line, login: str, password: str, now: datetime) -> Present:
    """Prove a person at the central, or here while the line is down.

    Raises Refusal as `signing.sign_in` does, also when the last proof is more than seven days old.
    """
    person = store.person(login.strip())
    if person is None or not person.active:
        raise refuse_unknown(password)
    try:
        return _prove(store, line, person, password, now)
    except Unreachable:
        return _sign_in_here(store, person, password, now)


def _prove(store: Store, line: Line, person: Person, password: str, now: datetime) -> Present:
    challenge = _challenge(store, line, person)
    if not challenge.known:
        # Founded at this desk before there was a central: the desk's check is the only one there is.
        sign_in(store, person.login, password, now)
        secret = secret_of(password, new_stretching())
        line.ask(lambda door: door.new_secret(store.replica, person.person_id, secret), PATIENCE)
        challenge = _challenge(store, line, person)
    key = client_key(password, challenge.stretching)
    kept = store.credentials.get(person.person_id)
    fresh = None if kept and password_fits(kept, password) else make_credential(person.person_id, password)
    credential = fresh or kept
    if credential is None:
        raise refuse_unknown(password)
    signer = signer_for(person, password, credential)
    line.ask(lambda door: _answer(door, store.replica, key, challenge, signer), PATIENCE)
    _keep(store, person, fresh, now)
    return Present(person=person, signer=signer, key=key)


def _challenge(store: Store, line: Line, person: Person) -> Challenge:
    return line.ask(lambda door: door.challenge(store.replica, person.person_id), PATIENCE)


def _answer(door: Doorkeeper, replica: UUID, key: bytes, challenge: Challenge, signer: Signer) -> Proven:
    answer = proof_of(key, challenge.nonce, signer.person_id, replica)
    return door.prove_person(replica, signer.person_id, answer, signer.person_key_id, signer.mac_key)


def _keep(store: Store, person: Person, fresh: Credential | None, now: datetime) -> None:
    if fresh is not None:
        store.credentials.put(person.person_id, fresh)
    store.credentials.reset(person.person_id)
    store.credentials.note_online(person.person_id, now)


def _sign_in_here(store: Store, person: Person, password: str, now: datetime) -> Present:
    kept = store.credentials.get(person.person_id)
    if kept is None:
        raise Refusal(
            "线路断开，您又是第一次在本机登录，现在核对不了。请等线路恢复后再登录，或到您用过的窗口办理。",
            field="password",
        )
    # Whoever came along with a store that worked alone was last known for sure when it was attached.
    known_at = kept.online_at or store.link().attached_at
    if known_at is not None and now - known_at > OFFLINE_FOR:
        raise Refusal("线路断开，您已超过 7 天没有联网登录。请等线路恢复后再登录。", field="password")
    known, signer = sign_in(store, person.login, password, now)
    return Present(person=known, signer=signer)
