from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from onewindow_desk.documents.fontlist import FontFile, font_folders, installed
from onewindow_desk.documents.sfnt import Face, UnusableFont, parts

FILES = (FontFile("wqy-microhei.ttc"), FontFile("HanaMinA.ttf"), FontFile("HanaMinB.ttf"))
PLACES = installed(FILES, font_folders())
NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")

han = st.one_of(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E),
    st.characters(min_codepoint=0x3000, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0x20000, max_codepoint=0x323AF),
)


@pytest.fixture(scope="module", params=PLACES, ids=lambda place: place[0].name)
def pair(request):
    path, index = request.param
    number = index if path.suffix == ".ttc" else -1
    with TTFont(path, fontNumber=number, lazy=True) as oracle:
        oracle.getBestCmap(), oracle["hmtx"]  # read now, not while examples are timed
        yield Face(path, index), oracle


def test_all_three_debian_fonts_are_there():
    assert [path.name for path, _ in PLACES] == [file.name for file in FILES]


@given(data=st.data())
def test_glyphs_and_metrics_are_those_another_reader_finds(pair, data):
    face, oracle = pair
    char = data.draw(han)
    name = oracle.getBestCmap().get(ord(char))
    glyph = oracle.getGlyphID(name) if name else 0
    assert face.glyph(ord(char)) == glyph
    assert face.metrics(glyph) == tuple(oracle["hmtx"][oracle.getGlyphName(glyph)])


def test_the_basic_map_finds_the_same_glyphs_as_the_full_one(pair):
    face, oracle = pair
    basic = next(table for table in oracle["cmap"].tables if table.format == 4 and table.platformID == 3)
    base = oracle.reader.tables["cmap"].offset
    for table in oracle["cmap"].tables:
        assert table.format in (0, 4, 6, 12, 14)
    face_basic = Face(face.path, face.index)
    face_basic._cmap_format = 4
    face_basic._cmap = _offset_of_format_4(face_basic, base)
    for code in [*range(0x20, 0x7F), *range(0x4E00, 0x4F00), 0xFF0C, 0xFFFF]:
        name = basic.cmap.get(code)
        assert face_basic.glyph(code) == (oracle.getGlyphID(name) if name else 0)


def _offset_of_format_4(face, base):
    count = face._short(base + 2)
    for n in range(count):
        at = base + 4 + 8 * n
        offset = base + (face._short(at + 4) << 16) + face._short(at + 6)
        if (face._short(at), face._short(offset)) == (3, 4):
            return offset
    raise AssertionError("no such table")


def test_a_composite_glyph_names_its_parts(pair):
    face, oracle = pair
    glyf = oracle["glyf"]
    for code in range(0x4E00, 0x4E60):
        glyph = face.glyph(code)
        if not glyph:
            continue
        record = glyf[oracle.getGlyphName(glyph)]
        expected = record.getComponentNames(glyf) if record.isComposite() else []
        found = [oracle.getGlyphName(part.glyph) for part in parts(face.outline(glyph))]
        assert found == expected


def test_a_blank_glyph_covers_a_space_and_nothing_else(fonts):
    face = fonts.base.source
    assert face.covers(ord(" "))
    assert face.covers(ord("样"))
    assert not face.covers(0x2CE23)


def test_a_font_with_postscript_outlines_is_refused_by_name():
    with pytest.raises(UnusableFont, match=r"NotoSansCJK-Regular\.ttc.*请换一种字体"):
        Face(NOTO)


def test_a_face_the_collection_lacks_is_refused():
    with pytest.raises(UnusableFont, match="没有第 10 种"):
        Face(PLACES[0][0], 9)


@pytest.mark.parametrize("kept", [4, 40, 400, 4000])
def test_a_torn_file_is_refused(tmp_path, kept):
    torn = tmp_path / "torn.ttf"
    torn.write_bytes(PLACES[1][0].read_bytes()[:kept])
    with pytest.raises(UnusableFont):
        Face(torn)
