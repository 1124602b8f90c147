"""Where a new password comes from: typed twice, one line of standard input, or made here and shown once."""

import getpass
import secrets
import sys
from enum import StrEnum

from onewindow_desk.faults import Refusal
from onewindow_desk.services.signing import check_password

_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""None that is taken for another."""
_GROUPS, _SIGNS_IN_A_GROUP = 5, 4


class Source(StrEnum):
    """How the administrator wants to give a password."""

    TYPED = "typed"
    STDIN = "stdin"
    MADE = "made"


def new_password(source: Source) -> str:
    """A password for somebody; Refusal when it is too short, differs the second time, or nobody can type."""
    if source is Source.MADE:
        return make_password()
    password = sys.stdin.readline().rstrip("\r\n") if source is Source.STDIN else _typed_twice()
    check_password(password)
    return password


def make_password() -> str:
    """98 bits of chance, in groups that can be read out."""
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(_SIGNS_IN_A_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _typed_twice() -> str:
    if not sys.stdin.isatty():
        raise Refusal(
            "这里不能输入口令。请加 --password-stdin 从标准输入给出，或加 --make-password 由程序生成。",
            field="password",
        )
    first = getpass.getpass("初始口令：")
    if getpass.getpass("再输一次：") != first:
        raise Refusal("两次输入的口令不同。请重新输入。", field="password")
    return first
