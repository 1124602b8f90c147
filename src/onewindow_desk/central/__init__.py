"""The central database in PostgreSQL: its schema, and the calls a desk makes to it."""
