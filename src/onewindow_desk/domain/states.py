"""The states of a case and the words that lists show for them."""

from enum import StrEnum


class State(StrEnum):
    """Where a case stands; those in FINAL never change again."""

    DRAFT = "draft"
    RECEIVED = "received"
    CORRECTION = "correction"
    ACCEPTED = "accepted"
    REVIEWING = "reviewing"
    SPECIAL = "special"
    REPORTED_UP = "reported_up"
    REVIEWED = "reviewed"
    GRANTED = "granted"
    DENIED = "denied"
    FEE_DUE = "fee_due"
    CERTIFIED = "certified"
    READY = "ready"
    DELIVERED = "delivered"
    ARCHIVED = "archived"
    NOT_REQUIRED = "not_required"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


STATE_NAMES = {
    State.DRAFT: "草稿",
    State.RECEIVED: "已收件",
    State.CORRECTION: "待补正",
    State.ACCEPTED: "已受理",
    State.REVIEWING: "审查中",
    State.SPECIAL: "特别程序",
    State.REPORTED_UP: "已转报区级",
    State.REVIEWED: "待决定",
    State.GRANTED: "准予",
    State.DENIED: "不予",
    State.FEE_DUE: "待缴费",
    State.CERTIFIED: "已制证用印",
    State.READY: "待领取",
    State.DELIVERED: "已送达",
    State.ARCHIVED: "已归档",
    State.NOT_REQUIRED: "不受理",
    State.NOT_ACCEPTED: "不予受理",
    State.WITHDRAWN: "申请人撤回",
    State.TERMINATED: "终止办理",
}

FINAL = frozenset({State.ARCHIVED, State.NOT_REQUIRED, State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED})
