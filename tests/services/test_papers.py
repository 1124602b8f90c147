import pytest

from onewindow_desk.documents.decode import decode_codes
from onewindow_desk.documents.preview import render_page
from onewindow_desk.domain.paper import PaperStatus
from onewindow_desk.faults import Refusal
from onewindow_desk.services import intake, papers

A5_AT_300_DPI = 1748


@pytest.fixture
def case_id(shift, draft):
    return intake.receive(shift, draft).case_id


def test_the_receipt_is_on_record_before_it_may_be_printed(shift, case_id):
    out = papers.send_receipt(shift, case_id, "PDF")
    case = shift.store.case(case_id)
    assert [(mark.sha256, mark.status) for mark in case.papers] == [(out.sha256, PaperStatus.SENT)]
    assert shift.store.papers.get(out.sha256) == out.pdf


def test_its_codes_read_back_to_the_stored_number(shift, case_id):
    out = papers.send_receipt(shift, case_id, "PDF")
    read = decode_codes(render_page(out.pdf, 0, A5_AT_300_DPI))
    number = shift.store.case(case_id).receipt_no
    assert number in read
    assert any(text.startswith("OWD1:R:") and number in text for text in read)


def test_a_confirmed_receipt_counts_once_and_is_not_sent_again(shift, case_id):
    papers.confirm(shift, papers.send_receipt(shift, case_id, "PDF"))
    with pytest.raises(Refusal):
        papers.send_receipt(shift, case_id, "PDF")
    assert papers.counted_receipts(shift.store.case(case_id)) == 1


def test_what_did_not_come_out_goes_to_another_printer_as_the_same_receipt(shift, case_id):
    first = papers.send_receipt(shift, case_id, "A")
    papers.came_to_nothing(shift, first, "没有出纸")
    second = papers.send_receipt(shift, case_id, "B")
    assert second.sha256 == first.sha256
    assert papers.counted_receipts(shift.store.case(case_id)) == 1


def test_a_reprint_needs_a_reason_and_never_counts(shift, case_id):
    papers.confirm(shift, papers.send_receipt(shift, case_id, "PDF"))
    with pytest.raises(Refusal):
        papers.reprint_receipt(shift, case_id, "PDF", "  ")
    again = papers.reprint_receipt(shift, case_id, "PDF", "原件遗失")
    case = shift.store.case(case_id)
    assert papers.counted_receipts(case) == 1
    assert case.papers[-1].reason == "原件遗失"
    assert again.pdf != shift.store.papers.get(case.papers[0].sha256)


def test_an_unanswered_printing_is_found_again_after_a_restart(shift, case_id):
    out = papers.send_receipt(shift, case_id, "PDF")
    case = shift.store.case(case_id)
    (mark,) = papers.unanswered(case)
    assert papers.outgoing_again(shift, case, mark, "PDF") == out


def test_the_receipt_masks_the_persons_number(shift, case_id):
    case = shift.store.case(case_id)
    data = papers.receipt_data(shift, case)
    assert case.applicant is not None
    assert data.applicant_id_masked != case.applicant.identity.number
    assert "********" in data.applicant_id_masked
    assert data.receiver == "王一鸣"
