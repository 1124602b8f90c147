"""The guide of an item: the sheet that tells everything once (一次性告知单, 行政许可法 30)."""

from onewindow_desk.documents.data import GuideData, GuideMaterial
from onewindow_desk.documents.guide import render_guide
from onewindow_desk.domain.item import DecisionLevel, Item, LegalBasis, Limits, Material
from onewindow_desk.services.papers import office
from onewindow_desk.services.shift import Shift


def guide_pdf(shift: Shift, item: Item) -> bytes:
    """The sheet as PDF."""
    return render_guide(guide_data(shift, item), shift.rules.fonts)


def guide_data(shift: Shift, item: Item) -> GuideData:
    """What stands on the sheet; sample marks where the catalogue is a sample."""
    return GuideData(
        office=office(shift),
        item_name=item.name,
        item_code=item.id,
        item_version=item.version,
        department=item.department,
        decided_by=_decided_by(shift, item),
        subjects=item.subjects,
        conditions=tuple(note for note in (item.notes,) if note),
        materials=tuple(_material(row) for row in item.materials),
        statutory_limit=_statutory(item.limits),
        promised_limit=promised(item),
        fee=f"收费。依据：{item.fee_basis}" if item.fee_charged else "不收费",
        basis=tuple(_basis(row) for row in item.legal_basis),
        result=item.result_document,
        issued_by=shift.person.name,
        issued_at=shift.now(),
        limit_notes=tuple(note for note in (item.limits.statutory_note,) if note),
        case_type=item.case_type,
        onsite_required=item.onsite_required,
        sample=item.sample or shift.street.sample,
    )


def promised(item: Item) -> str:
    """The promised limit in words."""
    if item.case_type == "即办件":
        return "当场办结"
    return f"受理之日起 {item.limits.promised_days} 个工作日"


def _statutory(limits: Limits) -> str:
    if limits.statutory_days is None:
        return "法律没有规定办理期限"
    return f"受理之日起 {limits.statutory_days} 个工作日"


def _decided_by(shift: Shift, item: Item) -> str:
    return shift.street.authority if item.decision_level is DecisionLevel.STREET else item.department


def _basis(row: LegalBasis) -> str:
    return f"{row.law} {row.article}"


def _material(row: Material) -> GuideMaterial:
    return GuideMaterial(
        name=row.name,
        required=row.required,
        originals=row.originals,
        copies=row.copies,
        form=row.form,
        provided_by=row.provided_by,
        share_source=row.share_source,
        tolerable=row.tolerable,
        condition=row.condition,
    )
