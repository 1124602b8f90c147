"""What every test stands on: no window on the screen, and nothing left behind."""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before anything imports Qt. Offscreen windows are active and focused, which Xvfb's are not by themselves.
if "--onscreen" not in sys.argv:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

TASKS = Path("/proc/self/task")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--onscreen", action="store_true", help="show the windows the tests open")


def _qt_threads() -> dict[int, str]:
    """The native threads Qt has named, without the pool's, which are kept for reuse."""
    if not TASKS.is_dir():
        return {}
    names = {}
    for task in TASKS.iterdir():
        try:
            names[int(task.name)] = (task / "comm").read_text().strip()
        except (FileNotFoundError, ProcessLookupError):
            continue
    return {number: name for number, name in names.items() if "Thread" in name and "pooled" not in name}


def _put_away_windows() -> list[str]:
    """Deliver what was to be deleted, then close what is still shown and name it."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    from PySide6.QtCore import QCoreApplication, QEvent, QThreadPool

    QThreadPool.globalInstance().waitForDone(10_000)
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    shown = [widget for widget in widgets.QApplication.topLevelWidgets() if widget.isVisible()]
    names = [f"{type(widget).__name__} {widget.objectName()!r}" for widget in shown]
    for widget in shown:
        widget.close()
    return names


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail the test that leaves a window shown or a thread running."""
    native, python = set(_qt_threads()), set(threading.enumerate())
    yield
    windows = _put_away_windows()
    threads = [name for number, name in _qt_threads().items() if number not in native]
    threads += [t.name for t in threading.enumerate() if t not in python and t.is_alive() and not t.daemon]
    assert not windows, f"still shown: {windows}"
    assert not threads, f"still running: {threads}"
