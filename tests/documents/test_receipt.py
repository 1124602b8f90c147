import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from hashlib import sha256
from itertools import combinations
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from onewindow_desk.documents.data import ReceiptMaterial
from onewindow_desk.documents.fonts import FontBook
from onewindow_desk.documents.receipt import COPIES, NOTES, PENDING, render_receipt
from onewindow_desk.documents.samples import (
    DRAFT,
    LONG,
    PROVISIONAL,
    RARE,
    RECEIPT,
    RECEIPTS,
    REPRINTED,
)
from onewindow_desk.domain.case import ApplicantKind, Source
from onewindow_desk.domain.numbering import format_receipt_no
from onewindow_desk.faults import Fault, Refusal

REFERENCE = Path(__file__).parents[1] / "reference" / "documents"
MARKUP = "<img src=x onerror=alert(1)> & <b>样</b> \\(例) %s {0} ]]>"


def test_every_field_of_the_receipt_is_on_the_paper(fonts, texts, dense):
    data = replace(RECEIPT, reprint=REPRINTED.reprint)
    pages = texts(render_receipt(data, fonts))
    text = dense("".join(pages[: len(pages) // 2]))
    wanted = (
        data.office.name,
        "材料接收凭证",
        data.receipt_no,
        data.query_code,
        data.applicant_name,
        data.applicant_id_masked,
        data.agent_name,
        data.item_name,
        data.item_code,
        "2026年9月21日09:42",
        "2026年9月29日星期二",
        "收件后5个工作日内",
        "应作出受理决定的最后日期",
        "本凭证不代表受理",
        f"接收人：{data.receiver}（2号窗口）",
        "提交人签名：",
        f"咨询电话：{data.office.inquiry_phone}",
        f"监督投诉电话：{data.office.supervise_phone}",
        "原因：申请人原件遗失",
        *NOTES,
        *(row.name for row in data.materials),
    )
    assert [field for field in wanted if dense(field) not in text] == []


def test_each_row_says_counts_pages_keeping_and_source(fonts, texts, dense):
    text = texts(render_receipt(RECEIPT, fonts))[0]
    assert "1 公共场所卫生许可申请表 1 — 2 是 提交" in text
    assert "3 法定代表人/负责人身份证件 1 1 2 否 提交" in text
    assert "5 公共场所卫生检测或评价报告 — — — — 容缺" in text
    assert "7 从业人员健康合格证明 — — — — 未交" in text
    assert dense("收到 5 种，原件 4 份，复印件 1 份，共 14 页，容缺 1 种，未交 1 种") in dense(text)


def test_there_are_two_copies_that_differ_only_in_their_mark(fonts, texts):
    first, second = texts(render_receipt(RECEIPT, fonts))
    assert first.replace(COPIES[0], "") != first
    assert re.sub(f"{COPIES[0]}$", "", first.strip()) == re.sub(f"{COPIES[1]}$", "", second.strip())


def test_both_codes_on_both_copies_say_the_number(fonts, mono):
    pdf = render_receipt(RECEIPT, fonts)
    for dpi in (203.2, 300):
        for page in (0, 1):
            codes = {str(c.format): c.text for c in zxingcpp.read_barcodes(mono(pdf, page, dpi))}
            assert codes == {
                "Code 128": RECEIPT.receipt_no,
                "QR Code": f"OWD1:R:{RECEIPT.receipt_no}:{RECEIPT.query_code}",
            }


def test_no_code_carries_an_identity_number(fonts, mono):
    codes = zxingcpp.read_barcodes(mono(render_receipt(RARE, fonts), 0, 300))
    assert not any("0012:" in code.text or "320115" in code.text for code in codes)


@pytest.mark.parametrize("name", ["样㛃䶮𬸣𫖯𠮟𠀁", MARKUP, "阿卜杜拉·样例", "O'Sample-Ñandú"])
def test_names_come_out_exactly_with_two_readers(fonts, texts, poppler_text, dense, name):
    pdf = render_receipt(replace(RARE, applicant_name=name, agent_name=name, receiver=name), fonts)
    assert dense(texts(pdf)[0]).count(dense(name)) == 3
    assert dense(poppler_text(pdf)).count(dense(name)) == 6


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x2EBE0, categories=["Lo"]), max_size=24))
def test_any_name_that_is_printed_is_printed_whole(fonts, texts, dense, name):
    try:
        fonts.check(name)
    except Refusal:
        return
    text = dense(texts(render_receipt(replace(RARE, applicant_name=f"样{name}"), fonts))[0])
    assert f"申请人样{name}证件号码" in text


