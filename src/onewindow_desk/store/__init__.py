"""The encrypted local database of a desk: the log of operations, what is folded from it, files."""

from onewindow_desk.store.found import Opening
from onewindow_desk.store.local import Store
from onewindow_desk.store.rows import (
    AttentionEntry,
    BackupReport,
    CaseRow,
    Changes,
    Credential,
    DraftRow,
    LinkRow,
    RebuildReport,
    Signer,
    UnsentRow,
    VerifyReport,
)
from onewindow_desk.store.secrets import KeyringVault, SecretVault
from onewindow_desk.store.uuid7 import uuid7
from onewindow_desk.store.writing import Writing

__all__ = [
    "AttentionEntry",
    "BackupReport",
    "CaseRow",
    "Changes",
    "Credential",
    "DraftRow",
    "KeyringVault",
    "LinkRow",
    "Opening",
    "RebuildReport",
    "SecretVault",
    "Signer",
    "Store",
    "UnsentRow",
    "VerifyReport",
    "Writing",
    "uuid7",
]
