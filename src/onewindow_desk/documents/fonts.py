"""Which face draws which character, and the refusal when none does.

A name with a missing character on a paper is a wrong name: before anything is drawn every
character must have found its face. Faces are opened when a character first needs them.
"""

import unicodedata
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, Self

from onewindow_desk.documents.embed import EmbeddedFont, embed
from onewindow_desk.documents.fontlist import BOLD, REGULAR, font_folders, installed
from onewindow_desk.documents.sfnt import Face
from onewindow_desk.faults import Refusal

# Never printed: controls, format characters (bidi, zero width), private use, surrogates, line and
# paragraph separators. Characters unknown to this Python may be known to a font: the newest Han.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


# Outlines that even out weights, as a part of the type size: in place of a bold face, and for the
# thin serif faces of rare characters beside the sans face of the line.
BOLD_OUTLINE = 0.032
RARE_OUTLINE = 0.018
RARE_BOLD_OUTLINE = 0.042


class Run(NamedTuple):
    """Consecutive characters of one face; `outline` is the stroke's width as a part of the size."""

    font: EmbeddedFont
    text: str
    outline: float


class FontBook:
    """The chain of faces for papers: regular, bold before regular for bold text.

    `regular` and `bold` are (path, index) pairs, best first. One book per program; the methods
    may be called from any thread.
    """

    def __init__(
        self, regular: tuple[tuple[Path, int], ...], bold: tuple[tuple[Path, int], ...] = ()
    ) -> None:
        if not regular:
            raise Refusal("没有找到可用于文书的中文字体。请安装文泉驿微米黑或微软雅黑后再打印。")
        self._regular = regular
        self._bold = bold
        self._opened: dict[tuple[Path, int], EmbeddedFont] = {}
        self._choice: dict[tuple[str, bool], tuple[EmbeddedFont, float] | None] = {}

    @classmethod
    def system(cls, folders: tuple[Path, ...] | None = None) -> Self:
        """The fonts installed on this machine; Refusal when there is none we know."""
        places = font_folders() if folders is None else folders
        return cls(installed(REGULAR, places), installed(BOLD, places))

    @property
    def base(self) -> EmbeddedFont:
        """The first regular face: what a page starts with."""
        return self._open(self._regular[0])

    def face_for(self, char: str, *, bold: bool = False) -> tuple[EmbeddedFont, float]:
        """The face for one character and the outline it gets; Refusal when there is no face."""
        key = (char, bold)
        if key not in self._choice:
            self._choice[key] = self._find(char, bold=bold)
        chosen = self._choice[key]
        if chosen is None:
            raise Refusal(_explain(char))
        return chosen

    def check(self, text: str, *, field: str = "") -> None:
        """Refuse a text with a character that cannot be printed, naming it (and the form's field)."""
        for char in text:
            try:
                self.face_for(char)
            except Refusal as refusal:
                raise Refusal(refusal.text, field=field) from None

    def runs(self, text: str, *, bold: bool = False) -> tuple[Run, ...]:
        """The text cut where the face changes; Refusal for a character without a face."""
        faces = groupby(text, key=lambda char: self.face_for(char, bold=bold))
        return tuple(Run(font, "".join(chars), outline) for (font, outline), chars in faces)

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Width in points at a type size."""
        faces = (self.face_for(char, bold=bold)[0].advance(char) for char in text)
        return sum(faces) * size / 1000

    def _find(self, char: str, *, bold: bool) -> tuple[EmbeddedFont, float] | None:
        if not printable(char):
            return None
        for place in self._bold if bold else ():
            if self._open(place).source.covers(ord(char)):
                return self._open(place), 0.0
        for place in self._regular:
            if self._open(place).source.covers(ord(char)):
                return self._open(place), self._outline(place, bold=bold)
        return None

    def _outline(self, place: tuple[Path, int], *, bold: bool) -> float:
        if place == self._regular[0]:
            return BOLD_OUTLINE if bold else 0.0
        return RARE_BOLD_OUTLINE if bold else RARE_OUTLINE

    def _open(self, place: tuple[Path, int]) -> EmbeddedFont:
        if place not in self._opened:
            self._opened[place] = embed(Face(*place))
        return self._opened[place]


def printable(char: str) -> bool:
    """Whether a character may stand on a paper at all, whatever the fonts."""
    return (
        unicodedata.category(char) not in _UNPRINTABLE
        and unicodedata.bidirectional(char) not in _RIGHT_TO_LEFT
    )


def _explain(char: str) -> str:
    code = f"U+{ord(char):04X}"
    if not printable(char):
        return f"有一个不能印在文书上的字符（{code}）。请删去这个字符后重新输入。"
    return f"本机字体里没有“{char}”（{code}）字，文书不能少字。请安装含有这个字的字体后再打印。"
