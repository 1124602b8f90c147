"""The administrators' commands against a real central: who may, what comes of it, what is said."""

import gzip
import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from office import PASSWORD, Enrolled, Office, joining

from onewindow_desk.admin.__main__ import main
from onewindow_desk.admin.line import AdminLine
from onewindow_desk.admin.verifier.command import verify
from onewindow_desk.admin.verifier.form import Dump
from onewindow_desk.domain.numbering import make_receipt_no
from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.store import Signer
from onewindow_desk.store.chain import seal
from onewindow_desk.store.keys import ChainHead, StoreKeys

GOOD = "一句十二个字以上的好记的话"
STREET = "115"
ROOT = Path(__file__).parents[2]
AT = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)


class Window:
    """A desk whose keys are real: what it sends can be verified."""

    def __init__(self, office: Office, label: str) -> None:
        self.keys = StoreKeys(uuid4(), bytes(32), os.urandom(32))
        self.head = ChainHead()
        said = joining(
            self.keys.replica, public_key=self.keys.desk_public.public_bytes_raw().hex(), label=label
        )
        answer = office.enrol(office.ticket(STREET, label), said)
        dsn = office.cluster.dsn(answer["login"], PASSWORD, office.database)
        self.line = Enrolled(dsn, self.keys.replica, answer)
        self.series = answer["series"]
        self.member = office.member(STREET, "window")
        self.signer = Signer(
            person_id=self.member.person_id, person_key_id=os.urandom(8).hex(), mac_key=os.urandom(32)
        )
        self.line.prove(self.member, self.signer.person_key_id, self.signer.mac_key)
        self.given = 0
        self.last_op = UUID(int=0)

    def push(self) -> None:
        """Three acts on a new case: applied, applied, and one that was decided on another version."""
        case = uuid4()
        self.given += 1
        number = make_receipt_no(STREET, AT.date(), self.series, self.given)
        facts = {"receipt_no": number, "item_id": "i", "item_version": "1", "received_at": AT.isoformat()}
        assert self.send("receive", case, facts) == []
        assert self.send("note", case) == []
        [verdict] = self.send("accept", case, {"complete": True}, base=0)
        assert verdict["verdict"] == "rejected"

    def send(self, kind: str, case: UUID, facts: dict | None = None, base: int | None = None) -> list:
        """Push one act; the verdicts that are not `applied`."""
        new = NewOperation(kind=kind, case_id=case, envelope=facts or {}, base=base, payload={"text": "x"})
        self.last_op = uuid4()
        sealed = seal(new, self.head, datetime.now(UTC), self.last_op, self.signer, self.keys)
        sent = (b"R" + sealed.head, [sealed.payload], sealed.desk_signature, sealed.person_mac)
        answer = self.line(
            "SELECT owd.push(%s, %s, %s, %s, %s, %s, %s)",
            *(self.keys.replica, sealed.place.seq, *sent, bytes.fromhex(sealed.hash)),
        )
        assert answer["status"] == "ok"
        self.head = ChainHead(sealed.place.seq, sealed.hash)
        return answer["verdicts"]


@pytest.fixture
def street(code):
    return code


@pytest.fixture
def desk(office, street):
    """Makes desks; their connections end with the test."""
    made = []

    def enter(label: str) -> Window:
        made.append(Window(office, label))
        return made[-1]

    yield enter
    for window in made:
        window.line.line.close()


@pytest.fixture
def person(run, street):
    """A new person: id and login."""

    def make(*more):
        login = f"p{uuid4().hex[:8]}"
        arguments = ("create-person", "--street", street, "--login", login, "--name", "钱样安", *more)
        code, facts = run("sysadmin", *arguments, "--make-password")
        assert code == 0, facts
        return facts["person_id"], login

    return make


def test_a_central_is_made_and_brought_up_again_by_its_owner(cluster, capsys):
    cluster.sql("CREATE DATABASE made_by_hand")
    for command in ("init-central", "upgrade-central", "init-central"):
        assert main([command, "--dsn", cluster.owner_dsn("made_by_hand")], pytest.fail) == 0
    assert "都已就绪" in capsys.readouterr().out
    assert cluster.sql("SELECT count(*) > 20 FROM owd_data.rule", "made_by_hand") == [(True,)]


