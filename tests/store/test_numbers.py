"""Receipt numbers: given within the transaction, only with room on the disk, never back."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert

from onewindow_desk.domain.exchange import Leased
from onewindow_desk.domain.numbering import check_receipt_no, make_receipt_no
from onewindow_desk.faults import Refusal
from onewindow_desk.store import Store
from onewindow_desk.store.tables import series_given

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


@pytest.fixture
def full(desk, signer, today, street_feed, clock, set_last):
    """A desk with two spare series whose own is used up but for one number."""
    store = desk(1)
    store.exchange.said_hello(street_feed.hello(series=1, spare_series=(7, 8)), clock.now)
    _next(store, signer, today)
    set_last(store, 1, 9998)
    return store


@pytest.fixture
def set_last(today):
    def run(store, series, serial):
        number = make_receipt_no("115", today, series, serial)
        with store._writing() as connection:
            row = {"series": series, "last_no": number}
            connection.execute(insert(series_given).prefix_with("OR REPLACE"), row)

    return run


def test_a_spare_series_goes_on_when_the_days_numbers_are_used_up(full, signer, today, set_last):
    assert full.numbers_left(today) == 1 + 2 * 9999
    given = [_next(full, signer, today)[9:17] for _ in range(3)]
    assert given == ["00019999", "00070001", "00070002"]
    set_last(full, 7, 9999)
    assert _next(full, signer, today)[9:17] == "00080001"
    set_last(full, 8, 9999)
    with pytest.raises(Refusal, match="已用完"):
        _next(full, signer, today)
    assert full.numbers_left(today) == 0
    assert _next(full, signer, today + timedelta(days=1))[3:17] == "26092200010001"


def test_another_order_of_the_series_gives_no_number_twice(full, signer, today, street_feed, clock):
    given = [_next(full, signer, today) for _ in range(2)]
    for series, spare in ((8, (7, 1)), (7, (8,)), (1, (7, 8))):
        answer = street_feed.hello(series=series, spare_series=spare)
        full.exchange.said_hello(answer, clock.now)
        given.append(_next(full, signer, today))
    assert len(set(given)) == len(given)
    assert [number[9:17] for number in given[2:]] == ["00080001", "00070002", "00070003"]


def test_a_new_enrolment_gives_none_of_the_old_ones_series(full, signer, today, set_last):
    full.exchange.renewal()
    full.exchange.renewed(Leased(series=20, spare_series=(21,)))
    assert _next(full, signer, today)[9:17] == "00200001"
    set_last(full, 20, 9999)
    assert _next(full, signer, today)[9:17] == "00210001"
    set_last(full, 21, 9999)
    with pytest.raises(Refusal, match="已用完"):
        _next(full, signer, today)
