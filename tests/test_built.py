"""What is compiled from ui/ and resources/ is current, and the same bytes every time."""

import importlib.util
import os
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
BUILT = ROOT / "src" / "onewindow_desk" / "_built"


@pytest.fixture(scope="module")
def assets() -> ModuleType:
    spec = importlib.util.spec_from_file_location("compile_assets", ROOT / "packaging" / "compile_assets.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def copy_of_the_sources(target: Path) -> Path:
    for folder in ("ui", "resources"):
        shutil.copytree(ROOT / folder, target / folder)
    (target / "packaging").mkdir(parents=True)
    shutil.copy(ROOT / "packaging" / "compile_assets.py", target / "packaging")
    return target


def test_the_compiled_assets_are_current(assets, tmp_path):
    assets.compile_all(ROOT, tmp_path / "built")

    fresh, kept = contents(tmp_path / "built"), contents(BUILT)
    stale = sorted(name for name in fresh.keys() | kept.keys() if fresh.get(name) != kept.get(name))
    assert not stale, "run packaging/compile_assets.py"


def test_file_times_leave_no_trace_in_the_result(assets, tmp_path):
    sources = copy_of_the_sources(tmp_path / "sources")
    for path in sources.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assets.compile_all(sources, tmp_path / "built")

    assert contents(tmp_path / "built") == contents(BUILT)


def test_a_changed_source_is_noticed(assets, tmp_path):
    sources = copy_of_the_sources(tmp_path / "sources")
    built = tmp_path / "built"
    assets.compile_all(sources, built)
    assert assets.is_current(sources, built)

    (sources / "resources" / "i18n" / "added.ts").write_text("<TS version='2.1' language='en'/>")

    assert not assets.is_current(sources, built)


def test_a_form_that_does_not_compile_leaves_the_old_result(assets, tmp_path):
    sources = copy_of_the_sources(tmp_path / "sources")
    built = tmp_path / "built"
    assets.compile_all(sources, built)
    before = contents(built)
    (sources / "ui" / "broken.ui").write_text("<ui version='4.0'><widget></ui>")

    with pytest.raises(SystemExit, match=r"broken\.ui"):
        assets.replace(sources, built)

    assert contents(built) == before
