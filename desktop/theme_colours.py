"""The colours of the light and of the dark theme."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tokens:
    """One theme's colours as ``#rrggbb``; text on its surfaces keeps 4.5:1 (WCAG 2.1 AA), series 3:1."""

    window: str
    surface: str
    raised: str
    border: str
    text: str
    muted: str
    accent: str
    accent_text: str
    danger: str
    warning: str
    success: str
    series: tuple[str, ...]
    """Told apart with every common colour blindness (after Okabe and Ito)."""

    @property
    def measured(self) -> str:
        """What meters have read, wherever it stands beside a forecast."""
        return self.series[0]

    @property
    def forecast(self) -> str:
        """A forecast, and in paler shades its intervals, see `desktop.charts.plot.interval_shade`."""
        return self.series[1]


LIGHT = Tokens(
    window="#f3f5f8",
    surface="#ffffff",
    raised="#e8ecf2",
    border="#ccd3dd",
    text="#1a202b",
    muted="#566173",
    accent="#0a5fb4",
    accent_text="#ffffff",
    danger="#b3261e",
    warning="#8a5200",
    success="#14713a",
    series=("#0072b2", "#d55e00", "#00875f", "#b0528a", "#8a6a00", "#5a4fcf", "#3f8fbf", "#6b7280"),
)
DARK = Tokens(
    window="#14171c",
    surface="#1c2027",
    raised="#2a303a",
    border="#3d4552",
    text="#e9ecf1",
    muted="#a6b0bf",
    accent="#6fb3ff",
    accent_text="#06203d",
    danger="#ff8f85",
    warning="#f3b950",
    success="#6fd492",
    series=("#56b4e9", "#f08a3c", "#2cc39a", "#e48fc1", "#f0e442", "#a99bff", "#9fd3f5", "#b4bcc8"),
)
