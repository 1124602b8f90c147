"""Receipt numbers (收件编号): 18 digits, unique without a server, never reused.

street 3, yymmdd 6, series 4, serial 4, check 1. The series belongs to one enrolment of one desk;
the date part never goes back, so a number once given is never given again. The check digit is
ISO 7064 MOD 11,10: it finds every single wrong digit and 44 of 45 swaps of neighbours.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from onewindow_desk.faults import Refusal

LENGTH = 18
MAX_SERIAL = 9999
_GROUPS = (3, 6, 4, 4, 1)


class Issued(Struct, frozen=True, kw_only=True):
    """What makes the last number of a series: its date part, series and serial."""

    day: date
    series: int
    serial: int


def check_digit(digits: str) -> int:
    """The check digit over a string of decimal digits (ISO 7064 MOD 11,10)."""
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10


def make_receipt_no(street: str, day: date, series: int, serial: int) -> str:
    """The 18 digits; `street` is three digits, `series` 0-9999, `serial` 1-9999."""
    if not (len(street) == 3 and _is_digits(street)):
        raise ValueError("street code must be three digits")
    if not (0 <= series <= 9999 and 1 <= serial <= MAX_SERIAL):
        raise ValueError("series or serial out of range")
    body = f"{street}{day:%y%m%d}{series:04}{serial:04}"
    return f"{body}{check_digit(body)}"


def next_receipt(last: Issued | None, today: date, series: int) -> Issued:
    """The number after `last`; the date part never goes back even when the clock does."""
    if last is None or last.series != series:
        return Issued(day=today, series=series, serial=1)
    if today > last.day:
        return Issued(day=today, series=series, serial=1)
    if last.serial >= MAX_SERIAL:
        raise Refusal("今天的收件编号已用完。请换一台窗口电脑收件，或请管理员增发号段。")
    return Issued(day=last.day, series=series, serial=last.serial + 1)


def numbers_left(last: Issued | None, today: date) -> int:
    """How many numbers of a series are left for the day, `last` being its last."""
    return MAX_SERIAL if last is None or today > last.day else MAX_SERIAL - last.serial


def next_of_series(given: Mapping[int, Issued], today: date, order: Sequence[int]) -> Issued:
    """The next number, from the first series in `order` with one left; Refusal when none has.

    `given`: the last number of every series that was ever used, so that no order makes one come twice.
    """
    free = next((one for one in order if numbers_left(given.get(one), today)), order[-1])
    return next_receipt(given.get(free), today, free)


def check_receipt_no(text: str) -> str:
    """The bare 18 digits of a number as typed or scanned; Refusal when it cannot be one."""
    number = "".join(text.split())
    if not _is_digits(number):
        raise Refusal("收件编号只有数字。请核对凭证后重新输入。", field="receipt_no")
    if len(number) != LENGTH:
        raise Refusal(
            f"收件编号应为 {LENGTH} 位，现有 {len(number)} 位。请核对凭证后重新输入。", field="receipt_no"
        )
    if check_digit(number[:-1]) != int(number[-1]):
        raise Refusal("收件编号的校验位不符。请核对凭证后重新输入。", field="receipt_no")
    return number


def format_receipt_no(number: str) -> str:
    """The number in groups, 3 6 4 4 1, as people read it out."""
    groups = []
    place = 0
    for size in _GROUPS:
        groups.append(number[place : place + size])
        place += size
    return " ".join(groups)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()
