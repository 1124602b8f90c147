"""Packing the verifier into one file that needs Python and `cryptography` and nothing else."""

import zipfile
from pathlib import Path

_HERE = Path(__file__).parent
_START = b"#!/usr/bin/env python3\n"
_MAIN = """import sys

from onewindow_desk.admin.verifier.command import main

if __name__ == "__main__":
    sys.exit(main())
"""
_EMPTY = ("onewindow_desk/__init__.py", "onewindow_desk/admin/__init__.py")
_LEFT_OUT = ("copy.py", "__main__.py")


def write_copy(target: Path) -> None:
    """Write the archive `target`, to be run as `python TARGET DUMP`; its sources can be read in it."""
    sources = [path for path in sorted(_HERE.glob("*.py")) if path.name not in _LEFT_OUT]
    with target.open("xb") as file:
        file.write(_START)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("__main__.py", _MAIN)
            for name in _EMPTY:
                archive.writestr(name, "")
            for path in sources:
                archive.writestr(f"onewindow_desk/admin/verifier/{path.name}", path.read_bytes())
