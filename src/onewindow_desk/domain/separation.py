"""受审分离: which duties on one case no person may ever hold together.

The pairs are hard. Only issuer = sealkeeper may be relaxed, by a dated and visible setting, and
the operation then says so itself (`relaxed`), so that every reader of the case sees it.
"""

from collections.abc import Iterable
from uuid import UUID

from onewindow_desk.domain.people import Role

SEPARATED: tuple[tuple[Role, Role], ...] = (
    (Role.WINDOW, Role.HANDLER),
    (Role.WINDOW, Role.REVIEWER),
    (Role.WINDOW, Role.DECIDER),
    (Role.WINDOW, Role.SEALKEEPER),
    (Role.HANDLER, Role.REVIEWER),
    (Role.HANDLER, Role.DECIDER),
    (Role.SEALKEEPER, Role.REVIEWER),
    (Role.SEALKEEPER, Role.DECIDER),
    (Role.ISSUER, Role.REVIEWER),
    (Role.ISSUER, Role.DECIDER),
    (Role.ISSUER, Role.SEALKEEPER),
)

RELAXABLE = (Role.ISSUER, Role.SEALKEEPER)
RELAXATION = "issuer_sealkeeper"

DUTY_NAMES = {
    Role.WINDOW: "收件受理",
    Role.HANDLER: "承办",
    Role.REVIEWER: "审核",
    Role.DECIDER: "签发",
    Role.SEALKEEPER: "用印",
    Role.ISSUER: "出件",
}


def separated(one: Role, other: Role, *, relaxed: bool = False) -> bool:
    """Whether these two duties on one case need two persons."""
    if relaxed and {one, other} == set(RELAXABLE):
        return False
    return (one, other) in SEPARATED or (other, one) in SEPARATED


def held_before(person: UUID, duties: Iterable[tuple[UUID, Role | None]]) -> frozenset[Role]:
    """The duties this person has already had on the case."""
    return frozenset(role for author, role in duties if author == person and role is not None)


def clash(role: Role, held: frozenset[Role], *, relaxed: bool = False) -> Role | None:
    """A duty held before that forbids `role` now, or None."""
    return next((other for other in Role if other in held and separated(role, other, relaxed=relaxed)), None)
