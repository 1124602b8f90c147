"""The one place for what nobody foresaw: a log entry without personal data and one plain notice.

Log entries hold the kinds of the exceptions and the places in our code, never their texts: a
database or a parser puts values into its texts, and values are citizens' data. Only a `Fault` is
written out, because we wrote its words.
"""

import logging
import secrets
import sys
import threading
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot

from onewindow_desk.faults import Fault, Refusal, Unreachable

_LOG = logging.getLogger("onewindow_desk")
_MAX_BYTES = 1_000_000
_KEPT = 5


def start_log(folder: Path) -> Path:
    """Write the program's log below `folder`; the path of the file is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "desk.log"
    handler = RotatingFileHandler(path, maxBytes=_MAX_BYTES, backupCount=_KEPT, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)
    return path


def close_log() -> None:
    """Close the log's files."""
    for handler in tuple(_LOG.handlers):
        _LOG.removeHandler(handler)
        handler.close()


def without_values(trouble: BaseException) -> str:
    """What happened and where, with no value of anybody in it."""
    frames = traceback.extract_tb(trouble.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    words = f": {trouble}" if isinstance(trouble, Fault) else ""
    chain = trouble.__cause__ or trouble.__context__
    before = f" <- {without_values(chain)}" if chain is not None else ""
    return f"{type(trouble).__qualname__}{words} at {' > '.join(places)}{before}"


class FaultHook(QObject):
    """Takes every exception that reached the top, on whatever thread, and tells it on the main one."""

    fell = Signal(object)

    def __init__(self, tell: Callable[[str, str], None], parent: QObject | None = None) -> None:
        """`tell(reference, text)`: "" as reference for what the person can put right."""
        super().__init__(parent)
        self._tell = tell
        # The hook is called on the thread that failed: only a queued signal may reach a widget.
        self.fell.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Become the interpreter's hook, on every thread."""
        sys.excepthook = self._caught
        threading.excepthook = self._caught_on_thread

    def remove(self) -> None:
        """Give the interpreter its own hooks back."""
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__

    def _caught_on_thread(self, told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            self._caught(told.exc_type, told.exc_value, told.exc_traceback)

    def _caught(self, kind: type[BaseException], trouble: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, trouble, trace)
            return
        self.fell.emit(trouble.with_traceback(trace))

    @Slot(object)
    def _show(self, trouble: BaseException) -> None:
        if isinstance(trouble, Refusal | Unreachable):
            self._tell("", trouble.text)
            return
        reference = secrets.token_hex(3).upper()
        _LOG.error("%s %s", reference, without_values(trouble))
        self._tell(reference, "")
