"""`onewindow-admin`: what it finds, what it says, and with which exit code."""

import json
import shlex
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from onewindow_desk.admin.__main__ import main
from onewindow_desk.admin.arguments import parser
from onewindow_desk.store.engine import connect


@pytest.fixture
def admin(street, vault, capsys):
    """Run one command on the street; gives exit code, standard output, standard error."""

    def run(*arguments):
        code = main(["--folder", str(street), *map(str, arguments)], lambda: vault)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def inside(street, vault):
    """Change the database behind the program's back."""

    def run(*statements):
        connection = connect(street / "desk.db", vault.secrets[f"store-key {UUID(int=7)}"])
        for statement in statements:
            connection.execute(statement)
        connection.close()

    return run


def test_a_sound_store_is_told_in_words_and_in_json(admin):
    code, out, err = admin("verify")
    assert (code, err) == (0, "")
    assert out.endswith("全部相符。\n")

    code, out, _ = admin("--json", "verify")
    facts = json.loads(out)
    assert code == 0
    assert facts.pop("operations") > 0
    assert facts == {"broken": [], "differing": {}, "sound": True, "unsound": []}


def test_a_changed_view_is_found_and_left_to_rebuild(admin, inside):
    inside("UPDATE person_view SET login = 'somebody' WHERE login = 'wang'")

    code, out, _ = admin("verify")
    assert code == 1
    assert "需要处理：person_view" in out
    assert "请运行 rebuild" in out
    assert admin("verify")[0] == 1

    code, out, _ = admin("rebuild")
    assert code == 1
    assert out.endswith("已按办理操作改正。\n")
    assert admin("rebuild")[0] == 0
    assert admin("verify")[0] == 0


def test_a_missing_operation_in_the_log_stops_it(admin, inside):
    inside("DROP TRIGGER operation_no_delete", "DELETE FROM operation WHERE seq = 1")

    code, out, err = admin("verify")

    assert (code, out) == (2, "")
    assert "请管理员用备份恢复" in err


def test_a_folder_without_a_store_is_refused_in_both_forms(vault, tmp_path, capsys):
    arguments = ["--folder", str(tmp_path), "verify"]

    assert main(arguments, lambda: vault) == 2
    assert "请核对 --folder" in capsys.readouterr().err
    assert main(["--json", *arguments], lambda: vault) == 2
    assert json.loads(capsys.readouterr().out)["field"] == "folder"


def test_a_backup_is_written_once_and_counted(admin, street, tmp_path):
    code, out, _ = admin("--json", "backup", tmp_path / "kept")
    facts = json.loads(out)
    assert code == 0
    assert facts["operations"] > 0
    assert facts["bytes"] == (tmp_path / "kept" / "desk.db").stat().st_size
    assert (tmp_path / "kept" / "desk.id").read_bytes() == (street / "desk.id").read_bytes()

    code, _, err = admin("backup", tmp_path / "kept")
    assert code == 2
    assert "请换一个新的文件夹名" in err


def test_no_personal_data_is_in_any_answer(admin, inside, tmp_path):
    inside("UPDATE person_view SET login = 'somebody' WHERE login = 'wang'")

    said = "".join(
        out + err for _, out, err in (admin("verify"), admin("rebuild"), admin("backup", tmp_path / "kept"))
    )

    assert not [word for word in ("王一鸣", "wang", "管样明") if word in said]


def test_the_command_starts_without_qt():
    loaded = "any(name.startswith('PySide6') for name in sys.modules)"
    code = f"import sys, onewindow_desk.admin.__main__; sys.exit({loaded})"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("page", ["administering", "verifying"])
def test_every_command_in_the_documents_is_one(page):
    text = (Path(__file__).parents[2] / "docs" / f"{page}.md").read_text("utf-8")
    lines = [line for line in text.splitlines() if line.startswith("onewindow-admin ")]
    commands = [parser().parse_args(shlex.split(line, comments=True)[1:]).command for line in lines]
    assert len(commands) > 3


FOUND_WITH_THE_SYSTEMS_VAULT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from onewindow_desk.demo import demo_plan
from onewindow_desk.opening import found_desk, system_vault
found_desk(Path(sys.argv[1]), system_vault, lambda: datetime.now(UTC), demo_plan()).store.close()
"""


@pytest.mark.secret_service
def test_the_installed_command_verifies_a_street_kept_in_the_systems_vault(tmp_path):
    subprocess.run([sys.executable, "-c", FOUND_WITH_THE_SYSTEMS_VAULT, str(tmp_path / "street")], check=True)

    command = [sys.executable, "-m", "onewindow_desk.admin", "--folder", str(tmp_path / "street"), "--json"]
    done = subprocess.run([*command, "verify"], capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert json.loads(done.stdout)["sound"] is True
    assert done.returncode == 0
