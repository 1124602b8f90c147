"""Receipt numbers: given within the transaction, only with room on the disk, never back."""

from datetime import timedelta
from uuid import UUID

import pytest

from onewindow_desk.domain.numbering import check_receipt_no
from onewindow_desk.faults import Refusal
from onewindow_desk.store import Store

RESERVE = 200 * 1024 * 1024


def _next(store, signer, day):
    with store.transaction(signer) as writing:
        return writing.next_receipt_no(day)


def test_numbers_count_within_a_day_and_start_anew_the_next(store, signer, today):
    numbers = [_next(store, signer, day) for day in (today, today, today + timedelta(days=1))]
    assert [check_receipt_no(number)[:17] for number in numbers] == [
        "11526092100120001",
        "11526092100120002",
        "11526092200120001",
    ]


def test_two_numbers_in_one_transaction_differ(store, signer, today):
    with store.transaction(signer) as writing:
        assert writing.next_receipt_no(today) != writing.next_receipt_no(today)


def test_the_date_part_never_goes_back(store, signer, today):
    _next(store, signer, today)
    assert _next(store, signer, today - timedelta(days=1))[3:9] == "260921"


def test_a_number_of_a_rolled_back_transaction_is_given_again(store, signer, today):
    lost = []

    def broken_off():
        with store.transaction(signer) as writing:
            lost.append(writing.next_receipt_no(today))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert lost == [_next(store, signer, today)]


def test_no_number_is_given_when_the_disk_is_nearly_full(folder, vault, signer, today):
    left = RESERVE
    with Store.found(folder, vault, UUID(int=7), "115", 12, free=lambda _: left) as store:
        left = RESERVE - 1
        with pytest.raises(Refusal, match=r"磁盘空间不够：还剩 199 MB.*请清理磁盘"):
            _next(store, signer, today)
        left = RESERVE
        assert _next(store, signer, today)[13:17] == "0001"
