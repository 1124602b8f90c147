"""The one table of rules: who may move a case from where to where, and what must be given.

The fold, the permits and the central database read this table and no other. Guards are facts of
the operation's envelope: each must be there and say something; `GUARD_TEXTS` holds what the
person is asked to do when it is not. XKF = 行政许可法 (2019).
"""

from msgspec import Struct

from onewindow_desk.domain.people import Person, Role
from onewindow_desk.domain.states import State

S = State
R = Role


class Transition(Struct, frozen=True, kw_only=True):
    """One row of the table.

    `sources` empty: the case does not exist yet. `proposal` names the operation of the first of
    two persons, `proposers` their roles; `kind` is then the second person's. `offline`: allowed
    without the authority; `needs_seal`: offline only with the acceptance seal at hand (XKF 32).
    `derived`: no operation, the dates do it. `needs_base`: names the version it was decided on.
    """

    id: str
    kind: str
    action: str
    sources: tuple[State, ...]
    targets: tuple[State, ...]
    actors: tuple[Role, ...]
    proposal: str = ""
    proposers: tuple[Role, ...] = ()
    proposal_guards: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    offline: bool = False
    needs_seal: bool = False
    derived: bool = False
    needs_base: bool = True
    documents: tuple[str, ...] = ()
    basis: str = ""


TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        id="T01", kind="receive", action="收件登记",
        sources=(S.DRAFT,), targets=(S.RECEIVED,), actors=(R.WINDOW,),
        guards=("receipt_no", "item_id", "item_version", "received_at"),
        offline=True, needs_base=False, documents=("material_receipt",), basis="XKF 29; 32",
    ),
    Transition(
        id="T02", kind="correct_on_spot", action="当场更正",
        sources=(S.RECEIVED,), targets=(S.RECEIVED,), actors=(R.WINDOW,),
        guards=("signed_by_applicant",),
        offline=True, needs_base=False, basis="XKF 32(1)(3)",
    ),
    Transition(
        id="T03", kind="not_required", action="告知不受理",
        sources=(S.RECEIVED,), targets=(S.NOT_REQUIRED,), actors=(R.WINDOW,),
        guards=("reason_given",),
        offline=True, needs_seal=True, needs_base=False,
        documents=("not_required_notice",), basis="XKF 32(1)(1)",
    ),
    Transition(
        id="T04", kind="refuse_acceptance", action="作出不予受理决定",
        sources=(S.RECEIVED,), targets=(S.NOT_ACCEPTED,), actors=(R.REVIEWER,),
        proposal="propose_refuse_acceptance", proposers=(R.WINDOW,),
        proposal_guards=("reason_given", "competent_organ", "remedy_told"),
        documents=("refusal_to_accept",), basis="XKF 32(1)(2); 72(7); 78",
    ),
    Transition(
        id="T05", kind="request_correction", action="一次告知补正",
        sources=(S.RECEIVED,), targets=(S.CORRECTION,), actors=(R.WINDOW,),
        guards=("defects", "answer_by"),
        offline=True, needs_seal=True, needs_base=False,
        documents=("correction_notice",), basis="XKF 32(1)(4); 72(4)",
    ),
    Transition(
        id="T36", kind="second_correction", action="二次补正告知",
        sources=(S.CORRECTION,), targets=(S.CORRECTION,), actors=(R.SUPERVISOR,),
        proposal="propose_second_correction", proposers=(R.WINDOW,),
        proposal_guards=("defects", "answer_by"), guards=("reason_given",),
        documents=("correction_notice",), basis="XKF 32(1)(4); 72(4)",
    ),
    Transition(
        id="T06", kind="accept_corrected", action="补齐受理",
        sources=(S.CORRECTION,), targets=(S.ACCEPTED,), actors=(R.WINDOW,),
        guards=("settled",),
        offline=True, needs_seal=True, needs_base=False,
        documents=("acceptance_notice",), basis="XKF 32(1)(5)",
    ),
    Transition(
        id="T07", kind="terminate_uncorrected", action="逾期未补正终止",
        sources=(S.CORRECTION,), targets=(S.TERMINATED,), actors=(R.WINDOW,),
        guards=("contacts", "originals_returned"),
        documents=("terminate_notice",), basis="内部规定",
    ),
    Transition(
        id="T08", kind="accept", action="受理",
        sources=(S.RECEIVED,), targets=(S.ACCEPTED,), actors=(R.WINDOW,),
        guards=("complete",),
        offline=True, needs_seal=True, needs_base=False,
        documents=("acceptance_notice",), basis="XKF 32(1)(5)",
    ),
    Transition(
        id="T09", kind="accept_tolerant", action="容缺受理",
        sources=(S.RECEIVED,), targets=(S.ACCEPTED,), actors=(R.WINDOW,),
        guards=("tolerated", "supply_by", "pledge_signed"),
        offline=True, needs_seal=True, needs_base=False,
        documents=("acceptance_notice", "tolerance_pledge"), basis="地方规定",
    ),
    Transition(
        id="T10", kind="accept_on_commitment", action="告知承诺受理",
        sources=(S.RECEIVED,), targets=(S.ACCEPTED,), actors=(R.WINDOW,),
        guards=("commitment_signed", "no_bad_record"),
        offline=True, needs_seal=True, needs_base=False,
        documents=("commitment_letter", "acceptance_notice"), basis="优化营商环境条例40(3)",
    ),
    Transition(
        id="T11", kind="deemed_acceptance", action="视为受理",
        sources=(S.RECEIVED,), targets=(S.ACCEPTED,), actors=(),
        offline=True, derived=True, needs_base=False,
        documents=("acceptance_notice",), basis="XKF 32(1)(4)",
    ),
    Transition(
        id="T12", kind="grant_on_spot", action="当场决定",
        sources=(S.RECEIVED,), targets=(S.GRANTED,), actors=(R.HANDLER, R.DECIDER),
        proposal="propose_grant_on_spot", proposers=(R.WINDOW,), proposal_guards=("complete",),
        documents=("grant_decision",), basis="XKF 34(2)",
    ),
    Transition(
        id="T13", kind="take_over", action="按责分办、签收",
        sources=(S.ACCEPTED,), targets=(S.REVIEWING,), actors=(R.HANDLER,),
        proposal="dispatch", proposers=(R.WINDOW,), guards=("slip_signed",),
        documents=("transfer_slip",), basis="内部规定",
    ),
    Transition(
        id="T14", kind="return_to_window", action="退回前台",
        sources=(S.REVIEWING,), targets=(S.ACCEPTED,), actors=(R.HANDLER,),
        guards=("entry_mistake",), basis="内部规定",
    ),
    Transition(
        id="T15", kind="sign_inspection", action="现场勘验",
        sources=(S.REVIEWING,), targets=(S.REVIEWING,), actors=(R.HANDLER, R.DEPT),
        proposal="record_inspection", proposers=(R.HANDLER,), proposal_guards=("record",),
        guards=("opinion_given",), offline=True, needs_base=False,
        documents=("onsite_notice", "onsite_record"), basis="XKF 34(3)",
    ),
    Transition(
        id="T16", kind="hear_parties", action="告知利害关系人、听取陈述申辩",
        sources=(S.REVIEWING,), targets=(S.REVIEWING,), actors=(R.HANDLER,),
        documents=("interested_party_notice",), basis="XKF 36",
    ),
    Transition(
        id="T17", kind="start_special", action="启动特别程序",
        sources=(S.REVIEWING,), targets=(S.SPECIAL,), actors=(R.REVIEWER,),
        proposal="propose_special", proposers=(R.HANDLER,),
        proposal_guards=("stop_kind", "told_days", "basis_given"),
        documents=("special_procedure_notice",), basis="XKF 45",
    ),
    Transition(
        id="T18", kind="end_special", action="特别程序结束",
        sources=(S.SPECIAL,), targets=(S.REVIEWING,), actors=(R.HANDLER,),
        guards=("conclusion",), basis="XKF 45",
    ),
    Transition(
        id="T19", kind="extend", action="延长期限",
        sources=(S.REVIEWING,), targets=(S.REVIEWING,), actors=(R.DECIDER,),
        guards=("days", "reason_given"), documents=("extension_notice",), basis="XKF 42(1)",
    ),
    Transition(
        id="T20", kind="report_up", action="初审转报区级",
        sources=(S.REVIEWING,), targets=(S.REPORTED_UP,), actors=(R.REVIEWER,),
        guards=("opinion_given",), basis="XKF 35; 43",
    ),
    Transition(
        id="T21", kind="register_district_decision", action="登记区级决定",
        sources=(S.REPORTED_UP,), targets=(S.GRANTED, S.DENIED), actors=(R.LIAISON,),
        guards=("outcome", "paper", "decided_on"), basis="XKF 35",
    ),
    Transition(
        id="T35", kind="forward_district_paper", action="区级文书转出件",
        sources=(S.GRANTED, S.DENIED), targets=(S.READY,), actors=(R.LIAISON,), basis="XKF 44",
    ),
    Transition(
        id="T22", kind="submit_opinion", action="提交审查意见",
        sources=(S.REVIEWING,), targets=(S.REVIEWED,), actors=(R.HANDLER,),
        guards=("points_ticked",), documents=("approval_form",), basis="XKF 34",
    ),
    Transition(
        id="T23", kind="return_for_review", action="退回重审",
        sources=(S.REVIEWED,), targets=(S.REVIEWING,), actors=(R.REVIEWER, R.DECIDER),
        guards=("opinion_given",), basis="内部规定",
    ),
    Transition(
        id="T24", kind="grant", action="签发准予决定",
        sources=(S.REVIEWED,), targets=(S.GRANTED,), actors=(R.DECIDER,),
        documents=("grant_decision",), basis="XKF 38(1); 39",
    ),
    Transition(
        id="T25", kind="deny", action="签发不予决定",
        sources=(S.REVIEWED,), targets=(S.DENIED,), actors=(R.DECIDER,),
        guards=("reason_given", "basis_given", "remedy_told"),
        documents=("deny_decision",), basis="XKF 38(2); 55(3)",
    ),
    Transition(
        id="T26", kind="demand_payment", action="开具缴费通知",
        sources=(S.GRANTED,), targets=(S.FEE_DUE,), actors=(R.FEES,),
        guards=("fee_standard",), documents=("payment_notice",), basis="XKF 58; 59",
    ),
    Transition(
        id="T27", kind="certify_paid", action="缴费确认后制证用印",
        sources=(S.FEE_DUE,), targets=(S.CERTIFIED,), actors=(R.SEALKEEPER,),
        proposal="confirm_payment", proposers=(R.FEES,), proposal_guards=("paid_on",),
        guards=("seal_approved", "paper"), documents=("certificate",), basis="XKF 39; 59",
    ),
    Transition(
        id="T28", kind="certify", action="制证用印",
        sources=(S.GRANTED, S.DENIED), targets=(S.CERTIFIED,), actors=(R.SEALKEEPER,),
        guards=("seal_approved", "paper"), documents=("certificate",),
        basis="XKF 39; 国发〔1999〕25号 25",
    ),
    Transition(
        id="T29", kind="take_for_issue", action="送出件窗口、通知申请人",
        sources=(S.CERTIFIED,), targets=(S.READY,), actors=(R.ISSUER,),
        proposal="hand_to_issuer", proposers=(R.SEALKEEPER,), guards=("applicant_told",),
        documents=("pickup_notice",), basis="XKF 44",
    ),
    Transition(
        id="T30", kind="deliver", action="送达签收",
        sources=(S.READY,), targets=(S.DELIVERED,), actors=(R.ISSUER,),
        guards=("collector_checked", "originals_returned"),
        offline=True, needs_base=False, documents=("delivery_receipt",), basis="XKF 44",
    ),
    Transition(
        id="T31", kind="archive", action="归档",
        sources=(S.DELIVERED,), targets=(S.ARCHIVED,), actors=(R.ARCHIVIST,),
        guards=("checklist_complete", "uploaded", "pushed"),
        documents=("archive_cover",), basis="档案法13-14; 国令716 12",
    ),
    Transition(
        id="T32", kind="withdraw", action="申请人书面撤回",
        sources=(S.RECEIVED, S.CORRECTION, S.ACCEPTED, S.REVIEWING, S.SPECIAL, S.REVIEWED),
        targets=(S.WITHDRAWN,), actors=(R.WINDOW,),
        guards=("written_request", "originals_returned"),
        documents=("terminate_notice",), basis="实践",
    ),
    Transition(
        id="T33", kind="deny_false_materials", action="发现隐瞒或虚假材料",
        sources=(S.ACCEPTED, S.REVIEWING), targets=(S.DENIED,), actors=(R.DECIDER,),
        guards=("reason_given", "basis_given", "remedy_told"),
        documents=("deny_decision",), basis="XKF 78",
    ),
    Transition(
        id="T34", kind="reapply", action="另行申请",
        sources=(), targets=(S.DRAFT,), actors=(R.WINDOW,),
        guards=("refers_to",), offline=True, needs_base=False, basis="XKF 29",
    ),
)  # fmt: skip

