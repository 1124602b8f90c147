"""Stop something that blocks when time is up or the person gave up."""

import time
from collections.abc import Callable
from math import inf
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from onewindow_desk.devices.scanner import Cancelled

TICK = 0.05
"""Seconds between two looks: a cancel is noticed well within a blink."""


class Watchdog:
    """While in its `with` block, calls `stop` once when `cancelled()` or the time allowed has run out.

    `stop` runs on the watchdog's own thread and must make the blocked call return: kill the process, shut the
    socket down. Afterwards `gave_up` or `late` tells which it was.
    """

    def __init__(
        self, cancelled: Cancelled, stop: Callable[[], None], seconds: float, total: float = inf
    ) -> None:
        self.gave_up = False
        self.late = False
        self._cancelled = cancelled
        self._stop = stop
        self._ended = Event()
        self._lock = Lock()
        now = time.monotonic()
        self._deadline = now + seconds
        self._last = now + total
        self._thread = Thread(target=self._watch, name="watchdog", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def allow(self, seconds: float) -> None:
        """Give `seconds` more from now, but never more than the total given at the start."""
        with self._lock:
            self._deadline = time.monotonic() + seconds

    @property
    def fired(self) -> bool:
        """Whether `stop` was called."""
        return self.gave_up or self.late

    def _watch(self) -> None:
        while not self._ended.wait(TICK):
            with self._lock:
                self.late = time.monotonic() > min(self._deadline, self._last)
            self.gave_up = self._cancelled()
            if self.fired:
                self._stop()
                return
