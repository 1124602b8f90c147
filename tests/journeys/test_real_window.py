"""The walk-through on real windows: an X server, a window manager that gives and takes the focus."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCREEN = "-screen 0 1920x1080x24"


@pytest.mark.slow
def test_the_main_job_holds_under_a_window_manager(tmp_path):
    walk = (
        f"openbox & {sys.executable} -m onewindow_desk --walkthrough {tmp_path}; code=$?; kill $!; exit $code"
    )
    vault = ["bash", str(ROOT / "packaging" / "with_secret_service.sh"), str(tmp_path / "vault")]
    command = [*vault, "xvfb-run", "-a", "-s", SCREEN, "sh", "-c", walk]
    settings = {**os.environ, "QT_QPA_PLATFORM": "xcb"}
    done = subprocess.run(command, capture_output=True, text=True, env=settings, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert len(summary["cases"]) == 2