GUARD_TEXTS: dict[str, str] = {
    "answer_by": "请填写补正期限。",
    "applicant_told": "请先通知申请人，并记下方式和时间。",
    "basis_given": "请写明法律依据。",
    "checklist_complete": "归档清单还不完整。请补齐后再归档。",
    "collector_checked": "请先核验领取人的身份或授权。",
    "commitment_signed": "请先收取申请人签名的告知承诺书。",
    "competent_organ": "请写明有权办理的机关。",
    "complete": "请先核对材料齐全、符合法定形式。",
    "conclusion": "请附上特别程序的结论。",
    "contacts": "请先联系申请人两次，并记下时间。",
    "days": "请填写延长的工作日数。",
    "decided_on": "请填写区级决定的日期。",
    "defects": "请逐条列出需要补正的内容。",
    "entry_mistake": "只有登记或分办有误才能退回前台。请写明是哪一处。",
    "fee_standard": "请选择已公布的收费标准。",
    "item_id": "请先选择事项。",
    "item_version": "请先选择事项。",
    "no_bad_record": "请先核对申请人没有失信记录。",
    "opinion_given": "请填写意见。",
    "originals_returned": "请先清点并退还原件。",
    "outcome": "请选择区级决定是准予还是不予。",
    "paid_on": "请填写缴费日期。",
    "paper": "请附上文书的扫描件。",
    "pledge_signed": "请先收取申请人签名的容缺承诺书。",
    "points_ticked": "还有审查要点没有勾选。请逐项勾选后再提交。",
    "pushed": "还没有推送监管部门。请先推送。",
    "reason_given": "请填写理由。",
    "receipt_no": "还没有收件编号。请重新确认收件。",
    "received_at": "还没有接收时间。请重新确认收件。",
    "record": "请附上现场勘验记录。",
    "refers_to": "请选择要另行申请的原办件。",
    "remedy_told": "请写明救济途径。",
    "seal_approved": "用印申请还没有批准。请先申请用印。",
    "settled": "还有补正内容没有勾销。请逐条核对。",
    "signed_by_applicant": "请让申请人在更正处签名确认。",
    "slip_signed": "请先在材料流转单上双方签名。",
    "stop_kind": "请选择特别程序的种类。",
    "supply_by": "请填写容缺材料的补交期限。",
    "told_days": "请填写特别程序所需的工作日数。",
    "tolerated": "请选择容缺的材料。",
    "uploaded": "还没有上传电子证照库。请先上传。",
    "written_request": "请先收取申请人的书面撤回申请。",
}

