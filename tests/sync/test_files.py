"""Files: after the operations, in parts, within a budget, and never in the way of what can go."""

from typing import Any

import pytest
from tests.sync.model_central import PART, ModelCentral
from tests.sync.model_talk import Desk

from onewindow_desk.domain.exchange import FilePart
from onewindow_desk.domain.operation import digest
from onewindow_desk.faults import Fault, Refusal, Unreachable

LONG = bytes(range(256)) * 2


@pytest.fixture
def desk() -> Desk:
    return Desk(ModelCentral(), 1)


def _calls(talk: Any, name: str) -> list[tuple[Any, ...]]:
    return [given for call, given in zip(talk.calls, talk.given, strict=True) if call == name]


def test_operations_go_before_files_and_a_file_in_parts(desk):
    desk.receive(LONG)
    talk = desk.talk()
    report = desk.go(talk)
    assert talk.calls.index("push") < talk.calls.index("missing_parts") < talk.calls.index("put_part")
    assert [given[2] for given in _calls(talk, "put_part")] == list(range(len(LONG) // PART))
    assert report.files.sent == 1
    assert desk.central.state.files == {digest(LONG): LONG}


def test_after_a_cut_only_what_is_missing_is_sent(desk):
    desk.receive(LONG)
    sent: list[int] = []

    def cut(call: Any, *given: Any) -> bool:
        if len(sent) == 3:
            raise Unreachable("gone")
        sent.append(given[2])
        return bool(call(*given))

    desk.go(desk.talk(put_part=cut))
    talk = desk.talk()
    desk.go(talk)
    assert [given[2] for given in _calls(talk, "put_part")] == [3, 4, 5, 6, 7]
    assert desk.central.state.files == {digest(LONG): LONG}


def test_a_part_that_was_damaged_on_the_way_is_asked_for_again(desk):
    desk.receive(LONG)

    def damage(call: Any, replica: Any, sha256: str, number: int, data: bytes) -> bool:
        return bool(call(replica, sha256, number, b"x" + data[1:] if number == 2 else data))

    assert desk.go(desk.talk(put_part=damage)).files.sent == 0
    assert desk.central.state.files == {}
    assert desk.go(desk.talk()).files.sent == 1


def test_a_file_that_is_never_taken_holds_up_no_other(desk):
    desk.receive(LONG)
    desk.receive(b"other")
    bad = digest(LONG)

    def refuse(call: Any, replica: Any, sha256: str, number: int, data: bytes) -> bool:
        return sha256 != bad and bool(call(replica, sha256, number, data))

    talk = desk.talk(put_part=refuse)
    for _ in range(4):
        desk.go(talk)
    assert set(desk.central.state.files) == {digest(b"other")}
    last = [given[1] for given in _calls(talk, "put_part")][-1]
    assert last == bad


@pytest.mark.parametrize("trouble", [Fault("damaged"), Refusal("缺少文件。")])
def test_a_file_that_cannot_be_read_here_is_named_and_holds_up_no_other(desk, trouble):
    desk.receive(LONG)
    desk.receive(b"other")
    plain = desk.store.file_bytes

    def broken(sha256: str) -> bytes:
        if sha256 == digest(LONG):
            raise trouble
        return plain(sha256)

    desk.store.file_bytes = broken
    report = desk.go(desk.talk())
    assert report.files.damaged == (digest(LONG),)
    assert report.files.sent == 1


def test_the_budget_ends_a_round_and_the_next_goes_on(desk):
    small = Desk(desk.central, 2, file_parts=3)
    small.receive(LONG)
    talk = small.talk()
    counts = []
    for _ in range(3):
        before = talk.calls.count("put_part")
        report = small.go(talk)
        counts.append((talk.calls.count("put_part") - before, report.more))
    assert counts == [(3, True), (3, True), (2, False)]


def test_an_operation_that_comes_up_goes_before_the_next_part(desk):
    desk.receive(LONG)

    def clerk_acts(call: Any, *given: Any) -> bool:
        if given[2] == 1:
            desk.receive()
        return bool(call(*given))

    talk = desk.talk(put_part=clerk_acts)
    report = desk.go(talk)
    assert (report.more, report.unsent) == (True, 1)
    assert len(_calls(talk, "put_part")) == 2
    desk.go(talk)
    assert talk.calls.index("put_part") < len(talk.calls) - 1 - talk.calls[::-1].index("push")


def test_a_file_that_somebody_wants_comes_in_parts_and_whole(desk):
    desk.central.state.files[digest(LONG)] = LONG
    small = Desk(desk.central, 2, file_parts=3)
    small.store.disk.wanted[digest(LONG)] = None
    talk = small.talk()
    reports = [small.go(talk) for _ in range(3)]
    assert [report.files.read for report in reports] == [0, 0, 1]
    assert [given[2] for given in _calls(talk, "get_part")] == list(range(len(LONG) // PART))
    assert small.store.disk.files[digest(LONG)] == LONG


def test_a_file_that_came_damaged_is_not_kept_and_comes_again(desk):
    desk.central.state.files[digest(LONG)] = LONG
    desk.store.disk.wanted[digest(LONG)] = None

    def damage(call: Any, *given: Any) -> FilePart:
        part = call(*given)
        return FilePart(size=part.size, chunk=part.chunk, data=bytes(len(part.data)))

    desk.go(desk.talk(get_part=damage))
    assert digest(LONG) not in desk.store.disk.files
    desk.go(desk.talk())
    assert desk.store.disk.files[digest(LONG)] == LONG


def test_a_file_that_is_damaged_at_the_central_takes_the_line_once_a_conversation(desk):
    desk.central.state.files[digest(LONG)] = bytes(len(LONG))
    small = Desk(desk.central, 2, file_parts=len(LONG) // PART)
    small.store.disk.wanted[digest(LONG)] = None
    small.receive(b"scan")
    talk = small.talk()
    reports = [small.go(talk) for _ in range(4)]
    assert len(_calls(talk, "get_part")) == len(LONG) // PART
    assert sum(report.files.sent for report in reports) == 1
    assert not reports[-1].more


def test_what_is_not_there_yet_costs_no_budget(desk):
    small = Desk(desk.central, 2, file_parts=1)
    for number in range(5):
        small.store.disk.wanted[digest(bytes([number]))] = None
    small.receive(b"scan")
    report = small.go(small.talk())
    assert report.files.sent == 1
    assert not report.more


def test_an_absurd_size_is_not_gathered(desk):
    desk.store.disk.wanted[digest(b"x")] = None
    huge = FilePart(size=1 << 40, chunk=PART, data=b"x" * PART)
    talk = desk.talk(get_part=lambda *_: huge)
    assert desk.go(talk).files.read == 0
    assert talk.calls.count("get_part") == 1
