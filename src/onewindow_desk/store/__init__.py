"""The encrypted local database of a desk: the log of operations, what is folded from it, files."""

from onewindow_desk.store.found import Opening
from onewindow_desk.store.local import Store
from onewindow_desk.store.rows import (
    BackupReport,
    CaseRow,
    Changes,
    Credential,
    DraftRow,
    RebuildReport,
    Signer,
    VerifyReport,
)
from onewindow_desk.store.secrets import KeyringVault, SecretVault
from onewindow_desk.store.uuid7 import uuid7
from onewindow_desk.store.writing import Writing

__all__ = [
    "BackupReport",
    "CaseRow",
    "Changes",
    "Credential",
    "DraftRow",
    "KeyringVault",
    "Opening",
    "RebuildReport",
    "SecretVault",
    "Signer",
    "Store",
    "VerifyReport",
    "Writing",
    "uuid7",
]
