"""A calendar, the sample catalogue, and a bench to perform operations on a case."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from onewindow_desk.domain.calendar import WorkCalendar, load_calendar
from onewindow_desk.domain.case import (
    Applicant,
    ApplicantKind,
    Case,
    HandedIn,
    Identity,
    IdentityType,
    Received,
    Source,
    apply,
    blank,
)
from onewindow_desk.domain.catalogue import Catalogue, load_catalogue
from onewindow_desk.domain.item import Item
from onewindow_desk.domain.numbering import make_receipt_no
from onewindow_desk.domain.operation import Algorithms, Head, Operation
from onewindow_desk.domain.people import Person, Role
from onewindow_desk.domain.receiving import receive_envelope

RESOURCES = Path(__file__).parents[2] / "resources"
# Monday 21 September 2026, 09:42 in Shanghai.
RECEIVED_AT = datetime(2026, 9, 21, 1, 42, tzinfo=UTC)

# Everything that any guard asks for, so that a test can leave one out.
FACTS: Mapping[str, Any] = {
    "receipt_no": "115260921001200319",
    "item_id": "JN34-XK-08",
    "item_version": "v1",
    "received_at": RECEIVED_AT.isoformat(),
    "signed_by_applicant": True,
    "reason_given": True,
    "competent_organ": True,
    "remedy_told": True,
    "basis_given": True,
    "defects": ["M-BIZ"],
    "settled": ["M-BIZ"],
    "answer_by": "2026-10-20",
    "contacts": 2,
    "originals_returned": True,
    "complete": True,
    "tolerated": ["XK08-3"],
    "supply_by": "2026-09-24",
    "pledge_signed": True,
    "commitment_signed": True,
    "no_bad_record": True,
    "slip_signed": True,
    "entry_mistake": True,
    "record": "ab" * 32,
    "opinion_given": True,
    "stop_kind": "testing",
    "told_days": 5,
    "conclusion": "cd" * 32,
    "days": 10,
    "outcome": "granted",
    "paper": "ef" * 32,
    "decided_on": "2026-10-09",
    "points_ticked": True,
    "fee_standard": "F-1",
    "paid_on": "2026-10-10",
    "seal_approved": True,
    "applicant_told": True,
    "collector_checked": True,
    "checklist_complete": True,
    "uploaded": True,
    "pushed": True,
    "written_request": True,
    "refers_to": str(UUID(int=99)),
}


class Bench:
    """Performs operations on one case, by people named with one letter."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.at = RECEIVED_AT
        self.last = 0

    def operation(
        self,
        kind: str,
        who: str,
        *,
        role: Role | None = None,
        base: int | None = -1,
        without: tuple[str, ...] = (),
        payload: Mapping[str, Any] | None = None,
        **facts: Any,
    ) -> Operation:
        self.last += 1
        envelope = {key: value for key, value in {**FACTS, **facts}.items() if key not in without}
        if role is not None:
            envelope["role"] = role.value
        if self.case.proposal is not None and "proposal" not in facts:
            envelope["proposal"] = str(self.case.proposal.op_id)
        return Operation(
            replica=UUID(int=1),
            seq=self.last,
            head=Head(
                v=1,
                op_id=UUID(int=1000 + self.last),
                case_id=self.case.case_id,
                kind=kind,
                schema=1,
                author=person_id(who),
                at=self.at,
                base=self.case.version if base == -1 else base,
                envelope=envelope,
                payload_sha256="0" * 64,
                payload_size=0,
                alg=Algorithms(),
                person_key="",
            ),
            payload=payload,
        )

    def do(self, kind: str, who: str, **more: Any) -> Case:
        self.case = apply(self.case, self.operation(kind, who, **more))
        return self.case

    def later(self, **span: int) -> "Bench":
        self.at += timedelta(**span)
        return self


def person_id(who: str) -> UUID:
    return UUID(int=ord(who))


@pytest.fixture(scope="session")
def calendar() -> WorkCalendar:
    return load_calendar(*(path.read_bytes() for path in sorted((RESOURCES / "calendar").glob("*.yaml"))))


@pytest.fixture(scope="session")
def sample_list() -> bytes:
    return (RESOURCES / "catalogue" / "sample.yaml").read_bytes()


@pytest.fixture(scope="session")
def catalogue(sample_list: bytes) -> Catalogue:
    return load_catalogue(sample_list)


@pytest.fixture(scope="session")
def permit_item(catalogue: Catalogue) -> Item:
    """公共场所卫生许可: the street decides, promised 3, statutory 20, extension 10."""
    return catalogue.item("JN34-XK-08")


@pytest.fixture
def bench() -> Bench:
    return Bench(blank(UUID(int=7)))


@pytest.fixture(scope="session")
def new_bench():
    return lambda: Bench(blank(UUID(int=7)))


@pytest.fixture
def person():
    def make(who: str, *roles: Role, active: bool = True) -> Person:
        return Person(
            person_id=person_id(who), login=who, name=f"样{who}", roles=frozenset(roles), active=active
        )

    return make


@pytest.fixture
def person_of():
    return person_id


@pytest.fixture
def received(permit_item: Item) -> Received:
    return Received(
        receipt_no=make_receipt_no("115", RECEIVED_AT.date(), 12, 31),
        item_id=permit_item.id,
        item_version=permit_item.version,
        applicant=Applicant(
            kind=ApplicantKind.PERSON,
            name="钱样安",
            identity=Identity(type=IdentityType.RESIDENT, number="320115198103041237"),
            phone="000-0000-0031",
            address="样例路 12 号",
        ),
        agent=None,
        fields={"place": "样例路 12 号"},
        materials=tuple(
            HandedIn(code=row.code, name=row.name, source=Source.SUBMITTED, originals=1)
            for row in permit_item.materials
            if row.required
        ),
        received_at=RECEIVED_AT,
        window="2",
    )


@pytest.fixture
def received_bench(bench: Bench, received: Received, permit_item: Item) -> Bench:
    """A case just received by W, with its personal payload."""
    bench.do(
        "receive",
        "W",
        payload=msgspec.to_builtins(received),
        **receive_envelope(received, permit_item),
    )
    return bench
