"""The power fails at any moment and nothing that was confirmed is lost.

What sqlcipher3 and Python do to the disk during a run of confirmations is recorded (by
`powerloss_shim.c`, loaded into `powerloss_child.py`). From the record, disks are rebuilt as a power cut
may leave them: what was synced is there; what was not is there wholly, in part, in any subset of
sectors, torn, or not at all; names not synced with their folder may be missing. Every such disk must
open, hold every operation a person was told of, with an unbroken chain, and every file they name.
The same run with `synchronous=NORMAL` must lose some, or the test proves nothing.
"""

import functools
import itertools
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from onewindow_desk.faults import Fault, Refusal
from onewindow_desk.store import Store

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
TORTURE = "ONEWINDOW_TORTURE" in os.environ
CASES = 60 if TORTURE else 14
STATES = 20_000 if TORTURE else 1_000
FEW_STATES = 1_000 if TORTURE else 40
SECTOR = 512
CLERK = UUID(int=1)
MODES = ("nothing", "everything", "prefix", "subset")

_LINE = re.compile(rb"([WCTSRUD]) ([^\n]*)\n")


@dataclass(frozen=True)
class Event:
    """One call as recorded; `at` is an offset or a size, `other` the new name of a rename."""

    number: int
    kind: str
    path: str
    at: int = 0
    data: bytes = b""
    other: str = ""


def read_record(path: Path) -> list[Event]:
    record, place, events = path.read_bytes(), 0, list[Event]()
    while place < len(record):
        line = _LINE.match(record, place)
        assert line, "the record is not whole"
        place = line.end()
        kind, rest, number = line[1].decode(), line[2].decode(), len(events)
        if kind == "W":
            offset, length, name = rest.split(" ", 2)
            data = record[place : place + int(length)]
            place += int(length)
            events.append(Event(number, kind, name, int(offset), data))
        elif kind == "T":
            size, name = rest.split(" ", 1)
            events.append(Event(number, kind, name, int(size)))
        else:
            name, _, other = rest.partition("\t")
            events.append(Event(number, kind, name, other=other))
    return events


@dataclass
class Content:
    """One file: what is certainly on the disk, and what was written since its last sync."""

    synced: bytearray = field(default_factory=bytearray)
    pending: list[Event] = field(default_factory=list)
    folder: bool = False

    def sync(self) -> None:
        for event in self.pending:
            _carry_out(self.synced, event, _all_of)
        self.pending = []


Names = dict[str, Content]


@dataclass(frozen=True)
class Change:
    """A change of names that lasts only once its folder is synced."""

    number: int
    make: Callable[[Names], None]


