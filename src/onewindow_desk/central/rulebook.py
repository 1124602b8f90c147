"""The rules of `domain`, as rows for the central: it judges by the same table as the desks."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from onewindow_desk.domain.item import DecisionLevel
from onewindow_desk.domain.lifecycle import (
    ADDITIVE,
    AWAITS_FILES,
    DECLINE,
    PRESENT,
    STREET_KINDS,
    TRANSITIONS,
    Transition,
    actors,
)
from onewindow_desk.domain.people import Role
from onewindow_desk.domain.records import Outcome
from onewindow_desk.domain.separation import RELAXABLE, SEPARATED, separated
from onewindow_desk.domain.suspension import StopKind


def _one_of(kind: type[StrEnum]) -> str:
    return f"|{'|'.join(member.value for member in kind)}|"


_LOOKS = {
    "moment": (
        "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
        "([.][0-9]{6})?(Z|[+]00:00|[+]08:00)$"
    ),
    "day": "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$",
}
"""Days that every month has; the others are looked at with more patience."""

_TYPED = {"role": _one_of(Role), "relaxed": "text", "deemed_accepted": "day"}
_TYPED_IN_PROPOSAL = {
    "stop_kind": _one_of(StopKind),
    "told_days": "number",
    "defects": "texts",
    "answer_by": "day",
}
_TYPED_BY_KIND: Mapping[str, Mapping[str, str]] = {
    "receive": {
        "receipt_no": "text",
        "item_id": "text",
        "item_version": "text",
        "item_name": "text",
        "received_at": "moment",
        "decision_level": _one_of(DecisionLevel),
        "statutory_days": "number_or_none",
        "promised_days": "number_or_none",
    },
    "reapply": {"refers_to": "uuid"},
    "request_correction": {"defects": "texts", "answer_by": "day"},
    "accept_tolerant": {"tolerated": "texts", "supply_by": "day"},
    "accept_corrected": {"settled": "texts"},
    "terminate_uncorrected": {"contacts": "number"},
    "extend": {"days": "number"},
    "register_district_decision": {"outcome": _one_of(Outcome), "decided_on": "day"},
    "material_added": {"code": "text"},
}
"""What shape `effects` and `rules` read each fact in; a fact of another shape is refused.

A choice is written as `|one|another|`.
"""

_OWN = frozenset(
    {
        "grant_on_spot",
        "propose_grant_on_spot",
        "grant",
        "deny",
        "report_up",
        "certify",
        "demand_payment",
        "forward_district_paper",
        "accept_corrected",
        "terminate_uncorrected",
        "propose_special",
        "extend",
    }
)
"""Kinds that `rules._check_level` and `rules._OWN_RULES` ask something more of."""

_PLAIN = frozenset({"receive", "correct_on_spot", "accept", "accept_on_commitment"}) | (
    frozenset(ADDITIVE) - {"material_added"}
)
"""Kinds that a desk piles up: one person and one role, no base, no seal, no files waited for.

