"""The process dies at every SQL statement, sync, write to the vault and call to the central of a round.

The central is a file that outlives the process. After each death the store is opened again and
goes its rounds: every receipt that was given is in the central exactly once, the views are the
replay of the log, and nothing waits.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from tests.sync.model_plain import PlainCentral

from onewindow_desk.domain.exchange import Enrolled, Verdict, What
from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.store import Signer, Store
from onewindow_desk.sync.round import About, Limits, Link, Round

pytestmark = pytest.mark.slow

NOON = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)
OURS, THEIRS = UUID(int=7), UUID(int=8)
SIGNER = Signer(person_id=UUID(int=1), person_key_id="k", mac_key=b"k" * 32)
ABOUT = About(app="0", protocols=(1,), kinds=())
DIED = 9
EVERY = 1 if "ONEWINDOW_TORTURE" in os.environ else 9
"""Without torture every ninth step, a different first one in each scene."""


class FileVault:
    """A vault in a file that outlives the process, as the system's does."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "vault.json"
        self._secrets = json.loads(self._path.read_text()) if self._path.exists() else {}

    def get(self, name: str) -> bytes | None:
        kept = self._secrets.get(name)
        return None if kept is None else bytes.fromhex(kept)

    def set(self, name: str, secret: bytes) -> None:
        self._secrets[name] = secret.hex()
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(self._secrets))
        draft.replace(self._path)

    def delete(self, name: str) -> None:
        raise AssertionError(name)


class Steps:
    """Counts steps once armed, and ends the process at the one it was told (0: never)."""

    def __init__(self, last: int) -> None:
        self.count = 0
        self.armed = False
        self._last = last

    def step(self, *_: object) -> None:
        if not self.armed:
            return
        self.count += 1
        if self.count == self._last:
            os._exit(DIED)

    def before(self, call: Callable[..., object]) -> Callable[..., object]:
        def counted(*given: object, **named: object) -> object:
            self.step()
            return call(*given, **named)

        return counted


def _found(folder: Path, replica: UUID, series: int) -> Store:
    folder.mkdir()
    enrolled = Enrolled(series=series, street="115", label="1 号窗口")
    vault = FileVault(folder)
    return Store.found(folder / "desk", vault, replica, "115", series, enrolled=enrolled, clock=lambda: NOON)


def _open(folder: Path) -> Store:
    return Store.open(folder / "desk", FileVault(folder), clock=lambda: NOON)


def _take_in(store: Store, case_id: int, page: bytes = b"") -> str:
    files = [store.scans.put(page)] if page else []
    with store.transaction(SIGNER) as writing:
        number = writing.next_receipt_no(date(2026, 9, 21))
        writing.perform(_received(number, UUID(int=case_id), files))
    return number


def _received(number: str, case_id: UUID, files: list[str]) -> NewOperation:
    facts = {"receipt_no": number, "item_id": "JT-01", "item_version": "1", "received_at": NOON.isoformat()}
    identity = {"type": "resident", "number": "320115199001010016"}
    pages = [{"sha256": sha256, "media_type": "image/png", "size": 4} for sha256 in files]
    payload = {
        **facts,
        "applicant": {"kind": "person", "name": "钱样安", "identity": identity, "phone": "000-0000-0001"},
        "agent": None,
        "fields": {},
        "materials": [{"code": "M1", "name": "身份证件", "source": "submitted", "pages": pages}],
        "window": "1 号窗口",
    }
    envelope = {**facts, "item_name": "公共场所卫生许可", "files": files}
    return NewOperation(kind="receive", case_id=case_id, envelope=envelope, payload=payload)


def _go_round(store: Store, central: PlainCentral) -> None:
    """Until there is nothing more to do."""
    walk = Round(store.exchange, ABOUT, lambda: NOON, lambda: 0.0, Limits(page=2))
    for _ in range(10):
        report = walk.run(central)
        assert report.link is Link.UP
        at_end = store.exchange.end().cursor.seq == len(central.kept().rows)
        if at_end and not report.more and not report.unsent and not store.exchange.waiting_files(1):
            return
    raise AssertionError("does not come to rest")


