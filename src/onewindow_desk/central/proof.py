"""Proving a password without sending it, and making a login's verifier where its password is born.

After RFC 5802 (SCRAM): the central keeps SHA-256 of a key that only the stretched password gives, and a
proof is good for one nonce, one person and one enrolment.
"""

import base64
import hashlib
import hmac
import os
from uuid import UUID

from argon2.low_level import Type, hash_secret_raw

from onewindow_desk.domain.access import Secret, Stretching

SALT_BYTES = 16
MEMORY_KIB, PASSES, LANES = 65_536, 3, 4  # RFC 9106, 4: the second recommended option
LOGIN_ITERATIONS = 4096
"""Enough for a password of 32 random bytes; people's passwords are stretched by Argon2id."""

_CLIENT_KEY = b"onewindow client 1"


def new_stretching() -> Stretching:
    """A fresh salt, and today's costs."""
    return Stretching(salt=os.urandom(SALT_BYTES), memory_kib=MEMORY_KIB, passes=PASSES, lanes=LANES)


def client_key(password: str, stretching: Stretching) -> bytes:
    """The 32 bytes that prove the password; takes a good part of a second, on purpose."""
    stretched = hash_secret_raw(
        password.encode(),
        stretching.salt,
        time_cost=stretching.passes,
        memory_cost=stretching.memory_kib,
        parallelism=stretching.lanes,
        hash_len=32,
        type=Type.ID,
    )
    return hmac.digest(stretched, _CLIENT_KEY, "sha256")


def secret_of(password: str, stretching: Stretching) -> Secret:
    """What the central may keep of a password."""
    return Secret(stretching=stretching, stored_key=_stored(client_key(password, stretching)))


def proof(key: bytes, nonce: bytes, person: UUID, replica: UUID) -> bytes:
    """The answer (32 bytes) of who has this client key to one nonce."""
    mask = hmac.digest(_stored(key), nonce + person.bytes + replica.bytes, "sha256")
    return bytes(mine ^ theirs for mine, theirs in zip(key, mask, strict=True))


def login_verifier(password: str) -> str:
    """PostgreSQL's SCRAM-SHA-256 verifier of a login's password, so that the password never travels.

    `password` is plain ASCII: no preparation of the text (RFC 4013) changes it.
    """
    salt = os.urandom(SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, LOGIN_ITERATIONS)
    stored = _stored(hmac.digest(salted, b"Client Key", "sha256"))
    server = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${LOGIN_ITERATIONS}:{_text(salt)}${_text(stored)}:{_text(server)}"


def _stored(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
