"""Operations whose desk signature does not fit, and the last number of each number series."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_GIVEN = (
    "INSERT INTO series_given (series, last_no)"
    " SELECT CAST(substr(last_no, 10, 4) AS INTEGER), last_no FROM replica WHERE last_no <> ''"
)


def upgrade() -> None:
    """Make the tables; whoever migrates folds the views."""
    op.create_table(
        "unsound",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("case_id", sa.Uuid()),
    )
    op.create_index("unsound_of_case", "unsound", ["case_id"])
    op.add_column("case_view", sa.Column("unsound", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "series_given",
        sa.Column("series", sa.Integer(), primary_key=True),
        sa.Column("last_no", sa.String(18), nullable=False),
    )
    op.execute(_GIVEN)
