"""Making and checking operations in format version 1: exact bytes, chain, two signatures.

Stored per operation: `head` (canonical JSON), `payload` (16 bytes salt, then one zstd frame over
canonical JSON), `hash` = SHA-256 of the head, the desk's Ed25519 signature and the person's
HMAC-SHA256, both over the head. The head names the previous hash and the payload's SHA-256 and
size, so that everything hangs together without ever being serialised again.
"""

import hmac
import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

from onewindow_desk.domain.operation import (
    FORMAT_VERSION,
    Algorithms,
    Head,
    NewOperation,
    Operation,
    canonical,
    digest,
)
from onewindow_desk.faults import Fault
from onewindow_desk.store.keys import ChainHead, StoreKeys
from onewindow_desk.store.rows import Signer

SALT_BYTES = 16
"""So that the hash in the head tells nothing about a payload that could be guessed."""
MAX_PAYLOAD_BYTES = 16 * 1024 * 1024
"""An unpacked payload larger than this was not made by this program."""

_HEAD = msgspec.json.Decoder(Head)


class Sealed(Struct, frozen=True, kw_only=True):
    """An operation as it is stored and sent: bytes and signatures; `payload` None where not ours."""

    head: bytes
    payload: bytes | None
    hash: str
    desk_signature: bytes
    person_mac: bytes


def seal(
    new: NewOperation, after: ChainHead, at: datetime, op_id: UUID, signer: Signer, keys: StoreKeys
) -> Sealed:
    """The next operation of this replica's chain, signed by desk and person; `at` is aware."""
    payload = pack(new.payload)
    head = canonical(
        Head(
            v=FORMAT_VERSION,
            replica=keys.replica,
            seq=after.seq + 1,
            op_id=op_id,
            case_id=new.case_id,
            kind=new.kind,
            schema=new.schema,
            author=signer.person_id,
            at=at.astimezone(UTC),
            base=new.base,
            envelope=new.envelope,
            payload_sha256=digest(payload),
            payload_size=len(payload),
            prev=after.hash,
            alg=Algorithms(),
            desk_key=keys.desk_key_id,
            person_key=signer.person_key_id,
        )
    )
    return Sealed(
        head=head,
        payload=payload,
        hash=digest(head),
        desk_signature=keys.desk.sign(head),
        person_mac=hmac.digest(signer.mac_key, head, "sha256"),
    )


def pack(payload: Any) -> bytes:
    """A payload as it is stored: fresh salt, then zstd over canonical JSON."""
    return os.urandom(SALT_BYTES) + zstandard.ZstdCompressor().compress(canonical(payload))


def unpack(packed: bytes) -> dict[str, Any]:
    """The payload out of its stored bytes; Fault when they are not one."""
    frame = packed[SALT_BYTES:]
    try:
        # The frame's own word on its size is asked first: unpacking believes it without limit.
        if zstandard.frame_content_size(frame) > MAX_PAYLOAD_BYTES:
            raise Fault("The payload of an operation is too large")
        plain = zstandard.ZstdDecompressor().decompress(frame, max_output_size=MAX_PAYLOAD_BYTES)
        return msgspec.json.decode(plain, type=dict[str, Any])
    except (zstandard.ZstdError, msgspec.DecodeError) as trouble:
        raise Fault("The payload of an operation cannot be unpacked") from trouble


def read(head: bytes, payload: bytes | None) -> Operation:
    """The parsed operation, for the fold; Fault when the bytes are not one of a known version."""
    try:
        parsed = _HEAD.decode(head)
    except msgspec.DecodeError as trouble:
        raise Fault("The head of an operation cannot be read") from trouble
    if parsed.v != FORMAT_VERSION:
        raise Fault("The operation has a format version that is not known here")
    return Operation(head=parsed, payload=None if payload is None else unpack(payload))


def flaw(sealed: Sealed, after: ChainHead, replica: UUID, desk: Ed25519PublicKey) -> str:
    """What is wrong with an operation that should follow `after`; "" when nothing is."""
    if digest(sealed.head) != sealed.hash:
        return "hash"
    head = read(sealed.head, None).head
    if head.replica != replica or head.seq != after.seq + 1 or head.prev != after.hash:
        return "chain"
    if sealed.payload is not None and digest(sealed.payload) != head.payload_sha256:
        return "payload"
    try:
        desk.verify(sealed.desk_signature, sealed.head)
    except InvalidSignature:
        return "desk signature"
    return ""
