"""People and settings, lists, and folding everything anew."""

from datetime import timedelta
from uuid import UUID

import pytest

from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.domain.people import Person, Role
from onewindow_desk.domain.states import State
from onewindow_desk.faults import Fault, Refusal

WANG = Person(person_id=UUID(int=1), login="wang", name="王样", roles=frozenset({Role.WINDOW}))


def _perform(store, signer, kind, payload):
    with store.transaction(signer) as writing:
        writing.perform(NewOperation(kind=kind, payload=payload))


def _person(number, login, **other):
    roles = other.pop("roles", ["window"])
    return {"person_id": str(UUID(int=number)), "login": login, "name": "王样", "roles": roles, **other}


def test_people_are_added_and_changed_by_operation(store, signer):
    _perform(store, signer, "person_added", _person(1, "wang"))
    assert store.person("wang") == WANG
    _perform(store, signer, "person_changed", _person(1, "wang2", active=False))
    assert store.person("wang") is None
    assert [person.active for person in store.people()] == [False]


def test_a_login_in_use_is_refused_at_its_field(store, signer):
    _perform(store, signer, "person_added", _person(1, "wang"))
    with pytest.raises(Refusal, match="请换一个登录名") as refused:
        _perform(store, signer, "person_added", _person(2, "wang"))
    assert refused.value.field == "login"


def test_a_payload_that_is_no_person_is_ours_to_mend(store, signer):
    with pytest.raises(Fault, match="person_added"):
        _perform(store, signer, "person_added", {"login": "x"})
    with pytest.raises(Fault, match="setting_changed"):
        _perform(store, signer, "setting_changed", {"name": 3})


def test_settings_begin_with_the_founding_and_change_by_name(store, signer):
    _perform(store, signer, "street_founded", {"name": "样例街道", "sample": True})
    _perform(store, signer, "setting_changed", {"name": "name", "value": "新样街道"})
    _perform(store, signer, "signed_in", {"any": 1})
    assert store.settings() == {"name": "新样街道", "sample": True}
    assert [operation.kind for operation in store.operations(None)] == [
        "street_founded",
        "setting_changed",
        "signed_in",
    ]


def test_lists_are_newest_first_and_filtered(store, receive, clock):
    first, second = receive(store), receive(store, at=clock.now + timedelta(days=1))
    assert [row.case_id for row in store.cases()] == [second, first]
    assert [row.case_id for row in store.cases(limit=1)] == [second]
    assert [row.case_id for row in store.cases(since=clock.now + timedelta(hours=1))] == [second]
    assert store.cases(states=frozenset({State.ACCEPTED})) == ()
    assert len(store.cases(states=frozenset({State.RECEIVED, State.ACCEPTED}))) == 2


def test_a_row_shows_what_the_case_says(store, receive, clock):
    page = store.scans.put(b"page")
    case = store.case(receive(store, name="沈样真", pages=[page, page]))
    (row,) = store.cases()
    assert (row.receipt_no, row.item_name, row.received_at) == (case.receipt_no, case.item_name, clock.now)
    assert (row.applicant_name, row.pages, row.version, row.state) == ("沈样真", 2, 1, State.RECEIVED)
    assert store.folded() == (case,)


def test_rebuilding_an_honest_store_changes_nothing(store, receive, signer):
    _perform(store, signer, "person_added", _person(1, "wang"))
    _perform(store, signer, "street_founded", {"name": "样例街道"})
    for _ in range(3):
        receive(store, pages=[store.scans.put(b"page")])
    before = store.cases()
    report = store.rebuild()
    assert report.equal
    assert report.operations == 5
    assert store.cases() == before
    assert len(store.find("样安")) == 3


@pytest.mark.parametrize(
    ("damage", "table"),
    [
        ("UPDATE case_view SET state = 'granted'", "case_view"),
        ("DELETE FROM case_view", "case_view"),
        ("DELETE FROM case_file", "case_file"),
        ("UPDATE person_view SET login = 'other'", "person_view"),
        ("INSERT INTO setting_view VALUES ('x', '1')", "setting_view"),
    ],
)
def test_rebuilding_names_the_table_that_was_changed_and_mends_it(store, receive, signer, damage, table):
    _perform(store, signer, "person_added", _person(1, "wang"))
    receive(store, pages=[store.scans.put(b"page")])
    truth = store.cases(), store.people(), store.settings()
    with store._writing() as connection:
        connection.exec_driver_sql(damage)
    assert set(store.rebuild().differing) == {table}
    assert (store.cases(), store.people(), store.settings()) == truth
    assert store.rebuild().equal
