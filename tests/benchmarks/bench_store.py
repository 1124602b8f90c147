"""The store's figures: confirm to committed, flat to 100,000 cases, and finding among them.

Beside each other in one run: a bare SQLCipher commit as the floor, a store of 100 cases, a store of
100,000. One JSON object a line; times in milliseconds. ONEWINDOW_BENCH_CASES sets the larger number.
"""

import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from onewindow_desk.domain.operation import NewOperation
from onewindow_desk.store import Signer, Store, Writing
from onewindow_desk.store.engine import connect

FEW = 100
MANY = int(os.environ.get("ONEWINDOW_BENCH_CASES", "100000"))
CONFIRMATIONS = 400
SEARCHES = 50
IN_ONE = 1000
TARGETS = {"confirm_p95": 50.0, "search": 30.0}
FIRST_DAY = date(2026, 1, 5)
SIGNER = Signer(person_id=UUID(int=1), person_key_id="bench", mac_key=b"k" * 32)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "样安真宁文华明丽芳秀英伟强军磊洋勇艳杰娟涛超霞平刚桂兰玉梅"
ITEMS = tuple(f"样例事项{kind}{number}" for kind in ("许可", "备案") for number in range(17))


class MemoryVault:
    """The system's vault costs the counter nothing: it is written behind the commit."""

    def __init__(self) -> None:
        self._secrets: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        return self._secrets.get(name)

    def set(self, name: str, secret: bytes) -> None:
        self._secrets[name] = secret

    def delete(self, name: str) -> None:
        self._secrets.pop(name, None)


class People:
    """Invented applicants, the same in every run."""

    def __init__(self) -> None:
        self._dice = random.Random(20260921)
        self._made = 0

    def received(self, number: str, at: datetime, page: str) -> NewOperation:
        self._made += 1
        dice = self._dice
        facts = {
            "receipt_no": number,
            "item_id": f"JT-{self._made % len(ITEMS)}",
            "item_version": "1",
            "received_at": at.isoformat(),
        }
        envelope = {**facts, "item_name": ITEMS[self._made % len(ITEMS)], "files": [page]}
        name = dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2, 2))))
        payload = {**facts, **_applicant(name, dice), "materials": _materials(page), "window": "1 号窗口"}
        return NewOperation(kind="receive", case_id=UUID(int=self._made), envelope=envelope, payload=payload)


def _applicant(name: str, dice: random.Random) -> dict[str, Any]:
    identity = {"type": "resident", "number": f"32011519900101{dice.randrange(10_000):04}"}
    person = {
        "kind": "person",
        "name": name,
        "identity": identity,
        "phone": "000-0000-0001",
        "address": "演示路 12 号",
    }
    return {"applicant": person, "agent": None, "fields": {"place": "演示路 12 号", "area": "30"}}


def _materials(page: str) -> list[dict[str, Any]]:
    scan = {"sha256": page, "media_type": "image/png", "size": 200_000}
    return [
        {
            "code": f"M{number}",
            "name": f"样例材料{number}",
            "source": "submitted",
            "originals": 1,
            "pages": pages,
        }
        for number, pages in enumerate(([scan], [], [], []))
    ]


def fill(store: Store, people: People, cases: int) -> None:
    """Many cases through the same code as one, a thousand to a transaction."""
    page = store.scans.put(b"page")
    for start in range(0, cases, IN_ONE):
        with store.transaction(SIGNER) as writing:
            for number in range(start, min(start + IN_ONE, cases)):
                _receive(writing, people, FIRST_DAY + timedelta(days=number // 500), page)


def _receive(writing: Writing, people: People, day: date, page: str) -> None:
    at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    writing.perform(people.received(writing.next_receipt_no(day), at, page))


def confirm(store: Store, people: People, page: str) -> float:
    """One confirmation with its draft gone, from the call to the return of its commit."""
    day = FIRST_DAY + timedelta(days=1000)
    start = time.perf_counter()
    with store.transaction(SIGNER) as writing:
        _receive(writing, people, day, page)
        writing.discard_draft(UUID(int=1))
    return (time.perf_counter() - start) * 1000


def bare_commits(folder: Path) -> Iterator[float]:
    """What one durable commit of 2 kB costs with sqlcipher3 and nothing else."""
    connection = connect(folder / "bare.db", b"b" * 32)
    connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, data BLOB)")
    for _ in range(CONFIRMATIONS):
        start = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bare (data) VALUES (?)", (os.urandom(2000),))
        connection.execute("COMMIT")
        yield (time.perf_counter() - start) * 1000
    connection.close()


def searched(store: Store, text: str) -> list[float]:
    """How long finding `text` takes, repeated; it must find something."""
    assert store.find(text), text
    times = []
    for _ in range(SEARCHES):
        start = time.perf_counter()
        store.find(text)
        times.append((time.perf_counter() - start) * 1000)
    return times


def timed(act: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def say(name: str, times: list[float], **more: object) -> dict[str, Any]:
    """Print one line; gives it back."""
    spread = statistics.quantiles(times, n=100)
    line = {
        "bench": f"store.{name}",
        "p50": round(spread[49], 3),
        "p95": round(spread[94], 3),
        "n": len(times),
    }
    print(json.dumps({**line, **more}, ensure_ascii=False), flush=True)
    return line


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        vault = MemoryVault()
        few, few_people = Store.found(folder / "few", vault, UUID(int=1), "115", 1), People()
        many, many_people = Store.found(folder / "many", vault, UUID(int=2), "115", 2), People()
        fill(few, few_people, FEW)
        filled = timed(lambda: fill(many, many_people, MANY))
        print(json.dumps({"bench": "store.fill", "cases": MANY, "s": round(filled, 1)}), flush=True)
        _confirmations(folder, (few, few_people), (many, many_people))
        _searches(many)
        few.close()
        many.close()
        opened = timed(lambda: Store.open(folder / "many", vault).close()) * 1000
        print(json.dumps({"bench": "store.open", "cases": MANY, "ms": round(opened, 1)}), flush=True)


def _confirmations(folder: Path, few: tuple[Store, People], many: tuple[Store, People]) -> None:
    page = few[0].scans.put(b"page")
    times: dict[str, list[float]] = {"floor": [], "few": [], "many": []}
    # Turn about, so that a busy moment of the machine falls on all three.
    for bare in bare_commits(folder):
        times["floor"].append(bare)
        times["few"].append(confirm(*few, page))
        times["many"].append(confirm(*many, page))
    floor = say("bare_commit", times["floor"])
    small = say("confirm", times["few"], cases=FEW, target_p95=TARGETS["confirm_p95"])
    large = say("confirm", times["many"], cases=MANY, target_p95=TARGETS["confirm_p95"])
    ratios = {
        f"{which}_{point}": round(large[point] / other[point], 2)
        for point in ("p50", "p95")
        for which, other in (("to_few", small), ("to_floor", floor))
    }
    print(json.dumps({"bench": "store.confirm_ratio", "cases": MANY, **ratios}), flush=True)


def _searches(store: Store) -> None:
    number = store.cases(limit=FEW)[-1].receipt_no
    asked = {
        "name_whole": "王样安",
        "name_two": "样安",
        "name_one": "王",
        "number_whole": number,
        "number_tail": number[-5:],
        "number_rare": f"{FIRST_DAY:%y%m%d}00020007",
        "item_one": ITEMS[3],
        "item_many": "样例事项",
        "name_and_item_characters": "样",
    }
    for kind, text in asked.items():
        say(f"search.{kind}", searched(store, text), cases=MANY, target=TARGETS["search"])


if __name__ == "__main__":
    main()
