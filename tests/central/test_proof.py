"""What proves a password, checked the way the central checks it."""

import hashlib
import hmac
from uuid import UUID

import psycopg
import pytest
from private_postgres import Cluster
from psycopg.conninfo import make_conninfo

from onewindow_desk.central.proof import client_key, login_verifier, new_stretching, proof, secret_of
from onewindow_desk.domain.access import Stretching

PERSON, REPLICA, NONCE = UUID(int=1), UUID(int=2), b"n" * 32
CHEAP = Stretching(salt=b"s" * 16, memory_kib=64, passes=1, lanes=1)


def unmasked(answer: bytes, stored: bytes, nonce: bytes, person: UUID, replica: UUID) -> bytes:
    """The central's side: what the client key must have been."""
    mask = hmac.digest(stored, nonce + person.bytes + replica.bytes, hashlib.sha256)
    return bytes(a ^ b for a, b in zip(answer, mask, strict=True))


def test_a_proof_is_good_for_its_nonce_person_and_enrolment_alone():
    key = client_key("correct horse", CHEAP)
    stored = hashlib.sha256(key).digest()
    answer = proof(key, NONCE, PERSON, REPLICA)
    assert hashlib.sha256(unmasked(answer, stored, NONCE, PERSON, REPLICA)).digest() == stored
    for nonce, person, replica in (
        (b"m" * 32, PERSON, REPLICA),
        (NONCE, REPLICA, REPLICA),
        (NONCE, PERSON, PERSON),
    ):
        assert hashlib.sha256(unmasked(answer, stored, nonce, person, replica)).digest() != stored


def test_the_key_depends_on_password_and_salt():
    other = Stretching(salt=b"t" * 16, memory_kib=64, passes=1, lanes=1)
    assert len({client_key("a", CHEAP), client_key("b", CHEAP), client_key("a", other)}) == 3


def test_a_new_secret_has_its_own_salt_and_todays_costs():
    one, two = (secret_of("correct horse", new_stretching()) for _ in range(2))
    assert one.stretching.salt != two.stretching.salt
    assert (one.stretching.memory_kib, one.stretching.passes, one.stretching.lanes) == (65_536, 3, 4)
    assert one.stored_key == hashlib.sha256(client_key("correct horse", one.stretching)).digest()
    assert one.stored_key.hex() not in repr(one)


def test_postgresql_takes_the_verifier_for_its_own(cluster: Cluster):
    password = "8f0e1c5d3b2a49687f6e5d4c3b2a1908"
    cluster.sql(f"CREATE ROLE verified LOGIN PASSWORD '{login_verifier(password)}'")
    with psycopg.connect(cluster.dsn("verified", password)) as connection:
        assert connection.execute("SELECT session_user").fetchone() == ("verified",)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(make_conninfo(cluster.dsn("verified", password), password="another"))
    cluster.sql("DROP ROLE verified")
