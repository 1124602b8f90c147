"""The line between a desk and the central, and the desk's own machine: every way they can go wrong."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from tests.sync.model_central import Conversation

from onewindow_desk.domain.exchange import (
    Cursor,
    FeedRow,
    FilePart,
    HelloAnswer,
    HelloSaid,
    Leased,
    NewReplica,
    PushAnswer,
    Sealed,
)
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.sync.ports import Exchange

T = TypeVar("T")


class Died(BaseException):
    """The desk's process ended here."""


class Weather(Protocol):
    """What the line asks at every call: whether it still stands, and what befalls the call."""

    def standing(self, boot: int) -> bool:
        """Whether a conversation begun with this start of the server still stands."""

    def befalls(self, call: str) -> str:
        """The fault of this call, "" for none."""

    def meanwhile(self) -> None:
        """Others may act while this call is under way."""

    def late(self, request: Callable[[], object]) -> None:
        """The request arrives some time later; nobody waits for its answer."""

    def struck(self, fault: str) -> None:
        """A fault did happen."""

    def server_dies(self) -> None:
        """The server ends now."""

    def done(self) -> None:
        """The central has executed something."""


class Line:
    """`ports.Central` over a conversation, in bad weather."""

    def __init__(self, inner: Conversation, weather: Weather, boot: int) -> None:
        self._inner = inner
        self._weather = weather
        self._boot = boot
        self._cut = False

    def _call(self, name: str, request: Callable[[], T], shorter: Callable[[T], T] | None = None) -> T:
        weather = self._weather
        weather.meanwhile()
        self._must_stand()
        fault = weather.befalls(name)
        if fault in {"lost request", "late delivery", "server crash", "desk dies before"}:
            self._does_not_arrive(fault, request)
        answer = request()
        if fault == "duplicate":
            weather.struck(fault)
            answer = request()
        weather.done()
        if fault in {"lost answer", "server crash after", "desk dies after"}:
            self._is_not_heard(fault)
        weather.meanwhile()
        self._must_stand()
        if fault == "truncation" and shorter:
            weather.struck(fault)
            return shorter(answer)
        return answer

    def _does_not_arrive(self, fault: str, request: Callable[[], object]) -> None:
        if fault == "late delivery":
            # Struck when it arrives, if the server still stands then.
            self._weather.late(request)
            raise self._broken()
        self._is_not_heard(fault)

    def _is_not_heard(self, fault: str) -> None:
        self._weather.struck(fault)
        if fault.startswith("desk dies"):
            raise Died
        if fault.startswith("server crash"):
            self._weather.server_dies()
        raise self._broken()

    def _must_stand(self) -> None:
        if self._cut or not self._weather.standing(self._boot):
            raise self._broken()

    def _broken(self) -> Unreachable:
        self._cut = True
        return Unreachable("线路断了。")

    def hello(self, replica: UUID, hello: HelloSaid) -> HelloAnswer:
        return self._call("hello", lambda: self._inner.hello(replica, hello))

    def push(self, replica: UUID, batch: Sequence[Sealed]) -> PushAnswer:
        if len(batch) > 1 and self._weather.befalls("batch") == "truncation":
            self._weather.struck("truncation")
            cut, last = batch[:-1], batch[-1].hash
            return self._call("push", lambda: self._inner.push_claimed(replica, cut, last))
        return self._call("push", lambda: self._inner.push(replica, batch))

    def pull(self, replica: UUID, cursor: Cursor, limit: int) -> tuple[FeedRow, ...] | None:
        def ask() -> tuple[FeedRow, ...] | None:
            return self._inner.pull(replica, cursor, limit)

        def cut(rows: tuple[FeedRow, ...] | None) -> tuple[FeedRow, ...] | None:
            return rows[:-1] if rows else rows

        return self._call("pull", ask, cut)

    def head(self, replica: UUID) -> Cursor:
        return self._call("head", lambda: self._inner.head(replica))

    def snapshot(self, replica: UUID, after: int, upto: int, limit: int) -> tuple[FeedRow, ...]:
        def ask() -> tuple[FeedRow, ...]:
            return self._inner.snapshot(replica, after, upto, limit)

        return self._call("snapshot", ask, lambda rows: rows[:-1] if len(rows) > 1 else rows)

    def payloads(self, replica: UUID, operations: Sequence[UUID]) -> Mapping[UUID, bytes]:
        return self._call("payloads", lambda: self._inner.payloads(replica, operations))

    def renew(self, replica: UUID, new: NewReplica) -> Leased:
        return self._call("renew", lambda: self._inner.renew(replica, new))

    def missing_parts(self, replica: UUID, sha256: str, size: int, chunk: int) -> tuple[int, ...]:
        return self._call("missing_parts", lambda: self._inner.missing_parts(replica, sha256, size, chunk))

    def put_part(self, replica: UUID, sha256: str, number: int, data: bytes) -> bool:
        sent = data
        if self._weather.befalls("part") == "truncation":
            self._weather.struck("truncation")
            sent = data[:-1]
        return self._call("put_part", lambda: self._inner.put_part(replica, sha256, number, sent))

    def get_part(self, replica: UUID, sha256: str, number: int) -> FilePart:
        def cut(part: FilePart) -> FilePart:
            return FilePart(size=part.size, chunk=part.chunk, data=part.data and part.data[:-1])

        return self._call("get_part", lambda: self._inner.get_part(replica, sha256, number), cut)


READS = frozenset(
    {"end", "hash_at", "outgoing", "lacking_payloads", "waiting_files", "wanted_files", "file_bytes"}
)


class Fate(Protocol):
    """What a machine asks at every call to its store."""

    def befalls(self) -> str:
        """The fault of this call, "" for none."""

    def struck(self, fault: str) -> None:
        """A fault did happen."""

    def done(self) -> None:
        """The store has changed."""


class Machine:
    """Stands around a store: each call may be the last, or find the disk full. Use `around`."""

    def __init__(self, store: object, fate: Fate) -> None:
        self._store = store
        self._fate = fate

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._store, name)
        fate, writes = self._fate, name not in READS

        def guarded(*given: object, **named: object) -> object:
            fault = fate.befalls()
            if fault == "desk dies before":
                fate.struck(fault)
                raise Died
            if fault == "disk full" and writes:
                fate.struck(fault)
                raise Refusal("磁盘空间不够。")
            outcome = call(*given, **named)
            if writes:
                fate.done()
            if fault == "desk dies after":
                fate.struck(fault)
                raise Died
            return outcome

        self.__dict__[name] = guarded
        return guarded


def around(store: object, fate: Fate) -> Exchange:
    """The store with its machine around it."""
    return cast(Exchange, Machine(store, fate))
