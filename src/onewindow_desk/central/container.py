"""The heads of a push in one piece: `P` and an OpenPGP message of them all, or `R` and one head as it is.

PostgreSQL has no zlib for its functions, but pgcrypto opens OpenPGP messages with compressed content
(RFC 4880). The password is no secret: this is for size, secrecy is TLS's work.
"""

import hashlib
import os
import zlib
from collections.abc import Sequence

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128

PASSWORD = b"onewindow"

_SYMMETRIC_KEY, _LITERAL, _COMPRESSED, _SEALED_DATA, _DIGEST = 3, 11, 8, 18, 19  # RFC 4880, 4.3
_AES_128, _SHA_1, _SIMPLE, _ZLIB = 7, 2, 0, 2  # RFC 4880, 9.2, 9.4, 3.7.1.1, 9.3
_LEVEL = 3  # the ninth takes ten times as long for an eighth less
_KEY = hashlib.sha1(PASSWORD, usedforsecurity=False).digest()[:16]


def packed_heads(heads: Sequence[bytes]) -> bytes:
    """Heads (canonical JSON, so without line ends) for `owd.push`.

    A single head goes as it is: one that cannot be taken out of a batch is sent alone, and must then
    arrive whatever it looks like.
    """
    if len(heads) == 1:
        return b"R" + heads[0]
    return b"P" + _message(b"\n".join(heads))


def _message(plain: bytes) -> bytes:
    """RFC 4880: how the key is made from the password, then sealed data."""
    key_from_password = bytes((4, _AES_128, _SIMPLE, _SHA_1))
    return _packet(_SYMMETRIC_KEY, key_from_password) + _packet(_SEALED_DATA, _sealed(_compressed(plain)))


def _compressed(plain: bytes) -> bytes:
    """A compressed packet with one literal: binary, no name, no date."""
    literal = _packet(_LITERAL, b"b\x00" + bytes(4) + plain)
    return _packet(_COMPRESSED, bytes((_ZLIB,)) + zlib.compress(literal, _LEVEL))


def _sealed(content: bytes) -> bytes:
    """Version 1, then in CFB: a block of chance, its last two bytes again, content, SHA-1 over it all."""
    chance = os.urandom(16)
    hashed = chance + chance[-2:] + content + bytes((0xC0 | _DIGEST, 20))
    whole = hashed + hashlib.sha1(hashed, usedforsecurity=False).digest()
    encryptor = Cipher(AES128(_KEY), CFB(bytes(16))).encryptor()
    return b"\x01" + encryptor.update(whole) + encryptor.finalize()


def _packet(tag: int, body: bytes) -> bytes:
    """A packet with a length of four bytes."""
    return bytes((0xC0 | tag, 0xFF)) + len(body).to_bytes(4, "big") + body
