from datetime import UTC, datetime, timedelta

import pytest

from onewindow_desk.workspaces.intake import words

NOW = datetime(2026, 9, 21, 1, 42, tzinfo=UTC)


def test_what_is_filled_in_is_never_read_again():
    assert words.fill("%1：%2", "%2 样", "安") == "%2 样：安"


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("2026-9-1", "2026-09-01"),
        ("2026/09/21", "2026-09-21"),
        ("2026.9.21", "2026-09-21"),
        (" 2026年9月21日 ", "2026-09-21"),
        ("2026-02-30", "2026-02-30"),
        ("明天", "明天"),
        ("", ""),
    ],
)
def test_a_date_is_written_one_way_and_anything_else_stays_as_typed(typed, tidy):
    assert words.tidy_date(typed) == tidy


@pytest.mark.parametrize(
    ("ago", "line"),
    [
        ((timedelta(minutes=22),), "上次 今天 09:20"),
        ((timedelta(0), timedelta(hours=1)), "今天已办 2 件"),
        ((timedelta(days=1),), "上次 昨天"),
        ((timedelta(days=5),), "上次 9月16日"),
    ],
)
def test_when_an_item_was_received_last(ago, line):
    assert words.lately([NOW - step for step in ago], NOW) == line


def test_the_hint_counts_and_names_at_most_three():
    assert words.to_mend([], wrong=True) == ""
    assert words.to_mend(["证件号码"], wrong=True) == "还有 1 处要改：证件号码"
    assert (
        words.to_mend(["姓名", "手机", "材料", "地址"], wrong=False) == "还有 4 处要填：姓名、手机、材料 等"
    )


def test_what_is_asked_of_a_material(item):
    asked = {row.code: words.requirement(row) for row in item.materials}
    assert asked["M-APP"] == "原件 1"
    assert "验原件" in asked.values()


def test_the_lines_of_an_item(item):
    assert words.result_line(item) == f"行政许可 · 承诺 3 个工作日 · 材料 {len(item.materials)} 种"
    assert words.item_line(item) == "行政许可 · 承诺件 · 不收费 · 街道决定"
