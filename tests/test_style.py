"""Style, form and types of everything written here; the layers are in test_architecture."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

TOOLS = {
    "style": ["ruff", "check", "--quiet", "."],
    "form": ["ruff", "format", "--quiet", "--check", "."],
    "types": ["mypy", "--no-error-summary", "src", "tests", "packaging"],
}


@pytest.mark.parametrize("tool", TOOLS)
def test_the_tool_has_nothing_to_say(tool):
    command = [sys.executable, "-m", *TOOLS[tool]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
