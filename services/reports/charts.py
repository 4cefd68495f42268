"""The charts of the pages, drawn as SVG at the size at which they stand on the paper."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from ml.arrays import Floats
from services.dashboard import LoadDuration, Profile
from services.messages import formats
from services.reports import svg
from services.reports.contents import Paper
from services.reports.svg import (
    ABSENT,
    ACCENT,
    FORECAST,
    INK,
    MUTED,
    RULE,
    SHORTER,
    SOFT,
    WHITE,
    Frame,
    day_label,
    heat,
    ticks_to,
)

WIDTH = 496.0
DAYS_HIGH, PERIODS_HIGH, HEAT_HIGH = 172.0, 118.0, 156.0
SMALL_WIDTH, SMALL_HEIGHT = 240.0, 122.0
ROOM = 12.0
"""Points that a number takes within a column."""
COLUMN = 0.72
"""Of the room that each has."""
HOURS = (0, 6, 12, 18, 24)
LEFT, ABOVE, BELOW, SCALE = 34.0, 4.0, 16.0, 44.0
"""Around the heat map."""
OVERLAP = 0.3
"""Or the white of the paper would shine through between two cells."""


def day_columns(days: Sequence[date], kwh: Floats, expected: Floats | None, paper: Paper) -> str:
    """Draw kWh[n] of days, weekends paler, NaN a gap; ``expected`` kWh[n] is a line of dots over them."""
    frame = Frame(WIDTH, DAYS_HIGH * SHORTER[paper], ticks_to(_most(kwh, expected)))
    colours = [SOFT if day.weekday() > 4 else ACCENT for day in days]
    parts = frame.grid() + _columns(frame, kwh, colours)
    for place, day in enumerate(days):
        parts.append(frame.below_axis((place + 0.5) / len(days), day_label(day, len(days))))
    if expected is not None:
        parts += _forecast(frame, expected)
    return svg.svg(WIDTH, frame.height, parts)


def period_columns(
    labels: Sequence[str], kwh: Floats, strong: Sequence[bool], budget: float | None, paper: Paper
) -> str:
    """Draw kWh[n] of months or weeks, NaN a gap; those that are ``strong`` stand out, a budget is a line."""
    highest = _most(kwh, np.array([budget or 0.0])) or 1.0
    frame = Frame(WIDTH, PERIODS_HIGH * SHORTER[paper], (0.0, highest), left=0, right=0, above=12)
    ground = svg.line((0, frame.y(0)), (WIDTH, frame.y(0)), RULE)
    parts = [ground, *_columns(frame, kwh, [ACCENT if s else SOFT for s in strong])]
    for place, (label, stands_out) in enumerate(zip(labels, strong, strict=True)):
        middle = (place + 0.5) / len(labels)
        parts.append(frame.below_axis(middle, label, stands_out))
        if kwh[place] > 0:
            parts.append(_figure(frame, middle, kwh[place], stands_out))
    if budget:
        ends = (frame.x(0), frame.y(budget)), (frame.x(1), frame.y(budget))
        parts.append(svg.line(*ends, FORECAST, 1.1, "4 3"))
    return svg.svg(WIDTH, frame.height, parts)


def _figure(frame: Frame, middle: float, kwh: float, strong: bool) -> str:
    """Write the number of a column: at its foot, where no budget crosses it, or above one that is too low."""
    words, top, foot = formats().number(kwh, 0 if kwh >= 100 else 1), frame.y(kwh), frame.y(0)
    if foot - top < ROOM:
        return svg.text((frame.x(middle), top - 3), words, INK, "middle", strong)
    return svg.text((frame.x(middle), foot - 4), words, WHITE if strong else INK, "middle", strong)


def _columns(frame: Frame, kwh: Floats, colours: Sequence[str]) -> list[str]:
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


def _forecast(frame: Frame, expected: Floats) -> list[str]:
    known = np.isfinite(expected)
    points = [
        (frame.x((place + 0.5) / len(expected)), frame.y(expected[place])) for place in np.flatnonzero(known)
    ]
    line = svg.polyline(points, FORECAST, 1.1) if known.all() else ""
    return [line, *(svg.circle(point, 1.6, FORECAST) for point in points)]


def _most(*series: Floats | None) -> float:
    finite = [s[np.isfinite(s)] for s in series if s is not None]
    values = np.concatenate(finite) if finite else np.zeros(1)
    return float(values.max(initial=0.0))


def heat_map(days: Sequence[date], kwh: Floats, paper: Paper) -> str:
    """Draw kWh[n, 24] of the hours of days; NaN is grey. The scale stands at the right."""
    most = float(np.nanmax(kwh)) if np.isfinite(kwh).any() else 0.0
    height = HEAT_HIGH * SHORTER[paper]
    wide, high = (WIDTH - LEFT - SCALE) / len(days), (height - ABOVE - BELOW) / 24
    parts = []
    for place, day in enumerate(days):
        x = LEFT + place * wide
        for hour in range(24):
            value = kwh[place, hour]
            colour = ABSENT if np.isnan(value) else heat(value / most if most else 0.0)
            parts.append(svg.rectangle(x, ABOVE + hour * high, wide + OVERLAP, high + OVERLAP, colour))
        words = day_label(day, len(days))
        parts.append(svg.text((x + wide / 2, height - 4), words, MUTED, "middle"))
    for hour in range(0, 24, 6):
        parts.append(svg.text((LEFT - 5, ABOVE + hour * high + 5.5), f"{hour:02}:00", MUTED, "end"))
    return svg.svg(WIDTH, height, parts + _scale(most, height - ABOVE - BELOW))


def _scale(most: float, height: float) -> list[str]:
    x, steps = WIDTH - SCALE + 10, 24
    tall = height / steps
    bars = [
        svg.rectangle(x, ABOVE + i * tall, 8, tall + 0.2, heat(1 - i / (steps - 1))) for i in range(steps)
    ]
    decimals = 0 if most >= 20 else 1 if most >= 2 else 2
    marks = ((most, decimals, 6.0), (most / 2, decimals, height / 2 + 2.5), (0.0, 0, height))
    return bars + [
        svg.text((x + 11, ABOVE + y), formats().number(value, places), MUTED) for value, places, y in marks
    ]


def profile_lines(profile: Profile, paper: Paper) -> str:
    """Draw the mean kW of each hour with a band from the 10th to the 90th percentile of the days."""
    days = [d for d in (profile.weekday, profile.weekend) if np.isfinite(d.mean).any()]
    most = max((float(np.nanmax(day.high)) for day in days), default=0.0)
    frame = Frame(SMALL_WIDTH, SMALL_HEIGHT * SHORTER[paper], ticks_to(most))
    parts = frame.grid()
    for day, colour in ((profile.weekend, FORECAST), (profile.weekday, ACCENT)):
        if np.isfinite(day.mean).all():
            low, high = _steps(frame, day.low), _steps(frame, day.high)
            parts.append(svg.polygon([*high, *reversed(low)], colour, 0.16))
            parts.append(svg.polyline(_steps(frame, day.mean), colour, 1.4))
    parts += [frame.below_axis(hour / 24, f"{hour:02}") for hour in HOURS]
    return svg.svg(SMALL_WIDTH, frame.height, parts)


def _steps(frame: Frame, kw: Floats) -> list[svg.Point]:
    """Return each hour's value in its middle, drawn on to both ends of the day."""
    middle = [(frame.x((hour + 0.5) / 24), frame.y(float(value))) for hour, value in enumerate(kw)]
    return [(frame.x(0), middle[0][1]), *middle, (frame.x(1), middle[-1][1])]


def duration_curve(curve: LoadDuration, paper: Paper) -> str:
    """Draw demand (kW) falling over the share of the time (0..1)."""
    most = float(curve.demand[0]) if len(curve.demand) else 0.0
    frame = Frame(SMALL_WIDTH, SMALL_HEIGHT * SHORTER[paper], ticks_to(most), right=12)
    points = [
        (frame.x(float(share)), frame.y(float(kw)))
        for share, kw in zip(curve.share, curve.demand, strict=True)
    ]
    parts = frame.grid()
    if points:
        left, right = (frame.x(0), points[0][1]), (frame.x(1), points[-1][1])
        curve_points = [left, *points, right]
        ground = [(frame.x(1), frame.y(0)), (frame.x(0), frame.y(0))]
        parts.append(svg.polygon([*curve_points, *ground], ACCENT, 0.16))
        parts.append(svg.polyline(curve_points, ACCENT, 1.4))
    parts += [frame.below_axis(p / 100, f"{formats().number(p)} %") for p in (0, 25, 50, 75, 100)]
    return svg.svg(SMALL_WIDTH, frame.height, parts)
