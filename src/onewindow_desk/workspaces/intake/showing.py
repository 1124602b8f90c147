"""Showing and hiding several widgets at once."""

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget


def show_only(wanted: Iterable[tuple[QWidget, bool]]) -> None:
    """Hide what goes before showing what comes.

    Qt lays out at every widget shown: with both there for a moment the window would grow for good.
    """
    pairs = tuple(wanted)
    for widget, shown in pairs:
        if not shown:
            widget.hide()
    for widget, shown in pairs:
        if shown:
            widget.show()
