"""材料接收凭证: the A5 paper that says what the window has taken in.

行政许可法 art. 32, last paragraph. Two copies, one for the applicant and one for the file, each on
as many pages as its list of materials needs; the page with the last rows carries the date for the
answer, the codes and the signatures.
"""

from collections.abc import Iterable, Sequence
from functools import partial

from onewindow_desk.documents import words
from onewindow_desk.documents.codes import QrCode, draw_bar_code, draw_qr, qr_code, receipt_payload
from onewindow_desk.documents.data import ReceiptData, ReceiptMaterial
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
from onewindow_desk.documents.form import (
    Entry,
    Frame,
    centred_lines,
    double_rule,
    entry_row,
    foot,
    tag,
    tags,
)
from onewindow_desk.documents.sheet import A5, THIN, Align, Sheet, Style
from onewindow_desk.domain.case import ApplicantKind, Source
from onewindow_desk.domain.numbering import format_receipt_no
from onewindow_desk.faults import Fault

TITLE = "材料接收凭证"
COPIES = ("申请人联", "存档联")
PENDING = "确认后给出"
SAMPLE_MARK = "样例"
REPRINT_MARK = "补打"
PROVISIONAL_MARK = "暂定"
NOT_ACCEPTANCE = "本凭证不代表受理，只证明收到上列材料。"
PROVISIONAL = "以上日期为暂定，以国务院办公厅节假日安排为准。"

NOTES = (
    "请当场核对材料的名称、份数和页数，有出入请立即提出。",
    "材料需要补正的，将一次告知需要补正的全部内容。",
    "凭收件编号和查询码查询办理进度，查询码请勿告诉他人。登记的个人信息只用于办理本事项。",
)

SOURCE_WORDS = {
    Source.SUBMITTED: "提交",
    Source.SHARED: "共享",
    Source.TOLERATED: "容缺",
    Source.MISSING: "未交",
}

_FRAME = Frame(left=12, width=124, top=20, bottom=199.5)
_FOOT = 200.0
_HEAD_TOP = 12.0
_TAG_TOP = 8.0

_OFFICE = Style(10.5, 14, spacing=0.6)
_TITLE = Style(19, 25, bold=True, spacing=4)
_RUNNING = Style(11, 15, bold=True)
_SECTION = Style(10.5, 14, bold=True)
_LABEL = Style(9, 11)
_VALUE = Style(9.5, 12.5)
_STRONG = Style(9.5, 12.5, bold=True)
_NUMBER = Style(13, 16, bold=True)
_CELL = Style(8.5, 11)
_CELL_HEAD = Style(8.5, 10.5, bold=True)
_DATE = Style(14, 18, bold=True)
_NOTE = Style(8, 11)
_MARK = Style(9.5, 13, bold=True)

_LABEL_WIDTH = 18.0
_WIDE, _NARROW = 74.0, 50.0
_ROW = 6.0
_PAD = 1.2

_COLUMNS = (
    Column(title="序号", width=9, align=Align.CENTRE),
    Column(title="材料名称", width=60.5),
    Column(title="原件\n份数", width=10.5, align=Align.CENTRE),
    Column(title="复印件\n份数", width=12, align=Align.CENTRE),
    Column(title="页数", width=10.5, align=Align.CENTRE),
    Column(title="留存\n原件", width=11, align=Align.CENTRE),
    Column(title="来源", width=10.5, align=Align.CENTRE),
)

_CODES_HEIGHT = 32.4
_QR_CLEAR = 3.9  # the QR code's quiet zone stays clear of the notes above and the line below
_BAR_HEIGHT = 12.0
_RECEIVER_WIDTH = 44.0


def render_receipt(data: ReceiptData, fonts: FontBook) -> bytes:
    """The receipt as PDF; the same data and fonts give the same bytes.

    Refusal when a character cannot be printed, Fault when a person's number comes unmasked.
    Without a number (`receipt_no` empty) it is one copy for the screen, without codes.
    """
    _guard(data)
    sheet = Sheet(A5, fonts, TITLE, data.office.name)
    first = _first_top(sheet, data)
    pages = paginate(_blocks(sheet, data), _FRAME.bottom - first, _FRAME.bottom - _FRAME.top)
    marks = COPIES if data.receipt_no else COPIES[:1]
    for mark in marks:
        _draw_copy(sheet, data, pages, mark)
    return sheet.pdf


def _guard(data: ReceiptData) -> None:
    whole = data.applicant_kind is ApplicantKind.PERSON and len(data.applicant_id_masked) > 4
    if whole and "*" not in data.applicant_id_masked:
        raise Fault("a receipt must not print a person's whole identity number")


def _draw_copy(sheet: Sheet, data: ReceiptData, pages: list[list[Block]], mark: str) -> None:
    """One copy: the same pages each time but for the mark that says whose copy it is."""
    for number, blocks in enumerate(pages, 1):
        sheet.shared(f"page{number}", partial(_draw_page, sheet, data, blocks, (number, len(pages))))
        tag(sheet, _FRAME.right, _TAG_TOP, mark, _MARK, Align.RIGHT)
        sheet.next_page()


