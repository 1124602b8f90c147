"""What somebody outside the central noted down: checkpoints, and papers in an applicant's hand."""

import json
from typing import Any
from uuid import UUID

from onewindow_desk.admin.verifier.form import APPLIED, DUPLICATE, Dump, Known, Unreadable, count, digest

CHECKPOINT_FORMAT = 1


def load_checkpoint(data: bytes, dump: Dump) -> None:
    """Let `dump` be compared with what somebody noted down earlier; Unreadable when it is no checkpoint."""
    try:
        noted = json.loads(data)
        if noted["checkpoint"] != CHECKPOINT_FORMAT:
            raise ValueError("another version")
        for code, end in noted["streets"].items():
            dump.known_streets[code].append(Known(count(end["seq"]), digest(end["chain"])))
        for name, end in noted["replicas"].items():
            key = bytes.fromhex(end.get("public_key", ""))
            dump.known_replicas[UUID(name).bytes].append(Known(count(end["seq"]), digest(end["hash"]), key))
    except (ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise Unreadable("先前记下的末端读不懂。请换用原来写出的文件。") from trouble


def checkpoint(dump: Dump) -> dict[str, Any]:
    """The ends of all feeds and chains that were read, to be kept away from the central."""
    streets = {code: {"seq": s.seq, "chain": s.chain.hex()} for code, s in dump.streets.items()}
    replicas = {
        str(UUID(bytes=name)): {
            "seq": r.count,
            "hash": r.hash_at(r.count).hex(),
            "public_key": r.key.hex(),
        }
        for name, r in dump.replicas.items()
    }
    return {"checkpoint": CHECKPOINT_FORMAT, "streets": streets, "replicas": replicas}


def check_receipt(dump: Dump, typed: str) -> None:
    """Compare a paper's number and the first ten hex digits of its operation's hash: `NUMBER:DIGITS`."""
    number, _, begin = "".join(typed.split()).lower().partition(":")
    for name, seq in dump.numbers.get(number, ()) if len(begin) >= 10 else ():
        replica = dump.replicas[name]
        hashes = (replica.hash_at(seq).hex(), replica.heads[seq * 32 - 32 : seq * 32].hex())
        counts = replica.verdicts[seq - 1] in (APPLIED, DUPLICATE)
        if counts and any(known.startswith(begin) for known in hashes):
            return
    dump.found("receipt", f"凭证 {number}")
