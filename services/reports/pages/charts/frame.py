"""The field of a chart: where a value lies on the page, and the lines that help to read it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.reports.pages.charts import svg
from services.reports.pages.charts.palette import MUTED, RULE
from services.reports.wording import Paper, Wording

SHORTER: dict[Paper, float] = {"a4": 1.0, "us-letter": 0.82}
"""Letter has less room from top to bottom, and the same charts are to stand on a page."""
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


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

    def grid(self, wording: Wording) -> list[str]:
        """A line and a number for each tick."""
        decimals = decimals_of(self.ticks)
        parts = []
        for tick in self.ticks:
            y = self.y(tick)
            parts.append(svg.line((self.left, y), (self.width - self.right, y), RULE))
            parts.append(svg.text((self.left - 5, y + 2.5), wording.number(tick, decimals), MUTED, "end"))
        return parts

    def below_axis(self, share: float, words: str, bold: bool = False) -> str:
        """A label under the field, centred."""
        return svg.text((self.x(share), self.height - 4), words, MUTED, "middle", bold)


def ticks_to(most: float, about: int = 4) -> list[float]:
    """Round numbers from 0 to the first one that is not below ``most``."""
    if not most > 0:
        return [0.0, 1.0]
    rough = most / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in STEPS if s * power >= rough * (1 - 1e-9))
    return [i * step for i in range(math.ceil(most / step - 1e-9) + 1)]


def decimals_of(ticks: Sequence[float]) -> int:
    """How many decimals tell the ticks apart."""
    step = ticks[1] - ticks[0]
    return next((n for n in range(4) if abs(round(step, n) - step) < step * 1e-6), 4)


def day_label(day: date, among: int, wording: Wording) -> str:
    """A day below an axis: with its weekday and month where there are few of them."""
    return str(day.day) if among > 7 else f"{wording.weekday(day.weekday())} {wording.short_day(day)}"
