"""Verifiers and tries: local, durable, replaced whole."""

from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.store import Credential, Store

WANG = UUID(int=1)
FRESH = Credential(verifier="argon2id", wrapped_key=b"wrapped")


def test_tries_survive_a_restart_and_end_with_a_reset(store, folder, vault, clock):
    store.credentials.put(WANG, FRESH)
    until = clock.now + timedelta(minutes=15)
    store.credentials.note_failure(WANG, locked_until=None)
    store.credentials.note_failure(WANG, locked_until=until)
    store.close()
    with Store.open(folder, vault) as again:
        assert again.credentials.get(WANG) == replace(FRESH, tries=2, locked_until=until)
        again.credentials.reset(WANG)
        assert again.credentials.get(WANG) == FRESH


def test_a_new_credential_replaces_the_old_one(store):
    store.credentials.put(WANG, FRESH)
    store.credentials.note_failure(WANG, locked_until=None)
    fresh = Credential(verifier="other", wrapped_key=b"new")
    store.credentials.put(WANG, fresh)
    assert store.credentials.get(WANG) == fresh


def test_nobody_has_none(store):
    assert store.credentials.get(WANG) is None


def test_person_and_credential_come_in_one_transaction(store, signer):
    payload = {"person_id": str(WANG), "login": "wang", "name": "王样", "roles": ["window"]}
    with store.transaction(signer) as writing:
        writing.perform(NewOperation(kind="person_added", payload=payload))
        writing.put_credential(WANG, FRESH)
    assert store.credentials.get(store.person("wang").person_id) == FRESH


def test_printing_shows_no_key():
    assert "wrapped" not in repr(FRESH)


def test_the_last_proof_at_the_central_is_remembered(store, clock):
    store.credentials.put(WANG, FRESH)
    store.credentials.note_online(WANG, clock.now)
    store.credentials.reset(WANG)
    assert store.credentials.get(WANG).online_at == clock.now
