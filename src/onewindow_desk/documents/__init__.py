"""Papers: data in, PDF bytes out; and the same papers as pixels, and their codes read back."""
