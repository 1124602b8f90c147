"""Before the work: first run, sign-in, the locked screen, and what to do when the store stays shut."""
