"""What the central did not take: in the list with a reason, and three ways on that are operations."""

import uuid
from datetime import timedelta

import msgspec
import pytest

from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.faults import Refusal
from onewindow_desk.services import attention as service
from onewindow_desk.services import intake, papers
from onewindow_desk.services.attention import Badge, Exit
from onewindow_desk.services.shift import Shift
from onewindow_desk.store import Signer

HAN = uuid.UUID(int=0x6A)


@pytest.fixture
def case_id(attached, draft):
    return intake.receive(attached, draft).case_id


@pytest.fixture
def step(attached, notary, case_id):
    """The clerk accepts the case."""

    def act(kind="accept", **envelope):
        new = NewOperation(kind=kind, case_id=case_id, envelope={"complete": True, **envelope})
        return attached.perform(lambda writing: writing.perform(new)).head.op_id

    return act


def only(shift):
    (row,) = service.attention(shift)
    return row


def settlements(shift):
    found = [act for act in shift.store.operations(None) if act.kind == "attention_settled"]
    return [(act.head.envelope["op_id"], act.head.envelope["how"]) for act in found]


def test_nothing_is_asked_while_the_central_takes_everything(attached, notary, case_id):
    notary.take(attached.store)
    assert service.attention(attached) == ()


def test_a_step_overtaken_by_a_colleague_says_by_whom_and_when(attached, notary, other, step, case_id, clock):
    notary.take(attached.store)
    notary.pull(other)
    envelope = {"defects": ["M1"], "answer_by": "2026-10-15", "role": "window"}
    overtaking = NewOperation(kind="request_correction", case_id=case_id, envelope=envelope)
    with other.transaction(Signer(person_id=HAN, person_key_id="han", mac_key=b"h" * 32)) as writing:
        writing.perform(overtaking)
    clock.move(minutes=5)
    op_id = step()
    notary.take(other)
    notary.take(attached.store, accept=("rejected", "state"))
    row = only(attached)
    assert (row.op_id, row.badge, row.step) == (op_id, Badge.RETURNED, "受理")
    assert row.reason == "同事 已在 09:42 办了“一次告知补正”；您的“受理”依据的是之前的状态。"
    assert row.did == "09:47 受理"
    assert row.current == "待补正 ・ 09:42 一次告知补正"
    assert (row.recommended, row.can_redo, row.can_open) == (Exit.REDO, True, True)
    assert row.paper == "这一步的文书没有打印，申请人手中没有作废的文书"


def test_doing_it_anew_names_the_refused_step_and_settles_it(attached, notary, step):
    op_id = step()
    notary.take(attached.store, accept=("rejected", "stale"))
    assert service.redo(attached, op_id).draft_id is None
    assert service.attention(attached) == ()
    acts = attached.store.recorded(attached.store.operation(op_id).head.case_id)
    assert acts[-1].kind == "accept"
    assert acts[-1].head.envelope["redoes"] == str(op_id)
    assert settlements(attached) == [(str(op_id), "redone")]


def test_a_step_that_lies_aside_is_settled_before_it_is_done_anew(attached, notary, step, case_id):
    op_id = step()
    notary.take(attached.store, accept=("quarantined", "person_mac"))
    service.redo(attached, op_id)
    sent = attached.store.exchange.outgoing(10, 1 << 20)
    kinds = [msgspec.json.decode(sealed.head)["kind"] for sealed in sent]
    assert kinds == ["attention_settled", "accept"]


def test_anew_is_judged_by_the_present_state(attached, notary, step, case_id, clock):
    op_id = step()
    notary.take(attached.store, accept=("rejected", "stale"))
    step("request_correction", defects=["M1"], answer_by="2026-10-15")
    with pytest.raises(Refusal, match="待补正"):
        service.redo(attached, op_id)
    assert only(attached).op_id == op_id


def test_a_refused_receipt_comes_back_as_a_draft_with_everything_in_it(attached, notary, draft, case_id):
    op_id = attached.store.recorded(case_id)[0].head.op_id
    notary.take(attached.store, receive=("quarantined", "receipt_no"))
    row = only(attached)
    assert (row.title, row.step, row.can_open, row.recommended) == ("钱样安", "收件", False, Exit.REDO)
    assert row.current == "中心没有这个办件"
    draft_id = service.redo(attached, op_id).draft_id
    (again,) = intake.drafts(attached)
    assert again.draft_id == draft_id != case_id
    assert again.redoes == op_id
    assert {key: again.value(key) for key in draft.values} == draft.values
    assert {code for code, row in again.materials.items() if row.ticked} == set(draft.materials)
    assert "草稿已在收件里" in only(attached).note
    assert service.redo(attached, op_id).draft_id == draft_id
    assert len(intake.drafts(attached)) == 1


def test_receiving_that_draft_settles_the_refused_receipt(attached, notary, case_id):
    first = attached.store.recorded(case_id)[0]
    outgoing = papers.send_receipt(attached, case_id, "printer")
    papers.confirm(attached, outgoing)
    unknown = ("parked", "case_unknown")
    refused = ("quarantined", "receipt_no")
    notary.take(attached.store, receive=refused, paper_sent=unknown, paper_confirmed=unknown)
    assert [row.badge for row in service.attention(attached)] == [Badge.RETURNED, Badge.BEHIND, Badge.BEHIND]
    assert service.asking(service.attention(attached)) == 1
    service.redo(attached, first.head.op_id)
    confirmed = intake.receive(attached, intake.drafts(attached)[0])
    assert service.attention(attached) == ()
    again = attached.store.recorded(confirmed.case_id)[0]
    assert again.head.envelope["redoes"] == str(first.head.op_id)
    assert confirmed.receipt_no != first.head.envelope["receipt_no"]
    assert [how for _, how in settlements(attached)] == ["redone", "withdrawn", "withdrawn"]


