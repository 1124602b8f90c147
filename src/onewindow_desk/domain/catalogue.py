"""The catalogue (事项目录): read from data, checked row by row, kept by version.

Imported YAML is a stranger's file: its size is limited, aliases are refused, and every problem
names the row and what to do, so that an administrator can mend the list and import it again.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import msgspec
import yaml
from msgspec import Struct

from onewindow_desk.domain.item import DecisionLevel, Item, ItemField, LegalBasis, Limits, Material
from onewindow_desk.faults import Blame, Refusal, Refusals

MAX_BYTES = 20_000_000
MAX_DAYS = 250
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}")
_FILLER = "有关|相关|必要|必需|需要|应当提交|应提交|要求提供|规定|要求|补充|证明"
_CATCH_ALL = re.compile(
    rf"其[他它余](?:的|{_FILLER})*(?:材料|资料|文件|证件|证明|文书|手续)"
    rf"|(?:需要|规定|要求|必要|认为|补充|应当提交)[^，。；、（）()]*其[他它余]"
    r"|(?:以及|及|和|或|或者)其[他它余]$"
    r"|^其[他它余]$"
    r"|^(?:有关|相关|必要|补充)的?(?:证明)?(?:材料|资料|文件)$"
)


class Category(Struct, frozen=True, kw_only=True):
    """A category of items (行政许可, ...): GB/T 39046 code, name, short key."""

    code: str
    name: str
    key: str = ""


class Department(Struct, frozen=True, kw_only=True):
    """A department whose powers the street exercises."""

    code: str
    name: str


class Catalogue(Struct, frozen=True, kw_only=True):
    """All items of one catalogue version; `sample` is shown as 样例 wherever items are."""

    version: str
    sample: bool
    items: tuple[Item, ...]
    categories: tuple[Category, ...]
    departments: tuple[Department, ...]

    def item(self, item_id: str) -> Item:
        """The item with this id; Refusal when this version has none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise Refusal("目录里没有这个事项。请重新选择事项。", field="item_id")


class CatalogueProblems(Refusals):
    """Everything that is to be put right in a list before it can be imported."""


class _Meta(Struct, frozen=True, kw_only=True):
    catalogue_version: str
    status: str = ""
    sample: bool = False
    categories: tuple[Category, ...] = ()
    departments: tuple[Department, ...] = ()


class _Row(Struct, frozen=True, kw_only=True):
    """One item as the list writes it."""

    id: str
    name: str
    category: str
    category_code: str
    department: str
    department_code: str
    transfer_mode: str
    decision_level: DecisionLevel
    subjects: tuple[str, ...]
    case_type: str
    legal_basis: tuple[LegalBasis, ...]
    limits: Limits
    materials: tuple[Material, ...]
    fee: dict[str, Any]
    result: dict[str, Any]
    onsite: dict[str, Any]
    tolerance_allowed: bool
    commitment_eligible: bool
    fields: tuple[ItemField, ...] = ()
    themes: tuple[str, ...] = ()
    notes: str = ""


def load_catalogue(text: bytes) -> Catalogue:
    """Read a list (YAML, UTF-8) and check it; CatalogueProblems names every row to be mended."""
    document = _parse(text)
    meta = _convert(document.get("meta"), _Meta, "meta", "目录说明")
    raw_items = document.get("items")
    if not isinstance(raw_items, list) or not raw_items:
        raise _problem("items", "目录里没有事项。请检查文件后再导入。")
    rows = [_convert(raw, _Row, f"items[{n}]", _row_words(n, raw)) for n, raw in enumerate(raw_items, 1)]
    catalogue = Catalogue(
        version=meta.catalogue_version,
        sample=meta.sample,
        items=tuple(_item(row, meta) for row in rows),
        categories=meta.categories,
        departments=meta.departments,
    )
    validate(catalogue)
    return catalogue


def encode_catalogue(catalogue: Catalogue) -> bytes:
    """The catalogue as JSON: read back twenty times faster than YAML."""
    return msgspec.json.encode(catalogue)


def decode_catalogue(data: bytes) -> Catalogue:
    """A catalogue that this program encoded."""
    return msgspec.json.decode(data, type=Catalogue)


def validate(catalogue: Catalogue) -> None:
    """Raise CatalogueProblems unless every row can be worked by."""
    problems = tuple(_problems(catalogue))
    if problems:
        raise CatalogueProblems(problems)


def is_catch_all(name: str) -> bool:
    """Whether a material's name asks for whatever else may be wanted (兜底性条款)."""
    plain = "".join(unicodedata.normalize("NFKC", name).split())
    return _CATCH_ALL.search(plain) is not None


def _problems(catalogue: Catalogue) -> Iterator[Blame]:
    seen: set[str] = set()
    categories = {row.code: row.name for row in catalogue.categories}
    departments = {row.code: row.name for row in catalogue.departments}
    for number, item in enumerate(catalogue.items, 1):
        where = f"第 {number} 项 {item.id}"
        place = f"items[{number}]"
        if item.id in seen:
            yield Blame(f"{place}.id", f"{where}：编号重复。请改成不同的编号。")
        seen.add(item.id)
        if categories.get(item.category_code) != item.category:
            yield Blame(f"{place}.category", f"{where}：类别“{item.category}”与代码不符。请核对。")
        if departments.get(item.department_code) != item.department:
            yield Blame(f"{place}.department", f"{where}：部门“{item.department}”与代码不符。请核对。")
        yield from _item_problems(item, where, place)


