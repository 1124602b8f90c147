"""Work that would hold up the screen: `run(work, then)`.

`work` runs on a pool thread and touches no widget; `then` gets its result on the main thread.
A Refusal or Unreachable goes to `otherwise`; anything else is a Fault and goes to the one hook.
"""

import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from onewindow_desk.faults import Refusal, Unreachable

Work = Callable[[], Any]
Then = Callable[[Any], None]
Trouble = Refusal | Unreachable


class _Answer(QObject):
    """Carries one result from the pool thread to the main thread."""

    came = Signal(object)

    def __init__(self, then: Then, otherwise: Callable[[Trouble], None], owner: "Background") -> None:
        super().__init__()
        self._then = then
        self._otherwise = otherwise
        self._owner = owner
        # Queued, and to a method of a QObject of the main thread: anything else runs on the worker.
        self.came.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def _deliver(self, outcome: object) -> None:
        self._owner.done(self)
        if isinstance(outcome, Refusal | Unreachable):
            self._otherwise(outcome)
        elif isinstance(outcome, BaseException):
            sys.excepthook(type(outcome), outcome, outcome.__traceback__)
        else:
            self._then(outcome)


class _Task(QRunnable):
    def __init__(self, work: Work, answer: _Answer) -> None:
        super().__init__()
        self._work = work
        self._answer = answer

    def run(self) -> None:
        try:
            outcome: object = self._work()
        except Exception as trouble:  # noqa: BLE001 - carried to the main thread, where the hook stands
            outcome = trouble
        self._answer.came.emit(outcome)


class Background(QObject):
    """The pool; one per desk, made in the composition root, waited for at the end."""

    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)
        self._waiting: set[_Answer] = set()

    def run(self, work: Work, then: Then, otherwise: Callable[[Trouble], None]) -> None:
        """Run `work` off the main thread; `then(result)` or `otherwise(trouble)` on the main thread."""
        answer = _Answer(then, otherwise, self)
        self._waiting.add(answer)
        self._pool.start(_Task(work, answer))

    def done(self, answer: _Answer) -> None:
        """Forget a delivered answer."""
        self._waiting.discard(answer)
        if not self._waiting:
            self.idle.emit()

    @property
    def busy(self) -> bool:
        """Whether any work has not been delivered yet."""
        return bool(self._waiting)

    def close(self) -> None:
        """Wait for what is running and drop the answers nobody will hear."""
        self._pool.clear()
        self._pool.waitForDone()
        self._waiting.clear()
