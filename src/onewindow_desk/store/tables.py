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
    UniqueConstraint,
    Uuid,
    column,
    table,
)
from sqlalchemy.types import TypeDecorator

REVISION = "0002"
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

operation = Table(
    "operation",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("replica", Uuid(), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("op_id", Uuid(), nullable=False, unique=True),
    Column("case_id", Uuid()),
    Column("kind", String(64), nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("payload", LargeBinary),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("desk_signature", LargeBinary, nullable=False),
    Column("person_mac", LargeBinary, nullable=False),
    UniqueConstraint("replica", "seq"),
)
"""Append-only (triggers refuse the rest); `position` is the order in which this desk folds."""

Index("operation_of_case", operation.c.case_id, operation.c.position)

case_view = Table(
    "case_view",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("case_id", Uuid(), nullable=False, unique=True),
    Column("receipt_no", String(18), unique=True),
    Column("state", String(32), nullable=False),
    Column("applicant_name", String, nullable=False),
    Column("item_id", String, nullable=False),
    Column("item_name", String, nullable=False),
    Column("received_at", UtcTime()),
    Column("version", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""One row a case: what lists show, and `data`, the whole folded case as JSON."""

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
