"""Tables, roles and functions of the first day: the files of `central/sql` in the order of their names."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

_SQL = Path(__file__).parents[2] / "sql"


def upgrade() -> None:
    """Run every file; the driver's own cursor takes them whole and reads no placeholder into them."""
    cursor = op.get_bind().connection.cursor()
    for file in sorted(_SQL.glob("*.sql")):
        cursor.execute(file.read_text(encoding="utf-8"))
    cursor.close()
