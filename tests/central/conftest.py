"""The private cluster that the tests of the central stand on, and a database of its own for each module."""

from collections.abc import Iterator
from itertools import count

import pytest
from private_postgres import Cluster

from onewindow_desk.central.schema import bring_up

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A running cluster for the whole session; each test makes its own database in it."""
    made = Cluster(tmp_path_factory.mktemp("cluster")).start()
    yield made
    made.destroy()


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """A database with the whole schema and nothing in it, to be copied."""
    cluster.sql("CREATE DATABASE owd_template")
    bring_up(cluster.owner_dsn("owd_template"))
    return "owd_template"


@pytest.fixture(scope="module")
def central(cluster: Cluster, template: str) -> str:
    """The name of a fresh central database for this module (`cluster.owner_dsn(central)`)."""
    name = f"central_{next(_NUMBERS)}"
    # The strategy that copies files needs no log and is quick for a small database.
    cluster.sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    return name
