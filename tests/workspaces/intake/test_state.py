from uuid import uuid4

import pytest
from msgspec.structs import replace

from onewindow_desk.domain.case import ApplicantKind
from onewindow_desk.faults import Refusal, Refusals
from onewindow_desk.services import intake
from onewindow_desk.workspaces.intake.state import IntakeState


def again(state) -> IntakeState:
    """The state as a new start of the program finds it."""
    fresh = IntakeState(state.shift)
    fresh.open()
    return fresh


def test_nothing_is_kept_before_anything_was_entered(state, shift):
    assert state.current.fresh
    assert intake.drafts(shift) == ()


def test_every_edit_is_on_disk_at_once(state, item):
    state.set_value("applicant.name", "钱")
    assert again(state).draft.value("applicant.name") == "钱"
    state.choose(item)
    state.set_agent(True)
    state.tick(item.materials[0], True)
    kept = again(state).draft
    assert (kept.item_id, kept.with_agent, kept.materials["M-APP"].ticked) == (item.id, True, True)


@pytest.mark.parametrize("name", ["<img src=x>", "㛃䶮𬸣", "A & B", "钱样安" * 20])
def test_any_name_comes_back_as_typed(state, name):
    state.set_value("applicant.name", name)
    assert again(state).draft.value("applicant.name") == name


def test_a_page_is_on_disk_before_anybody_looks_at_it(state, item, shift, make_jpeg):
    state.choose(item)
    data = make_jpeg("page")
    sha256 = state.keep_page(state.draft.draft_id, data, "image/jpeg", 3, "M-APP")
    pages = again(state).draft.pages
    assert [entry.page.page for entry in pages] == [0, 1, 2]
    assert {entry.page.sha256 for entry in pages} == {sha256}
    assert shift.store.scans.get(sha256) == data


def test_pages_come_to_the_draft_they_were_scanned_for(state, item, make_jpeg):
    state.choose(item)
    first = state.draft.draft_id
    state.new()
    state.keep_page(first, make_jpeg("late"), "image/jpeg", 1, "M-APP")
    assert state.draft.pages == ()
    assert len(state.sittings[0].draft.pages) == 1


def test_a_page_for_a_case_already_received_is_refused(state, fill_in, make_jpeg):
    fill_in(state)
    state.receive()
    with pytest.raises(Refusal, match="太晚"):
        state.keep_page(state.draft.draft_id, make_jpeg("late"), "image/jpeg", 1, "M-APP")


def test_more_pages_stand_behind_the_first_and_a_bad_file_goes(state, item, make_jpeg):
    state.choose(item)
    draft_id = state.draft.draft_id
    many = state.keep_page(draft_id, make_jpeg("a"), "image/jpeg", 1, "M-APP")
    single = state.keep_page(draft_id, make_jpeg("b"), "image/jpeg", 1, "M-APP")
    state.more_pages(draft_id, many, 3)
    assert [(e.page.sha256 == many, e.page.page) for e in state.draft.pages] == [
        (True, 0),
        (True, 1),
        (True, 2),
        (False, 0),
    ]
    state.drop_file(draft_id, many)
    assert [entry.page.sha256 for entry in state.draft.pages] == [single]


def test_an_item_chosen_over_another_can_be_taken_back(state, item, other_item):
    state.choose(item)
    state.tick(item.materials[0], True)
    assert state.choose(other_item)
    assert state.undo() == f"事项换回“{item.name}”"
    assert state.item == item
    assert state.draft.materials["M-APP"].ticked
    assert state.undo() == ""


def test_every_step_of_the_strip_can_be_taken_back(state, item, make_jpeg):
    state.choose(item)
    for words in ("a", "b"):
        state.keep_page(state.draft.draft_id, make_jpeg(words), "image/jpeg", 1, "M-APP")
    before = state.draft.pages
    state.turn_page(0)
    assert state.move_page(0, 1)
    state.file_page(1, item.materials[1].code)
    state.remove_page(0)
    assert len(state.draft.pages) == 1
    for _ in range(4):
        assert state.undo()
    assert state.draft.pages == before


def test_a_fault_shows_once_the_field_was_left(state, item):
    state.choose(item)
    state.set_value("applicant.number", "320115199001010011")
    assert state.fault("applicant.number") == ""
    assert "第 18 位不符" in state.leave("applicant.number")
    assert state.draft.value("applicant.number") == "320115199001010011"


