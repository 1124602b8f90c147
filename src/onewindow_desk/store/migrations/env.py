"""Runs the migrations over the connection that `store.migrate` hands in; there is no other way."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
