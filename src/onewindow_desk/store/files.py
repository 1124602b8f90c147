"""Scans and papers: content-addressed, encrypted, on the disk before anything names them.

A file is addressed by the SHA-256 of its plain bytes. On the disk its name is a keyed hash of that
address, so that nobody without the key can test whether a known paper is there.
"""

import hmac
import os
import re
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onewindow_desk.domain.operation import digest
from onewindow_desk.faults import Refusal
from onewindow_desk.store.disk import FreeSpace, free_space, make_folder, need_space, write_durably

_MAGIC = b"OWDF\x01"
_NONCE = 12
_TAG = 16
_MISSING = "这份文件不在本机上，或读不出来。请重新扫描，或请管理员用备份恢复。"
_ADDRESS = re.compile(r"[0-9a-f]{64}")


class Files:
    """One kind of file of a store, under `folder`; `key` encrypts, `name_key` hides the names.

    Format of a stored file: `OWDF`, version byte 1, 12 bytes nonce, AES-256-GCM of the plain bytes
    with the address as associated data.
    """

    def __init__(
        self, folder: Path, key: bytes, name_key: bytes, reserve: int, free: FreeSpace = free_space
    ) -> None:
        self._folder = folder
        self._cipher = AESGCM(key)
        self._name_key = name_key
        self._reserve = reserve
        self._free = free

    def put(self, data: bytes) -> str:
        """Keep `data`; when this returns its address, the file and its name are durable.

        Raises Refusal when the disk is too full or cannot be written.
        """
        address = digest(data)
        path = self._path(address)
        if not path.exists():
            make_folder(path.parent)
            need_space(self._folder, self._reserve + len(data), self._free)
            write_durably(path, self._sealed(address, data))
        return address

    def get(self, address: str) -> bytes:
        """The plain bytes; Refusal when the file is missing or was changed."""
        try:
            stored = self._path(address).read_bytes()
        except OSError as trouble:
            raise Refusal(_MISSING) from trouble
        start = len(_MAGIC) + _NONCE
        try:
            if not stored.startswith(_MAGIC):
                raise InvalidTag
            return self._cipher.decrypt(stored[len(_MAGIC) : start], stored[start:], address.encode())
        except InvalidTag as trouble:
            raise Refusal("这份文件被改动过或已损坏。请重新扫描，或请管理员用备份恢复。") from trouble

    def has(self, address: str) -> bool:
        """Whether the file is here (its content is checked by `get`)."""
        return self._path(address).exists()

    def size(self, address: str) -> int:
        """Bytes of the plain file; Refusal when it is not here."""
        try:
            return self._path(address).stat().st_size - len(_MAGIC) - _NONCE - _TAG
        except OSError as trouble:
            raise Refusal(_MISSING) from trouble

    def remove(self, address: str) -> None:
        """Forget a file; nothing happens when it is not here."""
        self._path(address).unlink(missing_ok=True)

    def orphans(self, named: Iterable[str]) -> tuple[Path, ...]:
        """Files that none of the addresses in `named` stands for, in order of their paths."""
        known = {self._path(address) for address in named}
        return tuple(sorted(path for path in self._folder.glob("??/*") if path not in known))

    def _sealed(self, address: str, data: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return _MAGIC + nonce + self._cipher.encrypt(nonce, data, address.encode())

    def _path(self, address: str) -> Path:
        if not _ADDRESS.fullmatch(address):
            raise Refusal("文件编号不对，找不到这份文件。请重新选择文件。")
        name = hmac.digest(self._name_key, address.encode(), "sha256").hex()
        return self._folder / name[:2] / name[2:]
