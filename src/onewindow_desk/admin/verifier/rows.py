"""Reading a dump: its lines as rows, operations taken apart and looked at by several processes."""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any
from uuid import UUID

from onewindow_desk.admin.verifier.form import (
    DUMP_FORMAT,
    Dump,
    Row,
    Sealed,
    Seen,
    Unreadable,
    count,
    digest,
)
from onewindow_desk.admin.verifier.look import look, look_all

_BATCH = 400
_KINDS = frozenset({"dump", "street", "replica", "op", "feed", "end"})


def rows(lines: Iterable[bytes], dump: Dump) -> Iterator[Row]:
    """The lines of a dump as rows with their `line`; Unreadable when the first does not say it is one."""
    numbered = enumerate(lines, 1)
    first = _parsed(next(numbered, (1, b""))[1])
    if first.get("row") != "dump" or first.get("v") != DUMP_FORMAT:
        raise Unreadable("这不是中心库的导出文件，或者由更新的版本写出。请核对文件名，或换用新版本核对。")
    for number, line in numbered:
        row = _parsed(line)
        if row:
            yield {**row, "line": number}
        else:
            dump.found("line", line_place(number))


def looked_at(read: Iterable[Row], dump: Dump, workers: int) -> Iterator[tuple[Any, Seen | None]]:
    """Every row in order; an operation as Sealed, with what was seen in it by one of `workers` processes."""
    if workers <= 1:
        for row in _taken_apart(read, dump):
            yield row, look(row) if isinstance(row, Sealed) else None
        return
    with ProcessPoolExecutor(workers) as pool:
        waiting: deque[tuple[list[Sealed], Future[list[Seen]]]] = deque()
        for batch in _batches(_taken_apart(read, dump)):
            if isinstance(batch, list):
                waiting.append((batch, pool.submit(look_all, batch)))
                yield from _drained(waiting, workers * 3)
            else:
                yield from _drained(waiting, 0)
                yield batch, None
        yield from _drained(waiting, 0)


def line_place(number: int) -> str:
    """How a line is named to people."""
    return f"文件第 {number} 行"


def _parsed(line: bytes) -> Row:
    """The row of a line; empty when it is none of ours."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return row if isinstance(row, dict) and row.get("row") in _KINDS else {}


def _drained(
    waiting: deque[tuple[list[Sealed], Future[list[Seen]]]], leave: int
) -> Iterator[tuple[Sealed, Seen]]:
    while len(waiting) > leave:
        batch, future = waiting.popleft()
        yield from zip(batch, future.result(), strict=True)


def _batches(read: Iterable[Row | Sealed]) -> Iterator[Row | list[Sealed]]:
    """Operations that stand together by the hundred, every other row alone, in order."""
    batch: list[Sealed] = []
    for row in read:
        if isinstance(row, Sealed):
            batch.append(row)
            if len(batch) < _BATCH:
                continue
        if batch:
            yield batch
            batch = []
        if not isinstance(row, Sealed):
            yield row
    if batch:
        yield batch


def _taken_apart(read: Iterable[Row], dump: Dump) -> Iterator[Row | Sealed]:
    for row in read:
        if row["row"] != "op":
            yield row
            continue
        try:
            yield _sealed(row, dump)
        except (KeyError, ValueError, TypeError, AttributeError):
            dump.found("line", line_place(row["line"]))


def _sealed(row: Row, dump: Dump) -> Sealed:
    name = UUID(row["replica"]).bytes
    known = dump.replicas.get(name)
    payload = row["payload"]
    return Sealed(
        replica=name,
        seq=count(row["seq"]),
        prev=digest(row["prev"]),
        hash=digest(row["hash"]),
        head=bytes.fromhex(row["head"]),
        payload=None if payload is None else bytes.fromhex(payload),
        signature=bytes.fromhex(row["signature"]),
        key=known.key if known else b"",
        line=row["line"],
    )
