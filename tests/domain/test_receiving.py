from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from onewindow_desk.domain.case import PageRef, Received, Source
from onewindow_desk.domain.operation import canonical
from onewindow_desk.domain.receiving import receive_operation
from onewindow_desk.faults import Refusal

CASE = UUID(int=7)


def test_the_envelope_names_nobody(received, permit_item):
    operation = receive_operation(CASE, received, permit_item, identity_checked=True)
    plain = canonical(operation.envelope).decode()
    for personal in ("钱样安", received.applicant.identity.number, received.applicant.phone, "样例路"):
        assert personal not in plain
    assert msgspec.convert(operation.payload, Received) == received


def test_the_envelope_counts_pages_and_names_each_file_once(received, permit_item):
    page = PageRef(sha256="ab" * 32, media_type="image/png", size=10)
    rows = (replace(received.materials[0], pages=(page, replace(page, page=1))), *received.materials[1:])
    operation = receive_operation(CASE, replace(received, materials=rows), permit_item, identity_checked=True)
    assert operation.envelope["pages"] == 2
    assert operation.envelope["files"] == ["ab" * 32]
    assert operation.envelope["materials"] == len(rows)


def test_somebody_looked_at_the_identity_card(received, permit_item):
    with pytest.raises(Refusal, match="请先核验申请人的身份证件"):
        receive_operation(CASE, received, permit_item, identity_checked=False)


def test_an_application_form_is_there(received, permit_item):
    rows = tuple(
        replace(row, source=Source.MISSING) if row.code == "M-APP" else row for row in received.materials
    )
    with pytest.raises(Refusal, match="至少要收一份申请书"):
        receive_operation(CASE, replace(received, materials=rows), permit_item, identity_checked=True)
