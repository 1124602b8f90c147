"""People, settings and settlements of a street: from operations, from the central's rows, in order."""

from uuid import UUID

import pytest

from onewindow_desk.domain.exchange import What
from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.domain.people import Role
from onewindow_desk.faults import Refusal


@pytest.fixture
def perform(signer):
    def run(store, kind, payload=None, case_id=None, **facts):
        new = NewOperation(kind=kind, case_id=case_id, envelope=facts, payload=payload or {})
        with store.transaction(signer) as writing:
            return writing.perform(new)

    return run


def _person(number, login, *roles):
    return {
        "person_id": str(UUID(int=number)),
        "login": login,
        "name": "王样",
        "roles": list(roles or ["window"]),
    }


def test_the_centrals_people_are_ours(desk, street_feed):
    store = desk(1)
    street_feed.person(**_person(1, "wang", "window", "of_tomorrow"))
    street_feed.person(**_person(2, "li", "reviewer"), active=False)
    changes = store.exchange.absorb(street_feed.after(store))
    assert changes.people
    assert [(person.login, person.roles, person.active) for person in store.people()] == [
        ("li", {Role.REVIEWER}, False),
        ("wang", {Role.WINDOW}, True),
    ]
    street_feed.person(**_person(1, "wang-wu", "decider"))
    street_feed.pull(store)
    assert store.person("wang") is None
    assert store.person("wang-wu").roles == {Role.DECIDER}
    assert store.compare().equal


def test_who_came_with_a_desks_history_keeps_login_and_name(desk, street_feed, perform):
    store = desk(1)
    perform(store, "person_added", _person(1, "wang"))
    street_feed.take_all(store)
    street_feed.told(What.PERSON, b'{"person_id":"%s","roles":["reviewer"]}' % str(UUID(int=1)).encode())
    street_feed.told(What.PERSON, b'{"person_id":"%s","roles":[]}' % str(UUID(int=2)).encode())
    street_feed.pull(store)
    (person,) = store.people()
    assert (person.login, person.name, person.roles) == ("wang", "王样", {Role.REVIEWER})


def test_two_people_of_one_login_both_stay_usable(desk, street_feed, perform):
    ours, theirs = desk(1), desk(2)
    perform(ours, "person_added", _person(1, "wang"))
    perform(theirs, "person_added", _person(2, "wang"))
    street_feed.take_all(theirs)
    street_feed.pull(ours)
    assert ours.person("wang").person_id == UUID(int=2)
    assert ours.person("wang-2").person_id == UUID(int=1)
    street_feed.take_all(ours)
    street_feed.pull(ours, theirs)
    assert ours.people() == theirs.people()
    with pytest.raises(Refusal, match="登录名"):
        perform(ours, "person_added", _person(3, "wang-2"))
    assert ours.compare().equal


def test_rows_and_operations_take_effect_in_the_feeds_order(desk, street_feed, perform):
    store = desk(1)
    perform(store, "person_added", _person(1, "wang", "window"))
    street_feed.take_all(store)
    street_feed.person(**_person(1, "wang", "reviewer"))
    street_feed.pull(store)
    assert store.person("wang").roles == {Role.REVIEWER}
    perform(store, "person_changed", _person(1, "wang", "handler"))
    street_feed.person(**_person(1, "wang", "decider"))
    street_feed.pull(store)
    assert store.person("wang").roles == {Role.HANDLER}
    street_feed.take_all(store, "rejected", "role")
    street_feed.pull(store)
    assert store.person("wang").roles == {Role.DECIDER}
    assert [entry.kind for entry in store.attention()] == ["person_changed"]
    assert store.compare().equal


def test_a_setting_of_another_desk_comes_under_our_own_that_waits(desk, street_feed, perform):
    ours, theirs = desk(1), desk(2)
    perform(ours, "setting_changed", {"name": "hours", "value": "9-17"})
    perform(theirs, "setting_changed", {"name": "hours", "value": "8-16"})
    street_feed.take_all(theirs)
    street_feed.pull(ours, theirs)
    assert (ours.settings(), theirs.settings()) == ({"hours": "9-17"}, {"hours": "8-16"})
    street_feed.take_all(ours)
    street_feed.pull(ours, theirs)
    assert ours.settings() == theirs.settings() == {"hours": "9-17"}


def test_damaged_content_of_another_desk_changes_nothing(desk, street_feed, perform, signer):
    ours, theirs = desk(1), desk(2)
    perform(theirs, "signed_in")
    street_feed.take_all(theirs)
    for row in (b"{", b'{"person_id":1}'):
        street_feed.told(What.PERSON, row)
    street_feed.pull(ours)
    assert ours.people() == ()
    assert [made.kind for made in ours.operations(None)] == ["signed_in"]


