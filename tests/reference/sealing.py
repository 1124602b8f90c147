"""The exact bytes of an operation, made from a plain dictionary with the standard library.

Format version 1 once more, from its description and not from the product: canonical JSON for the
head, HMAC-SHA256 of the person over it, the chain of the replica, and the container a batch of
heads travels in (RFC 4880, password `onewindow`, simple S2K, AES-128, ZLIB).
"""

import hashlib
import hmac
import json
import os
import uuid
import zlib

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES

ZEROS = b"\x00" * 32
ALGORITHMS = {"desk": "ed25519", "hash": "sha-256", "payload": "zstd-1", "person": "hmac-sha-256"}


def head_bytes(op, payload):
    """The head of an operation dict: what the person signs."""
    fields = {
        "alg": ALGORITHMS,
        "at": op["at"],
        "author": op["author"],
        "base": op["base"],
        "case_id": op["case"],
        "envelope": op["facts"],
        "kind": op["kind"],
        "op_id": op["op_id"],
        "payload_sha256": hashlib.sha256(payload).hexdigest(),
        "payload_size": len(payload),
        "person_key": op["key_id"],
        "schema": 1,
        "v": 1,
    }
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()


def link(replica, seq, before, head):
    """The 32 bytes that name an operation in its place."""
    place = uuid.UUID(replica).bytes + seq.to_bytes(8, "big") + before
    return hashlib.sha256(b"onewindow link 1\n" + place + hashlib.sha256(head).digest()).digest()


def mac(key, head):
    """The person's signature."""
    return hmac.new(key, head, hashlib.sha256).digest()


def _old_packet(tag, body):
    return bytes([0x80 | tag << 2 | 2]) + len(body).to_bytes(4, "big") + body


def pack_heads(heads):
    """The container: compressed, and enciphered only because pgcrypto opens nothing else."""
    literal = _old_packet(11, b"b\x00" + bytes(4) + b"\n".join(heads))
    plain = _old_packet(8, b"\x02" + zlib.compress(literal))
    key = hashlib.sha1(b"onewindow").digest()[:16]
    start = os.urandom(16)
    whole = start + start[-2:] + plain + b"\xd3\x14"
    whole += hashlib.sha1(whole).digest()
    sealed = Cipher(AES(key), CFB(bytes(16))).encryptor().update(whole)
    return (
        b"P"
        + _old_packet(3, b"\x04\x07\x00\x02")
        + b"\xd2\xff"
        + (len(sealed) + 1).to_bytes(4, "big")
        + b"\x01"
        + sealed
    )
