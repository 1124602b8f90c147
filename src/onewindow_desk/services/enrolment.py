"""Joining a central with a one-time ticket: a new desk, or one that worked alone until now.

Both are the same step: the desk says its replica, its public key and where its chain ends, and gets a
database login, number series and the street. The login's password is made here, kept in the vault
before the ticket is shown, and only its SCRAM verifier leaves the desk.
"""

import hashlib
import platform
import secrets
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from onewindow_desk.central.proof import login_verifier
from onewindow_desk.domain.access import AttachedHistory, Joined, Joining
from onewindow_desk.domain.exchange import Enrolled, NewReplica
from onewindow_desk.faults import Fault, Refusal, Unreachable
from onewindow_desk.settings import (
    CENTRAL_CA,
    CentralAddress,
    load_desk_settings,
    save_desk_settings,
)
from onewindow_desk.store import SecretVault, Store

_PEM = b"-----BEGIN CERTIFICATE-----"


class Invitation(Struct, frozen=True, kw_only=True):
    """What an administrator hands out: where, whose certificate, the ticket, the desk's label."""

    address: CentralAddress
    authority: bytes
    ticket: str
    label: str


class Login(Struct, frozen=True, kw_only=True):
    """The desk's own login at the central, as it lies in the vault."""

    name: str
    password: str

    def __repr__(self) -> str:
        """Without the password."""
        return f"Login({self.name})"


class Gate(Protocol):
    """The one call that is open to who has a ticket."""

    def __call__(self, address: CentralAddress, authority: Path, ticket: str, joining: Joining) -> Joined:
        """Be let in; Refusal when the ticket is not good, Unreachable when nobody answers."""


def enrol_desk(
    folder: Path, vault: SecretVault, invitation: Invitation, gate: Gate, clock: Callable[[], datetime]
) -> Store:
    """Found the store of a desk that begins at a central; there is none unless it was let in."""
    check_invitation(invitation)
    if Store.exists(folder):
        raise Refusal("这个文件夹里已经有本机库。请直接登录，或换一个数据文件夹。")
    folder.mkdir(parents=True, exist_ok=True)
    new = Store.prepare(vault)
    joined = _join(folder, vault, invitation, gate, new, None)
    enrolled = _enrolled(joined)
    return Store.found(
        folder, vault, new.replica, enrolled.street, enrolled.series, enrolled=enrolled, clock=clock
    )


def attach_desk(store: Store, vault: SecretVault, invitation: Invitation, gate: Gate) -> Joined:
    """Join a central with all this store holds; from then on the central is the authority.

    May be tried again: the ticket and the password made for it stay good until its time is over.
    """
    check_invitation(invitation)
    if store.attached:
        raise Refusal("本机已经接入中心库。要换中心库，请管理员先注销本机。", field="ticket")
    own = NewReplica(replica=store.replica, public_key=store.public_key())
    joined = _join(store.folder, vault, invitation, gate, own, _history(store))
    store.attach(_enrolled(joined))
    return joined


def enrol_again(store: Store, vault: SecretVault, invitation: Invitation, gate: Gate) -> None:
    """Come back to a central that does not know this desk (restored to before it joined) or shut it out.

    A new enrolment with all that the central does not have, as after hello says `closed`; only the
    login is new too. Where it is not let in, or into another street, everything stays as it was.
    """
    check_invitation(invitation)
    if not store.attached:
        raise Refusal("本机还没有接入过中心库。请用 attach 接入。", field="folder")
    undo = _undoing(store.folder, vault)
    try:
        joined = _join(store.folder, vault, invitation, gate, store.exchange.renewal(), None)
        if joined.street != store.settings().get("code"):
            raise Refusal("这张接入码是别的街道的。请管理员发本街道的接入码。", field="ticket")
    except (Refusal, Unreachable):
        undo()
        raise
    store.exchange.renewed(joined.leased)


