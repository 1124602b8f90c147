"""What a command of the administrator's answers."""

from typing import Any

from msgspec import Struct


class Answer(Struct, frozen=True, kw_only=True):
    """What came of a command: for programs, for people, and whether all is well."""

    facts: dict[str, Any]
    lines: tuple[str, ...]
    sound: bool = True
