from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from onewindow_desk.domain.case import HandedIn, Mode, Source, apply
from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.domain.people import Role
from onewindow_desk.domain.permit import Standing, longest_extension, permit, trial
from onewindow_desk.faults import Refusal

STAFF = {
    "W": Role.WINDOW, "H": Role.HANDLER, "V": Role.REVIEWER, "D": Role.DECIDER, "K": Role.SEALKEEPER,
    "I": Role.ISSUER, "F": Role.FEES, "S": Role.SUPERVISOR, "L": Role.LIAISON,
}  # fmt: skip
CUT_OFF = Standing(authority=False, acceptance_seal=False)
CUT_OFF_WITH_SEAL = Standing(authority=False, acceptance_seal=True)


@pytest.fixture
def desk(received_bench, person, calendar, permit_item):
    """`ask` returns the permitted operation; `act` also takes it into the case."""

    class Desk:
        bench = received_bench
        item = permit_item

        def new(self, kind: str, without: tuple[str, ...] = (), **facts) -> NewOperation:
            made = self.bench.operation(kind, "W", without=("deemed_accepted", "proposal", *without), **facts)
            return NewOperation(
                kind=kind,
                case_id=self.bench.case.case_id,
                base=self.bench.case.version,
                envelope=made.head.envelope,
            )

        def ask(self, kind: str, who: str, *roles: Role, standing=None, **facts) -> NewOperation:
            return permit(
                self.bench.case,
                self.new(kind, **facts),
                person(who, *(roles or (STAFF[who],))),
                at=self.bench.at,
                calendar=calendar,
                item=self.item,
                standing=standing or Standing(),
            )

        def act(self, kind: str, who: str, *roles: Role, **more):
            asked = self.ask(kind, who, *roles, **more)
            operation = trial(asked, UUID(int=ord(who)), self.bench.at)
            head = replace(operation.head, op_id=UUID(int=5000 + self.bench.case.version))
            self.bench.case = apply(self.bench.case, replace(operation, head=head))
            return self.bench.case

        def refused(self, kind: str, who: str, *roles: Role, **more) -> str:
            with pytest.raises(Refusal) as caught:
                self.ask(kind, who, *roles, **more)
            return caught.value.text

        def reviewing(self):
            for kind, who in (("accept", "W"), ("dispatch", "W"), ("take_over", "H")):
                self.act(kind, who)
            return self

    return Desk()


def test_the_duty_stands_in_the_envelope(desk):
    assert desk.ask("accept", "W").envelope["role"] == "window"


def test_who_lacks_the_role_is_refused_and_who_left_too(desk, person, calendar):
    assert "您的岗位" in desk.refused("accept", "G", Role.GUIDE)
    with pytest.raises(Refusal, match="您的岗位"):
        permit(
            desk.bench.case,
            desk.new("accept"),
            person("W", Role.WINDOW, active=False),
            at=desk.bench.at,
            calendar=calendar,
        )


def test_nobody_claims_a_duty_they_do_not_hold(desk):
    desk.reviewing().act("submit_opinion", "H")
    text = desk.refused("return_for_review", "V", role=Role.DECIDER)
    assert "您的岗位" in text


def test_of_two_duties_the_one_that_separation_leaves_open(desk):
    desk.reviewing().act("submit_opinion", "H")
    asked = desk.ask("return_for_review", "B", Role.REVIEWER, Role.DECIDER)
    assert asked.envelope["role"] == "reviewer"


@pytest.mark.parametrize(
    ("kind", "standing", "words"),
    [
        ("correct_on_spot", CUT_OFF, None),
        ("accept", CUT_OFF, "没有受理专用章"),
        ("accept", CUT_OFF_WITH_SEAL, None),
        ("request_correction", CUT_OFF, "没有受理专用章"),
        ("not_required", CUT_OFF, "没有受理专用章"),
        ("withdraw", CUT_OFF_WITH_SEAL, "要等连上后再办"),
        ("propose_refuse_acceptance", CUT_OFF_WITH_SEAL, "要等连上后再办"),
        ("note", CUT_OFF, None),
    ],
)
def test_what_may_be_done_with_the_line_cut(desk, kind, standing, words):
    if words is None:
        assert desk.ask(kind, "W", standing=standing).kind == kind
    else:
        assert words in desk.refused(kind, "W", standing=standing)


