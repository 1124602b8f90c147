"""What an administrator may do to a store from the command line; each opens it, acts and closes it."""

from pathlib import Path
from typing import Any

from msgspec import Struct

from onewindow_desk.faults import Refusal
from onewindow_desk.store import RebuildReport, SecretVault, Store


class Answer(Struct, frozen=True, kw_only=True):
    """What came of a command: for programs, for people, and whether all is well."""

    facts: dict[str, Any]
    lines: tuple[str, ...]
    sound: bool = True


def verify(folder: Path, vault: SecretVault) -> Answer:
    """Check pages, chain, signatures and files, then every case against its operations.

    Nothing is changed. Raises Refusal when the store does not open.
    """
    with _open(folder, vault) as store:
        report = store.verify_rest()
        compared = store.compare() if report.sound else None
    differing = dict(compared.differing) if compared else {}
    sound = report.sound and not differing
    lines = [f"核对了 {report.operations} 步办理。"]
    lines += [f"需要处理：{finding}" for finding in report.broken]
    lines += _differences(differing)
    lines.append(_advice(log_sound=report.sound, sound=sound))
    facts = {
        "operations": report.operations,
        "broken": list(report.broken),
        "differing": differing,
        "sound": sound,
    }
    return Answer(facts=facts, lines=tuple(lines), sound=sound)


def rebuild(folder: Path, vault: SecretVault) -> Answer:
    """Fold all operations anew and put the result in place of the stored cases.

    What differed is told; afterwards the stored cases are what the operations say.
    """
    with _open(folder, vault) as store:
        report = store.rebuild()
    return Answer(facts=_rebuild_facts(report), lines=_rebuild_lines(report), sound=report.equal)


def back_up(folder: Path, vault: SecretVault, target: Path) -> Answer:
    """Write an encrypted copy of the whole store into the new folder `target`."""
    with _open(folder, vault) as store:
        report = store.back_up(target.absolute())
    megabytes = report.bytes / 1_000_000
    lines = (
        f"备份写好了：{report.operations} 步办理，{report.files} 份文件，{megabytes:.1f} MB，已核对。",
        "副本只能用本机这个账户的密码库打开。请把密码库一并备份。",
    )
    facts = {"operations": report.operations, "files": report.files, "bytes": report.bytes}
    return Answer(facts=facts, lines=lines)


def _open(folder: Path, vault: SecretVault) -> Store:
    if not Store.exists(folder):
        raise Refusal(f"这个文件夹里没有本机库：{folder}。请核对 --folder。", field="folder")
    return Store.open(folder, vault)


def _advice(*, log_sound: bool, sound: bool) -> str:
    if sound:
        return "全部相符。"
    if log_sound:
        return "办理操作完好。请运行 rebuild 重新推算办件。"
    return "请停止登记，保留现在的文件夹，再用备份恢复。"


def _differences(differing: dict[str, int]) -> list[str]:
    return [f"需要处理：{table} 有 {rows} 行与办理操作不一致" for table, rows in sorted(differing.items())]


def _rebuild_facts(report: RebuildReport) -> dict[str, Any]:
    return {
        "operations": report.operations,
        "differing": dict(report.differing),
        "equal": report.equal,
    }


def _rebuild_lines(report: RebuildReport) -> tuple[str, ...]:
    told = f"由 {report.operations} 步办理重新推算完毕。"
    if report.equal:
        return (told, "与原来的全部相符。")
    return (told, *_differences(dict(report.differing)), "已按办理操作改正。")
