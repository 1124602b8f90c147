"""Finding an item as a clerk types it: part of the name, pinyin, initials, or the number."""

import unicodedata

from msgspec import Struct

from onewindow_desk.domain.catalogue import Catalogue
from onewindow_desk.domain.item import Item
from onewindow_desk.domain.pinyin import syllables

_LOOSE_FROM = 3
"""Characters typed before gaps are allowed between the ones that match."""


class IndexedItem(Struct, frozen=True, kw_only=True):
    """One item with its name prepared for matching."""

    item: Item
    name: str
    number: str
    syllables: tuple[tuple[str, ...], ...]


PinyinIndex = tuple[IndexedItem, ...]


def build_index(catalogue: Catalogue) -> PinyinIndex:
    """Prepare all names of a catalogue once; a search then takes a few milliseconds."""
    return tuple(
        IndexedItem(item=item, name=_plain(item.name), number=_plain(item.id), syllables=syllables(item.name))
        for item in catalogue.items
    )


def search_items(catalogue: Catalogue, query: str, index: PinyinIndex) -> tuple[Item, ...]:
    """The items that match every word of the query, best first; all of them for an empty query."""
    words = _plain(query, keep_spaces=True).split()
    if not words:
        return catalogue.items
    ranked = []
    for place, entry in enumerate(index):
        ranks = [_rank(entry, word) for word in words]
        if None not in ranks:
            ranked.append((sum(rank or 0 for rank in ranks), place, entry.item))
    return tuple(item for _, _, item in sorted(ranked, key=lambda row: row[:2]))


def matches_pinyin(name_syllables: tuple[tuple[str, ...], ...], letters: str) -> bool:
    """Whether letters spell some run of the name: whole syllables, initials, or both mixed."""
    return any(_spells(name_syllables, start, letters) for start in range(len(name_syllables)))


def _rank(entry: IndexedItem, word: str) -> int | None:
    """0 best; None when the word does not match at all."""
    if entry.name.startswith(word) or entry.number == word:
        return 0
    if word in entry.name:
        return 1
    if word in entry.number:
        return 2
    if word.isascii():
        return _pinyin_rank(entry, word)
    return 6 if len(word) >= _LOOSE_FROM and _scattered(word, entry.name) else None


def _pinyin_rank(entry: IndexedItem, word: str) -> int | None:
    if _spells(entry.syllables, 0, word):
        return 3
    if matches_pinyin(entry.syllables, word):
        return 4
    if len(word) >= _LOOSE_FROM and _scattered_initials(word, entry.syllables):
        return 5
    return None


def _spells(name: tuple[tuple[str, ...], ...], place: int, letters: str) -> bool:
    if not letters:
        return True
    if place == len(name):
        return False
    for reading in name[place]:
        if reading.startswith(letters):
            return True
        if letters.startswith(reading) and _spells(name, place + 1, letters[len(reading) :]):
            return True
    first = letters[0]
    return any(reading[0] == first for reading in name[place]) and _spells(name, place + 1, letters[1:])


def _scattered(word: str, name: str) -> bool:
    rest = iter(name)
    return all(character in rest for character in word)


def _scattered_initials(word: str, name: tuple[tuple[str, ...], ...]) -> bool:
    rest = iter(name)
    return all(any(any(reading[0] == letter for reading in found) for found in rest) for letter in word)


def _plain(text: str, *, keep_spaces: bool = False) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return folded if keep_spaces else "".join(folded.split())
