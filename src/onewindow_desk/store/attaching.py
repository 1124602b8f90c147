"""Making a store belong to a central: from then on it keeps and sends, and is never the authority."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select, update

from onewindow_desk.domain.exchange import Enrolled
from onewindow_desk.store import link, street, transfer
from onewindow_desk.store.folding import Undecided
from onewindow_desk.store.tables import case_file, case_view, replica


def attach(
    connection: Connection, name: UUID, enrolled: Enrolled, now: datetime, has_file: Callable[[str], bool]
) -> None:
    """Note what the enrolment gave; every file that a case names waits to be sent, oldest case first."""
    state = link.load(connection)
    facts = link.Facts(
        label=enrolled.label,
        scope=enrolled.scope,
        street_settings=enrolled.street_settings,
        spare_series=enrolled.spare_series,
    )
    link.change_facts(connection, facts)
    link.change(connection, attached_at=state.attached_at or now)
    connection.execute(update(replica).values(street=enrolled.street, series=enrolled.series))
    street.refold(connection, Undecided(name, state.decided))
    if not state.attached:
        _offer_files(connection, has_file)


def _offer_files(connection: Connection, has_file: Callable[[str], bool]) -> None:
    query = select(case_file.c.sha256).join(case_view, case_view.c.case_id == case_file.c.case_id)
    named = connection.execute(query.order_by(case_view.c.position, case_file.c.sha256)).scalars().all()
    for address in dict.fromkeys(named):
        if has_file(address):
            transfer.wait(connection, [address], 0)
