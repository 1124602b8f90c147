"""The central's figures: sending and reading against a COPY floor of the same run, many desks, many cases.

A private cluster with every sync on, over TLS; a TCP proxy adds 0, 50 and 200 ms to a round trip.
One JSON object a line, seconds and milliseconds as named. ONEWINDOW_BENCH_OPERATIONS and
ONEWINDOW_BENCH_CENTRAL_CASES set the sizes.
"""

import json
import os
import random
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))
from fault_proxy import FaultProxy
from private_postgres import Cluster

from onewindow_desk.central.client import Conversation, converse
from onewindow_desk.central.connect import Door
from onewindow_desk.central.schema import bring_up
from onewindow_desk.central.watchdog import Lifeline
from onewindow_desk.domain.exchange import Cursor, Sealed
from onewindow_desk.domain.numbering import make_receipt_no
from onewindow_desk.domain.operation import NewOperation, canonical
from onewindow_desk.settings import CentralAddress
from onewindow_desk.store.chain import seal
from onewindow_desk.store.keys import ChainHead, StoreKeys, make_keys
from onewindow_desk.store.packing import unpack
from onewindow_desk.store.rows import Signer
from onewindow_desk.sync.batching import LARGE

OPERATIONS = int(os.environ.get("ONEWINDOW_BENCH_OPERATIONS", "10000"))
CASES = int(os.environ.get("ONEWINDOW_BENCH_CENTRAL_CASES", "1000000"))
STREETS = 12
ROUND_TRIPS = (0.0, 0.05, 0.2)
SECONDS = 8.0
PASSWORD = "bench"
KEY_ID, KEY = "ab" * 16, b"k" * 32
START = datetime(2026, 9, 21, 1, 0, tzinfo=UTC)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "样安真宁文华明丽芳秀英伟强军磊洋勇艳杰娟涛超霞平刚桂兰玉梅"
FEED_TABLE = """
CREATE UNLOGGED TABLE flat AS
SELECT f.seq, f.chain, f.what, f.subject, f.verdict, f.reason, f.op_id, f.case_id, f.case_version, f.replica,
    f.op_seq, o.prev, o.head, o.payload, o.desk_signature, o.person_mac, f.body
FROM owd_data.feed f JOIN owd_data.operation o ON o.replica = f.replica AND o.seq = f.op_seq
WHERE f.street = %s ORDER BY f.seq
"""


def say(bench: str, **figures: Any) -> None:
    print(json.dumps({"bench": f"sync.{bench}", **figures}, ensure_ascii=False), flush=True)