def test_only_a_superuser_makes_a_central(run):
    code, facts = run("sysadmin", "init-central")
    assert code == 2
    assert "超级用户" in facts["refused"]


def test_a_database_that_is_no_central_is_said_to_be_none(cluster, logins, capsys):
    dsn = logins["sysadmin"].replace("dbname=", "dbname=postgres application_name=")
    cluster.sql("GRANT CONNECT ON DATABASE postgres TO PUBLIC")
    assert main(["status", "--street", "115", "--dsn", dsn], pytest.fail) == 2
    assert "init-central" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("duty", "arguments"),
    [
        ("secadmin", ("create-street", "--street", "116", "--name", "甲", "--authority", "乙")),
        ("auditor", ("create-person", "--street", "115", "--login", "x", "--name", "甲", "--make-password")),
        ("sysadmin", ("grant", "--street", "115", "--person", UUID(int=1), "--role", "window")),
        ("auditor", ("grant", "--street", "115", "--person", UUID(int=1), "--role", "window")),
        ("sysadmin", ("reset-password", "--street", "115", "--person", UUID(int=1), "--make-password")),
        ("secadmin", ("enrol-desk", "--street", "115", "--label", "1 号窗口")),
        ("sysadmin", ("revoke-desk", "--street", "115", "--label", "1 号窗口")),
        ("secadmin", ("status", "--street", "115")),
        ("secadmin", ("durable", "--before", "2026-01-01T00:00:00+00:00")),
        ("sysadmin", ("retry", "--street", "115", "--operation", UUID(int=1))),
        ("auditor", ("suspend-person", "--street", "115", "--person", UUID(int=1))),
    ],
)
def test_each_duty_is_kept_to_its_own_people(run, street, duty, arguments):
    phones = ("--inquiry-phone", "1", "--supervise-phone", "2") if arguments[0] == "create-street" else ()
    code, facts = run(duty, *arguments, *phones)
    assert code == 2
    assert "没有这项职责" in facts["refused"]


def test_a_street_is_made_once(run, street):
    again = ("create-street", "--street", street, "--name", "甲", "--authority", "乙")
    code, facts = run("sysadmin", *again, "--inquiry-phone", "1", "--supervise-phone", "2")
    assert code == 2
    assert "请核对后再试" in facts["refused"]


def test_the_streets_settings_are_what_desks_read(cluster, central, street):
    [(settings,)] = cluster.sql("SELECT settings FROM owd_data.street", central)
    assert settings["code"] == "115"
    assert settings["authority"] == "样例街道办事处"
    assert settings["sample"] is False


def test_a_made_password_is_shown_once_and_kept_nowhere(run, street, cluster, central):
    arguments = ("create-person", "--street", street, "--login", "made", "--name", "钱样安")
    code, facts = run("sysadmin", *arguments, "--make-password")
    assert code == 0
    assert len(facts["password"]) == 24
    [(salt, stored)] = cluster.sql(
        f"SELECT salt, stored_key FROM owd_data.person_secret WHERE person_id = '{facts['person_id']}'",
        central,
    )
    assert len(salt) == 16
    assert len(stored) == 32
    assert facts["password"] not in cluster.log.read_text("utf-8", errors="replace")


def test_a_password_from_standard_input_is_not_told_again(run, street):
    arguments = ("create-person", "--street", street, "--login", "stdin", "--name", "钱样安")
    code, facts = run("sysadmin", *arguments, "--password-stdin", stdin=f"{GOOD}\n")
    assert code == 0
    assert "password" not in facts


def test_nobody_is_asked_where_nobody_can_type(run, street):
    code, facts = run("sysadmin", "create-person", "--street", street, "--login", "t", "--name", "钱样安")
    assert code == 2
    assert "--password-stdin" in facts["refused"]


@pytest.mark.parametrize(("first", "second"), [(GOOD, GOOD), (GOOD, "另一句十二个字以上的好记的话")])
def test_both_times_must_be_the_same(monkeypatch, first, second):
    from onewindow_desk.admin.passwords import Source, new_password
    from onewindow_desk.faults import Refusal

    typed = iter((first, second))
    monkeypatch.setattr("sys.stdin", type("Terminal", (), {"isatty": lambda _self: True})())
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    if first == second:
        assert new_password(Source.TYPED) == first
        return
    with pytest.raises(Refusal, match="两次输入的口令不同"):
        new_password(Source.TYPED)


