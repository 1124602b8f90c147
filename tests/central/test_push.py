from uuid import uuid4

from onewindow_desk.central.container import packed_heads


def test_operations_are_stored_in_order_and_applied(ward):
    desk, clerk, handler = ward.desk(), ward.person("window"), ward.person("handler")
    case = uuid4()
    acts = [
        desk.receipt(clerk, case),
        desk.act("accept", clerk, case, complete=True),
        desk.act("dispatch", clerk, case, 2),
        desk.act("take_over", handler, case, 3, slip_signed=True),
    ]
    acts[3] = desk.act("take_over", handler, case, 3, slip_signed=True, proposal=str(acts[2].op_id))
    assert desk.push(*acts) == ["applied"] * 4
    rows = desk.pull()
    assert [row.subject for row in rows] == [link for _, link in desk.chain]
    assert [row.case_version for row in rows] == [1, 2, 3, 4]
    assert ward.one("SELECT state FROM owd_data.case_ WHERE case_id = %s", case) == "reviewing"
