import uuid

import pytest
from msgspec.structs import replace

from onewindow_desk.demo import demo_plan
from onewindow_desk.domain.people import Role
from onewindow_desk.faults import Refusals
from onewindow_desk.opening import found_desk, open_desk
from onewindow_desk.services.administer import check_plan, found_street, street_settings
from onewindow_desk.store import Store, Writing


def test_founding_records_street_and_three_people(opened):
    roles = {person.login: person.roles for person in opened.store.people()}
    assert roles == {"guan": {Role.SYSTEM_ADMIN}, "an": {Role.SECURITY_ADMIN}, "wang": {Role.WINDOW}}
    assert street_settings(opened.store) == demo_plan().street
    kinds = [operation.kind for operation in opened.store.operations(None)]
    assert kinds == ["street_founded", "person_added", "person_added", "person_added"]


def test_a_complete_plan_has_nothing_to_put_right():
    assert check_plan(demo_plan()) == ()


def broken_plans():
    plan = demo_plan()
    yield "street.name", replace(plan, street=replace(plan.street, name=" "))
    yield "street.code", replace(plan, street=replace(plan.street, code="12"))
    yield "street.code", replace(plan, street=replace(plan.street, code="１２３"))
    yield "street.inquiry_phone", replace(plan, street=replace(plan.street, inquiry_phone=""))
    yield "series", replace(plan, series=0)
    yield "clerk.login", replace(plan, clerk=replace(plan.clerk, login="guan"))
    yield "clerk.password", replace(plan, clerk=replace(plan.clerk, password="short"))
    yield "system_admin.name", replace(plan, system_admin=replace(plan.system_admin, name="a\u202eb"))


@pytest.mark.parametrize(("field", "plan"), list(broken_plans()))
def test_a_broken_plan_is_refused_at_its_field_and_founds_nothing(field, plan, tmp_path, vault, clock):
    ids = (uuid.uuid4(), uuid.uuid4(), uuid.uuid4())
    with pytest.raises(Refusals) as refused:
        found_street(tmp_path, vault, plan, uuid.uuid4(), ids, clock)
    assert [blame.field for blame in refused.value.blames] == [field]
    assert not Store.exists(tmp_path)


def test_a_founding_cut_off_halfway_leaves_no_store_and_can_be_done_again(
    tmp_path, vault, clock, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr(Writing, "put_credential", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            found_desk(tmp_path, lambda: vault, clock, demo_plan())
    assert open_desk(tmp_path, lambda: vault, clock) is None
    desk = found_desk(tmp_path, lambda: vault, clock, demo_plan())
    assert street_settings(desk.store) == demo_plan().street
    desk.store.close()
