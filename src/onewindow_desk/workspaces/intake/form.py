"""Which fields the applicant's card asks for, in reading order, for a draft and its item."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from onewindow_desk.domain.case import ApplicantKind, IdentityType
from onewindow_desk.domain.item import FieldKind, Item, ItemField
from onewindow_desk.services.draft import Draft
from onewindow_desk.workspaces.intake.words import tr

IDENTITY_NAMES = {
    IdentityType.RESIDENT: "居民身份证",
    IdentityType.FOREIGN_PERMANENT: "外国人永居证",
    IdentityType.PASSPORT: "护照",
    IdentityType.TRAVEL_PERMIT: "港澳台通行证",
    IdentityType.MILITARY: "军官证",
    IdentityType.OTHER: "其他证件",
}


class Editor(Enum):
    """What a field is typed with."""

    TEXT = auto()
    CODE = auto()  # letters and digits; input methods are off
    SECRET = auto()  # an identity number: masked unless it has the focus
    LONG = auto()
    DATE = auto()
    CHOICE = auto()


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: its key in the draft, its caption, what the hint calls it, how it is typed.

    `half` fields stand two in a row; `narrow` is the smaller partner of a row (kind of document).
    `choices` are (value, words); the first is the default where `values` has nothing.
    """

    key: str
    caption: str
    short: str
    editor: Editor = Editor.TEXT
    optional: bool = False
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    half: bool = False
    narrow: bool = False


def fields(draft: Draft, item: Item | None) -> tuple[FormField, ...]:
    """All fields of the card for this draft."""
    return (*_applicant(draft), *_agent(draft), *fields_of_item(item))


def names(draft: Draft, item: Item | None) -> dict[str, str]:
    """What the hint calls each thing that can be at fault, by key."""
    known = {field.key: field.short for field in fields(draft, item)}
    return {"item": tr("事项"), **known, "materials": tr("材料")}


def _applicant(draft: Draft) -> Iterator[FormField]:
    if draft.applicant_kind is ApplicantKind.ORGANISATION:
        yield FormField("applicant.name", tr("单位名称"), tr("单位名称"))
        yield FormField("applicant.number", tr("统一社会信用代码"), tr("信用代码"), editor=Editor.CODE)
        yield FormField("representative.name", tr("法定代表人"), tr("法定代表人"), half=True)
        yield _phone("applicant.phone", tr("手机"))
        yield from _identity("representative", tr("法定代表人证件"), tr("法定代表人证件号码"))
    else:
        yield FormField("applicant.name", tr("姓名"), tr("姓名"), half=True)
        yield _phone("applicant.phone", tr("手机"))
        yield from _identity("applicant", tr("证件"), tr("证件号码"))
    yield FormField("applicant.address", tr("地址"), tr("地址"), optional=True)


def _agent(draft: Draft) -> Iterator[FormField]:
    if draft.with_agent:
        yield FormField("agent.name", tr("代办人姓名"), tr("代办人姓名"), half=True)
        yield _phone("agent.phone", tr("代办人手机"))
        yield from _identity("agent", tr("代办人证件"), tr("代办人证件号码"))
        yield FormField("agent.authority", tr("委托依据（授权委托书日期或编号）"), tr("委托依据"))


def _phone(key: str, caption: str) -> FormField:
    return FormField(key, caption, caption, editor=Editor.CODE, half=True)


def _identity(who: str, kind: str, number: str) -> Iterator[FormField]:
    choices = tuple((type_.value, tr(name)) for type_, name in IDENTITY_NAMES.items())
    yield FormField(
        f"{who}.identity_type", kind, kind, editor=Editor.CHOICE, choices=choices, half=True, narrow=True
    )
    yield FormField(f"{who}.number", number, tr("证件号码"), editor=Editor.SECRET, half=True)


def fields_of_item(item: Item | None) -> Iterator[FormField]:
    """What this item asks beside the applicant."""
    for field in item.fields if item else ():
        yield _item_field(field)


_EDITORS = {
    FieldKind.LONG_TEXT: Editor.LONG,
    FieldKind.NUMBER: Editor.CODE,
    FieldKind.DATE: Editor.DATE,
    FieldKind.CHOICE: Editor.CHOICE,
}


def _item_field(field: ItemField) -> FormField:
    editor = _EDITORS.get(field.kind, Editor.TEXT)
    choices = ((("", tr("请选择")),) if field.kind is FieldKind.CHOICE else ()) + tuple(
        (choice, choice) for choice in field.choices
    )
    return FormField(
        key=f"field.{field.key}",
        caption=field.label,
        short=field.label,
        editor=editor,
        optional=not field.required,
        unit=field.unit,
        choices=choices,
        half=editor in (Editor.CODE, Editor.DATE, Editor.CHOICE),
    )


def rows(form: tuple[FormField, ...]) -> tuple[tuple[FormField, ...], ...]:
    """The fields as they stand: two halves that follow each other share a row."""
    lines: list[tuple[FormField, ...]] = []
    for field in form:
        last = lines[-1] if lines else ()
        if field.half and not field.narrow and len(last) == 1 and last[0].half:
            lines[-1] = (*last, field)
        else:
            lines.append((field,))
    return tuple(lines)