def _street(folder: Path) -> list[str]:
    """Two desks of one street; the other one's cases are in the central. Gives our receipts."""
    central = PlainCentral(folder / "central")
    theirs, ours = _found(folder / "theirs", THEIRS, 13), _found(folder / "ours", OURS, 12)
    central.enrol(THEIRS, theirs.public_key(), 13)
    central.enrol(OURS, ours.public_key(), 12)
    for number in (1, 2, 3):
        _take_in(theirs, number)
    _go_round(theirs, central)
    receipts = [_take_in(ours, 11, b"page"), _take_in(ours, 12)]
    theirs.close()
    ours.close()
    return receipts


def sends_and_reads(folder: Path) -> list[str]:
    return _street(folder)


def was_closed(folder: Path) -> list[str]:
    """Half of it was sent; then the enrolment was ended from the other side."""
    receipts = _street(folder)
    central = PlainCentral(folder / "central")
    with _open(folder / "ours") as ours:
        _go_round(ours, central)
        receipts.append(_take_in(ours, 13))
    central.close(OURS)
    return receipts


def meets_a_rewound_central(folder: Path) -> list[str]:
    """The central lost what it had confirmed, and has grown another tail."""
    receipts = _street(folder)
    shutil.copy(folder / "central", folder / "backup")
    with _open(folder / "ours") as ours:
        _go_round(ours, PlainCentral(folder / "central"))
        receipts.append(_take_in(ours, 13))
    shutil.copy(folder / "backup", folder / "central")
    with _open(folder / "theirs") as theirs:
        _take_in(theirs, 4)
        _go_round(theirs, PlainCentral(folder / "central"))
    return receipts


def _in_its_own_process(folder: Path, last: int) -> int:
    """One round of our desk until its step `last`; how the process ended."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        steps = Steps(last)
        for moment in ("before_cursor_execute", "commit"):
            event.listen(Engine, moment, steps.step)
        os.fsync = steps.before(os.fsync)  # type: ignore[assignment]
        Path.replace = steps.before(Path.replace)  # type: ignore[assignment, method-assign]
        FileVault.set = steps.before(FileVault.set)  # type: ignore[assignment, method-assign]
        store = _open(folder / "ours")
        steps.armed = True
        _go_round(store, PlainCentral(folder / "central", steps.step))
        steps.armed = False
        store.close()
        (folder / "steps").write_text(str(steps.count))
    except BaseException:  # noqa: BLE001 - the parent sees the code
        os._exit(1)
    os._exit(0)


def _all_is_well(folder: Path, receipts: list[str]) -> None:
    central = PlainCentral(folder / "central")
    with _open(folder / "ours") as ours:
        _go_round(ours, central)
        kept = central.kept()
        applied = [
            msgspec.json.decode(row.sealed.head)["envelope"]["receipt_no"]
            for row in kept.rows
            if row.what is What.OPERATION and row.sealed and row.verdict == Verdict.APPLIED
        ]
        assert [applied.count(number) for number in receipts] == [1] * len(receipts)
        assert sorted(applied) == sorted(case.receipt_no for case in ours.cases())
        assert len(kept.files) == 1
        assert ours.exchange.end().cursor.seq == len(kept.rows)
        assert ours.unsent_count() == 0
        assert ours.verify_rest().sound
        assert ours.compare().equal


@pytest.fixture
def start() -> Iterator[Path]:
    """In memory where there is such a place: hundreds of stores are made and thrown away."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        folder = Path(name) / "start"
        folder.mkdir()
        yield folder


@pytest.mark.parametrize("scene", [sends_and_reads, was_closed, meets_a_rewound_central])
def test_the_desk_dies_at_every_step_of_a_round(start: Path, scene: Callable[[Path], list[str]]) -> None:
    receipts = scene(start)
    whole = Path(shutil.copytree(start, start.with_name("whole")))
    assert _in_its_own_process(whole, 0) == 0
    _all_is_well(whole, receipts)
    steps = int((whole / "steps").read_text())
    print(scene.__name__, steps)
    assert steps > 60
    for last in range(1 + len(scene.__name__) % EVERY, steps + 1, EVERY):
        folder = Path(shutil.copytree(start, start.with_name(f"step{last}")))
        assert _in_its_own_process(folder, last) == DIED
        _all_is_well(folder, receipts)
        shutil.rmtree(folder)
