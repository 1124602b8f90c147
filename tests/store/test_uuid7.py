"""UUIDv7 (RFC 9562): the example of its appendix A.6, and the bits it fixes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from onewindow_desk.store import uuid7

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def test_rfc_9562_appendix_a6():
    at = datetime(2022, 2, 22, 14, 22, 22, tzinfo=UTC) + timedelta(hours=5)
    noise = (0xCC3 << 64 | 0x18C4DC0C0C07398F).to_bytes(10)
    assert str(uuid7(at, noise)) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(st.integers(0, 2**42), st.binary(min_size=10, max_size=10))
def test_time_version_and_variant(at, noise):
    made = uuid7(EPOCH + timedelta(milliseconds=at), noise)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == at


def test_ids_differ_within_a_millisecond():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert uuid7(at) != uuid7(at)
