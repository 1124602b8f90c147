"""What the tests of the central stand on."""

from collections.abc import Iterator

import psycopg
import pytest
from office import Office
from private_postgres import Cluster
from ward import Connection, Ward


@pytest.fixture(scope="module")
def office(cluster: Cluster, central: str) -> Iterator[Office]:
    """An office over a fresh central, with its three administrators."""
    made = Office(cluster, central)
    yield made
    made.close()


@pytest.fixture
def street(office: Office) -> str:
    """A street of the test's own."""
    return office.street()


@pytest.fixture(scope="module")
def owner(cluster: Cluster, central: str) -> Iterator[Connection]:
    """The owner of the cluster in this module's central."""
    with psycopg.connect(cluster.owner_dsn(central), autocommit=True) as connection:
        yield connection


@pytest.fixture
def ward(cluster: Cluster, central: str, owner: Connection) -> Iterator[Ward]:
    """A street whose desks and people are laid down by the owner."""
    made = Ward(cluster, central, owner)
    yield made
    made.close()
