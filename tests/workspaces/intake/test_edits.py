import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from onewindow_desk.domain.case import ApplicantKind, PageRef
from onewindow_desk.services.draft import Draft, DraftPage
from onewindow_desk.workspaces.intake import edits

NOW = datetime(2026, 9, 21, tzinfo=UTC)


def draft_with(pages: int = 0, material: str = "") -> Draft:
    refs = [PageRef(sha256=f"{number:064x}", media_type="image/jpeg", size=1) for number in range(pages)]
    return Draft(
        draft_id=uuid.uuid4(),
        owner=uuid.uuid4(),
        started_at=NOW,
        saved_at=NOW,
        pages=tuple(DraftPage(page=ref, material=material) for ref in refs),
    )


def test_another_item_puts_the_old_one_s_answers_aside_and_brings_them_back(item, other_item):
    draft = edits.choose_item(draft_with(), item).with_value("field.place", "演示路 12 号")
    away = edits.choose_item(draft, other_item)
    assert away.value("field.place") == ""
    assert edits.choose_item(away, item).value("field.place") == "演示路 12 号"


def test_another_item_asks_for_its_own_ticks(item, other_item):
    draft = edits.tick(edits.choose_item(draft_with(), item), item.materials[0], True)
    assert edits.choose_item(draft, other_item).materials == {}


def test_pages_of_a_material_nobody_asks_for_wait(item, other_item):
    draft = edits.choose_item(draft_with(2, item.materials[3].code), item)
    moved = edits.choose_item(draft, other_item)
    assert [page.material for page in moved.pages] == ["", ""]


def test_the_same_item_changes_nothing(item):
    draft = edits.choose_item(draft_with(), item)
    assert edits.choose_item(draft, item) is draft


def test_person_and_organisation_keep_names_and_numbers_of_their_own():
    person = (
        draft_with().with_value("applicant.name", "钱样安").with_value("applicant.phone", "000-0000-0021")
    )
    firm = edits.set_kind(person, ApplicantKind.ORGANISATION)
    assert firm.value("applicant.name") == ""
    assert firm.value("applicant.phone") == "000-0000-0021"
    firm = firm.with_value("applicant.name", "样例理发店")
    assert edits.set_kind(firm, ApplicantKind.PERSON).value("applicant.name") == "钱样安"
    back = edits.set_kind(edits.set_kind(firm, ApplicantKind.PERSON), ApplicantKind.ORGANISATION)
    assert back.value("applicant.name") == "样例理发店"


def test_a_passport_does_not_become_an_organisation_s_number(number):
    person = (
        draft_with().with_value("applicant.identity_type", "passport").with_value("applicant.number", "E1")
    )
    firm = edits.set_kind(person, ApplicantKind.ORGANISATION)
    assert (firm.value("applicant.identity_type"), firm.value("applicant.number")) == ("", "")


def test_the_first_tick_takes_over_what_is_asked_for(item):
    material = item.materials[0]
    draft = edits.tick(draft_with(), material, True)
    assert draft.materials[material.code].originals == material.originals == 1
    draft = edits.set_counts(draft, material.code, 3, 2, True)
    again = edits.tick(edits.tick(draft, material, False), material, True)
    row = again.materials[material.code]
    assert (row.ticked, row.originals, row.copies, row.keeps_original) == (True, 3, 2, True)


def test_four_turns_are_none():
    draft = draft_with(1)
    for _ in range(4):
        draft = edits.turn_page(draft, 0)
    assert draft.pages[0].page.rotation == 0


@pytest.mark.parametrize(("place", "step"), [(0, -1), (2, 1)])
def test_a_page_at_the_end_stays(place, step):
    draft = draft_with(3)
    assert edits.move_page(draft, place, step) is draft


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from([-1, 1])), max_size=12))
def test_moving_keeps_every_page_and_moving_back_undoes_it(moves):
    draft = draft_with(5)
    for place, step in moves:
        moved = edits.move_page(draft, place, step)
        assert sorted(page.page.sha256 for page in moved.pages) == [f"{n:064x}" for n in range(5)]
        if moved is not draft:
            assert edits.move_page(moved, place + step, -step).pages == draft.pages
        draft = moved


def test_taking_out_and_filing():
    draft = edits.file_page(draft_with(3), 1, "M-APP")
    assert [page.material for page in draft.pages] == ["", "M-APP", ""]
    left = edits.remove_page(draft, 1)
    assert [page.page.sha256[-1] for page in left.pages] == ["0", "2"]
    assert replace(draft, pages=()).pages == ()
