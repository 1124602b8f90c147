"""`onewindow-admin [--folder DIR] [--json] verify | rebuild | backup TARGET`.

Exit codes: 0 all is well, 1 something was found, 2 it could not be done (the reason is said).
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from onewindow_desk.admin import commands
from onewindow_desk.admin.commands import Answer
from onewindow_desk.faults import Refusal
from onewindow_desk.opening import system_vault
from onewindow_desk.settings import default_folder
from onewindow_desk.store import SecretVault

CANNOT = 2


def main(arguments: list[str] | None = None, vault: Callable[[], SecretVault] = system_vault) -> int:
    """Do one command and print its answer; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        answer = _do(options, vault())
    except Refusal as refusal:
        _print_refusal(refusal, as_json=options.json)
        return CANNOT
    print(json.dumps(answer.facts, ensure_ascii=False) if options.json else "\n".join(answer.lines))
    return 0 if answer.sound else 1


def _do(options: argparse.Namespace, vault: SecretVault) -> Answer:
    folder = options.folder or default_folder()
    if options.command == "backup":
        return commands.back_up(folder, vault, options.target)
    return (commands.verify if options.command == "verify" else commands.rebuild)(folder, vault)


def _print_refusal(refusal: Refusal, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"refused": refusal.text, "field": refusal.field}, ensure_ascii=False))
    else:
        print(refusal.text, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onewindow-admin", description="本机库的核对、重建和备份")
    parser.add_argument("--folder", type=Path, help="数据文件夹，不写时用本机的默认位置")
    parser.add_argument("--json", action="store_true", help="用 JSON 回答")
    commands_ = parser.add_subparsers(dest="command", required=True)
    commands_.add_parser("verify", help="核对每一页、每一步办理、每一份文件和全部办件")
    commands_.add_parser("rebuild", help="由办理操作重新推算全部办件，并与原来的比对")
    backup = commands_.add_parser("backup", help="写出一份加密副本；可以边办边备份")
    backup.add_argument("target", type=Path, help="新文件夹，现在还没有")
    return parser


if __name__ == "__main__":
    sys.exit(main())
