"""The words of the command line, and which function does what they ask.

A command's function takes the options and gives an Answer; those of the desk's own store also take the
vault.
"""

import argparse
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from onewindow_desk.admin import central, here
from onewindow_desk.admin.answer import Answer
from onewindow_desk.admin.passwords import Source
from onewindow_desk.admin.verifier.command import add_arguments as add_verifier_arguments
from onewindow_desk.domain.people import Role
from onewindow_desk.store import SecretVault

Vault = Callable[[], SecretVault]
Command = Callable[[Namespace, Vault], Answer]


def parser() -> ArgumentParser:
    """All commands; `options.run` is the function of the one asked for."""
    made = ArgumentParser(prog="onewindow-admin", description="本机库和中心库的管理")
    made.add_argument("--folder", type=Path, help="本机的数据文件夹，不写时用默认位置")
    made.add_argument("--json", action="store_true", help="用 JSON 回答")
    # The same words are understood after the command; SUPPRESS keeps them from undoing those before it.
    also = ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    also.add_argument("--folder", type=Path, help="本机的数据文件夹")
    also.add_argument("--json", action="store_true", help="用 JSON 回答")
    words = made.add_subparsers(dest="command", required=True, metavar="命令")
    book = _Book(words, also)
    _store_commands(book)
    _central_commands(book)
    _people_commands(book)
    _desk_commands(book)
    _check_commands(book)
    return made


class _Book:
    """Adds commands one by one."""

    def __init__(self, words: "argparse._SubParsersAction[ArgumentParser]", also: ArgumentParser) -> None:
        self._words = words
        self._also = also

    def store(self, name: str, run: Command, text: str) -> ArgumentParser:
        """A command on this desk's own store."""
        made = self._words.add_parser(name, help=text, description=text, parents=[self._also])
        made.set_defaults(run=run)
        return made

    def plain(self, name: str, run: Callable[[Namespace], Answer], text: str) -> ArgumentParser:
        """A command that needs no vault."""
        return self.store(name, lambda options, _vault: run(options), text)

    def central(
        self, name: str, run: Callable[[Namespace], Answer], text: str, *, street: bool = True
    ) -> ArgumentParser:
        """A command at the central, over an administrator's connection."""
        made = self.plain(name, run, text)
        made.add_argument(
            "--dsn", default="", help="连接，如 service=onewindow；口令写在 .pgpass，不写在命令里"
        )
        if street:
            made.add_argument("--street", required=True, help="街道代码，3 位数字")
        return made


def _store_commands(book: _Book) -> None:
    book.store("verify", here.verify, "核对本机库的每一页、每一步办理、每一份文件和全部办件")
    book.store("rebuild", here.rebuild, "由办理操作重新推算全部办件，并与原来的比对")
    backup = book.store("backup", here.back_up, "写出一份加密副本；可以边办边备份")
    backup.add_argument("target", type=Path, help="新文件夹，现在还没有")


def _central_commands(book: _Book) -> None:
    book.central("init-central", central.init_central, "在空数据库里建立中心库", street=False)
    book.central("upgrade-central", central.init_central, "把中心库升级到本程序的版本", street=False)
    street = book.central("create-street", central.create_street, "建立一个街道（系统管理员）")
    for name, text in (
        ("--name", "街道名称"),
        ("--authority", "机关全称，印在文书上"),
        ("--inquiry-phone", "咨询电话"),
        ("--supervise-phone", "监督电话"),
    ):
        street.add_argument(name, required=True, help=text)
    street.add_argument("--address", default="", help="地址")
    street.add_argument("--hours", default="", help="办公时间")
    street.add_argument("--sample", action="store_true", help="样例街道：屏幕和文书都印“样例”")
    status = book.central("status", central.status, "街道、窗口和等待处理的情况", street=False)
    status.add_argument("--street", required=True, action="append", help="街道代码；可以写几个")
    durable = book.central("durable", central.durable, "记下已核对的备份（系统管理员）", street=False)
    durable.add_argument("--before", required=True, type=_moment, help="备份开始的时间，带时区")


