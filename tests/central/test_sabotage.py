"""Sabotaged copies of the central, each caught by the attacks that the real one withstands."""

from pathlib import Path

import psycopg
import pytest
import yaml
from attempts import furnish, make_logins
from checks import CHECKS
from world import World

from onewindow_desk.central.schema import bring_up

LIST = Path(__file__).parents[1] / "reference" / "sabotage.yaml"
SABOTAGE = yaml.safe_load(LIST.read_text(encoding="utf-8"))
CATALOGUE = [how for how in SABOTAGE if how["by"] == "lint"]
BEHAVIOUR = [how for how in SABOTAGE if how["by"] != "lint"]
TEMPLATE = "sabotage_template"
CONNECT = "GRANT CONNECT ON DATABASE {} TO owd_desk, owd_enrol, owd_sysadmin, owd_secadmin, owd_auditor"


@pytest.fixture(scope="module")
def ends(cluster):
    """A furnished central to be copied; how far its enrolments have come."""
    cluster.sql(f"CREATE DATABASE {TEMPLATE}")
    bring_up(cluster.owner_dsn(TEMPLATE))
    made = World(cluster, TEMPLATE).lay()
    furnish(made)
    made.close()
    return made.ends


@pytest.fixture(scope="module")
def furnished(cluster, ends):
    """A copy whose catalogue is spoilt only within a transaction."""
    database = "sabotaged_in_vain"
    cluster.sql(f"CREATE DATABASE {database} TEMPLATE {TEMPLATE} STRATEGY wal_log")
    made = World(cluster, database)
    yield made
    made.close()


@pytest.fixture
def copied(cluster, ends):
    """One copy, to be spoilt."""
    database = "sabotaged"
    cluster.sql(f"CREATE DATABASE {database} TEMPLATE {TEMPLATE} STRATEGY wal_log")
    # A copy of a database does not copy who may enter it.
    cluster.sql(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
    cluster.sql(CONNECT.format(database))
    made = World(cluster, database)
    made.ends = dict(ends)
    make_logins(made)
    yield made
    made.close()
    cluster.sql(f"DROP DATABASE {database} WITH (FORCE)")


def spoil(world, how):
    if "sql" in how:
        world.owner.execute(how["sql"].encode())
        return
    sources = world.owner.execute(
        "SELECT pg_get_functiondef(p.oid) FROM pg_proc p"
        " WHERE p.pronamespace::regnamespace::text || '.' || p.proname = %s",
        (how["in"],),
    ).fetchall()
    assert len(sources) == 1, f"{how['in']} is not one function"
    assert how["old"] in sources[0][0], f"{how['in']} no longer says: {how['old']}"
    world.owner.execute(sources[0][0].replace(how["old"], how["new"], 1).encode())
    if "also" in how:
        spoil(world, how["also"])


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


@pytest.mark.parametrize("how", BEHAVIOUR, ids=named)
def test_sabotage_is_found(how, copied):
    spoil(copied, how)
    assert first_finding(CHECKS[how["by"]], copied), f"survived {how['by']}: {how['name']}"


@pytest.mark.parametrize("how", CATALOGUE, ids=named)
def test_sabotage_of_the_catalogue_is_found(how, furnished):
    with furnished.owner.transaction(force_rollback=True):
        spoil(furnished, how)
        assert first_finding(CHECKS["lint"], furnished), f"survived: {how['name']}"


def test_there_are_enough_of_them():
    assert len({how["name"] for how in SABOTAGE}) == len(SABOTAGE) >= 40
