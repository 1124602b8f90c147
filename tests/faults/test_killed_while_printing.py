"""The process dies at every step from the blue button to the paper in the hand.

A step is every SQL statement (before and after), every sync to the disk and every call to the
printer. Each step gets a process of its own that ends there without a word, as at a power cut with
the disk left whole (torn disks are tested beside this). Then the desk is started again and a clerk
clears up: every case that was confirmed is there, the draft or its case is there, one receipt counts.
"""

import functools
import json
import os
import shutil
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import event
from sqlalchemy.engine import Engine

from onewindow_desk.demo import DEMO_LOGIN, DEMO_PASSWORD, demo_plan
from onewindow_desk.devices.printer import Paper
from onewindow_desk.devices.printer_file import NAME, FolderPrinter
from onewindow_desk.domain.identity import resident_check
from onewindow_desk.opening import found_desk, open_desk
from onewindow_desk.services import intake, papers
from onewindow_desk.services.draft import Draft, DraftMaterial
from onewindow_desk.services.shift import Shift
from onewindow_desk.services.signing import sign_in
from onewindow_desk.store import Store

MORNING = datetime(2026, 9, 21, 1, 42, tzinfo=UTC)
BODY = "32011519900101001"
DIED = 9


class FileVault:
    """A vault in a file that outlives the process, as the system's does."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> bytes | None:
        found = self._read().get(name)
        return None if found is None else bytes.fromhex(found)

    def set(self, name: str, secret: bytes) -> None:
        self._write({**self._read(), name: secret.hex()})

    def delete(self, name: str) -> None:
        self._write({key: text for key, text in self._read().items() if key != name})

    def _read(self) -> dict[str, str]:
        return json.loads(self._path.read_text()) if self._path.exists() else {}

    def _write(self, secrets: dict[str, str]) -> None:
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(secrets))
        draft.replace(self._path)


class Counter:
    """Counts steps and ends the process at the one it was told."""

    def __init__(self, last: int) -> None:
        self.steps = 0
        self._last = last

    def step(self, *_: object) -> None:
        self.steps += 1
        if self.steps == self._last:
            os._exit(DIED)

    def around(self, call: Callable) -> Callable:
        def counted(*arguments, **options):
            self.step()
            outcome = call(*arguments, **options)
            self.step()
            return outcome

        return counted


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """A founded street with one draft, and the clerk's signer."""
    folder = tmp_path_factory.mktemp("before")
    vault = FileVault(folder / "vault.json")
    desk = found_desk(folder / "desk", lambda: vault, lambda: MORNING, demo_plan())
    person, signer = sign_in(desk.store, DEMO_LOGIN, DEMO_PASSWORD, MORNING)
    shift = Shift(desk.store, desk.rules, desk.street, "1 号窗口", person, signer, lambda _: None)
    draft = intake.save_draft(shift, some_draft(shift))
    desk.store.close()
    return folder, person, signer, draft


def some_draft(shift: Shift) -> Draft:
    item = shift.rules.catalogue.item("JN34-GG-02")
    typed = {"text": "演示路 12 号", "long_text": "演示", "number": "3", "date": "2026-10-01"}
    values = {
        "applicant.name": "钱样安",
        "applicant.number": BODY + resident_check(BODY),
        "applicant.phone": "000-0000-0021",
        **{f"field.{f.key}": f.choices[0] if f.choices else typed[f.kind] for f in item.fields},
    }
    rows = {row.code: DraftMaterial(ticked=True, originals=1) for row in item.materials if row.required}
    draft = intake.new_draft(shift, uuid.UUID(int=7))
    return replace(draft, item_id=item.id, values=values, materials=rows)


def restart(folder: Path, person, signer):
    vault = FileVault(folder / "vault.json")
    desk = open_desk(folder / "desk", lambda: vault, lambda: MORNING)
    assert desk is not None
    return desk, Shift(desk.store, desk.rules, desk.street, "1 号窗口", person, signer, lambda _: None)


def the_main_job(folder: Path, person, signer, draft: Draft, counter: Counter) -> None:
    """Confirm, send, print, confirm; each promise is written down once it was given."""
    event.listen(Engine, "before_cursor_execute", counter.step)
    event.listen(Engine, "after_cursor_execute", counter.step)
    event.listen(Engine, "commit", counter.step)
    os.fsync = counter.around(os.fsync)
    FolderPrinter.print_pdf = counter.around(FolderPrinter.print_pdf)  # type: ignore[method-assign]
    Store.transaction = counter.around(Store.transaction)  # type: ignore[method-assign]
    desk, shift = restart(folder, person, signer)
    confirmed = intake.receive(shift, draft)
    counter.step()
    (folder / "promised").write_text(confirmed.receipt_no)
    counter.step()
    outgoing = papers.send_receipt(shift, confirmed.case_id, NAME)
    counter.step()
    (folder / "papers").mkdir()
    FolderPrinter(folder / "papers").print_pdf(outgoing.pdf, NAME, Paper.A5)
    papers.confirm(shift, outgoing)
    counter.step()
    desk.store.close()
    (folder / "steps").write_text(str(counter.steps))


def in_a_process_of_its_own(work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - the parent sees the code
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def clear_up(folder: Path, shift: Shift, case_id: uuid.UUID) -> None:
    """What a clerk does after a restart: look into the tray, answer, print where nothing lies there."""
    lies_there = any((folder / "papers").glob("*.pdf")) if (folder / "papers").exists() else False
    case = shift.store.case(case_id)
    for mark in papers.unanswered(case):
        outgoing = papers.outgoing_again(shift, case, mark, NAME)
        if lies_there:
            papers.confirm(shift, outgoing)
        else:
            papers.came_to_nothing(shift, outgoing, "断电")
    if papers.counted_receipts(shift.store.case(case_id)) == 0:
        papers.confirm(shift, papers.send_receipt(shift, case_id, NAME))


def look_after(folder: Path, person, signer, draft: Draft) -> None:
    desk, shift = restart(folder, person, signer)
    rows = desk.store.cases()
    promised = (folder / "promised").read_text() if (folder / "promised").exists() else ""
    if promised:
        assert [row.receipt_no for row in rows] == [promised]
    assert len(rows) + len(intake.drafts(shift)) == 1, "the draft or its case, not both, not none"
    if not rows:
        intake.receive(shift, draft)
    clear_up(folder, shift, draft.draft_id)
    (row,) = desk.store.cases()
    case = desk.store.case(row.case_id)
    assert papers.counted_receipts(case) == 1
    assert desk.store.verify_rest().sound
    assert desk.store.rebuild().equal
    desk.store.close()


def copied(before, tmp_path: Path, name: str) -> Path:
    return Path(shutil.copytree(before[0], tmp_path / name))


@pytest.mark.slow
def test_killed_at_every_step_of_commit_and_print(before, tmp_path):
    _, person, signer, draft = before
    whole = copied(before, tmp_path, "whole")
    assert in_a_process_of_its_own(lambda: the_main_job(whole, person, signer, draft, Counter(0))) == 0
    steps = int((whole / "steps").read_text())
    assert steps > 60
    for last in range(1, steps + 1):
        folder = copied(before, tmp_path, f"step{last}")
        job = functools.partial(the_main_job, folder, person, signer, draft, Counter(last))
        code = in_a_process_of_its_own(job)
        assert code == DIED, f"step {last}"
        look_after(folder, person, signer, draft)
        shutil.rmtree(folder)
