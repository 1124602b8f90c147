"""The command: its options, its answer, its exit code."""

import argparse
import gzip
import json
import os
import sys
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from onewindow_desk.admin.verifier.chains import begin, end, operation, replica, street
from onewindow_desk.admin.verifier.ending import check_ending
from onewindow_desk.admin.verifier.feed import feed
from onewindow_desk.admin.verifier.form import TEXTS, Dump, Finding, Unreadable
from onewindow_desk.admin.verifier.noted import check_receipt, checkpoint, load_checkpoint
from onewindow_desk.admin.verifier.rows import line_place, looked_at, rows

SOUND, FOUND, CANNOT = 0, 1, 2
UNREADABLE_FILES = (OSError, EOFError, zlib.error)
"""What reading a file, packed or not, may raise."""
_ADVICE = "请把这份导出文件和现在的中心库原样保留，并报告审计管理员。"
_ROWS = {"dump": begin, "street": street, "replica": replica, "feed": feed, "end": end}


def verify(
    lines: Iterable[bytes], dump: Dump, *, workers: int = 1, known_desks_only: bool = False
) -> list[Finding]:
    """Check every row of a dump in order; what was found is also in `dump.findings`.

    `dump` may already hold checkpoints (`load_checkpoint`). Raises Unreadable when this is no dump.
    """
    for row, seen in looked_at(rows(lines, dump), dump, workers):
        if seen is not None:
            operation(dump, row, seen)
            continue
        try:
            _ROWS[row["row"]](dump, row)
        except (KeyError, ValueError, TypeError, AttributeError):
            dump.found("line", line_place(row["line"]))
    check_ending(dump, known_desks_only=known_desks_only)
    return dump.findings


def main(arguments: list[str] | None = None) -> int:
    """Check one dump and print what was found; returns the exit code."""
    options = _parser().parse_args(arguments)
    dump = Dump()
    try:
        check_files(options, dump)
    except (Unreadable, *UNREADABLE_FILES) as trouble:
        text = str(trouble) if isinstance(trouble, Unreadable) else "文件打不开或读不完。请核对文件名和磁盘。"
        sys.stderr.write(text + "\n")
        return CANNOT
    facts = report(dump, options.most)
    said = json.dumps(facts, ensure_ascii=False) if options.json else "\n".join(facts["lines"])
    sys.stdout.write(said + "\n")
    return FOUND if dump.findings else SOUND


def check_files(options: argparse.Namespace, dump: Dump) -> None:
    """Do what the options ask for with the files they name."""
    for path in options.checkpoint:
        load_checkpoint(path.read_bytes(), dump)
    with gzip.open(options.dump) if options.dump.suffix == ".gz" else options.dump.open("rb") as lines:
        verify(lines, dump, workers=options.workers, known_desks_only=options.known_desks_only)
    for typed in options.receipt:
        check_receipt(dump, typed)
    if options.write_checkpoint and not dump.findings:
        options.write_checkpoint.write_text(json.dumps(checkpoint(dump), indent=1) + "\n", encoding="utf-8")


def report(dump: Dump, most: int) -> dict[str, Any]:
    """What was found as facts and as lines to read; `most` findings are listed one by one."""
    shown = [f"{found.where}：{TEXTS[found.kind]}。" for found in dump.findings[:most]]
    more = len(dump.findings) - len(shown)
    feeds = sum(street.seq for street in dump.streets.values())
    head = f"核对了 {dump.operations} 步办理，{feeds} 行流水，{len(dump.replicas)} 次登记。"
    rest = [f"另有 {more} 处没有列出。"] if more else []
    advice = _ADVICE if dump.findings else "全部相符。"
    return {
        "operations": dump.operations,
        "feed": feeds,
        "replicas": len(dump.replicas),
        "findings": [{"kind": f.kind, "where": f.where} for f in dump.findings[:most]],
        "count": len(dump.findings),
        "sound": not dump.findings,
        "lines": [head, *shown, *rest, advice],
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command, also for `onewindow-admin verify-central`."""
    parser.add_argument("dump", type=Path, help="导出文件（JSON 行，可以是 .gz）")
    parser.add_argument(
        "--checkpoint", type=Path, action="append", default=[], help="先前记下的末端；可以给几份"
    )
    parser.add_argument("--write-checkpoint", type=Path, help="全部相符时，把现在的末端写到这个文件")
    parser.add_argument("--known-desks-only", action="store_true", help="先前没有记下的登记也算需要处理")
    parser.add_argument("--receipt", action="append", default=[], help="凭证：编号:摘要前 10 位；可以给几张")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="同时用几个进程")
    parser.add_argument("--most", type=int, default=100, help="最多列出几处")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onewindow-verify", description="核对中心库的导出文件")
    parser.add_argument("--json", action="store_true", help="用 JSON 回答")
    add_arguments(parser)
    return parser