class Disk:
    """The recorded folder as a power cut would find it after the events so far."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._seen: Names = {}
        self._synced: Names = {}
        self._waiting: dict[str, list[Change]] = {}
        self._happen = {
            "W": self._write,
            "T": self._write,
            "C": self._create,
            "D": self._create,
            "U": self._remove,
            "R": self._rename,
            "S": self._sync,
        }

    def happen(self, event: Event) -> None:
        self._happen[event.kind](event)

    def after_power_cut(self, mode: str, dice: random.Random) -> dict[str, bytes]:
        """Files by path, as one of the disks that the cut may leave."""
        survives = _survival(mode, dice, self._numbers())
        names = dict(self._synced)
        for changes in self._waiting.values():
            for change in itertools.takewhile(survives.whole, changes):
                change.make(names)
        return {
            path: _torn(content, survives)
            for path, content in names.items()
            if not content.folder and all(str(above) in names for above in self._folders_above(path))
        }

    def _folders_above(self, path: str) -> Iterator[Path]:
        return itertools.takewhile(lambda folder: str(folder) != self._root, Path(path).parents)

    def _numbers(self) -> list[int]:
        """Everything that is not yet certain, in the order it happened."""
        writes = [event.number for content in self._seen.values() for event in content.pending]
        return sorted(writes + [change.number for waits in self._waiting.values() for change in waits])

    def _write(self, event: Event) -> None:
        self._seen[event.path].pending.append(event)

    def _create(self, event: Event) -> None:
        content = Content(folder=event.kind == "D")
        self._name(event, lambda names: names.__setitem__(event.path, content))

    def _remove(self, event: Event) -> None:
        self._name(event, lambda names: _drop(names, event.path))

    def _rename(self, event: Event) -> None:
        def move(names: Names) -> None:
            if event.path in names:
                names[event.other] = names.pop(event.path)

        self._name(event, move)

    def _sync(self, event: Event) -> None:
        if event.path in self._seen:
            self._seen[event.path].sync()
        for change in self._waiting.pop(event.path, []):
            change.make(self._synced)

    def _name(self, event: Event, make: Callable[[Names], None]) -> None:
        make(self._seen)
        self._waiting.setdefault(str(Path(event.path).parent), []).append(Change(event.number, make))


class Survival:
    """Which parts of what was not synced the disk still holds."""

    def __init__(self, sector: Callable[[int, int], bool], whole: Callable[[int], bool]) -> None:
        self.sector = sector
        self._whole = whole

    def whole(self, uncertain: Event | Change) -> bool:
        return self._whole(uncertain.number)


def _survival(mode: str, dice: random.Random, numbers: list[int]) -> Survival:
    if mode == "subset":
        share = dice.choice((0.1, 0.5, 0.9))
        return Survival(lambda _number, _sector: dice.random() < share, lambda _: dice.random() < share)
    if mode == "prefix":
        cut = dice.choice(numbers) if numbers else 0
        torn_at = dice.randrange(0, 9)
        return Survival(
            lambda number, sector: number < cut or (number == cut and sector < torn_at),
            lambda number: number < cut,
        )
    keep = mode == "everything"
    return Survival(lambda _number, _sector: keep, lambda _: keep)


def _torn(content: Content, survives: Survival) -> bytes:
    found = bytearray(content.synced)
    for event in content.pending:
        if event.kind == "W":
            _carry_out(found, event, functools.partial(survives.sector, event.number))
        elif survives.whole(event):
            _carry_out(found, event, _all_of)
    return bytes(found)


def _carry_out(file: bytearray, event: Event, sector_survives: Callable[[int], bool]) -> None:
    """Do a write, sector by sector (counted within the write), or a change of size, to `file`."""
    if event.kind == "T":
        file[event.at :] = bytes(max(0, event.at - len(file)))
        return
    for count, (start, end) in enumerate(_sectors(event.at, event.at + len(event.data))):
        if sector_survives(count):
            file.extend(bytes(max(0, end - len(file))))
            file[start:end] = event.data[start - event.at : end - event.at]


def _sectors(start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        yield start, stop
        start = stop


def _all_of(_sector: int) -> bool:
    return True


def _drop(names: Names, path: str) -> None:
    names.pop(path, None)


class Promised:
    """What a person was told, and what the vault held, up to a moment."""

    def __init__(self) -> None:
        self.founded = False
        self.operations: set[str] = set()
        self.files: set[str] = set()
        self.drafts: set[str] = set()
        self.secrets: dict[str, bytes] = {}

    def hear(self, line: bytes) -> None:
        said = msgspec.json.decode(line)
        self.founded = self.founded or "founded" in said
        if "vault" in said:
            self.secrets[said["vault"]] = bytes.fromhex(said["secret"])
        if "draft" in said:
            self.drafts.add(said["draft"])
        if "op" in said:
            self.operations.add(said["op"])
            self.files.add(said["file"])


class Vault:
    """The vault as it was: a system's vault is durable before it answers."""

    def __init__(self, secrets: dict[str, bytes]) -> None:
        self._secrets = dict(secrets)

    def get(self, name: str) -> bytes | None:
        return self._secrets.get(name)

    def set(self, name: str, secret: bytes) -> None:
        self._secrets[name] = secret

    def delete(self, name: str) -> None:
        del self._secrets[name]


def what_is_lost(folder: Path, promised: Promised) -> str:
    """What the reopened store lacks of what was promised, "" for nothing."""
    if not Store.exists(folder):
        return "no store" if promised.founded else ""
    try:
        with Store.open(folder, Vault(promised.secrets)) as store:
            return _missing(store, promised)
    except (Refusal, Fault) as trouble:
        return f"{trouble}"


def _missing(store: Store, promised: Promised) -> str:
    report = store.verify_rest()
    if not report.sound:
        return f"broken: {report.broken}"
    cases = store.folded()
    operations = {str(made.head.op_id) for case in cases for made in store.operations(case.case_id)}
    files = {page.sha256 for case in cases for row in case.materials for page in row.pages}
    for address in files:
        store.scans.get(address)
    papers = {mark.sha256 for case in cases for mark in case.papers}
    for address in papers:
        store.papers.get(address)
    drafts = {str(row.draft_id) for row in store.drafts.all(CLERK)}
    known = {str(case.case_id) for case in cases}
    unsaid = {
        "operations": promised.operations - operations,
        "files": promised.files - files - papers,
        "drafts": promised.drafts - drafts - known,
        "both draft and case": drafts & known,
    }
    return "".join(f"{what}: {which} " for what, which in unsaid.items() if which)


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("shim") / "powerloss.so"
    source = str(HERE / "powerloss_shim.c")
    command = ["gcc", "-shared", "-fPIC", "-O1", "-o", str(library), source, "-ldl", "-lpthread"]
    subprocess.run(command, check=True)
    return library


