"""The process whose disk is recorded: a street is founded, cases are received, papers sent.

Run as `powerloss_child.py FOLDER ACKS CASES SYNCHRONOUS`. What was acknowledged to a person, and what
the vault held, is written to the file ACKS inside the recorded folder: it stands in the record at the
moment it happened. Nothing here waits or draws lots, apart from keys and salts.
"""

import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy import event
from sqlalchemy.pool import Pool

from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.store import Signer, Store, Writing

TODAY = date(2026, 9, 21)
NOON = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)
CLERK = Signer(person_id=UUID(int=1), person_key_id="k", mac_key=b"k" * 32)
REPLICA = UUID(int=7)
FEW_PAGES = 40
"""Pages after which the write-ahead log is put away: often enough to happen in a short run."""


class Witness:
    """Writes down what a person was told, and what the vault was given, as it happens."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.secrets: dict[str, bytes] = {}

    def say(self, **what: object) -> None:
        os.write(self._file, msgspec.json.encode(what) + b"\n")

    def get(self, name: str) -> bytes | None:
        return self.secrets.get(name)

    def set(self, name: str, secret: bytes) -> None:
        self.secrets[name] = secret
        self.say(vault=name, secret=secret.hex())

    def delete(self, name: str) -> None:
        raise AssertionError(name)


def main() -> None:
    folder, acks, cases, synchronous = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    event.listen(Pool, "connect", _settings(synchronous))
    witness = Witness(acks)
    with Store.found(folder, witness, REPLICA, "115", 12, clock=lambda: NOON) as store:
        witness.say(founded=True)
        for number in range(1, cases // 2 + 1):
            _one_case(store, witness, number)
    with Store.open(folder, witness, clock=lambda: NOON) as store:
        for number in range(cases // 2 + 1, cases + 1):
            _one_case(store, witness, number)


def _settings(synchronous: str):
    def connected(connection, _record) -> None:
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {FEW_PAGES}")

    return connected


def _one_case(store: Store, witness: Witness, number: int) -> None:
    case_id = UUID(int=number)
    page = store.scans.put(b"page %d " % number * 150)
    store.drafts.save(case_id, CLERK.person_id, b"draft", NOON, [page])
    witness.say(draft=str(case_id))
    with store.transaction(CLERK) as writing:
        operation = _receive(writing, case_id, page)
        writing.discard_draft(case_id)
    witness.say(seq=operation.seq, op=str(operation.head.op_id), case=str(case_id), file=page)
    paper = store.papers.put(b"%%PDF %d " % number * 200)
    with store.transaction(CLERK) as writing:
        operation = writing.perform(_sent(case_id, paper))
    witness.say(seq=operation.seq, op=str(operation.head.op_id), case=str(case_id), file=paper)


def _receive(writing: Writing, case_id: UUID, page: str):
    facts = {
        "receipt_no": writing.next_receipt_no(TODAY),
        "item_id": "JT-01",
        "item_version": "1",
        "received_at": NOON.isoformat(),
    }
    payload = {
        **facts,
        "applicant": {
            "kind": "person",
            "name": "钱样安",
            "identity": {"type": "resident", "number": "320115199001010016"},
            "phone": "000-0000-0001",
        },
        "agent": None,
        "fields": {"note": os.urandom(600).hex()},
        "materials": [
            {
                "code": "M1",
                "name": "身份证件",
                "source": "submitted",
                "pages": [{"sha256": page, "media_type": "image/png", "size": 3}],
            }
        ],
        "window": "1 号窗口",
    }
    envelope = {**facts, "item_name": "公共场所卫生许可", "files": [page]}
    return writing.perform(NewOperation(kind="receive", case_id=case_id, envelope=envelope, payload=payload))


def _sent(case_id: UUID, paper: str) -> NewOperation:
    payload = {"document": "material_receipt", "sha256": paper, "printer": "P", "copies": 1, "number": "1"}
    return NewOperation(
        kind="paper_sent", case_id=case_id, envelope={"document": "material_receipt"}, payload=payload
    )


if __name__ == "__main__":
    main()
