from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_desk.domain.case import Identity, IdentityType
from onewindow_desk.domain.identity import (
    body_check,
    check_identity,
    check_name,
    check_phone,
    check_resident_id,
    check_uscc,
    clean_text,
    mask,
    mask_identity,
    mask_phone,
    normalise_number,
    resident_check,
    uscc_check,
)
from onewindow_desk.faults import Refusal

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
DIGITS = "0123456789"

residents = st.builds(
    lambda division, born, order: (body := f"{division:06}{born:%Y%m%d}{order:03}") + resident_check(body),
    st.sampled_from([320115, 110105, 810000, 820000, 830000]),
    st.dates(date(1900, 1, 1), date(2026, 9, 21)),
    st.integers(0, 999),
)
codes = st.builds(
    lambda head, division, body: (whole := head + division + body) + uscc_check(whole),
    st.text(SIGNS, min_size=2, max_size=2),
    st.text(DIGITS, min_size=6, max_size=6),
    st.text(SIGNS, min_size=9, max_size=9),
)


def refused(check, number: str) -> bool:
    try:
        check(number)
    except Refusal:
        return True
    return False


@given(residents)
def test_good_resident_numbers_pass_whatever_the_division(number):
    check_resident_id(number, today=date(2026, 9, 21))


def test_vectors():
    check_resident_id("11010519491231002X")
    assert check_uscc("91110000600037341L") == ()
    assert body_check("01305320") == "8"
    check_resident_id("320115198103041237")


@given(residents, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_every_single_wrong_sign_of_a_resident_number_is_found(number, place, sign):
    if number[place] != sign:
        assert refused(check_resident_id, number[:place] + sign + number[place + 1 :])


@given(residents, st.integers(0, 16))
def test_every_swap_of_neighbours_in_a_resident_number_is_found(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        assert refused(check_resident_id, swapped)


@given(codes, st.integers(0, 17), st.sampled_from(SIGNS))
def test_every_single_wrong_sign_of_a_code_is_found(number, place, sign):
    if number[place] != sign:
        assert refused(check_uscc, number[:place] + sign + number[place + 1 :])


@given(codes, st.integers(0, 16))
def test_every_swap_of_neighbours_in_a_code_is_found(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        assert refused(check_uscc, swapped)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("320115198103041239", "证件号码第 18 位不符。请对照证件重新输入。"),
        ("", "请填写证件号码。"),
        ("32011519810304123", "证件号码应为 18 位，现有 17 位。请对照证件重新输入。"),
        ("320115810304123", "15 位的旧证件已停用。请出示 18 位的居民身份证。"),
        ("3201151981030412A9", "证件号码第 17 位应为数字。请对照证件重新输入。"),
        ("32011519810304123x", "证件号码第 18 位应为数字或 X。请对照证件重新输入。"),
        ("32011519811304123X", "证件号码第 7–14 位不是出生日期。请对照证件重新输入。"),
        ("٣20115198103041239", "证件号码第 1 位应为数字。请对照证件重新输入。"),
    ],
)
def test_a_refusal_names_the_place_and_what_to_do(number, words):
    with pytest.raises(Refusal) as caught:
        check_resident_id(number, field="applicant.number")
    assert (caught.value.text, caught.value.field) == (words, "applicant.number")


def test_nobody_is_born_tomorrow():
    body = "32011520260922123"
    number = body + resident_check(body)
    check_resident_id(number)
    with pytest.raises(Refusal, match="出生日期"):
        check_resident_id(number, today=date(2026, 9, 21))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("9111000060003734", "应为 18 位，现有 16 位"),
        ("91110000600037341I", "第 18 位不能是“I”"),
        ("9111000060003734\u200bL", "第 17 位不能是“U\\+200B”"),
        ("911100006000373411", "第 18 位不符"),
    ],
)
def test_a_code_is_refused_with_its_place(number, words):
    with pytest.raises(Refusal, match=words):
        check_uscc(number)


def test_a_rural_collective_with_letters_in_front_passes():
    body = "N2320115MF0000001"
    assert all("第 3" not in warning for warning in check_uscc(body + uscc_check(body)))


def test_an_odd_division_or_seventeenth_sign_only_warns():
    body = "91A10000600037342"
    warnings = check_uscc(body + uscc_check(body))
    assert len(warnings) == 2


