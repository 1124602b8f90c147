"""What a draft still lacks before it can be received: every field, in the order of the form.

The checks stand on identity numbers (GB 11643, GB 32100), on names that can be printed and read
back, on the item's required fields, and on the application itself (行政许可法 29).
"""

from collections.abc import Callable, Iterator
from datetime import date

from onewindow_desk.domain.case import ApplicantKind, Identity, IdentityType
from onewindow_desk.domain.identity import (
    check_identity,
    check_name,
    check_phone,
    clean_text,
    normalise_number,
)
from onewindow_desk.domain.item import FieldKind, Item
from onewindow_desk.domain.receiving import APPLICATION_FORM
from onewindow_desk.faults import Blame, Refusal
from onewindow_desk.services.draft import Draft

MAX_TEXT = 500


def check(draft: Draft, item: Item | None) -> tuple[Blame, ...]:
    """Everything to be put right, first field first; empty when the draft can be received."""
    return tuple(_problems(draft, item))


def check_field(draft: Draft, item: Item | None, field: str) -> Blame | None:
    """What is to be put right in one field, for showing it as soon as the person leaves it."""
    return next((blame for blame in _problems(draft, item) if blame.field == field), None)


def _problems(draft: Draft, item: Item | None) -> Iterator[Blame]:
    if item is None:
        yield Blame("item", "还没有选事项。请输入名称、拼音首字母或编码，再按 Enter。")
    yield from _applicant(draft)
    if draft.with_agent:
        yield from _agent(draft)
    if item is not None:
        yield from _item_fields(draft, item)
        yield from _materials(draft, item)


def _applicant(draft: Draft) -> Iterator[Blame]:
    organisation = draft.applicant_kind is ApplicantKind.ORGANISATION
    yield from _name(draft, "applicant.name", "单位名称" if organisation else "姓名")
    yield from _number(draft, "applicant", IdentityType.USCC if organisation else IdentityType.RESIDENT)
    if organisation:
        yield from _name(draft, "representative.name", "法定代表人")
        yield from _number(draft, "representative", IdentityType.RESIDENT)
    yield from _phone(draft, "applicant.phone")
    yield from _optional_text(draft, "applicant.address", "地址")


def _agent(draft: Draft) -> Iterator[Blame]:
    yield from _name(draft, "agent.name", "代办人姓名")
    yield from _number(draft, "agent", IdentityType.RESIDENT)
    yield from _phone(draft, "agent.phone")
    if not draft.value("agent.authority").strip():
        yield Blame("agent.authority", "还没有写委托依据。请写授权委托书的日期或编号。")


def _name(draft: Draft, key: str, label: str) -> Iterator[Blame]:
    if not draft.value(key).strip():
        yield Blame(key, f"还没有填{label}。请按证件填写。")
    else:
        yield from _refused(key, lambda: check_name(draft.value(key), label))


def _number(draft: Draft, who: str, default: IdentityType) -> Iterator[Blame]:
    key = f"{who}.number"
    number = normalise_number(draft.value(key))
    kind = IdentityType(draft.value(f"{who}.identity_type") or default)
    if not number:
        yield Blame(key, "还没有填证件号码。请按证件填写。")
    else:
        yield from _refused(key, lambda: check_identity(Identity(type=kind, number=number)))


def _phone(draft: Draft, key: str) -> Iterator[Blame]:
    if not draft.value(key).strip():
        yield Blame(key, "还没有填联系电话。请填手机或座机，方便通知结果。")
    else:
        yield from _refused(key, lambda: check_phone(draft.value(key), "联系电话"))


def _optional_text(draft: Draft, key: str, label: str) -> Iterator[Blame]:
    text = draft.value(key)
    yield from _refused(key, lambda: clean_text(text, label, max_length=MAX_TEXT, lines=True))


def _item_fields(draft: Draft, item: Item) -> Iterator[Blame]:
    for field in item.fields:
        key = f"field.{field.key}"
        text = draft.value(key).strip()
        if not text:
            if field.required:
                yield Blame(key, f"还没有填{field.label}。请问清后填写。")
        elif field.kind is FieldKind.NUMBER and not _is_number(text):
            yield Blame(key, f"{field.label}要填数字，例如 12 或 12.5。")
        elif field.kind is FieldKind.DATE and not _is_date(text):
            yield Blame(key, f"{field.label}要填日期，例如 2026-09-21。")
        else:
            yield from _optional_text(draft, key, field.label)


def _materials(draft: Draft, item: Item) -> Iterator[Blame]:
    ticked = {code for code, row in draft.materials.items() if row.ticked}
    asks_for_form = any(row.code == APPLICATION_FORM for row in item.materials)
    if asks_for_form and APPLICATION_FORM not in ticked:
        yield Blame("materials", "还没有收到申请表。收到后请按空格勾选。")
    elif not ticked:
        yield Blame("materials", "还没有勾选收到的材料。请对照清单按空格勾选。")
    loose = sum(not page.material for page in draft.pages)
    if loose:
        yield Blame("materials", f"还有 {loose} 页没有归入材料。请选中材料后归入，或删除。")


def _refused(key: str, test: Callable[[], object]) -> Iterator[Blame]:
    try:
        test()
    except Refusal as refusal:
        yield Blame(key, refusal.text)


def _is_number(text: str) -> bool:
    whole, _, part = normalise_number(text).partition(".")
    return whole.isdigit() and (part.isdigit() or not part)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(normalise_number(text).replace("/", "-").replace(".", "-"))
    except ValueError:
        return False
    return True
