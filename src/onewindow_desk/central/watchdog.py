"""Nobody waits for ever: a thread that shuts the socket under a call that takes too long.

A line that swallows everything gives no error; the library's own time limits do not end a call that
waits for an answer, and the system's (`tcp_user_timeout`) only see the nearest machine. Shutting the
socket does, at any moment and from any thread.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import inf
from threading import Condition, Thread

from onewindow_desk.faults import Unreachable

LIMIT_SECONDS = 9.0
"""The longest that a call may take: below the 10 s that nobody shall hang longer than."""

NO_ANSWER = "中心库没有回应。收件照常，线路恢复后自动发送。"


class Lifeline:
    """Holds the socket of one conversation, and shuts it when a limit passes or somebody cuts it.

    `hold` and `limit` are called by the thread that converses, `cut` by any. Connecting, and every call
    after it, may take `seconds`.
    """

    def __init__(self, seconds: float = LIMIT_SECONDS) -> None:
        self.seconds = seconds
        self._changed = Condition()
        self._deadline = inf
        self._held: socket.socket | None = None
        self._cut = False
        self._closed = False
        self._thread = Thread(target=self._watch, name="central-watchdog", daemon=True)
        self._thread.start()

    @property
    def is_cut(self) -> bool:
        """Whether the line was cut; it stays so."""
        return self._cut

    def hold(self, descriptor: int) -> None:
        """Watch over this socket instead of the one before."""
        # Our own descriptor: the library may close its own at any moment, and the number may then be
        # somebody else's file.
        copy = socket.fromfd(descriptor, socket.AF_INET, socket.SOCK_STREAM)
        with self._changed:
            self._let_go()
            self._held = copy
            if self._cut:
                self._shut()

    @contextmanager
    def limit(self) -> Iterator[None]:
        """Cut the line when the block takes too long; Unreachable when it is cut already."""
        if self._cut:
            raise Unreachable(NO_ANSWER)
        self._set_deadline(time.monotonic() + self.seconds)
        try:
            yield
        finally:
            self._set_deadline(inf)

    def cut(self) -> None:
        """Shut the socket: whoever waits on it gets an error at once."""
        with self._changed:
            self._cut = True
            self._shut()

    def close(self) -> None:
        """Let go of the socket and end the thread."""
        with self._changed:
            self._cut = self._closed = True
            self._let_go()
            self._changed.notify()
        self._thread.join()

    def _set_deadline(self, deadline: float) -> None:
        with self._changed:
            self._deadline = deadline
            self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                left = self._deadline - time.monotonic()
                if left <= 0:
                    self._deadline = inf
                    self._cut = True
                    self._shut()
                self._changed.wait(None if self._deadline == inf else max(left, 0))

    def _shut(self) -> None:
        """End both directions; a socket that is not connected (yet, or any more) needs nothing."""
        if self._held is not None:
            with suppress(OSError):
                self._held.shutdown(socket.SHUT_RDWR)

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None
