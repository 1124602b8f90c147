"""The views folded from the log, and the name index; whoever migrates folds the log into them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the views, empty."""
    _cases()
    op.create_table(
        "case_file",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.Uuid(), primary_key=True),
    )
    op.create_table(
        "person_view",
        sa.Column("person_id", sa.Uuid(), primary_key=True),
        sa.Column("login", sa.String(), nullable=False, unique=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "setting_view",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.LargeBinary(), nullable=False),
    )
    op.execute(
        "CREATE VIRTUAL TABLE case_name USING fts5("
        "name, content='', contentless_delete=1, detail=full, tokenize='unicode61 remove_diacritics 0')"
    )


def _cases() -> None:
    op.create_table(
        "case_view",
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), nullable=False, unique=True),
        sa.Column("receipt_no", sa.String(18), unique=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("applicant_name", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("item_name", sa.String(), nullable=False),
        sa.Column("received_at", sa.String(32)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.create_index("case_by_state", "case_view", ["state", "position"])
    op.create_index("case_by_item", "case_view", ["item_name", "position"])
