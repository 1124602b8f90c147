"""The words of every form and of our own code: full-width punctuation, no word that blames."""

import ast
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).resolve().parents[3]
FORMS = sorted((ROOT / "ui").glob("*.ui"))
CODE = ROOT / "src/onewindow_desk"
SOURCES = [*sorted((CODE / "workspaces").rglob("*.py")), CODE / "shell.py"]

CJK = "\u4e00-\u9fff"
HALF_WIDTH = re.compile(rf"(?<=[{CJK}])[,;:!?()]|[,;:!?()](?=[{CJK}])|(?<=[{CJK}])\.(?![\w.])")
BLAME = re.compile("错误|非法|失败|无效|您必须|!|！")
BARE_BUTTONS = ("确定", "提交", "是", "否", "取消", "OK")
DATE = re.compile(r"\d+ 月|月 \d|\d 日(?!内)")


def words_of_form(path: Path) -> list[str]:
    return [node.text for node in ET.parse(path).iter("string") if node.text]


def words_of_source(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documents
        and re.search(f"[{CJK}]", node.value)
        and "\\" not in node.value  # a pattern, not words
    ]


def words_of(path: Path) -> list[str]:
    return words_of_form(path) if path.suffix == ".ui" else words_of_source(path)


@pytest.mark.parametrize("path", FORMS + SOURCES, ids=lambda path: path.name)
def test_punctuation_in_chinese_is_full_width(path: Path) -> None:
    assert [text for text in words_of(path) if HALF_WIDTH.search(text)] == []


@pytest.mark.parametrize("path", FORMS + SOURCES, ids=lambda path: path.name)
def test_no_word_blames_or_shouts(path: Path) -> None:
    assert [text for text in words_of(path) if re.search(f"[{CJK}]", text) and BLAME.search(text)] == []


@pytest.mark.parametrize("path", FORMS + SOURCES, ids=lambda path: path.name)
def test_a_button_says_what_it_does_and_a_date_has_no_spaces(path: Path) -> None:
    assert [text for text in words_of(path) if text in BARE_BUTTONS or DATE.search(text)] == []


def test_the_tests_would_see_it() -> None:
    assert HALF_WIDTH.search("请填写,再保存")
    assert HALF_WIDTH.search("读不出来.")
    assert not HALF_WIDTH.search("已齐 5 / 7 种 · 14 页，09:42 已保存")
    assert BLAME.search("号码错误")
    assert DATE.search("9 月 29 日")
    assert not DATE.search("9月29日 星期二")
