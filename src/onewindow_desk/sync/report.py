"""How the exchange goes, as the worker tells it: facts without words."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from onewindow_desk.sync.round import Link, Report


class LinkKind(StrEnum):
    """Not tried yet since the program began, answering, or not."""

    NEVER = "never"
    UP = "up"
    DOWN = "down"


class LinkState(Struct, frozen=True, kw_only=True):
    """How the line stands; what waits and since when is the store's to say (`Store.link`).

    `since`: when it came to stand so. `retry_at`: when it is tried again, while it is down. `said`: the
    central's or the disk's own words when it was refused. `last_synced`: when a round last came to its
    end. `unsent`: operations that the central does not have. `more`: a round ended with work left.
    `files_sent`, `files_read`: since the program began. `damaged`: addresses of files that cannot be
    read here. `listening`: the central rings when there is something new.
    """

    kind: LinkKind = LinkKind.NEVER
    since: datetime | None = None
    retry_at: datetime | None = None
    said: str = ""
    last_synced: datetime | None = None
    unsent: int = 0
    upgrade: bool = False
    more: bool = False
    files_sent: int = 0
    files_read: int = 0
    damaged: tuple[str, ...] = ()
    listening: bool = False


def after_round(before: LinkState, report: Report, now: datetime) -> LinkState:
    """How the line stands after a round."""
    up = report.link is Link.UP
    return LinkState(
        kind=LinkKind.UP if up else LinkKind.DOWN,
        since=_since(before, LinkKind.UP if up else LinkKind.DOWN, now),
        said=report.text if report.link is Link.REFUSED else "",
        last_synced=now if up else before.last_synced,
        unsent=report.unsent,
        upgrade=report.upgrade,
        more=report.more,
        files_sent=before.files_sent + report.files.sent,
        files_read=before.files_read + report.files.read,
        damaged=report.files.damaged,
        listening=up and before.listening,
    )


def _since(before: LinkState, kind: LinkKind, now: datetime) -> datetime:
    return before.since if before.kind is kind and before.since is not None else now
