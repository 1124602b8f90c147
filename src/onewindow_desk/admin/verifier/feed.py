"""The feed of each street: without gaps, chained, and about operations that are there."""

import hashlib
import json
from uuid import UUID

from onewindow_desk.admin.verifier.form import (
    APPLIED,
    HEAD_UNREAD,
    NO_BASE,
    NO_ID,
    PARKED,
    QUARANTINED,
    VERDICTS,
    Dump,
    Replica,
    Row,
    count,
    digest,
)

_FEED = b"onewindow feed 1\n"


def feed(dump: Dump, row: Row) -> None:
    """One row of a street's feed."""
    code = str(row["street"])
    street = dump.streets[code]
    where = f"街道 {code} 流水第 {count(row['seq'])} 行"
    chain = digest(row["chain"])
    if row["seq"] != street.seq + 1:
        dump.found("feed_place", where)
    elif chain != _feed_chain(street.chain, row):
        dump.found("feed_chain", where)
    street.seq, street.chain = row["seq"], chain
    for known in dump.known_streets.get(code, ()):
        if known.seq == street.seq and known.hash != chain:
            dump.found("known_feed", where)
    _WHAT[row["what"]](dump, row, where)


def _feed_chain(before: bytes, row: Row) -> bytes:
    texts = (row["what"], row["verdict"] or "", row["reason"] or "")
    said = b"".join(text.encode() + b"\x00" for text in texts)
    return hashlib.sha256(
        _FEED + before + row["seq"].to_bytes(8, "big") + digest(row["subject"]) + said
    ).digest()


def _feed_operation(dump: Dump, row: Row, where: str) -> None:
    replica, seq = _pointed_at(dump, row, where)
    if replica is None:
        return
    if seq != replica.fed + 1:
        dump.found("order", where)
    replica.fed = max(replica.fed, seq)
    if not replica.announced:
        dump.found("early", where)
    if replica.ended:
        dump.found("ended", where)
    verdict = VERDICTS.index(row["verdict"])
    if not verdict or replica.verdicts[seq - 1]:
        dump.found("verdict", where)
    _settle(dump, replica, seq, verdict, row, where)


def _feed_verdict(dump: Dump, row: Row, where: str) -> None:
    replica, seq = _pointed_at(dump, row, where)
    if replica is None:
        return
    verdict = VERDICTS.index(row["verdict"])
    before = replica.verdicts[seq - 1]
    # What came from before there was a central is applied at once and its person's signature checked later.
    disproved = before == APPLIED and verdict == QUARANTINED and row["reason"] == "person_mac"
    if not verdict or not (before in (PARKED, QUARANTINED) or disproved):
        dump.found("verdict", where)
    _settle(dump, replica, seq, verdict, row, where)


def _settle(dump: Dump, replica: Replica, seq: int, verdict: int, row: Row, where: str) -> None:
    replica.verdicts[seq - 1] = verdict
    place = slice(seq * 16 - 16, seq * 16)
    op_id, case_id = bytes(replica.op_ids[place]), bytes(replica.case_ids[place])
    if replica.soft[seq - 1] & HEAD_UNREAD:
        return
    told = [UUID(row[name]).bytes if row[name] else NO_ID for name in ("op_id", "case_id")]
    if told != [op_id, case_id]:
        dump.found("names", where)
    if verdict == APPLIED and case_id != NO_ID and row["case_version"] is not None:
        _version(dump, case_id, count(row["case_version"]), replica.bases[seq - 1], where)


def _version(dump: Dump, case_id: bytes, version: int, base: int, where: str) -> None:
    before = dump.versions.get(case_id, 0)
    if version - before not in (0, 1):
        dump.found("version", where)
    if base not in (NO_BASE, before):
        dump.found("base", where)
    dump.versions[case_id] = version


def _pointed_at(dump: Dump, row: Row, where: str) -> tuple[Replica | None, int]:
    """The operation a feed row is about, None when it is not there or not the same."""
    replica, seq = dump.replicas.get(UUID(row["replica"]).bytes), count(row["op_seq"])
    if replica is None or not 1 <= seq <= replica.count:
        dump.found("missing", where)
        return None, 0
    if replica.hash_at(seq) != digest(row["subject"]) or replica.street != row["street"]:
        dump.found("subject", where)
    return replica, seq


def _feed_file(_dump: Dump, _row: Row, _where: str) -> None:
    """A file's address is its own name: nothing more to compare."""


def _feed_person(dump: Dump, row: Row, where: str) -> None:
    # The body of a person's row need not be in the dump: it names a person, and its hash is enough.
    body, subject = row["body"], digest(row["subject"])
    if body is not None and hashlib.sha256(bytes.fromhex(body)).digest() != subject:
        dump.found("subject", where)


def _feed_replica(dump: Dump, row: Row, where: str) -> None:
    _feed_person(dump, row, where)
    body = json.loads(bytes.fromhex(row["body"]))
    replica = dump.replicas.get(UUID(body["replica"]).bytes)
    if replica is None or replica.key != bytes.fromhex(body["public_key"]) or replica.street != row["street"]:
        dump.found("announced", where)
        return
    replica.announced = True
    replica.ended = body.get("closed") is True


_WHAT = {
    "op": _feed_operation,
    "verdict": _feed_verdict,
    "file": _feed_file,
    "person": _feed_person,
    "replica": _feed_replica,
}
