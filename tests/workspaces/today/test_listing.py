import uuid
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_desk.domain.next_step import BadgeKind, ClockBadge
from onewindow_desk.rules import shipped_calendar
from onewindow_desk.services.today import TodayRow
from onewindow_desk.workspaces.today import listing
from onewindow_desk.workspaces.today.listing import Days, Filter

MONDAY = date(2026, 9, 21)
DAYS = Days(MONDAY, MONDAY + timedelta(days=1))


def row(due=None, kind=BadgeKind.OK, paper_open=False, **given):
    badge = ClockBadge(kind=kind, text="剩 3 天", due=due)
    given = {"applicant": "钱样安", "item_name": "公共场所卫生许可", "note": "", "step": "受理"} | given
    return TodayRow(
        case_id=uuid.uuid4(), badge=badge, receipt_no="115260921001200319", stage="已收件",
        paper_open=paper_open, **given,
    )  # fmt: skip


rows = st.lists(
    st.builds(
        row,
        due=st.none() | st.dates(MONDAY - timedelta(days=5), MONDAY + timedelta(days=5)),
        paper_open=st.booleans(),
    ),
    max_size=12,
)


@given(rows)
def test_a_chip_counts_the_rows_its_filter_leaves(rows):
    for chip in listing.chips(rows, DAYS):
        assert chip.count == len(listing.narrowed(rows, chip.filter, DAYS))


@given(rows)
def test_all_leaves_all_and_no_row_is_due_today_and_tomorrow(rows):
    assert listing.narrowed(rows, Filter.ALL, DAYS) == tuple(rows)
    both = set(listing.narrowed(rows, Filter.DUE, DAYS)) & set(listing.narrowed(rows, Filter.NEXT, DAYS))
    assert both == set()


def test_what_is_overdue_is_not_lost_among_what_is_due_today():
    late = row(MONDAY - timedelta(days=2), BadgeKind.OVERDUE)
    assert listing.narrowed([late], Filter.DUE, DAYS) == (late,)
    assert listing.chips([late], DAYS)[Filter.DUE].text == "今天到期、逾期"
    assert listing.chips([row(MONDAY)], DAYS)[Filter.DUE].text == "今天到期"


@pytest.mark.parametrize(
    ("today", "text"),
    [
        (date(2026, 9, 21), "明天到期"),
        (date(2026, 9, 24), "9月28日 到期"),  # the Mid-Autumn days lie between
        (date(2026, 12, 31), "2027年1月4日 到期"),
    ],
)
def test_the_third_chip_names_the_next_working_day(today, text):
    days = listing.days_at(today, shipped_calendar())
    assert listing.chips((), days)[Filter.NEXT].text == text


def test_every_cell_is_spoken_and_shows_markup_as_letters():
    name = "<img src=x>"
    cells = {column.title: column.cell(row(applicant=name)) for column in listing.columns()}
    assert cells["申请人"].text == name
    assert cells["收件编号"].text == "115 260921 0012 0031 9"
    assert "剩 3 天" in cells["时限"].spoken()


def test_what_must_be_done_now_is_bold():
    step = listing.columns()[-1].cell
    assert step(row(paper_open=True)).bold
    assert step(row(kind=BadgeKind.TODAY)).bold
    assert not step(row()).bold


def test_a_case_keeps_its_place_in_the_selection():
    several = [row(), row(), row()]
    assert listing.place_of(several, several[2].case_id) == 2
    assert listing.place_of(several, uuid.uuid4()) == 0
