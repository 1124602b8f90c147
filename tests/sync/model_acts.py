"""A small street of its own: acts, their lifecycle, how they are sealed. No rule is the program's."""

import hashlib
from functools import lru_cache
from uuid import UUID

import msgspec
from msgspec import Struct

from onewindow_desk.domain.exchange import Sealed
from onewindow_desk.domain.operation import Place, digest, link_hash

MOVES = {
    "receive": ("", "received"),
    "accept": ("received", "accepted"),
    "review": ("accepted", "reviewed"),
    "grant": ("reviewed", "granted"),
    "withdraw": ("accepted", "withdrawn"),
}
ON_A_VERSION = {"review", "grant", "withdraw"}
ADDITIVE = {"note"}
PRESENT = {"grant"}
ENDED = {"granted", "withdrawn"}
LATER_KIND = "survey"
"""A kind that the central learns only when it is upgraded; it adds to a case like a note."""
STRANGER = "nobody"
"""An author without any role."""


class Act(Struct, frozen=True, kw_only=True):
    """The head of an operation in this street."""

    op_id: UUID
    case_id: UUID
    kind: str
    author: str
    at: float
    base: int | None = None
    number: str = ""
    files: tuple[str, ...] = ()
    payload: str = ""


_READ = msgspec.json.Decoder(Act)


def person_mac(author: str, head: bytes) -> bytes:
    return hashlib.sha256(author.encode() + head).digest()


def head_of(act: Act) -> bytes:
    return msgspec.json.encode(act)


@lru_cache(maxsize=4096)
def read_act(head: bytes) -> Act | None:
    """The act, None when the bytes are none."""
    try:
        return _READ.decode(head)
    except msgspec.DecodeError:
        return None


def placed(replica: UUID, after: int, prev: str, head: bytes, payload: bytes, mac: bytes) -> Sealed:
    """An operation as the next one of a chain."""
    place = Place(replica, after + 1, prev)
    name = link_hash(place, head)
    signature = hashlib.sha512(b"desk" + name.encode()).digest()
    return Sealed(
        place=place, head=head, payload=payload, hash=name, desk_signature=signature, person_mac=mac
    )


def is_sound(sealed: Sealed) -> bool:
    """Whether hash and payload are what they say."""
    if link_hash(sealed.place, sealed.head) != sealed.hash:
        return False
    act = read_act(sealed.head)
    return sealed.payload is None or act is None or digest(sealed.payload) == act.payload
