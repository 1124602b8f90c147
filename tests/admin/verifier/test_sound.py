"""A dump that nobody touched, and the command over it."""

import gzip
import json
import subprocess
import sys

import pytest

from onewindow_desk.admin.verifier.command import main
from onewindow_desk.admin.verifier.copy import write_copy
from onewindow_desk.admin.verifier.form import TEXTS


@pytest.fixture
def dump(world, tmp_path):
    path = tmp_path / "central.jsonl"
    path.write_bytes(b"\n".join(world.lines()) + b"\n")
    return path


def test_nothing_is_found_in_a_sound_dump(lived, found):
    assert found(lived.lines()) == []


def test_several_processes_find_what_one_finds(world, found):
    world.ops[7]["signature"] = world.ops[3]["signature"]
    assert found(world.lines(), workers=2) == found(world.lines()) == ["signature"]


def test_the_command_tells_counts_and_answers_with_its_exit_code(dump, capsys):
    assert main([str(dump), "--json", "--workers", "1"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["operations"], facts["replicas"], facts["sound"]) == (19, 3, True)

    dump.write_bytes(dump.read_bytes().replace(b'"applied"', b'"rejected"', 1))
    assert main([str(dump), "--workers", "1"]) == 1
    assert capsys.readouterr().out.rstrip().endswith("并报告审计管理员。")


def test_a_packed_dump_is_read_and_a_cut_one_is_not(dump, tmp_path, capsys):
    packed = tmp_path / "central.jsonl.gz"
    packed.write_bytes(gzip.compress(dump.read_bytes()))
    assert main([str(packed), "--workers", "1"]) == 0

    packed.write_bytes(packed.read_bytes()[:-400])
    assert main([str(packed), "--workers", "1"]) == 2
    assert "请核对文件名和磁盘" in capsys.readouterr().err


def test_what_is_no_dump_is_said_to_be_none(tmp_path, capsys):
    other = tmp_path / "other.json"
    for content in ("", "{}\n", "[1]\n", '{"row": "dump", "v": 2}\n', "\x00\n"):
        other.write_text(content)
        assert main([str(other), "--workers", "1"]) == 2, content
    assert "请核对文件名" in capsys.readouterr().err


def test_only_so_many_findings_are_listed_but_all_are_counted(world, tmp_path, capsys):
    for row in world.ops:
        row["signature"] = "00" * 64
    path = tmp_path / "dump"
    path.write_bytes(b"\n".join(world.lines()))

    assert main([str(path), "--json", "--most", "3", "--workers", "1"]) == 1

    facts = json.loads(capsys.readouterr().out)
    assert (len(facts["findings"]), facts["count"]) == (3, 19)
    assert facts["findings"][0] == {"kind": "signature", "where": f"登记 {world.ops[0]['replica']} 第 1 步"}
    assert "另有 16 处没有列出。" in facts["lines"]


def test_the_copy_runs_where_the_program_is_not_installed(dump, tmp_path):
    alone = tmp_path / "onewindow-verify.pyz"
    write_copy(alone)
    # -I: no path of the project; only installed packages, of which the copy may use `cryptography`.
    names = "import sys, runpy; sys.argv = sys.argv[1:]; sys.path.insert(0, sys.argv[0])\n"
    watch = names + (
        "try:\n    runpy.run_path(sys.argv[0], run_name='__main__')\n"
        "finally:\n    home = [m.__file__ for n, m in sys.modules.items() if 'onewindow_desk.' in n]\n"
        "    assert all('.pyz' in file for file in home), home\n"
        "    assert not {'msgspec', 'sqlalchemy', 'psycopg', 'zstandard'} & set(sys.modules)\n"
    )
    command = [sys.executable, "-I", "-c", watch, str(alone), str(dump), "--json", "--workers", "1"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.returncode == 0
    assert json.loads(done.stdout)["sound"] is True


def test_the_copy_works_with_several_processes(dump, tmp_path):
    alone = tmp_path / "onewindow-verify.pyz"
    write_copy(alone)
    command = [sys.executable, "-I", str(alone), str(dump), "--workers", "2", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_text_is_one_that_some_check_uses():
    from importlib.resources import files

    sources = "".join(
        path.read_text("utf-8")
        for path in files("onewindow_desk.admin.verifier").iterdir()
        if path.name.endswith(".py") and path.name != "form.py"
    )
    assert [kind for kind in TEXTS if f'"{kind}"' not in sources] == []