def test_a_short_password_is_refused(run, street):
    arguments = ("create-person", "--street", street, "--login", "short", "--name", "钱样安")
    code, facts = run("sysadmin", *arguments, "--password-stdin", stdin="短\n")
    assert code == 2
    assert "口令太短" in facts["refused"]


def test_roles_are_granted_by_id_or_login_and_listed(run, street, person):
    one, login = person()
    for name in (one, login, login.upper()):
        code, facts = run("secadmin", "grant", "--street", street, "--person", name, "--role", "window")
        assert (code, facts["roles"]) == (0, ["window"])
    code, facts = run("auditor", "people", "--street", street)
    assert code == 0
    [found] = [row for row in facts["people"] if row["person_id"] == one]
    assert (found["login"], found["roles"], found["active"]) == (login, ["window"], True)

    assert run("secadmin", "grant", "--street", street, "--person", "nobody", "--role", "window")[0] == 2
    code, facts = run(
        "secadmin", "grant", "--street", street, "--person", one, "--role", "window", "--role", "handler"
    )
    assert code == 2


def test_a_small_street_may_relax_pairs_until_a_day(run, street, person, cluster, central):
    one, _ = person()
    both = ("grant", "--street", street, "--person", one, "--role", "window", "--role", "handler")
    assert run("secadmin", *both)[0] == 2
    relax = ("relax-conflicts", "--street", street)
    assert run("secadmin", *relax, "--pair", "window+handler")[0] == 0
    assert run("secadmin", *both)[0] == 0
    assert run("secadmin", *relax, "--pair", "window+nobody")[0] == 2
    assert run("secadmin", *relax)[1]["pairs"] == []
    assert run("secadmin", *both)[0] == 2

    code, facts = run("secadmin", "let-issuer-seal", "--street", street)
    asked = "SELECT settings -> 'issuer_may_seal' ->> 'until' FROM owd_data.street"
    assert (code, cluster.sql(asked, central)) == (0, [(facts["until"],)])
    assert run("secadmin", "let-issuer-seal", "--street", street, "--end")[0] == 0
    assert cluster.sql(asked, central) == [(None,)]


def test_an_account_is_suspended_and_resumed(run, street, person):
    one, _ = person()
    for command, active in (("suspend-person", False), ("resume-person", True)):
        code, facts = run("secadmin", command, "--street", street, "--person", one)
        assert (code, facts["active"]) == (0, active)
        _, listed = run("auditor", "people", "--street", street)
        assert [row["active"] for row in listed["people"] if row["person_id"] == one] == [active]


def test_a_reset_changes_what_the_password_is_checked_against(run, street, person, cluster, central):
    one, _ = person()
    asked = f"SELECT stored_key FROM owd_data.person_secret WHERE person_id = '{one}'"
    before = cluster.sql(asked, central)
    code, _ = run(
        "secadmin", "reset-password", "--street", street, "--person", one, "--password-stdin", stdin=GOOD
    )
    assert code == 0
    assert cluster.sql(asked, central) != before


def test_a_ticket_is_printed_once_and_only_its_hash_is_kept(run, street, cluster, central):
    code, facts = run("sysadmin", "enrol-desk", "--street", street, "--label", "9 号窗口", "--attach")
    assert code == 0
    assert (facts["kind"], facts["scope"], facts["valid_seconds"]) == ("attach", ["window"], 1800)
    assert len(facts["ticket"].replace("-", "")) == 24
    [(kept,)] = cluster.sql("SELECT string_agg(t::text, '') FROM owd_data.ticket t", central)
    assert facts["ticket"] not in kept


def test_status_tells_desks_and_what_waits(run, street, desk):
    desk("3 号窗口")
    code, facts = run("auditor", "status", "--street", street)
    assert code == 0
    [found] = facts["streets"]
    [row] = [row for row in found["desks"] if row["label"] == "3 号窗口"]
    assert row["revoked_at"] is None
    assert row["replicas"][0]["heard_at"] is None