@pytest.fixture
def refused(desk, street_feed, perform, signer, act, today):
    """Two desks; the first one's receipt was refused, and both know."""
    ours, theirs = desk(1), desk(2)
    with ours.transaction(signer) as writing:
        made = writing.perform(act(writing.next_receipt_no(today), UUID(int=5)))
    street_feed.take_all(ours, "rejected", "role")
    street_feed.pull(ours, theirs)
    return ours, theirs, made.head.op_id


def _settle(perform, store, op_id, how, reason=""):
    perform(store, "attention_settled", {"reason": reason}, op_id=str(op_id), how=how, case=None)


def test_what_was_settled_is_off_the_list(refused, perform, street_feed):
    ours, _, op_id = refused
    _settle(perform, ours, op_id, "withdrawn")
    assert ours.attention() == ()
    assert ours.link().attention == 0
    street_feed.take_all(ours)
    street_feed.pull(ours)
    assert ours.attention() == ()


def test_a_settlement_that_is_refused_puts_it_back(refused, perform, street_feed):
    ours, _, op_id = refused
    _settle(perform, ours, op_id, "withdrawn")
    street_feed.take_all(ours, "rejected", "role")
    street_feed.pull(ours)
    assert [entry.kind for entry in ours.attention()] == ["receive", "attention_settled"]


def test_what_is_given_to_a_supervisor_shows_at_every_desk(refused, perform, street_feed):
    ours, theirs, op_id = refused
    _settle(perform, ours, op_id, "escalated", "请看一下")
    street_feed.take_all(ours)
    street_feed.pull(ours, theirs)
    (here,), (there,) = ours.attention(), theirs.attention()
    assert (here.how, here.note, here.own) == ("escalated", "请看一下", True)
    assert (there.op_id, there.how, there.own, there.verdict, there.reason) == (
        op_id, "escalated", False, "rejected", "role",
    )  # fmt: skip
    _settle(perform, theirs, op_id, "redone")
    street_feed.take_all(theirs)
    street_feed.pull(ours, theirs)
    assert ours.attention() == theirs.attention() == ()
    assert ours.compare().equal


def test_a_desk_that_lost_its_store_gets_its_refused_work_back(
    desk, signer, act, today, street_feed, perform
):
    old = desk(1, name="window-1")
    for number in (5, 6):
        with old.transaction(signer) as writing:
            writing.perform(act(writing.next_receipt_no(today), UUID(int=number)))
    rows = street_feed.take_all(old, "rejected", "role")
    _settle(perform, old, rows[0].op_id, "withdrawn")
    street_feed.take_all(old)
    new, other = desk(2, name="window-1"), desk(3, name="window-3")
    street_feed.pull(new, other, page=2)
    assert [(entry.op_id, entry.own) for entry in new.attention()] == [(rows[1].op_id, True)]
    assert other.attention() == ()


def test_what_is_applied_after_all_needs_nobody(refused, perform, street_feed):
    ours, theirs, op_id = refused
    _settle(perform, ours, op_id, "escalated")
    street_feed.take_all(ours)
    row = next(row for row in street_feed.rows if row.op_id == op_id)
    street_feed.again(row, "applied")
    street_feed.pull(ours, theirs)
    assert ours.attention() == theirs.attention() == ()
    assert len(ours.cases()) == len(theirs.cases()) == 1


def test_the_list_of_the_unsent_says_what_a_person_asks(desk, signer, act, today, street_feed, clock):
    store = desk(1)
    for number in (1, 2):
        with store.transaction(signer) as writing:
            writing.perform(act(writing.next_receipt_no(today), UUID(int=number), name=f"样{number}"))
        clock.forward(minutes=5)
    store.exchange.acknowledge(1)
    newest, oldest = store.unsent()
    assert (newest.applicant_name, newest.state, oldest.state) == ("样2", "queued", "sent")
    assert newest.receipt_no == store.case(UUID(int=2)).receipt_no
    assert (newest.kind, newest.printed) == ("receive", False)
    assert store.oldest_unsent() == oldest.at == clock.now.replace(minute=0)
    assert store.unsent(limit=1) == (newest,)
    link = store.link()
    assert (link.unsent, link.oldest_unsent) == (2, oldest.at)


def test_a_printed_receipt_is_marked_among_the_unsent(desk, signer, act, today, perform):
    store = desk(1)
    page = store.papers.put(b"receipt")
    with store.transaction(signer) as writing:
        writing.perform(act(writing.next_receipt_no(today), UUID(int=1)))
        paper = {"document": "material_receipt", "sha256": page, "printer": "样例打印机"}
        writing.perform(NewOperation(kind="paper_sent", case_id=UUID(int=1), payload=paper))
        writing.perform(NewOperation(kind="paper_confirmed", case_id=UUID(int=1), payload=paper))
    assert {row.printed for row in store.unsent()} == {True}


def test_a_store_of_its_own_has_nothing_unsent(store, receive):
    receive(store)
    assert store.unsent() == ()
    assert (store.unsent_count(), store.oldest_unsent()) == (0, None)
    assert not store.link().attached
