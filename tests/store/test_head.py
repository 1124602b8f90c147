"""The head of the chain reaches the vault, newest last, and holds nobody up."""

import threading

import pytest

from onewindow_desk.faults import Refusal
from onewindow_desk.store.head import HeadKeeper
from onewindow_desk.store.keys import ChainHead, load_head


class SlowVault:
    """A vault that writes only when the test lets it."""

    def __init__(self) -> None:
        self.written: list[int] = []
        self.gate = threading.Event()
        self.begun = threading.Event()

    def __call__(self, head: ChainHead) -> None:
        self.begun.set()
        self.gate.wait(10)
        self.written.append(head.seq)


def test_heads_that_came_meanwhile_are_skipped():
    vault = SlowVault()
    keeper = HeadKeeper(vault)
    keeper.keep(ChainHead(1))
    assert vault.begun.wait(10)
    for seq in (2, 3, 4):
        keeper.keep(ChainHead(seq))
    vault.gate.set()
    keeper.close()
    assert vault.written == [1, 4]


def test_closing_writes_what_waits():
    written: list[ChainHead] = []
    keeper = HeadKeeper(written.append)
    keeper.keep(ChainHead(5, "a"))
    keeper.close()
    assert written == [ChainHead(5, "a")]


def test_a_shut_vault_is_tried_again_with_the_next_head():
    written: list[int] = []
    shut = threading.Event()

    def write(head: ChainHead) -> None:
        if head.seq == 1:
            shut.set()
            raise Refusal("shut")
        written.append(head.seq)

    keeper = HeadKeeper(write)
    keeper.keep(ChainHead(1))
    assert shut.wait(10)
    keeper.keep(ChainHead(2))
    keeper.close()
    assert written == [2]
    assert keeper.trouble is None


def test_a_transaction_is_in_the_vault_after_closing(store, vault, receive):
    receive(store)
    receive(store)
    store.close()
    assert load_head(vault, store.replica).seq == 2


def test_a_vault_without_head_is_refused(vault, store):
    vault.delete(f"chain-head {store.replica}")
    with pytest.raises(Refusal, match="请"):
        load_head(vault, store.replica)
    vault.set(f"chain-head {store.replica}", b"?")
    with pytest.raises(Refusal, match="请"):
        load_head(vault, store.replica)