@pytest.fixture(scope="module")
def quick_folder() -> Iterator[Path]:
    """In memory where there is such a place: thousands of disks are made and thrown away."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


Recorded = tuple[Path, list[Event]]


def _recorded(shim: Path, folder: Path, synchronous: str) -> Recorded:
    root, record = folder / f"disk-{synchronous}", folder / f"record-{synchronous}"
    root.mkdir()
    names = {"LD_PRELOAD": str(shim), "POWERLOSS_FOLDER": str(root), "POWERLOSS_RECORD": str(record)}
    given = [root / "desk", root / "acks", CASES, synchronous]
    command = [sys.executable, HERE / "powerloss_child.py", *given]
    subprocess.run([str(part) for part in command], env=os.environ | names, check=True)
    return root, read_record(record)


@pytest.fixture(scope="module")
def full(shim: Path, quick_folder: Path) -> Recorded:
    return _recorded(shim, quick_folder, "FULL")


def _lost(recorded: Recorded, states: int, folder: Path) -> list[str]:
    """Rebuild `states` disks all along the record; what each lost, when it lost anything."""
    root, events = recorded
    dice = random.Random(20260921)
    cuts = sorted((dice.randrange(len(events) + 1), MODES[n % len(MODES)]) for n in range(states))
    disk, promised, done, losses = Disk(root), Promised(), 0, []
    for cut, mode in cuts:
        for event in events[done:cut]:
            _go_on(disk, promised, event)
        done = cut
        _put(folder, root, disk.after_power_cut(mode, dice))
        lost = what_is_lost(folder / "desk", promised)
        if lost:
            losses.append(f"after {cut} of {len(events)} calls, {mode}: {lost}")
    return losses


def _go_on(disk: Disk, promised: Promised, event: Event) -> None:
    if Path(event.path).name == "acks":
        for line in event.data.splitlines():
            promised.hear(line)
    else:
        disk.happen(event)


def _put(folder: Path, root: Path, files: dict[str, bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for path, content in files.items():
        place = folder / Path(path).relative_to(root)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def test_the_record_is_of_sqlciphers_own_writes_and_syncs(full: Recorded) -> None:
    _, events = full
    log = [event.kind for event in events if event.path.endswith("/desk.db-wal")]
    base = [event.kind for event in events if event.path.endswith("/desk.db")]
    assert log.count("W") > 10 * CASES
    assert log.count("S") >= 3 * CASES
    assert base.count("W") > CASES
    assert base.count("S") > 4
    assert sum(event.kind == "S" for event in events if "/scans/" in event.path) >= 2 * CASES


def test_the_rebuilt_disk_is_the_real_one_when_nothing_is_lost(full: Recorded) -> None:
    root, events = full
    disk, promised = Disk(root), Promised()
    for event in events:
        _go_on(disk, promised, event)
    found = disk.after_power_cut("everything", random.Random(0))
    there = {str(path): path.read_bytes() for path in (root / "desk").rglob("*") if path.is_file()}
    assert found == there
    assert len(promised.operations) == 2 * CASES


def test_no_torn_disk_has_lost_what_was_confirmed(full: Recorded, quick_folder: Path) -> None:
    assert _lost(full, STATES, quick_folder / "torn") == []


def test_the_same_harness_loses_some_without_full_syncs(shim: Path, quick_folder: Path) -> None:
    normal = _recorded(shim, quick_folder, "NORMAL")
    assert _lost(normal, FEW_STATES, quick_folder / "torn") != []


@pytest.mark.parametrize(
    "syncs_of", [r"/desk\.db-wal$", r"/desk\.db$", "/desk$", "/scans/", "/papers/", r"/scans/[^/]*$"]
)
def test_the_harness_notices_when_one_kind_of_sync_is_missing(
    full: Recorded, quick_folder: Path, syncs_of: str
) -> None:
    root, events = full
    weaker = [event for event in events if not (event.kind == "S" and re.search(syncs_of, event.path))]
    assert len(weaker) < len(events)
    assert _lost((root, weaker), FEW_STATES, quick_folder / "torn") != []
