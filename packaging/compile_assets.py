"""Compile `ui/` and `resources/` into `src/onewindow_desk/_built/`.

Called by the build hook, by the set-up and by hand: `python packaging/compile_assets.py [--force]`.
Nothing is done while the sources are the ones the last run saw. The result is the same bytes for the
same sources, whatever their file times.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "src" / "onewindow_desk" / "_built"

# Plain data, read at run time through importlib.resources. Fonts stay outside: papers need the machine's own.
DATA_FOLDERS = ("catalogue", "calendar", "style", "templates")
STAMP = ".sources"


def qt_tool(name: str) -> Path:
    """The path of one of Qt's tools inside the installed PySide6, without importing Qt."""
    spec = importlib.util.find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("PySide6-Essentials is missing; run `make setup` first.")
    home = Path(next(iter(spec.submodule_search_locations)))
    suffix = ".exe" if sys.platform == "win32" else ""
    below = "Qt/libexec" if name in {"uic", "rcc"} and sys.platform != "win32" else ""
    return home / below / f"{name}{suffix}"


def sources(root: Path) -> list[Path]:
    """Every file the result depends on, this script included, in a fixed order."""
    found = [root / "packaging" / "compile_assets.py"]
    for folder in (root / "ui", root / "resources"):
        found += [path for path in folder.rglob("*") if path.is_file()]
    return sorted(found)


def digest(root: Path) -> str:
    """One SHA-256 over names and contents of all sources and over Qt's version."""
    total = hashlib.sha256(str(qt_tool("uic").stat().st_size).encode())
    for path in sources(root):
        total.update(path.relative_to(root).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def run(tool: str, *arguments: str) -> None:
    """Run one of Qt's tools; its own words are shown when it refuses.

    rcc would write the files' times into its output without the override.
    """
    settings = {**os.environ, "QT_RCC_SOURCE_DATE_OVERRIDE": "1", "QT_HASH_SEED": "0"}
    done = subprocess.run(
        [qt_tool(tool), *arguments], env=settings, capture_output=True, text=True, check=False
    )
    if done.returncode or done.stderr.strip():
        raise SystemExit(f"{tool} {' '.join(arguments)}\n{done.stdout}{done.stderr}")


def compile_forms(root: Path, target: Path) -> None:
    """Each form becomes `ui_<name>.py`; no slots are connected by their names."""
    for form in sorted((root / "ui").glob("**/*.ui")):
        output = target / f"ui_{form.stem}.py"
        run("uic", "-g", "python", "--from-imports", "--no-autoconnection", "-o", str(output), str(form))


def compile_resources(root: Path, target: Path) -> None:
    """The resource file becomes `desk_rc.py`."""
    for listing in sorted((root / "resources").glob("*.qrc")):
        run("rcc", "-g", "python", "-o", str(target / f"{listing.stem}_rc.py"), str(listing))


def compile_translations(root: Path, target: Path) -> None:
    """Each .ts becomes a .qm."""
    for text in sorted((root / "resources" / "i18n").glob("*.ts")):
        run("lrelease", "-silent", str(text), "-qm", str(target / f"{text.stem}.qm"))


def copy_data(root: Path, target: Path) -> None:
    """The data folders go in as they are."""
    for name in DATA_FOLDERS:
        folder = root / "resources" / name
        if folder.is_dir():
            shutil.copytree(folder, target / name)


def compile_all(root: Path, target: Path) -> None:
    """Fill an empty folder `target` from the sources below `root`."""
    target.mkdir(parents=True)
    (target / "__init__.py").write_text('"""Made by packaging/compile_assets.py; never edited."""\n')
    compile_forms(root, target)
    compile_resources(root, target)
    compile_translations(root, target)
    copy_data(root, target)
    (target / STAMP).write_text(digest(root) + "\n")


def is_current(root: Path, target: Path) -> bool:
    """Whether `target` was made from the sources as they are now."""
    stamp = target / STAMP
    return stamp.is_file() and stamp.read_text().strip() == digest(root)


def replace(root: Path, target: Path) -> None:
    """Compile beside the old result and put the new files in its place.

    The old folder stays in use until every tool has agreed.
    """
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    compile_all(root, fresh)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def main() -> None:
    """Compile what has changed and say so."""
    parser = argparse.ArgumentParser(description="Compile ui/ and resources/ into the package.")
    parser.add_argument("--force", action="store_true", help="compile even when nothing has changed")
    if parser.parse_args().force or not is_current(ROOT, BUILT):
        replace(ROOT, BUILT)
        print(f"compiled the assets into {BUILT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
