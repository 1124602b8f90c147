"""What administrators do at the central, each duty with its own login: connect, act, leave."""

from argparse import Namespace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from onewindow_desk.admin.answer import Answer
from onewindow_desk.admin.dump import write_dump
from onewindow_desk.admin.line import AdminLine, admin_line, connected
from onewindow_desk.admin.passwords import Source, new_password
from onewindow_desk.central.proof import new_stretching, secret_of
from onewindow_desk.central.schema import bring_up
from onewindow_desk.domain.people import Role
from onewindow_desk.faults import Refusal
from onewindow_desk.settings import StreetSettings

_SECONDS_OF_A_TICKET = 1800


def init_central(options: Namespace) -> Answer:
    """Make tables, roles and functions in an empty database, or bring old ones up to date."""
    with connected(options.dsn) as connection:
        engine = create_engine("postgresql+psycopg://", poolclass=NullPool, creator=lambda: connection)
        connection.autocommit = False
        with engine.connect() as line:
            bring_up(line)
    return Answer(facts={"ready": True}, lines=("中心库的表、职责和规则都已就绪。",))


def create_street(options: Namespace) -> Answer:
    """A street that desks can join."""
    settings = StreetSettings(
        name=options.name,
        authority=options.authority,
        code=options.street,
        inquiry_phone=options.inquiry_phone,
        supervise_phone=options.supervise_phone,
        address=options.address,
        hours=options.hours,
        sample=options.sample,
    )
    with admin_line(options.dsn) as line:
        line.call("create_street", options.street, options.name, _json(msgspec.to_builtins(settings)))
    return Answer(facts={"street": options.street}, lines=(f"街道 {options.street} 建好了。",))


def create_person(options: Namespace) -> Answer:
    """A person without roles; the password is told once when it was made here.

    `--person-id` brings back somebody whom a restored central does not know any more.
    """
    password = new_password(options.password)
    person = {"person_id": str(options.person_id or uuid4()), "login": options.login, "name": options.name}
    if options.account:
        person["account"] = options.account
    if options.until:
        person["until"] = options.until.isoformat()
    with admin_line(options.dsn) as line:
        line.call("create_person", options.street, _json(person), *_secret(password))
    said = _told(password, options.password)
    lines = (f"建好了，人员号 {person['person_id']}。请安全管理员用 grant 授予岗位。", *said.values())
    return Answer(facts={"person_id": person["person_id"], **_plain(password, options.password)}, lines=lines)


def reset_password(options: Namespace) -> Answer:
    """A new password for somebody who forgot theirs."""
    password = new_password(options.password)
    with admin_line(options.dsn) as line:
        person = _person(line, options)
        line.call("reset_secret", options.street, person, *_secret(password))
    lines = ("口令已重设，本人下次联网登录时生效。", *_told(password, options.password).values())
    return Answer(facts={"person_id": str(person), **_plain(password, options.password)}, lines=lines)


def grant(options: Namespace) -> Answer:
    """The roles a person has from now on, instead of those before."""
    until = _last_day(options)
    with admin_line(options.dsn) as line:
        person = _person(line, options)
        line.call("grant_roles", options.street, person, list(options.role), until)
    facts = {"person_id": str(person), "roles": list(options.role), "until": until.isoformat()}
    return Answer(facts=facts, lines=(f"已授予岗位：{_list(options.role)}，到 {_day(until)} 为止。",))


def set_active(options: Namespace) -> Answer:
    """End an account, or take it up again."""
    active = options.command == "resume-person"
    with admin_line(options.dsn) as line:
        person = _person(line, options)
        line.call("set_active", options.street, person, active)
    told = "账户已恢复。" if active else "账户已停用，现在起不能办理。"
    return Answer(facts={"person_id": str(person), "active": active}, lines=(told,))


def relax_conflicts(options: Namespace) -> Answer:
    """Let pairs of roles stand on one account of a small street until a day; no pairs end it."""
    until = _last_day(options)
    pairs = [pair.split("+") for pair in options.pair]
    with admin_line(options.dsn) as line:
        line.call("relax_conflicts", options.street, _json(pairs), until)
    told = f"已放宽到 {_day(until)}，各窗口都看得到。" if pairs else "已不再放宽。"
    return Answer(facts={"pairs": pairs, "until": until.isoformat()}, lines=(told,))


def let_issuer_seal(options: Namespace) -> Answer:
    """Let one person seal and issue the same paper, in a small street, until a day."""
    until = None if options.end else _last_day(options)
    with admin_line(options.dsn) as line:
        line.call("let_issuer_seal", options.street, until)
    told = f"同一人可以用印并出件，到 {_day(until)} 为止，各窗口都看得到。" if until else "已不再放宽。"
    return Answer(facts={"until": until.isoformat() if until else None}, lines=(told,))


def people(options: Namespace) -> Answer:
    """Who has an account in a street: login, roles, until when."""
    with admin_line(options.dsn) as line:
        found = line.call("people", options.street)
    lines = [f"街道 {options.street} 有 {len(found)} 人。"]
    lines += [_person_line(one) for one in found]
    return Answer(facts={"people": found}, lines=tuple(lines))


