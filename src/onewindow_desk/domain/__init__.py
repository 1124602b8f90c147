"""The rules in plain Python: no clock, no network, no randomness, no Qt."""
