"""A line that can be cut: passes bytes between a port of this machine and another, for demonstrations."""

import contextlib
import selectors
import socket
import threading
from types import TracebackType
from typing import Self

_PIECE = 64 * 1024
_LOOPBACK = "127.0.0.1"


class Relay:
    """Listens on `port` (0 takes a free one) and passes everything to `target` while it is whole.

    `cut` ends every conversation and refuses new ones; `mend` lets them come again.
    """

    def __init__(self, target: int, port: int = 0) -> None:
        self._target = target
        self._listener = socket.create_server((_LOOPBACK, port))
        self._whole = True
        self._ended = False
        self._talking: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, name="relay", daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended = True
        self.cut()
        self._listener.close()

    def cut(self) -> None:
        """The line is down from now on."""
        with self._lock:
            self._whole = False
            for end in self._talking:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """The line is there again."""
        with self._lock:
            self._whole = True

    def _listen(self) -> None:
        while not self._ended:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(near,), daemon=True).start()

    def _pass_on(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError), socket.create_connection((_LOOPBACK, self._target)) as far:
            if self._begin(near, far):
                _shovel(near, far)
            self._forget(near, far)

    def _begin(self, *ends: socket.socket) -> bool:
        with self._lock:
            if self._whole:
                self._talking.update(ends)
            return self._whole

    def _forget(self, *ends: socket.socket) -> None:
        with self._lock:
            self._talking.difference_update(ends)


def _shovel(near: socket.socket, far: socket.socket) -> None:
    """Pass bytes both ways until one side ends."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(near, selectors.EVENT_READ, (near, far))
        waiting.register(far, selectors.EVENT_READ, (far, near))
        while True:
            for key, _ in waiting.select():
                hears, tells = key.data
                if not (piece := hears.recv(_PIECE)):
                    return
                tells.sendall(piece)
