"""Consumption as columns: of days with the forecast over them, or of months with one that stands out."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from services.reports.pages.charts import svg
from services.reports.pages.charts.frame import SHORTER, Frame, day_label, ticks_to
from services.reports.pages.charts.palette import ACCENT, FORECAST, INK, RULE, SOFT, WHITE
from services.reports.wording import Wording

ROOM = 12.0
"""Points that a number takes within a column."""
Values = npt.NDArray[np.float64]
COLUMN = 0.72
"""Of the room that each has."""
WIDTH = 496.0
DAYS_HIGH, PERIODS_HIGH = 172.0, 118.0


def day_columns(days: Sequence[date], kwh: Values, expected: Values | None, wording: Wording) -> str:
    """kWh[n] of days, weekends paler, NaN a gap; ``expected`` kWh[n] is a line of dots over them."""
    frame = Frame(WIDTH, DAYS_HIGH * SHORTER[wording.paper], ticks_to(_most(kwh, expected)))
    colours = [SOFT if day.weekday() > 4 else ACCENT for day in days]
    parts = frame.grid(wording) + _columns(frame, kwh, colours)
    for place, day in enumerate(days):
        parts.append(frame.below_axis((place + 0.5) / len(days), day_label(day, len(days), wording)))
    if expected is not None:
        parts += _forecast(frame, expected)
    return svg.svg(WIDTH, frame.height, parts)


def period_columns(
    labels: Sequence[str], kwh: Values, strong: Sequence[bool], budget: float | None, wording: Wording
) -> str:
    """kWh[n] of months or weeks, NaN a gap; those that are ``strong`` stand out, a budget is a line."""
    highest = _most(kwh, np.array([budget or 0.0])) or 1.0
    frame = Frame(WIDTH, PERIODS_HIGH * SHORTER[wording.paper], (0.0, highest), left=0, right=0, above=12)
    ground = svg.line((0, frame.y(0)), (WIDTH, frame.y(0)), RULE)
    parts = [ground, *_columns(frame, kwh, [ACCENT if s else SOFT for s in strong])]
    for place, (label, stands_out) in enumerate(zip(labels, strong, strict=True)):
        middle = (place + 0.5) / len(labels)
        parts.append(frame.below_axis(middle, label, stands_out))
        if kwh[place] > 0:
            parts.append(_figure(frame, middle, kwh[place], stands_out, wording))
    if budget:
        ends = (frame.x(0), frame.y(budget)), (frame.x(1), frame.y(budget))
        parts.append(svg.line(*ends, FORECAST, 1.1, "4 3"))
    return svg.svg(WIDTH, frame.height, parts)


def _figure(frame: Frame, middle: float, kwh: float, strong: bool, wording: Wording) -> str:
    """The number of a column: at its foot, where no budget crosses it, or above one that is too low."""
    words, top, foot = wording.number(kwh, 0 if kwh >= 100 else 1), frame.y(kwh), frame.y(0)
    if foot - top < ROOM:
        return svg.text((frame.x(middle), top - 3), words, INK, "middle", strong)
    return svg.text((frame.x(middle), foot - 4), words, WHITE if strong else INK, "middle", strong)


def _columns(frame: Frame, kwh: Values, colours: Sequence[str]) -> list[str]:
    room = frame.breadth / len(kwh)
    return [
        svg.rectangle(
            frame.x(place / len(kwh)) + room * (1 - COLUMN) / 2,
            frame.y(value),
            room * COLUMN,
            frame.y(0) - frame.y(value),
            colour,
        )
        for place, (value, colour) in enumerate(zip(kwh, colours, strict=True))
        if value > 0
    ]


def _forecast(frame: Frame, expected: Values) -> list[str]:
    known = np.isfinite(expected)
    points = [
        (frame.x((place + 0.5) / len(expected)), frame.y(expected[place])) for place in np.flatnonzero(known)
    ]
    line = svg.polyline(points, FORECAST, 1.1) if known.all() else ""
    return [line, *(svg.circle(point, 1.6, FORECAST) for point in points)]


def _most(*series: Values | None) -> float:
    finite = [s[np.isfinite(s)] for s in series if s is not None]
    values = np.concatenate(finite) if finite else np.zeros(1)
    return float(values.max(initial=0.0))
