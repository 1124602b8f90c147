import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_desk.documents.flow import Block, Column, Table, paginate, together
from onewindow_desk.documents.sheet import A5, Sheet, Style


def nothing(sheet, top):
    """Draw nothing."""


def block(height, clings=False, head=None):
    return Block(height=height, draw=nothing, clings=clings, head=head)


sizes = st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=40)


@given(sizes)
def test_every_block_stands_once_and_in_order(made):
    blocks = [block(height, clings) for height, clings in made]
    pages = paginate(blocks, 60, 100)
    assert [b for page in pages for b in page] == blocks


@given(sizes)
def test_no_page_is_fuller_than_it_may_be(made):
    pages = paginate([block(height) for height, _ in made], 60, 100)
    assert sum(b.height for b in pages[0]) <= 60
    assert all(sum(b.height for b in page) <= 100 for page in pages[1:])


def test_blocks_that_cling_move_together():
    pages = paginate([block(50), *together([block(5), block(5), block(5)])], 60, 100)
    assert [len(page) for page in pages] == [1, 3]


def test_a_group_taller_than_a_page_is_cut():
    pages = paginate(together([block(70), block(70)]), 60, 100)
    assert [len(page) for page in pages] == [1, 1]


def test_a_table_head_returns_on_the_next_page():
    head = block(10, clings=True)
    pages = paginate([head, *(block(30, head=head) for _ in range(5))], 60, 100)
    assert [page[0] is head for page in pages] == [True, True, True]
    assert sum(b.height for b in pages[1]) <= 100


def test_a_row_of_many_lines_is_cut_so_that_it_fits_a_page(fonts):
    sheet = Sheet(A5, fonts, "样例", "样例")
    style = Style(8.5, 11)
    table = Table(sheet, (Column(title="名称", width=20),), 10, style, style)
    blocks = table.blocks([("样" * 2000,)])
    assert len(blocks) > 5
    assert max(b.height for b in blocks) < 120


def test_a_row_must_have_a_cell_for_each_column(fonts):
    sheet = Sheet(A5, fonts, "样例", "样例")
    style = Style(8.5, 11)
    table = Table(sheet, (Column(title="名称", width=20),), 10, style, style)
    with pytest.raises(ValueError, match="zip"):
        table.blocks([("一", "二")])
