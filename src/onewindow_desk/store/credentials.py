"""Verifiers and wrapped keys: local to this desk, never operations, never sent."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from onewindow_desk.store.rows import Credential
from onewindow_desk.store.tables import credential

Connected = Callable[[], AbstractContextManager[Connection]]


class Credentials:
    """How the people of this desk prove who they are."""

    def __init__(self, reading: Connected, writing: Connected) -> None:
        self._reading = reading
        self._writing = writing

    def put(self, person_id: UUID, new: Credential) -> None:
        """Set or replace a person's credential."""
        with self._writing() as connection:
            put(connection, person_id, new)

    def get(self, person_id: UUID) -> Credential | None:
        """A person's credential, None when the person cannot sign in here."""
        with self._reading() as connection:
            row = connection.execute(select(credential).where(credential.c.person_id == person_id)).first()
        if row is None:
            return None
        return Credential(
            verifier=row.verifier,
            wrapped_key=row.wrapped_key,
            tries=row.tries,
            locked_until=row.locked_until,
            online_at=row.online_at,
        )

    def note_failure(self, person_id: UUID, *, locked_until: datetime | None) -> None:
        """Count one wrong try, on the disk before the person is told."""
        self._change(person_id, tries=credential.c.tries + 1, locked_until=locked_until)

    def reset(self, person_id: UUID) -> None:
        """No wrong tries, no lock."""
        self._change(person_id, tries=0, locked_until=None)

    def note_online(self, person_id: UUID, at: datetime) -> None:
        """The person proved to be this person at the central."""
        self._change(person_id, online_at=at)

    def _change(self, person_id: UUID, **values: object) -> None:
        with self._writing() as connection:
            connection.execute(update(credential).where(credential.c.person_id == person_id).values(values))


def put(connection: Connection, person_id: UUID, new: Credential) -> None:
    """Set or replace a person's credential within an open transaction."""
    values = {
        "verifier": new.verifier,
        "wrapped_key": new.wrapped_key,
        "tries": new.tries,
        "locked_until": new.locked_until,
        "online_at": new.online_at,
    }
    row = upsert(credential).values(person_id=person_id, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=values))
