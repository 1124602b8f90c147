"""A desk and its conversation, for single rounds: calls are noted and can be answered otherwise."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from tests.sync.model_acts import Act
from tests.sync.model_central import NOON, PART, Conversation, ModelCentral
from tests.sync.model_desk import Disk, ModelStore, Vault

from onewindow_desk.domain.operation import digest
from onewindow_desk.sync.round import About, Limits, Round

ABOUT = About(app="1.2", protocols=(1,), kinds=("receive", "note"))


class Talk:
    """A conversation that notes every call and can be told to answer otherwise."""

    def __init__(self, inner: Conversation) -> None:
        self._inner = inner
        self.calls: list[str] = []
        self.given: list[tuple[Any, ...]] = []
        self.instead: dict[str, Callable[..., Any]] = {}

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._inner, name)

        def noted(*given: Any) -> Any:
            self.calls.append(name)
            self.given.append(given)
            return self.instead[name](call, *given) if name in self.instead else call(*given)

        return noted


class Desk:
    """One desk over one central, with a clock that is moved by hand."""

    def __init__(self, central: ModelCentral, number: int, **limits: Any) -> None:
        replica = UUID(int=number)
        self.central = central
        self.login = f"desk{number}"
        ids = iter(range(number * 1_000, number * 1_000 + 999))
        self.new_id = lambda: UUID(int=next(ids))
        self.store = ModelStore(
            Disk(self.login, replica, central.enrol(self.login, "115", replica)), Vault(), self.new_id
        )
        self.now = 0.0
        self.round = Round(
            self.store, ABOUT, lambda: NOON, lambda: self.now, Limits(part_bytes=PART, **limits)
        )

    def talk(self, **instead: Callable[..., Any]) -> Talk:
        talk = Talk(Conversation(self.central, self.login, "115", lambda: "p"))
        talk.instead = instead
        return talk

    def go(self, talk: Talk) -> Any:
        return self.round.run(cast(Any, talk))

    def receive(self, *files: bytes, flaw: str = "") -> UUID:
        named = {digest(data): data for data in files}
        act = Act(
            op_id=self.new_id(),
            case_id=self.new_id(),
            kind="receive",
            author="p",
            at=0.0,
            number=self.store.next_number(),
            files=tuple(named),
            payload=digest(b"payload"),
        )
        self.store.perform(act, b"payload", named, flaw=flaw)
        return act.case_id
