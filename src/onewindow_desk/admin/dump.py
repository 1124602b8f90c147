"""Writing the dump that the verifier reads (docs/verifying.md): pages of JSON lines, seen at one moment."""

import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from msgspec import Struct

from onewindow_desk.admin.line import AdminLine
from onewindow_desk.faults import Refusal

_PAGE = 2000
_NEW_FILE = 0o600


class DumpReport(Struct, frozen=True, kw_only=True):
    """What was written: operations, feed rows, bytes of the file."""

    operations: int
    feed: int
    bytes: int


def write_dump(line: AdminLine, target: Path) -> DumpReport:
    """Write the new file `target` (packed when its name ends in .gz), for its owner's eyes only.

    It appears under its name when it is whole. Refusal when the name is taken or cannot be written.
    """
    if target.exists():
        raise Refusal(f"这个文件已经有了：{target}。请换一个文件名。", field="target")
    draft = target.with_name(f"{target.name}.part")
    try:
        counts = _write(line, draft, packed=target.suffix == ".gz")
        draft.rename(target)
    except OSError as trouble:
        raise Refusal(f"导出文件写不下：{target}。请核对文件夹和磁盘空间。", field="target") from trouble
    finally:
        draft.unlink(missing_ok=True)
    return DumpReport(operations=counts["op"], feed=counts["feed"], bytes=target.stat().st_size)


def _write(line: AdminLine, draft: Path, *, packed: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _NEW_FILE)
    with os.fdopen(descriptor, "wb") as raw:
        with gzip.GzipFile(fileobj=raw, mode="wb") if packed else nullcontext(raw) as file:
            for part, text in _rows(line):
                file.write(text.encode() + b"\n")
                counts[part] += 1
        raw.flush()
        os.fsync(raw.fileno())
    return counts


def _rows(line: AdminLine) -> Iterator[tuple[str, str]]:
    """Every row of the dump with the part it belongs to."""
    with line.one_moment():
        begin = [text for (text,) in line.rows("dump", "begin", None, 0, _PAGE)]
        yield from (("begin", text) for text in begin)
        rows = [json.loads(text) for text in begin]
        for row in rows:
            if row["row"] == "replica":
                yield from _pages(line, "op", row["replica"])
        for row in rows:
            if row["row"] == "street":
                yield from _pages(line, "feed", row["street"])
        yield "end", line.call("dump", "end", None, 0, 1)


def _pages(line: AdminLine, part: str, of: str) -> Iterator[tuple[str, str]]:
    after = 0
    while page := line.rows("dump", part, of, after, _PAGE):
        yield from ((part, text) for (text,) in page)
        after = json.loads(page[-1][0])["seq"]