def test_a_desk_is_revoked_at_once_and_stays_listed(run, street, desk):
    desk("4 号窗口")
    code, facts = run("secadmin", "revoke-desk", "--street", street, "--label", "4 号窗口")
    assert (code, facts["ended"]) == (0, 0)
    _, facts = run("sysadmin", "status", "--street", street)
    [row] = [row for row in facts["streets"][0]["desks"] if row["label"] == "4 号窗口"]
    assert row["revoked_at"]

    code, facts = run("secadmin", "revoke-desk", "--street", street, "--label", "没有的窗口")
    assert code == 2
    assert "没有这个街道、人员、窗口或办理" in facts["refused"]


def test_nothing_that_does_not_wait_is_tried_again(run, street):
    code, facts = run("secadmin", "retry", "--street", street, "--operation", UUID(int=5))
    assert code == 2
    assert "没有这个街道、人员、窗口或办理" in facts["refused"]


def test_what_still_waits_after_a_second_look_is_said(run, street, desk):
    window = desk("8 号窗口")
    [verdict] = window.send("note", uuid4())
    assert verdict["verdict"] == "parked"
    code, facts = run("secadmin", "retry", "--street", street, "--operation", window.last_op)
    assert (code, facts["verdict"], facts["reason"]) == (1, "parked", "case_unknown")
    _, facts = run("auditor", "status", "--street", street)
    assert facts["streets"][0]["waiting"] == {"parked": 1}


def test_status_names_people_whom_a_restored_central_lacks_and_they_come_back_by_their_number(
    run, street, desk
):
    window, gone = desk("13 号窗口"), uuid4()
    window.signer = Signer(person_id=gone, person_key_id="00" * 8, mac_key=bytes(32))
    [verdict] = window.send("note", uuid4())
    assert verdict["verdict"] == "parked"
    _, facts = run("sysadmin", "status", "--street", street)
    assert facts["streets"][0]["unknown_people"] == [str(gone)]
    named = ("--login", f"p{gone.hex[:8]}", "--name", "钱样安", "--person-id", gone)
    code, facts = run("sysadmin", "create-person", "--street", street, *named, "--make-password")
    assert (code, facts["person_id"]) == (0, str(gone))
    _, facts = run("sysadmin", "status", "--street", street)
    assert facts["streets"][0]["unknown_people"] == []


def test_people_read_the_same_without_json(logins, street, desk, person, capsys):
    desk("11 号窗口")
    person()
    capsys.readouterr()
    assert main(["status", "--street", street, "--dsn", logins["auditor"]], pytest.fail) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"街道 {street}：流水 ")
    assert "  11 号窗口：上次联系 还没有，连接 1 条，登记 1 次。" in said
    assert main(["people", "--street", street, "--dsn", logins["auditor"]], pytest.fail) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"街道 {street} 有 ")
    assert any("：没有岗位，到 " in line for line in said[1:])


def test_a_backups_time_is_kept_and_never_in_the_future(run, cluster, central):
    before = datetime.now(UTC) - timedelta(hours=1)
    assert run("sysadmin", "durable", "--before", before.isoformat())[0] == 0
    assert cluster.sql("SELECT durable_before FROM owd_data.central", central) == [(before,)]

    code, facts = run("sysadmin", "durable", "--before", (before + timedelta(hours=2)).isoformat())
    assert code == 2
    assert "在将来" in facts["refused"]
    with pytest.raises(SystemExit):
        run("sysadmin", "durable", "--before", "2026-01-01T00:00:00")


def test_a_password_in_the_command_is_refused_and_not_repeated(logins, capsys):
    for dsn in (f"{logins['auditor']} password=geheim123", "postgresql://x:geheim123@localhost/y"):
        assert main(["people", "--street", "115", "--dsn", dsn], pytest.fail) == 2
        said = capsys.readouterr()
        assert "不要把口令写在命令里" in said.err
        assert "geheim123" not in said.err + said.out
    assert main(["people", "--street", "115", "--dsn", "password geheim123"], pytest.fail) == 2
    assert "geheim123" not in capsys.readouterr().err


def test_a_line_that_checks_no_certificate_is_refused(logins, capsys):
    for mode in ("require", "verify-ca"):
        dsn = logins["auditor"].replace("verify-full", mode)
        assert main(["people", "--street", "115", "--dsn", dsn], pytest.fail) == 2
        assert "sslmode=verify-full" in capsys.readouterr().err