def _item_problems(item: Item, where: str, place: str) -> Iterator[Blame]:
    if not _CODE.fullmatch(item.id):
        yield Blame(f"{place}.id", f"{where}：编号只能用字母、数字和 . _ -，最多 50 个。请改正。")
    if not item.name.strip():
        yield Blame(f"{place}.name", f"{where}：没有事项名称。请填写。")
    if not item.legal_basis:
        yield Blame(f"{place}.legal_basis", f"{where}：没有法律依据。请至少写一条。")
    if not item.subjects:
        yield Blame(f"{place}.subjects", f"{where}：没有服务对象。请填写。")
    yield from _limit_problems(item, where, place)
    yield from _material_problems(item, where, place)
    yield from _field_problems(item, where, place)


def _limit_problems(item: Item, where: str, place: str) -> Iterator[Blame]:
    limits = item.limits
    spot = f"{place}.limits"
    if limits.unit != "工作日":
        yield Blame(spot, f"{where}：期限单位应为“工作日”。请换算后改正。")
    if not 1 <= limits.promised_days <= MAX_DAYS:
        yield Blame(spot, f"{where}：承诺期限应为 1 到 {MAX_DAYS} 个工作日。请改正。")
    if limits.statutory_days is not None and not 1 <= limits.statutory_days <= MAX_DAYS:
        yield Blame(spot, f"{where}：法定期限应为 1 到 {MAX_DAYS} 个工作日。请改正。")
    if limits.statutory_days is not None and limits.promised_days > limits.statutory_days:
        yield Blame(spot, f"{where}：承诺期限比法定期限长。请改短承诺期限。")
    if limits.extension_days is not None and not 0 <= limits.extension_days <= MAX_DAYS:
        yield Blame(spot, f"{where}：可延长的天数不对。请改正。")


def _material_problems(item: Item, where: str, place: str) -> Iterator[Blame]:
    if not item.materials:
        yield Blame(f"{place}.materials", f"{where}：没有材料清单。请至少写一种材料。")
    seen: set[str] = set()
    for number, material in enumerate(item.materials, 1):
        row = f"{where}，第 {number} 种材料"
        spot = f"{place}.materials[{number}]"
        if is_catch_all(material.name):
            yield Blame(spot, f"{row}“{material.name}”是兜底条款。请写明具体材料，或删去这一行。")
        if not material.name.strip():
            yield Blame(spot, f"{row}没有名称。请填写。")
        if not _CODE.fullmatch(material.code) or material.code in seen:
            yield Blame(spot, f"{row}的代码“{material.code}”重复或不合要求。请改正。")
        seen.add(material.code)
        if material.originals < 0 or material.copies < 0 or material.originals + material.copies == 0:
            yield Blame(spot, f"{row}没有写要几份原件或复印件。请填写份数。")


def _field_problems(item: Item, where: str, place: str) -> Iterator[Blame]:
    seen: set[str] = set()
    for number, field in enumerate(item.fields, 1):
        row = f"{where}，第 {number} 个填写项"
        spot = f"{place}.fields[{number}]"
        if not _CODE.fullmatch(field.key) or field.key in seen:
            yield Blame(spot, f"{row}的代码“{field.key}”重复或不合要求。请改正。")
        seen.add(field.key)
        if not field.label.strip():
            yield Blame(spot, f"{row}没有名称。请填写。")
        if (field.kind == "choice") != bool(field.choices):
            yield Blame(spot, f"{row}：只有选择项要写可选内容，并且必须写。请改正。")


def _parse(text: bytes) -> dict[str, Any]:
    if len(text) > MAX_BYTES:
        raise _problem("file", "文件超过 20 MB。请检查是不是事项目录。")
    try:
        # An alias can make a small file into an endless one.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_LOADER)):
            raise _problem("file", "文件里用了引用（*）。请写成完整的内容后再导入。")
        document = yaml.load(text, Loader=_LOADER)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as trouble:
        raise _problem("file", _yaml_words(trouble)) from trouble
    if not isinstance(document, dict):
        raise _problem("file", "这不是事项目录文件。请选择目录文件后再导入。")
    return document


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _yaml_words(trouble: Exception) -> str:
    mark = getattr(trouble, "problem_mark", None)
    if mark is None:
        return "这不是事项目录文件。请选择目录文件后再导入。"
    return f"文件第 {mark.line + 1} 行读不懂。请改正后再导入。"


def _convert(raw: object, shape: type[Any], place: str, words: str) -> Any:
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as trouble:
        reason = str(trouble)
        spot = reason.rpartition("`$")[2].rstrip("`").lstrip(".") if "`$" in reason else ""
        named = re.search(r"field `(\w+)`", reason)
        column = spot or (named[1] if named else "")
        raise _problem(f"{place}.{column}", f"{words}：“{column}”缺少或写得不对。请改正。") from trouble


def _row_words(number: int, raw: object) -> str:
    item_id = raw.get("id", "") if isinstance(raw, dict) else ""
    return f"第 {number} 项 {item_id}".rstrip()


def _problem(place: str, text: str) -> CatalogueProblems:
    return CatalogueProblems((Blame(place, text),))


def _item(row: _Row, meta: _Meta) -> Item:
    return Item(
        id=row.id,
        version=meta.catalogue_version,
        name=row.name,
        category=row.category,
        category_code=row.category_code,
        department=row.department,
        department_code=row.department_code,
        transfer_mode=row.transfer_mode,
        decision_level=row.decision_level,
        subjects=row.subjects,
        case_type=row.case_type,
        legal_basis=row.legal_basis,
        limits=row.limits,
        materials=row.materials,
        fields=row.fields,
        fee_charged=bool(row.fee.get("charged")),
        fee_basis=str(row.fee.get("basis", "")),
        result_document=str(row.result.get("document", "")),
        onsite_required=bool(row.onsite.get("required")),
        tolerance_allowed=row.tolerance_allowed,
        commitment_eligible=row.commitment_eligible,
        themes=row.themes,
        notes=row.notes,
        sample=meta.sample,
    )