def timed(act: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


class MemoryVault:
    """Keys live as long as the run."""

    def __init__(self) -> None:
        self._secrets: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        return self._secrets.get(name)

    def set(self, name: str, secret: bytes) -> None:
        self._secrets[name] = secret

    def delete(self, name: str) -> None:
        self._secrets.pop(name, None)


class Maker:
    """What one desk would have in its outbox: a receipt, its printing, the acceptance, case after case."""

    def __init__(self, street: str, series: int) -> None:
        self.street, self.series = street, series
        self.replica = uuid4()
        self.keys: StoreKeys = make_keys(MemoryVault(), self.replica)
        self.end = ChainHead()
        self._dice = random.Random(series)
        self._made = 0
        self._case = uuid4()
        self.login = ""
        self.person = UUID(int=int(street))
        self._signer = Signer(person_id=self.person, person_key_id=KEY_ID, mac_key=KEY)

    def make(self, count: int) -> list[Sealed]:
        """The next `count` operations, sealed as the store seals them."""
        return [self._next() for _ in range(count)]

    def _next(self) -> Sealed:
        number, step = divmod(self._made, 3)
        self._made += 1
        at = START + timedelta(seconds=self._made)
        new = (self._received, self._printed, self._accepted)[step](number, at)
        sealed = seal(new, self.end, at, uuid4(), self._signer, self.keys)
        self.end = ChainHead(sealed.place.seq, sealed.hash)
        return sealed

    def _received(self, number: int, at: datetime) -> NewOperation:
        self._case, dice = uuid4(), self._dice
        day = (START + timedelta(days=number // 9000)).date()
        receipt = make_receipt_no(self.street, day, self.series, number % 9000 + 1)
        files = [f"{dice.getrandbits(256):064x}" for _ in range(2)]
        facts = {"receipt_no": receipt, "item_id": "JN34-XK-08", "item_version": "2026.1-样例"}
        envelope = {
            **facts, "item_name": "公共场所卫生许可", "decision_level": "street", "promised_days": 3,
            "statutory_days": 20, "received_at": at.isoformat(), "materials": 4, "pages": 2,
        }  # fmt: skip
        payload = {**facts, **_applicant(dice), "materials": _materials(files), "received_at": at.isoformat()}
        return NewOperation(kind="receive", case_id=self._case, envelope=envelope, payload=payload)

    def _printed(self, _number: int, _at: datetime) -> NewOperation:
        paper = {"document": "material_receipt", "sha256": f"{self._dice.getrandbits(256):064x}", "copies": 2}
        payload = {**paper, "printer": "1 号窗口打印机", "number": ""}
        return NewOperation(kind="paper_sent", case_id=self._case, payload=payload)

    def _accepted(self, _number: int, _at: datetime) -> NewOperation:
        return NewOperation(kind="accept", case_id=self._case, envelope={"complete": True, "role": "window"})


def _applicant(dice: random.Random) -> dict[str, Any]:
    name = dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=2))
    person = {
        "kind": "person", "name": name, "phone": f"000-0000-{dice.randrange(10_000):04}",
        "identity": {"type": "resident", "number": f"3201151990{dice.randrange(10**8):08}"},
        "address": f"演示路 {dice.randrange(400)} 号", "representative": "", "representative_identity": None,
    }  # fmt: skip
    return {
        "applicant": person,
        "agent": None,
        "fields": {"place": person["address"], "area": "30"},
        "window": "1",
    }


def _materials(files: Sequence[str]) -> list[dict[str, Any]]:
    names = ("申请书", "申请人有效身份证件", "经营场所证明", "平面布置图")
    pages = [[{"sha256": one, "media_type": "image/jpeg", "size": 200_000, "rotation": 0}] for one in files]
    return [
        {"code": f"M-{at}", "name": name, "source": "submitted", "originals": 1, "copies": 0, "pages": page}
        for at, (name, page) in enumerate(zip(names, [*pages, [], []], strict=True))
    ]


class Bench:
    """A cluster with a central, its owner's connection, and doors for desks."""

    def __init__(self, folder: Path) -> None:
        self.cluster = Cluster(folder / "cluster", durable=True).start()
        self.cluster.sql("CREATE DATABASE bench")
        bring_up(self.cluster.owner_dsn("bench"))
        self.owner = psycopg.connect(self.cluster.owner_dsn("bench"), autocommit=True)
        self.run = self.owner.execute
        for number in range(STREETS):
            street = f"{101 + number}"
            self.run("INSERT INTO owd_data.street (street, name) VALUES (%s, %s)", (street, street))

    def enrol(self, maker: Maker) -> None:
        """The desk, its login, its person and key, put there by the owner."""
        desk = uuid4()
        login = f"owd_d_{desk.hex}"
        self.run(f"CREATE ROLE {login} LOGIN PASSWORD '{PASSWORD}' IN ROLE owd_desk")
        self.run(
            "INSERT INTO owd_data.desk (desk_id, street, label, login, scope)"
            " VALUES (%s, %s, %s, %s, '{window}')",
            (desk, maker.street, login, login),
        )
        self.run(
            "INSERT INTO owd_data.replica (replica, desk_id, street, public_key, series)"
            " VALUES (%s, %s, %s, %s, %s)",
            (maker.replica, desk, maker.street, maker.keys.desk_public.public_bytes_raw(), maker.series),
        )
        self.run(
            "INSERT INTO owd_data.person (person_id, street, roles, until)"
            " VALUES (%s, %s, '{window}', '2099-01-01')"
            " ON CONFLICT DO NOTHING",
            (maker.person, maker.street),
        )
        self.run(
            "INSERT INTO owd_data.person_key VALUES (%s, %s, %s, %s)",
            (maker.replica, KEY_ID, maker.person, KEY),
        )
        maker.login = login

    def talk(self, maker: Maker, port: int | None = None) -> Conversation:
        """The desk's own client, through the proxy's port or straight."""
        address = CentralAddress(hosts=(f"localhost:{port or self.cluster.port}",), database="bench")
        door = Door(address=address, authority=self.cluster.ca, login=maker.login)
        return converse(door, PASSWORD.encode, Lifeline())

    @contextmanager
    def plain(self, port: int) -> Iterator[psycopg.Connection[Any]]:
        """A bare connection over the same line, TLS too: what the floors go over."""
        dsn = self.cluster.dsn("floor", PASSWORD, "bench")
        with psycopg.connect(dsn, port=port, autocommit=True) as connection:
            yield connection


def copy_floor(connection: psycopg.Connection[Any], batch: Sequence[Sealed]) -> None:
    """The same bytes with COPY, one transaction."""
    with connection.cursor() as cursor, cursor.copy("COPY floor FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(["uuid", "int8", "bytea", "bytea", "bytea", "bytea"])
        for one in batch:
            copy.write_row(
                (one.place.replica, one.place.seq, one.head, one.payload, one.desk_signature, one.person_mac)
            )


def push_all(talk: Conversation, maker: Maker, sealed: Sequence[Sealed]) -> None:
    """Send as a round with a large backlog does."""
    at = 0
    while at < len(sealed):
        batch: list[Sealed] = []
        size = 0
        for one in sealed[at : at + LARGE.operations]:
            size += len(one.head) + len(one.payload or b"")
            if batch and size > LARGE.size:
                break
            batch.append(one)
        answer = talk.push(maker.replica, batch)
        assert (answer.status, answer.verdicts[:1]) == ("ok", ())
        at += len(batch)


def pull_all(talk: Conversation, maker: Maker, page: int = 500) -> int:
    cursor, count = Cursor(), 0
    while True:
        rows = talk.pull(maker.replica, cursor, page)
        if not rows:
            return count
        count += len(rows)
        cursor = Cursor(rows[-1].seq, rows[-1].chain)


def sending_and_reading(bench: Bench) -> None:
    bench.run(f"CREATE ROLE floor LOGIN PASSWORD '{PASSWORD}'")
    bench.run("GRANT CONNECT ON DATABASE bench TO floor")
    bench.run("CREATE SCHEMA floor AUTHORIZATION floor")
    bench.run("ALTER ROLE floor SET search_path = floor")
    bench.run(
        "CREATE TABLE floor.floor"
        " (replica uuid, seq bigint, head bytea, payload bytea, signature bytea, mac bytea,"
        " PRIMARY KEY (replica, seq))"
    )
    bench.run("ALTER TABLE floor.floor OWNER TO floor")
    with FaultProxy(bench.cluster.port) as line:
        for series, trip in enumerate(ROUND_TRIPS, 1):
            one_trip(bench, line, trip, Maker(f"{100 + series}", series))


def one_trip(bench: Bench, line: FaultProxy, trip: float, maker: Maker) -> None:
    sealed = maker.make(OPERATIONS)
    bench.enrol(maker)
    line.delay(trip)
    with bench.plain(line.port) as bare:
        copied = []
        for _ in range(3):
            bare.execute("TRUNCATE floor")
            copied.append(timed(lambda: copy_floor(bare, sealed)))
        talk = bench.talk(maker, line.port)
        before = line.sent
        pushed = timed(lambda: push_all(talk, maker, sealed))
        up = line.sent - before
        floor = statistics.median(copied)
        ms = round(trip * 1000)
        say(
            "push",
            ms=ms,
            n=OPERATIONS,
            s=round(pushed, 2),
            copy_s=round(floor, 2),
            to_copy=round(pushed / floor, 2),
        )
        bodies = sum(len(one.head) + len(canonical(unpack(one.payload or b""))) for one in sealed)
        stored = sum(len(one.head) + len(one.payload or b"") for one in sealed)
        say(
            "bytes_up", ms=ms, up=up, bodies=bodies, packed=stored, share=round(up / bodies, 3),
            body=round(bodies / OPERATIONS), target=0.45,
        )  # fmt: skip
        bench.run("DROP TABLE IF EXISTS flat")
        bench.run(FEED_TABLE, (maker.street,))
        bench.run("GRANT USAGE ON SCHEMA public TO floor")
        bench.run("GRANT SELECT ON flat TO floor")
        selected = statistics.median([
            timed(lambda: bare.execute("SELECT * FROM public.flat ORDER BY seq", binary=True).fetchall())
            for _ in range(3)
        ])  # fmt: skip
        pulled = timed(lambda: pull_all(talk, maker))
        ratio = round(pulled / selected, 2)
        say("pull", ms=ms, n=OPERATIONS, s=round(pulled, 2), select_s=round(selected, 2), to_select=ratio)
        talk.close()


def many_desks(bench: Bench, desks: int, streets: int) -> None:
    """Every desk sends one operation after the other; all of them for some seconds."""
    makers = [Maker(f"{105 + n % streets}", 100 * desks + n) for n in range(desks)]
    outboxes = [maker.make(600) for maker in makers]
    for maker in makers:
        bench.enrol(maker)
    talks = [bench.talk(maker) for maker in makers]
    times: list[float] = []
    until = time.monotonic() + SECONDS

    def work(maker: Maker, talk: Conversation, outbox: list[Sealed]) -> None:
        for one in outbox:
            if time.monotonic() > until:
                return
            times.append(timed(lambda one=one: talk.push(maker.replica, [one])) * 1000)  # type: ignore[misc]

    threads = [threading.Thread(target=work, args=args) for args in zip(makers, talks, outboxes, strict=True)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    for talk in talks:
        talk.close()
    spread = statistics.quantiles(times, n=100)
    say(
        "many", desks=desks, streets=streets, per_second=round(len(times) / seconds), n=len(times),
        p50_ms=round(spread[49], 1), p99_ms=round(spread[98], 1),
    )  # fmt: skip


def seen_by_another(bench: Bench) -> None:
    """From pushing a receipt to holding it at the other desk, both 200 ms away, by ring or by looking."""
    here, there = Maker("110", 1), Maker("110", 2)
    for maker in (here, there):
        bench.enrol(maker)
    never, _end = socket.socketpair()
    with FaultProxy(bench.cluster.port) as line:
        line.delay(0.2)
        sender, reader = bench.talk(here, line.port), bench.talk(there, line.port)
        assert reader.listen("110")
        cursor, taken = Cursor(), []
        for one in here.make(6):
            seen = threading.Event()

            def read(seen: threading.Event = seen) -> None:
                nonlocal cursor
                while not seen.is_set():
                    rows = reader.pull(there.replica, cursor, 500)
                    if rows:
                        cursor = Cursor(rows[-1].seq, rows[-1].chain)
                        seen.set()
                    else:
                        reader.wait(2.0, never)

            reading = threading.Thread(target=read)
            reading.start()
            start = time.perf_counter()
            sender.push(here.replica, [one])
            seen.wait(20)
            taken.append(time.perf_counter() - start)
            reading.join()
        say("visible", ms=200, s=round(statistics.median(taken), 2), worst_s=round(max(taken), 2), target=3.0)
        sender.close()
        reader.close()
    never.close()
    _end.close()


def lay_cases(bench: Bench, makers: Sequence[Maker]) -> None:
    """Very many cases, one operation each, laid down by the owner; hashes of chance, sizes as they are."""
    each = CASES // STREETS
    sample = makers[0].make(1)[0]
    for maker in makers:
        bench.run(
            """
            INSERT INTO owd_data.operation (replica, seq, street, op_id, claims, case_id, kind, author,
                prev, hash, head, payload, desk_signature, person_mac, received_at)
            SELECT %(replica)s, n, %(street)s, gen_random_uuid(), true, gen_random_uuid(), 'receive',
                %(person)s, sha256(int8send(n)), sha256(int8send(n + 1)), %(head)s, %(payload)s,
                %(signature)s, %(mac)s, now()
            FROM generate_series(1, %(each)s) n
            """,
            {
                "replica": maker.replica, "street": maker.street, "person": maker.person, "head": sample.head,
                "payload": sample.payload, "signature": sample.desk_signature, "mac": sample.person_mac,
                "each": each,
            },
        )  # fmt: skip
        bench.run(
            """
            INSERT INTO owd_data.feed (street, seq, chain, what, subject, verdict, reason, op_id, case_id,
                case_version, replica, op_seq)
            SELECT street, seq, hash, 'op', hash, 'applied', '', op_id, case_id, 1, replica, seq
            FROM owd_data.operation WHERE replica = %s
            """,
            (maker.replica,),
        )
        bench.run(
            """
            INSERT INTO owd_data.case_ (street, case_id, state, version, extended, defects, tolerated, files,
                receipt_no, received_at, duties)
            SELECT street, case_id, 'received', 1, false, '{}', '{}', '{}',
                street || lpad(seq::text, 15, '0'), now(), ARRAY[author || ' window']
            FROM owd_data.operation WHERE replica = %s
            """,
            (maker.replica,),
        )
        bench.run("UPDATE owd_data.replica SET last_seq = %s WHERE replica = %s", (each, maker.replica))
        bench.run("UPDATE owd_data.street SET head = %s WHERE street = %s", (each, maker.street))
    bench.run("ANALYZE")


def many_cases(bench: Bench) -> None:
    for table in ("operation", "feed"):
        bench.run(f"ALTER TABLE owd_data.{table} DISABLE TRIGGER USER")
        bench.run(f"DELETE FROM owd_data.{table}")
    bench.run("DELETE FROM owd_data.case_")
    makers = [Maker(f"{101 + number}", 900 + number) for number in range(STREETS)]
    for maker in makers:
        bench.enrol(maker)
    say("laid", cases=CASES, s=round(timed(lambda: lay_cases(bench, makers)), 1))
    maker = makers[5]
    talk = bench.talk(maker)
    each = CASES // STREETS
    asked = "SELECT seq, chain, op_id, case_id FROM owd_data.feed WHERE street = %s AND seq = ANY (%s)"
    dice = random.Random(7)
    places = [dice.randrange(1, each - 600) for _ in range(60)]
    rows = {seq: rest for seq, *rest in bench.run(asked, (maker.street, [*places, each - 200]))}
    edge = Cursor(each - 200, rows[each - 200][0].hex())
    figures = {
        "queue_200_newest": [timed(lambda: talk.pull(maker.replica, edge, 200)) for _ in range(60)],
        "page_500_anywhere": [
            timed(lambda at=at: talk.pull(maker.replica, Cursor(at, rows[at][0].hex()), 500))  # type: ignore[misc]
            for at in places
        ],
        "one_case": [
            timed(lambda at=at: talk.payloads(maker.replica, [rows[at][1]]))  # type: ignore[misc]
            for at in places
        ],
        "head": [timed(lambda: talk.head(maker.replica)) for _ in range(60)],
        "first_pull_page": [
            timed(lambda at=at: talk.snapshot(maker.replica, at, each, 500))  # type: ignore[misc]
            for at in places
        ],
    }
    targets = {"queue_200_newest": 50, "one_case": 20}
    for name, seconds in figures.items():
        times = [one * 1000 for one in seconds]
        spread = statistics.quantiles(times, n=20)
        say(
            name,
            cases=CASES,
            p50_ms=round(spread[9], 1),
            p95_ms=round(spread[18], 1),
            target_ms=targets.get(name),
        )
    talk.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name))
        try:
            sending_and_reading(bench)
            many_desks(bench, 8, 1)
            many_desks(bench, 16, 2)
            seen_by_another(bench)
            many_cases(bench)
        finally:
            bench.owner.close()
            bench.cluster.destroy()


if __name__ == "__main__":
    main()
