import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onewindow_desk.domain.pinyin import initials, readings, syllables
from onewindow_desk.domain.search import build_index, search_items


@pytest.fixture(scope="module")
def index(catalogue):
    return build_index(catalogue)


@pytest.fixture
def find(catalogue, index):
    return lambda query: [item.id.removeprefix("JN34-") for item in search_items(catalogue, query, index)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("ggcs", "XK-08"),
        ("GGCSWSXK", "XK-08"),
        ("gonggongchangsuo", "XK-08"),
        ("gonggcs", "XK-08"),
        ("ggchangs", "XK-08"),
        ("gongg", "XK-08"),
        ("公共场所", "XK-08"),
        ("公共许可", "XK-08"),
        ("卫生 公共", "XK-08"),
        ("ｇｇｃｓ", "XK-08"),
        ("xk-08", "XK-08"),
        ("JN34-XK-08", "XK-08"),
        ("zdsh", "JF-01"),
        ("dibao", "JF-01"),
        ("wsprpsgw", "XK-09"),
        ("jydj", "GG-01"),
        ("shiyedj", "GG-02"),
        ("zhaijidi", "XK-10"),
    ],
)
def test_found_as_a_clerk_types(find, query, first):
    assert find(query)[0] == first


# 重 reads zhong and chong, 行 xing and hang: both are found.
@pytest.mark.parametrize("query", ["zhongdu", "chongdu"])
def test_every_reading_counts(find, query):
    assert "JF-04" in find(query)


def test_nothing_typed_shows_all_in_the_catalogues_order(find, catalogue):
    assert len(find("")) == len(find("  \u3000")) == len(catalogue.items)


@pytest.mark.parametrize("query", ["qqqq", "不存在的事项", "xk-99", "<img src=x>", "公共 失业", "公许", "gk"])
def test_nothing_fits(find, query):
    assert find(query) == []


def test_the_beginning_of_a_name_ranks_first(find):
    assert find("城市")[0] in ("XK-01", "ZS-01", "ZS-02")
    assert set(find("城市")[:3]) == {"XK-01", "ZS-01", "ZS-02"}


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_run_of_a_name_finds_it_by_characters_and_by_initials(catalogue, index, data):
    entry = data.draw(st.sampled_from(index))
    start = data.draw(st.integers(0, len(entry.name) - 1))
    stop = data.draw(st.integers(start + 1, len(entry.name)))
    assert entry.item in search_items(catalogue, entry.name[start:stop], index)
    first = data.draw(st.integers(0, len(entry.syllables) - 1))
    run = entry.syllables[first : first + data.draw(st.integers(1, 8))]
    letters = "".join(data.draw(st.sampled_from(found))[0] for found in run)
    assert entry.item in search_items(catalogue, letters, index)
    spelt = "".join(data.draw(st.sampled_from(found)) for found in run)
    assert entry.item in search_items(catalogue, spelt, index)


@settings(deadline=None)
@given(query=st.text(max_size=30))
def test_no_query_breaks_the_search(catalogue, index, query):
    assert set(search_items(catalogue, query, index)) <= set(catalogue.items)


def test_readings():
    assert set(readings("行")) >= {"xing", "hang"}
    assert readings("绿")[0] == "lv"
    assert readings("，") == ()
    assert readings("A") == ("a",)
    assert [found[0] for found in syllables("㛃䶮𬸣")] == ["jie", "yan", "xian"]
    assert initials("重庆")[0] >= {"z", "c"}
    assert initials("重庆，")[1:] == (frozenset("q"),)
