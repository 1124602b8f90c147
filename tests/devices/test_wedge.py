"""A scanner's keys are told from fingers, and nothing a code holds reaches a shortcut."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_desk.devices.wedge import MAX_GAP_MS, MAX_LENGTH, MIN_LENGTH, Burst, Meaning, Verdict, press

RECEIPT = "115260921001200319"
PRINTABLE = string.ascii_letters + string.digits + string.punctuation + " "
fast = st.integers(0, MAX_GAP_MS)
slow = st.integers(MAX_GAP_MS + 1, 2_000)


def play(keys, burst: Burst | None = None) -> list[Verdict]:
    """The verdicts on keys given as (pause before, character)."""
    burst, now, verdicts = burst or Burst(), 1_000, []
    for pause, character in keys:
        now += pause
        burst, verdict = press(burst, now, character)
        verdicts.append(verdict)
    return verdicts


def scan(text: str, pause: int = 4) -> list[tuple[int, str]]:
    return [(pause, character) for character in text + "\r"]


@pytest.mark.parametrize("pause", [0, 4, 15, 35])
def test_receipt_number_is_recognised_at_every_scanner_speed(pause):
    *before, last = play(scan(RECEIPT, pause))
    assert all(verdict.meaning is Meaning.ORDINARY for verdict in before)
    assert last == Verdict(Meaning.SCANNED, RECEIPT, 18)


@pytest.mark.parametrize("pause", [36, 60, 120])
def test_typing_is_left_alone(pause):
    assert {verdict.meaning for verdict in play(scan(RECEIPT, pause))} == {Meaning.ORDINARY}


def test_typing_just_before_a_scan_is_not_part_of_it():
    typed = [(120, "王"), (120, "a"), (120, "1")]
    assert play([*typed, (200, "1"), *scan(RECEIPT[1:])])[-1] == Verdict(Meaning.SCANNED, RECEIPT, 18)


def test_enter_that_comes_late_is_the_persons():
    keys = scan(RECEIPT)
    keys[-1] = (MAX_GAP_MS + 1, "\r")
    assert play(keys)[-1].meaning is Meaning.ORDINARY


def test_five_fast_keys_are_fingers_and_six_are_a_scanner():
    assert play(scan("a" * (MIN_LENGTH - 1)))[-1].meaning is Meaning.ORDINARY
    assert play(scan("a" * MIN_LENGTH))[-1].meaning is Meaning.SCANNED


def test_longest_code_and_one_more():
    assert play(scan("7" * MAX_LENGTH))[-1] == Verdict(Meaning.SCANNED, "7" * MAX_LENGTH, MAX_LENGTH)
    assert play(scan("7" * (MAX_LENGTH + 1)))[-1] == Verdict(Meaning.UNRECOGNISED, take_back=MAX_LENGTH + 1)


def test_group_separator_spoils_a_code_and_is_dropped():
    verdicts = play(scan("1234\x1d5678"))
    assert verdicts[4].meaning is Meaning.SWALLOW
    assert verdicts[-1] == Verdict(Meaning.UNRECOGNISED, take_back=8)


def test_control_key_before_a_code_is_held_until_it_shows_what_it_was():
    verdicts = play(scan("\x10" + RECEIPT))
    assert verdicts[0].meaning is Meaning.HOLD
    assert verdicts[-1].meaning is Meaning.UNRECOGNISED


def test_control_key_and_enter_alone_do_nothing_when_a_scanner_sends_them():
    assert [verdict.meaning for verdict in play(scan("\x10"))] == [Meaning.HOLD, Meaning.UNRECOGNISED]


def test_shortcut_of_a_person_is_only_held():
    assert [v.meaning for v in play([(500, ""), (400, "\x10"), (300, "\x1b")])] == [Meaning.HOLD] * 3


def test_character_of_an_input_method_spoils_a_code_and_is_taken_back():
    assert play(scan("12345收件678"))[-1] == Verdict(Meaning.UNRECOGNISED, take_back=10)


def test_clock_that_steps_back_starts_anew():
    burst = Burst()
    for at in range(0, 50, 10):
        burst, _ = press(burst, at, "1")
    burst, _ = press(burst, 3, "1")
    assert burst.keys == 1


@given(st.text(PRINTABLE, min_size=MIN_LENGTH, max_size=MAX_LENGTH), fast)
def test_every_printable_code_comes_back_whole(code, pause):
    assert play(scan(code, pause))[-1] == Verdict(Meaning.SCANNED, code, len(code))


@given(st.lists(st.tuples(slow, st.text(min_size=0, max_size=1))))
def test_no_slow_key_is_ever_lost(keys):
    meanings = {verdict.meaning for verdict in play(keys)}
    assert meanings <= {Meaning.ORDINARY, Meaning.HOLD}


@given(st.lists(st.tuples(st.integers(-50, 200), st.text(max_size=2))))
def test_recognised_text_is_always_clean(keys):
    for verdict in play(keys):
        if verdict.meaning is Meaning.SCANNED:
            assert MIN_LENGTH <= len(verdict.text) <= MAX_LENGTH
            assert set(verdict.text) <= set(PRINTABLE)
            assert verdict.take_back == len(verdict.text)


def test_hundred_thousand_scanner_keys_reach_no_shortcut():
    chance = random.Random(18)
    alphabet = [*PRINTABLE, *map(chr, range(32)), "\x7f", "", "é", "收"]
    burst, now, keys = Burst(), 0, 0
    while keys < 100_000:
        now += 1_000
        code = chance.choices(alphabet, k=chance.randint(1, 80))
        for place, character in enumerate([*code, "\r"]):
            now += chance.randint(1, MAX_GAP_MS)
            burst, verdict = press(burst, now, character)
            keys += 1
            if character not in {"\r", "\n"} and not (character and character.isprintable()):
                # Held keys are dropped by the next one, which always comes in time here.
                assert verdict.meaning in {Meaning.HOLD, Meaning.SWALLOW}, (code, place)
        assert burst == Burst()
