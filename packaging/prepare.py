"""All set-up of a working copy: `python3 packaging/prepare.py app` or `... test`.

Needs nothing but Python 3.11 and, on Debian 12, the right to install packages when some are missing.
Every step leaves a stamp and is passed over while what it depends on is the same, so that a repeat takes
well under a second.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
PACKAGES = ROOT / "packaging" / "debian-packages.txt"
LOCK = ROOT / "requirements.lock"

# What pip needs for itself, and our own editable install.
NOT_LOCKED = {"pip", "setuptools", "onewindow-desk"}


def say(text: str) -> None:
    """One line for the person who waits."""
    print(f"set-up: {text}", flush=True)


def run(*command: str | Path, **environment: str) -> None:
    """Run one command in the working copy, its output shown; end the set-up if it fails."""
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False)
    if done.returncode:
        raise SystemExit(f"set-up: this command ended with {done.returncode}: {' '.join(map(str, command))}")


def listed_packages(groups: set[str]) -> list[str]:
    """The Debian packages of the wanted groups, in the file's order."""
    rows = [line.split() for line in PACKAGES.read_text("utf-8").splitlines() if line and line[0] != "#"]
    return [name for group, name in rows if group in groups]


def missing_packages(names: list[str]) -> list[str]:
    """Those of `names` that dpkg does not have installed."""
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *names]
    done = subprocess.run(query, capture_output=True, text=True, check=False)
    present = {line.split()[0] for line in done.stdout.splitlines() if line.endswith(" installed")}
    return [name for name in names if name not in present]


def is_debian_12() -> bool:
    """Whether the list's package names fit this system."""
    if not shutil.which("dpkg-query"):
        return False
    system = platform.freedesktop_os_release()
    return (system.get("ID"), system.get("VERSION_ID")) == ("debian", "12")


def install_system_packages(groups: set[str]) -> None:
    """Install what Debian 12 lacks; elsewhere the person sees to it.

    As root, or through sudo; with neither, the exact command is said and the set-up ends.
    """
    if sys.platform != "linux":
        return
    if not is_debian_12():
        say(f"not Debian 12: see {PACKAGES.relative_to(ROOT)} for what the system must have")
        return
    missing = missing_packages(listed_packages(groups))
    if not missing:
        return
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *missing]
    if os.geteuid() == 0:
        before: list[str] = []
    elif sudo := shutil.which("sudo"):
        before = [sudo]
    else:
        command = f"apt-get update && {' '.join(install)}"
        raise SystemExit(f"set-up: system packages are missing. As root run\n{command}\nand repeat.")
    say(f"installing {len(missing)} system packages: {' '.join(missing)}")
    run(*before, "apt-get", "update", "-q")
    run(*before, "env", "DEBIAN_FRONTEND=noninteractive", *install)


def make_environment() -> None:
    """A virtual environment in `.venv`."""
    if PYTHON.exists():
        return
    if sys.version_info < (3, 11):  # noqa: UP036  # runs on whatever python3 the machine has
        raise SystemExit(f"set-up: Python 3.11 or later is needed; python3 is {platform.python_version()}.")
    say("making .venv")
    run(sys.executable, "-m", "venv", VENV)


def stamped(name: str, *inputs: bytes) -> tuple[Path, str, bool]:
    """A stamp's path, its new text, and whether the stamp already says so."""
    path, text = VENV / f".{name}", hashlib.sha256(b"\0".join(inputs)).hexdigest()
    return path, text, path.is_file() and path.read_text() == text


def locked_names() -> set[str]:
    """The normalised names in the lock."""
    return set(re.findall(r"^([a-z0-9-]+)==", LOCK.read_text("utf-8"), re.MULTILINE))


def remove_what_is_not_locked() -> None:
    """Uninstall what an earlier lock had and this one has not."""
    listing = subprocess.run([PYTHON, "-m", "pip", "list", "--format=json"], capture_output=True, check=True)
    names = {re.sub(r"[-_.]+", "-", row["name"]).lower() for row in json.loads(listing.stdout)}
    if surplus := sorted(names - locked_names() - NOT_LOCKED):
        run(PYTHON, "-m", "pip", "uninstall", "-y", "-q", *surplus)


def install_locked() -> None:
    """Install exactly what the lock names, each file checked against its hash; pip compiles the bytecode."""
    stamp, text, done = stamped("locked", LOCK.read_bytes())
    if done:
        return
    say("installing the locked libraries (some 400 MB the first time)")
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-q", "--no-input")
    run(*pip, "--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", LOCK)
    remove_what_is_not_locked()
    stamp.write_text(text)


def install_ourselves() -> None:
    """The editable install, whose build hook compiles the assets, and our own bytecode."""
    pyproject = (ROOT / "pyproject.toml").read_bytes()
    stamp, text, done = stamped("installed", pyproject, str(ROOT).encode())
    if done:
        return
    say("installing the working copy")
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-q")
    run(*pip, "--no-deps", "--no-build-isolation", "-e", ROOT)
    run(PYTHON, "-m", "compileall", "-q", ROOT / "src")
    stamp.write_text(text)


def main() -> None:
    """Do what is left to do for the wanted group."""
    parser = argparse.ArgumentParser(description="Set up this working copy.")
    parser.add_argument("group", choices=["app", "test"], help="for running, or for running and testing")
    groups = {"app", parser.parse_args().group}
    install_system_packages(groups)
    make_environment()
    install_locked()
    install_ourselves()
    run(PYTHON, ROOT / "packaging" / "compile_assets.py")


if __name__ == "__main__":
    main()
