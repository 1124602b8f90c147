"""What the entry pages hand over; frozen, and without a word of it in any `repr`."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """A login and a password as typed. The password never shows in a log: it is not in `repr`."""

    login: str
    password: str = field(repr=False)
