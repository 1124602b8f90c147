"""Opening a new enrolment in place of one that was forked, cloned or closed, and carrying on.

The new replica's keys go into the vault before anybody hears of it, its name into the store. Becoming
it is one transaction; what follows (vault, `desk.id`) is made up for at the next start when cut off.
"""

from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import Connection, update

from onewindow_desk.domain.exchange import Leased
from onewindow_desk.domain.operation import GENESIS
from onewindow_desk.faults import Fault
from onewindow_desk.store import chain, feed, link, log, replicas, transfer
from onewindow_desk.store.keys import ChainHead, StoreKeys, copy_keys, load_keys
from onewindow_desk.store.log import Stored
from onewindow_desk.store.secrets import SecretVault
from onewindow_desk.store.tables import replica as replica_table


def begin(connection: Connection, vault: SecretVault, keys: StoreKeys, name: UUID) -> StoreKeys:
    """The keys of the new replica: those begun already, or new ones under `name`."""
    begun = link.load(connection).renewing
    if begun is not None:
        return load_keys(vault, begun)
    fresh = copy_keys(vault, keys, name)
    link.change(connection, renewing=name)
    return fresh


def begun(connection: Connection, vault: SecretVault) -> StoreKeys:
    """The keys of the replica that was asked for; Fault when none was."""
    name = link.load(connection).renewing
    if name is None:
        raise Fault("A new enrolment was given that this store did not ask for")
    return load_keys(vault, name)


def become(connection: Connection, old: StoreKeys, new: StoreKeys, leased: Leased) -> ChainHead:
    """Put everything that the central does not have under the new replica; where its chain ends."""
    replicas.keep_own(connection, old)
    connection.execute(update(replica_table).values(replica=new.replica, series=leased.series))
    moved = carry_on(connection, _to_carry(connection, old.replica), new, ChainHead())
    places = {one.sealed.place.seq: seq for seq, one in enumerate(moved, 1) if _of(one, old.replica)}
    transfer.carried_on(connection, places)
    # The spare series were leased to the old enrolment, and another copy of it may still give them.
    facts = replace(link.load(connection).facts, spare_series=leased.spare_series)
    link.change_facts(connection, facts)
    link.change(connection, renewing=None, acked=0, acked_hash=GENESIS, decided=0)
    return log.chain_head(connection, new.replica)


def carry_lost(connection: Connection, keys: StoreKeys) -> None:
    """What earlier enrolments sent and a rewound central lost goes on under this one."""
    former = replicas.lineage(connection, keys.replica) - {keys.replica}
    acts = {one.op_id: one for name in former for one in log.own_after(connection, name, 0)}
    if not acts:
        return
    words = feed.of_operations(connection, tuple(acts))
    here = {one.op_id for one in log.named(connection, tuple(acts)) if _of(one, keys.replica) and one.own}
    lost = [one for one in acts.values() if one.op_id not in words and one.op_id not in here]
    lost.sort(key=lambda one: one.position)
    carry_on(connection, tuple(lost), keys, log.chain_head(connection, keys.replica))


def carry_on(
    connection: Connection, acts: tuple[Stored, ...], keys: StoreKeys, after: ChainHead
) -> tuple[Stored, ...]:
    """Add these acts to the chain of `keys`, as they are; each keeps its head, payload and MAC."""
    position = log.last_position(connection)
    carried = []
    for place, one in enumerate(acts, 1):
        sealed = chain.link(one.sealed.head, one.sealed.payload, one.sealed.person_mac, after, keys)
        after = ChainHead(sealed.place.seq, sealed.hash)
        carried.append(Stored(position + place, one.op_id, one.case_id, one.kind, own=True, sealed=sealed))
    log.append_all(connection, carried)
    return acts


def _to_carry(connection: Connection, replica: UUID) -> tuple[Stored, ...]:
    """Own acts that the feed does not show, of this enrolment and of earlier ones, once each, in order."""
    state = link.load(connection)
    acts: dict[UUID, Stored] = {}
    for name in replicas.lineage(connection, replica):
        for one in log.own_after(connection, name, state.decided if name == replica else 0):
            if one.op_id not in acts or one.position < acts[one.op_id].position:
                acts[one.op_id] = one
    words = feed.of_operations(connection, tuple(acts))
    lost = [one for one in acts.values() if one.op_id not in words]
    return tuple(sorted(lost, key=lambda one: one.position))


def _of(one: Stored, replica: UUID) -> bool:
    return one.sealed.place.replica == replica
