from onewindow_desk.domain.case import ApplicantKind
from onewindow_desk.services.intake_checks import check
from onewindow_desk.workspaces.intake import edits, form
from onewindow_desk.workspaces.intake.form import Editor


def test_a_person_and_an_organisation_are_asked_different_things(state, item):
    state.choose(item)
    person = {field.key for field in form.fields(state.draft, item)}
    firm = {field.key for field in form.fields(edits.set_kind(state.draft, ApplicantKind.ORGANISATION), item)}
    assert "representative.number" in firm - person
    assert "applicant.identity_type" in person - firm


def test_whoever_came_is_asked_only_when_somebody_did(state, item):
    without = {field.key for field in form.fields(state.draft, item)}
    with_agent = {field.key for field in form.fields(edits.set_agent(state.draft, True), item)}
    assert with_agent - without == {
        "agent.name",
        "agent.phone",
        "agent.identity_type",
        "agent.number",
        "agent.authority",
    }


def test_every_fault_of_any_item_has_a_field_or_a_place_to_go_to(state, shift):
    for item in shift.rules.catalogue.items:
        for kind in ApplicantKind:
            draft = edits.set_agent(edits.set_kind(edits.choose_item(state.draft, item), kind), True)
            named = form.names(draft, item)
            assert {blame.field for blame in check(draft, item)} <= set(named)


def test_numbers_of_people_are_hidden_and_codes_of_firms_are_not(state, item):
    draft = edits.set_agent(edits.set_kind(state.draft, ApplicantKind.ORGANISATION), True)
    editors = {field.key: field.editor for field in form.fields(draft, item)}
    assert editors["representative.number"] is editors["agent.number"] is Editor.SECRET
    assert editors["applicant.number"] is Editor.CODE


def test_halves_share_a_row_and_a_kind_stands_before_its_number(state, item):
    rows = [tuple(field.key for field in row) for row in form.rows(form.fields(state.draft, item))]
    assert ("applicant.name", "applicant.phone") in rows
    assert ("applicant.identity_type", "applicant.number") in rows
    assert ("applicant.address",) in rows
    assert all(len(row) <= 2 for row in rows)


def test_units_and_optional_fields_say_so(shift):
    fields = [field for item in shift.rules.catalogue.items for field in form.fields_of_item(item)]
    assert any(field.unit == "平方米" for field in fields)
    assert any(field.optional for field in fields)
    assert all(field.choices[0] == ("", "请选择") for field in fields if field.editor is Editor.CHOICE)
