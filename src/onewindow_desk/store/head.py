"""Keeping the head of the chain in the vault without holding up the counter.

A system vault may take a tenth of a second to write, a confirmation may not. One thread writes the
newest head; heads that came meanwhile are skipped. The store may therefore be ahead of the vault
after a crash, never behind it, and that is what the start check tests.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from onewindow_desk.faults import Refusal, Unreachable

T = TypeVar("T")


class HeadKeeper(Generic[T]):
    """Writes the newest committed head with `write`, on a thread of its own, newest only."""

    def __init__(self, write: Callable[[T], None]) -> None:
        self._write = write
        self._newest: T | None = None
        self._closing = False
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="chain-head", daemon=True)
        self._thread.start()
        self.trouble: Refusal | Unreachable | None = None

    def keep(self, head: T) -> None:
        """Have `head` written soon; called after its commit returned."""
        with self._wake:
            self._newest = head
            self._wake.notify()

    def close(self) -> None:
        """Write what is still waiting and end the thread."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()

    def _run(self) -> None:
        while (head := self._next()) is not None:
            try:
                self._write(head)
            except (Refusal, Unreachable) as trouble:
                # The chain itself is safe on disk; the next head is tried anew.
                self.trouble = trouble
            else:
                self.trouble = None

    def _next(self) -> T | None:
        with self._wake:
            self._wake.wait_for(lambda: self._closing or self._newest is not None)
            head, self._newest = self._newest, None
            return head
