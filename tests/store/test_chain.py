"""Format version 1: exact bytes, chained, signed twice; any change shows."""

import hashlib
import hmac
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from onewindow_desk.domain.operation import NewOperation, Place, link_hash
from onewindow_desk.faults import Fault
from onewindow_desk.store import Signer, chain, packing
from onewindow_desk.store.keys import ChainHead, StoreKeys

REPLICA = UUID("0192f0c1-2222-4333-8444-555566667777")
AT = datetime(2026, 9, 21, 4, 0, 0, 123456, tzinfo=UTC)
KEYS = StoreKeys(REPLICA, b"s" * 32, b"d" * 32)
SIGNER = Signer(person_id=UUID(int=3), person_key_id="0123456789abcdef", mac_key=b"m" * 32)
START = ChainHead()
NEW = NewOperation(
    kind="note", case_id=UUID(int=5), envelope={"b": 1, "a": "样"}, payload={"text": "样例备注"}
)


def _seal(new=NEW, after=START):
    return chain.seal(new, after, AT, UUID(int=9), SIGNER, KEYS)


def test_the_head_is_canonical_json_with_every_field_of_version_1():
    sealed = _seal()
    digest = hashlib.sha256(sealed.payload).hexdigest()
    assert sealed.head.decode() == (
        '{"alg":{"desk":"ed25519","hash":"sha-256","payload":"zstd-1","person":"hmac-sha-256"},'
        '"at":"2026-09-21T04:00:00.123456Z","author":"00000000-0000-0000-0000-000000000003","base":null,'
        '"case_id":"00000000-0000-0000-0000-000000000005","envelope":{"a":"样","b":1},"kind":"note",'
        f'"op_id":"00000000-0000-0000-0000-000000000009","payload_sha256":"{digest}",'
        f'"payload_size":{len(sealed.payload)},"person_key":"0123456789abcdef","schema":1,"v":1}}'
    )


def test_the_link_binds_replica_seq_the_one_before_and_the_head():
    sealed = _seal(after=ChainHead(258, "ab" * 32))
    place = REPLICA.bytes + bytes(6) + b"\x01\x03" + b"\xab" * 32
    hashed = b"onewindow link 1\n" + place + hashlib.sha256(sealed.head).digest()
    assert sealed.place == Place(REPLICA, 259, "ab" * 32)
    assert sealed.hash == hashlib.sha256(hashed).hexdigest()
    signed = b"onewindow desk 1\n" + bytes.fromhex(sealed.hash)
    KEYS.desk_public.verify(sealed.desk_signature, signed)


def test_an_act_carried_on_keeps_head_payload_and_the_persons_word():
    sealed = _seal()
    other = StoreKeys(UUID(int=8), b"s" * 32, b"e" * 32)
    again = chain.link(sealed.head, sealed.payload, sealed.person_mac, ChainHead(4, "cd" * 32), other)
    assert (again.head, again.payload, again.person_mac) == (sealed.head, sealed.payload, sealed.person_mac)
    assert chain.flaw(again, ChainHead(4, "cd" * 32), UUID(int=8), other.desk_public) == ""
    assert chain.flaw(again, ChainHead(4, "cd" * 32), UUID(int=8), KEYS.desk_public) == "desk signature"


def test_keys_and_their_names_never_change():
    assert KEYS.desk_key_id == "b6fc96191abd27af"
    # HKDF-SHA256 of RFC 5869 in two lines: extract without salt, one block of expansion.
    extracted = hmac.digest(bytes(32), b"s" * 32, "sha256")
    assert KEYS.derived("scans key") == hmac.digest(extracted, b"onewindow scans key\x01", "sha256")


def test_the_payload_is_salt_then_zstd_over_canonical_json():
    packed = _seal().payload
    opener = zstandard.ZstdDecompressor(dict_data=packing._DICTIONARY)
    assert opener.decompress(packed[16:]) == '{"text":"样例备注"}'.encode()


def test_the_shared_dictionary_never_changes():
    """What was packed with it is read with it for ever: another text needs another name."""
    text = packing._DICTIONARY.as_bytes()
    assert hashlib.sha256(text).hexdigest() == (
        "a222b7ca63db2380a11fcc7ac2b4d9fecc21ca40c7e383192b38c675d1265bbb"
    )


def test_equal_payloads_have_different_hashes():
    assert _seal().payload != _seal().payload


def test_an_untouched_operation_has_no_flaw():
    assert chain.flaw(_seal(), ChainHead(), REPLICA, KEYS.desk_public) == ""


@given(st.integers(0), st.sampled_from(["head", "payload", "hash", "desk_signature"]), st.integers(1, 255))
def test_any_changed_byte_shows(where, part, by):
    sealed = _seal()
    value = getattr(sealed, part)
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    raw[where % len(raw)] ^= by
    changed = raw.decode("latin-1") if isinstance(value, str) else bytes(raw)
    forged = msgspec.structs.replace(sealed, **{part: changed})
    assert chain.flaw(forged, ChainHead(), REPLICA, KEYS.desk_public)


def test_a_head_rewritten_with_its_hash_lacks_the_desks_signature():
    sealed = _seal()
    head = sealed.head.replace(b'"note"', b'"deny"')
    forged = msgspec.structs.replace(sealed, head=head, hash=link_hash(sealed.place, head))
    assert chain.flaw(forged, ChainHead(), REPLICA, KEYS.desk_public) == "desk signature"


@pytest.mark.parametrize(
    ("after", "replica"),
    [(ChainHead(1, "0" * 64), REPLICA), (ChainHead(0, "1" * 64), REPLICA), (ChainHead(), UUID(int=1))],
)
def test_an_operation_holds_only_in_its_place(after, replica):
    assert chain.flaw(_seal(), after, replica, KEYS.desk_public) == "chain"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), JSON, max_size=4), st.dictionaries(st.text(), JSON, max_size=4))
def test_what_was_sealed_is_read(envelope, payload):
    sealed = _seal(NewOperation(kind="note", envelope=envelope, payload=payload))
    operation = chain.read(sealed)
    assert operation.head.envelope == envelope
    assert operation.payload == payload
    assert operation.head.at == AT
    assert (operation.replica, operation.seq) == (REPLICA, 1)
    assert chain.read(msgspec.structs.replace(sealed, payload=None)).payload is None


def test_what_cannot_be_read_is_a_fault_without_its_content():
    sealed = _seal()
    for changed in (
        {"head": b"{"},
        {"head": sealed.head.replace(b'"v":1', b'"v":2')},
        {"payload": b"x"},
    ):
        with pytest.raises(Fault):
            chain.read(msgspec.structs.replace(sealed, **changed))


def test_a_payload_that_says_it_is_small_and_is_not_is_refused():
    packer = zstandard.ZstdCompressor(write_content_size=False)
    bomb = bytes(16) + packer.compress(b'{"a":"' + b" " * 17_000_000 + b'"}')
    with pytest.raises(Fault, match="cannot be unpacked"):
        packing.unpack(bomb)


def test_a_payload_that_unpacks_too_large_is_refused():
    bomb = bytes(16) + zstandard.ZstdCompressor().compress(b'{"a":"' + b" " * 17_000_000 + b'"}')
    assert len(bomb) < 10_000
    with pytest.raises(Fault, match="too large"):
        packing.unpack(bomb)
