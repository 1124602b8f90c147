"""The keys outside the store: a vault that the operating system guards.

`KeyringVault` accepts only backends that encrypt with the person's login; a backend that writes
plain text, or none at all, is refused before any key is made.
"""

import sys
from typing import Protocol

import keyring
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import KeyringError, PasswordDeleteError

from onewindow_desk.faults import Refusal

ALLOWED_BACKENDS = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
        "keyring.backends.macOS.Keyring",
    }
)

_NO_VAULT = (
    "系统的密码保管库没有开启，本程序的钥匙无处存放。"
    "请管理员开启系统密码库（Windows 凭据管理器，或 Linux 的 Secret Service），再启动本程序。"
)
_PLAIN_VAULT = (
    "系统的密码保管库不加密，不能存放本程序的钥匙。"
    "请管理员停用明文保管库，改用系统自带的密码库，再启动本程序。"
)
_SHUT_VAULT = "系统的密码保管库打不开。请注销后重新登录系统；仍打不开时请管理员解锁密码库。"

if sys.platform == "linux":
    from secretstorage.exceptions import SecretStorageException

    _TROUBLES: tuple[type[Exception], ...] = (KeyringError, OSError, SecretStorageException)
else:
    _TROUBLES = (KeyringError, OSError)


class SecretVault(Protocol):
    """A place for a handful of small secrets, by name."""

    def get(self, name: str) -> bytes | None:
        """The secret kept under `name`, None when there is none; Refusal when the vault is shut."""

    def set(self, name: str, secret: bytes) -> None:
        """Keep `secret` under `name`, in place of what was there."""

    def delete(self, name: str) -> None:
        """Forget what is kept under `name`; nothing happens when there is nothing."""


class KeyringVault:
    """The operating system's own vault; `service` tells this program's entries from others."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._backend = _trusted(keyring.get_keyring())

    def get(self, name: str) -> bytes | None:
        """As in SecretVault; Refusal also when the entry is not one of ours."""
        try:
            text = self._backend.get_password(self._service, name)
        except _TROUBLES as trouble:
            raise Refusal(_SHUT_VAULT) from trouble
        return None if text is None else _decoded(text)

    def set(self, name: str, secret: bytes) -> None:
        """As in SecretVault; hex text, since Windows keeps at most 1,280 characters."""
        try:
            self._backend.set_password(self._service, name, secret.hex())
        except _TROUBLES as trouble:
            raise Refusal(_SHUT_VAULT) from trouble

    def delete(self, name: str) -> None:
        """As in SecretVault."""
        try:
            self._backend.delete_password(self._service, name)
        except PasswordDeleteError:
            return
        except _TROUBLES as trouble:
            raise Refusal(_SHUT_VAULT) from trouble


def _trusted(backend: KeyringBackend) -> KeyringBackend:
    """The backend itself, or the one a chain would write to; Refusal when it is not on the list."""
    if isinstance(backend, ChainerBackend):
        chained = tuple(backend.backends)
        if not chained:
            raise Refusal(_NO_VAULT)
        backend = chained[0]
    kind = type(backend)
    name = f"{kind.__module__}.{kind.__qualname__}"
    if name.startswith(("keyring.backends.fail.", "keyring.backends.null.")):
        raise Refusal(_NO_VAULT)
    if name not in ALLOWED_BACKENDS:
        raise Refusal(_PLAIN_VAULT)
    if hasattr(backend, "persist"):
        # The default of Windows would carry the key to other PCs of the domain.
        backend.persist = "local machine"
    return backend


def _decoded(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as trouble:
        raise Refusal("系统密码库中本程序的条目被改动过。请管理员用备份恢复。") from trouble
