"""The installed program tests itself: store, form, receipt, codes. Exit code 0 or 1."""

import os
import sys
import tempfile
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from onewindow_desk.demo import demo_plan
from onewindow_desk.documents.data import Office, ReceiptData, ReceiptMaterial
from onewindow_desk.documents.decode import decode_codes
from onewindow_desk.documents.fonts import FontBook
from onewindow_desk.documents.preview import render_page
from onewindow_desk.documents.receipt import render_receipt
from onewindow_desk.domain.case import ApplicantKind, Source
from onewindow_desk.domain.dates import local_date
from onewindow_desk.domain.deadline import acceptance_deadline
from onewindow_desk.domain.numbering import make_receipt_no
from onewindow_desk.faults import Fault, Refusal, Unreachable
from onewindow_desk.rules import shipped_calendar, shipped_catalogue
from onewindow_desk.services.administer import found_street
from onewindow_desk.store import KeyringVault, SecretVault, Store

_PIXELS = 1748
"""Width of the receipt's picture: A5 at 300 dpi."""


def now() -> datetime:
    """The present, aware, UTC."""
    return datetime.now(UTC)


def self_test() -> int:
    """Run every check and say how each went."""
    checks: tuple[tuple[str, Callable[[], None]], ...] = (
        ("store", _store),
        ("form", _form),
        ("receipt and codes", _receipt),
    )
    held = [_held(name, check) for name, check in checks]
    return 0 if all(held) else 1


def _held(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except (Refusal, Unreachable, Fault, OSError, ImportError) as trouble:
        sys.stderr.write(f"{name}: {trouble}\n")
        return False
    sys.stdout.write(f"{name}: ok\n")
    return True


def _store() -> None:
    """Found a store in the system's vault, open it again, take it away."""
    vault = _BorrowedVault(KeyringVault("onewindow-desk-self-test"))
    ids = (uuid.uuid4(), uuid.uuid4(), uuid.uuid4())
    try:
        with tempfile.TemporaryDirectory(prefix="onewindow-desk-") as folder:
            found_street(Path(folder), vault, demo_plan(), uuid.uuid4(), ids, now).close()
            with Store.open(Path(folder), vault) as store:
                report = store.verify_rest()
    finally:
        vault.give_back()
    if not report.sound:
        raise Fault("the new store does not verify")


class _BorrowedVault:
    """The system's vault, left afterwards as it was found."""

    def __init__(self, vault: SecretVault) -> None:
        self._vault = vault
        self._names: set[str] = set()

    def get(self, name: str) -> bytes | None:
        return self._vault.get(name)

    def set(self, name: str, secret: bytes) -> None:
        self._names.add(name)
        self._vault.set(name, secret)

    def delete(self, name: str) -> None:
        self._vault.delete(name)

    def give_back(self) -> None:
        for name in self._names:
            self._vault.delete(name)


def _form() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from onewindow_desk.run import apply_theme, make_application
    from onewindow_desk.settings import DeskSettings
    from onewindow_desk.workspaces.entry.founding import FoundingWizard

    apply_theme(make_application(), DeskSettings())
    wizard = FoundingWizard()
    wizard.grab()
    wizard.deleteLater()


def _receipt() -> None:
    at = now()
    number = make_receipt_no("115", local_date(at), 12, 1)
    data = _sample_receipt(number, at)
    pdf = render_receipt(data, FontBook.system())
    read = decode_codes(render_page(pdf, 0, _PIXELS))
    if number not in read or not any(number in text and text != number for text in read):
        raise Fault("the receipt's codes do not read back")


def _sample_receipt(number: str, at: datetime) -> ReceiptData:
    plan = demo_plan()
    item = shipped_catalogue().items[0]
    deadline = acceptance_deadline(at, shipped_calendar())
    return ReceiptData(
        office=Office(
            name=plan.street.authority,
            window="1 号窗口",
            inquiry_phone=plan.street.inquiry_phone,
            supervise_phone=plan.street.supervise_phone,
        ),
        receipt_no=number,
        query_code="ABCDEF",
        item_name=item.name,
        item_code=item.id,
        applicant_kind=ApplicantKind.PERSON,
        applicant_name="钱样安",
        applicant_id_masked="320115********0012",
        materials=(ReceiptMaterial(name=item.materials[0].name, source=Source.SUBMITTED, originals=1),),
        received_at=at,
        answer_by=deadline.due,
        provisional=deadline.provisional,
        receiver=plan.clerk.name,
        sample=True,
    )
