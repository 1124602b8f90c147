"""One operation looked at alone: what its bytes prove. This part runs in several processes."""

import hashlib
import json
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from onewindow_desk.admin.verifier.form import HEAD_UNREAD, NO_BASE, NO_ID, PAYLOAD_UNFIT, Sealed, Seen

_LINK, _DESK = b"onewindow link 1\n", b"onewindow desk 1\n"
_ALGORITHMS = {"hash": "sha-256", "desk": "ed25519", "person": "hmac-sha-256", "payload": "zstd-1"}

_MOST_VERSIONS = 1 << 31


def look(sealed: Sealed) -> Seen:
    """Recompute what one operation's bytes prove: hash, signature, payload; and read its head."""
    head_hash = hashlib.sha256(sealed.head).digest()
    link = _link(sealed, head_hash)
    flaws = [] if link == sealed.hash else ["hash"]
    if not sealed.key:
        flaws.append("enrolment")
    elif not _signed(sealed, link):
        flaws.append("signature")
    head = _read_head(sealed.head)
    if head is None:
        return Seen(NO_ID, NO_ID, NO_BASE, "", head_hash, HEAD_UNREAD, tuple(flaws))
    soft = 0 if _payload_fits(sealed.payload, head) else PAYLOAD_UNFIT
    case_id = UUID(head["case_id"]).bytes if head["case_id"] else NO_ID
    base = NO_BASE if head["base"] is None else head["base"]
    return Seen(UUID(head["op_id"]).bytes, case_id, base, _number(head), head_hash, soft, tuple(flaws))


def look_all(batch: list[Sealed]) -> list[Seen]:
    """`look` at each."""
    return [look(sealed) for sealed in batch]


def _link(sealed: Sealed, head_hash: bytes) -> bytes:
    place = sealed.replica + sealed.seq.to_bytes(8, "big") + sealed.prev
    return hashlib.sha256(_LINK + place + head_hash).digest()


def _signed(sealed: Sealed, link: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(sealed.key).verify(sealed.signature, _DESK + link)
    except (InvalidSignature, ValueError):
        return False
    return True


def _read_head(data: bytes) -> dict[str, Any] | None:
    """The head's facts; None when this program's format version 1 does not read them."""
    try:
        head = json.loads(data)
        UUID(head["op_id"]), UUID(head["case_id"] or head["op_id"])
        readable = (
            head["v"] == 1
            and head["alg"] == _ALGORITHMS
            and (head["base"] is None or 0 <= head["base"] < _MOST_VERSIONS)
            and isinstance(head["envelope"], dict)
            and isinstance(head["kind"], str)
        )
        payload_named = len(bytes.fromhex(head["payload_sha256"])) == 32 and head["payload_size"] >= 0
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return head if readable and payload_named else None


def _payload_fits(payload: bytes | None, head: dict[str, Any]) -> bool:
    if payload is None:
        return True
    return bool(
        len(payload) == head["payload_size"] and hashlib.sha256(payload).hexdigest() == head["payload_sha256"]
    )


def _number(head: dict[str, Any]) -> str:
    return str(head["envelope"].get("receipt_no") or "") if head["kind"] == "receive" else ""
