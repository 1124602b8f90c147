"""What the papers are made from: plain records, no drawing.

Kept apart from the drawing modules so that services can build them without loading fonts.
Times are aware (any zone) and printed in Asia/Shanghai; dates are days in Asia/Shanghai.
Every text is printed literally: markup in a name is ink, never an instruction.
"""

from datetime import date, datetime

from msgspec import Struct

from onewindow_desk.domain.case import ApplicantKind, Source


class Office(Struct, frozen=True, kw_only=True):
    """Who issues the paper: `name` is the street office's full name, `window` e.g. "2 号窗口".

    `place` and `hours` are printed where given (where and when the centre is open).
    """

    name: str
    window: str
    inquiry_phone: str
    supervise_phone: str
    place: str = ""
    hours: str = ""


class ReceiptMaterial(Struct, frozen=True, kw_only=True):
    """One row of the receipt's list; counts of originals, copies and scanned pages."""

    name: str
    source: Source
    originals: int = 0
    copies: int = 0
    pages: int = 0
    keeps_original: bool = False


class Reprint(Struct, frozen=True, kw_only=True):
    """A later copy of a paper already handed out; the reason is printed with the 补打 mark."""

    reason: str
    at: datetime
    by: str


class ReceiptData(Struct, frozen=True, kw_only=True):
    """材料接收凭证 (行政许可法 art. 32, last paragraph).

    `receipt_no` is the 18 digits, or "" while the number is not yet given: then the paper is a
    draft for the screen, carries no codes and says 确认后给出. `query_code` (6 characters) goes
    into the QR code beside the number. `applicant_id_masked` is masked for a person
    (320115********0012); an organisation's credit code is public and printed whole.
    `answer_by` is the last day for the acceptance decision, `provisional` when the calendar of
    that day is not yet published. `deemed_from` is the day from which the case counts as
    accepted if nobody answers; None leaves the sentence out.
    """

    office: Office
    receipt_no: str
    query_code: str
    item_name: str
    item_code: str
    applicant_kind: ApplicantKind
    applicant_name: str
    applicant_id_masked: str
    materials: tuple[ReceiptMaterial, ...]
    received_at: datetime
    answer_by: date
    provisional: bool
    receiver: str
    agent_name: str = ""
    deemed_from: date | None = None
    sample: bool = False
    reprint: Reprint | None = None


class GuideMaterial(Struct, frozen=True, kw_only=True):
    """One row of the guide sheet's list.

    `form` says what to bring ("原件", "验原件"), `provided_by` who makes it, `share_source` the
    register the centre reads it from, `condition` when it is needed at all.
    """

    name: str
    required: bool
    originals: int
    copies: int
    form: str = ""
    provided_by: str = ""
    share_source: str = ""
    tolerable: bool = False
    condition: str = ""


class GuideData(Struct, frozen=True, kw_only=True):
    """一次性告知单 (行政许可法 art. 30): everything an applicant must know, in one paper.

    `statutory_limit` and `promised_limit` are whole phrases ("20 个工作日", "当场办结").
    `decided_by` is the organ that decides. `issued_by` and `issued_at` name who handed it out.
    """

    office: Office
    item_name: str
    item_code: str
    item_version: str
    department: str
    decided_by: str
    subjects: tuple[str, ...]
    conditions: tuple[str, ...]
    materials: tuple[GuideMaterial, ...]
    statutory_limit: str
    promised_limit: str
    fee: str
    basis: tuple[str, ...]
    result: str
    issued_by: str
    issued_at: datetime
    limit_notes: tuple[str, ...] = ()
    case_type: str = ""
    onsite_required: bool = False
    sample: bool = False
