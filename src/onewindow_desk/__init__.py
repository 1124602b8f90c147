"""OneWindow Desk: the desktop client of a sub-district one-window service centre."""

__version__ = "0.1.0"