def _people_commands(book: _Book) -> None:
    create = book.central("create-person", central.create_person, "建立人员，还没有岗位（系统管理员）")
    create.add_argument("--login", required=True, help="登录名")
    create.add_argument("--name", required=True, help="姓名")
    create.add_argument("--person-id", type=UUID, help="中心库恢复后补建的人员：他原来的人员号")
    create.add_argument("--account", help="本人是管理员时，他在数据库的登录名")
    create.add_argument("--until", type=_day, help="账户最后一天，最多一年")
    _password_arguments(create)
    grant = book.central("grant", central.grant, "授予岗位，代替原有的（安全管理员）")
    _person_argument(grant)
    grant.add_argument("--role", action="append", default=[], choices=_roles(), help="岗位；可以写几个")
    grant.add_argument("--until", type=_day, help="最后一天，最多一年")
    reset = book.central("reset-password", central.reset_password, "重设口令（安全管理员）")
    _person_argument(reset)
    _password_arguments(reset)
    for name, text in (("suspend-person", "停用账户"), ("resume-person", "恢复账户")):
        _person_argument(book.central(name, central.set_active, f"{text}（安全管理员）"))
    relax = book.central("relax-conflicts", central.relax_conflicts, "放宽岗位冲突（安全管理员）")
    relax.add_argument(
        "--pair", action="append", default=[], help="两个岗位，如 window+handler；不写就不再放宽"
    )
    relax.add_argument("--until", type=_day, help="最后一天，最多一年")
    seal = book.central("let-issuer-seal", central.let_issuer_seal, "准许同一人用印并出件（安全管理员）")
    seal.add_argument("--until", type=_day, help="最后一天，最多一年")
    seal.add_argument("--end", action="store_true", help="不再准许")
    book.central("people", central.people, "街道有哪些人员和岗位")


def _desk_commands(book: _Book) -> None:
    enrol = book.central("enrol-desk", central.enrol_desk, "发一张一次性接入码（系统管理员）")
    enrol.add_argument("--label", required=True, help="窗口名称，如“2 号窗口”")
    enrol.add_argument("--scope", action="append", choices=_roles(), help="这台电脑办哪些岗位的事")
    enrol.add_argument("--attach", action="store_true", help="那台电脑已有本机库，要带着接入")
    revoke = book.central("revoke-desk", central.revoke_desk, "注销一台电脑，立即生效（安全管理员）")
    revoke.add_argument("--label", required=True, help="窗口名称")
    retry = book.central("retry", central.retry, "重新核对等待或隔离的办理（安全管理员）")
    retry.add_argument("--operation", required=True, type=UUID, help="办理号")
    seen = book.store("checkpoint", here.checkpoint, "把本机见过的中心库末端写到文件，供离线核对")
    seen.add_argument("target", type=Path, help="新文件")
    for name, run, text in (
        ("enrol", here.enrol, "用接入码把这台新电脑接入中心库"),
        ("attach", here.attach, "用接入码把本机库接入中心库"),
        ("enrol-again", here.enrol_again, "中心库不认本机了（如恢复到接入以前）：用新的接入码重新接入"),
    ):
        made = book.store(name, run, text)
        made.add_argument("--server", required=True, action="append", help="中心库，主机名:端口；可以写几个")
        made.add_argument("--database", default="onewindow", help="数据库名")
        made.add_argument("--authority", required=True, type=Path, help="中心库的 CA 证书文件（.pem）")
        made.add_argument("--label", required=True, help="窗口名称，照接入单填写")
        made.add_argument("--ticket", help="接入码；不写时从标准输入读一行")


def _check_commands(book: _Book) -> None:
    export = book.central("export", central.export, "导出中心库，供离线核对（审计管理员）", street=False)
    export.add_argument("target", type=Path, help="新文件；名称以 .gz 结尾时压缩")
    add_verifier_arguments(book.plain("verify-central", here.verify_central, "离线核对一份导出文件"))
    copy = book.plain("write-verifier", here.write_verifier, "写出核对程序，可在没有装本软件的电脑上用")
    copy.add_argument("target", type=Path, help="新文件，如 onewindow-verify.pyz")


def _person_argument(made: ArgumentParser) -> None:
    made.add_argument("--person", required=True, help="人员号或登录名")


def _password_arguments(made: ArgumentParser) -> None:
    ways = made.add_mutually_exclusive_group()
    for name, source, text in (
        ("--password-stdin", Source.STDIN, "口令从标准输入读一行"),
        ("--make-password", Source.MADE, "由程序生成口令，只显示一次"),
    ):
        ways.add_argument(name, dest="password", action="store_const", const=source, help=text)
    made.set_defaults(password=Source.TYPED)


def _roles() -> list[str]:
    return [role.value for role in Role]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment
