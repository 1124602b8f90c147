"""A street that worked alone comes to an empty central."""

from uuid import uuid4

from onewindow_desk.admin.submit import submit
from onewindow_desk.admin.verifier.command import verify
from onewindow_desk.admin.verifier.form import Dump
from onewindow_desk.demo import demo_plan
from onewindow_desk.domain.exchange import Verdict
from onewindow_desk.store import Store


def test_everything_it_holds_is_applied_and_its_people_go_on(
    here, invited, run, code, street, vault, receive, tmp_path
):
    clerk = demo_plan().clerk
    for _ in range(3):
        assert submit(street, vault, clerk.login, clerk.password, receive(uuid4())).verdict is Verdict.APPLIED
    with Store.open(street, vault) as store:
        alone = store.exchange.end().last_seq
        assert store.settings()["code"] == code

    done, facts = here("attach", *invited("1 号窗口", "--attach"), folder=street)
    assert (done, facts["waiting"]) == (0, alone)

    assert submit(street, vault, clerk.login, clerk.password, receive(uuid4())).verdict is Verdict.APPLIED
    with Store.open(street, vault) as store:
        assert not store.unsent()
        assert not store.attention()
    done, facts = here("attach", *invited("2 号窗口", "--attach"), folder=street)
    assert done == 2
    assert "已经接入中心库" in facts["refused"]

    assert run("auditor", "export", tmp_path / "dump")[0] == 0
    dump = Dump()
    assert verify((tmp_path / "dump").read_bytes().splitlines(), dump) == []
    assert dump.operations == alone + 1
