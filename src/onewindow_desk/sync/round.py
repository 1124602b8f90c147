"""One round with the central: hello, send, read, files. Pure: no clock, no thread, no socket of its own."""