@pytest.mark.parametrize(
    "kind", [k for k in IdentityType if k not in (IdentityType.RESIDENT, IdentityType.USCC)]
)
def test_other_documents_never_fail_on_their_format(kind):
    assert check_identity(Identity(type=kind, number="军字第0000001号")) == ()
    with pytest.raises(Refusal, match="请填写证件号码"):
        check_identity(Identity(type=kind, number=""))
    with pytest.raises(Refusal, match="看不见"):
        check_identity(Identity(type=kind, number="E\u202e12"))


def test_numbers_are_kept_half_width_upper_case_without_spaces():
    assert normalise_number(" ３２０１１５ 19810304\u3000123ｘ\t") == "32011519810304123X"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("320115198103041239", "320115********1239"),
        ("E12345678", "E1*****78"),
        ("1234", "1**4"),
        ("12", "**"),
        ("", ""),
    ],
)
def test_masks(number, shown):
    assert mask(number) == shown


@given(residents)
def test_a_mask_hides_the_birthday(number):
    assert number[6:14] not in mask(number)
    assert len(mask(number)) == 18


def test_an_organisations_code_is_public():
    assert mask_identity(Identity(type=IdentityType.USCC, number="91110000600037341L")).endswith("341L")
    assert "*" not in mask_identity(Identity(type=IdentityType.USCC, number="91110000600037341L"))
    assert "*" in mask_identity(Identity(type=IdentityType.PASSPORT, number="E12345678"))


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("000-0000-0031", "000-****-0031"), ("00000000031", "000****0031"), ("0000031", "*****31"), ("", "")],
)
def test_phones_are_masked(phone, shown):
    assert mask_phone(phone) == shown


@pytest.mark.parametrize("phone", ["000-0000-0031", "0000000", "+860000000031"])
def test_phones_pass(phone):
    assert check_phone(phone) == phone


@pytest.mark.parametrize("phone", ["", "123", "abcdefgh", "00000000000000000000001"])
def test_phones_are_refused(phone):
    with pytest.raises(Refusal):
        check_phone(phone)


# Extension A, A, E; then B, G, H, I: newer than this Python's tables.
@pytest.mark.parametrize("name", ["㛃样", "䶮样", "𬸣样", "𠀀", "\U00030000", "\U00031350", "\U0002ebf0"])
def test_rare_characters_are_names(name):
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "{{7*7}}", "&lt;b&gt;", "=HYPERLINK(1)", "样·样"]
)
def test_markup_is_only_text(name):
    assert check_name(name) == name


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        ("\u0000", "U+0000"), ("\u0007", "U+0007"), ("\n", "U+000A"), ("\u001b", "U+001B"),
        ("\u0085", "U+0085"),
        ("\u202e", "U+202E"), ("\u2066", "U+2066"), ("\u200f", "U+200F"), ("\u200b", "U+200B"),
        ("\u200d", "U+200D"), ("\ufeff", "U+FEFF"), ("\u2060", "U+2060"), ("\u00ad", "U+00AD"),
        ("\u2028", "U+2028"), ("\u3164", "U+3164"), ("\ufe0f", "U+FE0F"), ("\U000e0100", "U+E0100"),
        ("\U000e0041", "U+E0041"), ("\ud800", "U+D800"),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_is_refused_by_place(sign, code):
    with pytest.raises(Refusal) as caught:
        check_name(f"钱{sign}安", "姓名", field="applicant.name")
    assert caught.value.text == f"姓名第 2 个字符看不见（{code}）。请删去后重新输入。"
    assert caught.value.field == "applicant.name"


@pytest.mark.parametrize("sign", ["\ue000", "\U000f0000", "\uffff", "\u0378", "\U0002fffe"])
def test_private_and_unknown_signs_are_refused(sign):
    with pytest.raises(Refusal, match="自造字"):
        check_name(f"钱{sign}")


def test_text_is_composed_and_trimmed():
    assert check_name("\u3000 Zoe\u0308 ") == "Zo\u00eb"
    assert clean_text("第一行\n第二行", "理由", lines=True) == "第一行\n第二行"


def test_an_empty_or_endless_name_is_refused():
    with pytest.raises(Refusal, match="请填写姓名"):
        check_name(" \u3000")
    with pytest.raises(Refusal, match="最多 100 个字，现有 101 个"):
        check_name("样" * 101)


@given(st.text(max_size=40))
def test_whatever_passes_once_passes_again_unchanged(text):
    try:
        kept = clean_text(text, "备注")
    except Refusal:
        return
    assert clean_text(kept, "备注") == kept
