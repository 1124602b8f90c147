"""What the driver complains of, in the project's three kinds of trouble.

Only the SQLSTATE is looked at. The driver's own texts may quote a row, so they go no further than this.
"""

import psycopg

from onewindow_desk.central.watchdog import NO_ANSWER
from onewindow_desk.faults import Fault, Refusal, Unreachable

UNKNOWN_DESK, NOT_PERMITTED, NOTHING_THERE = "OW401", "OW403", "OW404"
CURSOR_UNKNOWN, ENROLMENT_OVER, MALFORMED = "OW409", "OW410", "OW422"
PROGRAM_TOO_OLD, WAIT_FIRST = "OW426", "OW429"

_WORDS = {
    UNKNOWN_DESK: "中心库不认这台电脑，可能已被停用。内容都存在本机，请联系管理员。",
    NOT_PERMITTED: "中心库不允许这样办。请确认本人已联网登录，并且岗位有这项权限。",
    NOTHING_THERE: "中心库里没有要找的内容。",
    ENROLMENT_OVER: "本机在中心库的登记已经结束，将重新登记，内容都存在本机。",
    MALFORMED: "中心库读不懂本机发去的内容。请管理员升级程序后再试，内容都存在本机。",
    PROGRAM_TOO_OLD: "程序版本太旧，中心库不再接收。请管理员升级程序，内容都存在本机。",
    WAIT_FIRST: "试的次数太多，请 15 分钟后再试。",
}
_CENTRAL_TOO_OLD = "中心库的版本比本机旧。请管理员先升级中心库，内容都存在本机。"

_CENTRAL_TOO_OLD_STATES = frozenset({"42883", "3F000", "42704"})  # no such function, schema, type
_NO_OUTCOME_CLASSES = frozenset({"08", "40", "53", "57", "58"})
# A server that has become a standby; a lock that was waited for too long; another tail of the feed.
_NO_OUTCOME_STATES = frozenset({"25006", "55P03", CURSOR_UNKNOWN})
# Errors of ours: the driver could not even send it.
_OURS = (psycopg.ProgrammingError, psycopg.DataError, psycopg.NotSupportedError)


class Refused(Refusal):
    """The central says no; `state` is its SQLSTATE."""

    def __init__(self, text: str, *, state: str) -> None:
        super().__init__(text)
        self.state = state


def refused(state: str, text: str = "") -> Refused:
    """The refusal for one of the central's states, in its usual words unless `text` says it better."""
    return Refused(text or _WORDS[state], state=state)


def no_answer() -> Unreachable:
    """The outcome is not known."""
    return Unreachable(NO_ANSWER)


def translate(error: psycopg.Error) -> Refused | Unreachable | Fault:
    """The project's word for a driver's error."""
    state = error.sqlstate
    if state is None:
        return Fault("The central could not be asked") if isinstance(error, _OURS) else no_answer()
    if state in _WORDS:
        return refused(state)
    if state == "42501" or state.startswith("28"):
        return refused(UNKNOWN_DESK)
    if state in _CENTRAL_TOO_OLD_STATES:
        return refused(PROGRAM_TOO_OLD, _CENTRAL_TOO_OLD)
    if state[:2] in _NO_OUTCOME_CLASSES or state in _NO_OUTCOME_STATES:
        return no_answer()
    return Fault(f"The central answered with SQLSTATE {state}")
