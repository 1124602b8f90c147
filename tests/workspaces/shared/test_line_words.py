"""The line in the status line and in the banner."""

from datetime import UTC, datetime, timedelta

import pytest

from onewindow_desk.services.line import LineFacts, LineKind
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.line_words import link_of, notice_of
from onewindow_desk.workspaces.shared.widgets.status_line import LinkKind
from onewindow_desk.workspaces.workspace import Weight

NOW = datetime(2026, 9, 21, 1, 42, tzinfo=UTC)


def up(**given):
    return LineFacts(kind=LineKind.UP, last_synced=NOW - timedelta(minutes=1), **given)


def down(**given):
    return LineFacts(kind=LineKind.DOWN, since=NOW - timedelta(minutes=18), **given)


def test_connected_says_what_waits_and_when_both_agreed():
    link = link_of(up(unsent=0), NOW)
    assert (link.kind, link.text, link.detail) == (LinkKind.UP, "已连接中心库", "待发 0 · 09:41 已同步")


def test_cut_says_since_when_what_is_safe_and_that_it_goes_on_trying():
    link = link_of(down(unsent=7, retry_seconds=30), NOW)
    assert (link.kind, link.text) == (LinkKind.DOWN, "线路断开 18 分钟")
    assert link.detail == "待发 7 步 · 本机已保存 · 30 秒后自动再连"


def test_a_desk_of_its_own_says_so_and_has_no_banner():
    facts = LineFacts(kind=LineKind.NEVER)
    assert link_of(facts, NOW).text == "独立运行 · 数据存本机"
    assert notice_of(facts, NOW) is None


def test_a_good_line_needs_no_banner():
    assert notice_of(up(), NOW) is None


def test_the_banner_of_a_cut_line_says_that_work_goes_on():
    notice = notice_of(down(unsent=7), NOW)
    assert notice is not None
    assert (notice.title, notice.weight, notice.key) == (
        "线路断开 18 分钟，照常接待。",
        Weight.LIMIT,
        Key.LINE,
    )
    assert notice.text == "已做的 7 步都存在本机，连上后自动发出。"
    assert "7" not in notice_of(down(), NOW).text


def test_too_old_a_program_is_worse_than_a_cut_line():
    notice = notice_of(down(upgrade=True), NOW)
    assert notice is not None
    assert notice.weight is Weight.ACT
    assert "先不收新件" in notice.title


@pytest.mark.parametrize(
    ("offset", "title"),
    [(180, "本机时钟比中心慢 3 分钟。"), (-180, "本机时钟比中心快 3 分钟。"), (119, None), (-120, None)],
)
def test_a_clock_that_is_off_is_said(offset, title):
    notice = notice_of(up(offset_seconds=offset), NOW)
    assert (notice.title if notice else None) == title
