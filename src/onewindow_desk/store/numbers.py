"""Receipt numbers: the last one of every series, and which series is next.

The spare series begin when the day's numbers of the one before are used up. The last number of each
is kept by itself: whatever order the central names them in, none is given twice.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from onewindow_desk.domain.numbering import Issued, make_receipt_no, next_of_series, numbers_left
from onewindow_desk.store import link
from onewindow_desk.store.tables import replica, series_given

_NUMBERS = select(replica.c.street, replica.c.series)
_SERIES = select(series_given.c.series, series_given.c.last_no)
_LAST = update(replica).values(last_no=bindparam("last_no"))
_ROW = upsert(series_given)
_GIVEN = _ROW.on_conflict_do_update(index_elements=["series"], set_={"last_no": _ROW.excluded.last_no})


def give(connection: Connection, today: date) -> str:
    """Use up the next receipt number; Refusal when none is left in any series."""
    street, series = connection.execute(_NUMBERS).one()
    issued = next_of_series(_given(connection), today, _order(connection, series))
    number = make_receipt_no(street, issued.day, issued.series, issued.serial)
    connection.execute(_LAST, {"last_no": number})
    connection.execute(_GIVEN, [{"series": issued.series, "last_no": number}])
    return number


def left(connection: Connection, today: date) -> int:
    """How many numbers can still be given today."""
    given, series = _given(connection), connection.execute(_NUMBERS).one().series
    return sum(numbers_left(given.get(one), today) for one in _order(connection, series))


def _order(connection: Connection, series: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys((series, *link.load(connection).facts.spare_series)))


def _given(connection: Connection) -> Mapping[int, Issued]:
    return {row.series: _issued(row.last_no) for row in connection.execute(_SERIES)}


def _issued(number: str) -> Issued:
    """The parts of a receipt number."""
    day = date(2000 + int(number[3:5]), int(number[5:7]), int(number[7:9]))
    return Issued(day=day, series=int(number[9:13]), serial=int(number[13:17]))
