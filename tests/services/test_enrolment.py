"""Joining a central: what is said, what is kept where, and what is left when it does not come off."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from onewindow_desk.domain.access import Joined
from onewindow_desk.domain.exchange import Leased
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.services.enrolment import (
    Invitation,
    attach_desk,
    check_invitation,
    enrol_again,
    enrol_desk,
    login_at,
)
from onewindow_desk.settings import CENTRAL_CA, CentralAddress, load_desk_settings
from onewindow_desk.store import Store

PEM = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
SETTINGS = {
    "name": "样例街道", "authority": "样例街道办事处", "code": "116",
    "inquiry_phone": "000", "supervise_phone": "000", "sample": True,
}  # fmt: skip


class Gate:
    """Lets in whoever comes, and remembers what was said; `trouble` is raised after it was heard."""

    def __init__(self) -> None:
        self.said: list[Any] = []
        self.trouble: Exception | None = None
        self.street, self.login = "116", "owd_d_1"

    def __call__(self, address, authority: Path, ticket, joining) -> Joined:
        self.said.append((address, authority.read_bytes(), ticket, joining))
        if self.trouble is not None:
            raise self.trouble
        series = joining.attach.series if joining.attach else 77
        return Joined(
            login=self.login,
            leased=Leased(series=series, spare_series=(78, 79)),
            street=joining.attach.street if joining.attach else self.street,
            street_settings=SETTINGS,
            label=joining.label,
            scope=("window",),
        )


def login(folder, vault):
    """The desk's login as the settings and the vault have it."""
    address = load_desk_settings(folder).central
    assert address is not None
    return login_at(address, vault)


@pytest.fixture
def gate():
    return Gate()


@pytest.fixture
def invitation():
    address = CentralAddress(hosts=("central.example:5432",), database="onewindow")
    return Invitation(address=address, authority=PEM, ticket=" T-1 ", label="2 号窗口")


def test_a_new_desk_has_a_store_of_its_street_and_a_login_in_the_vault(
    tmp_path, vault, invitation, gate, clock
):
    folder = tmp_path / "desk"
    with enrol_desk(folder, vault, invitation, gate, clock) as store:
        assert store.attached
        assert store.settings()["name"] == "样例街道"
        assert store.link().series == 77
        assert store.people() == ()
        said = gate.said[0][3]
        assert (said.replica, said.public_key) == (store.replica, store.public_key())
    assert said.attach is None
    settings = load_desk_settings(folder)
    assert settings.window == "2 号窗口"
    assert login(folder, vault).name == "owd_d_1"
    assert (folder / CENTRAL_CA).read_bytes() == PEM
    assert gate.said[0][2] == "T-1"


def test_the_password_leaves_the_desk_only_as_a_verifier(tmp_path, vault, invitation, gate, clock):
    enrol_desk(tmp_path / "desk", vault, invitation, gate, clock).close()
    password = login(tmp_path / "desk", vault).password
    assert len(password) > 30
    assert password not in repr(gate.said)
    assert gate.said[0][3].verifier.startswith("SCRAM-SHA-256$")
    assert password not in (tmp_path / "desk" / "desk.json").read_text()


def test_who_is_not_let_in_has_no_store(tmp_path, vault, invitation, gate, clock):
    gate.trouble = Refusal("接入码不对。")
    with pytest.raises(Refusal, match="接入码"):
        enrol_desk(tmp_path / "desk", vault, invitation, gate, clock)
    assert not Store.exists(tmp_path / "desk")


def test_a_street_brings_its_history_its_series_and_its_street(opened, vault, invitation, gate):
    end = opened.store.exchange.end()
    attach_desk(opened.store, vault, invitation, gate)
    brought = gate.said[0][3].attach
    assert (brought.last_seq, brought.last_hash) == (end.last_seq, end.last_hash)
    assert (brought.series, brought.street) == (12, "115")
    assert opened.store.attached
    assert opened.store.unsent_count() == end.last_seq


def test_a_lost_answer_is_asked_for_again_with_the_same_password(opened, vault, invitation, gate):
    gate.trouble = Unreachable("no answer")
    with pytest.raises(Unreachable):
        attach_desk(opened.store, vault, invitation, gate)
    assert not opened.store.attached
    gate.trouble = None
    before = dict(vault)
    attach_desk(opened.store, vault, invitation, gate)
    assert set(vault) == set(before)
    assert any(login(opened.folder, vault).password.encode() in secret for secret in before.values())


def test_a_desk_of_a_central_joins_no_second_one(opened, vault, invitation, gate):
    attach_desk(opened.store, vault, invitation, gate)
    with pytest.raises(Refusal, match="已经接入"):
        attach_desk(opened.store, vault, invitation, gate)


@pytest.fixture
def joined(tmp_path, vault, invitation, gate, clock):
    """A desk of a central."""
    with enrol_desk(tmp_path / "desk", vault, invitation, gate, clock) as store:
        yield store


def test_a_desk_comes_back_as_a_new_enrolment(joined, vault, invitation, gate):
    before = joined.replica
    enrol_again(joined, vault, invitation, gate)
    said = gate.said[1][3]
    assert (said.replica, said.public_key) == (joined.replica, joined.public_key())
    assert joined.replica != before
    assert said.attach is None


@pytest.mark.parametrize("trouble", [Refusal("接入码不对。"), Unreachable("no answer")])
def test_who_is_not_let_in_again_stays_as_they_were(joined, vault, invitation, gate, trouble):
    before = (joined.replica, login(joined.folder, vault), load_desk_settings(joined.folder))
    gate.trouble = trouble
    elsewhere = CentralAddress(hosts=("elsewhere.example:5432",))
    with pytest.raises(type(trouble)):
        enrol_again(joined, vault, replace(invitation, address=elsewhere, authority=PEM + b"\n"), gate)
    assert (joined.replica, login(joined.folder, vault), load_desk_settings(joined.folder)) == before
    assert (joined.folder / CENTRAL_CA).read_bytes() == PEM


def test_a_desk_does_not_come_back_into_another_street(joined, vault, invitation, gate):
    before = (joined.replica, login(joined.folder, vault).name)
    gate.street, gate.login = "117", "owd_d_2"
    with pytest.raises(Refusal, match="别的街道"):
        enrol_again(joined, vault, invitation, gate)
    assert (joined.replica, login(joined.folder, vault).name) == before


def test_a_street_that_works_alone_has_nothing_to_come_back_to(opened, vault, invitation, gate):
    with pytest.raises(Refusal, match="还没有接入过"):
        enrol_again(opened.store, vault, invitation, gate)
    assert not gate.said


@pytest.mark.parametrize(
    ("part", "value", "field"),
    [
        ("address", CentralAddress(hosts=()), "server"),
        ("address", CentralAddress(hosts=("central",)), "server"),
        ("address", CentralAddress(hosts=("central:0",)), "server"),
        ("address", CentralAddress(hosts=("cent ral:5432",)), "server"),
        ("authority", b"not a certificate", "authority"),
        ("ticket", "  ", "ticket"),
        ("label", "", "label"),
    ],
)
def test_what_cannot_be_an_invitation_is_refused_by_its_field(invitation, part, value, field):
    with pytest.raises(Refusal) as refused:
        check_invitation(replace(invitation, **{part: value}))
    assert refused.value.field == field


def test_a_vault_that_lost_the_login_says_what_to_do(vault):
    with pytest.raises(Refusal, match="重新登记"):
        login_at(CentralAddress(hosts=("central:5432",), login="central-login gone"), vault)
