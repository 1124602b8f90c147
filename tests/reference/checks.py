"""Attacks of several steps, and what the catalogue must say: each check lists what it found wrong.

Every check takes a furnished world (attempts.furnish) in a database of its own and may leave it
changed. The same checks run against the real schema and against each of its sabotaged copies.
"""

from pathlib import Path

import psycopg
import yaml
from attempts import (
    TABLE,
    Attempts,
)
from checks_papers import files, payloads
from checks_people import administration, enrolment, presence
from checks_work import feed, oracle, protocol, separation
from world import CANARY

FUNCTION_OWNERS = {"owd_api", "owd_useradm", "owd_watch"}
CLIENTS = ["owd_desk", "owd_enrol", "owd_sysadmin", "owd_secadmin", "owd_auditor"]
RULES = yaml.safe_load(Path(__file__).with_name("catalogue.yaml").read_text(encoding="utf-8"))


def lint(world):
    """What the catalogue must say, whatever the functions do."""
    known = [row["call"].split("(")[0] for row in TABLE["functions"]]
    values = {"clients": CLIENTS, "owners": list(FUNCTION_OWNERS), "known": known, "tables": TABLE["tables"]}
    for rule, query in RULES.items():
        for (what,) in world.owner.execute(query.encode(), values):
            yield f"{rule}: {what}"


def functions(world):
    """The hand-written table: every function by every caller."""
    yield from over(world, "functions")


def statements(world):
    """The hand-written table: every trick by every caller."""
    yield from over(world, "statements")


def tables(world):
    """Every table, every way to reach into it, by a few callers (the lint looks at all of them)."""
    yield from over(world, "tables", ["stranger", "enrol", "office_with_decider", "sysadmin", "auditor"])


def over(world, part, callers=None):
    attempts = Attempts(world, callers)
    try:
        yield from getattr(attempts, part)()
    finally:
        attempts.close()


def sweep(world):
    """No client gets the canary by any function it may call, and no error repeats a value."""
    plant(world)
    attempts = Attempts(world)
    try:
        values = {caller: attempts.values(caller) for caller in attempts.callers}
        for row in TABLE["functions"]:
            for caller in attempts.callers:
                told = heard(attempts, caller, f"SELECT * FROM {row['call']}", values[caller])
                if "320115199001011234" in told and not may_hear(caller, row["call"]):
                    yield f"{caller} reads the canary by {row['call']}"
        for caller in attempts.callers:
            yield from estimates(attempts, caller)
    finally:
        attempts.close()


def may_hear(caller, call):
    """Payloads go to the street's desks that work on cases; who the staff are, to administrators."""
    desk = caller.split("_")[0] in {"window", "office"} and caller != "office_with_supervisor"
    desk = desk and caller != "office_with_security"
    return (
        desk and call.startswith(("owd.payloads", "owd.pull", "owd.snapshot"))
    ) or "owd_admin.people" in call


def plant(world):
    world.owner.execute("UPDATE owd_data.person SET login = login || %s", (CANARY,))
    world.owner.execute("UPDATE owd_data.ticket SET label = %s", (CANARY,))


def heard(attempts, caller, statement, values):
    """All that a caller is told: rows, errors with their details, notices."""
    connection = attempts.connections[caller]
    try:
        cursor = connection.execute(statement.encode(), values)
        return str(cursor.fetchall() if cursor.description else "")
    except psycopg.Error as error:
        return f"{error} {error.diag.message_detail}"
    finally:
        connection.rollback()


def estimates(attempts, caller):
    """What the planner thinks tells nobody how often a value is there."""
    for table, column in (("case_", "receipt_no"), ("person", "login"), ("operation", "kind")):
        query = f"EXPLAIN SELECT * FROM owd_data.{table} WHERE {column} = 'x'"
        if attempts.outcome(caller, query) != "42501":
            yield f"{caller} is told how many rows {table} has"
    visible = attempts.outcome(caller, "SELECT 1/count(*) FROM pg_stats WHERE schemaname LIKE 'owd%'")
    if visible != "22012":
        yield f"{caller} sees the planner's statistics"


CHECKS = {
    check.__name__: check
    for check in (
        lint, functions, statements, tables, oracle, protocol, feed, presence, separation, files, payloads,
        enrolment, administration, sweep,
    )
}  # fmt: skip
