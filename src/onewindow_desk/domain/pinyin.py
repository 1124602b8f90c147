"""Pinyin of Chinese text for searching: every reading, without tones."""

import os
from functools import lru_cache

# The phrase table costs 44 MB and a quarter of a second, and single characters do not use it.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")

import pypinyin


@lru_cache(maxsize=4096)
def readings(character: str) -> tuple[str, ...]:
    """All readings of one character (ü as v); a letter or digit reads as itself, others not at all."""
    if character.isascii():
        return (character.lower(),) if character.isalnum() else ()
    found = pypinyin.pinyin(
        character, style=pypinyin.Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False
    )
    return tuple(dict.fromkeys(found[0])) if found else ()


def syllables(text: str) -> tuple[tuple[str, ...], ...]:
    """The readings of each character that has any; punctuation is left out."""
    return tuple(found for character in text if (found := readings(character)))


def initials(text: str) -> tuple[frozenset[str], ...]:
    """The first letters of each character that has a reading."""
    return tuple(frozenset(reading[0] for reading in found) for found in syllables(text))
