import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_desk.workspaces.shared.tokens import CONTRAST, LIGHT, THEMES, Tokens, contrast_ratio

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"{number:06X}")

READABLE = (
    *[
        (ink, ground)
        for ink in ("text", "text2")
        for ground in ("bg", "surface", "sunk", "sel", "soft", "focus_bg")
    ],
    ("text", "amber_s"),
    ("text", "red_s"),
    *[(ink, ground) for ink in ("red", "amber", "green") for ground in ("surface", "sunk", f"{ink}_s")],
    *[("accent", ground) for ground in ("surface", "soft", "sunk")],
    ("on_accent", "accent"),
    ("on_accent", "hover"),
    ("on_accent", "blue_focus"),
    ("disabled", "bg"),
    ("disabled", "surface"),
    ("text2", "mat"),
)
EDGES = (
    *[(edge, ground) for edge in ("field", "focus") for ground in ("bg", "surface", "sunk")],
    ("focus", "focus_bg"),
    ("red", "surface"),
    ("accent", "surface"),
    ("disabled", "bg"),
    ("field", "mat"),
)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize(("ink", "ground"), READABLE)
def test_nothing_readable_is_under_4_5(theme: Tokens, ink: str, ground: str) -> None:
    assert contrast_ratio(getattr(theme, ink), getattr(theme, ground)) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_no_edge_of_a_control_is_under_3(theme: Tokens, edge: str, ground: str) -> None:
    assert contrast_ratio(getattr(theme, edge), getattr(theme, ground)) >= 3


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_the_ring_of_the_focused_blue_button_is_seen_against_button_and_page(theme: Tokens) -> None:
    assert contrast_ratio(theme.blue_ring, theme.blue_focus) >= 1.1
    assert (
        max(contrast_ratio(theme.blue_focus, theme.surface), contrast_ratio(theme.blue_ring, theme.bg)) >= 3
    )


@pytest.mark.parametrize(
    ("theme", "ink", "ground", "measured"),
    [
        (LIGHT, "text", "surface", 16.2),
        (LIGHT, "text2", "surface", 7.7),
        (LIGHT, "accent", "soft", 6.4),
        (LIGHT, "red", "red_s", 6.2),
        (LIGHT, "field", "surface", 4.2),
        (CONTRAST, "text", "surface", 21),
        (CONTRAST, "accent", "surface", 11.8),
        (CONTRAST, "red", "red_s", 8.5),
        (CONTRAST, "disabled", "bg", 10.6),
    ],
)
def test_the_ratios_are_the_designed_ones(theme: Tokens, ink: str, ground: str, measured: float) -> None:
    assert contrast_ratio(getattr(theme, ink), getattr(theme, ground)) == pytest.approx(measured, abs=0.06)


def test_black_on_white_is_21() -> None:
    assert contrast_ratio("000000", "FFFFFF") == pytest.approx(21)


@given(COLOURS, COLOURS)
def test_a_ratio_has_no_direction_and_stays_in_its_range(one: str, other: str) -> None:
    ratio = contrast_ratio(one, other)
    assert ratio == contrast_ratio(other, one)
    assert 1 <= ratio <= 21.0001
    assert contrast_ratio(one, one) == 1
