"""When the energy goes: a column for each day, a row for each hour."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from services.reports.pages.charts import svg
from services.reports.pages.charts.frame import SHORTER, day_label
from services.reports.pages.charts.palette import ABSENT, MUTED, heat
from services.reports.wording import Wording

WIDTH, HEIGHT = 496.0, 156.0
LEFT, ABOVE, BELOW, SCALE = 34.0, 4.0, 16.0, 44.0
OVERLAP = 0.3
"""Or the white of the paper would shine through between two cells."""


def heat_map(days: Sequence[date], kwh: npt.NDArray[np.float64], wording: Wording) -> str:
    """kWh[n, 24] of the hours of days; NaN is grey. The scale stands at the right."""
    most = float(np.nanmax(kwh)) if np.isfinite(kwh).any() else 0.0
    height = HEIGHT * SHORTER[wording.paper]
    wide, high = (WIDTH - LEFT - SCALE) / len(days), (height - ABOVE - BELOW) / 24
    parts = []
    for place, day in enumerate(days):
        x = LEFT + place * wide
        for hour in range(24):
            value = kwh[place, hour]
            colour = ABSENT if np.isnan(value) else heat(value / most if most else 0.0)
            parts.append(svg.rectangle(x, ABOVE + hour * high, wide + OVERLAP, high + OVERLAP, colour))
        words = day_label(day, len(days), wording)
        parts.append(svg.text((x + wide / 2, height - 4), words, MUTED, "middle"))
    for hour in range(0, 24, 6):
        parts.append(svg.text((LEFT - 5, ABOVE + hour * high + 5.5), f"{hour:02}:00", MUTED, "end"))
    return svg.svg(WIDTH, height, parts + _scale(most, height - ABOVE - BELOW, wording))


def _scale(most: float, height: float, wording: Wording) -> list[str]:
    x, steps = WIDTH - SCALE + 10, 24
    tall = height / steps
    bars = [
        svg.rectangle(x, ABOVE + i * tall, 8, tall + 0.2, heat(1 - i / (steps - 1))) for i in range(steps)
    ]
    decimals = 0 if most >= 20 else 1 if most >= 2 else 2
    marks = ((most, decimals, 6.0), (most / 2, decimals, height / 2 + 2.5), (0.0, 0, height))
    return bars + [
        svg.text((x + 11, ABOVE + y), wording.number(value, places), MUTED) for value, places, y in marks
    ]
