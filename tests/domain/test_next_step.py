from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from onewindow_desk.domain.item import DecisionLevel
from onewindow_desk.domain.next_step import BadgeKind, next_step
from onewindow_desk.domain.people import Role
from onewindow_desk.domain.states import State


def at(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 2, 0, tzinfo=UTC)


@pytest.fixture
def look(calendar):
    def row(bench, *day: int):
        step = next_step(bench.case, at(*day), calendar)
        return step.text, step.badge.kind.value, step.badge.text, step.detail

    return row


# Received Monday 21 September; the last day is Tuesday 29 September.
@pytest.mark.parametrize(
    ("day", "row"),
    [
        ((9, 21), ("受理，或出补正告知", "ok", "剩 5 天", "答复期 9月29日 止")),
        ((9, 23), ("受理，或出补正告知", "ok", "剩 3 天", "答复期 9月29日 止")),
        ((9, 24), ("受理，或出补正告知", "soon", "剩 2 天", "答复期 9月29日 止")),
        ((9, 28), ("受理，或出补正告知", "soon", "剩 1 天", "答复期 9月29日 止")),
        ((9, 29), ("受理，或出补正告知", "today", "今天到期", "今天不答复即视为受理")),
        (
            (9, 30),
            (
                "补出受理通知书，移交后台", "overdue", "逾期 3 天",
                "9月21日 起已视为受理，承诺 9月24日，法定 10月26日",
            ),
        ),
    ],
)  # fmt: skip
def test_the_five_days(received_bench, look, day, row):
    assert look(received_bench, *day) == row


def test_accepted_waits_for_the_back_office(received_bench, look):
    received_bench.do("accept", "W")
    assert look(received_bench, 9, 22) == ("移交后台", "ok", "剩 2 天", "承诺 9月24日，法定 10月26日")
    received_bench.do("dispatch", "W")
    assert look(received_bench, 9, 22)[0] == "待后台签收"


def test_reviewing_is_pressed_when_it_is_late(received_bench, look):
    for kind, who in (("accept", "W"), ("dispatch", "W"), ("take_over", "H")):
        received_bench.do(kind, who)
    assert look(received_bench, 9, 22)[0] == "待后台审查"
    assert look(received_bench, 9, 24)[:3] == ("催后台", "today", "今天到期")
    assert look(received_bench, 9, 26)[:3] == ("催后台", "overdue", "逾期 1 天")


def test_the_clock_stops_for_the_told_days_and_then_runs_again(received_bench, look):
    for kind, who in (("accept", "W"), ("dispatch", "W"), ("take_over", "H")):
        received_bench.do(kind, who)
    received_bench.do("propose_special", "H", stop_kind="testing", told_days=3)
    assert look(received_bench, 9, 22)[0] == "待另一位同事确认：启动特别程序"
    received_bench.do("start_special", "V")
    # Told three working days from 21 September: 22, 23, 24.
    assert look(received_bench, 9, 24) == ("等检测结论", "stopped", "停钟", "检测中，自 9月21日 停")
    assert look(received_bench, 9, 28)[0::3] == ("催检测结论", "检测已过告知天数，恢复计时")
    assert look(received_bench, 9, 28)[2] == "剩 2 天"


def test_a_correction_waits_for_the_applicant(received_bench, look):
    received_bench.do("request_correction", "W", answer_by="2026-10-20")
    assert look(received_bench, 10, 20) == (
        "等补正材料", "waiting", "等申请人", "补正告知 9月21日，10月20日 前补齐",
    )  # fmt: skip
    assert look(received_bench, 10, 21)[0] == "联系申请人，或终止办理"


def test_from_the_decision_to_the_archive(received_bench, look):
    steps = [("accept", "W"), ("dispatch", "W"), ("take_over", "H"), ("submit_opinion", "H")]
    for kind, who in steps:
        received_bench.do(kind, who)
    assert look(received_bench, 9, 22)[0] == "待签发决定"
    received_bench.do("grant", "D")
    # Ten working days from 21 September.
    assert look(received_bench, 9, 22) == ("制证用印", "ok", "剩 9 天", "10月12日 前送达")
    assert look(received_bench, 10, 10)[1:3] == ("soon", "剩 1 天")
    received_bench.do("certify", "K")
    assert look(received_bench, 9, 22)[0] == "送出件窗口"
    received_bench.do("hand_to_issuer", "K")
    received_bench.do("take_for_issue", "I")
    assert look(received_bench, 9, 22) == ("核身份后发证", "ready", "可发证", "已通知 9月21日")
    assert look(received_bench, 10, 13)[1:3] == ("overdue", "逾期 1 天")
    received_bench.do("deliver", "I")
    assert look(received_bench, 9, 22) == ("归档", "done", "办结", "")
    received_bench.do("archive", "A")
    assert look(received_bench, 9, 22) == ("已归档", "done", "办结", "")


def test_what_the_district_decides(received_bench, look):
    bench = received_bench
    bench.case = replace(bench.case, decision_level=DecisionLevel.DISTRICT)
    for kind, who in (("accept", "W"), ("dispatch", "W"), ("take_over", "H"), ("report_up", "V")):
        bench.do(kind, who)
    assert look(bench, 9, 22) == ("等区级决定", "waiting", "等区级", "9月21日 转报")
    bench.do("register_district_decision", "L")
    assert look(bench, 10, 10)[0] == "转出件窗口"
    bench.do("forward_district_paper", "L")
    assert look(bench, 10, 10)[1:] == ("ready", "可发证", "已通知 9月21日")


def test_a_fee_waits_for_the_applicant(received_bench, look):
    for kind, who, role in (
        ("propose_grant_on_spot", "W", None),
        ("grant_on_spot", "D", Role.DECIDER),
        ("demand_payment", "F", None),
    ):
        received_bench.do(kind, who, role=role)
    assert look(received_bench, 9, 22)[:3] == ("等缴费", "waiting", "等申请人")


def test_a_date_in_an_unpublished_year_carries_its_mark(received_bench, calendar):
    received_bench.later(days=0)
    bench = received_bench
    bench.case = replace(bench.case, received_at=at(12, 28))
    badge = next_step(bench.case, at(12, 29), calendar).badge
    assert (badge.provisional, badge.due) == (True, date(2027, 1, 5))
    assert next_step(bench.case, at(12, 29), calendar).detail == "答复期 2027年1月5日（暂定） 止"


def test_without_limits_the_state_is_shown_instead_of_a_guess(bench, calendar):
    bench.do("receive", "W")
    bench.do("accept", "W")
    step = next_step(bench.case, at(9, 22), calendar)
    assert (step.badge.kind, step.badge.text, step.badge.due) == (BadgeKind.OK, "已受理", None)


def test_the_item_tells_the_limits_that_the_receipt_did_not(bench, calendar, permit_item):
    bench.do("receive", "W")
    bench.do("accept", "W")
    assert next_step(bench.case, at(9, 22), calendar, permit_item).badge.text == "剩 2 天"


@pytest.mark.parametrize("state", list(State))
def test_every_state_says_something(received_bench, calendar, state):
    bench = received_bench
    bench.do("request_correction", "W")
    for kind, who in (("accept_corrected", "W"), ("dispatch", "W"), ("take_over", "H")):
        bench.do(kind, who)
    bench.do("propose_special", "H")
    bench.do("start_special", "V")
    step = next_step(replace(bench.case, state=state), at(9, 22), calendar)
    assert step.text
    assert step.badge.text
