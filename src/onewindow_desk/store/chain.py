"""Making and checking operations in format version 1: exact bytes, chain, two signatures.

Stored per operation: `head` (canonical JSON), `payload` (packed), its place in the replica's chain,
`hash` = the link's hash over place and head, the desk's Ed25519 signature over that hash, and the
person's HMAC-SHA256 over the head. The head names the payload's SHA-256 and size, so that
everything hangs together without ever being serialised again.
"""

import hmac
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from onewindow_desk.domain.exchange import Sealed
from onewindow_desk.domain.operation import (
    FORMAT_VERSION,
    Algorithms,
    Head,
    NewOperation,
    Operation,
    Place,
    canonical,
    desk_statement,
    digest,
    link_hash,
)
from onewindow_desk.faults import Fault
from onewindow_desk.store.keys import ChainHead, StoreKeys
from onewindow_desk.store.packing import pack, unpack
from onewindow_desk.store.rows import Signer

UNSIGNED = "desk signature"
"""What is wrong with an operation whose desk signature alone does not fit."""

_HEAD = msgspec.json.Decoder(Head)


def seal(
    new: NewOperation, after: ChainHead, at: datetime, op_id: UUID, signer: Signer, keys: StoreKeys
) -> Sealed:
    """The next operation of this replica's chain, signed by desk and person; `at` is aware."""
    payload = pack(new.payload)
    head = canonical(
        Head(
            v=FORMAT_VERSION,
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
            alg=Algorithms(),
            person_key=signer.person_key_id,
        )
    )
    return link(head, payload, hmac.digest(signer.mac_key, head, "sha256"), after, keys)


def link(head: bytes, payload: bytes | None, person_mac: bytes, after: ChainHead, keys: StoreKeys) -> Sealed:
    """Put a signed head at the end of this replica's chain; an act carried on keeps its person's MAC."""
    place = Place(keys.replica, after.seq + 1, after.hash)
    name = link_hash(place, head)
    return Sealed(
        place=place,
        head=head,
        payload=payload,
        hash=name,
        desk_signature=keys.desk.sign(desk_statement(name)),
        person_mac=person_mac,
    )


def read(sealed: Sealed) -> Operation:
    """The parsed operation, for the fold; Fault when the bytes are not one of a known version."""
    head = read_head(sealed.head)
    payload = None if sealed.payload is None else unpack(sealed.payload)
    return Operation(replica=sealed.place.replica, seq=sealed.place.seq, head=head, payload=payload)


def read_head(head: bytes) -> Head:
    """The parsed head; Fault when the bytes are not one of a known version."""
    try:
        parsed = _HEAD.decode(head)
    except msgspec.DecodeError as trouble:
        raise Fault("The head of an operation cannot be read") from trouble
    if parsed.v != FORMAT_VERSION:
        raise Fault("The operation has a format version that is not known here")
    return parsed


def flaw(sealed: Sealed, after: ChainHead, replica: UUID, desk: Ed25519PublicKey) -> str:
    """What is wrong with an operation that should follow `after`; "" when nothing is."""
    if sealed.place != Place(replica, after.seq + 1, after.hash):
        return "chain"
    return own_flaw(sealed, desk)


def own_flaw(sealed: Sealed, desk: Ed25519PublicKey) -> str:
    """What is wrong with an operation taken alone (hash, payload, signature); "" when nothing is."""
    if link_hash(sealed.place, sealed.head) != sealed.hash:
        return "hash"
    if sealed.payload is not None and digest(sealed.payload) != read_head(sealed.head).payload_sha256:
        return "payload"
    try:
        desk.verify(sealed.desk_signature, desk_statement(sealed.hash))
    except InvalidSignature:
        return UNSIGNED
    return ""
