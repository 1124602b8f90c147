"""Bringing this PC to a central, new or with all it holds, and submitting from a program."""

import json
import re
import socket
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from onewindow_desk.admin.submit import submit
from onewindow_desk.admin.verifier.command import verify
from onewindow_desk.admin.verifier.form import Dump
from onewindow_desk.demo import demo_plan
from onewindow_desk.domain.exchange import Verdict
from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.faults import Refusal
from onewindow_desk.settings import load_desk_settings, save_desk_settings
from onewindow_desk.store import Store

GOOD = "一句十二个字以上的好记的话"
SOMEBODY = ("--login", "somebody", "--name", "王样芳")
CLERK = "00000000-0000-0000-0000-000000000003"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def clerk(run, code):
    """A person with the window's role: login (the password is GOOD)."""
    login = f"w{uuid4().hex[:8]}"
    given = ("create-person", "--street", code, "--login", login, "--name", "钱样安", "--password-stdin")
    assert run("sysadmin", *given, stdin=GOOD)[0] == 0
    assert run("secadmin", "grant", "--street", code, "--person", login, "--role", "window")[0] == 0
    return login


@pytest.fixture
def desk(here, invited, tmp_path):
    """The folder of a desk that has just been enrolled."""
    done, facts = here("enrol", *invited(f"{uuid4().hex[:6]} 号窗口"))
    assert done == 0, facts
    return tmp_path / "desk"


def test_a_new_desk_is_enrolled_and_belongs_to_its_street(desk, vault):
    with Store.open(desk, vault) as store:
        assert store.attached
        assert store.exchange.end().last_seq == 0
    assert load_desk_settings(desk).central.hosts[0].startswith("localhost:")


def test_a_ticket_lets_one_desk_in(here, invited, tmp_path):
    arguments = invited("唯一的窗口")
    assert here("enrol", *arguments)[0] == 0
    done, facts = here("enrol", *arguments, folder=tmp_path / "second")
    assert done == 2
    assert "登记票" in facts["refused"] or "接入码" in facts["refused"]
    assert not Store.exists(tmp_path / "second")


def test_a_pc_with_a_store_is_attached_and_not_enrolled(here, invited, street, run, code):
    arguments = invited("带库的窗口", "--attach")
    done, facts = here("enrol", *arguments, folder=street)
    assert done == 2
    assert "请用 attach" in facts["refused"]


def test_a_certificate_that_is_not_there_is_said(here, invited, tmp_path):
    arguments = list(invited("又一个窗口"))
    arguments[arguments.index("--authority") + 1] = tmp_path / "nowhere.pem"
    done, facts = here("enrol", *arguments)
    assert (done, facts["field"]) == (2, "authority")


def test_what_is_submitted_is_stored_and_judged(desk, vault, clerk, run, tmp_path, receive):
    case = uuid4()
    outcome = submit(desk, vault, clerk, GOOD, receive(case))
    assert outcome.verdict is Verdict.APPLIED
    note = lambda writing: writing.perform(  # noqa: E731
        NewOperation(kind="note", case_id=case, payload={"text": "样例"})
    )
    assert submit(desk, vault, clerk, GOOD, note).verdict is Verdict.APPLIED

    assert run("auditor", "export", tmp_path / "dump")[0] == 0
    dump = Dump()
    assert verify((tmp_path / "dump").read_bytes().splitlines(), dump) == []
    with Store.open(desk, vault) as store:
        assert store.case(case).version == 1
        assert not store.unsent()


def test_the_verdict_of_what_the_central_does_not_apply_is_told(desk, vault, clerk, run, code, receive):
    def record(writing):
        operation = receive(uuid4())(writing)
        # The role is gone between the rules here and the rules there.
        given = ("grant", "--street", code, "--person", clerk, "--role", "archivist")
        assert run("secadmin", *given)[0] == 0
        return operation

    outcome = submit(desk, vault, clerk, GOOD, record)

    assert (outcome.verdict, outcome.reason) == (Verdict.REJECTED, "role")
    with Store.open(desk, vault) as store:
        assert [entry.op_id for entry in store.attention()] == [outcome.op_id]


def test_what_the_rules_here_refuse_is_not_recorded(desk, vault, clerk):
    with pytest.raises(Refusal):
        submit(
            desk,
            vault,
            clerk,
            GOOD,
            lambda writing: writing.perform(NewOperation(kind="note", case_id=uuid4())),
        )
    with Store.open(desk, vault) as store:
        assert not store.unsent()


def test_without_a_line_it_is_kept_and_sent_the_next_time(desk, vault, clerk, receive):
    first = uuid4()
    assert submit(desk, vault, clerk, GOOD, receive(first)).verdict is Verdict.APPLIED
    settings = load_desk_settings(desk)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = at_host(settings, f"localhost:{nobody.getsockname()[1]}")
        save_desk_settings(desk, away)
        case = uuid4()
        outcome = submit(desk, vault, clerk, GOOD, receive(case), patience=0.1)
    assert outcome.verdict is None

    save_desk_settings(desk, settings)
    assert submit(desk, vault, clerk, GOOD, receive(uuid4())).verdict is Verdict.APPLIED
    with Store.open(desk, vault) as store:
        assert not store.unsent()
        assert store.case(case).version == 1


