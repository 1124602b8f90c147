"""The named colours of the two themes, and the one formula that judges them.

Colours are six hex digits without `#`. Widths are whole pixels and never scaled.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Tokens:
    """Every colour a theme needs; no other colour may appear on a screen.

    `line` and `rim` (of key caps) are decoration; `field` is the edge of what can be operated.

    `ring` is the width of the focus ring of fields and buttons, in pixels; tables always have 2.
    """

    name: str
    bg: str
    surface: str
    sunk: str
    line: str
    field: str
    rim: str
    text: str
    text2: str
    accent: str
    hover: str
    on_accent: str
    soft: str
    sel: str
    focus: str
    focus_bg: str
    ring: int
    blue_focus: str
    blue_ring: str
    red: str
    red_s: str
    amber: str
    amber_s: str
    green: str
    green_s: str
    disabled: str
    mat: str

    def colours(self) -> dict[str, str]:
        """Token name to `#rrggbb`, for the style sheet."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: f"#{value}" for name, value in found.items() if name not in ("name", "ring")}


LIGHT = Tokens(
    name="light",
    bg="F3F5F8",
    surface="FFFFFF",
    sunk="E9EDF2",
    line="D3DAE2",
    field="6F7D8C",
    rim="9AA6B2",
    text="17212E",
    text2="465464",
    accent="0A559E",
    hover="084680",
    on_accent="FFFFFF",
    soft="E3EEF9",
    sel="D6E7F8",
    focus="0A559E",
    focus_bg="FFF9DC",
    ring=2,
    blue_focus="084680",
    blue_ring="FFD33D",
    red="A8201A",
    red_s="FBE9E7",
    amber="7A4B00",
    amber_s="FFF1CF",
    green="17633A",
    green_s="E2F3E8",
    disabled="5F6C7A",
    mat="DDE3EA",
)

CONTRAST = Tokens(
    name="contrast",
    bg="000000",
    surface="000000",
    sunk="1C1C1C",
    line="9C9C9C",
    field="FFFFFF",
    rim="FFFFFF",
    text="FFFFFF",
    text2="E4E4E4",
    accent="7CCBFF",
    hover="B5E2FF",
    on_accent="000000",
    soft="00304D",
    sel="004A78",
    focus="FFE100",
    focus_bg="1F1B00",
    ring=3,
    blue_focus="FFE100",
    blue_ring="FFFFFF",
    red="FF9D94",
    red_s="400400",
    amber="FFD35C",
    amber_s="332400",
    green="84E8A8",
    green_s="002E15",
    disabled="B8B8B8",
    mat="262626",
)

THEMES = {theme.name: theme for theme in (LIGHT, CONTRAST)}


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of six hex digits, 0 for black to 1 for white."""
    red, green, blue = (_linear(int(colour[start : start + 2], 16)) for start in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2) of two colours of six hex digits, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