Applying one changes no more than state and version, a receipt aside.
"""


class Rule(Struct, frozen=True, kw_only=True):
    """One row of `owd_data.rule`; `nature` is move, propose, decline, add or street.

    `fact_names` and `fact_shapes` go in pairs: how a fact is read when it is there. `fine` is a JSON
    path that is true of most envelopes whose facts, but for the `numbers`, have their shapes, and of
    no other. `plain`: the central may apply it the short way where `sure` is true of the envelope and
    the `numbers` are whole: facts have their shapes, and guards say something.
    """

    kind: str
    nature: str
    step: str
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    fact_names: tuple[str, ...] = ()
    fact_shapes: tuple[str, ...] = ()
    fine: str = "1 == 1"
    numbers: tuple[str, ...] = ()
    proposal: str = ""
    same_person_relaxable: bool = False
    needs_base: bool = False
    present: bool = False
    awaits_files: bool = False
    own: bool = False
    plain: bool = False
    sure: str = "1 == 1"
    apart: Mapping[str, tuple[str, ...]] = {}


def rules() -> tuple[Rule, ...]:
    """Every kind of act that the domain knows, once."""
    return tuple(_rules())


def separations() -> tuple[tuple[str, str, bool], ...]:
    """The pairs of duties that are apart, both ways round, and whether a setting may relax them."""
    both = [pair for one, other in SEPARATED for pair in ((one, other), (other, one))]
    return tuple((one.value, other.value, {one, other} == set(RELAXABLE)) for one, other in both)


def _rules() -> Iterator[Rule]:
    for row in TRANSITIONS:
        yield _step(row, row.kind, "move", row.guards)
        if row.proposal:
            yield _step(row, row.proposal, "propose", row.proposal_guards)
    yield Rule(
        kind=DECLINE,
        nature="decline",
        step=DECLINE,
        **_typed(_TYPED),
        **_who(DECLINE),
        present=DECLINE in PRESENT,
    )
    for kind in ADDITIVE:
        typed = _typed(_TYPED_BY_KIND.get(kind, {}))
        yield Rule(kind=kind, nature="add", step=kind, **typed, **_who(kind), **_short(kind, typed, ()))
    for kind in STREET_KINDS:
        yield Rule(kind=kind, nature="street", step=kind, **_who(kind), present=kind in PRESENT)


def _step(row: Transition, kind: str, nature: str, guards: tuple[str, ...]) -> Rule:
    own = _TYPED_IN_PROPOSAL if nature == "propose" else _TYPED_BY_KIND.get(kind, {})
    second = row.proposal if nature == "move" else ""
    typed = _typed({**_TYPED, **own, **({"proposal": "text"} if second else {})})
    return Rule(
        kind=kind,
        nature=nature,
        step=row.kind,
        sources=tuple(state.value for state in row.sources),
        targets=tuple(state.value for state in row.targets),
        guards=guards,
        **typed,
        **_short(kind, typed, guards),
        proposal=second,
        same_person_relaxable=bool(second) and row.proposers + row.actors == RELAXABLE[::-1],
        needs_base=row.needs_base,
        present=kind in PRESENT,
        awaits_files=kind in AWAITS_FILES,
        own=kind in _OWN,
        **_who(kind),
    )


def _typed(facts: Mapping[str, str]) -> dict[str, Any]:
    numbers = tuple(name for name, shape in facts.items() if shape.startswith("number"))
    fine = " && ".join(_fine(name, shape) for name, shape in facts.items() if name not in numbers)
    return {
        "fact_names": tuple(facts),
        "fact_shapes": tuple(facts.values()),
        "fine": fine or "1 == 1",
        "numbers": numbers,
    }


def _short(kind: str, typed: Mapping[str, Any], guards: tuple[str, ...]) -> dict[str, Any]:
    """How an act goes the short way, if its kind may."""
    if kind not in _PLAIN:
        return {}
    shapes = dict(zip(typed["fact_names"], typed["fact_shapes"], strict=True))
    asked = [name for name in shapes if name not in _TYPED and name not in typed["numbers"]]
    said = [
        f'($.{guard} == true || $.{guard} > 0 || $.{guard} > "")' for guard in guards if guard not in asked
    ]
    sure = " && ".join([*(_surely(name, shapes[name], name in guards) for name in asked), *said])
    return {"plain": True, "sure": sure or "1 == 1"}


def _surely(name: str, shape: str, guarded: bool) -> str:
    """A condition on one fact that asks as little as may be; `guarded`: it has to be there."""
    if shape == "text":
        looks = f'$.{name} > ""' if guarded else "1 == 1"
    elif shape in _LOOKS:
        looks = f'$.{name} like_regex "{_LOOKS[shape]}"'
    elif shape.startswith("|"):
        looks = "(" + " || ".join(f'$.{name} == "{member}"' for member in shape.strip("|").split("|")) + ")"
    else:
        return f"!exists($.{name})"
    there = f'$.{name}.type() == "string" && {looks}'
    return there if guarded else f"(!exists($.{name}) || {there})"


def _fine(name: str, shape: str) -> str:
    """A condition on one fact that is quickly asked: absent, or surely of its shape."""
    if shape == "text":
        there = f'$.{name}.type() == "string"'
    elif shape.startswith("|"):
        there = " || ".join(f'$.{name} == "{member}"' for member in shape.strip("|").split("|"))
    elif shape in _LOOKS:
        there = f'$.{name} like_regex "{_LOOKS[shape]}"'
    else:
        return f"!exists($.{name})"
    return f'(!exists($.{name}) || $.{name}.type() != "array" && ({there}))'


def _who(kind: str) -> dict[str, Any]:
    """Who may do this kind of act, and for each of these roles the duties that are apart from it."""
    allowed = actors(kind)
    return {
        "actors": tuple(role.value for role in allowed),
        "apart": {role.value: _apart(role) for role in allowed},
    }


def _apart(role: Role) -> tuple[str, ...]:
    return tuple(other.value for other in Role if separated(role, other))
