"""The verifier: checks a dump of a central with the standard library and `cryptography` alone.

Nothing here imports the rest of the program, so `copy.write_copy` can pack it into one file that runs
on a computer where the program is not installed. It says what the bytes prove, not what the database
claims; docs/verifying.md tells the dump's form, what is checked, and what cannot be.
"""
