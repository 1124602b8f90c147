"""Drafts: the clerk's own, on this desk alone, durable at every save; never operations."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from onewindow_desk.store.rows import DraftRow
from onewindow_desk.store.tables import draft, draft_file

Connected = Callable[[], AbstractContextManager[Connection]]


class Drafts:
    """The drafts of a store."""

    def __init__(self, reading: Connected, writing: Connected) -> None:
        self._reading = reading
        self._writing = writing

    def save(self, draft_id: UUID, owner: UUID, data: bytes, at: datetime, files: Iterable[str]) -> None:
        """Keep `data` as the draft's present state; `files` are the scans it names."""
        with self._writing() as connection:
            _write(connection, draft_id, owner, data, at)
            connection.execute(delete(draft_file).where(draft_file.c.draft_id == draft_id))
            rows = [{"draft_id": draft_id, "sha256": address} for address in sorted(set(files))]
            if rows:
                connection.execute(insert(draft_file), rows)

    def all(self, owner: UUID) -> tuple[DraftRow, ...]:
        """One person's drafts, the first begun first."""
        query = select(draft).where(draft.c.owner == owner).order_by(draft.c.started)
        with self._reading() as connection:
            return tuple(
                DraftRow(draft_id=row.draft_id, owner=row.owner, data=row.data, saved_at=row.saved_at)
                for row in connection.execute(query)
            )

    def delete(self, draft_id: UUID) -> None:
        """Forget a draft; nothing happens when it is gone already."""
        with self._writing() as connection:
            connection.execute(delete(draft).where(draft.c.draft_id == draft_id))


def _write(connection: Connection, draft_id: UUID, owner: UUID, data: bytes, at: datetime) -> None:
    started = select(func.coalesce(func.max(draft.c.started), 0) + 1).scalar_subquery()
    row = upsert(draft).values(draft_id=draft_id, owner=owner, data=data, saved_at=at, started=started)
    kept = row.on_conflict_do_update(index_elements=["draft_id"], set_={"data": data, "saved_at": at})
    connection.execute(kept)
