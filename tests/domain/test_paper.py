from typing import Any

import pytest

from onewindow_desk.faults import Refusal

SHA = "a" * 64
OTHER = "b" * 64


def paper(sha256: str = SHA, **more) -> dict[str, Any]:
    return {"document": "material_receipt", "sha256": sha256, "printer": "样例打印机", "copies": 2, **more}


def answer(sha256: str = SHA, **more) -> dict[str, Any]:
    return {"document": "material_receipt", "sha256": sha256, **more}


def marks(bench) -> list[tuple[str, bool]]:
    return [(mark.status.value, mark.reprint) for mark in bench.case.papers]


def refused(bench, kind: str, payload: dict[str, Any]) -> str:
    with pytest.raises(Refusal) as caught:
        bench.do(kind, "W", payload=payload)
    return caught.value.text


def test_sent_then_confirmed(received_bench):
    version = received_bench.case.version
    received_bench.do("paper_sent", "W", payload=paper(number="115"))
    assert marks(received_bench) == [("sent", False)]
    received_bench.do("paper_confirmed", "W", payload=answer())
    assert marks(received_bench) == [("confirmed", False)]
    assert received_bench.case.papers[0].number == "115"
    assert received_bench.case.version == version


def test_what_did_not_come_out_is_sent_to_another_printer(received_bench):
    received_bench.do("paper_sent", "W", payload=paper())
    received_bench.do("paper_failed", "W", payload=answer(reason="卡纸"))
    received_bench.do("paper_sent", "W", payload=paper(printer="另一台"))
    assert marks(received_bench) == [("failed", False), ("sent", False)]
    assert received_bench.case.papers[0].reason == "卡纸"


def test_one_paper_is_counted_once(received_bench):
    received_bench.do("paper_sent", "W", payload=paper())
    assert "用补打" in refused(received_bench, "paper_sent", paper())
    received_bench.do("paper_confirmed", "W", payload=answer())
    assert "用补打" in refused(received_bench, "paper_sent", paper())
    assert "补打的原因" in refused(received_bench, "paper_reprinted", paper(reason=" "))
    received_bench.do("paper_reprinted", "W", payload=paper(reason="申请人遗失"))
    received_bench.do("paper_confirmed", "W", payload=answer())
    assert marks(received_bench) == [("confirmed", False), ("confirmed", True)]
    assert received_bench.case.papers[1].reason == "申请人遗失"


def test_a_reprint_needs_a_first_print(received_bench):
    assert "还没有打印过" in refused(received_bench, "paper_reprinted", paper(reason="遗失"))


def test_an_answer_needs_its_paper(received_bench):
    received_bench.do("paper_sent", "W", payload=paper())
    assert "找不到" in refused(received_bench, "paper_confirmed", answer(OTHER))


def test_another_paper_of_the_same_kind_is_another_paper(received_bench):
    received_bench.do("paper_sent", "W", payload=paper())
    received_bench.do("paper_sent", "W", payload=paper(OTHER))
    received_bench.do("paper_failed", "W", payload=answer())
    assert marks(received_bench) == [("failed", False), ("sent", False)]


@pytest.mark.parametrize("kind", ["paper_sent", "paper_reprinted", "paper_confirmed", "paper_failed"])
def test_without_the_payload_the_act_alone_is_known(received_bench, kind):
    received_bench.do(kind, "W")
    assert received_bench.case.papers == ()
    assert received_bench.case.acts[-1].kind == kind
