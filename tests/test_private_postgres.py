"""The private cluster itself: who gets in, what its log keeps, and how it falls over."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from private_postgres import Cluster, make_certificates
from psycopg.conninfo import make_conninfo

TOOL = Path(__file__).resolve().parent.parent / "packaging" / "private_postgres.py"
NUMBER = "110101199003074514"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("cluster")).start()
    made.sql("CREATE ROLE counter LOGIN PASSWORD 'window one'")
    yield made
    made.destroy()


@pytest.fixture
def dsn(cluster):
    return cluster.dsn("counter", "window one")


def test_a_role_comes_in_over_tls_with_its_password(dsn):
    with psycopg.connect(dsn) as connection:
        asked = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        assert connection.execute(asked).fetchone() == ("TLSv1.3",)


@pytest.mark.parametrize(
    "changed",
    [
        {"sslmode": "disable", "channel_binding": "disable"},
        {"password": "window two"},
        {"host": "other.example", "hostaddr": "127.0.0.1"},
        {"user": "postgres"},
    ],
)
def test_nobody_comes_in_otherwise(dsn, changed):
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(make_conninfo(dsn, **changed))


def test_another_authority_is_not_believed(dsn, tmp_path):
    other = tmp_path / "other.pem"
    other.write_bytes(make_certificates()[0])
    with pytest.raises(psycopg.OperationalError, match="SSL error"):
        psycopg.connect(make_conninfo(dsn, sslrootcert=str(other)))


def test_no_role_comes_in_through_the_socket(cluster):
    with pytest.raises(psycopg.OperationalError, match="no pg_hba"):
        psycopg.connect(make_conninfo(cluster.owner_dsn(), user="counter"))


def test_it_never_runs_as_root(cluster):
    owner = Path(f"/proc/{(cluster.data / 'postmaster.pid').read_text().split()[0]}").stat().st_uid
    assert owner != 0
    assert (cluster.data.parent.stat().st_mode & 0o077) == 0


def test_the_log_keeps_no_value_of_anybody(cluster, dsn):
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement, arguments in (
            (f"SELECT '{NUMBER}x'::bigint", ()),
            ("SELECT %s::text::date", (NUMBER,)),
            (f"SELECT nothing_{NUMBER}", ()),
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(statement.encode(), arguments)
    assert NUMBER not in cluster.log.read_text()


def test_a_standby_takes_over_and_waits_for_nothing_lost(cluster, tmp_path):
    cluster.sql("CREATE TABLE kept (n int)")
    cluster.sql("GRANT ALL ON kept TO counter")
    standby = cluster.standby(tmp_path / "standby")
    try:
        both = cluster.dsn("counter", "window one", "postgres", standby)
        cluster.synchronous(True)
        with psycopg.connect(both, autocommit=True) as connection:
            connection.execute("INSERT INTO kept VALUES (1)")
        cluster.kill()
        standby.promote()
        with psycopg.connect(both, autocommit=True) as connection:
            assert connection.execute("SELECT n FROM kept").fetchall() == [(1,)]
    finally:
        standby.destroy()
        cluster.start()
        cluster.synchronous(False)


def test_it_ends_with_whoever_started_it(tmp_path):
    child = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path;"
        "from private_postgres import Cluster; Cluster(Path(sys.argv[2])).start()"
    )
    subprocess.run([sys.executable, "-c", child, str(TOOL.parent), str(tmp_path)], check=True)
    cluster = Cluster(tmp_path)
    cluster.stop()
    assert not cluster.running
    cluster.destroy()


def test_the_command_starts_and_stops_one_that_stays(tmp_path):
    def tool(act: str) -> str:
        done = subprocess.run(
            [sys.executable, TOOL, act, tmp_path], check=True, capture_output=True, text=True
        )
        return done.stdout

    reach = json.loads(tool("start"))
    with psycopg.connect(reach["owner_dsn"]) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    assert json.loads(tool("start")) == reach
    tool("stop")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(reach["owner_dsn"])
    tool("destroy")
    assert not tmp_path.exists()


def test_the_files_lie_where_the_server_can_go(cluster):
    """Root's own folders are shut to `nobody`."""
    assert cluster.data.is_relative_to("/var/tmp" if os.geteuid() == 0 else cluster.folder)
    assert cluster.data.stat().st_uid != 0
