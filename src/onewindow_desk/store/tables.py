"""The tables of the local store. The log is the truth; views are folded from it; the rest is local.

Migrations make these tables; a test holds both to be the same.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    column,
    table,
)
from sqlalchemy.types import TypeDecorator

from onewindow_desk.domain.operation import GENESIS

REVISION = "0004"
"""The newest migration, named here so that a current store opens without loading the migrator."""

APPLICATION_ID = 0x4F574431
"""`OWD1` in the database header: whose file this is."""


class UtcTime(TypeDecorator[datetime]):
    """An aware moment, kept as ISO 8601 text in UTC with microseconds, so that text order is time."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """To text."""
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From text."""
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData()

replica = Table(
    "replica",
    metadata,
    Column("replica", Uuid(), primary_key=True),
    Column("street", String(3), nullable=False),
    Column("series", Integer, nullable=False),
    Column("last_no", String(18), nullable=False, server_default=""),
    Column("founded_at", UtcTime(), nullable=False),
)
"""One row: which enrolment this store is, its number series, the last receipt number given."""

series_given = Table(
    "series_given",
    metadata,
    Column("series", Integer, primary_key=True),
    Column("last_no", String(18), nullable=False),
)
"""The last receipt number given in each number series that this store ever used."""

operation = Table(
    "operation",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("replica", Uuid(), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("op_id", Uuid(), nullable=False),
    Column("case_id", Uuid()),
    Column("kind", String(64), nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("payload", LargeBinary),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("desk_signature", LargeBinary, nullable=False),
    Column("person_mac", LargeBinary, nullable=False),
    Column("own", Integer, nullable=False),
)
"""Append-only: triggers let a missing payload be filled in and a `retired` row go, nothing else.

`position` is the order in which they came to this desk, `own` whether this store made them. One act
stands here twice when another enrolment carried it on; its place alone does not name an operation,
since a desk that was copied may have used it twice.
"""

Index("operation_of_case", operation.c.case_id, operation.c.position)
Index("operation_named", operation.c.op_id)
Index("operation_own", operation.c.replica, operation.c.seq, unique=True, sqlite_where=operation.c.own == 1)
Index(
    "operation_of_street", operation.c.kind, operation.c.position, sqlite_where=operation.c.case_id.is_(None)
)

retired = Table(
    "retired",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("replica", Uuid(), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("op_id", Uuid(), nullable=False),
    Column("case_id", Uuid()),
)
"""What is left of operations that only the central keeps: their links, so that chains still hold."""

Index("retired_place", retired.c.replica, retired.c.seq)
Index("retired_of_case", retired.c.case_id)

unsound = Table(
    "unsound",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("prev", String(64), nullable=False),
    Column("case_id", Uuid()),
)
"""Other desks' operations that no fitting desk signature covers: kept, and left out of the fold."""

Index("unsound_of_case", unsound.c.case_id)

link = Table(
    "link",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("attached_at", UtcTime()),
    Column("acked", Integer, nullable=False, server_default="0"),
    Column("acked_hash", String(64), nullable=False, server_default=GENESIS),
    Column("cursor", Integer, nullable=False, server_default="0"),
    Column("chain", String(64), nullable=False, server_default=GENESIS),
    Column("begun", Integer, nullable=False, server_default="0"),
    Column("begun_chain", String(64), nullable=False, server_default=GENESIS),
    Column("decided", Integer, nullable=False, server_default="0"),
    Column("restarted", Integer, nullable=False, server_default="0"),
    Column("head", Integer),
    Column("renewing", Uuid()),
    Column("last_hello", UtcTime()),
    Column("offset_ms", Integer, nullable=False, server_default="0"),
    Column("facts", LargeBinary),
)
"""One row: how this desk stands to its central.

`begun`: the feed was read without gaps from after this row on. `decided`: the last own seq that the
feed showed as stored. `restarted`: the feed is being read again, `head` then says to where.
"""

feed = Table(
    "feed",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("chain", String(64), nullable=False),
    Column("what", String(16), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("reason", String, nullable=False),
    Column("op_id", Uuid()),
    Column("case_id", Uuid()),
    Column("case_version", Integer),
    Column("body", LargeBinary),
    Column("kept_at", UtcTime(), nullable=False),
)
"""The street's feed as pulled; the operations that it names stand in `operation`.

`kept_at` is when a row came here, by the central's clock.
"""

Index("feed_of_case", feed.c.case_id, feed.c.seq)
Index("feed_of_operation", feed.c.op_id)
Index("feed_of_people", feed.c.seq, sqlite_where=feed.c.what == "person")

replica_view = Table(
    "replica_view",
    metadata,
    Column("replica", Uuid(), primary_key=True),
    Column("desk", String, nullable=False),
    Column("public_key", String(64), nullable=False),
    Column("label", String, nullable=False),
    Column("closed", Integer, nullable=False),
    Column("own", Integer, nullable=False),
)
"""The enrolments of the street with their public keys; `own` those of this desk, whatever store it had."""

attention = Table(
    "attention",
    metadata,
    Column("op_id", Uuid(), primary_key=True),
    Column("since", UtcTime(), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("reason", String, nullable=False),
    Column("own", Integer, nullable=False),
    Column("how", String(16), nullable=False, server_default=""),
    Column("note", String, nullable=False, server_default=""),
    Column("settled_at", UtcTime()),
)
"""Operations that the central did not apply, and how a person settled each."""

waiting_file = Table(
    "waiting_file",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("seq", Integer, nullable=False),
    Column("sent", Integer, nullable=False, server_default="0"),
)
"""Files of this desk that the central may lack; they go once the operation `seq` is there.

`sent`: the central said that it has the file, and the feed does not show it yet.
"""

remote_file = Table(
    "remote_file",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("remote_at", UtcTime(), nullable=False),
)
"""Files that the central has in full, and since when this desk knows."""

wanted_file = Table(
    "wanted_file",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("since", UtcTime(), nullable=False),
)
"""Files that somebody here wants to see and that are not on this desk."""

wanted_payload = Table(
    "wanted_payload",
    metadata,
    Column("op_id", Uuid(), primary_key=True),
    Column("since", UtcTime(), nullable=False),
)
"""Operations that came without their payload and whose case somebody here works on."""

case_view = Table(
    "case_view",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("case_id", Uuid(), nullable=False, unique=True),
    Column("receipt_no", String(18)),
    Column("state", String(32), nullable=False),
    Column("applicant_name", String, nullable=False),
    Column("item_id", String, nullable=False),
    Column("item_name", String, nullable=False),
    Column("received_at", UtcTime()),
    Column("version", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("upgrade_needed", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("unsound", Integer, nullable=False, server_default="0"),
)
"""One row a case: what lists show, and `data`, the whole folded case as JSON.

`position` is that of the case's first operation here; `upgrade_needed` when the central applied
something to it that this program does not understand; `unsound` when a step of it is left out (table
of that name).
"""

Index("case_by_number", case_view.c.receipt_no)
Index("case_to_upgrade", case_view.c.position, sqlite_where=case_view.c.upgrade_needed == 1)

Index("case_by_state", case_view.c.state, case_view.c.position)
Index("case_by_item", case_view.c.item_name, case_view.c.position)

case_name = table("case_name", column("rowid", Integer), column("name", String))
"""Full-text index (FTS5) over the applicants' names; its rowid is the case's position."""

case_file = Table(
    "case_file",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("case_id", Uuid(), primary_key=True),
)
"""Which scans and papers the cases name."""

person_view = Table(
    "person_view",
    metadata,
    Column("person_id", Uuid(), primary_key=True),
    Column("login", String, nullable=False, unique=True),
    Column("data", LargeBinary, nullable=False),
)

setting_view = Table(
    "setting_view",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

VIEWS = (case_view, case_file, person_view, setting_view)
"""Everything that is folded from the log and may be thrown away."""

credential = Table(
    "credential",
    metadata,
    Column("person_id", Uuid(), primary_key=True),
    Column("verifier", String, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("locked_until", UtcTime()),
    Column("online_at", UtcTime()),
)

draft = Table(
    "draft",
    metadata,
    Column("draft_id", Uuid(), primary_key=True),
    Column("owner", Uuid(), nullable=False, index=True),
    Column("data", LargeBinary, nullable=False),
    Column("started", Integer, nullable=False),
    Column("saved_at", UtcTime(), nullable=False),
)

draft_file = Table(
    "draft_file",
    metadata,
    Column("draft_id", Uuid(), ForeignKey("draft.draft_id", ondelete="CASCADE"), primary_key=True),
    Column("sha256", String(64), primary_key=True),
)
"""Which scans the drafts name."""
