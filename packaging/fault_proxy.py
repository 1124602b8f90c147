"""A TCP line that can be made bad: slow, frozen, cut, or one that loses the answer after the request.

For the tests, the benchmarks and the demo street; on loopback only, in a thread of its own.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

CHUNK = 65_536
DEEP = 2 * 1024 * 1024
"""What may be under way in one direction: enough for a megabyte a second at 200 ms."""


class FaultProxy:
    """Passes connections to `127.0.0.1:target` on; every method may be called from any thread.

    `sent` and `received` count the bytes that clients sent and got.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.sent = 0
        self.received = 0
        self._delay = 0.0
        self._lose_answers = 0
        self.answers_lost = 0
        self._open: set[_Pair] = set()
        self._loop = asyncio.new_event_loop()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault-proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.mend()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()
        self._do(self._end_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def delay(self, round_trip: float) -> None:
        """From now on an answer takes `round_trip` seconds longer."""
        self._delay = round_trip / 2

    def freeze(self) -> None:
        """A black hole: whatever is sent gets no answer, and nobody is told."""
        self._loop.call_soon_threadsafe(self._flowing.clear)

    def thaw(self) -> None:
        """What was held up goes on."""
        self._loop.call_soon_threadsafe(self._flowing.set)

    def reset(self) -> None:
        """Break every connection; new ones are let through."""
        self._do(self._break_all())

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        self._do(self._shut_door())

    def mend(self) -> None:
        """Let connections in (again), on the same port."""
        self._do(self._open_door())

    def lose_next_answer(self) -> None:
        """Let the next request of a client through, and break its connection instead of the answer."""
        self._loop.call_soon_threadsafe(self._lose_one)

    def _lose_one(self) -> None:
        self._lose_answers += 1

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _open_door(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port, limit=CHUNK)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _shut_door(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._break_all()

    async def _break_all(self) -> None:
        for pair in list(self._open):
            pair.abort()

    async def _end_tasks(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target, limit=CHUNK)
        except OSError:
            writer.transport.abort()
            return
        pair = _Pair(writer, back)
        self._open.add(pair)
        try:
            await asyncio.gather(
                self._pump(reader, back, lambda size: self._count_sent(pair, size)),
                self._pump(there, writer, lambda size: self._count_received(pair, size)),
            )
        except (OSError, asyncio.CancelledError):
            # The server would report a cancelled connection as an error of ours.
            pass
        finally:
            self._open.discard(pair)
            pair.abort()

    def _count_sent(self, pair: "_Pair", size: int) -> bool:
        self.sent += size
        pair.asked = True
        return True

    def _count_received(self, pair: "_Pair", size: int) -> bool:
        """False when this is an answer that is to be lost."""
        if self._lose_answers and pair.asked:
            self._lose_answers -= 1
            self.answers_lost += 1
            pair.abort()
            return False
        self.received += size
        return True

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, let: Callable[[int], bool]
    ) -> None:
        """Carry bytes one way; each chunk leaves `delay` after it came."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(DEEP // CHUNK)
        carrier = asyncio.create_task(self._carry(under_way, writer))
        try:
            while data := await reader.read(CHUNK):
                if not let(len(data)):
                    return
                await under_way.put((self._loop.time() + self._delay, data))
            await under_way.put((self._loop.time() + self._delay, b""))
            await carrier
        finally:
            carrier.cancel()

    async def _carry(
        self, under_way: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter
    ) -> None:
        while True:
            due, data = await under_way.get()
            await asyncio.sleep(max(due - self._loop.time(), 0))
            await self._flowing.wait()
            if not data:
                with suppress(OSError, RuntimeError):
                    writer.write_eof()
                return
            writer.write(data)
            await writer.drain()


class _Pair:
    """The two ends of one connection; `asked` since the client has sent something."""

    def __init__(self, *writers: asyncio.StreamWriter) -> None:
        self._writers = writers
        self.asked = False

    def abort(self) -> None:
        """End both at once, without a farewell."""
        for writer in self._writers:
            writer.transport.abort()
