"""The steps that bring an older store up; loaded by path, never imported."""