def test_a_desk_that_the_central_no_longer_knows_comes_back_with_all_it_took_in(
    desk, vault, clerk, here, invited, run, code, receive
):
    assert submit(desk, vault, clerk, GOOD, receive(uuid4())).verdict is Verdict.APPLIED
    settings, waiting = load_desk_settings(desk), uuid4()
    save_desk_settings(desk, at_host(settings, "localhost:1"))
    assert submit(desk, vault, clerk, GOOD, receive(waiting), patience=0.1).verdict is None
    save_desk_settings(desk, settings)
    assert run("secadmin", "revoke-desk", "--street", code, "--label", settings.window)[0] == 0
    with pytest.raises(Refusal, match="不认这台电脑"):
        submit(desk, vault, clerk, GOOD, receive(uuid4()))

    done, facts = here("enrol-again", *invited(settings.window), folder=desk)
    assert (done, facts["waiting"]) == (0, 1)
    assert submit(desk, vault, clerk, GOOD, receive(uuid4())).verdict is Verdict.APPLIED
    with Store.open(desk, vault) as store:
        assert not store.unsent()
        assert not store.attention()
        assert store.case(waiting).version == 1


def at_host(settings, host):

    return replace(settings, central=replace(settings.central, hosts=(host,)))


def test_in_a_store_without_a_central_the_rules_here_are_the_last_word(street, vault, receive):
    clerk = demo_plan().clerk
    outcome = submit(street, vault, clerk.login, clerk.password, receive(uuid4()))
    assert outcome.verdict is Verdict.APPLIED
    with pytest.raises(Refusal, match="口令不符"):
        submit(street, vault, clerk.login, "not this password", receive(uuid4()))


def test_the_documented_example_runs(desk, vault, clerk, receive):
    text = (ROOT / "docs" / "submitting.md").read_text("utf-8")
    [example] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict = {}
    exec(compile(example, "submitting.md", "exec"), names)
    case = uuid4()
    assert submit(desk, vault, clerk, GOOD, receive(case)).verdict is Verdict.APPLIED

    outcome = names["add_note"](desk, vault, clerk, GOOD, case, "样例")

    assert outcome.verdict is Verdict.APPLIED
    assert isinstance(outcome.op_id, UUID)


def test_people_who_come_with_a_desk_to_a_living_street_get_their_roles_there(
    here, invited, run, code, street, vault, receive
):
    clerk = demo_plan().clerk
    submit(street, vault, clerk.login, clerk.password, receive(uuid4()))
    assert run("sysadmin", "create-person", "--street", code, *SOMEBODY, "--make-password")[0] == 0

    done, facts = here("attach", *invited("带库的窗口", "--attach"), folder=street)
    assert (done, facts["waiting"]) == (0, 5)
    outcome = submit(street, vault, clerk.login, clerk.password, receive(uuid4()))
    assert (outcome.verdict, outcome.reason) == (Verdict.REJECTED, "role")

    _, listed = run("auditor", "people", "--street", code)
    came = {one["person_id"] for one in listed["people"] if one["came_with_desk"]}
    assert CLERK in came
    assert run("secadmin", "grant", "--street", code, "--person", CLERK, "--role", "window")[0] == 0
    outcome = submit(street, vault, clerk.login, clerk.password, receive(uuid4()))
    assert outcome.verdict is Verdict.APPLIED


def test_a_desk_is_a_witness_of_what_it_saw(desk, vault, clerk, here, run, receive, tmp_path):
    submit(desk, vault, clerk, GOOD, receive(uuid4()))
    done, facts = here("checkpoint", tmp_path / "seen.json")
    assert (done, facts["written"]) == (0, str(tmp_path / "seen.json"))
    assert here("checkpoint", tmp_path / "seen.json")[0] == 2
    noted = json.loads((tmp_path / "seen.json").read_text())
    [(_, end)] = noted["replicas"].items()
    assert end["seq"] == 1

    assert run("auditor", "export", tmp_path / "dump")[0] == 0
    compared = ["verify-central", tmp_path / "dump", "--checkpoint", tmp_path / "seen.json", "--workers", "1"]
    assert here(*compared)[0] == 0
    end["hash"] = "0" * 64
    (tmp_path / "seen.json").write_text(json.dumps(noted))
    done, facts = here(*compared)
    assert (done, [one["kind"] for one in facts["findings"]]) == (1, ["known_chain"])


def test_a_desk_that_works_alone_has_seen_no_central(street, here, tmp_path):
    done, facts = here("checkpoint", tmp_path / "seen.json", folder=street)
    assert done == 2
    assert "没有接入中心库" in facts["refused"]