def test_a_printed_receipt_is_not_withdrawn_before_the_applicant_knows(attached, notary, case_id):
    op_id = attached.store.recorded(case_id)[0].head.op_id
    papers.send_receipt(attached, case_id, "printer")
    notary.take(attached.store, receive=("rejected", "role"), paper_sent=("parked", "case_unknown"))
    row = service.attention(attached)[0]
    assert row.told_first
    assert "在申请人手中" in row.paper
    with pytest.raises(Refusal, match="先联系申请人") as refused:
        service.withdraw(attached, op_id, row.reason)
    assert refused.value.field == "told"
    assert settlements(attached) == []
    service.withdraw(attached, op_id, row.reason, applicant_told=True)
    assert service.attention(attached) == ()
    assert [how for _, how in settlements(attached)] == ["withdrawn", "withdrawn"]


def test_a_receipt_that_never_came_out_of_the_printer_is_simply_withdrawn(attached, notary, case_id):
    op_id = attached.store.recorded(case_id)[0].head.op_id
    papers.came_to_nothing(attached, papers.send_receipt(attached, case_id, "printer"), "没有纸")
    unknown = ("parked", "case_unknown")
    notary.take(attached.store, receive=("rejected", "role"), paper_sent=unknown, paper_failed=unknown)
    assert not service.attention(attached)[0].told_first
    service.withdraw(attached, op_id, "")
    assert service.attention(attached) == ()


def test_given_to_a_supervisor_it_is_theirs_alone(attached, notary, supervisor, step, signers):
    op_id = step()
    notary.take(attached.store, accept=("rejected", "separation"))
    row = only(attached)
    assert (row.recommended, row.can_redo, row.supervisors) == (Exit.ESCALATE, False, ("蒋样正",))
    service.escalate(attached, op_id, row.reason)
    assert service.attention(attached) == ()
    store, rules, street = attached.store, attached.rules, attached.street
    theirs = Shift(store, rules, street, "主管", supervisor, signers["guan"][1], lambda _: None)
    given = only(theirs)
    assert (given.badge, given.note) == (Badge.ESCALATED, row.reason)
    assert given.did.startswith("王一鸣 ")
    service.withdraw(theirs, op_id, "")
    assert service.attention(theirs) == ()


def test_without_a_supervisor_nothing_is_given_away(attached, notary, step):
    op_id = step()
    notary.take(attached.store, accept=("rejected", "role"))
    assert only(attached).recommended is Exit.NOTHING
    with pytest.raises(Refusal, match="登记主管"):
        service.escalate(attached, op_id, "")
    assert only(attached).op_id == op_id


def test_what_only_waits_is_not_counted_and_goes_by_itself(attached, notary, step):
    op_id = step()
    notary.take(attached.store, accept=("parked", "version_ahead"))
    row = only(attached)
    assert (row.badge, row.recommended, row.can_redo) == (Badge.BEHIND, Exit.NOTHING, False)
    assert service.asking((row,)) == 0
    notary.again(op_id)
    notary.pull(attached.store)
    assert service.attention(attached) == ()


def test_a_key_the_central_lacks_asks_the_person_to_sign_in(attached, notary, step):
    step()
    notary.take(attached.store, accept=("parked", "person_key_unknown"))
    row = only(attached)
    assert row.badge is Badge.CONFIRM
    assert "再登录一次" in row.advice
    assert service.asking((row,)) == 1


def test_another_persons_steps_are_not_shown_to_a_clerk(attached, notary, step, shift_of):
    step()
    notary.take(attached.store, accept=("rejected", "stale"))
    assert service.attention(shift_of("guan")) == ()


def test_a_settled_step_is_not_settled_twice(attached, notary, step):
    op_id = step()
    notary.take(attached.store, accept=("rejected", "stale"))
    service.withdraw(attached, op_id, "")
    with pytest.raises(Refusal, match="已经处理好"):
        service.withdraw(attached, op_id, "")
    assert len(settlements(attached)) == 1


def test_a_printing_nobody_answered_for_is_doubtful_after_a_while(attached, case_id, clock):
    papers.send_receipt(attached, case_id, "printer")
    assert service.attention(attached) == ()
    clock.at += service.DOUBTFUL_AFTER + timedelta(minutes=1)
    row = only(attached)
    assert (row.badge, row.recommended, row.step) == (Badge.CONFIRM, Exit.PAPER, "打印结果不明")
    case = attached.store.case(case_id)
    papers.confirm(attached, papers.outgoing_again(attached, case, case.papers[0], ""))
    assert service.attention(attached) == ()


def test_the_reason_stays_out_of_the_plain_part_of_the_settling(attached, notary, step):
    op_id = step()
    notary.take(attached.store, accept=("rejected", "stale"))
    service.withdraw(attached, op_id, "沈样真来电话说不办了")
    act = attached.store.operations(None)[-1]
    assert "沈样真" not in msgspec.json.encode(act.head.envelope).decode()
    assert act.payload == {"reason": "沈样真来电话说不办了"}
