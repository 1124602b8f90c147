"""The keys of one enrolment (replica) and where they come from.

The vault holds per replica: the store key (32 random bytes, the database's raw key and the root of
the file keys), the desk key (Ed25519) and the head of the chain. Entries carry the replica's name,
so that founding a second store never writes over the keys of the first.
"""

import os
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

from onewindow_desk.domain.operation import GENESIS, digest
from onewindow_desk.faults import Refusal
from onewindow_desk.store.secrets import SecretVault

KEY_BYTES = 32
_KEY_GONE = (
    "系统密码库中找不到本机库的钥匙，本机库打不开。"
    "请用平时登录本机的系统账户启动；换过电脑或账户时，请管理员重新登记本机。"
)


class ChainHead(Struct, frozen=True):
    """Where a chain of operations ends: the last seq and the hex hash of its link.

    `successor` names the enrolment that the store went on under; this one is over then.
    """

    seq: int = 0
    hash: str = GENESIS
    successor: str = ""


class StoreKeys:
    """The unlocked keys of one replica; made at founding, loaded at every start."""

    def __init__(self, replica: UUID, store_key: bytes, desk_seed: bytes) -> None:
        self.replica = replica
        self.database = store_key
        self.desk = Ed25519PrivateKey.from_private_bytes(desk_seed)
        self.desk_public = self.desk.public_key()
        self.desk_key_id = digest(self.desk_public.public_bytes_raw())[:16]

    def derived(self, purpose: str) -> bytes:
        """32 bytes for one purpose, from the store key (HKDF-SHA256, RFC 5869)."""
        hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"onewindow {purpose}".encode())
        return hkdf.derive(self.database)


def make_keys(vault: SecretVault, replica: UUID) -> StoreKeys:
    """New keys for a new replica, kept in the vault before anything is encrypted with them."""
    store_key, desk_seed = os.urandom(KEY_BYTES), os.urandom(KEY_BYTES)
    vault.set(_store_entry(replica), store_key)
    vault.set(_desk_entry(replica), desk_seed)
    return StoreKeys(replica, store_key, desk_seed)


def copy_keys(vault: SecretVault, old: StoreKeys, replica: UUID) -> StoreKeys:
    """Keys for another enrolment of the same store: its database key, and a desk key of its own."""
    desk_seed = os.urandom(KEY_BYTES)
    vault.set(_store_entry(replica), old.database)
    vault.set(_desk_entry(replica), desk_seed)
    keep_head(vault, replica, ChainHead())
    return StoreKeys(replica, old.database, desk_seed)


def find_keys(vault: SecretVault, replica: UUID) -> StoreKeys | None:
    """The keys of this replica, None when none were made."""
    return load_keys(vault, replica) if vault.get(_desk_entry(replica)) is not None else None


def load_keys(vault: SecretVault, replica: UUID) -> StoreKeys:
    """The keys of this replica; Refusal when the vault does not have them."""
    store_key, desk_seed = vault.get(_store_entry(replica)), vault.get(_desk_entry(replica))
    if store_key is None or desk_seed is None or len(store_key) != KEY_BYTES or len(desk_seed) != KEY_BYTES:
        raise Refusal(_KEY_GONE)
    return StoreKeys(replica, store_key, desk_seed)


def keep_head(vault: SecretVault, replica: UUID, head: ChainHead) -> None:
    """Write where the chain ends into the vault, out of reach of whoever swaps the store's file."""
    vault.set(_head_entry(replica), msgspec.json.encode(head))


def close_chain(vault: SecretVault, former: UUID, successor: UUID) -> None:
    """Note that a former enrolment is over, so that an old file of its time is not taken for the store."""
    known = vault.get(_head_entry(former)) is not None
    if known and load_head(vault, former).successor != str(successor):
        keep_head(vault, former, ChainHead(successor=str(successor)))


def load_head(vault: SecretVault, replica: UUID) -> ChainHead:
    """Where the chain ended when it was last kept; Refusal when the vault does not know."""
    kept = vault.get(_head_entry(replica))
    if kept is None:
        raise Refusal(_KEY_GONE)
    try:
        return msgspec.json.decode(kept, type=ChainHead)
    except msgspec.DecodeError as trouble:
        raise Refusal(_KEY_GONE) from trouble


def _store_entry(replica: UUID) -> str:
    return f"store-key {replica}"


def _desk_entry(replica: UUID) -> str:
    return f"desk-key {replica}"


def _head_entry(replica: UUID) -> str:
    return f"chain-head {replica}"
