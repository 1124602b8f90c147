"""The house rules that a machine can see."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from onewindow_desk import demo

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "onewindow_desk"

TREES = (".ci", "docs", "packaging", "resources", "src", "tests", "ui")
TEXTS = {
    ".cfg",
    ".css",
    ".c",
    ".lock",
    ".md",
    ".py",
    ".qrc",
    ".qss",
    ".sh",
    ".toml",
    ".ts",
    ".txt",
    ".ui",
    ".yaml",
}
MADE = {"__pycache__", "_built", ".hypothesis"}

CHINESE = "一-鿿"
HALF_WIDTH = re.compile(rf"[{CHINESE}][,;:!?()]|[,;:!?()][{CHINESE}]")
UNKIND = re.compile("错误|非法|失败")


def files() -> list[Path]:
    """Everything written by hand, wherever the tree came from (a clone or an archive)."""
    found = [path for path in ROOT.iterdir() if path.is_file()]
    for tree in TREES:
        found += [path for path in (ROOT / tree).rglob("*") if path.is_file()]
    return sorted(path for path in found if not MADE.intersection(path.relative_to(ROOT).parts))


def written() -> list[Path]:
    return [
        path for path in files() if path.suffix in TEXTS or path.name in {"Makefile", "run", ".gitignore"}
    ]


def sources(folder: Path = PACKAGE) -> list[Path]:
    return [path for path in folder.rglob("*.py") if not MADE.intersection(path.parts)]


def found_in(paths: list[Path], pattern: str) -> list[str]:
    """`path: line` for each line that matches, the file that states the rule left out."""
    rule, hits = re.compile(pattern), []
    for path in paths:
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if rule.search(line):
                hits.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    return hits


def test_the_fixed_layout_stands():
    expected = [
        *("Makefile", "README.md", "README.zh-CN.md", "CONTRIBUTING.md", "LICENSE", "pyproject.toml"),
        *("requirements.lock", "docs/decisions", "resources", "ui", "packaging", "src/onewindow_desk"),
    ]
    assert [name for name in expected if not (ROOT / name).exists()] == []
    assert "make test" in (ROOT / ".ci" / "run").read_text()


def test_packaging_never_becomes_a_package():
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_no_module_is_longer_than_500_lines():
    long = {
        path.name: count for path in sources() if (count := len(path.read_text("utf-8").splitlines())) > 500
    }
    assert long == {}


def test_no_file_is_larger_than_700_kilobytes():
    assert [path.name for path in files() if path.stat().st_size > 700_000] == []


def test_no_file_names_a_machine_or_an_address_to_download_from():
    machine = r"(^|[^a-z.])/(work|farm|root|home/[a-z]+)/(?!onewindow-desk)"
    download = r"https?://[^ )\"']+\.(whl|tgz|tar\.gz|deb|zip)\b|--(extra-)?index-url|pypi\.org|pythonhosted"
    assert found_in(written(), machine) == []
    assert found_in(written(), download) == []


def test_nothing_is_left_unfinished_or_passed_over():
    paths = sources() + sources(ROOT / "tests")
    assert (
        found_in(paths, r"TO[D]O|FIX[M]E|XX[X]|Not[I]mplementedError|pytest[.]skip|mark[.](skip|xfail)") == []
    )


def caught_wholesale(tree: ast.AST) -> bool:
    return any(
        isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
        for node in ast.walk(tree)
    )


def test_every_exception_is_caught_in_the_three_allowed_places_only():
    allowed = {"background.py", "hook.py", "sync/round.py"}
    catching = {
        path.relative_to(PACKAGE).as_posix()
        for path in sources()
        if caught_wholesale(ast.parse(path.read_text("utf-8")))
    }
    assert catching <= allowed


def test_the_lock_has_exact_versions_hashes_and_no_addresses():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    blocks = re.findall(
        r"^([a-z0-9-]+)==(\S+)[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", lock, re.MULTILINE
    )
    named = re.findall(r"^[a-z0-9-]+.*$", lock, re.MULTILINE)
    assert len(blocks) == len(named) > 30
    assert "://" not in lock


def locked() -> dict[str, str]:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, re.MULTILINE))


def test_every_direct_dependency_is_locked_at_a_version_it_allows():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    for line in wanted:
        name, exact = re.findall(r"^([A-Za-z0-9-]+)(?:==([^;]+))?", line)[0]
        assert name.lower() in locked(), name
        assert exact in {"", locked()[name.lower()]}, line


def test_what_builds_is_what_runs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    build = dict(row.split("==") for row in project["build-system"]["requires"])
    running = dict(row.split("==") for row in project["project"]["dependencies"] if "==" in row)
    assert build["PySide6-Essentials"] == running["PySide6"] == "6.11.3"


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_both_readmes_open_with_the_two_commands_and_the_way_in(name):
    text = (ROOT / name).read_text("utf-8")
    assert "make run" in text[:2000]
    assert "make test" in text[:2000]
    assert demo.DEMO_LOGIN in text
    assert demo.DEMO_PASSWORD in text


@pytest.mark.parametrize(
    "page", [path.relative_to(ROOT).as_posix() for path in files() if path.suffix == ".md"]
)
def test_every_link_between_pages_leads_somewhere(page):
    text = (ROOT / page).read_text("utf-8")
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    local = [target for target in targets if target and "://" not in target]
    assert [target for target in local if not (ROOT / page).parent.joinpath(target).exists()] == []


def test_decisions_are_numbered_once():
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert len(numbers) == len(set(numbers)) > 0


def form_texts() -> Iterator[tuple[str, str]]:
    for form in sorted((ROOT / "ui").glob("*.ui")):
        for text in ET.parse(form).iter("string"):
            yield form.name, text.text or ""


def listed_texts() -> Iterator[tuple[str, str]]:
    for listing in sorted((ROOT / "resources" / "i18n").glob("*.ts")):
        for text in ET.parse(listing).iter("source"):
            yield listing.name, text.text or ""


def spoken_texts() -> Iterator[tuple[str, str]]:
    """Chinese sentences in the source, docstrings left out."""
    for path in sources():
        tree = ast.parse(path.read_text("utf-8"))
        silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or id(node) in silent:
                continue
            if isinstance(node.value, str) and node.value.endswith("。"):
                yield path.relative_to(PACKAGE).as_posix(), node.value


def test_chinese_has_chinese_punctuation():
    spoken = [*form_texts(), *listed_texts(), *spoken_texts()]
    assert [row for row in spoken if HALF_WIDTH.search(row[1])] == []


def test_nobody_is_told_of_errors_and_failures():
    assert [row for row in (*form_texts(), *listed_texts(), *spoken_texts()) if UNKIND.search(row[1])] == []


def test_keys_come_from_the_one_list_and_not_from_mnemonics():
    assert [row for row in (*form_texts(), *listed_texts()) if "&" in row[1]] == []


def test_the_list_of_texts_is_current(tmp_path):
    kept = ROOT / "resources" / "i18n" / "desk_en.ts"
    fresh = tmp_path / kept.name
    fresh.write_bytes(kept.read_bytes())
    subprocess.run(["bash", ROOT / "packaging" / "texts.sh", fresh], check=True)
    assert fresh.read_bytes() == kept.read_bytes(), "run `make texts`"
