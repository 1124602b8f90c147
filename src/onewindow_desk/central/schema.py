"""Making and upgrading the central's schema: migrations, then the rules as rows; safe to repeat."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from onewindow_desk.central import rulebook
from onewindow_desk.faults import Refusal, Unreachable

OLDEST_SERVER = 150000
"""PostgreSQL 15, as the server counts its versions."""

_SCRIPTS = Path(__file__).with_name("migrations")
_CAST = {"apart": "jsonb", "fine": "jsonpath", "sure": "jsonpath"}


def bring_up(where: str | Connection) -> None:
    """Create or upgrade everything in one transaction; nothing changes when it breaks off.

    `where`: a libpq connection string or URI of a superuser, or a connection that has no transaction
    open. Refusal when the server is too old or the login may not do it, Unreachable when nobody answers.
    """
    with _connected(where) as connection, connection.begin():
        _check_server(connection)
        # Two administrators at once would both make the same objects.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7298361)")
        _migrate(connection)
        _write_rules(connection)
        connection.exec_driver_sql("SELECT owd_inner.look_again_at_all()")


@contextmanager
def _connected(where: str | Connection) -> Iterator[Connection]:
    if isinstance(where, Connection):
        yield where
        return
    engine = create_engine("postgresql+psycopg://", poolclass=NullPool, creator=lambda: _connect(where))
    with engine.connect() as connection:
        yield connection


def _connect(where: str) -> "psycopg.Connection[tuple[object, ...]]":
    try:
        return psycopg.connect(where)
    except psycopg.OperationalError as trouble:
        raise Unreachable("连不上中心库。请检查地址、网络和登录名后再试。") from trouble


def _check_server(connection: Connection) -> None:
    version = connection.execute(text("SELECT current_setting('server_version_num')::int")).scalar_one()
    if version < OLDEST_SERVER:
        raise Refusal("中心库的 PostgreSQL 版本太旧。请升级到 15 或更新的版本。")
    encoding = connection.execute(text("SELECT current_setting('server_encoding')")).scalar_one()
    if encoding != "UTF8":
        raise Refusal("中心库的字符编码不是 UTF-8。请用 UTF-8 重新建库。")
    mighty = connection.execute(
        text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    ).scalar_one()
    if not mighty:
        raise Refusal("这个登录名不能建立中心库。请用数据库的超级用户登录。")


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")


def _write_rules(connection: Connection) -> None:
    for table, rows in _rule_tables().items():
        names = list(rows[0])
        values = ", ".join(
            f"CAST(:{name} AS {_CAST[name]})" if name in _CAST else f":{name}" for name in names
        )
        connection.execute(text(f"DELETE FROM owd_data.{table}"))  # noqa: S608 - our own names
        insert = f"INSERT INTO owd_data.{table} ({', '.join(names)}) VALUES ({values})"  # noqa: S608
        connection.execute(text(insert), rows)


def _rule_tables() -> Mapping[str, list[dict[str, object]]]:
    return {
        "rule": [_row(rule) for rule in rulebook.rules()],
        "separation": [
            {"one": one, "other": other, "relaxable": relaxable}
            for one, other, relaxable in rulebook.separations()
        ],
    }


def _row(rule: rulebook.Rule) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(rule, name) for name in rule.__struct_fields__}
    lists = {name: list(value) for name, value in values.items() if isinstance(value, tuple)}
    return {**values, **lists, "apart": json.dumps(rule.apart)}
