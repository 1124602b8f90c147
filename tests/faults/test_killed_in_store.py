"""The process dies at every SQL statement and every sync while a store is founded, filled, migrated.

A step is every statement, commit, sync, renaming and write to the vault, as it begins; where one ends
and the next begins the disk is the same (torture takes both). Each step gets a process of its own that
ends there without a word. Then the store is opened: it is founded wholly or not at all, holds every
operation that was acknowledged, a draft or its case, and can go on. (From the blue button to the
paper in the hand is tested beside this.)
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import alembic.command  # noqa: F401 - loaded before the forks, not in each of them
import msgspec
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from onewindow_desk.domain.exchange import Enrolled, FeedRow, Leased, What, feed_chain
from onewindow_desk.domain.operation import GENESIS, NewOperation
from onewindow_desk.store import Credential, Opening, Signer, Store, Writing
from onewindow_desk.store.engine import connect

pytestmark = pytest.mark.slow

NOON = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)
ADMIN, DRAFT, REPLICA = UUID(int=1), UUID(int=2), UUID(int=7)
SIGNER = Signer(person_id=ADMIN, person_key_id="k", mac_key=b"k" * 32)
DIED = 9
TORTURE = "ONEWINDOW_TORTURE" in os.environ
LATER = (
    "retired",
    "link",
    "feed",
    "replica_view",
    "attention",
    "waiting_file",
    "remote_file",
    "wanted_file",
    "wanted_payload",
    "unsound",
    "series_given",
)
"""Tables that the third and the fourth migration made."""

Work = Callable[[Path], None]


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
    """Counts steps and ends the process at the one it was told (0: never)."""

    def __init__(self, last: int) -> None:
        self.count = 0
        self._last = last

    def step(self, *_: object) -> None:
        self.count += 1
        if self.count == self._last:
            os._exit(DIED)

    def before(self, call: Callable[..., object]) -> Callable[..., object]:
        def counted(*given: object, **named: object) -> object:
            self.step()
            outcome = call(*given, **named)
            if TORTURE:
                self.step()
            return outcome

        return counted


def found(folder: Path) -> None:
    Store.found(
        folder / "desk", FileVault(folder), REPLICA, "115", 12, opening=Opening(SIGNER, _opening)
    ).close()
    _acknowledge(folder, "founded")


def _opening(writing: Writing) -> None:
    writing.perform(NewOperation(kind="street_founded", payload={"name": "样例街道"}))
    person = {"person_id": str(ADMIN), "login": "wang", "name": "王样", "roles": ["system_admin"]}
    writing.perform(NewOperation(kind="person_added", payload=person))
    writing.put_credential(ADMIN, Credential(verifier="v", wrapped_key=b"w"))


def receive(folder: Path) -> None:
    with Store.open(folder / "desk", FileVault(folder), clock=lambda: NOON) as store:
        page = store.scans.put(b"page")
        store.drafts.save(DRAFT, ADMIN, b"draft", NOON, [page])
        _acknowledge(folder, "draft")
        with store.transaction(SIGNER) as writing:
            number = writing.next_receipt_no(date(2026, 9, 21))
            writing.perform(_received(number, page))
            writing.discard_draft(DRAFT)
        _acknowledge(folder, number)


def attach(folder: Path) -> None:
    with Store.open(folder / "desk", FileVault(folder), clock=lambda: NOON) as store:
        store.attach(Enrolled(series=12, street="115", label="1 号窗口"))


def absorb(folder: Path) -> None:
    """Read everything that came back from the central, a page of two rows at a time."""
    rows = _feed_of(folder)
    with Store.open(folder / "desk", FileVault(folder), clock=lambda: NOON) as store:
        store.exchange.acknowledge(store.exchange.end().last_seq)
        while page := rows[store.exchange.end().cursor.seq :][:2]:
            store.exchange.absorb(page)
            _acknowledge(folder, str(page[-1].seq))


def renew(folder: Path) -> None:
    with Store.open(folder / "desk", FileVault(folder), clock=lambda: NOON) as store:
        _acknowledge(folder, store.exchange.renewal().public_key)
        store.exchange.renewed(Leased(series=90))
        _acknowledge(folder, "renewed")


def _feed_of(folder: Path) -> tuple[FeedRow, ...]:
    return msgspec.msgpack.decode((folder / "feed").read_bytes(), type=tuple[FeedRow, ...])


def migrate(folder: Path) -> None:
    Store.open(folder / "desk", FileVault(folder)).close()


def rebuild(folder: Path) -> None:
    with Store.open(folder / "desk", FileVault(folder)) as store:
        store.rebuild()


def _received(number: str, page: str) -> NewOperation:
    facts = {"receipt_no": number, "item_id": "JT-01", "item_version": "1", "received_at": NOON.isoformat()}
    identity = {"type": "resident", "number": "320115199001010016"}
    scan = {"sha256": page, "media_type": "image/png", "size": 4}
    payload = {
        **facts,
        "applicant": {"kind": "person", "name": "钱样安", "identity": identity, "phone": "000-0000-0001"},
        "agent": None,
        "fields": {},
        "materials": [{"code": "M1", "name": "身份证件", "source": "submitted", "pages": [scan]}],
        "window": "1 号窗口",
    }
    envelope = {**facts, "item_name": "公共场所卫生许可", "files": [page]}
    return NewOperation(kind="receive", case_id=DRAFT, envelope=envelope, payload=payload)


def _acknowledge(folder: Path, what: str) -> None:
    with (folder / "acknowledged").open("a") as file:
        file.write(what + "\n")


def _acknowledged(folder: Path) -> list[str]:
    path = folder / "acknowledged"
    return path.read_text().split() if path.exists() else []


def _in_its_own_process(folder: Path, work: Work, last: int) -> int:
    """Run `work` until its step `last`; how the process ended. The steps of a whole run are noted."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        steps = Steps(last)
        for moment in ("before_cursor_execute", "commit", *(("after_cursor_execute",) if TORTURE else ())):
            event.listen(Engine, moment, steps.step)
        os.fsync = steps.before(os.fsync)  # type: ignore[assignment]
        Path.replace = steps.before(Path.replace)  # type: ignore[assignment, method-assign]
        FileVault.set = steps.before(FileVault.set)  # type: ignore[assignment, method-assign]
        work(folder)
        (folder / "steps").write_text(str(steps.count))
    except BaseException:  # noqa: BLE001 - the parent sees the code
        os._exit(1)
    os._exit(0)


