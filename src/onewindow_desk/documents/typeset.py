"""Lines out of text: where a Chinese line may break.

No line begins with closing punctuation or ends with opening punctuation (避头尾); figures, numbers
and Latin words stay whole unless they are longer than a line.
"""

import re
from collections.abc import Callable, Iterator

NO_START = frozenset("，。、；：？！）》〉」』】〕〗’”…—·％℃,.;:?!)]}%")
NO_END = frozenset("（《〈「『【〔〖‘“([{")

_WORD = re.compile(r"[A-Za-z0-9*][A-Za-z0-9*.:/@_+-]*|.", re.DOTALL)

Measure = Callable[[str], float]


def pieces(text: str) -> Iterator[str]:
    """The smallest parts a line may break between: punctuation clings to its neighbour."""
    held = ""
    for match in _WORD.finditer(text):
        piece = match.group()
        if held and piece not in NO_START and held[-1] not in NO_END:
            yield held
            held = piece
        else:
            held += piece
    if held:
        yield held


def wrap(text: str, width: float, measure: Measure) -> tuple[str, ...]:
    """Break a text into lines no wider than `width` (in the unit of `measure`).

    A newline in the text starts a new line. Always at least one line, perhaps empty; joined
    again, the lines hold every character but the spaces at the breaks.
    """
    return tuple(line for part in text.split("\n") for line in _wrap_part(part, width, measure))


def _wrap_part(text: str, width: float, measure: Measure) -> list[str]:
    if measure(text.rstrip()) <= width:
        return [text.rstrip()]
    lines: list[str] = []
    line = ""
    for piece in pieces(text):
        if measure((line + piece).rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        *full, line = _cut(piece.lstrip(), width, measure)
        lines.extend(full)
    return [*lines, line.rstrip()]


def _cut(piece: str, width: float, measure: Measure) -> list[str]:
    """A piece too long for a line, cut where the line is full; never less than one character."""
    cuts = [""]
    for char in piece:
        if cuts[-1] and measure(cuts[-1] + char) > width:
            cuts.append("")
        cuts[-1] += char
    return cuts
