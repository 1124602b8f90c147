"""The steps of the central's schema, loaded by path."""
