"""The vault: the system's own, encrypted, or none."""

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import SecretService, fail, null
from keyring.backends.chainer import ChainerBackend
from keyring.errors import KeyringLocked

from onewindow_desk.faults import Refusal
from onewindow_desk.store import KeyringVault


class PlainText(KeyringBackend):
    """What keyrings.alt would bring; keyring registers every such class, so it must never be its choice."""

    priority = -1

    def get_password(self, *_):
        raise AssertionError("asked for a secret")

    def set_password(self, *_):
        raise AssertionError("given a secret")


class Chain(ChainerBackend):
    backends = ()


def _chain(*links):
    chain = Chain.__new__(Chain)
    chain.__class__.backends = links
    return chain


def _use(monkeypatch, backend):
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    return KeyringVault("onewindow-desk test")


@pytest.mark.parametrize("backend", [fail.Keyring(), null.Keyring()])
def test_no_keyring_is_refused_with_what_to_do(monkeypatch, backend):
    with pytest.raises(Refusal, match=r"没有开启.*请管理员开启系统密码库"):
        _use(monkeypatch, backend)


def test_a_plain_text_keyring_is_refused_and_gets_nothing(monkeypatch):
    with pytest.raises(Refusal, match=r"不加密.*请管理员停用明文保管库"):
        _use(monkeypatch, PlainText())


def test_a_chain_is_as_good_as_its_first_link(monkeypatch):
    with pytest.raises(Refusal, match="没有开启"):
        _use(monkeypatch, _chain())
    with pytest.raises(Refusal, match="不加密"):
        _use(monkeypatch, _chain(PlainText(), SecretService.Keyring()))
    monkeypatch.setattr(SecretService.Keyring, "get_password", lambda *_: "0a")
    assert _use(monkeypatch, _chain(SecretService.Keyring(), PlainText())).get("x") == b"\n"


def test_a_locked_keyring_is_refused_with_what_to_do(monkeypatch):
    def locked(*_):
        raise KeyringLocked("locked")

    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(SecretService.Keyring, name, locked)
    vault = _use(monkeypatch, SecretService.Keyring())
    for ask in (lambda: vault.get("x"), lambda: vault.set("x", b"1"), lambda: vault.delete("x")):
        with pytest.raises(Refusal, match="打不开。请注销后重新登录系统"):
            ask()


def test_an_entry_that_is_not_ours_is_refused(monkeypatch):
    monkeypatch.setattr(SecretService.Keyring, "get_password", lambda *_: "not hex")
    with pytest.raises(Refusal, match="被改动过"):
        _use(monkeypatch, SecretService.Keyring()).get("x")


def test_windows_keeps_its_secrets_on_the_machine(monkeypatch):
    monkeypatch.setattr(SecretService.Keyring, "persist", "enterprise", raising=False)
    backend = SecretService.Keyring()
    _use(monkeypatch, backend)
    assert vars(backend)["persist"] == "local machine"


@pytest.mark.secret_service
def test_the_real_secret_service_keeps_and_forgets():
    vault = KeyringVault("onewindow-desk test")
    secret = bytes(range(32))
    vault.set("entry", secret)
    assert KeyringVault("onewindow-desk test").get("entry") == secret
    vault.delete("entry")
    vault.delete("entry")
    assert vault.get("entry") is None