@pytest.mark.parametrize("field", ["applicant_name", "agent_name", "item_name", "receiver"])
def test_a_character_without_a_glyph_is_refused_wherever_it_stands(fonts, field):
    with pytest.raises(Refusal, match=r"U\+31350"):
        render_receipt(replace(RECEIPT, **{field: "样\U00031350"}), fonts)


def test_a_whole_identity_number_is_never_printed(fonts):
    with pytest.raises(Fault):
        render_receipt(replace(RARE, applicant_id_masked="320115190001010012"), fonts)


def test_an_organisations_code_is_printed_whole(fonts, texts):
    assert RECEIPT.applicant_kind is ApplicantKind.ORGANISATION
    assert RECEIPT.applicant_id_masked in texts(render_receipt(RECEIPT, fonts))[0]


def test_provisional_dates_say_so(fonts, texts, dense):
    text = texts(render_receipt(PROVISIONAL, fonts))[0]
    assert "暂定" in text
    assert "以国务院办公厅节假日安排为准" in text
    assert "暂定" not in texts(render_receipt(RECEIPT, fonts))[0]


def test_silence_means_acceptance_from_the_day_of_receipt(fonts, texts):
    text = texts(render_receipt(RECEIPT, fonts))[0]
    assert "自收到材料之日（2026年9月21日）起即为受理" in text
    plain = texts(render_receipt(replace(RECEIPT, deemed_from=None), fonts))[0]
    assert "即为受理" not in plain


def test_sample_and_reprint_are_marked_only_where_they_are(fonts, texts):
    clean = texts(render_receipt(replace(RECEIPT, sample=False), fonts))[0]
    # The demo office and the demo street carry the word in their names.
    body = clean.replace("样例街道", "").replace("街道样例", "")
    assert "样例" not in body
    assert "补打" not in body
    assert texts(render_receipt(REPRINTED, fonts))[0].count("补打") >= 2


def test_the_watermark_does_not_stand_between_the_words_of_a_line(fonts, poppler_text, dense):
    text = dense(poppler_text(render_receipt(RECEIPT, fonts)))
    for row in RECEIPT.materials:
        assert text.count(dense(row.name)) == 2


def test_a_draft_has_no_codes_and_says_when_the_number_comes(fonts, texts, mono):
    pdf = render_receipt(DRAFT, fonts)
    (text,) = texts(pdf)
    assert PENDING in text
    assert zxingcpp.read_barcodes(mono(pdf, 0, 300)) == []


def test_a_long_list_repeats_head_number_and_page_count(fonts, texts, dense):
    pages = texts(render_receipt(LONG, fonts))
    half = len(pages) // 2
    assert half == 3
    for number, text in enumerate(pages[:half], 1):
        assert dense(f"第 {number} 页 共 {half} 页") in dense(text)
        assert "材料名称" in text
        assert format_receipt_no(LONG.receipt_no) in text
    assert "本凭证不代表受理" not in pages[0] + pages[1]
    assert "本凭证不代表受理" in pages[2]
    whole = dense("".join(pages[:half]))
    assert all(f"样例材料第{number}号" in whole for number in range(1, 25))


