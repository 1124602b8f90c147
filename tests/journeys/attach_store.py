"""Run by a test, beside the vault of the walk-through: attach that store to an empty central.

Prints as JSON what the central holds and what is left at the desk: before anybody signed in over the
line, and after the clerk did.
"""

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))

from demo_central import DATABASE, Demo

from onewindow_desk.central.client import Conversation, converse, enrol
from onewindow_desk.central.connect import Door
from onewindow_desk.central.watchdog import Lifeline
from onewindow_desk.desk_line import about
from onewindow_desk.opening import system_vault
from onewindow_desk.run import now
from onewindow_desk.services.enrolment import attach_desk, login_at
from onewindow_desk.services.presence import sign_in_attached
from onewindow_desk.settings import CENTRAL_CA, load_desk_settings
from onewindow_desk.store import Store
from onewindow_desk.sync.round import Link, Round


class Direct:
    """The conversation itself in place of a worker."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def ask(self, question: Any, seconds: float) -> Any:  # noqa: ARG002 - as a worker has it
        return question(self._conversation)


def settle(store: Store, conversation: Conversation) -> None:
    """Round after round until nothing is left."""
    rounds = Round(store.exchange, about(), now, lambda: 0.0)
    while True:
        report = rounds.run(conversation)
        assert report.link is Link.UP, report.text
        if not report.more and not store.unsent_count():
            return


def state(demo: Demo, store: Store) -> dict[str, Any]:
    """What both hold."""
    rows = demo.cluster.sql(
        "SELECT verdict, count(*) FROM owd_data.feed WHERE what = 'op' GROUP BY verdict", DATABASE
    )
    files = demo.cluster.sql("SELECT count(*) FROM owd_data.file WHERE complete_at IS NOT NULL", DATABASE)
    return {
        "verdicts": dict(rows),
        "files": files[0][0],
        "unsent": store.unsent_count(),
        "attention": [entry.reason for entry in store.attention()],
        "cases": len(store.cases()),
        "broken": store.verify_rest().broken,
        "differing": dict(store.compare().differing),
    }


def main(folder: Path, work: Path, login: str, password: str) -> None:
    demo = Demo(work)
    work.mkdir(parents=True)
    demo.cluster.start()
    demo.make_central()
    demo.make_street()
    vault = system_vault()
    with Store.open(folder, vault) as store:
        attach_desk(store, vault, demo.invitation("1 号窗口", "--attach"), enrol)
        address = load_desk_settings(folder).central
        assert address is not None
        door = Door(address=address, authority=folder / CENTRAL_CA, login=login_at(address, vault).name)
        conversation = converse(door, login_at(address, vault).password.encode, Lifeline())
        settle(store, conversation)
        before = state(demo, store)
        sign_in_attached(store, Direct(conversation), login, password, now())
        settle(store, conversation)
        proven = demo.cluster.sql(
            "SELECT fits, count(*) FROM owd_data.operation_proof GROUP BY fits", DATABASE
        )
        print(
            json.dumps(
                {
                    "before": before,
                    "after": state(demo, store),
                    "proven": list(map(list, proven)),
                    "series": store.link().series,
                }
            )
        )
        conversation.close()
    demo.cluster.destroy()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
