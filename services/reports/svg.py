"""Shapes as SVG text, the colours of a report, and the field of a chart; lengths in points of the page."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from services.messages import formats
from services.reports.contents import Paper

FONT = "FiraGO"
LABEL = 7.2
"""Size of the letters in a chart, in points."""
SHORTER: dict[Paper, float] = {"a4": 1.0, "us-letter": 0.82}
"""Letter has less room from top to bottom, and the same charts are to stand on a page."""
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)

# On white paper text keeps 4.5:1 and lines 3:1 (WCAG 2.1 AA).
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

Point = tuple[float, float]


def heat(share: float) -> str:
    """Return the colour of a share (0..1) of the most."""
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


def svg(width: float, height: float, parts: Iterable[str]) -> str:
    """Return a whole drawing."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'font-family="{FONT}" font-size="{LABEL}">{"".join(parts)}</svg>'
    )


def rectangle(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" fill="{colour}"/>'


def line(start: Point, end: Point, colour: str, width: float = 0.5, dashes: str = "") -> str:
    return polyline([start, end], colour, width, dashes)


def polyline(points: Sequence[Point], colour: str, width: float = 1.2, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<polyline points="{_listed(points)}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
        f'stroke-linejoin="round" stroke-linecap="round"{dashed}/>'
    )


def polygon(points: Sequence[Point], colour: str, opacity: float = 1.0) -> str:
    return f'<polygon points="{_listed(points)}" fill="{colour}" fill-opacity="{opacity:g}"/>'


def circle(centre: Point, radius: float, colour: str) -> str:
    return f'<circle cx="{centre[0]:.2f}" cy="{centre[1]:.2f}" r="{radius:g}" fill="{colour}"/>'


def text(at: Point, words: str, colour: str, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{at[0]:.2f}" y="{at[1]:.2f}" fill={quoteattr(colour)} '
        f'text-anchor="{anchor}"{weight}>{escape(words)}</text>'
    )


def _listed(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)


@dataclass(frozen=True)
class Frame:
    """A field for values from 0 to ``top`` (the highest tick); x is a share from 0 to 1."""

    width: float
    height: float
    ticks: Sequence[float]
    left: float = 34
    above: float = 6
    below: float = 16
    right: float = 4

    @property
    def top(self) -> float:
        """The value at the upper edge."""
        return self.ticks[-1]

    @property
    def breadth(self) -> float:
        """How wide the field is, in points."""
        return self.width - self.left - self.right

    def x(self, share: float) -> float:
        return self.left + share * self.breadth

    def y(self, value: float) -> float:
        return self.above + (1 - value / self.top) * (self.height - self.above - self.below)

    def grid(self) -> list[str]:
        """Draw a line and a number for each tick."""
        decimals = decimals_of(self.ticks)
        parts = []
        for tick in self.ticks:
            y = self.y(tick)
            parts.append(line((self.left, y), (self.width - self.right, y), RULE))
            parts.append(text((self.left - 5, y + 2.5), formats().number(tick, decimals), MUTED, "end"))
        return parts

    def below_axis(self, share: float, words: str, bold: bool = False) -> str:
        """Draw a label under the field, centred."""
        return text((self.x(share), self.height - 4), words, MUTED, "middle", bold)


def ticks_to(most: float, about: int = 4) -> list[float]:
    """Return round numbers from 0 to the first one that is not below ``most``."""
    if not most > 0:
        return [0.0, 1.0]
    rough = most / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in STEPS if s * power >= rough * (1 - 1e-9))
    return [i * step for i in range(math.ceil(most / step - 1e-9) + 1)]


def decimals_of(ticks: Sequence[float]) -> int:
    """Return how many decimals tell the ticks apart."""
    step = ticks[1] - ticks[0]
    return next((n for n in range(4) if abs(round(step, n) - step) < step * 1e-6), 4)


def day_label(day: date, among: int) -> str:
    """Write a day below an axis: with its weekday and month where there are few of them."""
    return str(day.day) if among > 7 else f"{formats().weekday(day.weekday())} {formats().short_day(day)}"
