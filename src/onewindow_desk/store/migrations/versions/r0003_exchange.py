"""The link to a central: its feed, other desks' operations among our own, what waits for a person."""

import sqlalchemy as sa
from alembic import op

from onewindow_desk.domain.operation import GENESIS

revision = "0003"
down_revision = "0002"

_SAME = "position, replica, seq, op_id, case_id, kind, head, payload, prev, hash, desk_signature, person_mac"
_COPY = f"INSERT INTO operation_new ({_SAME}, own) SELECT {_SAME}, 1 FROM operation ORDER BY position"  # noqa: S608 - fixed names
_FIXED = _SAME.replace(" payload,", "") + ", own"


def upgrade() -> None:
    """Make the tables, and the log and the case view anew; whoever migrates folds the views."""
    _operation()
    _retired()
    _link()
    _feed()
    _attention()
    _files()
    _cases()
    op.add_column("credential", sa.Column("online_at", sa.String(32)))


def _operation() -> None:
    op.create_table(
        "operation_new",
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("replica", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("op_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("payload", sa.LargeBinary()),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("desk_signature", sa.LargeBinary(), nullable=False),
        sa.Column("person_mac", sa.LargeBinary(), nullable=False),
        sa.Column("own", sa.Integer(), nullable=False),
    )
    op.execute(_COPY)
    op.drop_table("operation")
    op.rename_table("operation_new", "operation")
    op.create_index("operation_of_case", "operation", ["case_id", "position"])
    op.create_index("operation_named", "operation", ["op_id"])
    own, street = sa.text("own = 1"), sa.text("case_id IS NULL")
    op.create_index("operation_own", "operation", ["replica", "seq"], unique=True, sqlite_where=own)
    op.create_index("operation_of_street", "operation", ["kind", "position"], sqlite_where=street)


def _retired() -> None:
    op.create_table(
        "retired",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("replica", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("op_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid()),
    )
    op.create_index("retired_place", "retired", ["replica", "seq"])
    op.create_index("retired_of_case", "retired", ["case_id"])
    old, new = (", ".join(f"{side}.{name}" for name in _FIXED.split(", ")) for side in ("OLD", "NEW"))
    op.execute(
        "CREATE TRIGGER operation_no_update BEFORE UPDATE ON operation"
        f" WHEN OLD.payload IS NOT NULL OR NEW.payload IS NULL OR ({old}) IS NOT ({new})"
        " BEGIN SELECT RAISE(ABORT, 'operations are only ever added'); END"
    )
    op.execute(
        "CREATE TRIGGER operation_no_delete BEFORE DELETE ON operation"
        " WHEN NOT EXISTS (SELECT 1 FROM retired WHERE retired.hash = OLD.hash)"
        " BEGIN SELECT RAISE(ABORT, 'operations are only ever added'); END"
    )


def _link() -> None:
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("attached_at", sa.String(32)),
        sa.Column("acked", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("acked_hash", sa.String(64), nullable=False, server_default=GENESIS),
        sa.Column("cursor", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("chain", sa.String(64), nullable=False, server_default=GENESIS),
        sa.Column("begun", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("begun_chain", sa.String(64), nullable=False, server_default=GENESIS),
        sa.Column("decided", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("restarted", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("head", sa.Integer()),
        sa.Column("renewing", sa.Uuid()),
        sa.Column("last_hello", sa.String(32)),
        sa.Column("offset_ms", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("facts", sa.LargeBinary()),
    )
    op.execute("INSERT INTO link (id) VALUES (1)")
    op.create_table(
        "replica_view",
        sa.Column("replica", sa.Uuid(), primary_key=True),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("own", sa.Integer(), nullable=False),
    )


def _feed() -> None:
    op.create_table(
        "feed",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("chain", sa.String(64), nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("op_id", sa.Uuid()),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("case_version", sa.Integer()),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("kept_at", sa.String(32), nullable=False),
    )
    op.create_index("feed_of_case", "feed", ["case_id", "seq"])
    op.create_index("feed_of_operation", "feed", ["op_id"])
    op.create_index("feed_of_people", "feed", ["seq"], sqlite_where=sa.text("what = 'person'"))


def _attention() -> None:
    op.create_table(
        "attention",
        sa.Column("op_id", sa.Uuid(), primary_key=True),
        sa.Column("since", sa.String(32), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("own", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(16), nullable=False, server_default=""),
        sa.Column("note", sa.String(), nullable=False, server_default=""),
        sa.Column("settled_at", sa.String(32)),
    )


def _files() -> None:
    op.create_table(
        "waiting_file",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False, server_default="0"),
    )
    op.create_table(
        "remote_file",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("remote_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "wanted_file",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("since", sa.String(32), nullable=False),
    )
    op.create_table(
        "wanted_payload",
        sa.Column("op_id", sa.Uuid(), primary_key=True),
        sa.Column("since", sa.String(32), nullable=False),
    )


def _cases() -> None:
    op.drop_table("case_view")
    op.create_table(
        "case_view",
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), nullable=False, unique=True),
        sa.Column("receipt_no", sa.String(18)),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("applicant_name", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("item_name", sa.String(), nullable=False),
        sa.Column("received_at", sa.String(32)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("upgrade_needed", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.create_index("case_by_number", "case_view", ["receipt_no"])
    op.create_index("case_to_upgrade", "case_view", ["position"], sqlite_where=sa.text("upgrade_needed = 1"))
    op.create_index("case_by_state", "case_view", ["state", "position"])
    op.create_index("case_by_item", "case_view", ["item_name", "position"])
