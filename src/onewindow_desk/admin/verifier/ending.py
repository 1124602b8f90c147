"""What only shows once everything was read: ends, numbers, repeated acts."""

from collections.abc import Iterator
from uuid import UUID

from onewindow_desk.admin.verifier.form import (
    APPLIED,
    DUPLICATE,
    HEAD_UNREAD,
    PARKED,
    QUARANTINED,
    REJECTED,
    Dump,
    Replica,
    step,
)


def check_ending(dump: Dump, *, known_desks_only: bool) -> None:
    """Everything that needs the whole dump; `known_desks_only`: enrolments nobody noted down are found."""
    if not dump.whole:
        dump.found("cut", "文件结尾")
    for code, street in dump.streets.items():
        if (street.seq, street.chain) != (street.last_seq, street.last_chain):
            dump.found("feed_end", f"街道 {code}")
    for name, replica in dump.replicas.items():
        _replica_ending(dump, name, replica)
    _check_known(dump, known_desks_only=known_desks_only)
    _check_op_ids(dump)
    for number, places in dump.numbers.items():
        _check_number(dump, number, places)


def _replica_ending(dump: Dump, name: bytes, replica: Replica) -> None:
    where = f"登记 {UUID(bytes=name)}"
    if (replica.count, replica.hash_at(replica.count)) != (replica.last_seq, replica.last_hash):
        dump.found("chain_end", where)
    if replica.fed < replica.count or 0 in replica.verdicts:
        dump.found("unpublished", where)
    for place in range(replica.count):
        verdict, soft = replica.verdicts[place], replica.soft[place]
        if soft and verdict not in (QUARANTINED, 0):
            dump.found("head" if soft & HEAD_UNREAD else "payload", step(name, place + 1))


def _check_known(dump: Dump, *, known_desks_only: bool) -> None:
    for code, street_notes in dump.known_streets.items():
        street = dump.streets.get(code)
        if street is None or street.seq < max(note.seq for note in street_notes):
            dump.found("known_feed", f"街道 {code}")
    for name, notes in dump.known_replicas.items():
        replica, where = dump.replicas.get(name), f"登记 {UUID(bytes=name)}"
        for note in notes:
            if replica is None or replica.count < note.seq or replica.hash_at(note.seq) != note.hash:
                dump.found("known_chain", where)
            elif note.key not in (b"", replica.key):
                dump.found("known_key", where)
    for name in dump.replicas if known_desks_only else ():
        if name not in dump.known_replicas:
            dump.found("new_enrolment", f"登记 {UUID(bytes=name)}")


def _operations_with(dump: Dump, verdicts: tuple[int, ...]) -> Iterator[tuple[bytes, bytes, str]]:
    """op_id, head hash and place of all operations with these verdicts."""
    for name, replica in dump.replicas.items():
        for place in range(replica.count):
            if replica.verdicts[place] in verdicts and not replica.soft[place] & HEAD_UNREAD:
                op_id = bytes(replica.op_ids[place * 16 : place * 16 + 16])
                yield op_id, bytes(replica.heads[place * 32 : place * 32 + 32]), step(name, place + 1)


def _check_op_ids(dump: Dump) -> None:
    repeated = list(_operations_with(dump, (DUPLICATE,)))
    wanted = {(op_id, head) for op_id, head, _ in repeated}
    once: set[bytes] = set()
    for op_id, head, where in _operations_with(dump, (APPLIED, REJECTED, PARKED)):
        if op_id in once:
            dump.found("twice", where)
        once.add(op_id)
        wanted.discard((op_id, head))
    for op_id, head, _ in _operations_with(dump, (QUARANTINED,)) if wanted else ():
        wanted.discard((op_id, head))
    for op_id, head, where in repeated:
        if (op_id, head) in wanted:
            dump.found("original", where)


def _check_number(dump: Dump, number: str, places: list[tuple[bytes, int]]) -> None:
    applied = [place for place in places if dump.replicas[place[0]].verdicts[place[1] - 1] == APPLIED]
    for place in applied:
        if not _digit_fits(number):
            dump.found("digit", step(*place))
        elif number[:3] != dump.replicas[place[0]].street:
            dump.found("street", step(*place))
    for place in applied[1:]:
        dump.found("number", step(*place))


def _digit_fits(number: str) -> bool:
    """Whether these are 18 digits with the check digit of ISO 7064 MOD 11,10."""
    if not (len(number) == 18 and number.isascii() and number.isdecimal()):
        return False
    product = 10
    for digit in number[:-1]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (product + int(number[-1])) % 10 == 1
