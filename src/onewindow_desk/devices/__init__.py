"""What stands on the counter: scanners, printers, code scanners, and the helper that opens strange files."""
