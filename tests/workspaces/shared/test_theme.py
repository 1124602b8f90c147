import re
from pathlib import Path

import pytest
from PySide6.QtCore import QFile, QIODevice
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel

from onewindow_desk.faults import Fault
from onewindow_desk.workspaces.shared import icons
from onewindow_desk.workspaces.shared.look import SCALES, Look, Type, look
from onewindow_desk.workspaces.shared.theme import Theme, nearest_scale, style_sheet
from onewindow_desk.workspaces.shared.tokens import CONTRAST, LIGHT, THEMES

ICONS = Path(__file__).resolve().parents[3] / "resources" / "icons"


def resource(path: str) -> str:
    file = QFile(path)
    assert file.open(QIODevice.OpenModeFlag.ReadOnly)
    text = bytes(file.readAll().data()).decode()
    file.close()
    return text


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize("scale", SCALES)
def test_the_style_sheet_is_filled_and_uses_no_colour_of_its_own(theme, scale: float) -> None:
    filled = style_sheet(Look(theme, scale))
    assert "@" not in filled
    used = {colour.upper() for colour in re.findall(r"#([0-9A-Fa-f]{6})\b", filled)}
    assert used <= {colour[1:].upper() for colour in theme.colours().values()}


def test_type_and_room_grow_with_the_text_but_thin_lines_do_not() -> None:
    filled = style_sheet(Look(LIGHT, 1.5))
    assert "font-size: 16.5pt" in filled
    assert "min-height: 48px" in filled
    assert "border: 1px solid" in filled
    assert "border: 2px solid" in filled


def test_a_field_keeps_its_height_when_the_ring_comes() -> None:
    for scale in SCALES:
        worn = Look(CONTRAST, scale)
        inner = worn.px(34) - 2 * CONTRAST.ring
        assert f"min-height: {inner}px" in style_sheet(worn)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_the_signs_of_the_style_sheet_have_the_colours_of_the_theme(theme) -> None:
    assert f"#{theme.on_accent}" in resource(f":/style/tick-{theme.name}.svg")
    assert f"#{theme.text2}" in resource(f":/style/chevron-{theme.name}.svg")


def test_nothing_is_smaller_than_10_points() -> None:
    sizes = re.findall(r"font-size: ([\d.]+)pt", style_sheet(Look()))
    assert min(float(size) for size in sizes) >= 10
    assert min(Look().font(kind).pointSizeF() for kind in Type) >= 10


def test_an_unknown_theme_or_scale_still_dresses() -> None:
    assert Theme("neon", 1.3).look == Look(LIGHT, 1.25)
    assert nearest_scale(9) == 1.5


def test_the_application_wears_what_was_put_on(qapp: QApplication, dressed) -> None:
    dressed("contrast", 1.25)
    assert look() == Look(CONTRAST, 1.25)
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == "#000000"
    assert qapp.font().pointSizeF() == pytest.approx(13.75)


def test_the_text_size_goes_up_and_down_and_stops_at_the_ends(dressed) -> None:
    theme = dressed()
    assert not theme.resize(-1)
    assert theme.resize(1)
    assert theme.resize(1)
    assert not theme.resize(1)
    assert theme.look.scale == 1.5
    assert theme.resize(0)
    assert look().scale == 1.0


def test_changing_the_theme_keeps_the_text_size(dressed) -> None:
    theme = dressed("light", 1.25)
    assert theme.change("contrast")
    assert look() == Look(CONTRAST, 1.25)
    assert not theme.change("contrast")


def test_room_is_width_divided_by_the_text_scale() -> None:
    assert Look(LIGHT, 1.25).room(1366) < 1200 <= Look(LIGHT, 1.0).room(1366)


@pytest.mark.parametrize("path", sorted(ICONS.glob("*.svg")), ids=lambda path: path.stem)
def test_every_icon_takes_the_colour_asked_for(qapp: QApplication, path: Path) -> None:
    drawn = icons.image(path.stem, "A8201A", 48)
    strongest = max(
        (drawn.pixelColor(x, y) for x in range(48) for y in range(48)), key=lambda colour: colour.alpha()
    )
    assert strongest.alpha() > 200
    assert strongest.red() > 150
    assert strongest.green() < 60


def test_an_icon_is_drawn_anew_for_another_theme(qapp: QApplication) -> None:
    assert icons.image("inbox", LIGHT.text, 22) != icons.image("inbox", CONTRAST.text, 22)
    assert icons.icon("inbox", Look(LIGHT)).availableSizes()


def test_an_unknown_icon_is_our_fault(qapp: QApplication) -> None:
    with pytest.raises(Fault, match="no-such-icon"):
        icons.image("no-such-icon", LIGHT.text, 22)


def test_the_icons_keep_their_licence() -> None:
    assert "ISC License" in (ICONS / "LICENSE").read_text(encoding="utf-8")


def test_a_label_is_repainted_in_the_new_theme(qtbot, dressed) -> None:
    dressed()
    label = QLabel("样例")
    qtbot.addWidget(label)
    label.show()
    dressed("contrast")
    assert label.palette().color(QPalette.ColorRole.WindowText).name() == "#ffffff"
