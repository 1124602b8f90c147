"""Sabotaged copies of the central, each caught by the attacks that the real one withstands."""

import contextlib
from pathlib import Path

import psycopg
import pytest
import yaml
from attempts import furnish
from checks import CHECKS
from world import World

from onewindow_desk.central.schema import bring_up

LIST = Path(__file__).parents[1] / "reference" / "sabotage.yaml"
SABOTAGE = yaml.safe_load(LIST.read_text(encoding="utf-8"))
UNDOING = {"functions", "statements"}
"""Checks that roll back all they do, so that what is spoilt can be mended and the copy used again."""
CATALOGUE = [how for how in SABOTAGE if how["by"] == "lint"]
MENDED = [how for how in SABOTAGE if how["by"] in UNDOING and "in" in how]
COPIED = [how for how in SABOTAGE if how not in CATALOGUE and how not in MENDED]
TEMPLATE = "sabotage_template"
CONNECT = "owd_desk, owd_enrol, owd_sysadmin, owd_secadmin, owd_auditor, owd_test_stranger"


class Copies:
    """Makes copies of one furnished central."""

    def __init__(self, cluster) -> None:
        self.cluster = cluster
        self.owner = psycopg.connect(cluster.owner_dsn(), autocommit=True)
        self.owner.execute(f"CREATE DATABASE {TEMPLATE}")
        bring_up(cluster.owner_dsn(TEMPLATE))
        made = World(cluster, TEMPLATE).lay()
        furnish(made)
        made.close()
        self.ends = made.ends

    @contextlib.contextmanager
    def copy(self, database):
        run = self.owner.execute
        run(f"CREATE DATABASE {database} TEMPLATE {TEMPLATE} STRATEGY file_copy")
        # A copy of a database does not copy who may enter it.
        run(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
        run(f"GRANT CONNECT ON DATABASE {database} TO {CONNECT}")
        made = World(self.cluster, database)
        made.ends = dict(self.ends)
        try:
            yield made
        finally:
            made.close()
            run(f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture(scope="module")
def copies(cluster):
    made = Copies(cluster)
    yield made
    made.owner.close()


@pytest.fixture(scope="module")
def mended(copies):
    """A copy that is spoilt and mended again and again."""
    with copies.copy("sabotaged_and_mended") as made:
        yield made


@pytest.fixture
def copied(copies):
    """A copy to be spoilt for good."""
    with copies.copy("sabotaged") as made:
        yield made


def spoil(world, how):
    """Make the change; what was there before, for functions."""
    if "sql" in how:
        world.owner.execute(how["sql"].encode())
        return []
    sources = world.owner.execute(
        "SELECT pg_get_functiondef(p.oid) FROM pg_proc p"
        " WHERE p.pronamespace::regnamespace::text || '.' || p.proname = %s",
        (how["in"],),
    ).fetchall()
    assert len(sources) == 1, f"{how['in']} is not one function"
    assert how["old"] in sources[0][0], f"{how['in']} no longer says: {how['old']}"
    world.owner.execute(sources[0][0].replace(how["old"], how["new"], 1).encode())
    return [sources[0][0], *(spoil(world, how["also"]) if "also" in how else [])]


def first_finding(check, world):
    """What the check finds first; a call that breaks off where none should is a finding too."""
    attack = check(world)
    try:
        return next(attack, None)
    except psycopg.Error as error:
        return error.sqlstate and f"broke off with {error.sqlstate}"
    finally:
        attack.close()


def named(how):
    return how["name"].replace(" ", "-")


@pytest.mark.parametrize("how", COPIED, ids=named)
def test_sabotage_is_found(how, copied):
    spoil(copied, how)
    assert first_finding(CHECKS[how["by"]], copied), f"survived {how['by']}: {how['name']}"


@pytest.mark.parametrize("how", MENDED, ids=named)
def test_sabotage_of_who_may_call_is_found(how, mended):
    before = spoil(mended, how)
    found = first_finding(CHECKS[how["by"]], mended)
    for source in before:
        mended.owner.execute(source.encode())
    assert found, f"survived {how['by']}: {how['name']}"


@pytest.mark.parametrize("how", CATALOGUE, ids=named)
def test_sabotage_of_the_catalogue_is_found(how, mended):
    with mended.owner.transaction(force_rollback=True):
        spoil(mended, how)
        assert first_finding(CHECKS["lint"], mended), f"survived: {how['name']}"


def test_mending_mends(mended):
    for check in UNDOING:
        assert list(CHECKS[check](mended)) == []


def test_there_are_enough_of_them():
    assert len({how["name"] for how in SABOTAGE}) == len(SABOTAGE) >= 40
