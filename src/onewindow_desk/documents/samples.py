"""Sample papers with invented people, for looking at: `python -m onewindow_desk.documents.samples DIR`."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from msgspec.structs import replace

from onewindow_desk.documents.data import (
    GuideData,
    GuideMaterial,
    Office,
    ReceiptData,
    ReceiptMaterial,
    Reprint,
)
from onewindow_desk.documents.fonts import FontBook
from onewindow_desk.documents.guide import render_guide
from onewindow_desk.documents.receipt import render_receipt
from onewindow_desk.domain.case import ApplicantKind, Source
from onewindow_desk.domain.numbering import make_receipt_no

OFFICE = Office(
    name="演示市演示区人民政府样例街道办事处",
    window="2 号窗口",
    inquiry_phone="000-0000-0001",
    supervise_phone="000-0000-0002",
    place="样例街道样例路 12 号便民服务中心一楼",
    hours="工作日 9:00—12:00，13:30—17:00",
)

HYGIENE_ROWS = (
    ReceiptMaterial(
        name="公共场所卫生许可申请表", source=Source.SUBMITTED, originals=1, pages=2, keeps_original=True
    ),
    ReceiptMaterial(name="营业执照或其他主体资格证明(含统一社会信用代码)", source=Source.SHARED, pages=1),
    ReceiptMaterial(
        name="法定代表人/负责人身份证件", source=Source.SUBMITTED, originals=1, copies=1, pages=2
    ),
    ReceiptMaterial(
        name="公共场所地址方位示意图、平面图和卫生设施平面布局图",
        source=Source.SUBMITTED,
        originals=1,
        pages=3,
        keeps_original=True,
    ),
    ReceiptMaterial(name="公共场所卫生检测或评价报告", source=Source.TOLERATED),
    ReceiptMaterial(
        name="公共场所卫生管理制度", source=Source.SUBMITTED, originals=1, pages=6, keeps_original=True
    ),
    ReceiptMaterial(name="从业人员健康合格证明", source=Source.MISSING),
)

RECEIPT = ReceiptData(
    office=OFFICE,
    receipt_no=make_receipt_no("115", date(2026, 9, 21), 12, 31),
    query_code="K7M2QX",
    item_name="公共场所卫生许可(新发、延续、变更、注销)",
    item_code="JN34-XK-08",
    applicant_kind=ApplicantKind.ORGANISATION,
    applicant_name="演示街道样例理发店",
    applicant_id_masked="92320115MA0000000X",
    agent_name="沈样真",
    materials=HYGIENE_ROWS,
    received_at=datetime(2026, 9, 21, 1, 42, tzinfo=UTC),
    answer_by=date(2026, 9, 29),
    deemed_from=date(2026, 9, 21),
    provisional=False,
    receiver="钱样安",
    sample=True,
)

LONG = replace(
    RECEIPT,
    applicant_name="演示市演示区样例街道东样例社区居民委员会与西样例社区居民委员会联合样例文化体育健身"
    "服务中心（有限合伙）第十二分中心样例路营业部",
    agent_name="阿卜杜拉·样例买买提江·艾合买提",
    materials=tuple(
        ReceiptMaterial(
            name=f"样例材料第 {number} 号：经有关部门逐页盖章确认的说明文件及其附件" * (1 + number % 3),
            source=Source.SUBMITTED,
            originals=1,
            copies=number % 3,
            pages=number,
            keeps_original=number % 2 == 0,
        )
        for number in range(1, 25)
    ),
)

RARE = replace(
    RECEIPT,
    applicant_kind=ApplicantKind.PERSON,
    applicant_name="样㛃䶮𬸣",
    applicant_id_masked="320115********0012",
    agent_name="",
    item_name="特困人员救助供养",
    item_code="JN34-JF-02",
    materials=(
        ReceiptMaterial(
            name="特困人员救助供养申请书", source=Source.SUBMITTED, originals=1, pages=1, keeps_original=True
        ),
        ReceiptMaterial(name="居民身份证、居民户口簿", source=Source.SUBMITTED, originals=2, pages=4),
    ),
)

REPRINTED = replace(
    RARE,
    applicant_name="钱样真",
    reprint=Reprint(reason="申请人原件遗失", at=datetime(2026, 9, 22, 2, 5, tzinfo=UTC), by="沈样真"),
)

PROVISIONAL = replace(
    RECEIPT,
    receipt_no=make_receipt_no("115", date(2026, 12, 28), 12, 7),
    received_at=datetime(2026, 12, 28, 6, 30, tzinfo=UTC),
    answer_by=date(2027, 1, 5),
    deemed_from=date(2026, 12, 28),
    provisional=True,
)

DRAFT = replace(RECEIPT, receipt_no="", query_code="")

HYGIENE = GuideData(
    office=OFFICE,
    item_name="公共场所卫生许可(新发、延续、变更、注销)",
    item_code="JN34-XK-08",
    item_version="0.1-sample",
    department="区卫生健康委员会",
    decided_by="街道办事处",
    subjects=("企业法人", "其他组织", "自然人"),
    conditions=(
        "经营场所在本街道辖区内，已取得营业执照。",
        "选址、布局、设施设备和卫生管理制度符合公共场所卫生要求。",
        "直接为顾客服务的人员持有有效的健康合格证明。",
    ),
    materials=(
        GuideMaterial(
            name="公共场所卫生许可申请表",
            required=True,
            originals=1,
            copies=0,
            form="格式文本(窗口打印后签章)",
            provided_by="窗口提供格式文本",
        ),
        GuideMaterial(
            name="营业执照或其他主体资格证明(含统一社会信用代码)",
            required=True,
            originals=1,
            copies=0,
            form="原件核验+扫描",
            provided_by="申请人",
            share_source="营业执照电子证照",
        ),
        GuideMaterial(
            name="法定代表人/负责人身份证件",
            required=True,
            originals=1,
            copies=0,
            form="原件核验+读卡/扫描(免收复印件)",
            provided_by="申请人",
            share_source="居民身份证电子证照",
        ),
        GuideMaterial(
            name="公共场所地址方位示意图、平面图和卫生设施平面布局图",
            required=True,
            originals=1,
            copies=0,
            form="原件核验+扫描",
            provided_by="申请人",
        ),
        GuideMaterial(
            name="公共场所卫生检测或评价报告",
            required=True,
            originals=1,
            copies=0,
            form="原件核验+扫描",
            provided_by="申请人",
            tolerable=True,
        ),
        GuideMaterial(
            name="公共场所卫生管理制度",
            required=True,
            originals=1,
            copies=0,
            form="原件核验+扫描",
            provided_by="申请人",
        ),
        GuideMaterial(
            name="从业人员健康合格证明",
            required=True,
            originals=1,
            copies=0,
            form="原件核验+扫描",
            provided_by="申请人",
            share_source="健康证电子证照",
            tolerable=True,
        ),
        GuideMaterial(
            name="授权委托书及代理人有效身份证件",
            required=False,
            originals=1,
            copies=0,
            form="原件",
            provided_by="申请人",
            condition="委托他人办理时必交",
        ),
    ),
    statutory_limit="20 个工作日",
    promised_limit="3 个工作日",
    limit_notes=(
        "时限自受理之日起计算；依法需要检验、检测、专家评审等的，所需时间不计入时限，并书面告知您。",
        "经批准可以延长 10 个工作日，延长的理由会书面告知您。",
    ),
    fee="不收费。",
    basis=(
        "公共场所卫生管理条例 第二条、第四条、第八条",
        "公共场所卫生管理条例实施细则(卫生部令第80号) 第二十二条至第二十七条",
        "中华人民共和国行政许可法 第四十二条",
    ),
    result="公共场所卫生许可证",
    issued_by="钱样安",
    issued_at=datetime(2026, 9, 21, 1, 30, tzinfo=UTC),
    case_type="承诺件",
    onsite_required=True,
    sample=True,
)

EMPLOYMENT = replace(
    HYGIENE,
    item_name="就业登记",
    item_code="JN34-GG-01",
    department="区人力资源和社会保障局",
    subjects=("自然人", "企业法人"),
    conditions=("在法定劳动年龄内，已经就业。",),
    materials=(
        GuideMaterial(
            name="就业登记表",
            required=True,
            originals=1,
            copies=0,
            form="格式文本(窗口打印后签章)",
            provided_by="窗口提供格式文本",
        ),
        GuideMaterial(
            name="申请人有效身份证件",
            required=True,
            originals=1,
            copies=0,
            form="原件核验+读卡/扫描(免收复印件)",
            provided_by="申请人",
            share_source="居民身份证电子证照",
        ),
        GuideMaterial(
            name="劳动合同/营业执照/灵活就业承诺书",
            required=True,
            originals=1,
            copies=0,
            form="原件核验+扫描",
            provided_by="申请人",
            tolerable=True,
        ),
    ),
    statutory_limit="15 个工作日",
    promised_limit="1 个工作日",
    limit_notes=(),
    basis=("中华人民共和国就业促进法 第三十五条(公共就业服务免费提供)",),
    result="就业登记回执",
    case_type="即办件",
    onsite_required=False,
)

RECEIPTS = {
    "receipt": RECEIPT,
    "receipt-long": LONG,
    "receipt-rare-characters": RARE,
    "receipt-reprint": REPRINTED,
    "receipt-provisional": PROVISIONAL,
    "receipt-draft": DRAFT,
}
GUIDES = {"guide-hygiene": HYGIENE, "guide-employment": EMPLOYMENT}


def write_samples(folder: Path, fonts: FontBook) -> tuple[Path, ...]:
    """Write every sample as PDF; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    papers = {name: render_receipt(data, fonts) for name, data in RECEIPTS.items()}
    papers |= {name: render_guide(data, fonts) for name, data in GUIDES.items()}
    for name, pdf in papers.items():
        (folder / f"{name}.pdf").write_bytes(pdf)
    return tuple(folder / f"{name}.pdf" for name in papers)


def main() -> None:
    """Write the samples into the folder named on the command line."""
    sys.stdout.writelines(f"{path}\n" for path in write_samples(Path(sys.argv[1]), FontBook.system()))


if __name__ == "__main__":
    main()
