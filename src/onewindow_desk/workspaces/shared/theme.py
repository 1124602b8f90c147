"""Puts a look on the application: fonts, palette and the one style sheet filled from the tokens.

In the template `@name` is a token, lengths over 3 px and all points are scaled by the text scale.
Thin lines and rings stay as thin as they are.
"""

import re
from functools import lru_cache

from PySide6.QtCore import QFile, QIODevice
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

import onewindow_desk._built.desk_rc  # noqa: F401  importing it makes the style sheet available
from onewindow_desk.faults import Fault
from onewindow_desk.workspaces.shared.look import SCALES, Look, wear
from onewindow_desk.workspaces.shared.tokens import LIGHT, THEMES

_THIN = 3
_LENGTH = re.compile(r"(?<![\w@#.])(\d+(?:\.\d+)?)(px|pt)\b")
_TOKEN = re.compile(r"@(\w+)")


def _template() -> str:
    file = QFile(":/style/desk.qss")
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise Fault("the style sheet is not in the program")
    try:
        return bytes(file.readAll().data()).decode()
    finally:
        file.close()


@lru_cache(maxsize=8)
def style_sheet(worn: Look) -> str:
    """The whole style sheet for a look; an unknown token is a KeyError."""
    ring = worn.tokens.ring
    colours = worn.tokens.colours() | {
        "chevron": f":/style/chevron-{worn.tokens.name}.svg",
        "tick": f":/style/tick-{worn.tokens.name}.svg",
        "ring_width": f"{ring}px",
        "ring_height": f"{worn.px(34) - 2 * ring}px",
        "ring_room": f"{worn.px(10) + 1 - ring}px",
        "line_room": f"{worn.px(8) + 1 - ring}px",
    }
    scaled = _LENGTH.sub(lambda match: _scaled(worn, float(match[1]), match[2]), _template())
    return _TOKEN.sub(lambda match: colours[match[1]], scaled)


def _scaled(worn: Look, number: float, unit: str) -> str:
    if unit == "pt":
        return f"{number * worn.scale:g}pt"
    return f"{number:g}px" if number <= _THIN else f"{worn.px(number)}px"


def palette(worn: Look) -> QPalette:
    """Qt's own roles, for what the style sheet does not reach."""
    roles = QPalette.ColorRole
    made = QPalette()
    for role, token in {
        roles.Window: "bg",
        roles.WindowText: "text",
        roles.Base: "surface",
        roles.AlternateBase: "surface",
        roles.Text: "text",
        roles.Button: "surface",
        roles.ButtonText: "text",
        roles.PlaceholderText: "text2",
        roles.Highlight: "accent",
        roles.HighlightedText: "on_accent",
        roles.ToolTipBase: "surface",
        roles.ToolTipText: "text",
        roles.Link: "accent",
        roles.Mid: "line",
    }.items():
        made.setColor(role, worn.colour(token))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, worn.colour("disabled"))
    return made


class Theme:
    """The look the desk has set: dresses the application, and again when the person asks for another."""

    def __init__(self, name: str = LIGHT.name, scale: float = 1.0) -> None:
        """An unknown name gives the light theme, an unknown scale the nearest known one."""
        self._look = Look(THEMES.get(name, LIGHT), nearest_scale(scale))

    @property
    def look(self) -> Look:
        """The look worn."""
        return self._look

    def apply(self, application: QApplication) -> None:
        """Dress the application."""
        wear(application, self._look)
        if application.style().name() != "fusion":
            application.setStyle("Fusion")
        application.setFont(self._look.font())
        application.setPalette(palette(self._look))
        application.setStyleSheet(style_sheet(self._look))

    def resize(self, step: int) -> bool:
        """One text size up or down, or back to 100 % with 0; whether that changed anything.

        Dresses the running application.
        """
        place = SCALES.index(self._look.scale) + step if step else 0
        wanted = SCALES[min(max(place, 0), len(SCALES) - 1)]
        return self._change(Look(self._look.tokens, wanted))

    def change(self, name: str) -> bool:
        """Wear another theme by its name; whether that changed anything."""
        return self._change(Look(THEMES.get(name, LIGHT), self._look.scale))

    def _change(self, wanted: Look) -> bool:
        if wanted == self._look:
            return False
        self._look = wanted
        application = QApplication.instance()
        if isinstance(application, QApplication):
            self.apply(application)
        return True


def nearest_scale(scale: float) -> float:
    """The text scale we have that is nearest to the one asked for."""
    return min(SCALES, key=lambda known: abs(known - scale))
