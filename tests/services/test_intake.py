import uuid

import pytest
from msgspec.structs import replace

from onewindow_desk.domain.case import ApplicantKind, Source, State
from onewindow_desk.domain.identity import uscc_check
from onewindow_desk.faults import Refusal, Refusals
from onewindow_desk.services import intake
from onewindow_desk.services.intake_checks import check, check_field

CREDIT_CODE = "91320115MA1TEXT00"


def fields(blames):
    return [blame.field for blame in blames]


def test_a_complete_draft_becomes_a_case(shift, draft, item):
    done = intake.receive(shift, draft)
    case = shift.store.case(done.case_id)
    assert case.state is State.RECEIVED
    assert case.receipt_no == done.receipt_no
    assert case.applicant is not None
    assert case.applicant.name == "钱样安"
    assert case.item_name == item.name
    assert case.received_at == shift.now()


def test_confirming_takes_the_draft_away_in_the_same_step(shift, draft):
    saved = intake.save_draft(shift, draft)
    assert intake.drafts(shift) == (saved,)
    intake.receive(shift, saved)
    assert intake.drafts(shift) == ()


def test_the_same_draft_confirmed_twice_is_one_case(shift, draft):
    intake.receive(shift, draft)
    with pytest.raises(Refusal):
        intake.receive(shift, draft)
    assert len(shift.store.cases()) == 1


def test_every_receipt_has_its_own_number(shift, item, fill):
    numbers = {intake.receive(shift, fill(shift, item)).receipt_no for _ in range(20)}
    assert len(numbers) == 20


def test_a_refused_step_gives_no_number_and_keeps_the_draft(shift, draft, item, fill):
    first = intake.receive(shift, fill(shift, item))
    saved = intake.save_draft(shift, draft.with_value("applicant.number", "320115199001010011"))
    with pytest.raises(Refusals) as refused:
        intake.receive(shift, saved)
    assert fields(refused.value.blames) == ["applicant.number"]
    assert intake.drafts(shift) == (saved,)
    second = intake.receive(shift, fill(shift, item))
    assert int(second.receipt_no[13:17]) == int(first.receipt_no[13:17]) + 1


def test_what_changed_is_told_after_the_commit(shift, draft, told):
    done = intake.receive(shift, draft)
    assert told.changes[-1].cases == {done.case_id}


def test_pages_are_filed_and_named_by_the_operation(shift, draft, item):
    row = item.materials[0].code
    with_page = intake.keep_page(shift, draft, b"\xff\xd8\xff one page", "image/jpeg", row)
    done = intake.receive(shift, with_page)
    case = shift.store.case(done.case_id)
    pages = next(entry.pages for entry in case.materials if entry.code == row)
    assert shift.store.scans.get(pages[0].sha256) == b"\xff\xd8\xff one page"
    envelope = shift.store.operations(done.case_id)[0].head.envelope
    assert envelope["files"] == [pages[0].sha256]


def test_a_page_is_in_the_draft_on_disk_as_soon_as_it_is_kept(shift, draft):
    kept = intake.keep_page(shift, draft, b"%PDF-1.7 page", "application/pdf")
    assert intake.drafts(shift) == (kept,)


def test_the_envelope_names_nobody(shift, draft):
    done = intake.receive(shift, draft)
    envelope = str(shift.store.operations(done.case_id)[0].head.envelope)
    assert "钱样安" not in envelope
    assert draft.value("applicant.number") not in envelope


def test_missing_materials_are_recorded_as_missing(shift, draft, item):
    case = shift.store.case(intake.receive(shift, draft).case_id)
    optional = {row.code for row in item.materials if not row.required}
    assert {entry.code for entry in case.materials if entry.source is Source.MISSING} == optional


def test_an_empty_draft_names_every_field_in_the_order_of_the_form(shift):
    blames = check(intake.new_draft(shift, uuid.uuid4()), None)
    assert fields(blames) == ["item", "applicant.name", "applicant.number", "applicant.phone"]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("applicant.name", "钱样\u202e安"),
        ("applicant.name", "钱样\u200b安"),
        ("applicant.name", "钱样\x07安"),
        ("applicant.number", "320115199001010011"),
        ("applicant.number", "32011519900230001X"),
        ("applicant.phone", "不知道"),
        ("applicant.address", "\u2066路"),
        ("field.from", "昨天"),
    ],
)
def test_bad_input_is_refused_at_its_field(shift, draft, item, field, text):
    assert fields(check(draft.with_value(field, text), item)) == [field]
    blame = check_field(draft.with_value(field, text), item, field)
    assert blame is not None
    assert blame.text.endswith("。")


@pytest.mark.parametrize("name", ["王㛃䶮𬸣", "<img src=//10.0.0.9/x>", "欧阳·样例", "O'样 & 例"])
def test_rare_characters_and_markup_are_kept_as_typed(shift, draft, name):
    done = intake.receive(shift, draft.with_value("applicant.name", name))
    case = shift.store.case(done.case_id)
    assert case.applicant is not None
    assert case.applicant.name == name


def test_an_organisation_needs_its_representative(shift, draft, item):
    firm = replace(draft, applicant_kind=ApplicantKind.ORGANISATION)
    firm = firm.with_value("applicant.number", CREDIT_CODE + uscc_check(CREDIT_CODE))
    assert fields(check(firm, item)) == ["representative.name", "representative.number"]


def test_an_agent_needs_name_number_phone_and_authority(shift, draft, item):
    assert fields(check(replace(draft, with_agent=True), item)) == [
        "agent.name",
        "agent.number",
        "agent.phone",
        "agent.authority",
    ]


def test_without_the_application_form_nothing_is_received(shift, draft, item):
    bare = replace(draft, materials={})
    assert fields(check(bare, item)) == ["materials"]


def test_a_page_without_a_material_is_asked_about(shift, draft, item):
    loose = intake.keep_page(shift, draft, b"\xff\xd8\xff", "image/jpeg")
    assert fields(check(loose, item)) == ["materials"]


def test_only_a_window_clerk_receives(shift_of, draft):
    with pytest.raises(Refusal):
        intake.receive(shift_of("guan"), draft)


def test_nobody_sees_another_persons_drafts(shift, shift_of, draft):
    intake.save_draft(shift, draft)
    assert intake.drafts(shift_of("guan")) == ()
