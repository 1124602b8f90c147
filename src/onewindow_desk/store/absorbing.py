"""Taking in rows of the feed: everything is checked first, then kept, folded and moved on, at once.

A page of rows costs a handful of statements whatever its length. Of operations that follow each
other in one desk's chain only the last one's signature is checked here: it covers the hash of the
one before, and that the next before it. `verify` checks every single one. What none
covers is kept and left out of the fold (`unsound`): the central cannot check desk signatures, and the
feed must go on.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, update

from onewindow_desk.domain.case import blank
from onewindow_desk.domain.exchange import Cursor, FeedRow, HelloAnswer, Sealed, Verdict, What, follows
from onewindow_desk.domain.operation import GENESIS, Head, canonical, digest, link_hash
from onewindow_desk.faults import Fault
from onewindow_desk.store import (
    attention,
    chain,
    feed,
    folding,
    link,
    log,
    renewing,
    replicas,
    street,
    transfer,
    unsound,
    views,
)
from onewindow_desk.store.folding import Folded, Undecided
from onewindow_desk.store.keys import StoreKeys
from onewindow_desk.store.link import LinkState
from onewindow_desk.store.log import Stored
from onewindow_desk.store.packing import Unpacker
from onewindow_desk.store.rows import Changes
from onewindow_desk.store.tables import replica
from onewindow_desk.store.views import CaseChange


class Arrived(Struct, frozen=True):
    """One checked row: the parsed head where it can be read, and whether this store made it."""

    row: FeedRow
    sealed: Sealed | None
    head: Head | None
    own: bool

    @property
    def word(self) -> feed.Standing:
        """The central's word that the row says."""
        row = self.row
        return feed.Standing(row.seq, Verdict(row.verdict), row.reason, row.subject)


def absorb(connection: Connection, keys: StoreKeys, rows: Sequence[FeedRow], now: datetime) -> Changes:
    """Take in rows that follow the cursor and move it; Fault, for the caller to undo all, when not."""
    state = link.load(connection)
    cursor = state.cursor
    for row in rows:
        if not follows(cursor, row):
            raise Fault("A row of the feed does not follow the one before")
        cursor = Cursor(row.seq, row.chain)
    changes = _take_in(connection, keys, state, rows, now)
    link.move(connection, cursor)
    return changes.joined(finish_restart(connection, keys))


def absorb_snapshot(
    connection: Connection,
    keys: StoreKeys,
    rows: Sequence[FeedRow],
    upto: Cursor,
    now: datetime,
    *,
    last: bool,
) -> Changes:
    """Take in rows with gaps between them; after the last part the cursor stands at `upto`."""
    changes = Changes()
    if rows:
        known = feed.known(connection, rows)
        fresh = [row for row in rows if row.seq not in known]
        changes = _take_in(connection, keys, link.load(connection), fresh, now) if fresh else changes
    if last:
        link.move(connection, upto)
        link.change(connection, begun=upto.seq, begun_chain=upto.chain)
    return changes.joined(finish_restart(connection, keys))


def restart(connection: Connection, has_file: Callable[[str], bool]) -> None:
    """Forget the feed; the central may have lost files too, so those of this desk are offered again."""
    state = link.load(connection)
    read = state.cursor.seq > 0 or feed.any_row(connection)
    feed.forget(connection)
    link.move(connection, Cursor())
    # Of a feed that has just been begun, hello has told the head already; no other hello may come for long.
    head = None if state.cursor.seq else state.head
    link.change(
        connection, begun=0, begun_chain=GENESIS, decided=0, head=head, restarted=int(read or state.restarted)
    )
    transfer.ask_again(connection)
    transfer.wait(connection, filter(has_file, transfer.forget_arrived(connection)), 0)


def said_hello(connection: Connection, keys: StoreKeys, answer: HelloAnswer, at: datetime) -> Changes:
    """Keep what the central told of itself and of this desk."""
    facts = link.Facts(
        label=answer.label,
        scope=answer.scope,
        street_settings=answer.street_settings,
        spare_series=answer.spare_series,
        kinds=answer.kinds,
        epoch=answer.epoch,
        upgrade=answer.upgrade,
        durable_before=answer.durable_before,
    )
    state = link.load(connection)
    link.change_facts(connection, facts)
    transfer.ask_again(connection)
    offset = round((answer.now - at).total_seconds() * 1000)
    link.change(connection, head=answer.head, last_hello=at, offset_ms=offset)
    connection.execute(update(replica).values(street=answer.street, series=answer.series))
    changes = finish_restart(connection, keys)
    if canonical(facts.street_settings) == canonical(state.facts.street_settings):
        return changes
    street.refold(connection, Undecided(keys.replica, state.decided))
    return changes.joined(Changes(people=True, settings=True))


