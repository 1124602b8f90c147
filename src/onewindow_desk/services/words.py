"""The names of acts in the words of the window, for lists, reasons and histories."""

from datetime import datetime

from onewindow_desk.domain.dates import SHANGHAI, day_words
from onewindow_desk.domain.lifecycle import BY_KIND, BY_PROPOSAL

_OWN = {
    "receive": "收件",
    "note": "记事",
    "material_added": "补交材料",
    "paper_sent": "凭证送打印机",
    "paper_confirmed": "凭证已拿到",
    "paper_failed": "凭证没打出来",
    "paper_reprinted": "补打凭证",
    "decline_proposal": "不同意，退回",
    "street_founded": "建立街道",
    "person_added": "登记人员",
    "person_changed": "变更人员",
    "signed_in": "登录",
    "series_leased": "领取号段",
    "catalogue_imported": "导入事项",
    "calendar_imported": "导入日历",
    "setting_changed": "变更设置",
    "attention_settled": "处理退回的一步",
}


def act_words(kind: str) -> str:
    """What an act is called; an act this program does not know is called 新的一步."""
    if kind in _OWN:
        return _OWN[kind]
    if kind in BY_PROPOSAL:
        return f"提出：{BY_PROPOSAL[kind].action}"
    return BY_KIND[kind].action if kind in BY_KIND else "新的一步"


def moment_words(at: datetime, now: datetime) -> str:
    """09:36 for today, 昨天 16:52, else 9月18日 16:52; Shanghai's time."""
    local, today = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return clock
    if (today - local.date()).days == 1:
        return f"昨天 {clock}"
    return f"{day_words(local.date(), today.year)} {clock}"


def minutes_words(seconds: float) -> str:
    """How long: 不到 1 分钟, 18 分钟, 3 小时 5 分钟, 2 天."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return "不到 1 分钟"
    if minutes < 60:
        return f"{minutes} 分钟"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} 小时 {rest} 分钟" if rest else f"{hours} 小时"
    return f"{hours // 24} 天"
