"""The private cluster that the tests of the central stand on."""

from collections.abc import Iterator

import pytest
from private_postgres import Cluster


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A running cluster for the whole session; each test makes its own database in it."""
    made = Cluster(tmp_path_factory.mktemp("cluster")).start()
    yield made
    made.destroy()
