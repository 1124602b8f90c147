"""Runs the migrations over the connection that `central.schema` hands in; there is no other way."""

from alembic import context

SCHEMA = "owd_data"

connection = context.config.attributes["connection"]
connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
context.configure(connection=connection, transactional_ddl=True, version_table_schema=SCHEMA)
with context.begin_transaction():
    context.run_migrations()
