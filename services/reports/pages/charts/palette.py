"""The colours of a report on white paper; text keeps 4.5:1, lines 3:1 (WCAG 2.1 AA)."""

INK = "#1a202b"
WHITE = "#ffffff"
MUTED = "#566173"
RULE = "#dfe4eb"
ACCENT = "#0a5fb4"
SOFT = "#8fbbe3"
"""Beside the accent: weekends, and what is past."""
FORECAST = "#c65400"
HEAT = ("#f1f6fb", "#cfe2f3", "#94c0e4", "#4a90cb", "#155a9f", "#082f5f")
"""From nothing to the most, told apart in grey print too."""
ABSENT = "#eeeeee"


def heat(share: float) -> str:
    """The colour of a share (0..1) of the most."""
    place = min(max(share, 0.0), 1.0) * (len(HEAT) - 1)
    lower = min(int(place), len(HEAT) - 2)
    mixed = [
        round(a + (b - a) * (place - lower))
        for a, b in zip(_channels(HEAT[lower]), _channels(HEAT[lower + 1]), strict=True)
    ]
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue
