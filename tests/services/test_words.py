from datetime import UTC, datetime, timedelta

import pytest

from onewindow_desk.services.words import act_words, minutes_words, moment_words

NOW = datetime(2026, 9, 21, 1, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (timedelta(minutes=6), "09:36"),
        (timedelta(hours=16, minutes=50), "昨天 16:52"),
        (timedelta(days=3), "9月18日 09:42"),
        (timedelta(days=365), "2025年9月21日 09:42"),
    ],
)
def test_a_moment_says_only_as_much_as_is_needed(back, words):
    assert moment_words(NOW - back, NOW) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "不到 1 分钟"),
        (59, "不到 1 分钟"),
        (60, "1 分钟"),
        (18 * 60 + 30, "18 分钟"),
        (3600, "1 小时"),
        (3 * 3600 + 300, "3 小时 5 分钟"),
        (50 * 3600, "2 天"),
    ],
)
def test_how_long(seconds, words):
    assert minutes_words(seconds) == words


def test_an_act_this_program_does_not_know_has_a_name_too():
    assert act_words("teleport") == "新的一步"
    assert act_words("propose_special") == "提出：启动特别程序"
