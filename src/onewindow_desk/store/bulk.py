"""Many rows at once, past the machinery that prepares each for its table: a page of the feed is thousands.

Values are given as the tables hold them; `uuid` and `moment` make them so.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, Table

Value = str | int | bytes | None
Rows = Sequence[tuple[Value, ...]]


def uuid(value: UUID | None) -> str | None:
    """As an `Uuid` column holds it."""
    return None if value is None else value.hex


def moment(value: datetime | None) -> str | None:
    """As a `tables.UtcTime` column holds it."""
    return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")


def insert_text(table: Table, names: Iterable[str], *, ignore: bool = False) -> str:
    """The statement that adds rows of these columns, in this order; `ignore` leaves known ones."""
    columns = tuple(names)
    how = "INSERT OR IGNORE" if ignore else "INSERT"
    places = ", ".join("?" for _ in columns)
    return f"{how} INTO {table.name} ({', '.join(table.c[name].name for name in columns)}) VALUES ({places})"


def update_text(table: Table, names: Iterable[str], key: str) -> str:
    """The statement that changes these columns, in this order, of the row whose `key` comes last."""
    changed = ", ".join(f"{table.c[name].name} = ?" for name in names)
    return f"UPDATE {table.name} SET {changed} WHERE {table.c[key].name} = ?"  # noqa: S608 - fixed names


def run(connection: Connection, statement: str, rows: Rows) -> None:
    """Run the statement for every row; nothing for none."""
    if rows:
        connection.exec_driver_sql(statement, list(rows))
