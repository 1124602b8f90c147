import re
from typing import Any

import pytest
import yaml

from onewindow_desk.domain.catalogue import (
    CatalogueProblems,
    decode_catalogue,
    encode_catalogue,
    is_catch_all,
    load_catalogue,
)
from onewindow_desk.domain.item import DecisionLevel, FieldKind
from onewindow_desk.faults import Refusal


@pytest.fixture
def document(sample_list: bytes) -> dict[str, Any]:
    # Six items say as much as thirty-four, and are written and read in a moment.
    whole = yaml.load(sample_list, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {"meta": whole["meta"], "items": whole["items"][:6]}


def load(document: dict[str, Any]):
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return load_catalogue(yaml.dump(document, Dumper=dumper, allow_unicode=True).encode())


def problems(document: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(CatalogueProblems) as caught:
        load(document)
    return [(blame.field, blame.text) for blame in caught.value.blames]


def test_the_sample_is_whole_and_says_that_it_is_a_sample(catalogue):
    assert catalogue.sample
    assert all(item.sample and item.version == catalogue.version for item in catalogue.items)
    assert len(catalogue.items) == 34
    assert sum(len(item.materials) for item in catalogue.items) == 212
    assert sum(item.decision_level is DecisionLevel.DISTRICT for item in catalogue.items) == 13
    assert len(catalogue.departments) == 7
    assert len(catalogue.categories) == 6


def test_every_item_asks_for_one_to_four_fields_of_its_own(catalogue):
    for item in catalogue.items:
        assert 1 <= len(item.fields) <= 4, item.id
        assert any(field.required for field in item.fields), item.id
        for field in item.fields:
            assert (field.kind is FieldKind.CHOICE) == bool(field.choices), (item.id, field.key)


def test_no_sample_row_is_a_catch_all(catalogue):
    assert [m.name for item in catalogue.items for m in item.materials if is_catch_all(m.name)] == []


@pytest.mark.parametrize(
    "name",
    [
        "其他材料", "其它材料", "其他", "其余材料", "其他有关材料", "其他相关证明材料",
        "其 他 材 料", "需要的其他材料",
        "法律、法规规定的其他文件", "审批机关认为需要的其他资料", "身份证及其他材料", "申请表、其它证明",
        "有关材料",
        "相关证明材料", "其他应当提交的材料", "营业执照等其他材料", "身份证复印件及其他", "其他证明文件",
        "要求提供的其他情况说明",
    ],
)  # fmt: skip
def test_catch_all_names_are_known(name):
    assert is_catch_all(name)


@pytest.mark.parametrize(
    "name",
    [
        "营业执照或其他主体资格证明(含统一社会信用代码)", "残疾证/重病诊断/在校证明等",
        "施工许可或开工证明文件",
        "与其他单位签订的运输合同", "材料供应合同", "相关方同意书", "委托书",
    ],
)  # fmt: skip
def test_plain_names_are_let_be(name):
    assert not is_catch_all(name)


def test_a_catch_all_row_is_refused_by_its_place(document):
    document["items"][2]["materials"][1]["name"] = "其他材料"
    assert problems(document) == [
        (
            "items[3].materials[2]",
            "第 3 项 JN34-XK-03，第 2 种材料“其他材料”是兜底条款。请写明具体材料，或删去这一行。",
        )
    ]


def test_all_problems_are_told_at_once(document):
    items = document["items"]
    items[0]["materials"][0]["name"] = "其它材料"
    items[1]["id"] = items[0]["id"]
    items[3]["limits"]["promised_days"] = 40
    items[4]["materials"][0]["originals"] = 0
    items[5]["department"] = "区样例局"
    assert [place for place, _ in problems(document)] == [
        "items[1].materials[1]",
        "items[2].id",
        "items[4].limits",
        "items[5].materials[1]",
        "items[6].department",
    ]


def change_limits(**values):
    return lambda item: item["limits"].update(values)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (change_limits(unit="自然日"), "单位应为“工作日”"),
        (change_limits(promised_days=0), "承诺期限应为 1 到"),
        (change_limits(statutory_days=0), "法定期限应为 1 到"),
        (change_limits(extension_days=-1), "可延长的天数"),
        (lambda item: item.update(name=" "), "没有事项名称"),
        (lambda item: item.update(id="../etc"), "编号只能用"),
        (lambda item: item.update(legal_basis=[]), "没有法律依据"),
        (lambda item: item.update(subjects=[]), "没有服务对象"),
        (lambda item: item.update(materials=[]), "没有材料清单"),
        (lambda item: item.update(category="行政处罚"), "类别“行政处罚”"),
        (lambda item: item["materials"][1].update(code=item["materials"][0]["code"]), "重复"),
        (lambda item: item["fields"][1].update(key=item["fields"][0]["key"]), "第 2 个填写项"),
        (lambda item: item["fields"][0].update(kind="choice"), "可选内容"),
        (lambda item: item["fields"][0].update(label=""), "第 1 个填写项没有名称"),
        (lambda item: item.pop("name"), "“name”缺少"),
        (lambda item: item["limits"].update(promised_days="五天"), "“limits.promised_days”"),
        (lambda item: item.update(decision_level="省"), "“decision_level”"),
    ],
)
def test_each_rule_names_the_row(document, change, words):
    change(document["items"][0])
    (_, text), *_ = problems(document)
    assert words in text
    assert text.startswith("第 1 项")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "这不是事项目录文件"),
        (b"\xff\xfe\x00", "读不懂|不是事项目录"),
        (b"- 1\n- 2\n", "这不是事项目录文件"),
        (b"meta: [\n", "第 2 行读不懂"),
        (b"meta: {catalogue_version: a}\nitems: []\n", "目录里没有事项"),
        (b"items: [{id: a}]\n", "目录说明"),
        (b"a: &a [x]\nb: [*a, *a]\n", "用了引用"),
        (b"a: !!python/object/apply:os.system [id]\n", "第 1 行读不懂"),
        (b"x" * 20_000_001, "超过 20 MB"),
        (b"[" * 5_000, "这不是事项目录文件|读不懂"),
    ],
)
def test_strange_files_are_refused_in_words(text, words):
    with pytest.raises(CatalogueProblems) as caught:
        load_catalogue(text)
    assert re.search(words, caught.value.text)


def test_an_unknown_item_is_refused(catalogue):
    assert catalogue.item("JN34-XK-08").name.startswith("公共场所卫生许可")
    with pytest.raises(Refusal, match="目录里没有这个事项"):
        catalogue.item("JN34-XK-99")


def test_encoding_keeps_everything(catalogue):
    assert decode_catalogue(encode_catalogue(catalogue)) == catalogue
