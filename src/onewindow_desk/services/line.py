"""The line (线路) to the central: how it stands, what waits for it, and what goes on without it.

Nothing here asks the network. Whether the line is up is what the exchange said last; the rest is in
the local store, so that the answer is there the moment the line fails.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct

from onewindow_desk.domain.case import Case
from onewindow_desk.domain.dates import local_date
from onewindow_desk.domain.lifecycle import BY_KIND, BY_PROPOSAL, actors
from onewindow_desk.domain.people import Role
from onewindow_desk.services.shift import Shift
from onewindow_desk.services.words import act_words, moment_words
from onewindow_desk.store import Store

CALL_AFTER = timedelta(minutes=30)
"""A line that was down for so long is told to somebody."""
CLOCK_LIMIT = 120
"""Seconds this machine's clock may be off before it is said on the screen."""
OFFLINE_DAYS = 7
"""Days since the last proof at the central that a person may sign in without the line."""
KEPT_DAYS = 90
"""Days that closed cases stay on the desk."""


class LineKind(StrEnum):
    """Never attached to a central, or attached and answering, or attached and silent."""

    NEVER = "never"
    UP = "up"
    DOWN = "down"


class LineFacts(Struct, frozen=True, kw_only=True):
    """How the line stands, in one record for status line, banner and page.

    `since`: up or down since when, aware. `unsent`: steps the central does not have yet, `oldest_unsent`
    the time of the first. `last_synced`: when desk and central last agreed. `retry_seconds` until the
    next try. `upgrade`: the program is older than the central wants for new cases. `offset_seconds`:
    the central's clock minus this machine's.
    """

    kind: LineKind
    since: datetime | None = None
    unsent: int = 0
    oldest_unsent: datetime | None = None
    last_synced: datetime | None = None
    retry_seconds: int = 30
    upgrade: bool = False
    offset_seconds: int = 0


class WaitingStep(Struct, frozen=True, kw_only=True):
    """One step on its way: what, for whom, when; `state` is queued or sent; `printed` a paper is out."""

    op_id: UUID
    case_id: UUID | None
    receipt_no: str
    applicant: str
    step: str
    at: datetime
    state: str
    printed: bool


class Level(StrEnum):
    """How far a kind of work goes on without the line."""

    ALWAYS = "always"
    LIMITED = "limited"
    LATER = "later"


class Works(Struct, frozen=True, kw_only=True):
    """One kind of work: a name for its icon, how far it goes on, its title and its condition."""

    name: str
    level: Level
    title: str
    text: str


class Arriving(Struct, frozen=True, kw_only=True):
    """Scans of one case on their way: how many of how many are at the central."""

    there: int
    all: int


def facts(store: Store, kind: LineKind, since: datetime | None = None, retry_seconds: int = 30) -> LineFacts:
    """How the line stands: what the exchange said of it, and what the store holds."""
    link = store.link()
    return LineFacts(
        kind=kind if link.attached else LineKind.NEVER,
        since=since,
        unsent=link.unsent,
        oldest_unsent=link.oldest_unsent,
        last_synced=link.last_synced,
        retry_seconds=retry_seconds,
        upgrade=link.upgrade,
        offset_seconds=link.offset_seconds,
    )


def waiting(shift: Shift, limit: int = 200) -> tuple[WaitingStep, ...]:
    """Steps of this desk that the central has no word on yet, newest first."""
    return tuple(
        WaitingStep(
            op_id=row.op_id,
            case_id=row.case_id,
            receipt_no=row.receipt_no,
            applicant=row.applicant_name,
            step=act_words(row.kind),
            at=row.at,
            state=row.state,
            printed=row.printed and row.kind == "receive",
        )
        for row in shift.store.unsent(limit)
    )


def arriving(store: Store, cases: Iterable[Case]) -> Mapping[UUID, Arriving]:
    """Those of the cases whose scans are not all at the central; none on a desk that stands alone."""
    named = {case.case_id: _scans(case) for case in cases} if store.attached else {}
    there = store.files_at_central({scan for scans in named.values() for scan in scans})
    return {
        case_id: Arriving(there=len(scans & there), all=len(scans))
        for case_id, scans in named.items()
        if not scans <= there
    }


def _scans(case: Case) -> frozenset[str]:
    return frozenset(page.sha256 for row in case.materials for page in row.pages)


def what_works(shift: Shift, line: LineFacts) -> tuple[Works, ...]:
    """What this person can go on with while the line is down, and on what condition."""
    changing = {
        "receive": f"给编号、打印接收凭证；本机编号今天还有 {numbers_left(shift)} 个",
        "others": _as_of(shift, line),
    }
    mine = (row for row in _WORKS if not row.roles or row.roles & shift.person.roles)
    return tuple(
        Works(name=row.name, level=row.level, title=row.title, text=changing.get(row.name, row.text))
        for row in mine
    )


def level_of(kind: str) -> Level:
    """How far a kind of act goes on without the line, as the lifecycle has it."""
    row = BY_PROPOSAL.get(kind) or BY_KIND[kind]
    if not row.offline:
        return Level.LATER
    return Level.LIMITED if row.needs_seal else Level.ALWAYS


class _Work(NamedTuple):
    """A row of the board; no roles: it is everybody's."""

    name: str
    level: Level
    title: str
    text: str = ""
    roles: frozenset[Role] = frozenset()


_GUIDES = frozenset({Role.WINDOW, Role.GUIDE})
_WORKS = (
    _Work("receive", level_of("receive"), "收件", roles=frozenset(actors("receive"))),
    _Work("guide", Level.ALWAYS, "咨询", "一次性告知单照常打印", _GUIDES),
    _Work("scan", Level.ALWAYS, "扫描和草稿", "随时保存，断电也在", frozenset({Role.WINDOW})),
    _Work("find", Level.ALWAYS, "查办件", f"本机有在办的和最近 {KEPT_DAYS} 天的"),
    _Work("sign_in", Level.ALWAYS, "换人登录", f"在本机登录过的同事，{OFFLINE_DAYS} 天内都可以"),
    _Work(
        "accept",
        level_of("accept"),
        "受理、补正告知",
        "要用窗口的实物受理章，没有章就先收件",
        frozenset(actors("accept")),
    ),
    _Work("others", Level.LIMITED, "别的窗口的进展"),
    _Work("decide", level_of("grant"), "决定、用印、出证", "请告诉申请人：领取日期另行通知"),
    _Work(
        "dispatch",
        level_of("dispatch"),
        "向后台移交电子件",
        "纸质材料请先在窗口收好",
        frozenset(actors("dispatch")),
    ),
    _Work("first_sign_in", Level.LATER, "第一次在本机登录", "口令要由中心核对一次"),
)


def numbers_left(shift: Shift) -> int:
    """Receipt numbers this desk can still give today."""
    return shift.store.numbers_left(local_date(shift.now()))


def _as_of(shift: Shift, line: LineFacts) -> str:
    if line.last_synced is None:
        return "还没有同步过，别的窗口的看不到"
    if line.kind is LineKind.UP:
        return "会停在断线的那一刻，之后的看不到"
    return f"停在 {moment_words(line.last_synced, shift.now())}，之后的看不到"
