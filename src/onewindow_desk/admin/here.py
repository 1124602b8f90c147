"""What an administrator does at one PC: to its store, opened for it and closed again, and with files."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable
from typing import Any

from onewindow_desk.admin.answer import Answer
from onewindow_desk.admin.verifier.command import UNREADABLE_FILES, check_files, report
from onewindow_desk.admin.verifier.copy import write_copy
from onewindow_desk.admin.verifier.form import Dump, Unreadable
from onewindow_desk.admin.verifier.noted import CHECKPOINT_FORMAT
from onewindow_desk.central import client
from onewindow_desk.faults import Refusal
from onewindow_desk.services.enrolment import Invitation, attach_desk, enrol_desk
from onewindow_desk.services.enrolment import enrol_again as enrol_desk_again
from onewindow_desk.settings import CentralAddress, default_folder
from onewindow_desk.store import RebuildReport, SecretVault, Store
from onewindow_desk.store.local import utc_now

Vault = Callable[[], SecretVault]


def verify(options: Namespace, vault: Vault) -> Answer:
    """Check pages, chain, signatures and files, then every case against its operations.

    Nothing is changed. Raises Refusal when the store does not open.
    """
    with _open(options, vault) as store:
        checked = store.verify_rest()
        compared = store.compare() if checked.sound else None
    differing = dict(compared.differing) if compared else {}
    sound = checked.sound and not differing
    lines = [f"核对了 {checked.operations} 步办理。"]
    lines += [f"需要处理：{finding}" for finding in (*checked.broken, *checked.unsound)]
    if checked.unsound:
        lines.append("别的窗口有步骤的签名核对不上，本机的记录没有问题。请检查那台窗口电脑。")
    lines += _differences(differing)
    lines.append(_advice(log_sound=checked.sound, sound=sound))
    facts = {
        "operations": checked.operations,
        "broken": list(checked.broken),
        "unsound": list(checked.unsound),
        "differing": differing,
        "sound": sound,
    }
    return Answer(facts=facts, lines=tuple(lines), sound=sound)


def rebuild(options: Namespace, vault: Vault) -> Answer:
    """Fold all operations anew and put the result in place of the stored cases.

    What differed is told; afterwards the stored cases are what the operations say.
    """
    with _open(options, vault) as store:
        rebuilt = store.rebuild()
    return Answer(facts=_rebuild_facts(rebuilt), lines=_rebuild_lines(rebuilt), sound=rebuilt.equal)


def back_up(options: Namespace, vault: Vault) -> Answer:
    """Write an encrypted copy of the whole store into a new folder."""
    with _open(options, vault) as store:
        made = store.back_up(options.target.absolute())
    megabytes = made.bytes / 1_000_000
    lines = (
        f"备份写好了：{made.operations} 步办理，{made.files} 份文件，{megabytes:.1f} MB，已核对。",
        "副本只能用本机这个账户的密码库打开。请把密码库一并备份。",
    )
    facts = {"operations": made.operations, "files": made.files, "bytes": made.bytes}
    return Answer(facts=facts, lines=lines)


def verify_central(options: Namespace) -> Answer:
    """Check a dump, as the verifier by itself does."""
    dump = Dump()
    try:
        check_files(options, dump)
    except Unreadable as trouble:
        raise Refusal(str(trouble), field="dump") from trouble
    except UNREADABLE_FILES as trouble:
        raise Refusal("文件打不开或读不完。请核对文件名和磁盘。", field="dump") from trouble
    facts = report(dump, options.most)
    return Answer(facts=facts, lines=tuple(facts["lines"]), sound=not dump.findings)


def write_verifier(options: Namespace) -> Answer:
    """Write the verifier as one file."""
    try:
        write_copy(options.target)
    except OSError as trouble:
        raise Refusal(f"写不了这个文件：{options.target}。请换一个新的文件名。", field="target") from trouble
    lines = (f"核对程序写好了。用法：python {options.target.name} 导出文件",)
    return Answer(facts={"written": str(options.target)}, lines=lines)


def _open(options: Namespace, vault: Vault) -> Store:
    folder = options.folder or default_folder()
    keys = vault()
    if not Store.exists(folder):
        raise Refusal(f"这个文件夹里没有本机库：{folder}。请核对 --folder。", field="folder")
    return Store.open(folder, keys)


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


def enrol(options: Namespace, vault: Vault) -> Answer:
    """Begin this PC's store at a central."""
    folder = options.folder or default_folder()
    if Store.exists(folder):
        raise Refusal("本机已有本机库。要带着它接入中心库，请用 attach。", field="folder")
    with enrol_desk(folder, vault(), _invitation(options), client.enrol, utc_now) as store:
        return _joined(store)


def attach(options: Namespace, vault: Vault) -> Answer:
    """Bring this PC's store, with all it holds, to a central."""
    keys = vault()
    with _open(options, lambda: keys) as store:
        attach_desk(store, keys, _invitation(options), client.enrol)
        return _joined(store)


def enrol_again(options: Namespace, vault: Vault) -> Answer:
    """Bring this PC back to a central that no longer knows it."""
    keys = vault()
    with _open(options, lambda: keys) as store:
        enrol_desk_again(store, keys, _invitation(options), client.enrol)
        return _joined(store)


def checkpoint(options: Namespace, vault: Vault) -> Answer:
    """Write down what this desk saw of its central: a witness that the database's owner cannot change."""
    with _open(options, vault) as store:
        if not store.attached:
            raise Refusal("本机没有接入中心库，没有见过它的末端。", field="folder")
        end = store.exchange.end()
        street = {str(store.settings()["code"]): {"seq": end.cursor.seq, "chain": end.cursor.chain}}
        own = {"seq": end.acked, "hash": end.acked_hash, "public_key": store.public_key()}
        noted = {"checkpoint": CHECKPOINT_FORMAT, "streets": street, "replicas": {str(end.replica): own}}
    try:
        with options.target.open("x", encoding="utf-8") as file:
            json.dump(noted, file, indent=1)
    except OSError as trouble:
        raise Refusal(f"写不了这个文件：{options.target}。请换一个新的文件名。", field="target") from trouble
    return Answer(facts={"written": str(options.target)}, lines=("写好了，请离开本机保管。",))


def _invitation(options: Namespace) -> Invitation:
    """What the administrator at the central handed out; a ticket not given is read from standard input."""
    try:
        authority = options.authority.read_bytes()
    except OSError as trouble:
        raise Refusal("证书文件打不开。请核对文件名。", field="authority") from trouble
    address = CentralAddress(hosts=tuple(options.server), database=options.database)
    ticket = options.ticket or sys.stdin.readline().strip()
    return Invitation(address=address, authority=authority, ticket=ticket, label=options.label)


def _joined(store: Store) -> Answer:
    facts = {"replica": str(store.replica), "waiting": store.exchange.end().last_seq}
    lines = (f"接入好了。有 {facts['waiting']} 步办理等着发往中心库，启动程序后自动发送。",)
    return Answer(facts=facts, lines=lines)
