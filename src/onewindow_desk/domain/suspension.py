"""What stops the clock: the eight procedures of 行政许可法 45, and no other.

An on-site inspection is not among them; a procedure stops the clock only for the days told to
the applicant, and past them the clock runs again by itself.
"""

from datetime import date
from enum import StrEnum

from msgspec import Struct


class StopKind(StrEnum):
    """The eight procedures whose time is not counted."""

    HEARING = "hearing"
    TENDER = "tender"
    AUCTION = "auction"
    INSPECTION = "inspection"
    TESTING = "testing"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert_review"


STOP_NAMES = {
    StopKind.HEARING: "听证",
    StopKind.TENDER: "招标",
    StopKind.AUCTION: "拍卖",
    StopKind.INSPECTION: "检验",
    StopKind.TESTING: "检测",
    StopKind.QUARANTINE: "检疫",
    StopKind.APPRAISAL: "鉴定",
    StopKind.EXPERT_REVIEW: "专家评审",
}


class Suspension(Struct, frozen=True, kw_only=True):
    """One stop: begun on `start`, told to last `told_days` working days, ended on `ended` if it has.

    The days in (start, end] are not counted, where end is the earlier of `ended` and the last
    told day.
    """

    kind: StopKind
    start: date
    told_days: int
    ended: date | None = None
