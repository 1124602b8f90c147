"""An administrator's own connection to the central.

Where the central is and as whom stands in a libpq connection string, best a service file; the password in
a pgpass file or a prompt of libpq's making, never in an argument, which every process of the machine
can read.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from onewindow_desk.central.trouble import (
    MALFORMED,
    NOT_PERMITTED,
    NOTHING_THERE,
    Refused,
    refused,
    translate,
)
from onewindow_desk.faults import Fault, Refusal, Unreachable

_WORDS: Mapping[str, str] = {
    NOT_PERMITTED: "这个登录名没有这项职责，或者是在改自己的账户。请换负责这项的管理员办理。",
    NOTHING_THERE: "中心库里没有这个街道、人员、窗口或办理。请用 status 或 people 核对后再试。",
    MALFORMED: "中心库不接受填写的内容：已经有同名的，或者不合规定。请核对后再试。",
}
_NO_CENTRAL = "这个数据库还不是中心库，或者版本较旧。请先运行 init-central 或 upgrade-central。"
_NOT_PERMITTED_STATES = frozenset({"42501", "OW401"})
_NO_CENTRAL_STATES = frozenset({"42883", "3F000", "42704"})


@contextmanager
def admin_line(dsn: str) -> Iterator["AdminLine"]:
    """A connection in autocommit for a few calls; Refusal or Unreachable when it is not to be had."""
    with connected(dsn) as connection:
        yield AdminLine(connection)


@contextmanager
def connected(dsn: str) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """The connection itself, closed at the end; checked to be a local socket or TLS to a known central."""
    connection = _connect(dsn)
    try:
        _check_line(connection)
        yield connection
    finally:
        connection.close()


class AdminLine:
    """Calls of the administrators' functions, each its own transaction."""

    def __init__(self, connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
        self._connection = connection

    def call(self, function: str, *arguments: object) -> Any:
        """The one value of `owd_admin.FUNCTION(arguments)`; None of a function that gives nothing."""
        rows = self.rows(function, *arguments)
        return rows[0][0] if rows else None

    def rows(self, function: str, *arguments: object) -> Sequence[tuple[Any, ...]]:
        """All rows of `owd_admin.FUNCTION(arguments)`; Refusal says what an administrator can put right."""
        marks = sql.SQL(", ").join([sql.Placeholder()] * len(arguments))
        asked = sql.SQL("SELECT * FROM owd_admin.{}({})").format(sql.Identifier(function), marks)
        try:
            return self._connection.execute(asked, arguments).fetchall()
        except psycopg.Error as error:
            trouble = trouble_of(error)
        raise trouble

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """Everything called inside sees the central as of one moment."""
        self._connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with self._connection.transaction():
            yield


def trouble_of(error: psycopg.Error) -> Refused | Unreachable | Fault:
    """What an administrator is told of a driver's error."""
    state = error.sqlstate or ""
    if state in _NOT_PERMITTED_STATES:
        return refused(NOT_PERMITTED, _WORDS[NOT_PERMITTED])
    if state in _NO_CENTRAL_STATES:
        return refused(NOTHING_THERE, _NO_CENTRAL)
    if state in _WORDS:
        return refused(state, _WORDS[state])
    return translate(error)


def _connect(dsn: str) -> "psycopg.Connection[tuple[Any, ...]]":
    _check_dsn(dsn)
    try:
        return psycopg.connect(dsn, autocommit=True, application_name="onewindow-admin", connect_timeout=10)
    except psycopg.Error:
        pass
    raise Unreachable("连不上中心库。请核对地址、登录名、口令文件（.pgpass）和证书后再试。")


def _check_dsn(dsn: str) -> None:
    try:
        given = conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:
        # Without the driver's words: they quote what was typed.
        raise Refusal("连接写法不对。请写成 service=名称，或“键=值”，用空格隔开。", field="dsn") from None
    if "password" in given:
        raise Refusal("请不要把口令写在命令里。请写进口令文件（.pgpass），或用服务文件。", field="dsn")


def _check_line(connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
    """Refuse a line that somebody between could read or answer."""
    if connection.pgconn.host.startswith(b"/") or not connection.pgconn.host:
        return
    options = {option.keyword: option.val for option in connection.pgconn.info}
    if options[b"sslmode"] != b"verify-full" or not connection.pgconn.ssl_in_use:
        raise Refusal(
            "这条线路没有核对中心库的证书。请在连接里加上 sslmode=verify-full 和 sslrootcert=证书文件。",
            field="dsn",
        )
