"""An account of what a store holds, for whoever checks it: numbers, acts, papers, no people's data."""

from uuid import UUID

from msgspec import Struct

from onewindow_desk.domain.case import Case
from onewindow_desk.domain.paper import PaperStatus
from onewindow_desk.store import Store

_ALL = 10_000_000


class ActAccount(Struct, frozen=True, kw_only=True):
    """One operation of a case: kind, the author's login, time (ISO 8601, UTC)."""

    kind: str
    author: str
    at: str


class PaperAccount(Struct, frozen=True, kw_only=True):
    """One paper of a case: kind as in the list of documents, SHA-256 of its bytes, its status."""

    kind: str
    sha256: str
    status: PaperStatus


class CaseAccount(Struct, frozen=True, kw_only=True):
    """One case: its receipt number, what was done, what was printed."""

    receipt_no: str
    operations: tuple[ActAccount, ...]
    documents: tuple[PaperAccount, ...]


def account(store: Store) -> tuple[CaseAccount, ...]:
    """Every case of the store, oldest first."""
    logins = {person.person_id: person.login for person in store.people()}
    rows = sorted(store.cases(limit=_ALL), key=lambda row: row.receipt_no)
    return tuple(_case(store.case(row.case_id), logins) for row in rows)


def _case(case: Case, logins: dict[UUID, str]) -> CaseAccount:
    return CaseAccount(
        receipt_no=case.receipt_no,
        operations=tuple(
            ActAccount(kind=act.kind, author=logins.get(act.author, ""), at=act.at.isoformat())
            for act in case.acts
        ),
        documents=tuple(
            PaperAccount(kind=mark.document, sha256=mark.sha256, status=mark.status) for mark in case.papers
        ),
    )
