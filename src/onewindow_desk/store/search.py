"""Finding cases by what is at hand: a receipt number or part of it, a name, an item.

Names of one and two characters must be found, and the trigram index finds none of them: characters
are indexed one by one (unicode61 over text with a space between characters) and asked as a phrase.
"""

import unicodedata
from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, func, select, text
from sqlalchemy.sql import Select

from onewindow_desk.domain.numbering import LENGTH
from onewindow_desk.store import bulk
from onewindow_desk.store.tables import case_name, case_view

_NEWEST_OF_ITEM = (
    "SELECT * FROM (SELECT position FROM case_view WHERE item_name = ? ORDER BY position DESC LIMIT ?)"
)
_MOST_PARTS = 100
"""SQLite joins at most 500 questions into one."""

# Built once: every confirmation runs it.
_NEW_NAME = "INSERT INTO case_name (rowid, name) VALUES (?, ?)"
_GONE_NAME = delete(case_name).where(case_name.c.rowid == bindparam("at"))


def spaced(words: str) -> str:
    """Text as the index holds it: width and case folded, a space between all characters."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    return " ".join("".join(folded.split()))


def index_names(connection: Connection, names: Iterable[tuple[int, str]]) -> None:
    """Put the names of the cases at these positions into the index."""
    bulk.run(connection, _NEW_NAME, [(position, spaced(name)) for position, name in names])


def forget_names(connection: Connection, positions: Iterable[int]) -> None:
    """Take the names of the cases at these positions out of the index."""
    rows = [{"at": position} for position in positions]
    if rows:
        connection.execute(_GONE_NAME, rows)


def empty_index(connection: Connection) -> None:
    """Take all names out of the index."""
    connection.execute(text("INSERT INTO case_name (case_name) VALUES ('delete-all')"))


def positions(connection: Connection, words: str, limit: int) -> tuple[int, ...]:
    """Where in case_view the cases stand that `words` finds, newest first, at most `limit`."""
    asked = unicodedata.normalize("NFKC", words).strip()
    digits = "".join(asked.split())
    if not digits:
        return ()
    if digits.isascii() and digits.isdecimal():
        by_number = _by_number(connection, digits, limit)
        if by_number:
            return by_number
    found = {*_by_name(connection, asked, limit), *_by_item(connection, asked, limit)}
    return tuple(sorted(found, reverse=True)[:limit])


def _by_number(connection: Connection, digits: str, limit: int) -> tuple[int, ...]:
    number = case_view.c.receipt_no
    if len(digits) >= LENGTH:
        return _run(connection, select(case_view.c.position).where(number == digits))
    # The index alone answers: number and position are all it holds.
    part = select(case_view.c.position).where(func.instr(number, digits) > 0).order_by(number.desc())
    return _run(connection, part.limit(limit))


def _by_name(connection: Connection, asked: str, limit: int) -> tuple[int, ...]:
    phrases = " AND ".join('"' + spaced(word).replace('"', '""') + '"' for word in asked.split())
    place = case_name.c.rowid
    query = select(place).where(case_name.c.name.op("MATCH")(phrases)).order_by(place.desc()).limit(limit)
    return _run(connection, query)


def _by_item(connection: Connection, asked: str, limit: int) -> tuple[int, ...]:
    """Cases of the items whose names hold `asked`: a few dozen names, walked by their index."""
    names = [name for name in item_names(connection) if spaced(asked) in spaced(name)]
    groups = (names[start : start + _MOST_PARTS] for start in range(0, len(names), _MOST_PARTS))
    return tuple(position for group in groups for position in _of_items(connection, group, limit))


def _of_items(connection: Connection, names: list[str], limit: int) -> tuple[int, ...]:
    # One name at a time comes newest first out of the index; several at once would be sorted whole.
    question = " UNION ALL ".join([_NEWEST_OF_ITEM] * len(names))
    asked = tuple(part for name in names for part in (name, limit))
    return tuple(connection.exec_driver_sql(question, asked).scalars())


def item_names(connection: Connection) -> tuple[str, ...]:
    """The different item names that cases have, by jumping from one to the next in their index."""
    jump = text(
        "WITH RECURSIVE seen(name) AS (SELECT min(item_name) FROM case_view UNION ALL"
        " SELECT (SELECT min(item_name) FROM case_view WHERE item_name > seen.name)"
        " FROM seen WHERE seen.name IS NOT NULL) SELECT name FROM seen WHERE name IS NOT NULL"
    )
    return tuple(connection.execute(jump).scalars())


def _run(connection: Connection, query: Select[int]) -> tuple[int, ...]:
    return tuple(connection.execute(query).scalars())
