"""The three kinds of trouble, and nothing else.

`Refusal`: the person at the desk can put it right; the text says what is wrong and what to do.
`Unreachable`: something outside (line, scanner, printer) does not answer; work goes on.
`Fault`: ours to mend; logged under a reference number, never with personal data.
"""

from dataclasses import dataclass


class Refusal(Exception):
    """Something the person can put right.

    `text` is in the person's words: what is wrong and what to do.
    `field` names the field it belongs to (a key of the form), or "" for the whole step.
    """

    def __init__(self, text: str, *, field: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.field = field


@dataclass(frozen=True, slots=True)
class Blame:
    """One field and what is to be put right there."""

    field: str
    text: str


class Refusals(Refusal):
    """Several refusals of one step, in the order of the form."""

    def __init__(self, blames: tuple[Blame, ...]) -> None:
        super().__init__(blames[0].text, field=blames[0].field)
        self.blames = blames


class Unreachable(Exception):
    """Something outside the program does not answer; `text` says what and what still works."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Fault(Exception):
    """Our own mistake, or a damaged machine; the text holds no personal data."""