def test_complete_means_that_every_required_material_is_there(desk):
    case = desk.bench.case
    missing = replace(case.materials[0], source=Source.MISSING)
    desk.bench.case = replace(case, materials=(missing, *case.materials[1:]))
    with pytest.raises(Refusal) as caught:
        desk.ask("accept", "W")
    assert caught.value.text == f"还缺“{missing.name}”。请补齐，或改用容缺受理、出补正告知。"
    assert caught.value.field == missing.code


def test_a_shared_material_counts_as_there(desk):
    case = desk.bench.case
    shared = HandedIn(code=case.materials[0].code, name="", source=Source.SHARED)
    desk.bench.case = replace(case, materials=(shared, *case.materials[1:]))
    assert desk.ask("accept", "W").kind == "accept"


def test_only_tolerable_rows_are_tolerated(desk):
    tolerable = next(row.code for row in desk.item.materials if row.tolerable)
    firm = next(row for row in desk.item.materials if not row.tolerable)
    assert desk.ask("accept_tolerant", "W", tolerated=[tolerable]).kind == "accept_tolerant"
    assert f"“{firm.name}”不能容缺" in desk.refused("accept_tolerant", "W", tolerated=[tolerable, firm.code])
    assert "“M-NONE”不能容缺" in desk.refused("accept_tolerant", "W", tolerated=["M-NONE"])
    desk.item = replace(desk.item, tolerance_allowed=False)
    assert "本事项不能容缺" in desk.refused("accept_tolerant", "W", tolerated=[tolerable])


@pytest.mark.parametrize(
    ("day", "good"),
    [("2026-09-20", False), ("2026-09-21", True), ("2026-09-24", True), ("2026-09-25", False)],
)
def test_a_tolerated_material_comes_before_the_promise_ends(desk, day, good):
    tolerable = next(row.code for row in desk.item.materials if row.tolerable)
    if good:
        desk.ask("accept_tolerant", "W", tolerated=[tolerable], supply_by=day)
    else:
        assert "最迟为承诺办结日 9月24日" in desk.refused(
            "accept_tolerant", "W", tolerated=[tolerable], supply_by=day
        )


def test_commitment_only_where_the_item_says_so(desk):
    desk.item = replace(desk.item, commitment_eligible=False)
    assert "不适用告知承诺" in desk.refused("accept_on_commitment", "W")
    desk.item = replace(desk.item, commitment_eligible=True)
    assert desk.act("accept_on_commitment", "W").acceptance.mode is Mode.COMMITMENT


def test_on_the_spot_only_for_such_items_and_by_two(desk):
    assert "不是即办件" in desk.refused("propose_grant_on_spot", "W")
    desk.item = replace(desk.item, case_type="即办件")
    desk.act("propose_grant_on_spot", "W")
    assert "受审分离" in desk.refused("grant_on_spot", "W", Role.WINDOW, Role.DECIDER)
    assert desk.act("grant_on_spot", "D").acceptance.mode is Mode.ON_SPOT


def test_a_late_correction_notice_is_refused_with_the_day(desk):
    desk.bench.later(days=8)
    assert desk.ask("request_correction", "W").kind == "request_correction"
    desk.bench.later(days=1)
    assert desk.refused("request_correction", "W") == (
        "答复期已过，本件自 9月21日 起视为受理，不能再告知补正。请补出受理通知书。"
    )


def test_a_case_that_a_colleague_accepted_is_not_called_accepted_by_silence(desk):
    desk.act("accept", "W")
    refused = desk.refused("request_correction", "W")
    assert "视为受理" not in refused
    assert "已受理" in refused


def test_a_late_case_goes_on_from_its_deemed_acceptance(desk):
    desk.bench.later(days=9)
    asked = desk.ask("dispatch", "W")
    assert asked.envelope["deemed_accepted"] == "2026-09-21"
    desk.act("dispatch", "W")
    assert desk.bench.case.acceptance.mode is Mode.DEEMED


