"""How far each day is above or below what such days used before, and what all meters do alike."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ml.load_grid import DAY, ByDay, Floats, Ints, Meters
from ml.load_profile import WHOLE, Mask, median, rests, usual_mean

DAYS = 42
"""From so many days the usual level is taken, ..."""
LAG = 7
"""... that end so many days before, so that a shift is not held against itself."""
LEAST = 3
SLACK = 0.1
"""Part of its mean day that keeps days of next to nothing from counting for much."""

ALIKE = 5
"""Of fewer meters it is not told what they have in common."""
LEANING_DAYS, LEANING = 90, 0.5
"""How much a meter takes part in it is learnt from so many days; before, this is assumed, ..."""
PRIOR = 0.2
"""... as if days of so much movement, squared, had shown it."""
AT_ONCE = 100


def levels(daily: Floats, mean: Floats, resting: Mask) -> Floats:
    """By how much (natural log) each day is above days of its kind as they were before its stretch.

    All are (meters, days): the mean reading of the day and of the weeks before, and whether it is of rest.
    """
    level = np.log(np.maximum(daily, 0) + SLACK * mean)
    usual = np.full(level.shape, np.nan)
    for kind in (True, False):
        if (resting == kind).any():
            of_kind = np.where(resting == kind, level, np.nan)
            before = median(trailing(of_kind, DAYS), axis=2, least=LEAST)
            usual = np.where(resting == kind, _late(before, LAG), usual)
    return np.asarray(level - usual)


def in_common(groups: Sequence[tuple[Meters, Ints]], holidays: ByDay) -> ByDay:
    """The median of the levels of each group's chosen meters: what the weather does to all, mostly.

    Zero on days of which few meters have a level.
    """
    walls = [meters.wall for meters, chosen in groups if len(chosen)]
    if sum(len(chosen) for _, chosen in groups) < ALIKE:
        return ByDay(0, np.zeros(0))
    first = int(min(wall.min() for wall in walls) // DAY)
    first -= (first + 3) % 7
    days = -(-(int(max(wall.max() for wall in walls) // DAY) + 1 - first) // 7) * 7
    off = holidays.of(np.array([first]), days) > 0
    parts = []
    for meters, chosen in groups:
        for part in _parts(chosen):
            daily = np.stack([_daily(meters, meter, first, days) for meter in part])
            parts.append(levels(daily, usual_mean(daily), rests(daily, off)))
    return ByDay(first, np.nan_to_num(median(np.concatenate(parts), axis=0, least=ALIKE)))


def without(level: Floats, common: Floats) -> Floats:
    """The levels (meters, days) without each meter's part in what they have in common, (meters, days)."""
    known = ~np.isnan(level)
    product, square = (
        _late(np.where(known, values, 0), LAG, 0.0) for values in (level * common, common * common)
    )
    shared, moved = (
        np.cumsum(values, axis=1) - _late(np.cumsum(values, axis=1), LEANING_DAYS, 0.0)
        for values in (product, square)
    )
    leaning = (shared + PRIOR * LEANING) / (moved + PRIOR)
    return np.asarray(level - np.clip(leaning, -0.5, 2.0) * common)


def trailing(values: Floats, days: int) -> Floats:
    """The last days up to each (meters, days, so many)."""
    padded = np.pad(values, ((0, 0), (days - 1, 0)), constant_values=np.nan)
    return sliding_window_view(padded, days, axis=1)


def _late(values: Floats, days: int, before: float = np.nan) -> Floats:
    """Those of so many days before."""
    return np.pad(values, ((0, 0), (days, 0)), constant_values=before)[:, : values.shape[1]]


def _parts(chosen: Ints) -> Iterator[Ints]:
    for begin in range(0, len(chosen), AT_ONCE):
        yield chosen[begin : begin + AT_ONCE]


def _daily(meters: Meters, meter: int, first: int, days: int) -> Floats:
    """The mean reading of each day (days,)."""
    rows = slice(meters.bounds[meter], meters.bounds[meter + 1])
    day = meters.wall[rows] // DAY - first
    sums, counts = np.bincount(day, meters.kwh[rows], days), np.bincount(day, minlength=days)
    return np.where(counts >= WHOLE * counts.max(), sums / np.maximum(counts, 1), np.nan)
