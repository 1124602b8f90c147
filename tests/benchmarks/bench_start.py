"""How long until the sign-in field stands, beside a bare window; how much memory an open intake takes.

Each figure is the median of cold processes, the two kinds in turn, from the start of the process to
the first painted window. One JSON object a line.
"""

import json
import os
import statistics
import subprocess
import sys
import time

ROUNDS = 9

BARE = """
import sys, time
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow
application = QApplication(sys.argv[:1])
window = QMainWindow()
window.setCentralWidget(QLineEdit())
window.show()
application.processEvents()
print(time.monotonic_ns(), flush=True)
"""

DESK = """
import sys, tempfile, time
from pathlib import Path
from onewindow_desk.__main__ import main
from onewindow_desk import run
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

def painted():
    print(time.monotonic_ns(), flush=True)
    QApplication.exit(0)

start = run.Desk.start
def start_and_tell(desk, login=""):
    start(desk, login)
    desk._open = lambda: None
    QApplication.processEvents()
    painted()
    import os
    os._exit(0)

run.Desk.start = start_and_tell
main(["--folder", tempfile.mkdtemp()])
"""

MEMORY = """
import sys, tempfile, threading
from datetime import UTC, datetime
from pathlib import Path
from onewindow_desk import run
from onewindow_desk.demo import DEMO_LOGIN, DEMO_PASSWORD, demo_plan
from onewindow_desk.desk import Desk, Outside
from onewindow_desk.opening import found_desk
from onewindow_desk.settings import DeskSettings
from PySide6.QtTest import QTest

class Vault(dict):
    def set(self, name, secret): self[name] = secret
    def delete(self, name): self.pop(name, None)

vault, folder = Vault(), Path(tempfile.mkdtemp())
found_desk(folder, lambda: vault, run.now, demo_plan()).store.close()
application = run.make_application()
theme = run.apply_theme(application, DeskSettings())
desk = Desk(Outside(folder, lambda: vault, run.now, run.devices), theme)
desk.start(DEMO_LOGIN)
page = desk.front.currentWidget()
while desk.opened is None:
    application.processEvents()
QTest.keyClicks(page.first_focus(), DEMO_PASSWORD)
page.submit()
while desk.front.currentWidget() is page or not desk.idle:
    application.processEvents()
shell = desk.front.currentWidget()
shell.open("intake")
for _ in range(50):
    application.processEvents()
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")), flush=True)
import os
os._exit(0)
"""


def seconds(script: str) -> float:
    """From the start of a fresh process to what it printed."""
    before = time.monotonic_ns()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return (int(done.stdout.split()[-1]) - before) / 1e9


def start_figures() -> dict[str, float | str]:
    """Medians of both kinds, and the median of the ratios pair by pair."""
    pairs = [(seconds(DESK), seconds(BARE)) for _ in range(ROUNDS)][1:]
    return {
        "figure": "start to sign-in field",
        "desk_s": round(statistics.median(desk for desk, _ in pairs), 3),
        "bare_window_s": round(statistics.median(bare for _, bare in pairs), 3),
        "ratio": round(statistics.median(desk / bare for desk, bare in pairs), 2),
        "wanted_ratio_at_most": 3.0,
    }


def memory_figures() -> dict[str, float | str]:
    """Resident memory of a signed-in desk with the intake open, in MB."""
    sizes = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True)
        sizes.append(int(done.stdout.split()[-1]) / 1024)
    return {
        "figure": "memory with intake open",
        "resident_mb": round(statistics.median(sizes), 1),
        "wanted_at_most": 220,
    }


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    print(json.dumps(start_figures()), flush=True)
    print(json.dumps(memory_figures()), flush=True)