def _at_every_step(start: Path, work: Work, look: Callable[[Path], None]) -> int:
    """Kill `work` at each of its steps, beginning from a copy of `start`, and look at what is left."""
    whole = Path(shutil.copytree(start, start.with_name("whole")))
    assert _in_its_own_process(whole, work, 0) == 0
    look(whole)
    steps = int((whole / "steps").read_text())
    shutil.rmtree(whole)
    for last in range(1, steps + 1):
        folder = Path(shutil.copytree(start, start.with_name(f"step{last}")))
        assert _in_its_own_process(folder, work, last) == DIED
        look(folder)
        shutil.rmtree(folder)
    return steps


@pytest.fixture
def start() -> Iterator[Path]:
    """In memory where there is such a place: hundreds of stores are made and thrown away."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        folder = Path(name) / "start"
        folder.mkdir()
        yield folder


def test_a_street_is_founded_wholly_or_not_at_all(start: Path) -> None:
    def look(folder: Path) -> None:
        if not Store.exists(folder / "desk"):
            assert _acknowledged(folder) == []
            found(folder)
        with Store.open(folder / "desk", FileVault(folder)) as store:
            assert [person.login for person in store.people()] == ["wang"]
            assert store.credentials.get(ADMIN) is not None
            assert store.settings() == {"name": "样例街道"}
            assert store.verify_rest().sound

    assert _at_every_step(start, found, look) > 50


def test_a_case_is_received_or_its_draft_is_there(start: Path) -> None:
    found(start)
    (start / "acknowledged").unlink()

    def look(folder: Path) -> None:
        told = _acknowledged(folder)
        with Store.open(folder / "desk", FileVault(folder), clock=lambda: NOON) as store:
            numbers = [row.receipt_no for row in store.cases()]
            drafts = store.drafts.all(ADMIN)
            assert ("draft" in told) <= len(numbers) + len(drafts) <= 1
            assert set(told) - {"draft"} <= set(numbers)
            assert store.verify_rest().sound
            assert store.rebuild().equal
            assert store.last_receipt_no() == "".join(numbers)

    assert _at_every_step(start, receive, look) > 25


def _is_whole(folder: Path) -> None:
    with Store.open(folder / "desk", FileVault(folder)) as store:
        assert [row.receipt_no for row in store.cases()] == _acknowledged(folder)[-1:]
        assert [person.login for person in store.people()] == ["wang"]
        assert store.verify_rest().sound


@pytest.fixture
def filled(start: Path) -> Path:
    found(start)
    receive(start)
    return start


def test_a_migration_cut_off_is_done_at_the_next_start(filled: Path) -> None:
    _back_to_first(filled)
    assert _at_every_step(filled, migrate, _is_whole) > 30


def test_a_rebuild_cut_off_leaves_the_views_as_they_were(filled: Path) -> None:
    assert _at_every_step(filled, rebuild, _is_whole) > 30


@pytest.fixture
def attached(filled: Path) -> Path:
    """The store under a central that has published all of it, the last step as refused."""
    attach(filled)
    with Store.open(filled / "desk", FileVault(filled)) as store:
        sent = store.exchange.outgoing(99, 1 << 20)
    rows: list[FeedRow] = []
    for sealed in sent:
        head, before = json.loads(sealed.head), rows[-1].chain if rows else GENESIS
        verdict = "rejected" if sealed is sent[-1] else "applied"
        row = FeedRow(
            seq=len(rows) + 1,
            chain=feed_chain(before, len(rows) + 1, "op", sealed.hash, verdict, ""),
            what=What.OPERATION,
            subject=sealed.hash,
            verdict=verdict,
            op_id=UUID(head["op_id"]),
            case_id=UUID(head["case_id"]) if head["case_id"] else None,
            sealed=sealed,
        )
        rows.append(row)
    (filled / "feed").write_bytes(msgspec.msgpack.encode(rows))
    return filled


def test_a_store_is_attached_wholly_or_not_at_all(filled: Path) -> None:
    def look(folder: Path) -> None:
        with Store.open(folder / "desk", FileVault(folder)) as store:
            assert store.link().unsent == (3 if store.attached else 0)
            store.exchange.acknowledge(3)
            assert len(store.exchange.waiting_files(9)) == store.attached
            assert store.compare().equal
            assert store.verify_rest().sound

    assert _at_every_step(filled, attach, look) > 10


def test_a_page_of_the_feed_is_kept_with_its_cursor_or_not_at_all(attached: Path) -> None:
    (attached / "acknowledged").unlink()

    def look(folder: Path) -> None:
        told = _acknowledged(folder)
        with Store.open(folder / "desk", FileVault(folder)) as store:
            read = store.exchange.end().cursor.seq
            assert read in (0, 2, 3)
            assert read >= int(told[-1] if told else 0)
            assert (len(store.cases()), len(store.attention())) == ((1, 0) if read < 3 else (0, 1))
            assert store.compare().equal
            assert store.verify_rest().sound
        absorb(folder)
        with Store.open(folder / "desk", FileVault(folder)) as store:
            assert (store.cases(), len(store.attention()), store.unsent()) == ((), 1, ())

    assert _at_every_step(attached, absorb, look) > 40


def test_a_new_enrolment_begins_wholly_or_not_at_all(attached: Path) -> None:
    with Store.open(attached / "desk", FileVault(attached)) as store:
        store.exchange.acknowledge(2)
        store.exchange.absorb(_feed_of(attached)[:1])
        acts = [json.loads(sealed.head)["op_id"] for sealed in store.exchange.outgoing(9, 1 << 20)]
        cases = store.cases()
    (attached / "acknowledged").unlink()

    def look(folder: Path) -> None:
        told = _acknowledged(folder)
        with Store.open(folder / "desk", FileVault(folder), clock=lambda: NOON) as store:
            assert store.cases() == cases
            assert store.compare().equal
            assert store.verify_rest().sound
            if "renewed" in told:
                assert store.replica != REPLICA
            if store.replica == REPLICA:
                assert store.exchange.renewal().public_key in told or not told
                store.exchange.renewed(Leased(series=90))
            elif told:
                assert store.public_key() == told[0]
            again = [json.loads(sealed.head)["op_id"] for sealed in store.exchange.outgoing(9, 1 << 20)]
            assert again[-1:] == acts[-1:]
            assert len(again) == 2
            assert store.exchange.end().acked == 0
        with Store.open(folder / "desk", FileVault(folder)) as store:
            assert store.verify_rest().sound

    assert _at_every_step(attached, renew, look) > 40


def _back_to_first(folder: Path) -> None:
    """The store as the program before the views' migration would have left it."""
    inside = connect(folder / "desk" / "desk.db", FileVault(folder).get(f"store-key {REPLICA}") or b"")
    inside.execute("DROP TRIGGER operation_no_delete")
    for table in ("case_name", "case_view", "case_file", "person_view", "setting_view", *LATER):
        inside.execute(f"DROP TABLE {table}")
    inside.execute("ALTER TABLE credential DROP COLUMN online_at")
    inside.execute("UPDATE alembic_version SET version_num = '0001'")
    inside.close()