def _draw_page(sheet: Sheet, data: ReceiptData, blocks: list[Block], page: tuple[int, int]) -> None:
    _watermark(sheet, data)
    top = _first_head(sheet, data) if page[0] == 1 else _running_head(sheet, data)
    *above, last = blocks
    end = draw_blocks(sheet, above, top)
    # Codes and signatures stand at the foot of the paper, whatever the length of the list.
    last.draw(sheet, _FRAME.bottom - last.height if page[0] == page[1] else end)
    phones = f"咨询电话：{data.office.inquiry_phone}　监督投诉电话：{data.office.supervise_phone}"
    foot(sheet, _FRAME, _FOOT, phones, page, _NOTE)


def _marks(data: ReceiptData) -> tuple[str, ...]:
    marks = ((SAMPLE_MARK, data.sample), (REPRINT_MARK, data.reprint is not None))
    return tuple(mark for mark, wanted in marks if wanted)


def _watermark(sheet: Sheet, data: ReceiptData) -> None:
    if text := " ".join(_marks(data)):
        sheet.watermark(text, 64)


def _first_head(sheet: Sheet, data: ReceiptData) -> float:
    tags(sheet, _FRAME.left, _TAG_TOP, _marks(data), _MARK)
    end = centred_lines(sheet, _FRAME, _HEAD_TOP, data.office.name, _OFFICE)
    sheet.text(_FRAME.middle, end + 0.5, TITLE, _TITLE, Align.CENTRE)
    double_rule(sheet, _FRAME, end + _TITLE.line + 1.4)
    return _first_top(sheet, data)


def _first_top(sheet: Sheet, data: ReceiptData) -> float:
    office = len(sheet.lines(data.office.name, _OFFICE, _FRAME.width)) * _OFFICE.line
    return _HEAD_TOP + office + _TITLE.line + 2.8


def _running_head(sheet: Sheet, data: ReceiptData) -> float:
    sheet.text(_FRAME.left, 9, f"{TITLE}（续）", _RUNNING)
    sheet.text(_FRAME.middle + 8, 9.4, _number(data), _STRONG, Align.CENTRE)
    double_rule(sheet, _FRAME, 16)
    return _FRAME.top


def _number(data: ReceiptData) -> str:
    return format_receipt_no(data.receipt_no) if data.receipt_no else PENDING


def _blocks(sheet: Sheet, data: ReceiptData) -> list[Block]:
    *rows, last = Table(sheet, _COLUMNS, _FRAME.left, _CELL, _CELL_HEAD).blocks(_rows(data.materials))
    # The closing part never stands on a page without a row of the list above it.
    end = together([last, *_closing(sheet, data)])
    return [*_particulars(sheet, data), _list_title(data), *rows, *end]


def _particulars(sheet: Sheet, data: ReceiptData) -> list[Block]:
    rows: list[tuple[Entry, ...]] = [
        (_entry("收件编号", _number(data), _NUMBER), _entry("查询码", _query(data), _STRONG, _NARROW)),
        (_entry("申请人", data.applicant_name, _STRONG, _FRAME.width),),
        _identity(data),
        (_entry("事项名称", data.item_name, _STRONG, _FRAME.width),),
        (
            _entry("接收时间", words.minute(data.received_at)),
            _entry("实施编码", data.item_code, width=_NARROW),
        ),
    ]
    if data.reprint is not None:
        again = f"{words.minute(data.reprint.at)}　{data.reprint.by}　原因：{data.reprint.reason}"
        rows.append((_entry(REPRINT_MARK, again, _STRONG, _FRAME.width),))
    return [entry_row(sheet, row, _FRAME.left, _LABEL, _ROW, _PAD) for row in rows]


def _entry(label: str, value: str, style: Style = _VALUE, width: float = _WIDE) -> Entry:
    return Entry(label=label, value=value, width=width, label_width=_LABEL_WIDTH, style=style)


def _query(data: ReceiptData) -> str:
    return data.query_code if data.receipt_no else PENDING


def _identity(data: ReceiptData) -> tuple[Entry, ...]:
    agent = _entry("代理人", data.agent_name or "无", width=_NARROW)
    if data.applicant_kind is ApplicantKind.PERSON:
        return (_entry("证件号码", data.applicant_id_masked), agent)
    return (_entry("统一社会\n信用代码", data.applicant_id_masked), agent)


def _list_title(data: ReceiptData) -> Block:
    def draw(sheet: Sheet, top: float) -> None:
        sheet.text(_FRAME.left, top + 2, "材料清单", _SECTION)
        sheet.text(_FRAME.right, top + 2.4, _totals(data.materials), _LABEL, Align.RIGHT)

    return Block(height=_SECTION.line + 3, draw=draw, clings=True)


def _totals(materials: Sequence[ReceiptMaterial]) -> str:
    taken = [row for row in materials if row.source in (Source.SUBMITTED, Source.SHARED)]
    parts = [
        f"收到 {len(taken)} 种",
        f"原件 {sum(row.originals for row in taken)} 份",
        f"复印件 {sum(row.copies for row in taken)} 份",
        f"共 {sum(row.pages for row in taken)} 页",
    ]
    for source in (Source.TOLERATED, Source.MISSING):
        number = sum(row.source is source for row in materials)
        parts += [f"{SOURCE_WORDS[source]} {number} 种"] if number else []
    return "，".join(parts)


