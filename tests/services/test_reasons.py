"""Every reason the central can give has words, and no word blames."""

import re
from pathlib import Path

import pytest

from onewindow_desk.domain.lifecycle import GUARD_TEXTS
from onewindow_desk.services.reasons import REASONS, reason_of

SQL = Path(__file__).resolve().parents[2] / "src/onewindow_desk/central/sql"
JUDGING = ("40_verdicts.sql", "50_push.sql", "55_take.sql", "57_again.sql")
GIVEN = re.compile(
    r"so\('(?:rejected|parked|quarantined)', '([a-z_]+):?'|reason := '([a-z_]+)|RETURN '([a-z_]+):?'"
    r"|THEN '(extended_once|tolerated|not_present)'"
)


def codes() -> set[str]:
    """What the central's functions say of an operation they do not apply."""
    text = "\n".join((SQL / name).read_text("utf-8") for name in JUDGING)
    return {code for found in GIVEN.findall(text) for code in found if code} - {"guard", "given"}


def test_every_code_of_the_central_is_in_the_table():
    assert len(codes()) > 20
    assert codes() - REASONS.keys() == set()


@pytest.mark.parametrize("guard", GUARD_TEXTS)
def test_a_missing_fact_is_asked_for_in_its_own_words(guard):
    assert reason_of(f"guard:{guard}").text == GUARD_TEXTS[guard]


@pytest.mark.parametrize("code", [*REASONS, "never_heard_of", "guard:never_heard_of", "fact:told_days", ""])
def test_a_reason_says_what_is_the_matter_and_what_to_do_without_codes(code):
    reason = reason_of(code)
    assert reason.text.endswith("。")
    assert reason.advice.endswith("。")
    assert not re.search(r"[a-z_]{3,}|错误|非法|失败", reason.text + reason.advice)


def test_what_waits_asks_nothing_of_anybody():
    waiting = {code for code, reason in REASONS.items() if reason.waits}
    assert {"case_unknown", "version_ahead", "behind_quarantined", "kind_unknown"} <= waiting
    assert not any(REASONS[code].supervisor for code in waiting)
