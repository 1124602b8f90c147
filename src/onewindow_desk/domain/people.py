"""People of a street, their roles, and who may not do what beside what (受审分离)."""

from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class Role(StrEnum):
    """What a person may do; names as in the lifecycle table."""

    GUIDE = "guide"
    AGENT = "agent"
    WINDOW = "window"
    HANDLER = "handler"
    REVIEWER = "reviewer"
    DECIDER = "decider"
    SEALKEEPER = "sealkeeper"
    ISSUER = "issuer"
    FEES = "fees"
    LIAISON = "liaison"
    DEPT = "dept"
    SUPERVISOR = "supervisor"
    ARCHIVIST = "archivist"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


class Person(Struct, frozen=True, kw_only=True):
    """One member of staff; `login` is what is typed at sign-in, unique in the street."""

    person_id: UUID
    login: str
    name: str
    roles: frozenset[Role]
    active: bool = True


_ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
_ACCOUNT_CONFLICTS = (
    (Role.WINDOW, Role.HANDLER),
    (Role.WINDOW, Role.REVIEWER),
    (Role.WINDOW, Role.DECIDER),
    (Role.WINDOW, Role.SEALKEEPER),
    (Role.HANDLER, Role.SEALKEEPER),
    (Role.REVIEWER, Role.SEALKEEPER),
    (Role.DECIDER, Role.SEALKEEPER),
    (Role.HANDLER, Role.ISSUER),
    (Role.REVIEWER, Role.ISSUER),
    (Role.HANDLER, Role.FEES),
    (Role.REVIEWER, Role.FEES),
)


def conflicts(roles: frozenset[Role]) -> tuple[tuple[Role, Role], ...]:
    """The pairs of roles that one account should not hold together.

    A small street may relax them by a dated, signed, visible setting; the pairs per case
    (`separation`) stand all the same. An administrator holds no other role, not even another
    administrator's.
    """
    business = [pair for pair in _ACCOUNT_CONFLICTS if pair[0] in roles and pair[1] in roles]
    held = [role for role in Role if role in roles]
    administrative = [
        (admin, other)
        for admin in held
        if admin in _ADMINISTRATORS
        for other in held
        if other is not admin and not (other in _ADMINISTRATORS and held.index(other) < held.index(admin))
    ]
    return (*business, *administrative)
