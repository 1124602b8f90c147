"""Why the central did not take a step, in the person's words: the one table for all its reasons.

The central answers with short codes (`stale`, `guard:complete`); nobody at a window sees one. Each
sentence says what is the matter, `advice` what to do; a code this table does not know says honestly
that the reason is not known here.
"""

from msgspec import Struct

from onewindow_desk.domain.lifecycle import GUARD_TEXTS


class Reason(Struct, frozen=True):
    """A sentence for the person, what to do, and whether doing it anew can help at all.

    `waits`: nobody has to do anything, the step is taken up by itself. `supervisor`: at the desk
    nothing can be mended, a supervisor has it looked at again.
    """

    text: str
    advice: str = ""
    waits: bool = False
    supervisor: bool = False


_UNKNOWN = Reason(
    "中心库没有采纳这一步，本机还不知道为什么。", "请交给主管，让中心再看一次。", supervisor=True
)

_ANEW = "请重做，或交给主管让中心再看一次。"
_LATEST = "请看过最新情况后再办。"

REASONS: dict[str, Reason] = {
    # It cannot be relied on as it is.
    "unreadable": Reason("这一步的记录在中心读不出来，先存在一边。", _ANEW),
    "payload": Reason("这一步送到中心的内容和签名对不上，先存在一边。", _ANEW),
    "op_id": Reason("这一步的记录号在中心已经有了别的内容，先存在一边。", _ANEW),
    "person_mac": Reason("这一步的个人签名在中心没有对上，先存在一边。", "请本人登录后重做，或交给主管。"),
    "receipt_no": Reason(
        "这个收件编号在中心已经有了别的办件。", "请换新编号重新收件，并收回已发出的接收凭证。"
    ),
    # It waits for something.
    "behind_quarantined": Reason(
        "同一办件的上一步还没有处理好，这一步排在后面。", "上一步处理好以后自动再办。", waits=True
    ),
    "behind_parked": Reason(
        "同一办件的上一步还在等，这一步排在后面。", "上一步办好以后自动再办。", waits=True
    ),
    "case_unknown": Reason("中心还没有这个办件，这一步排在后面。", "办件到了中心以后自动再办。", waits=True),
    "version_ahead": Reason(
        "中心还没有收到前面的几步，这一步排在后面。", "前面的到了以后自动再办。", waits=True
    ),
    "kind_unknown": Reason(
        "中心库的程序还不认识这一步，先替您存着。", "中心库升级以后自动再办。", waits=True
    ),
    "person_key_unknown": Reason(
        "中心还没有您在本机的签名凭据。", "请您在线路通的时候退出（F12）再登录一次，之后自动采纳。"
    ),
    # The rules forbid it.
    "role": Reason("您的岗位在中心没有这一步的权限。", "请交给主管，或请有权限的同事办理。", supervisor=True),
    "not_present": Reason("这一步要本人登录并且线路通的时候办。", "请在线路通的时候重做。"),
    "stale": Reason("您办的时候，中心已经有了更新的一步；您依据的是之前的状态。", _LATEST),
    "base": Reason("您办的时候，中心已经有了更新的一步；您依据的是之前的状态。", _LATEST),
    "state": Reason("办件在中心已经不是您办的时候的状态。", _LATEST),
    "second_person": Reason("这一步要两个人办，提出和确认不能是同一个人。", "请另一位同事确认。"),
    "proposal_changed": Reason("您确认的时候，提出的内容已经变了。", "请看过最新情况后再确认。"),
    "level": Reason("这个事项的决定权限不在这一级。", "请核对由街道还是区级决定。"),
    "separation": Reason(
        "同一办件里您已经办过别的环节，按受审分离不能再办这一步。",
        "请交给主管，另派同事办理。",
        supervisor=True,
    ),
    "extended_once": Reason("期限只能延长一次，本件已经延长过。", "请在期限内作出决定。"),
    "tolerated": Reason("容缺的材料还没有补齐。", "请补齐后再作准予决定。"),
    "deemed": Reason("还在答复期内，不能视为受理。", "请受理，或出补正告知。"),
    "files_missing": Reason("这个办件的扫描件还没有全部到中心。", "请等扫描件传完后重做。"),
    "fact": Reason("这一步所附的内容不合要求。", "请重新填写后重做。"),
    "central_only": Reason(
        "人员、号段和设置接入后只在中心变更。", "请系统管理员在中心办理。", supervisor=True
    ),
    "street": Reason("这一步是别的街道的。", "请交给主管核对。", supervisor=True),
}

_GUARD = "guard:"


def reason_of(code: str) -> Reason:
    """The words for a code of the central; `guard:NAME` names the fact that was missing."""
    if code.startswith(_GUARD):
        asked = GUARD_TEXTS.get(code.removeprefix(_GUARD))
        return Reason(asked, "补上后请重做。") if asked else _UNKNOWN
    return REASONS.get(code.partition(":")[0], _UNKNOWN)
