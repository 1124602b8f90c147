"""What every test stands on: no window on the screen, and nothing left behind."""

import os
import sys
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fault_proxy import FaultProxy
    from private_postgres import Cluster

# Before anything imports Qt. Offscreen windows are active and focused, which Xvfb's are not by themselves.
if "--onscreen" not in sys.argv:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

TASKS = Path("/proc/self/task")
_NUMBERS = count(1)


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


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Cluster"]:
    """A private PostgreSQL cluster for the whole session; each test makes its own database in it."""
    from private_postgres import Cluster

    made = Cluster(tmp_path_factory.mktemp("cluster")).start()
    yield made
    made.destroy()


@pytest.fixture(scope="session")
def template(cluster: "Cluster") -> str:
    """A database with the whole schema of the central and nothing in it, to be copied."""
    from onewindow_desk.central.schema import bring_up

    cluster.sql("CREATE DATABASE owd_template")
    bring_up(cluster.owner_dsn("owd_template"))
    return "owd_template"


@pytest.fixture(scope="module")
def central(cluster: "Cluster", template: str) -> str:
    """The name of a fresh central database for this module (`cluster.owner_dsn(central)`)."""
    name = f"central_{next(_NUMBERS)}"
    # The strategy that copies files needs no log and is quick for a small database.
    cluster.sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    return name


@pytest.fixture
def line(cluster: "Cluster") -> Iterator["FaultProxy"]:
    """A line to the cluster that can be made bad (`line.port`)."""
    from fault_proxy import FaultProxy

    with FaultProxy(cluster.port) as proxy:
        yield proxy
