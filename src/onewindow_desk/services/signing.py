"""Passwords, the person's key that every operation carries, and signing in.

A person's key (32 random bytes per person and desk) is wrapped by the password, so that nobody
else at this desk, not even an administrator, can sign an operation in that person's name.
Argon2id (RFC 9106) stands behind both the verifier and the wrapping key, with separate salts.
"""

import hashlib
import os
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onewindow_desk.domain.people import Person
from onewindow_desk.faults import Refusal
from onewindow_desk.store import Credential, Signer, Store

MIN_PASSWORD = 12
TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
_SALT = 16
_NONCE = 12
_KEY = 32
# RFC 9106, second recommended option: 64 MiB, three passes, four lanes.
_MEMORY_KIB = 64 * 1024
_PASSES = 3
_LANES = 4


def check_password(password: str, *, field: str = "password") -> None:
    """Refuse a password that is too short to keep; nothing else is asked of it."""
    if len(password) < MIN_PASSWORD:
        raise Refusal(f"口令太短。请用至少 {MIN_PASSWORD} 个字符，可以是一句好记的话。", field=field)


def make_credential(person_id: object, password: str) -> Credential:
    """A new verifier and a new person's key, wrapped by the password."""
    check_password(password)
    key = os.urandom(_KEY)
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    sealed = AESGCM(_wrapping_key(password, salt)).encrypt(nonce, key, str(person_id).encode())
    return Credential(verifier=_hasher().hash(password), wrapped_key=salt + nonce + sealed)


def unwrap(person_id: object, password: str, wrapped: bytes) -> bytes:
    """The person's key out of its wrapping; the password was checked before."""
    salt, nonce, sealed = wrapped[:_SALT], wrapped[_SALT : _SALT + _NONCE], wrapped[_SALT + _NONCE :]
    return AESGCM(_wrapping_key(password, salt)).decrypt(nonce, sealed, str(person_id).encode())


def key_id(key: bytes) -> str:
    """A name for a person's key that tells nothing of it: 16 hex digits."""
    return hashlib.sha256(b"onewindow person key id" + key).hexdigest()[:16]


def signer_for(person: Person, password: str, credential: Credential) -> Signer:
    """What the store needs to sign in this person's name."""
    key = unwrap(person.person_id, password, credential.wrapped_key)
    return Signer(person_id=person.person_id, person_key_id=key_id(key), mac_key=key)


def sign_in(store: Store, login: str, password: str, now: datetime) -> tuple[Person, Signer]:
    """Check name and password; five wrong tries lock the name for 15 minutes.

    The refusal never says whether the name exists.
    """
    person = store.person(login.strip())
    credential = store.credentials.get(person.person_id) if person and person.active else None
    if person is None or credential is None:
        raise refuse_unknown(password)
    _refuse_locked(credential, now)
    if not password_fits(credential, password):
        raise _wrong(store, person, credential, now)
    store.credentials.reset(person.person_id)
    return person, signer_for(person, password, credential)


def password_fits(credential: Credential, password: str) -> bool:
    """Whether this is the password that the credential was made with."""
    try:
        return _hasher().verify(credential.verifier, password)
    except VerifyMismatchError:
        return False


def refuse_unknown(password: str) -> Refusal:
    """The refusal of a name that nobody has, as slow as that of a wrong password."""
    _wrapping_key(password, bytes(_SALT))
    return Refusal("登录名或口令不符。请核对后再输入。", field="password")


def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)


def _wrapping_key(password: str, salt: bytes) -> bytes:
    return hash_secret_raw(password.encode(), salt, _PASSES, _MEMORY_KIB, _LANES, _KEY, Type.ID)


def _refuse_locked(credential: Credential, now: datetime) -> None:
    if credential.locked_until is None or credential.locked_until <= now:
        return
    minutes = max(1, -(-int((credential.locked_until - now).total_seconds()) // 60))
    raise Refusal(f"试的次数太多，已暂停。请 {minutes} 分钟后再试。", field="password")


def _wrong(store: Store, person: Person, credential: Credential, now: datetime) -> Refusal:
    tries = credential.tries + 1
    locked = now + LOCKED_FOR if tries >= TRIES else None
    store.credentials.note_failure(person.person_id, locked_until=locked)
    if locked is not None:
        minutes = int(LOCKED_FOR.total_seconds() // 60)
        return Refusal(f"口令不符已满 {TRIES} 次，暂停 {minutes} 分钟。请想好后再试。", field="password")
    return Refusal(f"登录名或口令不符。还可以试 {TRIES - tries} 次。", field="password")
