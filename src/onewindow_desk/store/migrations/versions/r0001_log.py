"""The log of operations and what is local to the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of the first day."""
    _replica()
    _operation()
    _local()


def _replica() -> None:
    op.create_table(
        "replica",
        sa.Column("replica", sa.Uuid(), primary_key=True),
        sa.Column("street", sa.String(3), nullable=False),
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("last_no", sa.String(18), nullable=False, server_default=""),
        sa.Column("founded_at", sa.String(32), nullable=False),
    )


def _operation() -> None:
    op.create_table(
        "operation",
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("replica", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("op_id", sa.Uuid(), nullable=False, unique=True),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("payload", sa.LargeBinary()),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("desk_signature", sa.LargeBinary(), nullable=False),
        sa.Column("person_mac", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("replica", "seq"),
    )
    op.create_index("operation_of_case", "operation", ["case_id", "position"])
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER operation_no_{act.lower()} BEFORE {act} ON operation"
            " BEGIN SELECT RAISE(ABORT, 'operations are only ever added'); END"
        )


def _local() -> None:
    op.create_table(
        "credential",
        sa.Column("person_id", sa.Uuid(), primary_key=True),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("locked_until", sa.String(32)),
    )
    op.create_table(
        "draft",
        sa.Column("draft_id", sa.Uuid(), primary_key=True),
        sa.Column("owner", sa.Uuid(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.String(32), nullable=False),
    )
    op.create_index("ix_draft_owner", "draft", ["owner"])
    op.create_table(
        "draft_file",
        sa.Column(
            "draft_id", sa.Uuid(), sa.ForeignKey("draft.draft_id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("sha256", sa.String(64), primary_key=True),
    )
