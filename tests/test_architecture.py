"""The layers hold, the contracts that say so can fail, and the rules stay pure."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "onewindow_desk"

# What would make a rule answer differently tomorrow, elsewhere or by chance.
IMPURE_MODULES = {"asyncio", "os", "random", "secrets", "socket", "subprocess", "threading", "time", "urllib"}
# A library that reads its options from the environment when it is imported.
EXCEPTIONS = {"pinyin.py": {"os"}}
IMPURE_CALLS = {"now", "utcnow", "today", "uuid1", "uuid4", "urandom", "getrandbits"}
FORBIDDEN = [
    ("domain/states.py", "import onewindow_desk.store.rows"),
    ("store/rows.py", "import onewindow_desk.services.intake"),
    ("store/rows.py", "import onewindow_desk.documents.data"),
    ("services/intake.py", "import onewindow_desk.workspaces.workspace"),
    ("services/intake.py", "import onewindow_desk.devices.scanner"),
    ("services/intake.py", "import PySide6.QtCore"),
    ("documents/data.py", "import PySide6.QtGui"),
    ("devices/scanner.py", "import PySide6.QtCore"),
    ("admin/commands.py", "import PySide6.QtCore"),
    ("admin/commands.py", "import onewindow_desk.desk"),
    ("domain/states.py", "import sqlalchemy"),
    ("workspaces/workspace.py", "import sqlalchemy"),
    ("workspaces/today/__init__.py", "import onewindow_desk.workspaces.intake"),
    ("workspaces/shared/__init__.py", "import onewindow_desk.workspaces.today"),
    ("hands.py", "import onewindow_desk.services.intake"),
    ("faults.py", "import onewindow_desk.settings"),
    ("newcomer.py", "import onewindow_desk.domain.states"),
]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts of a working copy against that copy's package."""
    code = (
        "import sys; sys.path.insert(0, 'src'); from importlinter.cli import lint_imports_command as c; c()"
    )
    command = [sys.executable, "-I", "-c", code, "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("copy")
    shutil.copytree(PACKAGE, root / "src" / "onewindow_desk", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def test_the_contracts_hold(copy):
    done = lint_imports(copy)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("module", "line"), FORBIDDEN)
def test_an_import_against_the_layers_breaks_a_contract(copy, module, line):
    path = copy / "src" / "onewindow_desk" / module
    before = path.read_bytes() if path.exists() else None
    path.write_bytes((before or b"") + f"\n{line}\n".encode())
    try:
        done = lint_imports(copy)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout


def imported(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


def called(tree: ast.AST) -> set[str]:
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {call.attr for call in calls if isinstance(call, ast.Attribute)}


@pytest.mark.parametrize("path", sorted((PACKAGE / "domain").rglob("*.py")), ids=lambda path: path.name)
def test_a_rule_asks_neither_clock_nor_chance_nor_network(path):
    tree = ast.parse(path.read_text("utf-8"))
    assert imported(tree) & IMPURE_MODULES == EXCEPTIONS.get(path.name, set())
    assert called(tree) & IMPURE_CALLS == set()
