from hypothesis import given
from hypothesis import strategies as st

from onewindow_desk.documents.typeset import NO_END, NO_START, pieces, wrap


def measure(text: str) -> float:
    return sum(1.0 if ord(char) > 0x2E80 else 0.5 for char in text)


plain = st.text(st.sampled_from("材料接收凭证，。（）《》「」、；ABC12 -./320115****"), max_size=80)


@given(plain, st.integers(2, 30))
def test_nothing_is_lost_but_spaces(text, width):
    joined = "".join(wrap(text, width, measure))
    assert "".join(joined.split()) == "".join(text.split())


@given(plain, st.integers(2, 30))
def test_no_line_is_wider_than_its_column(text, width):
    assert all(measure(line) <= width for line in wrap(text, width, measure))


@given(st.text(st.sampled_from("材料接收凭证，。（）"), min_size=1, max_size=80), st.integers(12, 30))
def test_lines_begin_and_end_with_the_right_punctuation(text, width):
    runs = [len(piece) for piece in pieces(text)]
    lines = wrap(text, width, measure)
    if max(runs) <= width:
        assert not any(line[0] in NO_START for line in lines[1:] if line)
        assert not any(line[-1] in NO_END for line in lines[:-1] if line)


def test_numbers_and_words_stay_whole():
    lines = wrap("证件号码320115********0012请核对", 10, measure)
    assert any("320115********0012" in line for line in lines)


def test_a_word_longer_than_the_line_is_cut():
    assert wrap("A" * 25, 5, measure) == ("A" * 10, "A" * 10, "A" * 5)


def test_a_new_line_is_kept():
    assert wrap("统一社会\n信用代码", 20, measure) == ("统一社会", "信用代码")


def test_an_empty_text_is_one_empty_line():
    assert wrap("", 10, measure) == ("",)
