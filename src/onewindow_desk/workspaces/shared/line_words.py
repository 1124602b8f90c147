"""How the line stands, in the words of the status line and of the banner."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from onewindow_desk.domain.dates import SHANGHAI
from onewindow_desk.services.line import CLOCK_LIMIT, LineFacts, LineKind
from onewindow_desk.services.words import minutes_words
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.widgets.status_line import Link
from onewindow_desk.workspaces.shared.widgets.status_line import LinkKind as Kind
from onewindow_desk.workspaces.workspace import Notice, Weight

SOURCE = "line"
"""Who speaks, for the banner."""


def tr(text: str) -> str:
    """The line's words in the person's language; Chinese is the source."""
    return QCoreApplication.translate("Line", text)


def link_of(facts: LineFacts, now: datetime) -> Link:
    """What the status line says."""
    if facts.kind is LineKind.NEVER:
        return Link(Kind.STANDALONE, tr("独立运行 · 数据存本机"))
    if facts.kind is LineKind.UP:
        return Link(Kind.UP, tr("已连接中心库"), _waits(facts))
    return Link(Kind.DOWN, down_words(facts, now), _waits_down(facts))


def down_words(facts: LineFacts, now: datetime) -> str:
    """线路断开 18 分钟."""
    if facts.since is None:
        return tr("线路断开")
    return tr("线路断开 %1").replace("%1", minutes_words((now - facts.since).total_seconds()))


def _waits(facts: LineFacts) -> str:
    words = tr("待发 %1").replace("%1", str(facts.unsent))
    if facts.last_synced is None:
        return words
    at = f"{facts.last_synced.astimezone(SHANGHAI):%H:%M}"
    return tr("%1 · %2 已同步").replace("%1", words).replace("%2", at)


def _waits_down(facts: LineFacts) -> str:
    words = tr("待发 %1 步 · 本机已保存 · %2 秒后自动再连")
    return words.replace("%1", str(facts.unsent)).replace("%2", str(facts.retry_seconds))


def notice_of(facts: LineFacts, now: datetime) -> Notice | None:
    """The one line under the head; None while there is nothing to say."""
    if facts.kind is LineKind.NEVER:
        return None
    if facts.upgrade:
        title, text = tr("本机程序要升级了，先不收新件。"), tr("已做的照常发出。请系统管理员升级本机。")
        return Notice(SOURCE, title, text, weight=Weight.ACT, icon="circle-fading-arrow-up", key=Key.LINE)
    if facts.kind is LineKind.DOWN:
        title = tr("%1，照常接待。").replace("%1", down_words(facts, now))
        return Notice(SOURCE, title, _safe(facts), icon="wifi-off", key=Key.LINE)
    if abs(facts.offset_seconds) > CLOCK_LIMIT:
        return Notice(SOURCE, _clock(facts), tr("凭证上的时间会不准。请系统管理员校准。"), icon="clock")
    return None


def _safe(facts: LineFacts) -> str:
    if not facts.unsent:
        return tr("做的每一步都存在本机，连上后自动发出。")
    words = tr("已做的 %1 步都存在本机，连上后自动发出。")
    return words.replace("%1", str(facts.unsent))


def _clock(facts: LineFacts) -> str:
    """The central's clock minus ours: above zero this machine is slow."""
    words = tr("本机时钟比中心慢 %1。") if facts.offset_seconds > 0 else tr("本机时钟比中心快 %1。")
    return words.replace("%1", minutes_words(abs(facts.offset_seconds)))
