"""Files in parts, after the operations and within a budget: nothing waits behind a scan.

A file that goes up is asked for by the central part by part, so a cut costs one part. A file that
comes down is gathered here and kept only when it is whole and is what its address says.
"""

from collections.abc import Callable
from uuid import UUID

from msgspec import Struct

from onewindow_desk.domain.operation import digest
from onewindow_desk.faults import Fault, Refusal
from onewindow_desk.sync.ports import Central, Exchange, WaitingFile

PART_BYTES = 256 * 1024
LARGEST_FILE = 64 * 1024 * 1024
"""More than any scan; a size beyond it was not written by this program."""
LISTED = 50


class Budget:
    """Parts and seconds that one round may spend on files; the first part is always free."""

    def __init__(self, parts: int, seconds: float, ticks: Callable[[], float]) -> None:
        self._parts = parts
        self._ticks = ticks
        self._until = ticks() + seconds
        self.spent = 0

    def spend(self) -> None:
        """One part was sent or read."""
        self.spent += 1

    @property
    def left(self) -> bool:
        """Whether another part may follow."""
        return self.spent == 0 or (self.spent < self._parts and self._ticks() < self._until)


class FilesDone(Struct, frozen=True, kw_only=True):
    """What one round did: files sent, files read, addresses of those that cannot be read here.

    `more`: the budget ended first.
    """

    sent: int = 0
    read: int = 0
    damaged: tuple[str, ...] = ()
    more: bool = False


class Files:
    """Sends and reads files over many rounds; remembers parts of the file that is coming down."""

    def __init__(self, exchange: Exchange, part_bytes: int = PART_BYTES) -> None:
        self._exchange = exchange
        self._part_bytes = part_bytes
        self._coming: dict[str, bytearray] = {}
        self._refused: set[str] = set()
        # What came whole in this conversation and was not what its address says: asked again without
        # end it would take the line for itself.
        self._spoiled: set[str] = set()
        self._asked: Central | None = None

    def exchange(self, central: Central, replica: UUID, budget: Budget) -> FilesDone:
        """Read what somebody waits for, then send, until the budget ends or an operation waits."""
        if central is not self._asked:
            self._asked, self._spoiled = central, set()
        read, out_of = self._read_all(central, replica, budget)
        if out_of:
            return FilesDone(read=read, more=True)
        sent, damaged, out_of = self._send_all(central, replica, budget)
        return FilesDone(sent=sent, read=read, damaged=damaged, more=out_of)

    def _may_go_on(self, budget: Budget) -> bool:
        end = self._exchange.end()
        return budget.left and end.last_seq <= end.acked

    # down

    def _read_all(self, central: Central, replica: UUID, budget: Budget) -> tuple[int, bool]:
        wanted = [name for name in self._exchange.wanted_files(LISTED) if name not in self._spoiled]
        # What nobody wants any more does not stay in memory.
        self._coming = {sha256: self._coming[sha256] for sha256 in wanted if sha256 in self._coming}
        read = 0
        for sha256 in wanted:
            if not self._may_go_on(budget):
                return read, True
            outcome = self._read(central, replica, sha256, budget)
            if outcome is None:
                return read, True
            read += outcome
        return read, False

    def _read(self, central: Central, replica: UUID, sha256: str, budget: Budget) -> bool | None:
        """True when it came, False when the central cannot give it now, None when the budget ended."""
        have = self._coming.setdefault(sha256, bytearray())
        while True:
            # Parts before this one were all full: the number follows from what is here.
            part = central.get_part(replica, sha256, len(have) // self._part_bytes)
            if part.data is not None:
                # What is not there yet costs nothing: it would stand before what can go.
                budget.spend()
            if part.data is None or part.chunk != self._part_bytes or part.size > LARGEST_FILE:
                del self._coming[sha256]
                return False
            have += part.data
            if len(have) >= part.size:
                return self._keep(sha256)
            if len(part.data) != part.chunk:
                del self._coming[sha256]
                return False
            if not self._may_go_on(budget):
                return None

    def _keep(self, sha256: str) -> bool:
        data = bytes(self._coming.pop(sha256))
        if digest(data) != sha256:
            self._spoiled.add(sha256)
            return False
        self._exchange.keep_file(sha256, data)
        return True

    # up

    def _send_all(self, central: Central, replica: UUID, budget: Budget) -> tuple[int, tuple[str, ...], bool]:
        sent = 0
        damaged: list[str] = []
        # One that went up whole and was not taken goes last: it holds up no other.
        waiting = sorted(self._exchange.waiting_files(LISTED), key=lambda file: file.sha256 in self._refused)
        for file in waiting:
            if not self._may_go_on(budget):
                return sent, tuple(damaged), True
            try:
                data = self._exchange.file_bytes(file.sha256)
            except (Fault, Refusal):
                damaged.append(file.sha256)
                continue
            outcome = self._send(central, replica, file, data, budget)
            if outcome is None:
                return sent, tuple(damaged), True
            sent += outcome
        return sent, tuple(damaged), False

    def _send(
        self, central: Central, replica: UUID, file: WaitingFile, data: bytes, budget: Budget
    ) -> bool | None:
        """True when the central has it, False when it was not taken, None when the budget ended."""
        lacking = central.missing_parts(replica, file.sha256, file.size, self._part_bytes)
        whole = not lacking
        for number in lacking:
            start = number * self._part_bytes
            whole = central.put_part(replica, file.sha256, number, data[start : start + self._part_bytes])
            budget.spend()
            if whole or number == lacking[-1]:
                break
            if not self._may_go_on(budget):
                return None
        if not whole:
            self._refused.add(file.sha256)
            return False
        self._refused.discard(file.sha256)
        self._exchange.file_arrived(file.sha256)
        return True
