"""One way in: an operation, what it folds into, all durable or nothing."""

import hmac
import threading
from uuid import UUID

import pytest
from msgspec import json

from onewindow_desk.domain.operation import NewOperation, desk_statement
from onewindow_desk.domain.states import State
from onewindow_desk.faults import Fault, Refusal
from onewindow_desk.store import Store


def test_what_was_performed_is_there_after_reopening(store, folder, vault, clock, receive):
    case_id = receive(store, name="沈样真")
    store.close()
    with Store.open(folder, vault, clock=clock) as again:
        assert again.case(case_id).state is State.RECEIVED
        assert again.cases()[0].applicant_name == "沈样真"
        assert [operation.kind for operation in again.operations(case_id)] == ["receive"]


def test_operation_carries_replica_seq_author_and_time(store, receive, signer, clock):
    first, second = receive(store), receive(store)
    made = [store.operations(case_id)[0] for case_id in (first, second)]
    heads = [operation.head for operation in made]
    assert [operation.seq for operation in made] == [1, 2]
    assert {operation.replica for operation in made} == {UUID(int=7)}
    assert {head.author for head in heads} == {signer.person_id}
    assert {head.at for head in heads} == {clock.now}
    assert heads[0].op_id.version == 7
    with store._reading() as connection:
        links = connection.exec_driver_sql("SELECT prev, hash FROM operation ORDER BY seq").all()
    assert links[0].prev == "0" * 64
    assert links[1].prev == links[0].hash


def test_an_exception_leaves_nothing(store, signer, act, today):
    case_id = UUID(int=1)

    def broken_off():
        with store.transaction(signer) as writing:
            writing.perform(act(writing.next_receipt_no(today), case_id))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert store.cases() == ()
    assert store.last_receipt_no() == ""
    with pytest.raises(Refusal, match="没有这个办件"):
        store.case(case_id)


def test_a_refused_operation_leaves_nothing_though_the_transaction_goes_on(store, signer, act, today):
    with store.transaction(signer) as writing:
        number = writing.next_receipt_no(today)
        with pytest.raises(Refusal):
            writing.perform(NewOperation(kind="accept", case_id=UUID(int=1), base=0))
        writing.perform(act(number, UUID(int=2)))
    assert store.operations(UUID(int=1)) == ()
    assert store.operations(UUID(int=2))[0].seq == 1
    assert store.verify_rest().sound


def test_a_case_is_received_once(store, receive, signer, act, today):
    case_id = receive(store)
    with pytest.raises(Refusal), store.transaction(signer) as writing:
        writing.perform(act(writing.next_receipt_no(today), case_id))
    assert len(store.operations(case_id)) == 1


def test_a_receipt_number_is_never_used_twice(store, receive, signer, act):
    number = store.case(receive(store)).receipt_no
    with pytest.raises(Fault, match="twice"), store.transaction(signer) as writing:
        writing.perform(act(number, UUID(int=2)))


def test_changes_name_what_views_must_read_anew(store, signer, act, today):
    with store.transaction(signer) as writing:
        writing.perform(act(writing.next_receipt_no(today), UUID(int=1)))
        writing.perform(NewOperation(kind="setting_changed", payload={"name": "hours", "value": "9-17"}))
    assert writing.changes.cases == {UUID(int=1)}
    assert writing.changes.settings
    assert not writing.changes.people


def test_the_case_is_readable_inside_the_transaction(store, signer, act, today):
    with store.transaction(signer) as writing:
        writing.perform(act(writing.next_receipt_no(today), UUID(int=1)))
        assert writing.case(UUID(int=1)).version == 1
        assert store.cases() == ()


def test_an_operation_naming_a_missing_file_is_ours_to_mend(store, signer, act, today):
    with pytest.raises(Fault, match="not on the disk"), store.transaction(signer) as writing:
        writing.perform(act(writing.next_receipt_no(today), UUID(int=1), pages=["ab" * 32]))
    assert store.cases() == ()


def test_an_operation_naming_a_kept_file_is_recorded(store, receive):
    address = store.scans.put(b"scan")
    assert store.case(receive(store, pages=[address])).materials[0].pages[0].sha256 == address


def test_the_log_can_only_grow(store, receive):
    receive(store)
    with store._writing() as connection:
        for statement in ("UPDATE operation SET kind = 'x'", "DELETE FROM operation"):
            with pytest.raises(Exception, match="only ever added"):
                connection.exec_driver_sql(statement)


def test_both_signatures_cover_the_stored_bytes(store, receive, signer):
    receive(store)
    with store._reading() as connection:
        row = connection.exec_driver_sql("SELECT head, hash, desk_signature, person_mac FROM operation").one()
    store._keys.desk_public.verify(row.desk_signature, desk_statement(row.hash))
    assert hmac.digest(signer.mac_key, row.head, "sha256") == row.person_mac
    assert json.decode(row.head)["alg"] == {
        "desk": "ed25519", "hash": "sha-256", "payload": "zstd-1", "person": "hmac-sha-256",
    }  # fmt: skip


def test_nothing_personal_stands_in_the_head(store, receive):
    receive(store, name="钱样安")
    with store._reading() as connection:
        head = connection.exec_driver_sql("SELECT head FROM operation").scalar_one()
    assert "钱样安" not in head.decode()
    assert b"320115" not in head


def test_nothing_personal_stands_readable_on_the_disk(store, receive, folder):
    address = store.scans.put("钱样安".encode() * 100)
    receive(store, name="钱样安", pages=[address])
    on_disk = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert "钱样安".encode() not in on_disk
    assert b"320115199001010016" not in on_disk
    assert not any(address[:8] in path.name for path in folder.rglob("*"))


def test_two_threads_write_one_after_the_other(store, receive):
    threads = [threading.Thread(target=lambda: [receive(store) for _ in range(5)]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [operation.seq for row in store.cases() for operation in store.operations(row.case_id)] == [
        *range(15, 0, -1)
    ]
    assert store.verify_rest().sound


def test_signers_and_credentials_print_without_their_keys(signer):
    assert "kkkk" not in repr(signer)
