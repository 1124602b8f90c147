import io

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from onewindow_desk.documents.embed import BLOCK, embed, subset, to_unicode

CHARS = "王小⼩㛃䶮𬸣，（Ag1）"


@pytest.mark.parametrize("place", [0, 1])
def test_the_subset_draws_the_same_outlines(fonts, place):
    face = fonts._open(fonts._regular[place]).source
    codes = [ord(char) for char in CHARS if face.covers(ord(char))]
    number = face.index if face.path.suffix == ".ttc" else -1
    with TTFont(io.BytesIO(subset(face, codes))) as small, TTFont(face.path, fontNumber=number) as whole:
        cmap = whole.getBestCmap()
        for glyph, code in enumerate(codes, 1):
            name = small.getGlyphName(glyph)
            assert _points(small, name) == _points(whole, cmap[code])
            assert small["hmtx"][name] == whole["hmtx"][cmap[code]]


def _points(font, name):
    """A glyph's points, contours and flags, composite ones put together."""
    return [list(part) for part in font["glyf"][name].getCoordinates(font["glyf"])]


def test_the_subset_is_small_and_its_checksums_hold(fonts):
    face = fonts.base.source
    data = subset(face, [ord(char) for char in "材料接收凭证"])
    assert len(data) < 20_000
    with TTFont(io.BytesIO(data), checkChecksums=2) as font:
        assert font["maxp"].numGlyphs >= 7


@given(st.lists(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=250, unique=True))
def test_the_way_back_to_unicode_is_exact_in_small_blocks(chars):
    lines = to_unicode([ord(char) for char in chars]).splitlines()
    pairs = [line.split() for line in lines if line.startswith("<") and not line.startswith("<0000> <FFFF>")]
    back = {
        int(code.strip("<>"), 16): bytes.fromhex(text.strip("<>")).decode("utf-16-be") for code, text in pairs
    }
    assert back == dict(enumerate(chars, 1))
    counts = [int(line.split()[0]) for line in lines if line.endswith("beginbfchar")]
    assert sum(counts) == len(chars)
    assert max(counts) <= BLOCK


def test_one_face_is_registered_once(fonts):
    assert embed(fonts.base.source) is embed(fonts.base.source)
