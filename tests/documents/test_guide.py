from itertools import combinations
from pathlib import Path

import pytest
from msgspec.structs import replace

from onewindow_desk.documents.guide import ALL_MATERIALS, NO_CONDITIONS, NO_MATERIALS, render_guide
from onewindow_desk.documents.samples import EMPLOYMENT, GUIDES, HYGIENE
from onewindow_desk.faults import Refusal

REFERENCE = Path(__file__).parents[1] / "reference" / "documents"


def test_everything_an_applicant_must_know_is_there(fonts, texts, dense):
    text = dense("".join(texts(render_guide(HYGIENE, fonts))))
    office = HYGIENE.office
    wanted = (
        office.name,
        HYGIENE.item_name,
        HYGIENE.item_code,
        HYGIENE.department,
        *HYGIENE.conditions,
        *HYGIENE.basis,
        *(row.name for row in HYGIENE.materials),
        "承诺时限3个工作日",
        "法定时限20个工作日",
        HYGIENE.fee,
        HYGIENE.result,
        office.place,
        office.hours,
        office.inquiry_phone,
        office.supervise_phone,
        f"出具人：{HYGIENE.issued_by}",
        "出具时间：2026年9月21日09:30",
        ALL_MATERIALS,
    )
    assert [field for field in wanted if dense(field) not in text] == []


def test_a_material_says_whether_and_how_it_is_needed(fonts, texts, dense):
    text = dense(texts(render_guide(HYGIENE, fonts))[0])
    assert (
        dense("7 从业人员健康合格证明 必交 1 — 原件核验+扫描 可查健康证电子证照，查到免交；可容缺后补")
        in text
    )
    assert dense("8 授权委托书及代理人有效身份证件 视情形 1 — 原件 委托他人办理时必交") in text


def test_a_section_begins_on_the_page_of_its_text(fonts, texts):
    pages = texts(render_guide(HYGIENE, fonts))
    assert len(pages) == 2
    page = next(text for text in pages if "五、法律依据" in text)
    assert all(article in page for article in HYGIENE.basis)


def test_pages_are_counted_and_the_running_head_names_the_item(fonts, texts):
    first, second = texts(render_guide(HYGIENE, fonts))
    assert "第 1 页 共 2 页" in first
    assert "第 2 页 共 2 页" in second
    assert HYGIENE.item_name in second


def test_a_short_sheet_is_one_page(fonts, texts):
    assert len(texts(render_guide(EMPLOYMENT, fonts))) == 1


def test_missing_parts_are_said_in_words(fonts, texts):
    text = texts(render_guide(replace(EMPLOYMENT, conditions=(), materials=()), fonts))[0]
    assert NO_CONDITIONS in text
    assert NO_MATERIALS in text


def test_markup_is_ink(fonts, texts):
    text = texts(render_guide(replace(EMPLOYMENT, item_name="<img src=x> & <b>样例</b>"), fonts))[0]
    assert "<img src=x> & <b>样例</b>" in text


def test_a_character_without_a_glyph_is_refused(fonts):
    with pytest.raises(Refusal, match=r"U\+31350"):
        render_guide(replace(EMPLOYMENT, fee="\U00031350"), fonts)


@pytest.mark.parametrize("data", GUIDES.values(), ids=GUIDES.keys())
def test_nothing_collides_and_nothing_leaves_the_paper(fonts, text_boxes, data):
    long = replace(data, sample=False, item_name=data.item_name * 6, result=data.result * 12)
    for boxes in text_boxes(render_guide(long, fonts)):
        assert all(left >= 59 and right <= 536 for left, _, right, _ in boxes)
        collisions = [
            (one, two)
            for one, two in combinations(boxes, 2)
            if min(one[2], two[2]) - max(one[0], two[0]) > 0.35
            and min(one[3], two[3]) - max(one[1], two[1]) > 0.35
        ]
        assert collisions == []


@pytest.mark.parametrize("name", GUIDES)
def test_the_sample_says_what_is_on_record(fonts, texts, dense, name):
    record = (REFERENCE / f"{name}.txt").read_text(encoding="utf-8").split("\n-----\n")
    made = texts(render_guide(GUIDES[name], fonts))
    assert [dense(page) for page in made] == [dense(page) for page in record]


def test_the_same_data_gives_the_same_bytes(fonts):
    assert render_guide(HYGIENE, fonts) == render_guide(HYGIENE, fonts)
