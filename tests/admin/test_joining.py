"""Bringing this PC to a central, new or with all it holds, and submitting from a program."""

import json
import re
import socket
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from onewindow_desk.admin.__main__ import main
from onewindow_desk.admin.submit import submit
from onewindow_desk.admin.verifier.command import verify
from onewindow_desk.admin.verifier.form import Dump
from onewindow_desk.domain.exchange import Verdict
from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.faults import Refusal
from onewindow_desk.settings import load_desk_settings, save_desk_settings
from onewindow_desk.store import Store

GOOD = "一句十二个字以上的好记的话"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def invited(run, code, cluster, central):
    """The arguments of `enrol` or `attach` with a fresh ticket."""

    def make(label, *more):
        done, facts = run("sysadmin", "enrol-desk", "--street", code, "--label", label, *more)
        assert done == 0, facts
        server = ("--server", f"localhost:{cluster.port}", "--database", central)
        return (*server, "--authority", cluster.ca, "--label", label, "--ticket", facts["ticket"])

    return make


@pytest.fixture
def here(tmp_path, vault, capsys):
    """One command on this PC: exit code and what it said as JSON."""

    def do(*arguments, folder=tmp_path / "desk"):
        done = main([*map(str, arguments), "--json", "--folder", str(folder)], lambda: vault)
        return done, json.loads(capsys.readouterr().out)

    return do


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


def receive(case_id):
    """Takes a case in, with the desk's next number."""

    def record(writing):
        now = datetime.now(UTC)
        number = writing.next_receipt_no(now.date())
        same = {"receipt_no": number, "item_id": "JT-01", "item_version": "1", "received_at": now.isoformat()}
        applicant = {
            "kind": "person",
            "name": "钱样安",
            "identity": {"type": "resident", "number": "320115199001010016"},
            "phone": "000-0000-0001",
        }
        payload = {
            **same,
            "applicant": applicant,
            "agent": None,
            "fields": {},
            "materials": [],
            "window": "1",
        }
        envelope = {**same, "item_name": "样例", "materials": 1, "pages": 0, "files": []}
        return writing.perform(
            NewOperation(kind="receive", case_id=case_id, envelope=envelope, payload=payload)
        )

    return record


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


def test_what_is_submitted_is_stored_and_judged(desk, vault, clerk, run, tmp_path):
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


def test_the_verdict_of_what_the_central_does_not_apply_is_told(desk, vault, clerk, run, code, monkeypatch):
    # The central takes the role away between the rules here and the rules there.
    case = uuid4()
    assert submit(desk, vault, clerk, GOOD, receive(case)).verdict is Verdict.APPLIED

    def record(writing):
        operation = writing.perform(NewOperation(kind="note", case_id=case, payload={"text": "样例"}))
        given = ("grant", "--street", code, "--person", clerk, "--role", "archivist")
        assert run("secadmin", *given)[0] == 0
        return operation

    assert submit(desk, vault, clerk, GOOD, record).verdict is Verdict.APPLIED  # an archivist notes too

    outcome = submit_as_window(desk, vault, clerk)
    assert isinstance(outcome, Refusal) or outcome.verdict is Verdict.REJECTED


def submit_as_window(desk, vault, clerk):
    try:
        return submit(desk, vault, clerk, GOOD, receive(uuid4()))
    except Refusal as refusal:
        return refusal


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


def test_without_a_line_it_is_kept_and_sent_the_next_time(desk, vault, clerk):
    first = uuid4()
    assert submit(desk, vault, clerk, GOOD, receive(first)).verdict is Verdict.APPLIED
    settings = load_desk_settings(desk)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = msgspec_replace(settings, f"localhost:{nobody.getsockname()[1]}")
        save_desk_settings(desk, away)
        case = uuid4()
        outcome = submit(desk, vault, clerk, GOOD, receive(case), patience=0.1)
    assert outcome.verdict is None

    save_desk_settings(desk, settings)
    assert submit(desk, vault, clerk, GOOD, receive(uuid4())).verdict is Verdict.APPLIED
    with Store.open(desk, vault) as store:
        assert not store.unsent()
        assert store.case(case).version == 1


def msgspec_replace(settings, host):
    from msgspec.structs import replace

    return replace(settings, central=replace(settings.central, hosts=(host,)))


def test_in_a_store_without_a_central_the_rules_here_are_the_last_word(street, vault):
    from onewindow_desk.demo import demo_plan

    clerk = demo_plan().clerk
    outcome = submit(street, vault, clerk.login, clerk.password, receive(uuid4()))
    assert outcome.verdict is Verdict.APPLIED
    with pytest.raises(Refusal, match="口令不符"):
        submit(street, vault, clerk.login, "not this password", receive(uuid4()))


def test_the_documented_example_runs(desk, vault, clerk):
    text = (ROOT / "docs" / "submitting.md").read_text("utf-8")
    [example] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict = {}
    exec(compile(example, "submitting.md", "exec"), names)
    case = uuid4()
    assert submit(desk, vault, clerk, GOOD, receive(case)).verdict is Verdict.APPLIED

    outcome = names["add_note"](desk, vault, clerk, GOOD, case, "样例")

    assert outcome.verdict is Verdict.APPLIED
    assert isinstance(outcome.op_id, UUID)


def test_a_street_that_worked_alone_attaches_with_all_it_holds(
    here, invited, run, code, street, vault, tmp_path
):
    from onewindow_desk.demo import demo_plan

    clerk = demo_plan().clerk
    for _ in range(3):
        submit(street, vault, clerk.login, clerk.password, receive(uuid4()))
    with Store.open(street, vault) as store:
        alone = store.exchange.end().last_seq
        assert store.settings()["code"] == code

    done, facts = here("attach", *invited("1 号窗口", "--attach"), folder=street)

    assert done == 0, facts
    assert facts["waiting"] == alone
    outcome = submit(street, vault, clerk.login, clerk.password, receive(uuid4()))
    assert outcome.verdict is Verdict.APPLIED
    with Store.open(street, vault) as store:
        assert not store.unsent()
        assert not store.attention()
    assert run("auditor", "export", tmp_path / "dump")[0] == 0
    assert verify((tmp_path / "dump").read_bytes().splitlines(), Dump()) == []
