"""UUID version 7 (RFC 9562, 5.7): names that sort roughly by time; never used for order."""

import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

_RANDOM_BYTES = 10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def uuid7(at: datetime, noise: bytes | None = None) -> UUID:
    """A new id: 48 bits of milliseconds of `at` (aware), then 74 of the 80 bits of `noise`."""
    random = int.from_bytes(noise if noise is not None else os.urandom(_RANDOM_BYTES))
    value = (at - _EPOCH) // _MILLISECOND << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
