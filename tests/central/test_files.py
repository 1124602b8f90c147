"""Files come in chunks, are what their address says, and are told of to their own street alone."""

import hashlib
import os

import psycopg
import pytest
from office import Enrolled, Office

CHUNK = 65536
DATA = os.urandom(2 * CHUNK + 1234)
NOTHING = [(0, 0, None)]


def address(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def parts(data: bytes, chunk: int = CHUNK) -> list[bytes]:
    return [data[start : start + chunk] for start in range(0, len(data), chunk)]


@pytest.fixture
def desk(office: Office, street: str) -> Enrolled:
    return office.desk(street, "窗口")


def missing(desk: Enrolled, data: bytes, chunk: int = CHUNK, size: int | None = None) -> list[int]:
    found: list[int] = desk(
        "SELECT owd.blob_missing(%s, %s, %s, %s)", desk.replica, address(data), size or len(data), chunk
    )
    return found


def put(
    desk: Enrolled, data: bytes, number: int, part: bytes | None = None, digest: bytes | None = None
) -> str:
    part = parts(data)[number] if part is None else part
    answer: str = desk(
        "SELECT owd.blob_put(%s, %s, %s, %s, %s)",
        desk.replica, address(data), number, part, digest or address(part),
    )  # fmt: skip
    return answer


def send(desk: Enrolled, data: bytes) -> list[str]:
    return [put(desk, data, number) for number in missing(desk, data)]


def get(desk: Enrolled, data: bytes, number: int | None) -> list[tuple[object, ...]]:
    return desk.rows("SELECT * FROM owd.blob_get(%s, %s, %s)", desk.replica, address(data), number)


def refused(call: object, *said: object) -> str | None:
    with pytest.raises(psycopg.Error) as trouble:
        call(*said)  # type: ignore[operator]
    return trouble.value.sqlstate


def test_a_file_goes_up_and_comes_down(office: Office, desk: Enrolled) -> None:
    assert missing(desk, DATA) == [0, 1, 2]
    assert send(desk, DATA) == ["more", "more", "complete"]
    assert missing(desk, DATA) == []
    down = [get(desk, DATA, number)[0] for number in range(3)]
    assert [row[:2] for row in down] == [(len(DATA), CHUNK)] * 3
    assert b"".join(bytes(row[2]) for row in down) == DATA  # type: ignore[call-overload]


def test_the_street_is_told_once(office: Office, desk: Enrolled, street: str) -> None:
    send(desk, DATA)
    assert put(desk, DATA, 0) == "complete"
    rows = office.owner.rows(
        "SELECT subject, verdict, reason FROM owd_data.feed WHERE street = %s AND what = 'file'", street
    )
    assert rows == [(address(DATA), "", "")]


def test_after_a_cut_only_what_is_missing_is_asked_for(desk: Enrolled) -> None:
    missing(desk, DATA)
    assert put(desk, DATA, 1) == "more"
    assert put(desk, DATA, 1) == "more"
    assert missing(desk, DATA) == [0, 2]
    assert get(desk, DATA, 1) == NOTHING


def test_a_second_desk_of_the_street_sends_nothing(office: Office, desk: Enrolled, street: str) -> None:
    send(desk, DATA)
    other = office.desk(street, "别的窗口")
    assert missing(other, DATA) == []
    assert get(other, DATA, 2)[0][2] == parts(DATA)[2]


def test_another_street_learns_nothing(office: Office, desk: Enrolled, street: str) -> None:
    send(desk, DATA)
    stranger = office.desk(office.street(), "窗口")
    never = os.urandom(len(DATA))
    assert get(stranger, DATA, 0) == get(stranger, never, 0) == NOTHING
    assert refused(put, stranger, DATA, 0) == refused(put, stranger, never, 0) == "OW404"
    assert missing(stranger, DATA) == missing(stranger, never) == [0, 1, 2]


def test_a_damaged_chunk_is_not_kept(desk: Enrolled) -> None:
    missing(desk, DATA)
    part = parts(DATA)[0]
    assert put(desk, DATA, 0, part, address(b"another")) == "damaged"
    assert put(desk, DATA, 0, part[:-1]) == "damaged"
    assert put(desk, DATA, 2, part) == "damaged"
    assert missing(desk, DATA) == [0, 1, 2]


def test_a_file_that_is_not_what_its_address_says_is_asked_for_again(office: Office, desk: Enrolled) -> None:
    other = os.urandom(len(DATA))
    missing(desk, DATA)
    answers = [put(desk, DATA, n, part) for n, part in enumerate(parts(other))]
    assert answers == ["more", "more", "damaged"]
    assert missing(desk, DATA) == [0, 1, 2]
    assert send(desk, DATA)[-1] == "complete"
    assert office.events("file")[-1][2:] == (address(DATA).hex(), "damaged")


def test_another_size_begins_the_file_anew(desk: Enrolled) -> None:
    missing(desk, DATA, size=len(DATA) + 5 * CHUNK)
    assert put(desk, DATA, 0) == "more"
    assert missing(desk, DATA) == [0, 1, 2]
    assert missing(desk, DATA, chunk=2 * CHUNK) == [0, 1]
    assert missing(desk, DATA) == [0, 1, 2]
    assert send(desk, DATA)[-1] == "complete"
    assert missing(desk, DATA, chunk=2 * CHUNK) == []


@pytest.mark.parametrize(
    ("size", "chunk"), [(0, CHUNK), (-1, CHUNK), (52428801, CHUNK), (10, 65535), (10, 1048577), (None, CHUNK)]
)
def test_sizes_have_limits(desk: Enrolled, size: int | None, chunk: int) -> None:
    said = ("SELECT owd.blob_missing(%s, %s, %s, %s)", desk.replica, address(DATA), size, chunk)
    assert refused(desk, *said) == "OW422"


def test_an_address_has_32_bytes(desk: Enrolled) -> None:
    assert refused(desk, "SELECT owd.blob_missing(%s, 'ab', 10, 65536)", desk.replica) == "OW422"


@pytest.mark.parametrize("number", [-1, 3, None])
def test_a_number_lies_within_the_file(desk: Enrolled, number: int | None) -> None:
    send(desk, DATA)
    fresh = os.urandom(len(DATA))
    missing(desk, fresh)
    part = parts(fresh)[0]
    said = (desk.replica, address(fresh), number, part, address(part))
    assert refused(desk, "SELECT owd.blob_put(%s, %s, %s, %s, %s)", *said) == "OW422"
    assert refused(get, desk, DATA, number) == "OW422"


def test_the_largest_file_of_the_smallest_chunks_is_taken(desk: Enrolled) -> None:
    data = bytes(50 * 1024 * 1024)
    wanted = missing(desk, data)
    assert wanted == list(range(800))
    part = bytes(CHUNK)
    desk.line.execute(
        "SELECT count(owd.blob_put(%s, %s, n, %s, %s)) FROM generate_series(0, 798) n",
        (desk.replica, address(data), part, address(part)),
    )
    assert put(desk, data, 799, part) == "complete"


def test_a_desk_without_a_part_in_cases_reads_no_paper(office: Office, street: str) -> None:
    send(office.desk(street, "窗口"), DATA)
    fees = office.desk(street, "收费", ("fees", "guide"))
    assert get(fees, DATA, 0) == NOTHING


def test_nor_does_a_person_without_one(office: Office, desk: Enrolled, street: str) -> None:
    send(desk, DATA)
    desk.prove(office.member(street, "supervisor"))
    assert get(desk, DATA, 0) == NOTHING
    desk.prove(office.member(street, "window"))
    assert get(desk, DATA, 0) != NOTHING


def test_chunks_are_not_packed_again(office: Office) -> None:
    storage = office.owner(
        "SELECT attstorage::text FROM pg_attribute"
        " WHERE attrelid = 'owd_data.file_chunk'::regclass AND attname = 'data'"
    )
    assert storage == "e"  # external
