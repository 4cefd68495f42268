import pytest
from PySide6.QtGui import QColor

from desktop.theme_colours import DARK, LIGHT, Tokens


def _luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.1."""
    channels = (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_series_stand_out_from_what_they_are_on(colours: Tokens) -> None:
    texts = (colours.text, colours.muted, colours.accent, colours.danger, colours.warning, colours.success)
    for below in (colours.window, colours.surface):
        assert all(_contrast(text, below) >= 4.5 for text in texts)
    assert _contrast(colours.accent_text, colours.accent) >= 4.5
    assert _contrast(colours.text, colours.raised) >= 4.5
    assert all(_contrast(line, colours.surface) >= 3 for line in colours.series)
