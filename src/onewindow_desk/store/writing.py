"""What may be done inside one transaction."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, delete

from onewindow_desk.domain.case import Case
from onewindow_desk.domain.operation import NewOperation, Operation
from onewindow_desk.faults import Fault
from onewindow_desk.store import chain, credentials, log, numbers, projection, queries, transfer
from onewindow_desk.store.keys import ChainHead, StoreKeys
from onewindow_desk.store.rows import Changes, Credential, Signer
from onewindow_desk.store.tables import draft
from onewindow_desk.store.uuid7 import uuid7


class Writing:
    """One open transaction in the name of one person; made by `Store.transaction` alone."""

    def __init__(
        self,
        connection: Connection,
        keys: StoreKeys,
        signer: Signer,
        clock: Callable[[], datetime],
        has_file: Callable[[str], bool],
        need_space: Callable[[], None],
        *,
        attached: bool,
    ) -> None:
        self._connection = connection
        self._keys = keys
        self._signer = signer
        self._clock = clock
        self._has_file = has_file
        self._need_space = need_space
        self._attached = attached
        self._start = log.chain_head(connection, keys.replica)
        self.head = self._start
        self.changes = Changes()

    @property
    def wrote(self) -> bool:
        """Whether any operation was recorded."""
        return self.head != self._start

    def perform(self, new: NewOperation) -> Operation:
        """Record one operation and fold it; Refusal, and nothing written, when the rules forbid it."""
        at = self._clock()
        sealed = chain.seal(new, self.head, at, uuid7(at), self._signer, self._keys)
        operation = chain.read(sealed)
        prepared = projection.prepare(self._connection, operation, attached=self._attached)
        self._check_files(prepared.files)
        prepared.write(log.append(self._connection, sealed, operation))
        if self._attached:
            transfer.wait(self._connection, prepared.files, operation.seq)
        self.head = ChainHead(operation.seq, sealed.hash)
        self.changes = self.changes.joined(prepared.changes)
        return operation

    def case(self, case_id: UUID) -> Case:
        """A case as it stands inside this transaction; Refusal when there is none."""
        return queries.case(self._connection, case_id)

    def next_receipt_no(self, today: date) -> str:
        """The next receipt number, 18 digits; given only while the disk has its reserve.

        The number is used up when the transaction is committed, not before.
        """
        self._need_space()
        return numbers.give(self._connection, today)

    def discard_draft(self, draft_id: UUID) -> None:
        """Remove a draft in the same transaction that makes it a case."""
        self._connection.execute(delete(draft).where(draft.c.draft_id == draft_id))

    def put_credential(self, person_id: UUID, credential: Credential) -> None:
        """Let a person sign in from the same commit on that adds them."""
        credentials.put(self._connection, person_id, credential)

    def _check_files(self, addresses: frozenset[str]) -> None:
        if not all(self._has_file(address) for address in addresses):
            raise Fault("An operation names a file that is not on the disk")