def test_the_hint_says_fill_before_and_mend_after_something_was_left(state, item):
    state.choose(item)
    assert state.to_mend().startswith("还有 8 处要填：姓名、证件号码、手机 等")
    state.leave("applicant.name")
    assert state.to_mend().startswith("还有 8 处要改")


def test_receiving_with_faults_left_keeps_the_draft(state, fill_in):
    fill_in(state)
    state.set_value("applicant.phone", "12")
    with pytest.raises(Refusals) as caught:
        state.receive()
    assert caught.value.field == "applicant.phone"
    assert again(state).draft.value("applicant.phone") == "12"


def test_a_name_no_font_can_print_is_refused_before_anything_is_recorded(state, fill_in, shift):
    fill_in(state)
    state.set_value("applicant.name", "钱\U0003fffd")
    with pytest.raises(Refusal) as caught:
        state.check_print()
    assert caught.value.field == "applicant.name"
    assert shift.store.cases() == ()


@pytest.mark.parametrize("name", ["㛃䶮𬸣", "<img src=x>钱"])
def test_rare_characters_and_markup_can_be_printed(state, fill_in, name):
    fill_in(state)
    state.set_value("applicant.name", name)
    state.check_print()


def test_a_direction_sign_in_a_name_is_refused_by_its_place(state, fill_in):
    fill_in(state)
    state.set_value("applicant.name", "钱\u202e样安")
    assert state.leave("applicant.name").startswith("姓名第 2 个字符看不见")


def test_received_means_on_disk_and_the_draft_gone(state, fill_in, shift):
    fill_in(state)
    handed = state.receive()
    assert shift.store.case(handed.case_id).receipt_no == handed.receipt_no
    assert intake.drafts(shift) == ()
    assert again(state).current.fresh


def test_one_applicant_after_the_other(state, item):
    assert not state.next()
    state.choose(item)
    state.set_value("applicant.name", "钱样安")
    assert state.next()
    assert state.current.fresh
    assert state.titles() == (f"钱样安 · {item.name}（草稿）", "新收件")
    assert state.next()
    assert state.titles()[0] == "钱样安"


def test_new_goes_to_the_empty_draft_there_is(state, item):
    state.new()
    assert len(state.sittings) == 1
    state.choose(item)
    state.new()
    state.new()
    assert len(state.sittings) == 2


def test_whoever_has_the_paper_leaves_and_the_others_stay(state, fill_in):
    fill_in(state)
    handed = state.receive()
    state.new()
    state.set_value("applicant.name", "沈样真")
    assert not state.finish(handed)
    assert state.draft.value("applicant.name") == "沈样真"
    assert len(state.sittings) == 1


def test_the_last_items_come_first_until_there_are_enough(state, fill_in, item, clock):
    rows, whole = state.recent()
    assert whole
    assert len(rows) == len(state.shift.rules.catalogue.items)
    fill_in(state)
    state.receive()
    clock.move(minutes=5)
    rows, whole = state.recent()
    assert whole
    assert rows[0] == (item, "上次 今天 09:42")


def test_searching_by_initials_and_by_nothing(state, item):
    assert state.search(" ") == ()
    assert state.search("ggcs")[0] == item
    assert state.search("没有这样的") == ()


def test_the_dates_of_the_card(state, item):
    assert f"{state.deadline().due:%m-%d}" == "09-29"
    promised, statutory = state.decisions(item)
    assert (f"{promised.due:%m-%d}", f"{statutory.due:%m-%d}") == ("09-24", "10-26")


def test_kind_and_agent_are_kept(state):
    state.set_kind(ApplicantKind.ORGANISATION)
    state.set_agent(True)
    kept = again(state).draft
    assert (kept.applicant_kind, kept.with_agent) == (ApplicantKind.ORGANISATION, True)


def test_a_disk_that_refuses_does_not_take_the_text_from_the_screen(state, monkeypatch, shift):
    def full(*_: object) -> None:
        raise Refusal("磁盘快满了。请清理磁盘后再试。")

    monkeypatch.setattr(shift.store.drafts, "save", full)
    with pytest.raises(Refusal):
        state.set_value("applicant.name", "钱样安")
    assert state.draft.value("applicant.name") == "钱样安"


def test_a_draft_begun_outside_the_page_comes_to_the_front(state, shift):
    begun = replace(intake.new_draft(shift, uuid4()), item_id="JN34-XK-04", redoes=uuid4())
    assert not state.take_up()
    intake.save_draft(shift, begun)
    assert state.take_up()
    assert (state.draft.draft_id, state.draft.redoes) == (begun.draft_id, begun.redoes)
    assert not state.take_up()
