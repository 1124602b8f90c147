"""May this operation happen on this case? Asked of the case's own history, and of nothing else.

Whether the person holds the role, and what only the calendar or the catalogue can tell, is asked
in `permit` before an operation is made; what is checked here holds for every operation that is
ever folded, wherever it came from.
"""

from onewindow_desk.domain.facts import Facts
from onewindow_desk.domain.item import DecisionLevel
from onewindow_desk.domain.lifecycle import (
    BY_KIND,
    BY_PROPOSAL,
    GUARD_TEXTS,
    Transition,
    actors,
)
from onewindow_desk.domain.operation import Operation
from onewindow_desk.domain.people import Role
from onewindow_desk.domain.records import Case
from onewindow_desk.domain.separation import DUTY_NAMES, RELAXABLE, RELAXATION, clash, held_before
from onewindow_desk.domain.states import STATE_NAMES
from onewindow_desk.faults import Refusal

MAX_TOLD_DAYS = 250
MAX_EXTENSION = 15
MIN_CONTACTS = 2

_STREET_DECIDES = frozenset({"grant_on_spot", "propose_grant_on_spot", "grant", "deny"})
_STREET_DECIDED = frozenset({"certify", "demand_payment"})


def row_of(kind: str) -> Transition:
    """The row of the table that this kind stands in, as proposal or as the act itself."""
    row = BY_PROPOSAL.get(kind) or BY_KIND.get(kind)
    if row is None or row.derived:
        raise Refusal("本机不认识这一步。请升级后再办。")
    return row


def check(case: Case, operation: Operation) -> Role:
    """The duty in which the act is done; Refusal when the table, the pairs or a guard forbid it."""
    kind = operation.kind
    row = row_of(kind)
    facts = Facts(operation.head.envelope)
    _check_state(case, row)
    _check_base(case, row, operation)
    role = _duty(kind, facts)
    _check_separation(case, operation, role, facts)
    _check_guards(row.proposal_guards if kind == row.proposal else row.guards, facts)
    if row.proposal and kind == row.kind:
        _check_second_person(case, row, operation, facts)
    _check_level(case, kind)
    _check_own_rule(case, kind, facts)
    return role


def check_decline(case: Case, operation: Operation) -> Role:
    """A second person may decline what was proposed, in the duty that might have confirmed it."""
    if case.proposal is None:
        raise Refusal("没有等待确认的一步。请刷新后再看。")
    row = BY_PROPOSAL[case.proposal.kind]
    facts = Facts(operation.head.envelope)
    role = facts.one_of("role", Role)
    if role not in row.actors:
        raise Refusal("您的岗位不办这一步。请换有权限的同事办理（F12 换人）。")
    _check_base(case, row, operation)
    _check_separation(case, operation, role, facts)
    return role


def _check_state(case: Case, row: Transition) -> None:
    fresh = case.version == 0
    if row.sources and case.state in row.sources and (not fresh or row.kind == "receive"):
        return
    if not row.sources and fresh:
        return
    raise Refusal(f"办件现在是“{STATE_NAMES[case.state]}”，不能{row.action}。请刷新后再看。")


def _check_base(case: Case, row: Transition, operation: Operation) -> None:
    base = operation.head.base
    if base is None and row.needs_base:
        raise Refusal("这一步要写明是看了哪一版办件后决定的。请刷新后再办。")
    if base is not None and base != case.version:
        raise Refusal("您看过之后，又有人办了一步。请看过最新情况后再决定。")


def _duty(kind: str, facts: Facts) -> Role:
    allowed = actors(kind)
    claimed = facts.one_of("role", Role)
    if claimed is None and len(allowed) == 1:
        return allowed[0]
    if claimed not in allowed:
        raise Refusal("您的岗位不办这一步。请换有权限的同事办理（F12 换人）。")
    return claimed


def _check_separation(case: Case, operation: Operation, role: Role, facts: Facts) -> None:
    held = held_before(operation.head.author, ((act.author, act.role) for act in case.acts))
    other = clash(role, held, relaxed=facts.text("relaxed") == RELAXATION)
    if other is not None:
        raise Refusal(
            f"本件由您{DUTY_NAMES[other]}，按受审分离不能再由您{DUTY_NAMES[role]}。请换同事办理（F12 换人）。"
        )


def _check_guards(guards: tuple[str, ...], facts: Facts) -> None:
    for guard in guards:
        if not facts.given(guard):
            raise Refusal(GUARD_TEXTS[guard], field=guard)


def _check_second_person(case: Case, row: Transition, operation: Operation, facts: Facts) -> None:
    proposal = case.proposal
    if proposal is None or proposal.kind != row.proposal:
        raise Refusal(f"{row.action}要两个人办。请先由第一人提出。")
    if facts.text("proposal") != str(proposal.op_id):
        raise Refusal("提出的内容已经变了。请看过最新情况后再确认。")
    same_person = proposal.author == operation.head.author
    relaxed = row.proposers + row.actors == RELAXABLE[::-1] and facts.text("relaxed") == RELAXATION
    if same_person and not relaxed:
        raise Refusal("这一步要两个人办，您已提出。请另一位同事确认（F12 换人）。")


def _check_level(case: Case, kind: str) -> None:
    if kind in _STREET_DECIDES and case.decision_level is DecisionLevel.DISTRICT:
        raise Refusal("本事项由区级决定，街道不能作决定。请转报区级。")
    if kind == "report_up" and case.decision_level is DecisionLevel.STREET:
        raise Refusal("本事项由街道决定，不用转报。请提交审查意见。")
    by_district = case.decision is not None and case.decision.level is DecisionLevel.DISTRICT
    if kind in _STREET_DECIDED and by_district:
        raise Refusal("区级文书由区级制证用印。请直接转出件窗口。")
    if kind == "forward_district_paper" and not by_district:
        raise Refusal("街道的决定要先制证用印。请先申请用印。")


def _check_own_rule(case: Case, kind: str, facts: Facts) -> None:
    rule = _OWN_RULES.get(kind)
    if rule is not None:
        rule(case, facts)


def _all_settled(case: Case, facts: Facts) -> None:
    open_defects = set(case.corrections[-1].defects) - set(facts.texts("settled"))
    if open_defects:
        raise Refusal(GUARD_TEXTS["settled"], field="settled")


def _contacted(_case: Case, facts: Facts) -> None:
    if facts.number("contacts") < MIN_CONTACTS:
        raise Refusal(GUARD_TEXTS["contacts"], field="contacts")


def _nothing_outstanding(case: Case, _facts: Facts) -> None:
    if case.tolerated:
        raise Refusal("容缺的材料还没有补齐。请补齐后再作准予决定。")


def _one_of_eight(_case: Case, facts: Facts) -> None:
    if not 1 <= facts.number("told_days") <= MAX_TOLD_DAYS:
        raise Refusal(GUARD_TEXTS["told_days"], field="told_days")


def _extended_once(case: Case, facts: Facts) -> None:
    if case.extension is not None:
        raise Refusal("期限只能延长一次，本件已经延长过。请在期限内作出决定。")
    if not 1 <= facts.number("days") <= MAX_EXTENSION:
        raise Refusal(GUARD_TEXTS["days"], field="days")


_OWN_RULES = {
    "accept_corrected": _all_settled,
    "terminate_uncorrected": _contacted,
    "grant": _nothing_outstanding,
    "propose_special": _one_of_eight,
    "extend": _extended_once,
}
