"""Where the central keeps the bytes of files: in its own chunk table, or, one day, beside it."""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from onewindow_desk.central.trouble import MALFORMED, NOTHING_THERE, Refused
from onewindow_desk.domain.exchange import FilePart
from onewindow_desk.domain.operation import digest


class BlobStore(Protocol):
    """Files by the SHA-256 of their plain bytes, sent and fetched in chunks counted from 0."""

    def missing(self, replica: UUID, sha256: str, size: int, chunk: int) -> tuple[int, ...]:
        """Which chunks of `chunk` bytes are lacking; none when the file is there in full."""

    def put(self, replica: UUID, sha256: str, number: int, data: bytes) -> bool:
        """Keep one chunk; True once the file is there in full and its hash is right."""

    def get(self, replica: UUID, sha256: str, number: int) -> FilePart:
        """One chunk; its `data` None where the file is not there in full or not for this desk."""


class Calling(Protocol):
    """Runs one statement with binary parameters, one answer; see `client.Conversation`."""

    def __call__(self, statement: bytes, *arguments: object) -> Sequence[tuple[Any, ...]]:
        """The rows of the answer."""


class ChunkTable:
    """The central's own table (`owd.blob_*`), over the connection that everything else goes over."""

    def __init__(self, call: Calling) -> None:
        self._call = call

    def missing(self, replica: UUID, sha256: str, size: int, chunk: int) -> tuple[int, ...]:
        """As in BlobStore."""
        asked = b"SELECT owd.blob_missing(%b, %b, %b::bigint, %b::int)"
        return tuple(self._call(asked, replica, bytes.fromhex(sha256), size, chunk)[0][0])

    def put(self, replica: UUID, sha256: str, number: int, data: bytes) -> bool:
        """As in BlobStore; a chunk that came damaged is not kept and will be asked for again."""
        sent = b"SELECT owd.blob_put(%b, %b, %b::int, %b, %b)"
        arguments = (replica, bytes.fromhex(sha256), number, data, bytes.fromhex(digest(data)))
        try:
            return bool(self._call(sent, *arguments)[0][0] == "complete")
        except Refused as refusal:
            if refusal.state != MALFORMED:
                raise
            return False

    def get(self, replica: UUID, sha256: str, number: int) -> FilePart:
        """As in BlobStore."""
        asked = b"SELECT size, chunk, data FROM owd.blob_get(%b, %b, %b::int)"
        try:
            rows = self._call(asked, replica, bytes.fromhex(sha256), number)
        except Refused as refusal:
            if refusal.state != NOTHING_THERE:
                raise
            rows = ()
        size, chunk, data = rows[0] if rows else (0, 0, None)
        return FilePart(size=size or 0, chunk=chunk or 0, data=data)
