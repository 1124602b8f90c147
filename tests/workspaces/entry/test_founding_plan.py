from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_desk.domain.numbering import check_receipt_no
from onewindow_desk.workspaces.entry.founding_plan import first_number, plan_of, problems, series_of

TODAY = date(2026, 9, 21)
PEOPLE = ("system_admin", "security_admin", "clerk")
TYPED = {
    "street.name": "演示街道",
    "street.authority": "演示区人民政府演示街道办事处",
    "street.code": "115",
    "street.inquiry_phone": "000-0000-0010",
    "street.supervise_phone": "000-0000-0011",
    "series": "0012",
    **{f"{who}.login": f"login{place}" for place, who in enumerate(PEOPLE)},
    **{f"{who}.name": name for who, name in zip(PEOPLE, ("管样明", "安样清", "王样鸣"), strict=True)},
    **{f"{who}.{part}": f"sentence-of-{who}" for who in PEOPLE for part in ("password", "again")},
}


def fields(typed):
    return [blame.field for blame in problems(typed)]


def test_a_whole_plan_has_nothing_to_put_right():
    assert fields(TYPED) == []
    plan = plan_of(TYPED, sample=True)
    assert (plan.street.code, plan.series, plan.clerk.login) == ("115", 12, "login2")


@pytest.mark.parametrize("missing", sorted(set(TYPED) - {f"{who}.again" for who in PEOPLE}))
def test_what_is_missing_is_named_at_its_field(missing):
    assert missing in fields(TYPED | {missing: ""})


@pytest.mark.parametrize("who", PEOPLE)
def test_passwords_typed_unlike_are_named_at_the_second(who):
    assert fields(TYPED | {f"{who}.again": "sentence-of-nobody"}) == [f"{who}.again"]


def test_two_people_cannot_share_a_login():
    assert "clerk.login" in fields(TYPED | {"clerk.login": TYPED["system_admin.login"]})


@given(st.integers(1, 9999))
def test_every_series_reads_back_with_or_without_its_zeros(series):
    assert series_of(str(series)) == series_of(f" {series:04} ") == series


@given(st.text().filter(lambda text: not (text.strip().isascii() and text.strip().isdecimal())))
def test_what_is_no_number_is_no_series(text):
    assert series_of(text) == 0
    assert "series" in fields(TYPED | {"series": text})


@given(st.integers(0, 999), st.integers(1, 9999))
def test_the_example_is_a_number_this_desk_would_give(code, series):
    number = first_number({"street.code": f"{code:03}", "series": str(series)}, TODAY)
    assert check_receipt_no(number) == number
    assert number.startswith(f"{code:03}260921{series:04}0001")


@pytest.mark.parametrize(
    "typed", [{}, {"street.code": "115"}, {"series": "1"}, {"street.code": "1１5", "series": "1"}]
)
def test_there_is_no_example_before_both_are_typed(typed):
    assert first_number(typed, TODAY) == ""
