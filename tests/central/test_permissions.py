"""Every attack that is known, against the real schema: nothing is found."""

import pytest
from attempts import furnish
from checks import CHECKS
from world import World

from onewindow_desk.central.schema import bring_up


@pytest.fixture
def world(cluster, request):
    """A furnished central in a database of its own; made anew, because a copy has other rights."""
    database = f"permissions_{request.node.callspec.params['check']}"
    cluster.sql(f"CREATE DATABASE {database}")
    bring_up(cluster.owner_dsn(database))
    made = World(cluster, database).lay()
    furnish(made)
    yield made
    made.close()


@pytest.mark.parametrize("check", CHECKS)
def test_nobody_gets_what_is_not_theirs(check, world):
    assert list(CHECKS[check](world)) == []