def finish_restart(connection: Connection, keys: StoreKeys) -> Changes:
    """Once a feed that was begun again is read: let go of cases that it does not know any more."""
    state = link.load(connection)
    if not state.restarted or state.head is None or state.cursor.seq < state.head:
        return Changes()
    link.change(connection, restarted=0)
    renewing.carry_lost(connection, keys)
    undecided = Undecided(keys.replica, state.decided)
    lost = views.outside_feed(connection)
    for start in range(0, len(lost), 500):
        views.write(connection, folding.refold(connection, lost[start : start + 500], undecided))
    street.refold(connection, undecided)
    return Changes(cases=frozenset(lost), people=True, settings=True, attention=True)


def _take_in(
    connection: Connection, keys: StoreKeys, state: LinkState, rows: Sequence[FeedRow], now: datetime
) -> Changes:
    news = replicas.keep(connection, [row for row in rows if row.what is What.REPLICA], keys.replica)
    arrived, judged = _checked(connection, keys, state, rows)
    before = Undecided(keys.replica, state.decided)
    after = Undecided(keys.replica, _decided(arrived, state.decided))
    pages = _by_case(arrived)
    pending = _pending(connection, pages, before)
    _store(connection, arrived, judged)
    lifted = unsound.lift(connection, judged.covered)
    feed.keep(connection, rows, now + timedelta(milliseconds=state.offset_ms))
    link.change(connection, decided=after.after)
    changed = _fold(connection, pages, pending, after, anew=state.restarted)
    views.write(connection, changed)
    again = frozenset(case_id for case_id in lifted if case_id is not None)
    views.write(connection, folding.refold(connection, again, after))
    told = _tell_attention(connection, arrived, keys.replica, now)
    attention.adopt(connection, news, now)
    files = transfer.arrived(connection, [row.subject for row in rows if row.what is What.FILE], now)
    changes = _street(connection, arrived, after, anew=bool(news) or None in lifted)
    return changes.joined(Changes(cases=frozenset(pages) | again | files, attention=told))


def _checked(
    connection: Connection, keys: StoreKeys, state: LinkState, rows: Sequence[FeedRow]
) -> tuple[tuple[Arrived, ...], unsound.Judged]:
    own = _own_hashes(connection, keys.replica, rows)
    runs = unsound.Runs(replicas.keys(connection, keys))
    arrived = []
    for row in rows:
        one = _check(row, own, keys.replica, moving=state.renewing is not None)
        if one.sealed is not None and not one.own and row.verdict != Verdict.QUARANTINED:
            runs.add(one.sealed)
        arrived.append(one)
    return tuple(arrived), runs.judge()


def _own_hashes(connection: Connection, replica: UUID, rows: Sequence[FeedRow]) -> Mapping[int, str]:
    places = [row.sealed.place.seq for row in rows if row.sealed and row.sealed.place.replica == replica]
    return log.own_hashes(connection, replica, min(places), max(places)) if places else {}


def _check(row: FeedRow, own: Mapping[int, str], replica: UUID, *, moving: bool) -> Arrived:
    """The row, its bytes compared with what the chain binds; Fault when they differ."""
    if row.what in (What.PERSON, What.REPLICA) and digest(row.body or b"") != row.subject:
        raise Fault("The body of a row of the feed is not what its chain says")
    if row.what is not What.OPERATION:
        return Arrived(row, None, None, own=False)
    sealed = row.sealed
    if sealed is None or sealed.hash != row.subject:
        raise Fault("An operation of the feed is not the one that its chain says")
    mine = sealed.place.replica == replica and own.get(sealed.place.seq) == sealed.hash
    if sealed.place.replica == replica and not mine and not moving:
        raise Fault("The central has operations of this desk that this store did not make")
    return Arrived(row, sealed, _checked_head(row, sealed), mine)


def _checked_head(row: FeedRow, sealed: Sealed) -> Head | None:
    """The parsed head, None when it cannot be read; Fault when the bytes do not hang together."""
    if link_hash(sealed.place, sealed.head) != sealed.hash:
        raise Fault("The hash of an operation of the feed does not fit")
    try:
        head = chain.read_head(sealed.head)
    except Fault:
        return None
    if row.verdict == Verdict.QUARANTINED:
        return head
    if (head.op_id, head.case_id) != (row.op_id, row.case_id):
        raise Fault("A row of the feed names another operation than its head")
    if sealed.payload is not None and digest(sealed.payload) != head.payload_sha256:
        raise Fault("The payload of an operation of the feed does not fit")
    return head


def _decided(arrived: Sequence[Arrived], before: int) -> int:
    return max((one.sealed.place.seq for one in arrived if one.own and one.sealed), default=before)


def _by_case(arrived: Sequence[Arrived]) -> Mapping[UUID, list[Arrived]]:
    pages: defaultdict[UUID, list[Arrived]] = defaultdict(list)
    for one in arrived:
        if one.row.case_id is not None and one.row.what in (What.OPERATION, What.VERDICT):
            pages[one.row.case_id].append(one)
    return pages


