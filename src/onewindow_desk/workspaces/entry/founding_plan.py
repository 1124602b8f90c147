"""From what is typed in the wizard to a founding plan, and back to the field to be put right.

Values are keyed by the plan's own names (`street.code`, `clerk.login`, `series`), so that a Blame
of the service finds its field; `<person>.again` is the wizard's own.
"""

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import QCoreApplication

from onewindow_desk.domain.numbering import make_receipt_no
from onewindow_desk.faults import Blame
from onewindow_desk.services.administer import FoundingPlan, NewPerson, check_plan
from onewindow_desk.settings import StreetSettings

PEOPLE = ("system_admin", "security_admin", "clerk")
_STREET = ("name", "authority", "code", "inquiry_phone", "supervise_phone", "address", "hours")
_SERIES_DIGITS = 4
_STREET_DIGITS = 3

Typed = Mapping[str, str]


def tr(text: str) -> str:
    """The wizard's own words in the person's language."""
    return QCoreApplication.translate("FoundingPlan", text)


def plan_of(typed: Typed, *, sample: bool) -> FoundingPlan:
    """The plan as typed, whether complete or not; a series that is no number becomes 0."""
    street = {key: typed.get(f"street.{key}", "").strip() for key in _STREET}
    return FoundingPlan(
        street=StreetSettings(**street, sample=sample),
        series=series_of(typed.get("series", "")),
        system_admin=_person(typed, "system_admin"),
        security_admin=_person(typed, "security_admin"),
        clerk=_person(typed, "clerk"),
    )


def problems(typed: Typed) -> tuple[Blame, ...]:
    """Everything to be put right, the service's findings first, then passwords typed unlike."""
    unlike = tuple(
        Blame(f"{key}.again", tr("两遍口令不一样。请把第二遍重新输入。"))
        for key in PEOPLE
        if typed.get(f"{key}.password", "") != typed.get(f"{key}.again", "")
    )
    return (*check_plan(plan_of(typed, sample=True)), *unlike)


def series_of(text: str) -> int:
    """The series as a number; 0 for anything that is not one to four digits."""
    digits = text.strip()
    plain = digits.isascii() and digits.isdecimal() and len(digits) <= _SERIES_DIGITS
    return int(digits) if plain else 0


def first_number(typed: Typed, today: date) -> str:
    """The first receipt number this desk would give today; "" while street or series are open."""
    code, series = typed.get("street.code", "").strip(), series_of(typed.get("series", ""))
    if not (len(code) == _STREET_DIGITS and code.isascii() and code.isdecimal()) or not series:
        return ""
    return make_receipt_no(code, today, series, 1)


def _person(typed: Typed, key: str) -> NewPerson:
    return NewPerson(
        login=typed.get(f"{key}.login", "").strip(),
        name=typed.get(f"{key}.name", "").strip(),
        password=typed.get(f"{key}.password", ""),
    )
