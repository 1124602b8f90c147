import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_desk.documents.fontlist import BOLD, REGULAR
from onewindow_desk.documents.fonts import BOLD_OUTLINE, FontBook, printable
from onewindow_desk.faults import Refusal

EXT_H = "\U00031350"  # no font in the chain has extension H


def test_each_character_finds_the_first_face_that_has_it(fonts):
    names = [fonts.face_for(char)[0].source.path.name for char in "王㛃𬸣𠀁"]
    assert names == ["wqy-microhei.ttc", "HanaMinA.ttf", "HanaMinA.ttf", "HanaMinB.ttf"]


def test_a_text_is_cut_where_the_face_changes_and_nothing_is_lost(fonts):
    runs = fonts.runs("王㛃䶮小A")
    assert [run.text for run in runs] == ["王", "㛃䶮", "小A"]


def test_without_a_bold_face_bold_is_the_regular_face_with_an_outline(fonts):
    assert fonts.face_for("王") == (fonts.base, 0)
    assert fonts.face_for("王", bold=True) == (fonts.base, BOLD_OUTLINE)


def test_thin_faces_of_rare_characters_are_strengthened(fonts):
    assert fonts.face_for("王")[1] < fonts.face_for("㛃")[1] < fonts.face_for("㛃", bold=True)[1]


def test_a_bold_face_is_used_as_it_is(fonts):
    place = fonts._regular[1]
    book = FontBook(fonts._regular, (place,))
    font, outline = book.face_for("王", bold=True)
    assert font.source.path == place[0]
    assert outline == 0


def test_a_character_without_a_face_is_refused_by_name_and_field(fonts):
    with pytest.raises(Refusal) as caught:
        fonts.check(f"样{EXT_H}", field="applicant_name")
    assert EXT_H in caught.value.text
    assert "U+31350" in caught.value.text
    assert caught.value.field == "applicant_name"


@pytest.mark.parametrize(
    "char", ["\n", "\x00", "\x7f", "\u200b", "\u202e", "\u2066", "\ue000", "\u05d0", "\u0627"]
)
def test_what_could_deceive_a_reader_is_never_printed(fonts, char):
    with pytest.raises(Refusal, match=f"U\\+{ord(char):04X}"):
        fonts.check(f"样{char}例")


def test_a_refusal_does_not_repeat_an_unseen_character(fonts):
    with pytest.raises(Refusal) as caught:
        fonts.check("样\u202e例")
    assert "\u202e" not in caught.value.text


@given(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF))
def test_every_character_of_the_first_han_block_has_a_face(char):
    FontBook.system().check(char)


@given(st.characters(min_codepoint=0x20000, max_codepoint=0x2EBE0, categories=["Lo"]))
def test_every_character_of_extensions_b_to_f_has_a_face(char):
    FontBook.system().check(char)


@given(st.characters())
def test_a_face_is_found_or_the_character_refused_never_dropped(char):
    book = FontBook.system()
    if _has_face(book, char):
        (run,) = book.runs(char)
        assert run.text == char
        assert run.font.source.covers(ord(char))
        assert printable(char)
    else:
        with pytest.raises(Refusal, match=f"U\\+{ord(char):04X}"):
            book.runs(f"样{char}")


def _has_face(book, char):
    try:
        book.check(char)
    except Refusal:
        return False
    return True


def test_rare_faces_stay_closed_until_a_character_needs_them():
    book = FontBook.system()
    book.runs("材料接收凭证 115 260921，（A）", bold=True)
    assert [path.name for path, _ in book._opened] == ["wqy-microhei.ttc"]


def test_no_font_at_all_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(Refusal, match="请安装"):
        FontBook.system((tmp_path,))


def test_windows_fonts_come_before_those_that_may_be_missing():
    names = [file.name for file in REGULAR]
    assert names.index("msyh.ttc") < names.index("simsun.ttc") < names.index("simsunb.ttf")
    assert BOLD[0].name == "msyhbd.ttc"


def test_width_is_the_sum_of_the_advances(fonts):
    assert fonts.width("材料", 10) == pytest.approx(20)
    assert fonts.width("材料㛃", 10) == pytest.approx(30)
