"""What each role may do: one module per role or duty; no Qt, no clock of its own."""
