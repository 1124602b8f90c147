"""A store that worked alone comes under a central with all that it holds."""

import pytest

from onewindow_desk.domain.exchange import Enrolled
from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.faults import Refusal
from onewindow_desk.store import Store

ENROLLED = Enrolled(
    series=12,
    street="115",
    label="1 号窗口",
    spare_series=(13,),
    street_settings={"name": "样例街道", "hours": "8-16"},
    scope=("all",),
)


@pytest.fixture
def alone(store, receive, signer):
    with store.transaction(signer) as writing:
        writing.perform(NewOperation(kind="street_founded", payload={"name": "旧名", "phone": "000"}))
    for data in (b"one", b"two"):
        receive(store, pages=[store.scans.put(data)])
    return store


def test_everything_waits_from_then_on(alone):
    assert not alone.attached
    assert alone.link().attached is False
    changes = alone.attach(ENROLLED)
    assert changes.settings
    assert alone.attached
    link = alone.link()
    assert (link.unsent, link.label, link.scope, link.spare_series) == (3, "1 号窗口", ("all",), (13,))
    assert [sealed.place.seq for sealed in alone.exchange.outgoing(9, 1 << 20)] == [1, 2, 3]
    alone.exchange.acknowledge(3)
    assert [file.size for file in alone.exchange.waiting_files(9)] == [3, 3]
    assert alone.verify_rest().sound
    assert alone.compare().equal


def test_the_centrals_settings_stand_over_the_founding(alone):
    alone.attach(ENROLLED)
    assert alone.settings() == {"name": "样例街道", "phone": "000", "hours": "8-16"}


def test_it_stays_attached(alone, folder, vault, clock):
    alone.attach(ENROLLED)
    since = alone.link().attached_at
    clock.forward(days=1)
    alone.attach(ENROLLED)
    alone.close()
    with Store.open(folder, vault, clock=clock) as again:
        assert again.attached
        assert again.link().attached_at == since


def test_what_comes_back_applied_leaves_the_cases_as_they_were(alone, street_feed):
    before = alone.cases(), alone.folded(), alone.operations(None)
    alone.attach(ENROLLED)
    street_feed.enrol(alone)
    street_feed.take_all(alone)
    street_feed.pull(alone, page=2)
    assert (alone.cases(), alone.folded(), alone.operations(None)) == before
    assert alone.unsent() == alone.attention() == ()
    assert alone.compare().equal


def test_new_files_wait_once_it_is_attached(alone, receive):
    alone.attach(ENROLLED)
    receive(alone, pages=[alone.scans.put(b"three")])
    alone.exchange.acknowledge(4)
    assert [file.size for file in alone.exchange.waiting_files(9)] == [3, 3, 5]


def test_a_desk_is_founded_from_a_prepared_key(tmp_path, vault, clock):
    prepared = Store.prepare(vault)
    with Store.found(
        tmp_path / "new", vault, prepared.replica, "115", 12, enrolled=ENROLLED, clock=clock
    ) as store:
        assert (store.replica, store.public_key()) == (prepared.replica, prepared.public_key)
        assert store.attached
        assert store.settings() == ENROLLED.street_settings
        assert store.operations(None) == ()
    with Store.open(tmp_path / "new", vault, clock=clock) as again:
        assert again.public_key() == prepared.public_key
    with pytest.raises(Refusal, match="已经有本机库"):
        Store.found(tmp_path / "new", vault, prepared.replica, "115", 12, clock=clock)