_DESK_ROLES = tuple(role for role in Role if role not in (R.SYSTEM_ADMIN, R.SECURITY_ADMIN, R.AUDIT_ADMIN))
_PAPER_ROLES = (R.WINDOW, R.HANDLER, R.REVIEWER, R.DECIDER, R.SEALKEEPER, R.ISSUER, R.FEES)
_ADMINISTRATORS = (R.SYSTEM_ADMIN, R.SECURITY_ADMIN, R.AUDIT_ADMIN)

ADDITIVE: dict[str, tuple[Role, ...]] = {
    "note": _DESK_ROLES,
    "material_added": (R.WINDOW,),
    "paper_sent": _PAPER_ROLES,
    "paper_confirmed": _PAPER_ROLES,
    "paper_failed": _PAPER_ROLES,
    "paper_reprinted": _PAPER_ROLES,
}
"""Kinds on a case that move no state and count into no version, with who may do them."""

STREET_KINDS: dict[str, tuple[Role, ...]] = {
    "street_founded": _ADMINISTRATORS,
    "person_added": (R.SYSTEM_ADMIN, R.SECURITY_ADMIN),
    "person_changed": (R.SYSTEM_ADMIN, R.SECURITY_ADMIN),
    "signed_in": tuple(Role),
    "series_leased": (R.SYSTEM_ADMIN,),
    "catalogue_imported": (R.SYSTEM_ADMIN,),
    "calendar_imported": (R.SYSTEM_ADMIN,),
    "setting_changed": (R.SYSTEM_ADMIN, R.SECURITY_ADMIN),
    "attention_settled": tuple(Role),
}
"""Kinds without a case, with who may do them."""

PRESENT: frozenset[str] = frozenset(
    {
        "refuse_acceptance",
        "grant_on_spot",
        "start_special",
        "extend",
        "report_up",
        "register_district_decision",
        "grant",
        "deny",
        "deny_false_materials",
        "certify",
        "certify_paid",
        "person_added",
        "person_changed",
        "setting_changed",
        "catalogue_imported",
        "calendar_imported",
        "series_leased",
    }
)
"""Deciding, sealing, extending, administering: over a central, only by a person proven present."""

AWAITS_FILES: frozenset[str] = frozenset({"grant", "deny", "grant_on_spot", "deny_false_materials"})
"""A decision waits until every file that the case names is at the central."""

DECLINE = "decline_proposal"
"""The second person says no to a pending proposal; the state stays, the proposal is gone."""

BY_KIND: dict[str, Transition] = {row.kind: row for row in TRANSITIONS}
BY_PROPOSAL: dict[str, Transition] = {row.proposal: row for row in TRANSITIONS if row.proposal}


def actors(kind: str) -> tuple[Role, ...]:
    """The roles that may do this kind of act; none for what the dates do, or an unknown kind."""
    if kind in BY_PROPOSAL:
        return BY_PROPOSAL[kind].proposers
    if kind in BY_KIND:
        return BY_KIND[kind].actors
    if kind == DECLINE:
        return tuple({role for row in BY_PROPOSAL.values() for role in row.actors})
    return ADDITIVE.get(kind) or STREET_KINDS.get(kind, ())


def person_allowed(person: Person, kind: str) -> bool:
    """Whether this person's roles allow this kind of act at all (the case may still refuse)."""
    return person.active and any(role in person.roles for role in actors(kind))
