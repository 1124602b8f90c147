"""Finding: one and two characters, parts of numbers, items; what is typed is never syntax."""

import pytest

from onewindow_desk.domain.numbering import format_receipt_no
from onewindow_desk.store.search import spaced

NAMES = ("钱样安", "沈样真", "样钱", "阿依·样古丽", "㛃䶮𬸣", "甲样 Company Ｌtd", "30 号样店")


@pytest.fixture
def filled(store, receive):
    for name in NAMES:
        receive(store, name=name)
    receive(store, name="另样", item='小餐饮 "备案" 登记')
    return store


def _names(store, text):
    return [row.applicant_name for row in store.find(text)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("钱", ["样钱", "钱样安"]),
        ("钱样", ["钱样安"]),
        ("样安", ["钱样安"]),
        ("钱样安", ["钱样安"]),
        ("安样", []),
        ("古丽", ["阿依·样古丽"]),
        ("·", []),
        ("𬸣", ["㛃䶮𬸣"]),
        ("㛃䶮", ["㛃䶮𬸣"]),
        ("company", ["甲样 Company Ｌtd"]),
        ("LTD", ["甲样 Company Ｌtd"]),
        ("甲样 ltd", ["甲样 Company Ｌtd"]),
        ("30", ["30 号样店"]),
        ("小餐饮", ["另样"]),
        ('"备案"', ["另样"]),
        ("", []),
        ("  ", []),
        ('"', ["另样"]),
        ("样 OR 钱", []),
        ("NEAR(样)", []),
        ("name:样", []),
        ("*", []),
        ("<img src=x>", []),
    ],
)
def test_finds(filled, typed, found):
    assert _names(filled, typed) == found


def test_finds_by_whole_and_part_of_the_number(filled):
    row = filled.cases()[-2]
    assert row.receipt_no[13:17] == "0002"
    for typed in (row.receipt_no, format_receipt_no(row.receipt_no), row.receipt_no[-5:], "０００２"):
        assert row in filled.find(typed)
    assert filled.find(row.receipt_no) == (row,)
    assert filled.find("9" * 18) == ()


def test_finds_by_item_newest_first_and_at_most_the_limit(filled):
    assert _names(filled, "公共场所")[:2] == ["30 号样店", "甲样 Company Ｌtd"]
    assert _names(filled, "卫生许可")[-1] == "钱样安"
    assert len(filled.find("公共场所", limit=3)) == 3


def test_a_corrected_name_is_found_and_the_old_one_is_not(store, receive, signer):
    from onewindow_desk.domain.operation import NewOperation

    case_id = receive(store, name="钱样安")
    change = {"key": "applicant.name", "old": "钱样安", "new": "钱样宁"}
    corrected = NewOperation(
        kind="correct_on_spot",
        case_id=case_id,
        envelope={"signed_by_applicant": True},
        payload={"changes": [change]},
    )
    with store.transaction(signer) as writing:
        writing.perform(corrected)
    assert _names(store, "样安") == []
    assert _names(store, "样宁") == ["钱样宁"]
    assert store.rebuild().equal
    assert _names(store, "样安") == []
    assert _names(store, "样宁") == ["钱样宁"]


def test_spaces_stand_between_all_characters():
    assert spaced("Ａb 钱") == "a b 钱"
