"""Exchanging operations, verdicts and files with the central: the round, its worker, its report."""
