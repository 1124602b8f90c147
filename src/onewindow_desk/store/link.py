"""How this desk stands to its central: one row, read and changed inside a transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select, update

from onewindow_desk.domain.exchange import Cursor
from onewindow_desk.domain.operation import canonical
from onewindow_desk.store.tables import link


class Facts(Struct, frozen=True, kw_only=True):
    """What the central last told of itself and of this desk."""

    label: str = ""
    scope: tuple[str, ...] = ()
    street_settings: Mapping[str, Any] = msgspec.field(default_factory=dict)
    spare_series: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    epoch: str = ""
    upgrade: bool = False
    durable_before: datetime | None = None


class LinkState(Struct, frozen=True, kw_only=True):
    """The row of `tables.link`."""

    attached_at: datetime | None
    acked: int
    acked_hash: str
    cursor: Cursor
    begun: Cursor
    decided: int
    restarted: bool
    head: int | None
    renewing: UUID | None
    last_hello: datetime | None
    offset_ms: int
    facts: Facts

    @property
    def attached(self) -> bool:
        """Whether a central is the authority over this store."""
        return self.attached_at is not None


_STATE = select(link)
_FACTS = msgspec.json.Decoder(Facts)


def load(connection: Connection) -> LinkState:
    """How things stand now."""
    row = connection.execute(_STATE).one()
    return LinkState(
        attached_at=row.attached_at,
        acked=row.acked,
        acked_hash=row.acked_hash,
        cursor=Cursor(row.cursor, row.chain),
        begun=Cursor(row.begun, row.begun_chain),
        decided=row.decided,
        restarted=bool(row.restarted),
        head=row.head,
        renewing=row.renewing,
        last_hello=row.last_hello,
        offset_ms=row.offset_ms,
        facts=Facts() if row.facts is None else _FACTS.decode(row.facts),
    )


def change(connection: Connection, **values: object) -> None:
    """Set some columns of the row."""
    connection.execute(update(link).values(values))


def change_facts(connection: Connection, facts: Facts) -> None:
    """Keep what the central told."""
    change(connection, facts=canonical(facts))


def move(connection: Connection, cursor: Cursor) -> None:
    """Say how far the feed was read."""
    change(connection, cursor=cursor.seq, chain=cursor.chain)
