from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onewindow_desk.domain.numbering import (
    Issued,
    check_digit,
    check_receipt_no,
    format_receipt_no,
    make_receipt_no,
    next_receipt,
)
from onewindow_desk.faults import Refusal

bodies = st.text("0123456789", min_size=17, max_size=17)
numbers = bodies.map(lambda body: body + str(check_digit(body)))


def oracle_valid(number: str) -> bool:
    """ISO 7064 8.2 the other way round: a whole number is right when its last step leaves 1."""
    product = 10
    for digit in number[:-1]:
        total = (product + int(digit)) % 10
        product = (10 if total == 0 else total) * 2 % 11
    return (product + int(number[-1])) % 10 == 1


def test_the_known_number():
    number = make_receipt_no("115", date(2026, 9, 21), 12, 31)
    assert number[:17] == "11526092100120031"
    assert oracle_valid(number)
    assert format_receipt_no(number) == f"115 260921 0012 0031 {number[-1]}"


# ISO 7064:2003 gives 0794 with check 5.
def test_the_example_of_the_standard():
    assert check_digit("0794") == 5


@given(numbers)
def test_spaces_and_groups_are_read_back(number):
    assert oracle_valid(number)
    assert check_receipt_no(format_receipt_no(number)) == number
    assert check_receipt_no(f"  {number}\n") == number


@given(numbers, st.integers(0, 17), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(number, place, shift):
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(Refusal):
        check_receipt_no(wrong)


def test_one_swap_in_forty_five_is_missed_and_no_more():
    # The running product before a digit is one of 1..10; ten prefixes reach them all.
    missed = swaps = 0
    for prefix in range(10):
        for left in range(10):
            for right in range(left):
                swaps += 1
                missed += check_digit(f"{prefix}{left}{right}") == check_digit(f"{prefix}{right}{left}")
    assert (missed, swaps) == (10, 450)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "只有数字"),
        ("11526092100120031", "应为 18 位，现有 17 位"),
        ("11526092100120031９", "只有数字"),
        ("<img src=x>", "只有数字"),
        ("115260921001200310", "校验位"),
    ],
)
def test_what_is_no_number_is_refused_in_words(text, words):
    with pytest.raises(Refusal, match=words) as caught:
        check_receipt_no(text)
    assert caught.value.field == "receipt_no"


@pytest.mark.parametrize(
    ("street", "series", "serial"),
    [("11", 1, 1), ("1a5", 1, 1), ("115", 10000, 1), ("115", 1, 0), ("115", 1, 10000)],
)
def test_parts_out_of_range_are_our_mistake(street, series, serial):
    with pytest.raises(ValueError, match=r"street code|out of range"):
        make_receipt_no(street, date(2026, 9, 21), series, serial)


def test_the_serial_is_used_up_before_it_repeats():
    last = Issued(day=date(2026, 9, 21), series=12, serial=9999)
    with pytest.raises(Refusal, match="已用完"):
        next_receipt(last, date(2026, 9, 21), 12)
    assert next_receipt(last, date(2026, 9, 22), 12).serial == 1


@settings(deadline=None)
@given(st.lists(st.integers(-400, 400), max_size=60))
def test_no_number_comes_twice_whatever_the_clock_does(jumps):
    today = date(2026, 9, 21)
    last = None
    given_out = []
    for jump in jumps:
        today += timedelta(days=jump)
        last = next_receipt(last, today, 12)
        given_out.append((last.day, last.serial))
    assert given_out == sorted(set(given_out))
