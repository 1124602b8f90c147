"""一次性告知单: the A4 paper that tells an applicant everything at once.

行政许可法 art. 30: what is asked for, under which conditions, how long it takes, what it costs and
what it rests on. Sections follow each other over as many pages as they need.
"""

from collections.abc import Iterable, Sequence

from onewindow_desk.documents import words
from onewindow_desk.documents.data import GuideData, GuideMaterial
from onewindow_desk.documents.flow import (
    Block,
    Column,
    Table,
    draw_blocks,
    item_blocks,
    paginate,
    space,
    text_block,
    together,
)
from onewindow_desk.documents.fonts import FontBook
from onewindow_desk.documents.form import Entry, Frame, centred_lines, double_rule, entry_row, foot, tags
from onewindow_desk.documents.sheet import A4, Align, Sheet, Style

TITLE = "一次性告知单"
SAMPLE_MARK = "样例"
ALL_MATERIALS = "以上是办理本事项需要的全部材料。清单以外的材料，窗口不会要求您提供。"
NO_CONDITIONS = "按法律依据所列条件办理，具体情形请向窗口咨询。"
NO_MATERIALS = "不需要提交材料"

_FRAME = Frame(left=22, width=166, top=27, bottom=276)
_FOOT = 280.0
_HEAD_TOP = 18.0
_TAG_TOP = 12.0

_OFFICE = Style(12.5, 17, spacing=0.8)
_TITLE = Style(23, 31, bold=True, spacing=5)
_RUNNING = Style(12, 16, bold=True)
_SECTION = Style(12, 16, bold=True)
_LABEL = Style(10.5, 14)
_VALUE = Style(10.5, 15)
_STRONG = Style(10.5, 15, bold=True)
_BODY = Style(10.5, 16)
_CELL = Style(9.5, 13)
_CELL_HEAD = Style(9.5, 12.5, bold=True)
_NOTE = Style(9, 12)
_MARK = Style(10.5, 15, bold=True)

_LABEL_WIDTH = 24.0
_HALF = _FRAME.width / 2
_ROW = 7.6
_PAD = 1.8
_INDENT = 6.0

_COLUMNS = (
    Column(title="序号", width=11, align=Align.CENTRE),
    Column(title="材料名称", width=52),
    Column(title="是否必交", width=17, align=Align.CENTRE),
    Column(title="原件", width=11, align=Align.CENTRE),
    Column(title="复印件", width=14, align=Align.CENTRE),
    Column(title="形式要求", width=27),
    Column(title="说明", width=34),
)


def render_guide(data: GuideData, fonts: FontBook) -> bytes:
    """The sheet as PDF; the same data and fonts give the same bytes.

    Refusal when a character cannot be printed.
    """
    sheet = Sheet(A4, fonts, TITLE, data.office.name)
    pages = paginate(
        _blocks(sheet, data), _FRAME.bottom - _first_top(sheet, data), _FRAME.bottom - _FRAME.top
    )
    for number, blocks in enumerate(pages, 1):
        if data.sample:
            sheet.watermark(SAMPLE_MARK, 96)
        draw_blocks(sheet, blocks, _first_head(sheet, data) if number == 1 else _running_head(sheet, data))
        foot(sheet, _FRAME, _FOOT, _foot_text(data), (number, len(pages)), _NOTE)
        sheet.next_page()
    return sheet.pdf


def _foot_text(data: GuideData) -> str:
    return f"事项清单版本 {data.item_version}　以办理时公布的清单为准"


def _first_head(sheet: Sheet, data: GuideData) -> float:
    if data.sample:
        tags(sheet, _FRAME.left, _TAG_TOP, (SAMPLE_MARK,), _MARK)
    end = centred_lines(sheet, _FRAME, _HEAD_TOP, data.office.name, _OFFICE)
    sheet.text(_FRAME.middle, end + 1, TITLE, _TITLE, Align.CENTRE)
    double_rule(sheet, _FRAME, end + _TITLE.line + 3)
    return _first_top(sheet, data)


def _first_top(sheet: Sheet, data: GuideData) -> float:
    office = len(sheet.lines(data.office.name, _OFFICE, _FRAME.width)) * _OFFICE.line
    return _HEAD_TOP + office + _TITLE.line + 4.6


def _running_head(sheet: Sheet, data: GuideData) -> float:
    name = sheet.lines(data.item_name, _NOTE, 90)
    sheet.text(_FRAME.left, 15, f"{TITLE}（续）", _RUNNING)
    sheet.text(_FRAME.right, 16, name[0] if len(name) == 1 else f"{name[0]}…", _NOTE, Align.RIGHT)
    double_rule(sheet, _FRAME, 22)
    return _FRAME.top