@pytest.mark.parametrize("rows", range(5, 26))
def test_the_signatures_never_stand_on_a_page_without_a_row(fonts, texts, rows):
    data = replace(LONG, materials=LONG.materials[:rows])
    pages = texts(render_receipt(data, fonts))
    last = pages[len(pages) // 2 - 1]
    assert "提交人签名" in last
    assert f"样例材料第 {min(rows, 24)} 号" in last


def test_without_materials_the_list_says_so(fonts, texts):
    text = texts(render_receipt(replace(RECEIPT, materials=()), fonts))[0]
    assert "没有收取材料" in text
    assert "收到 0 种" in text


names = st.text(st.sampled_from("样例街道办事处有限公司（）·ABCabc123 -"), min_size=1, max_size=120)
materials = st.lists(
    st.builds(
        ReceiptMaterial,
        name=st.text(st.sampled_from("样例材料证明文件（）、/A1"), min_size=1, max_size=90),
        source=st.sampled_from(Source),
        originals=st.integers(0, 99),
        copies=st.integers(0, 99),
        pages=st.integers(0, 999),
        keeps_original=st.booleans(),
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None)
@given(applicant=names, agent=names, item=names, receiver=names.map(lambda name: name[:60]), rows=materials)
def test_nothing_collides_and_nothing_leaves_the_paper(
    fonts, text_boxes, applicant, agent, item, receiver, rows
):
    data = replace(
        RECEIPT,
        applicant_name=applicant,
        agent_name=agent,
        item_name=item,
        receiver=receiver,
        materials=tuple(rows),
        sample=False,
    )
    pages = text_boxes(render_receipt(data, fonts))
    for boxes in pages[: len(pages) // 2 + 1]:
        for left, bottom, right, top in boxes:
            assert left >= 11 * 72 / 25.4
            assert right <= 137 * 72 / 25.4
            assert bottom >= 5 * 72 / 25.4
            assert top <= 205 * 72 / 25.4
        assert [pair for pair in combinations(boxes, 2) if _overlap(*pair)] == []


def _overlap(one, two):
    """Whether two boxes share more than the rounding of an edge (a third of a point)."""
    across = min(one[2], two[2]) - max(one[0], two[0])
    along = min(one[3], two[3]) - max(one[1], two[1])
    return across > 0.35 and along > 0.35


def test_the_same_data_gives_the_same_bytes_in_another_process(fonts):
    program = (
        "import sys, hashlib\n"
        "from onewindow_desk.documents.fonts import FontBook\n"
        "from onewindow_desk.documents.receipt import render_receipt\n"
        "from onewindow_desk.documents.samples import RARE, LONG\n"
        "book = FontBook.system()\n"
        "for data in (LONG, RARE): print(hashlib.sha256(render_receipt(data, book)).hexdigest())\n"
    )
    here = [sha256(render_receipt(data, fonts)).hexdigest() for data in (LONG, RARE)]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=True, text=True
    )
    assert done.stdout.split() == here


def test_papers_drawn_at_the_same_time_do_not_mix():
    book = FontBook.system()
    wanted = [RECEIPT, LONG, RARE, REPRINTED] * 3
    alone = [render_receipt(data, book) for data in wanted]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda data: render_receipt(data, book), wanted)) == alone


@pytest.mark.parametrize("name", RECEIPTS)
def test_all_fonts_are_in_the_file(fonts, tmp_path, name):
    path = tmp_path / "paper.pdf"
    path.write_bytes(render_receipt(RECEIPTS[name], fonts))
    rows = subprocess.run(["pdffonts", path], capture_output=True, check=True, text=True).stdout.splitlines()
    assert len(rows) > 2
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows[2:])
    assert b"Helvetica" not in path.read_bytes()


def test_the_file_tells_nothing_about_the_applicant_but_its_pages(fonts):
    pdf = render_receipt(RARE, fonts)
    for text in (RARE.applicant_name, RARE.applicant_id_masked, RARE.receipt_no):
        assert text.encode() not in pdf
        assert text.encode("utf-16-be") not in pdf


@pytest.mark.parametrize("name", RECEIPTS)
def test_the_sample_says_what_is_on_record(fonts, texts, dense, name):
    record = (REFERENCE / f"{name}.txt").read_text(encoding="utf-8").split("\n-----\n")
    made = texts(render_receipt(RECEIPTS[name], fonts))
    assert [dense(page) for page in made] == [dense(page) for page in record]


def test_dates_are_those_of_shanghai(fonts, texts):
    assert RECEIPT.received_at.hour == 1
    assert "2026年9月21日 09:42" in texts(render_receipt(RECEIPT, fonts))[0]
    late = replace(RECEIPT, answer_by=date(2027, 1, 4))
    assert "2027年1月4日 星期一" in texts(render_receipt(late, fonts))[0]