def _pending(
    connection: Connection, pages: Mapping[UUID, list[Arrived]], undecided: Undecided
) -> Mapping[UUID, list[UUID]]:
    """Own operations of these cases that the feed did not show before, by case."""
    found = log.own_of_cases(connection, tuple(pages), undecided.replica, undecided.after)
    if not found:
        return {}
    words = feed.of_operations(connection, [op_id for case in found.values() for op_id in case])
    return {case_id: [op_id for op_id in case if op_id not in words] for case_id, case in found.items()}


def _store(connection: Connection, arrived: Sequence[Arrived], judged: unsound.Judged) -> None:
    """Keep other desks' operations that are not here yet, and which of them nothing covers."""
    foreign = [one for one in arrived if one.sealed is not None and not one.own]
    if not foreign:
        return
    there = set(log.there(connection, [one.row.subject for one in foreign]))
    position = log.last_position(connection)
    new = []
    for one in foreign:
        if one.sealed is not None and one.row.op_id is not None and one.row.subject not in there:
            there.add(one.row.subject)
            position += 1
            kind = one.head.kind[:64] if one.head else ""
            new.append(Stored(position, one.row.op_id, one.row.case_id, kind, own=False, sealed=one.sealed))
    log.append_all(connection, new)
    unsound.mark(connection, [(one.sealed, one.case_id) for one in new if one.sealed.hash in judged.unsound])


def _fold(
    connection: Connection,
    pages: Mapping[UUID, list[Arrived]],
    pending: Mapping[UUID, list[UUID]],
    undecided: Undecided,
    *,
    anew: bool,
) -> Sequence[CaseChange]:
    kept = {} if anew else views.kept_cases(connection, tuple(pages))
    gone = log.retired_cases(connection, tuple(pages))
    closed = unsound.of_cases(connection, tuple(pages))
    unpack = Unpacker()
    folded: dict[UUID, Folded] = {}
    again: list[UUID] = []
    for case_id, page in pages.items():
        if case_id in gone:
            continue
        stands = kept.get(case_id)
        before = Folded(stands.case, stands.upgrade_needed) if stands else Folded(blank(case_id))
        after = None if anew or case_id in closed else _on_top(before, page, pending.get(case_id, []), unpack)
        if after is None:
            again.append(case_id)
        elif after is not before:
            folded[case_id] = after
    return (*_written(connection, folded, kept), *folding.refold(connection, again, undecided))


def _on_top(
    before: Folded, page: Sequence[Arrived], pending: Sequence[UUID], unpack: Unpacker
) -> Folded | None:
    """The case with these rows on top of it; None when it must be folded anew.

    `before` itself when the rows only confirm, in this order, what the case rests on already.
    """
    waiting = [act.op_id for act in before.case.acts if act.op_id in pending]
    open_ones, folded = set(pending), before
    for one in page:
        if one.row.what is What.VERDICT or one.sealed is None or one.row.op_id is None:
            return None
        op_id, applied = one.row.op_id, one.row.verdict == Verdict.APPLIED
        if applied and waiting[:1] == [op_id]:
            waiting.pop(0)
        elif applied and not open_ones:
            folded = folding.settled_on(folded, folding.read(one.sealed, unpack))
        elif applied or op_id in waiting:
            return None
        open_ones.discard(op_id)
    return folded


def _written(
    connection: Connection, folded: Mapping[UUID, Folded], kept: Mapping[UUID, views.Kept]
) -> list[CaseChange]:
    new = [case_id for case_id in folded if case_id not in kept]
    first = log.first_positions(connection, new) if new else {}
    changes = []
    for case_id, after in folded.items():
        stands = kept.get(case_id)
        position = stands.position if stands else first.get(case_id, 0)
        before = stands.case if stands else None
        changes.append(CaseChange(position, before, after.or_none, after.upgrade_needed))
    return changes


def _tell_attention(connection: Connection, arrived: Sequence[Arrived], replica: UUID, now: datetime) -> bool:
    lineage = replicas.lineage(connection, replica)
    words: dict[UUID, feed.Standing] = {}
    own = set()
    for one in arrived:
        if one.row.op_id is None or one.row.what not in (What.OPERATION, What.VERDICT):
            continue
        mine = one.sealed is not None and one.sealed.place.replica in lineage
        if one.row.verdict == Verdict.DUPLICATE:
            continue
        if mine:
            own.add(one.row.op_id)
        words[one.row.op_id] = one.word
    return bool(words) and attention.note(connection, words, frozenset(own), now)


def _street(
    connection: Connection, arrived: Sequence[Arrived], undecided: Undecided, *, anew: bool
) -> Changes:
    """Fold people and settings anew when something came that counts for them."""
    if not anew and not any(_counts_for_street(one) for one in arrived):
        return Changes()
    street.refold(connection, undecided)
    return Changes(people=True, settings=True, attention=True)


def _counts_for_street(one: Arrived) -> bool:
    row = one.row
    if row.what is What.PERSON:
        return True
    if row.case_id is not None or row.what not in (What.OPERATION, What.VERDICT):
        return False
    return one.head is None or one.head.kind in street.KINDS