def _blocks(sheet: Sheet, data: GuideData) -> list[Block]:
    return [
        *_particulars(sheet, data),
        *_section("一、受理条件", _listed(sheet, data.conditions or (NO_CONDITIONS,))),
        *_section("二、申请材料", _materials(sheet, data.materials)),
        *_section("三、办理时限", _limits(sheet, data)),
        *_section("四、收费", [_paragraph(sheet, data.fee)]),
        *_section("五、法律依据", together(_listed(sheet, data.basis))),
        *_section("六、办理与咨询", _where(sheet, data)),
        *_signed(data),
    ]


def _particulars(sheet: Sheet, data: GuideData) -> list[Block]:
    rows = (
        (_entry("事项名称", data.item_name, _STRONG, _FRAME.width),),
        (_entry("实施编码", data.item_code), _entry("办件类型", data.case_type or words.NOTHING)),
        (_entry("服务对象", "、".join(data.subjects)), _entry("业务指导", data.department)),
        (_entry("决定机关", data.decided_by), _entry("现场核查", _onsite(data))),
        (_entry("办理结果", data.result, width=_FRAME.width),),
    )
    return [entry_row(sheet, row, _FRAME.left, _LABEL, _ROW, _PAD) for row in rows]


def _onsite(data: GuideData) -> str:
    return "需要，届时另行通知" if data.onsite_required else "不需要"


def _entry(label: str, value: str, style: Style = _VALUE, width: float = _HALF) -> Entry:
    return Entry(label=label, value=value, width=width, label_width=_LABEL_WIDTH, style=style)


def _section(title: str, body: Sequence[Block]) -> list[Block]:
    """A section's title, kept on the page of what follows it."""

    def draw(sheet: Sheet, top: float) -> None:
        sheet.text(_FRAME.left, top + 4, title, _SECTION)

    return [Block(height=_SECTION.line + 5.5, draw=draw, clings=True), *body]


def _paragraph(sheet: Sheet, text: str, style: Style = _BODY) -> Block:
    return text_block(sheet, text, style, _FRAME.left, _FRAME.width)


def _listed(sheet: Sheet, texts: Sequence[str]) -> list[Block]:
    if len(texts) == 1:
        return [_paragraph(sheet, texts[0])]
    return item_blocks(sheet, texts, _BODY, _FRAME.left, _FRAME.width, _INDENT)


def _materials(sheet: Sheet, materials: Sequence[GuideMaterial]) -> list[Block]:
    table = Table(sheet, _COLUMNS, _FRAME.left, _CELL, _CELL_HEAD)
    return [*table.blocks(_rows(materials)), space(1.5), _paragraph(sheet, ALL_MATERIALS, _STRONG)]


def _rows(materials: Sequence[GuideMaterial]) -> Iterable[tuple[str, ...]]:
    if not materials:
        yield (words.NOTHING, NO_MATERIALS, *[words.NOTHING] * 5)
    for number, row in enumerate(materials, 1):
        needed = "必交" if row.required else "视情形"
        counts = (words.count(row.originals), words.count(row.copies))
        yield (str(number), row.name, needed, *counts, row.form or words.NOTHING, _remarks(row))


def _remarks(row: GuideMaterial) -> str:
    remarks = (
        row.condition,
        row.provided_by if row.provided_by != "申请人" else "",
        f"可查{row.share_source}，查到免交" if row.share_source else "",
        "可容缺后补" if row.tolerable else "",
    )
    return "；".join(filter(None, remarks)) or words.NOTHING


def _limits(sheet: Sheet, data: GuideData) -> list[Block]:
    row = (
        _entry("承诺时限", data.promised_limit, _STRONG),
        _entry("法定时限", data.statutory_limit),
    )
    notes = [_paragraph(sheet, note, _NOTE) for note in data.limit_notes]
    return [entry_row(sheet, row, _FRAME.left, _LABEL, _ROW, _PAD), space(1.2), *notes]


def _where(sheet: Sheet, data: GuideData) -> list[Block]:
    office = data.office
    place = f"{office.place}　{office.window}" if office.place else office.window
    rows: list[tuple[Entry, ...]] = [
        (_entry("办理地点", place, width=_FRAME.width),),
        (_entry("办理时间", office.hours or words.NOTHING, width=_FRAME.width),),
        (_entry("咨询电话", office.inquiry_phone), _entry("监督投诉", office.supervise_phone)),
    ]
    return together([entry_row(sheet, row, _FRAME.left, _LABEL, _ROW, _PAD) for row in rows])


def _signed(data: GuideData) -> list[Block]:
    lines = (f"出具人：{data.issued_by}", f"出具时间：{words.minute(data.issued_at)}")

    def draw(sheet: Sheet, top: float) -> None:
        left = _FRAME.right - max(sheet.width(line, _BODY) for line in lines)
        sheet.paragraph(left, top, lines, _BODY)

    return [space(6), Block(height=len(lines) * _BODY.line, draw=draw)]
