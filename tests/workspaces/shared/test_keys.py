import re
from itertools import combinations

import pytest
from PySide6.QtGui import QKeySequence

from onewindow_desk.workspaces.shared.keyboard import sequences
from onewindow_desk.workspaces.shared.keys import LEFT_FREE, Group, Key, doubles, heading, keys_of

PAGES = (
    (Group.TODAY,),
    (Group.INTAKE, Group.STRIP),
    (Group.REVIEW,),
    (Group.ATTENTION,),
    (Group.LINE,),
    (Group.JOIN,),
)


def portable(sequence: str) -> str:
    return QKeySequence(sequence, QKeySequence.SequenceFormat.PortableText).toString(
        QKeySequence.SequenceFormat.PortableText
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page[0])
def test_no_key_has_two_meanings_on_one_page(page: tuple[Group, ...]) -> None:
    assert doubles((Group.EVERYWHERE, Group.FORM, *page)) == ()


def test_a_double_would_be_found() -> None:
    found = doubles((Group.TODAY, Group.INTAKE))
    assert (Key.TODAY_DETAILS, Key.INTAKE_PREVIEW) in found


def test_every_group_is_on_a_page() -> None:
    assert {Group.EVERYWHERE, Group.FORM, *[group for page in PAGES for group in page]} == set(Group)


@pytest.mark.parametrize("key", Key, ids=lambda key: key.name)
def test_qt_understands_every_sequence(key: Key) -> None:
    for sequence in key.sequences:
        assert portable(sequence), sequence


@pytest.mark.parametrize("key", Key, ids=lambda key: key.name)
def test_menu_and_input_method_keys_are_left_free(key: Key) -> None:
    for sequence, free in ((sequence, free) for sequence in key.sequences for free in LEFT_FREE):
        assert sequence != free
        assert not (free.endswith("+") and sequence.startswith(free))


def test_a_letter_alone_is_never_a_shortcut() -> None:
    assert not [name for name in sequences() if re.fullmatch(r"[A-Za-z0-9]", name)]


def test_every_sequence_gets_one_shortcut() -> None:
    names = [portable(name) for name in sequences()]
    assert not [pair for pair in combinations(names, 2) if pair[0] == pair[1]]


@pytest.mark.parametrize("key", Key, ids=lambda key: key.name)
def test_caps_and_words_are_there_without_mnemonics(key: Key) -> None:
    assert key.cap
    assert key.text
    assert "&" not in key.cap + key.text


def test_each_group_has_a_heading_and_keys() -> None:
    for group, keys in keys_of(Group).items():
        assert heading(group)
        assert keys