def test_in_time_nothing_is_deemed(desk):
    assert "deemed_accepted" not in desk.ask("accept", "W").envelope


def test_a_correction_period_is_kept(desk):
    assert "今天以后" in desk.refused("request_correction", "W", answer_by="2026-09-21")
    desk.act("request_correction", "W", answer_by="2026-10-20")
    desk.bench.later(days=29)
    assert "补正期限 10月20日 还没有过" in desk.refused("terminate_uncorrected", "W")
    desk.bench.later(days=1)
    assert desk.ask("terminate_uncorrected", "W").kind == "terminate_uncorrected"


def test_one_extension_before_the_last_day_and_no_longer_than_the_law(desk):
    desk.reviewing()
    assert "最多延长 10 个工作日" in desk.refused("extend", "D", days=11)
    desk.bench.later(days=35)
    assert desk.ask("extend", "D", days=10).kind == "extend"
    desk.bench.later(days=1)
    assert "法定期限 10月26日 已过" in desk.refused("extend", "D", days=10)


@pytest.mark.parametrize(
    ("item_id", "longest"), [("JN34-XK-08", 10), ("JN34-JF-01", 15), ("JN34-JF-05", 0), ("JN34-QR-05", 0)]
)
def test_how_long_an_extension_may_be(catalogue, item_id, longest):
    assert longest_extension(catalogue.item(item_id)) == longest


def test_a_permit_is_never_extended_beyond_ten_days(permit_item):
    limits = replace(permit_item.limits, extension_days=60)
    assert longest_extension(replace(permit_item, limits=limits)) == 10


def test_no_extension_where_the_law_gives_none(desk):
    desk.reviewing()
    desk.item = replace(desk.item, category="公共服务", limits=replace(desk.item.limits, extension_days=0))
    assert "没有延长期限的依据" in desk.refused("extend", "D")


def test_the_item_says_who_decides_even_where_the_receipt_did_not(desk, catalogue):
    desk.reviewing()
    desk.bench.case = replace(desk.bench.case, decision_level=None)
    assert "不用转报" in desk.refused("report_up", "V")
    desk.act("submit_opinion", "H")
    desk.item = catalogue.item("JN34-JF-01")
    assert "区级决定" in desk.refused("grant", "D")
    assert "区级决定" in desk.refused("deny", "D")


def test_no_fee_where_none_is_set(desk):
    desk.reviewing().act("submit_opinion", "H")
    desk.act("grant", "D")
    assert "不收费" in desk.refused("demand_payment", "F")


def test_the_relaxed_pair_is_written_down_where_it_is_used(desk):
    desk.reviewing().act("submit_opinion", "H")
    desk.act("grant", "D")
    desk.act("certify", "K")
    desk.act("hand_to_issuer", "K")
    both = (Role.SEALKEEPER, Role.ISSUER)
    assert "受审分离" in desk.refused("take_for_issue", "K", *both)
    relaxed = Standing(issuer_may_seal=True)
    assert desk.ask("take_for_issue", "K", *both, standing=relaxed).envelope["relaxed"] == "issuer_sealkeeper"
    assert "relaxed" not in desk.ask("take_for_issue", "I").envelope
    assert desk.act("take_for_issue", "K", *both, standing=relaxed).state == "ready"


def test_permission_is_asked_for_the_case_that_is_open(desk, person, calendar):
    other = replace(desk.new("accept"), case_id=UUID(int=123))
    with pytest.raises(Refusal, match="请刷新"):
        permit(desk.bench.case, other, person("W", Role.WINDOW), at=desk.bench.at, calendar=calendar)


def test_a_permit_changes_nothing_by_itself(desk):
    before = desk.bench.case
    desk.ask("accept", "W")
    assert desk.bench.case is before


def test_without_an_item_the_case_alone_is_asked(desk):
    desk.item = None
    assert desk.act("accept", "W").acceptance.on == (desk.bench.at + timedelta(hours=8)).date()
