"""Signing in over a line: proven at the central, here while it is down, and never without either."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest

from onewindow_desk.central.proof import client_key, new_stretching, proof, secret_of
from onewindow_desk.demo import DEMO_LOGIN, DEMO_PASSWORD
from onewindow_desk.domain.access import Challenge, Proven, Secret
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.services.presence import OFFLINE_FOR, sign_in_attached

NEW_PASSWORD = "another-good-password"


@dataclass
class Central:
    """A central that knows secrets and keys, and a line to it that may be down."""

    secrets: dict[UUID, Secret] = field(default_factory=dict)
    keys: dict[UUID, bytes | None] = field(default_factory=dict)
    up: bool = True
    nonce: bytes = b""
    proofs: int = 0

    def ask(self, question, seconds):
        assert seconds > 0
        if not self.up:
            raise Unreachable("down")
        return question(self)

    def challenge(self, replica, person):  # noqa: ARG002 - as the central has it
        self.nonce = bytes([self.proofs]) * 16
        known = self.secrets.get(person)
        return Challenge(
            known=known is not None,
            stretching=known.stretching if known else new_stretching(),
            nonce=self.nonce,
        )

    def prove_person(self, replica, person, proof, key_id, key):  # noqa: ARG002
        mask = self._mask(person, replica)
        given = bytes(a ^ b for a, b in zip(proof, mask, strict=True))
        self.proofs += 1
        if _stored(given) != self.secrets[person].stored_key:
            raise Refusal("登录名或口令不符。", field="password")
        self.keys[person] = key
        return Proven(person=None, valid_until=None)  # type: ignore[arg-type]  # nobody looks at it here

    def new_secret(self, replica, person, secret):  # noqa: ARG002
        self.secrets[person] = secret

    def leave(self, replica):
        """Nobody asks."""

    def _mask(self, person, replica):
        import hmac

        return hmac.digest(
            self.secrets[person].stored_key, self.nonce + person.bytes + replica.bytes, "sha256"
        )


def _stored(key: bytes) -> bytes:
    import hashlib

    return hashlib.sha256(key).digest()


@pytest.fixture
def store(opened):
    return opened.store


@pytest.fixture
def wang(store):
    return store.person(DEMO_LOGIN)


@pytest.fixture
def central(wang):
    return Central(secrets={wang.person_id: secret_of(DEMO_PASSWORD, new_stretching())})


def test_the_fake_central_checks_what_the_real_one_does(central, wang, store):
    challenge = central.challenge(store.replica, wang.person_id)
    key = client_key(DEMO_PASSWORD, challenge.stretching)
    answer = proof(key, challenge.nonce, wang.person_id, store.replica)
    central.prove_person(store.replica, wang.person_id, answer, "", None)
    assert central.proofs == 1


def test_who_is_proven_signs_with_a_key_the_central_knows(store, central, wang, clock):
    present = sign_in_attached(store, central, DEMO_LOGIN, DEMO_PASSWORD, clock())
    assert present.person == wang
    assert central.keys[wang.person_id] == present.signer.mac_key
    assert store.credentials.get(wang.person_id).online_at == clock()


def test_a_wrong_password_is_the_centrals_to_refuse(store, central, clock):
    with pytest.raises(Refusal, match="口令不符"):
        sign_in_attached(store, central, DEMO_LOGIN, NEW_PASSWORD, clock())


def test_the_first_sign_in_gives_a_founder_of_the_street_a_secret(store, clock, wang):
    central = Central()
    sign_in_attached(store, central, DEMO_LOGIN, DEMO_PASSWORD, clock())
    assert wang.person_id in central.secrets
    central.up = True
    sign_in_attached(store, central, DEMO_LOGIN, DEMO_PASSWORD, clock())
    assert central.proofs == 2


def test_nobody_gets_a_first_secret_with_a_wrong_password(store, clock):
    central = Central()
    with pytest.raises(Refusal):
        sign_in_attached(store, central, DEMO_LOGIN, NEW_PASSWORD, clock())
    assert not central.secrets


def test_a_password_changed_elsewhere_is_taken_over_here(store, central, wang, clock):
    central.secrets[wang.person_id] = secret_of(NEW_PASSWORD, new_stretching())
    first = sign_in_attached(store, central, DEMO_LOGIN, NEW_PASSWORD, clock())
    central.up = False
    second = sign_in_attached(store, central, DEMO_LOGIN, NEW_PASSWORD, clock())
    assert second.signer == first.signer


def test_while_the_line_is_down_the_desk_checks_by_itself(store, central, wang, clock):
    sign_in_attached(store, central, DEMO_LOGIN, DEMO_PASSWORD, clock())
    central.up = False
    present = sign_in_attached(store, central, DEMO_LOGIN, DEMO_PASSWORD, clock())
    assert present.person == wang
    assert present.key is None
    with pytest.raises(Refusal, match="还可以试"):
        sign_in_attached(store, central, DEMO_LOGIN, NEW_PASSWORD, clock())


def test_after_seven_days_without_proof_the_line_is_needed(store, central, clock):
    sign_in_attached(store, central, DEMO_LOGIN, DEMO_PASSWORD, clock())
    central.up = False
    sign_in_attached(store, central, DEMO_LOGIN, DEMO_PASSWORD, clock() + OFFLINE_FOR)
    with pytest.raises(Refusal, match="7 天"):
        sign_in_attached(
            store, central, DEMO_LOGIN, DEMO_PASSWORD, clock() + OFFLINE_FOR + timedelta(seconds=1)
        )


def test_who_came_with_an_attached_store_has_seven_days_for_a_first_proof(store, central, notary, clock):
    notary.attach(store)
    central.up = False
    sign_in_attached(store, central, DEMO_LOGIN, DEMO_PASSWORD, clock() + OFFLINE_FOR)
    with pytest.raises(Refusal, match="7 天"):
        sign_in_attached(
            store, central, DEMO_LOGIN, DEMO_PASSWORD, clock() + OFFLINE_FOR + timedelta(seconds=1)
        )


def test_on_a_new_connection_the_person_proves_it_again(store, central, clock):
    present = sign_in_attached(store, central, DEMO_LOGIN, DEMO_PASSWORD, clock())
    present.prove(central, store.replica)
    assert central.proofs == 2
    assert "key" not in repr(present)


def test_an_unknown_name_is_refused_like_a_wrong_password(store, central, clock):
    with pytest.raises(Refusal, match="登录名或口令不符"):
        sign_in_attached(store, central, "nobody", DEMO_PASSWORD, clock())
    assert central.proofs == 0
