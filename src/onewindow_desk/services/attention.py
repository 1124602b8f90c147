"""需处理: steps of this person that the central did not take, why, and the three ways on.

A refused step is never lost and never changed. Doing it anew makes a new operation that names the
old one; giving it to a supervisor and taking it back are operations too (`settling`). Steps that only
wait for another one stand in the list behind it and ask nothing of anybody.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec import Struct

from onewindow_desk.domain.case import STATE_NAMES, Act, Case, Received
from onewindow_desk.domain.exchange import Verdict
from onewindow_desk.domain.lifecycle import ADDITIVE, BY_KIND, BY_PROPOSAL, STREET_KINDS, person_allowed
from onewindow_desk.domain.numbering import format_receipt_no
from onewindow_desk.domain.operation import Operation
from onewindow_desk.domain.paper import PaperMark, PaperStatus
from onewindow_desk.domain.people import Person, Role
from onewindow_desk.domain.permit import permit
from onewindow_desk.faults import Fault, Refusal
from onewindow_desk.services import intake
from onewindow_desk.services.papers import unanswered
from onewindow_desk.services.reasons import Reason, reason_of
from onewindow_desk.services.redoing import again, draft_from
from onewindow_desk.services.settling import How, settle_operation, settlements
from onewindow_desk.services.shift import Shift
from onewindow_desk.services.today import OPEN
from onewindow_desk.services.words import act_words, moment_words
from onewindow_desk.store import AttentionEntry, Writing, uuid7

DOUBTFUL_AFTER = timedelta(minutes=15)
"""A printing nobody has answered for so long is put here; before that it is simply under way."""
_SENDINGS = ("paper_sent", "paper_reprinted")
_OVERTAKEN = ("stale", "base", "state", "proposal_changed")
_PAPERS = frozenset({"paper_sent", "paper_confirmed", "paper_failed", "paper_reprinted"})


class Badge(StrEnum):
    """What stands over a row: refused by the central, to be answered, waiting, given by a colleague."""

    RETURNED = "returned"
    CONFIRM = "confirm"
    BEHIND = "behind"
    ESCALATED = "escalated"


class Exit(StrEnum):
    """A way on. PAPER answers for a printing, in 今日."""

    NOTHING = ""
    REDO = "redo"
    ESCALATE = "escalate"
    WITHDRAW = "withdraw"
    PAPER = "paper"


class AttentionRow(Struct, frozen=True, kw_only=True):
    """One line of the list and the page beside it.

    `title`: the applicant; `step`: the act in the window's words; `at`: when it was done, aware. The
    words: `reason` why and what to do, `did` what this person did, `current` how the case stands at the
    central, `paper` what is on paper, `kept` what is safe. `told_first`: a receipt with this number is
    in the applicant's hands, so nothing is taken back before the applicant was told. `note`: what a
    colleague wrote beside it.
    """

    op_id: UUID
    case_id: UUID | None
    receipt_no: str
    title: str
    item_name: str
    kind: str
    step: str
    at: datetime
    badge: Badge
    reason: str
    advice: str = ""
    did: str = ""
    current: str = ""
    paper: str = ""
    kept: str = ""
    note: str = ""
    recommended: Exit = Exit.NOTHING
    can_redo: bool = False
    can_withdraw: bool = True
    can_open: bool = False
    told_first: bool = False
    supervisors: tuple[str, ...] = ()


class Redone(Struct, frozen=True, kw_only=True):
    """What doing a step anew led to: a draft to go on with in 收件, or None when it is done already."""

    draft_id: UUID | None = None


def attention(shift: Shift) -> tuple[AttentionRow, ...]:
    """What this person is asked to settle, what asks nothing last; within both the oldest first."""
    names = {person.person_id: person.name for person in shift.store.people()}
    drafts = {draft.redoes for draft in intake.drafts(shift) if draft.redoes}
    refused = [
        _row(_Step(shift, entry, names), under_way=entry.op_id in drafts)
        for entry in shift.store.attention()
        if _concerns(shift.person, entry)
    ]
    return tuple(sorted((*refused, *_doubtful(shift)), key=_order))


def asking(rows: Iterable[AttentionRow]) -> int:
    """How many of them wait for the person; what only waits for another step is not counted."""
    return sum(row.badge is not Badge.BEHIND for row in rows)


def redo(shift: Shift, op_id: UUID) -> Redone:
    """Do a refused step anew: a draft with everything in it for a receipt, else the act itself.

    Refusal, in the words of the rules, when the present state does not allow it.
    """
    step = _step(shift, op_id)
    if not step.can_redo:
        raise Refusal("这一步不能在这里重做。请交给主管，或撤回。")
    if step.entry.kind == "receive":
        return Redone(draft_id=_draft_again(shift, step))
    shift.perform(lambda writing: _act_again(writing, shift, step))
    return Redone()


def escalate(shift: Shift, op_id: UUID, reason: str) -> None:
    """Give a refused step to the supervisors of the street; Refusal when there is none."""
    step = _step(shift, op_id)
    if not step.supervisors:
        raise Refusal("本街道还没有主管岗位的人员。请管理员先登记主管。")
    _settle(shift, step, How.ESCALATED, reason)


def withdraw(shift: Shift, op_id: UUID, reason: str, *, applicant_told: bool = False) -> None:
    """Take a refused step back. A receipt that is out is not taken back before the applicant knows."""
    step = _step(shift, op_id)
    if step.told_first and not applicant_told:
        raise Refusal("接收凭证已在申请人手中。请先联系申请人收回凭证，勾选后再撤回。", field="told")
    _settle(shift, step, How.WITHDRAWN, reason)


class _Step:
    """One refused step with what lies here about it."""

    def __init__(self, shift: Shift, entry: AttentionEntry, names: dict[UUID, str]) -> None:
        self.shift = shift
        self.entry = entry
        self.names = names
        self.operation: Operation | None = shift.store.operation(entry.op_id)
        self.case = _case(shift, entry.case_id)
        self.reason: Reason = reason_of(entry.reason)
        self.received = _received(self.operation)

    @property
    def badge(self) -> Badge:
        if self.entry.how == How.ESCALATED:
            return Badge.ESCALATED
        if self.reason.waits:
            return Badge.BEHIND
        return Badge.CONFIRM if self.entry.verdict == Verdict.PARKED else Badge.RETURNED

    @property
    def supervisors(self) -> tuple[str, ...]:
        people = self.shift.store.people()
        return tuple(person.name for person in people if person.active and Role.SUPERVISOR in person.roles)

    @property
    def can_redo(self) -> bool:
        kind, verdict = self.entry.kind, self.entry.verdict
        if self.operation is None or not person_allowed(self.shift.person, kind) or kind in STREET_KINDS:
            return False
        if verdict == Verdict.PARKED or self.reason.supervisor:
            return False
        return (self.received if kind == "receive" else self.case) is not None

    @property
    def told_first(self) -> bool:
        return self.entry.kind == "receive" and self.printed

    @property
    def printed(self) -> bool:
        """Whether the receipt went out: the last that was said of a paper is not that it came to nothing."""
        if self.entry.case_id is None:
            return False
        acts = [act.kind for act in self.shift.store.recorded(self.entry.case_id) if act.kind in _PAPERS]
        return bool(acts) and acts[-1] != "paper_failed"

    @property
    def recommended(self) -> Exit:
        if self.badge in (Badge.BEHIND, Badge.CONFIRM):
            return Exit.NOTHING
        if self.can_redo and not self.reason.supervisor:
            return Exit.REDO
        can_give = bool(self.supervisors) and self.badge is not Badge.ESCALATED
        return Exit.ESCALATE if can_give else Exit.NOTHING


def _row(step: _Step, *, under_way: bool) -> AttentionRow:
    entry, now = step.entry, step.shift.now()
    receipt_no, title, item_name = _titles(step)
    return AttentionRow(
        op_id=entry.op_id,
        case_id=entry.case_id,
        receipt_no=receipt_no,
        title=title,
        item_name=item_name,
        kind=entry.kind,
        step=act_words(entry.kind),
        at=entry.at,
        badge=step.badge,
        reason=_why(step),
        advice=step.reason.advice,
        did=_did(step, now),
        current=_current(step, now),
        paper=_paper(step, receipt_no),
        kept=_kept(step),
        note="重做的草稿已在收件里，收件后这一项自动消去。" if under_way else entry.note,
        recommended=step.recommended,
        can_redo=step.can_redo,
        can_open=step.case is not None,
        told_first=step.told_first,
        supervisors=step.supervisors,
    )


def _concerns(person: Person, entry: AttentionEntry) -> bool:
    if Role.SUPERVISOR in person.roles:
        return True
    return entry.author == person.person_id and entry.how != How.ESCALATED


def _order(row: AttentionRow) -> tuple[bool, datetime]:
    return row.badge is Badge.BEHIND, row.at


def _case(shift: Shift, case_id: UUID | None) -> Case | None:
    try:
        return shift.store.case(case_id) if case_id else None
    except Refusal:
        return None


def _received(operation: Operation | None) -> Received | None:
    if operation is None or operation.kind != "receive" or operation.payload is None:
        return None
    return msgspec.convert(operation.payload, Received)


def _titles(step: _Step) -> tuple[str, str, str]:
    """Receipt number, applicant and item, from the case, else from the step itself."""
    case, received = step.case, step.received
    if case is not None and case.receipt_no:
        name = case.applicant.name if case.applicant else ""
        return case.receipt_no, name or case.item_name, case.item_name
    if received is not None and step.operation is not None:
        item_name = str(step.operation.head.envelope.get("item_name", ""))
        return received.receipt_no, received.applicant.name, item_name
    return "", act_words(step.entry.kind), ""


def _why(step: _Step) -> str:
    other = _last_of_others(step)
    if step.entry.reason.partition(":")[0] not in _OVERTAKEN or other is None:
        return step.reason.text
    who, when = step.names.get(other.author, "同事"), moment_words(other.at, step.shift.now())
    act = act_words(other.kind)
    return f"{who} 已在 {when} 办了“{act}”；您的“{act_words(step.entry.kind)}”依据的是之前的状态。"


def _last_of_others(step: _Step) -> Act | None:
    if step.case is None:
        return None
    acts = (act for act in reversed(step.case.acts) if act.kind not in ADDITIVE)
    return next((act for act in acts if act.author != step.entry.author), None)


def _did(step: _Step, now: datetime) -> str:
    who = (
        "" if step.entry.author == step.shift.person.person_id else step.names.get(step.entry.author, "同事")
    )
    return " ".join(
        part for part in (who, moment_words(step.entry.at, now), act_words(step.entry.kind)) if part
    )


def _current(step: _Step, now: datetime) -> str:
    case = step.case
    if case is None:
        return "中心没有这个办件" if step.entry.kind == "receive" else "本机没有这个办件的内容"
    counted = [act for act in case.acts if act.kind not in ADDITIVE]
    last = f" ・ {moment_words(counted[-1].at, now)} {act_words(counted[-1].kind)}" if counted else ""
    return f"{STATE_NAMES[case.state]}{last}"


def _paper(step: _Step, receipt_no: str) -> str:
    kind = step.entry.kind
    if kind == "receive":
        number = format_receipt_no(receipt_no)
        if step.printed:
            return f"材料接收凭证 {number} 已打印，在申请人手中"
        return "接收凭证没有打印，申请人手中没有这份文书"
    row = BY_KIND.get(kind) or BY_PROPOSAL.get(kind)
    documents = row.documents if row else ()
    if not documents:
        return "这一步不出文书"
    marks = step.case.papers if step.case else ()
    out = any(mark.document in documents and mark.status is not PaperStatus.FAILED for mark in marks)
    return "这一步的文书已打印，请收回" if out else "这一步的文书没有打印，申请人手中没有作废的文书"


def _kept(step: _Step) -> str:
    received = step.received
    pages = sum(len(row.pages) for row in received.materials) if received else 0
    return f"您录入的内容、{pages} 页扫描件都在" if pages else "您录入的内容都在"


def _step(shift: Shift, op_id: UUID) -> _Step:
    for entry in shift.store.attention():
        if entry.op_id == op_id:
            return _Step(shift, entry, {})
    raise Refusal("这一项已经处理好了。请看别的。")


def _draft_again(shift: Shift, step: _Step) -> UUID:
    """The draft for a refused receipt: the one begun before, or a new one."""
    begun = next((one for one in intake.drafts(shift) if one.redoes == step.entry.op_id), None)
    if begun is not None:
        return begun.draft_id
    if step.received is None:
        raise Fault("a receipt to be done anew without its payload")
    shift.need(Role.WINDOW)
    draft = draft_from(step.received, intake.new_draft(shift, uuid7(shift.now())), step.entry.op_id)
    return intake.save_draft(shift, draft).draft_id


def _act_again(writing: Writing, shift: Shift, step: _Step) -> None:
    if step.operation is None or step.entry.case_id is None:
        raise Fault("a step to be done anew without its operation")
    case = writing.case(step.entry.case_id)
    new = again(step.operation, case.version)
    item = next((item for item in shift.rules.catalogue.items if item.id == case.item_id), None)
    at, calendar = shift.now(), shift.rules.calendar
    if new.kind not in ADDITIVE:
        new = permit(case, new, shift.person, at=at, calendar=calendar, item=item, standing=shift.standing())
    # Settled first: a step that lies aside at the central holds up what comes after it on the case.
    writing.perform(settle_operation(step.entry.op_id, How.REDONE, step.entry.case_id))
    writing.perform(new)


def _settle(shift: Shift, step: _Step, how: How, reason: str) -> None:
    settling = tuple(settlements(shift.store, step.entry.op_id, how, reason))

    def act(writing: Writing) -> None:
        for operation in settling:
            writing.perform(operation)

    shift.perform(act)


def _doubtful(shift: Shift) -> Iterator[AttentionRow]:
    """Printings of this person that nobody has answered for."""
    now = shift.now()
    for case in shift.store.folded(states=OPEN):
        open_marks = [mark for mark in unanswered(case) if mark.at <= now - DOUBTFUL_AFTER]
        sender = next((act for act in reversed(case.acts) if act.kind in _SENDINGS), None)
        if open_marks and sender is not None and sender.author == shift.person.person_id:
            yield _doubtful_row(case, open_marks[-1], sender, now)


def _doubtful_row(case: Case, mark: PaperMark, sender: Act, now: datetime) -> AttentionRow:
    return AttentionRow(
        op_id=sender.op_id or case.case_id,
        case_id=case.case_id,
        receipt_no=case.receipt_no,
        title=case.applicant.name if case.applicant else case.item_name,
        item_name=case.item_name,
        kind=sender.kind,
        step="打印结果不明",
        at=mark.at,
        badge=Badge.CONFIRM,
        reason="凭证送了打印机，还没有人说纸拿到了没有。",
        advice="请看打印机和窗口，再到今日里回答。",
        did=f"{moment_words(mark.at, now)} {act_words(sender.kind)}",
        current=STATE_NAMES[case.state],
        paper="不确定：纸可能已经打出，也可能没有",
        kept="办件和凭证的原稿都在",
        recommended=Exit.PAPER,
        can_withdraw=False,
        can_open=True,
    )