def _rows(materials: Sequence[ReceiptMaterial]) -> Iterable[tuple[str, ...]]:
    if not materials:
        yield (words.NOTHING, "没有收取材料", *[words.NOTHING] * 5)
    for number, row in enumerate(materials, 1):
        kept = ("是" if row.keeps_original else "否") if row.originals else words.NOTHING
        counts = (words.count(row.originals), words.count(row.copies), words.count(row.pages))
        yield (str(number), row.name, *counts, kept, SOURCE_WORDS[row.source])


def _closing(sheet: Sheet, data: ReceiptData) -> list[Block]:
    """All that follows the list."""
    notes = item_blocks(sheet, NOTES, _NOTE, _FRAME.left, _FRAME.width, 4)
    return [
        space(2.4),
        _answer(sheet, data),
        space(1.6),
        text_block(sheet, NOT_ACCEPTANCE, _SECTION, _FRAME.left, _FRAME.width),
        space(0.6),
        *notes,
        _codes_and_signatures(sheet, data),
    ]


def _answer(sheet: Sheet, data: ReceiptData) -> Block:
    """The framed last day for the decision on acceptance, and what silence means."""
    inset, left = 2.5, _FRAME.left + 2.5
    body = text_block(sheet, "\n".join(_answer_notes(data)), _NOTE, left, _FRAME.width - 2 * inset)
    labels = ("应作出受理决定的最后日期", "（收件后 5 个工作日内）")
    date_left = left + 44
    body_top = 1.6 + len(labels) * _LABEL.line + 0.8
    height = body_top + body.height + 1.4

    def draw(on: Sheet, top: float) -> None:
        on.box(_FRAME.left, top, _FRAME.width, height, THIN)
        on.paragraph(left, top + 1.6, labels, _LABEL)
        date, line = words.day_and_weekday(data.answer_by), top + 1.6 + _LABEL.line
        on.text(date_left, line - _DATE.line / 2, date, _DATE)
        if data.provisional:
            x = date_left + on.width(date, _DATE) + 3
            tag(on, x, line - _MARK.line / 2, PROVISIONAL_MARK, _MARK)
        body.draw(on, top + body_top)

    return Block(height=height, draw=draw)


def _answer_notes(data: ReceiptData) -> list[str]:
    notes = []
    if data.provisional:
        notes.append(PROVISIONAL)
    if data.deemed_from is not None:
        since = words.day(data.deemed_from)
        notes.append(f"到期没有告知补正也没有作出决定的，自收到材料之日（{since}）起即为受理。")
    return notes or ["届时将告知您是否受理，或者一次告知需要补正的全部内容。"]


def _codes_and_signatures(sheet: Sheet, data: ReceiptData) -> Block:
    """Bar code and signatures at the left, QR code at the right, bottom of the paper."""
    qr = qr_code(receipt_payload(data.receipt_no, data.query_code)) if data.receipt_no else None
    receiver = f"接收人：{data.receiver}（{data.office.window}）"
    style = _VALUE if sheet.width(receiver, _VALUE) <= _RECEIVER_WIDTH else _NOTE
    lines = sheet.lines(receiver, style, _RECEIVER_WIDTH)
    more = max(0, len(lines) - 2) * style.line

    def draw(on: Sheet, top: float) -> None:
        if qr is not None:
            _codes(on, top + _QR_CLEAR, data.receipt_no, qr)
        else:
            _codes_pending(on, top + _QR_CLEAR)
        line = top + _QR_CLEAR + 25.5 + more
        on.paragraph(_FRAME.left, line - len(lines) * style.line, lines, style)
        _signature(on, line)

    return Block(height=_CODES_HEIGHT + more, draw=draw)


def _codes(sheet: Sheet, top: float, receipt_no: str, qr: QrCode) -> None:
    draw_qr(sheet, _FRAME.right - qr.side, top, qr)
    draw_bar_code(sheet, _FRAME.left + 2.5, top, receipt_no, _BAR_HEIGHT)
    sheet.paragraph(_FRAME.left + 46, top, ("本凭证一式两份：", *COPIES), _NOTE)


def _codes_pending(sheet: Sheet, top: float) -> None:
    width = _FRAME.width
    sheet.box(_FRAME.left, top, width, _BAR_HEIGHT, THIN)
    text = f"收件编号、条码和二维码在收件{PENDING}"
    middle = top + (_BAR_HEIGHT - _LABEL.line) / 2
    sheet.text(_FRAME.middle, middle, text, _LABEL, Align.CENTRE)


def _signature(sheet: Sheet, line: float) -> None:
    """Where whoever hands in signs; `line` is the line's height on the page."""
    label, left = "提交人签名：", _FRAME.left + _RECEIVER_WIDTH + 2
    sheet.text(left, line - _VALUE.line, label, _VALUE)
    sheet.rule(left + sheet.width(label, _VALUE), line, _FRAME.right - 31, THIN)