def check_invitation(invitation: Invitation) -> None:
    """Refuse what cannot be an invitation before anything is made."""
    if not all(_is_host(host) for host in invitation.address.hosts) or not invitation.address.hosts:
        raise Refusal("中心库地址要有主机名和端口，例如 db.example:5432。请照接入单填写。", field="server")
    if _PEM not in invitation.authority:
        raise Refusal("这不是证书文件。请选择管理员给的 CA 证书（.pem）。", field="authority")
    if not invitation.ticket.strip():
        raise Refusal("请输入或扫描接入码。", field="ticket")
    if not invitation.label.strip():
        raise Refusal("请填写窗口名称，例如“2 号窗口”。", field="label")


def login_at(address: CentralAddress, vault: SecretVault) -> Login:
    """The desk's login at its central; Refusal when the vault has lost it."""
    kept = vault.get(address.login)
    login = msgspec.json.decode(kept, type=Login) if kept else None
    if login is None or not login.name:
        raise Refusal("系统密码库中没有本机在中心库的口令。请管理员重新登记本机。")
    return login


def fingerprint() -> str:
    """A name for this machine that tells nothing of it: 64 hex digits."""
    facts = f"{platform.node()} {platform.machine()} {uuid.getnode()}"
    return hashlib.sha256(facts.encode()).hexdigest()


def _join(
    folder: Path,
    vault: SecretVault,
    invitation: Invitation,
    gate: Gate,
    replica: NewReplica,
    history: AttachedHistory | None,
) -> Joined:
    authority = folder / CENTRAL_CA
    authority.write_bytes(invitation.authority)
    address = _kept_address(folder, invitation)
    password = _password(vault, address.login)
    joining = Joining(
        replica=replica.replica,
        public_key=replica.public_key,
        label=invitation.label.strip(),
        fingerprint=fingerprint(),
        verifier=login_verifier(password),
        attach=history,
    )
    joined = gate(address, authority, invitation.ticket.strip(), joining)
    _keep_login(vault, address.login, Login(name=joined.login, password=password))
    return joined


def _undoing(folder: Path, vault: SecretVault) -> Callable[[], None]:
    """What puts the way to the central back as it is now."""
    settings, authority = load_desk_settings(folder), (folder / CENTRAL_CA).read_bytes()
    address = settings.central
    if address is None:
        raise Refusal("本机设置里没有中心库的地址。请管理员核对数据文件夹。", field="folder")
    login = login_at(address, vault)

    def undo() -> None:
        (folder / CENTRAL_CA).write_bytes(authority)
        save_desk_settings(folder, settings)
        _keep_login(vault, address.login, login)

    return undo


def _history(store: Store) -> AttachedHistory | None:
    """What a store that worked alone brings along; None where nothing was done yet."""
    end = store.exchange.end()
    if not end.last_seq:
        return None
    street = store.settings().get("code")
    if not isinstance(street, str):
        raise Fault("a store with operations and without a street")
    return AttachedHistory(
        last_seq=end.last_seq, last_hash=end.last_hash, series=store.link().series, street=street
    )


def _enrolled(joined: Joined) -> Enrolled:
    return Enrolled(
        series=joined.leased.series,
        spare_series=joined.leased.spare_series,
        street=joined.street,
        street_settings=joined.street_settings,
        label=joined.label,
        scope=joined.scope,
    )


def _kept_address(folder: Path, invitation: Invitation) -> CentralAddress:
    """The address with the name of the vault's entry, in the settings before anybody is asked."""
    settings = load_desk_settings(folder)
    entry = settings.central.login if settings.central else f"central-login {uuid.uuid4()}"
    address = replace(invitation.address, login=entry)
    save_desk_settings(folder, replace(settings, central=address, window=invitation.label.strip()))
    return address


def _password(vault: SecretVault, entry: str) -> str:
    """The password this desk will have; made once, so that a lost answer can be asked for again."""
    kept = vault.get(entry)
    if kept:
        return msgspec.json.decode(kept, type=Login).password
    password = secrets.token_urlsafe(32)
    _keep_login(vault, entry, Login(name="", password=password))
    return password


def _keep_login(vault: SecretVault, entry: str, login: Login) -> None:
    vault.set(entry, msgspec.json.encode(login))


def _is_host(host: str) -> bool:
    name, _, port = host.rpartition(":")
    return bool(name) and port.isdigit() and 0 < int(port) < 65536 and not any(c.isspace() for c in name)
