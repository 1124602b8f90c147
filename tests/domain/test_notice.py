from datetime import date

import pytest

from onewindow_desk.domain.calendar import import_year
from onewindow_desk.domain.notice import parse_notice
from onewindow_desk.faults import Refusal

NOTICE_2026 = """
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。
"""


def test_the_notice_of_2026_gives_the_table_of_2026(calendar):
    year = parse_notice(NOTICE_2026, 2026, "样例")
    after, changes = import_year(calendar, year)
    assert changes == ()
    assert {day: calendar.name(day) for day in after.rest if day.year == 2026} == {
        day: name for day, name in after.rest.items() if day.year == 2026
    }


def test_rows_of_date_kind_and_name():
    year = parse_notice(
        "2027-01-01,放假,元旦\n2027-01-02,放假,元旦\n2027-02-13,上班\n2027-10-01，放假，国庆节\n",
        2027,
        "样例",
    )
    assert [(span.name, span.first.day, span.last.day) for span in year.rest] == [
        ("元旦", 1, 2),
        ("国庆", 1, 1),
    ]
    assert year.worked == (date(2027, 2, 13),)


def test_a_span_over_the_year_and_two_festivals_at_once():
    text = (
        "一、元旦：2026年12月31日（周四）至2027年1月2日（周六）放假，共3天。\n"
        "二、国庆节、中秋节：10月1日至8日放假调休，共8天。\n"
    )
    year = parse_notice(text, 2027, "样例")
    assert year.rest[0].first == date(2026, 12, 31)
    assert year.rest[1].name == "国庆、中秋"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "没有读到"),
        ("今年放假安排另行通知。", "没有读到"),
        ("一、元旦：1月1日（周四）放假。", "第 1 行的 1月1日 不是周四"),
        ("一、元旦：1月1日（周五）至3日放假，共4天。", "共 4 天，日期却有 3 天"),
        ("一、元旦：13月1日放假。", "第 1 行的日期读不懂"),
        ("2027-01-01,放假,元旦\n二月三日,放假", "第 2 行的日期读不懂"),
        ("2027-02-30,放假,元旦", "第 1 行的日期读不懂"),
    ],
)
def test_what_cannot_be_read_names_the_line(text, words):
    with pytest.raises(Refusal, match=words):
        parse_notice(text, 2027, "样例")
