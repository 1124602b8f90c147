"""No question of a desk reads a table from end to end, also when the tables were empty at its first one."""

from uuid import uuid4

import pytest

ASKED = ("operation", "feed", "case_", "waiting", "person", "person_key", "replica", "file")
SCANS = "SELECT relname, seq_scan, idx_scan FROM pg_stat_user_tables WHERE schemaname = 'owd_data'"


@pytest.fixture
def scans(owner):
    """A function: how often each table was read from end to end so far."""

    def count():
        owner.execute("SELECT pg_stat_clear_snapshot()")
        return {name: (whole, by_index) for name, whole, by_index in owner.execute(SCANS) if name in ASKED}

    return count


def test_nothing_is_read_from_end_to_end(ward, scans, owner):
    desk, clerk = ward.desk(), ward.person("window")
    before = scans()
    case = uuid4()
    desk.push(desk.act("accept", clerk, case, complete=True), desk.receipt(clerk, case, files=[ward.file()]))
    for _ in range(3):
        desk.push(*(desk.receipt(clerk, uuid4()) for _ in range(20)))
    rows = desk.pull(limit=5)
    call = desk.connection.execute
    call("SELECT * FROM owd.head(%s)", (desk.replica,))
    call("SELECT * FROM owd.snapshot(%s, 0, 1000, 1000)", (desk.replica,))
    call("SELECT * FROM owd.payloads(%s, %s)", (desk.replica, [row.op_id for row in rows]))
    call("SELECT pg_stat_force_next_flush()")
    desk.connection.close()
    owner.execute("SELECT pg_stat_force_next_flush()")
    after = scans()
    assert {name for name in ASKED if after[name][1] > before[name][1]} >= set(ASKED) - {"waiting", "file"}
    # The owner laid the people down; the desk alone asks the others.
    assert {name: after[name][0] for name in ASKED} == {name: before[name][0] for name in ASKED}
