"""Reading the plain facts of an operation's envelope: typed, and refused in words when absent."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec

from onewindow_desk.faults import Refusal

T = TypeVar("T")


class Facts:
    """The envelope of one operation; every getter refuses a fact of the wrong shape."""

    def __init__(self, envelope: Mapping[str, Any]) -> None:
        self._envelope = envelope

    def given(self, key: str) -> bool:
        """Whether the fact is there and says something (not False, 0, empty)."""
        return bool(self._envelope.get(key))

    def text(self, key: str) -> str:
        """A text, "" when absent."""
        text: str = self._read(key, str, "")
        return text

    def number(self, key: str) -> int:
        """A whole number, 0 when absent."""
        number: int = self._read(key, int, 0)
        return number

    def number_or_none(self, key: str) -> int | None:
        """A whole number, None when absent."""
        return self.number(key) if self._envelope.get(key) is not None else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty when absent."""
        texts: tuple[str, ...] = self._read(key, tuple[str, ...], ())
        return texts

    def day(self, key: str) -> date | None:
        """A day (YYYY-MM-DD), None when absent."""
        return self._read(key, date, None) if self.given(key) else None

    def moment(self, key: str) -> datetime | None:
        """An aware moment, None when absent."""
        return self._read(key, datetime, None) if self.given(key) else None

    def one_of(self, key: str, kind: type[T]) -> T | None:
        """A member of an enumeration, None when absent."""
        return self._read(key, kind, None) if self.given(key) else None

    def _read(self, key: str, shape: Any, absent: Any) -> Any:
        if key not in self._envelope:
            return absent
        try:
            return msgspec.convert(self._envelope[key], shape)
        except msgspec.ValidationError as trouble:
            raise Refusal("这一步所附的内容不合要求。请重新填写后再办。", field=key) from trouble
