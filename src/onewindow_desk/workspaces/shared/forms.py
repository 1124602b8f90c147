"""What a .ui file says about our own parts, put into them after `setupUi`.

A form is drawn in Designer, words included; our parts take theirs from dynamic properties:
`caption`, `optional` and `unit` of a Field, `key` (a name of the enum) of a button or a cap,
`iconName` of a button, `iconName` and `iconColour` of an icon.
"""

from typing import TypeVar

from PySide6.QtWidgets import QWidget

from onewindow_desk.faults import Fault
from onewindow_desk.workspaces.shared.keys import Key
from onewindow_desk.workspaces.shared.widgets.action_button import ActionButton
from onewindow_desk.workspaces.shared.widgets.field import Field
from onewindow_desk.workspaces.shared.widgets.icon_label import IconLabel
from onewindow_desk.workspaces.shared.widgets.key_cap import KeyCap

Part = TypeVar("Part", bound=QWidget)


def part(root: QWidget, kind: type[Part], name: str) -> Part:
    """The part of a form with this object name; a Fault where the form has none."""
    found = root.findChild(kind, name)
    if found is None:
        raise Fault(f"the form has no part named {name}")
    return found


def dress(root: QWidget) -> None:
    """Apply the dynamic properties of every part below `root`; an unknown key is a KeyError."""
    for field in root.findChildren(Field):
        _dress_field(field)
    for button in root.findChildren(ActionButton):
        _dress_button(button)
    for cap in root.findChildren(KeyCap):
        if name := _text(cap, "key"):
            cap.set_key(Key[name])
    for icon in root.findChildren(IconLabel):
        if name := _text(icon, "iconName"):
            icon.show_icon(name, _text(icon, "iconColour") or "text2")


def _dress_field(field: Field) -> None:
    if caption := _text(field, "caption"):
        field.set_caption(caption, optional=bool(field.property("optional")), unit=_text(field, "unit"))


def _dress_button(button: ActionButton) -> None:
    if name := _text(button, "key"):
        button.set_key(Key[name])
    if icon := _text(button, "iconName"):
        button.set_icon(icon)
    button.setAccessibleName(button.text())


def _text(widget: QWidget, name: str) -> str:
    value = widget.property(name)
    return value if isinstance(value, str) else ""
