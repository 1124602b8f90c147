"""A desk in a process of its own, without a screen: takes in cases, and the worker sends them.

Run as `desk_child.py FOLDER PASSWORD`. FOLDER holds `invitation.json` before the first start. Each receipt
number is written to FOLDER/ledger, and synced, once the case is on the disk: as if the receipt had been
printed. Lines on standard input: a number takes in so many cases one after the other, `drain` waits until
the central has everything. What was done is said on standard output, a JSON object a line.
"""

import json
import os
import random
import sys
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from onewindow_desk.central.client import Conversation, converse, enrol
from onewindow_desk.central.connect import Door
from onewindow_desk.central.watchdog import Lifeline
from onewindow_desk.domain import lifecycle
from onewindow_desk.domain.exchange import PROTOCOL
from onewindow_desk.domain.identity import resident_check
from onewindow_desk.faults import Fault, Unreachable
from onewindow_desk.rules import shipped_rules
from onewindow_desk.services import intake
from onewindow_desk.services.draft import Draft, DraftMaterial
from onewindow_desk.services.enrolment import Invitation, enrol_desk, login_at
from onewindow_desk.services.presence import Present, sign_in_attached
from onewindow_desk.services.shift import Shift
from onewindow_desk.settings import CENTRAL_CA, StreetSettings, load_desk_settings
from onewindow_desk.store import Store
from onewindow_desk.sync.round import About, Round
from onewindow_desk.sync.worker import Means, Told, Worker

LOGIN = "clerk"
ITEM, BODY = "JN34-GG-02", "32011519900101001"
ABOUT = About(app="test", protocols=(PROTOCOL,), kinds=tuple(sorted(lifecycle.BY_KIND)))
PATIENCE = 60.0


def now() -> datetime:
    return datetime.now(UTC)


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
        return dict(json.loads(self._path.read_text())) if self._path.exists() else {}

    def _write(self, secrets: dict[str, str]) -> None:
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(secrets))
        draft.replace(self._path)


def opened(folder: Path, vault: FileVault) -> Store:
    desk = folder / "desk"
    if Store.exists(desk):
        return Store.open(desk, vault, clock=now)
    invitation = msgspec.json.decode((folder / "invitation.json").read_bytes(), type=Invitation)
    return enrol_desk(desk, vault, invitation, enrol, now)


def worker_of(store: Store, vault: FileVault) -> Worker[Conversation, Lifeline]:
    address = load_desk_settings(store.folder).central
    assert address is not None
    login = login_at(address, vault)
    door = Door(address=address, authority=store.folder / CENTRAL_CA, login=login.name)

    def fault(trouble: Fault) -> None:
        say(fault=str(trouble))

    means = Means(
        line=Lifeline,
        connect=lambda line: converse(door, login.password.encode, line),
        street=lambda: str(store.settings().get("code", "")),
        interval=lambda: 2.0,
        clock=now,
        # Short, so that the test is; the law of it is tested beside this.
        uniform=lambda low, high: random.uniform(low, high) / 8,
    )
    told = Told(state=lambda _: None, round=lambda _: None, fault=fault)
    return Worker(means, Round(store.exchange, ABOUT, now, time.monotonic), told)


def say(**what: object) -> None:
    print(json.dumps(what), flush=True)


def come_in(store: Store, worker: Worker[Conversation, Lifeline], password: str) -> Present:
    """Sign the clerk in; the first time that takes a line."""
    while True:
        if store.person(LOGIN) is not None:
            return sign_in_attached(store, worker, LOGIN, password, now())
        try:
            worker.flush(PATIENCE)
        except Unreachable:
            continue


def some_draft(shift: Shift) -> Draft:
    item = shift.rules.catalogue.item(ITEM)
    typed = {"text": "演示路 12 号", "long_text": "演示", "number": "3", "date": "2026-10-01"}
    return Draft(
        draft_id=uuid.uuid4(),
        owner=shift.person.person_id,
        started_at=now(),
        saved_at=now(),
        item_id=item.id,
        values={
            "applicant.name": "钱样安",
            "applicant.number": BODY + resident_check(BODY),
            "applicant.phone": "000-0000-0021",
            **{f"field.{f.key}": f.choices[0] if f.choices else typed[f.kind] for f in item.fields},
        },
        materials={
            row.code: DraftMaterial(ticked=True, originals=1) for row in item.materials if row.required
        },
    )


def take_in(shift: Shift, ledger: int) -> None:
    confirmed = intake.receive(shift, some_draft(shift))
    os.write(ledger, f"{confirmed.receipt_no}\n".encode())
    os.fsync(ledger)
    say(took=confirmed.receipt_no)


def drain(store: Store, worker: Worker[Conversation, Lifeline]) -> None:
    settled = False
    while not settled:
        try:
            worker.flush(PATIENCE)
        except Unreachable:
            continue
        settled = not store.unsent_count()
    attention = [f"{entry.kind} {entry.verdict} {entry.reason}" for entry in store.attention()]
    say(drained=True, attention=attention)


def main(folder: Path, password: str) -> None:
    vault = FileVault(folder / "vault.json")
    store = opened(folder, vault)
    worker = worker_of(store, vault)
    worker.start()
    present = come_in(store, worker, password)
    worker.stay(lambda talk: present.prove(talk, store.replica))
    settings = msgspec.convert(dict(store.settings()), StreetSettings, strict=False)
    rules = shipped_rules(now)
    shift = Shift(store, rules, settings, "1 号窗口", present.person, present.signer, lambda _: worker.wake())
    ledger = os.open(folder / "ledger", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    say(ready=True)
    for line in sys.stdin:
        if line.strip() == "drain":
            drain(store, worker)
        else:
            for _ in range(int(line)):
                take_in(shift, ledger)
    worker.stop()
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
