"""Packing the payload of an operation: 16 bytes salt, then one zstd frame over canonical JSON.

The salt keeps the hash in the head from telling anything about a payload that could be guessed.
Payloads are small and alike, so frames begin from a shared dictionary of what they have in common;
its text is part of the format (`zstd-1`) and never changes. A new one gets a new name.
"""

import os
from typing import Any

import msgspec
import zstandard

from onewindow_desk.domain.operation import canonical
from onewindow_desk.faults import Fault

SALT_BYTES = 16
MAX_PAYLOAD_BYTES = 16 * 1024 * 1024
"""An unpacked payload larger than this was not made by this program."""

_PAYLOAD = msgspec.json.Decoder(dict[str, Any])

_DICTIONARY = zstandard.ZstdCompressionDict(
    '{"change":{"key":"applicant.phone","new":"","old":""},"changes":[{"key":"field.","new":"","old":""}],'
    '"active":true,"login":"","name":"","person_id":"","roles":["handler","reviewer","decider","window"]}'
    '{"copy":1,"kind":"material_receipt","paper_id":"","printer":"","reason":"","sha256":"","document":"",'
    '"pages":1,"copies":1,"text":""}{"material":{"code":"","copies":0,"keeps_original":false,"name":"",'
    '"originals":1,"pages":[],"source":"shared"}}'
    '{"agent":{"authority":"","identity":{"number":"","type":"resident"},"name":"","phone":""},"applicant":'
    '{"address":"","identity":{"number":"","type":"uscc"},"kind":"organisation","name":"有限公司","phone":"",'
    '"representative":"","representative_identity":{"number":"","type":"resident"}},"fields":{"purpose":"",'
    '"from":"2026-","to":"2027-","place":"","area":"","employer":"","kind":""},"item_id":"JN34-","item_version":'
    '"2026.1-样例","materials":[{"code":"M-APP","copies":0,"keeps_original":false,"name":"申请书","originals":1,'
    '"pages":[{"media_type":"application/pdf","page":0,"rotation":90,"sha256":"","size":'
    '},{"media_type":"image/jpeg","page":0,"rotation":0,"sha256":"","size":}],"source":"tolerated"},'
    '{"code":"M-ID","copies":1,"keeps_original":false,"name":"申请人有效身份证件","originals":0,"pages":[],'
    '"source":"missing"},{"code":"M-PROXY","copies":0,"keeps_original":false,"name":"授权委托书及代理人有效身份证件",'
    '"originals":1,"pages":[],"source":"submitted"}],"receipt_no":"","received_at":"2026-","refers_to":null,'
    '"window":"1 号窗口"}'
    '{"agent":null,"applicant":{"address":"","identity":{"number":"32","type":"resident"},"kind":"person","name":"","phone":"000-0000-","representative":"","representative_identity":null},"fields":'.encode(),
    dict_type=zstandard.DICT_TYPE_RAWCONTENT,
)


def pack(payload: Any) -> bytes:
    """A payload as it is stored and sent."""
    packer = zstandard.ZstdCompressor(level=9, dict_data=_DICTIONARY)
    return os.urandom(SALT_BYTES) + packer.compress(canonical(payload))


class Unpacker:
    """Unpacks payload after payload, on one thread: beginning anew costs more than unpacking."""

    def __init__(self) -> None:
        self._opener = zstandard.ZstdDecompressor(dict_data=_DICTIONARY)

    def __call__(self, packed: bytes) -> dict[str, Any]:
        """The payload out of its stored bytes; Fault when they are not one."""
        frame = packed[SALT_BYTES:]
        try:
            # The frame's own word on its size is asked first: unpacking believes it without limit.
            if zstandard.frame_content_size(frame) > MAX_PAYLOAD_BYTES:
                raise Fault("The payload of an operation is too large")
            plain = self._opener.decompress(frame, max_output_size=MAX_PAYLOAD_BYTES)
            return _PAYLOAD.decode(plain)
        except (zstandard.ZstdError, msgspec.DecodeError) as trouble:
            raise Fault("The payload of an operation cannot be unpacked") from trouble


def unpack(packed: bytes) -> dict[str, Any]:
    """One payload out of its stored bytes; Fault when they are not one."""
    return Unpacker()(packed)
