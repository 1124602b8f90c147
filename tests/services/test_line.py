"""What is known of the line without asking it."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from onewindow_desk.domain.case import PageRef
from onewindow_desk.domain.lifecycle import BY_KIND, TRANSITIONS
from onewindow_desk.faults import Refusal
from onewindow_desk.services import intake, line
from onewindow_desk.services.draft import DraftPage
from onewindow_desk.services.line import Level, LineKind
from onewindow_desk.services.today import OPEN, detail, rows


def named(shift, facts, name):
    return next((row for row in line.what_works(shift, facts) if row.name == name), None)


@pytest.fixture
def scanned(attached, draft):
    """Receives an applicant with two scans; gives the case and the scans' addresses."""
    files = [attached.store.scans.put(data) for data in (b"one", b"two")]
    code = next(iter(draft.materials))
    refs = [PageRef(sha256=sha, media_type="image/png", size=3) for sha in files]
    pages = tuple(DraftPage(page=ref, material=code) for ref in refs)
    return intake.receive(attached, replace(draft, pages=pages)).case_id, files


def test_a_desk_of_its_own_has_no_line(shift):
    facts = line.facts(shift.store, LineKind.UP)
    assert (facts.kind, facts.unsent) == (LineKind.NEVER, 0)
    assert line.waiting(shift) == ()


def test_what_was_done_waits_until_the_central_has_its_say(attached, notary, draft, clock):
    began = clock()
    case_id = intake.receive(attached, draft).case_id
    facts = line.facts(attached.store, LineKind.DOWN, began, 30)
    assert (facts.kind, facts.since, facts.unsent, facts.oldest_unsent) == (LineKind.DOWN, began, 1, began)
    (step,) = line.waiting(attached)
    assert (step.case_id, step.applicant, step.step, step.state) == (case_id, "钱样安", "收件", "queued")
    notary.take(attached.store)
    assert line.waiting(attached) == ()
    assert line.facts(attached.store, LineKind.UP).unsent == 0


def test_what_was_sent_and_has_no_answer_says_so(attached, draft):
    intake.receive(attached, draft)
    attached.store.exchange.acknowledge(attached.store.exchange.end().last_seq)
    assert [step.state for step in line.waiting(attached)] == ["sent"]


def test_the_last_greeting_is_told_with_clock_and_upgrade(attached, notary, clock):
    at = clock()
    notary.hello(attached.store, at, now=at + timedelta(seconds=150), upgrade=True)
    facts = line.facts(attached.store, LineKind.UP)
    assert (facts.last_synced, facts.offset_seconds, facts.upgrade) == (at, 150, True)


def test_a_program_the_central_wants_newer_receives_no_more_cases(attached, notary, draft, clock):
    intake.save_draft(attached, draft)
    notary.hello(attached.store, clock(), upgrade=True)
    with pytest.raises(Refusal, match="先不收新件"):
        intake.receive(attached, draft)
    assert [one.draft_id for one in intake.drafts(attached)] == [draft.draft_id]
    notary.hello(attached.store, clock())
    intake.receive(attached, draft)
    assert len(attached.store.cases()) == 1


def test_scans_are_counted_as_they_arrive(attached, notary, scanned):
    case_id, files = scanned
    notary.take(attached.store)

    def arriving():
        return line.arriving(attached.store, attached.store.folded(states=OPEN))

    assert arriving() == {case_id: line.Arriving(there=0, all=2)}
    assert rows(attached)[0].scans == (0, 2)
    notary.file(files[0])
    notary.pull(attached.store)
    assert detail(attached, case_id).scans == (1, 2)
    notary.file(files[1])
    notary.pull(attached.store)
    assert arriving() == {}
    assert rows(attached)[0].scans is None


def test_a_desk_of_its_own_has_nothing_on_its_way(shift, draft):
    intake.receive(shift, draft)
    assert line.arriving(shift.store, shift.store.folded()) == {}


@pytest.mark.parametrize("kind", [row.kind for row in TRANSITIONS])
def test_what_goes_on_is_what_the_lifecycle_says(kind):
    row = BY_KIND[kind]
    expected = Level.LATER if not row.offline else Level.LIMITED if row.needs_seal else Level.ALWAYS
    assert line.level_of(kind) is expected


def test_the_board_says_how_many_numbers_are_left(shift, draft):
    facts = line.facts(shift.store, LineKind.DOWN)
    assert "还有 9999 个" in named(shift, facts, "receive").text
    intake.receive(shift, draft)
    assert "还有 9998 个" in named(shift, facts, "receive").text


def test_yesterdays_numbers_take_nothing_from_today(shift, draft, clock):
    intake.receive(shift, draft)
    clock.move(days=1)
    assert line.numbers_left(shift) == 9999


def test_the_board_shows_what_this_person_does(shift, shift_of):
    facts = line.facts(shift.store, LineKind.DOWN)
    assert named(shift, facts, "receive").level is Level.ALWAYS
    assert named(shift, facts, "accept").level is Level.LIMITED
    assert named(shift, facts, "decide").level is Level.LATER
    administrator = shift_of("guan")
    assert named(administrator, facts, "receive") is None
    assert named(administrator, facts, "find") is not None


def test_the_board_says_where_the_others_stand(shift, clock):
    facts = line.LineFacts(kind=LineKind.DOWN, last_synced=clock() - timedelta(minutes=18))
    assert named(shift, facts, "others").text == "停在 09:24，之后的看不到"
    assert "会停在" in named(shift, replace(facts, kind=LineKind.UP), "others").text
    assert "还没有同步过" in named(shift, replace(facts, last_synced=None), "others").text
