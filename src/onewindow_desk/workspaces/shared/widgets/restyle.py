"""A property the style sheet looks at changes nothing until the widget is polished again."""

from PySide6.QtWidgets import QWidget


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at the widget's properties again."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def set_state(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at; nothing happens if it is so already."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        restyle(widget)