def enrol_desk(options: Namespace) -> Answer:
    """A one-time ticket for one desk."""
    kind = "attach" if options.attach else "new"
    scope = list(options.scope or [Role.WINDOW])
    with admin_line(options.dsn) as line:
        ticket = line.call("ticket", options.street, options.label, scope, kind)
    facts = {"ticket": ticket, "label": options.label, "scope": scope, "kind": kind}
    lines = (
        f"接入码：{ticket}",
        f"给“{options.label}”用一次，{_SECONDS_OF_A_TICKET // 60} 分钟内有效。",
    )
    return Answer(facts={**facts, "valid_seconds": _SECONDS_OF_A_TICKET}, lines=lines)


def revoke_desk(options: Namespace) -> Answer:
    """Shut a desk out at once."""
    with admin_line(options.dsn) as line:
        ended = line.call("revoke_desk", options.street, options.label)
    lines = (f"“{options.label}”已注销，断开了 {ended} 条连接。",)
    return Answer(facts={"label": options.label, "ended": ended}, lines=lines)


def status(options: Namespace) -> Answer:
    """How streets stand: desks, when each was last heard, what waits."""
    with admin_line(options.dsn) as line:
        streets = [line.call("status", street) for street in options.street]
    lines = tuple(text for street in streets for text in _street_lines(street))
    return Answer(facts={"streets": streets}, lines=lines)


def retry(options: Namespace) -> Answer:
    """Look at a parked or quarantined operation again."""
    with admin_line(options.dsn) as line:
        verdict = line.call("retry", options.street, options.operation)
    text = _VERDICTS.get(verdict["verdict"], verdict["verdict"])
    return Answer(facts=verdict, lines=(f"重新核对的结果：{text}。",), sound=verdict["verdict"] == "applied")


def durable(options: Namespace) -> Answer:
    """Say that everything received before a moment is in a backup that was read back."""
    if options.before > datetime.now(UTC):
        raise Refusal("备份的时间在将来。请填写备份开始的时间。", field="before")
    with admin_line(options.dsn) as line:
        line.call("durable", options.before)
    before = options.before.isoformat()
    return Answer(facts={"durable_before": before}, lines=(f"已记下：{before} 之前收到的都在备份里。",))


def export(options: Namespace) -> Answer:
    """Write the dump that `verify-central` reads."""
    with admin_line(options.dsn) as line:
        report = write_dump(line, options.target)
    told = f"导出了 {report.operations} 步办理，{report.feed} 行流水，{report.bytes / 1_000_000:.1f} MB。"
    return Answer(facts=msgspec.to_builtins(report), lines=(told,))


_VERDICTS = {
    "applied": "已生效",
    "rejected": "不予生效，请本人重新办理",
    "quarantined": "仍隔离",
    "parked": "仍在等待",
    "duplicate": "重复，已有同一办理",
}


def _secret(password: str) -> tuple[object, ...]:
    secret = secret_of(password, new_stretching())
    how = secret.stretching
    return how.salt, how.memory_kib, how.passes, how.lanes, secret.stored_key


def _person(line: AdminLine, options: Namespace) -> UUID:
    """The person meant, by id or login."""
    try:
        return UUID(options.person)
    except ValueError:
        found = line.call("people", options.street)
    ids = [one["person_id"] for one in found if (one["login"] or "").lower() == options.person.lower()]
    if len(ids) != 1:
        raise Refusal("这个街道没有这个登录名。请用 people 查看后再填。", field="person")
    return UUID(ids[0])


def _last_day(options: Namespace) -> date:
    """The day asked for, or nearly a year from now: the longest that the central lets anything stand."""
    day: date = options.until or datetime.now(UTC).date() + timedelta(days=364)
    return day


def _plain(password: str, source: Source) -> dict[str, str]:
    return {"password": password} if source is Source.MADE else {}


def _told(password: str, source: Source) -> dict[str, str]:
    """What people read of a password: only one that was made here, once."""
    made = _plain(password, source)
    return {name: f"初始口令：{value}（只显示这一次，请当面交给本人）" for name, value in made.items()}


def _street_lines(street: dict[str, Any]) -> list[str]:
    waiting = street["waiting"]
    first = (
        f"街道 {street['street']}：流水 {street['head']} 行，{street['people']} 人，"
        f"等待 {waiting.get('parked', 0)} 步，隔离 {waiting.get('quarantined', 0)} 步，"
        f"在传文件 {street['files_on_their_way']} 份。"
    )
    unknown = [f"  有办理在等人员号 {one}，中心库里没有这个人。" for one in street["unknown_people"]]
    return [first, *unknown, *(_desk_line(desk) for desk in street["desks"])]


def _desk_line(desk: dict[str, Any]) -> str:
    heard = max((one.get("heard_at") or "" for one in desk["replicas"]), default="")
    state = "已注销" if desk["revoked_at"] else f"上次联系 {heard or '还没有'}"
    return f"  {desk['label']}：{state}，连接 {desk['connections']} 条，登记 {len(desk['replicas'])} 次。"


def _person_line(one: dict[str, Any]) -> str:
    state = "" if one["active"] else "，已停用"
    until = f"，到 {one['until']}" if one["until"] else ""
    return f"  {one['login'] or one['person_id']}：{_list(one['roles']) or '没有岗位'}{until}{state}"


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _list(words: list[str]) -> str:
    return "、".join(words)


def _day(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