def test_a_central_that_does_not_answer_is_said_to_be_away(logins, capsys):
    dsn = f"{logins['auditor']} port=1"
    assert main(["people", "--street", "115", "--json", "--dsn", dsn], pytest.fail) == 2
    assert json.loads(capsys.readouterr().out)["refused"].startswith("连不上中心库")


def test_the_connection_may_come_from_a_service_file(logins, tmp_path, monkeypatch, capsys, street):
    service = tmp_path / "service.conf"
    service.write_text("[owd]\n" + logins["auditor"].replace(" ", "\n") + "\n")
    monkeypatch.setenv("PGSERVICEFILE", str(service))
    assert main(["people", "--street", street, "--dsn", "service=owd"], pytest.fail) == 0
    monkeypatch.setenv("PGSERVICE", "owd")
    assert main(["people", "--street", street], pytest.fail) == 0


# the dump


@pytest.fixture
def exported(run, tmp_path):
    def do(name="dump.jsonl"):
        target = tmp_path / name
        code, facts = run("auditor", "export", target)
        assert code == 0, facts
        return target, facts

    return do


def test_a_dump_of_the_real_central_verifies(exported, run, street, desk, person, capsys):
    busy = desk("5 号窗口")
    busy.push()
    target, facts = exported()
    assert facts["operations"] >= 3
    assert target.stat().st_mode & 0o777 == 0o600

    found = Dump()
    with target.open("rb") as lines:
        assert verify(lines, found) == []
    assert found.operations == facts["operations"]

    assert main(["verify-central", str(target), "--workers", "1", "--json"], pytest.fail) == 0
    assert json.loads(capsys.readouterr().out)["sound"] is True


def test_a_dump_shows_one_moment_while_desks_go_on(exported, desk, street, monkeypatch):
    window = desk("10 号窗口")
    asked = AdminLine.rows

    def meanwhile(line, function, part, *more):
        rows = asked(line, function, part, *more)
        window.push()
        return rows

    monkeypatch.setattr(AdminLine, "rows", meanwhile)
    target, facts = exported()
    assert window.given > 2
    found = Dump()
    assert verify(target.read_bytes().splitlines(), found) == []
    assert found.operations == facts["operations"]


def test_the_auditor_gets_no_payload_and_every_export_is_recorded(exported, desk, street, cluster, central):
    desk("6 号窗口").push()
    asked = "SELECT count(*) FROM owd_data.event WHERE what = 'dump'"
    [(before,)] = cluster.sql(asked, central)
    packed, _ = exported("dump.jsonl.gz")
    rows = [json.loads(line) for line in gzip.decompress(packed.read_bytes()).splitlines()]
    assert {row["payload"] for row in rows if row["row"] == "op"} == {None}
    assert cluster.sql(asked, central) == [(before + 1,)]


def test_no_name_is_in_a_dump(exported, person, street):
    _, login = person()
    target, _ = exported()
    text = target.read_text()
    assert "钱样安" not in text
    assert "钱样安".encode().hex() not in text
    assert login.encode().hex() not in text


def test_a_dump_is_never_written_over(exported, run):
    target, _ = exported()
    code, facts = run("auditor", "export", target)
    assert code == 2
    assert "请换一个文件名" in facts["refused"]
    code, facts = run("auditor", "export", target.parent / "nowhere" / "dump")
    assert code == 2
    assert "写不下" in facts["refused"]


def test_only_the_auditor_takes_a_dump(run, tmp_path, street):
    for duty in ("sysadmin", "secadmin"):
        code, facts = run(duty, "export", tmp_path / duty)
        assert code == 2
        assert "没有这项职责" in facts["refused"]
        assert list(tmp_path.iterdir()) == []


def test_psql_writes_the_same_dump(exported, desk, street, cluster, central):
    desk("7 号窗口").push()
    text = (ROOT / "docs" / "verifying.md").read_text("utf-8")
    script = text.split("```sql\n")[1].split("```")[0]
    command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", cluster.owner_dsn(central)]
    done = subprocess.run(command, input=script, capture_output=True, text=True, check=True)

    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(row["payload"] for row in rows if row["row"] == "op")
    target, _ = exported()
    without = [{**row, "payload": None} if row["row"] == "op" else row for row in rows]
    assert without == [json.loads(line) for line in target.read_bytes().splitlines()]
    assert verify(done.stdout.encode().splitlines(), Dump()) == []
