"""Find level shifts: days on end above or below what such days used before, beyond what all meters do."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ml.arrays import Bools, Floats, Ints
from ml.detection.grid import DAY, ByDay, Grid, Meters, Runs, runs_of
from ml.detection.profile import WHOLE, Profile, is_rest_day, median, quantile, usual_mean

DAYS = 42
"""From so many days the usual level is taken, ..."""
LAG = 7
"""... that end so many days before, so that a shift is not held against itself."""
LEAST = 3
LONGEST = DAYS + LAG - LEAST - 1
"""A shift that lasts so many days is the usual from then on: too few days before it are left to tell."""
SLACK = 0.05
"""Part of its mean day that keeps days of next to nothing from counting for much."""

ALIKE = 5
"""Of fewer meters it is not told what they have in common."""
LOADING_DAYS, LOADING = 90, 0.7
"""How much a meter takes part in it is learnt from so many days; before, this is assumed, ..."""
PRIOR = 0.2
"""... as if days of so much movement, squared, had shown it."""
AT_ONCE = 100


def relative_levels(level: Floats, resting: Bools) -> Floats:
    """Compare each day with earlier days of its kind, (meters, days).

    Both are (meters, days): the level, a natural logarithm, and whether the day is of rest.
    """
    usual = np.full(level.shape, np.nan)
    for kind in (True, False):
        if (resting == kind).any():
            of_kind = np.where(resting == kind, level, np.nan)
            before = median(trailing(of_kind, DAYS), axis=2, least=LEAST)
            usual = np.where(resting == kind, _lagged(before, LAG), usual)
    return np.asarray(level - usual)


def _log_level(daily: Floats, mean: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(daily, 0) + SLACK * mean))


def _robust_level(grid: Grid, past: Profile) -> Floats:
    """Return each day's level, (meters, days): what a few hours do beside the others does not count.

    It is the median, over the day, of how far readings are from what was expected a week before, as a
    logarithm, on top of the mean of that.
    """
    slack = SLACK * past.mean[:, :, None]
    log = np.log(np.maximum(grid.kwh, 0) + slack)
    usual = np.log(_lagged(past.expected, LAG) + slack)
    there = ~np.isnan(log)
    count = there.sum(axis=2)
    enough = count >= WHOLE * count.max(axis=1, keepdims=True)
    plain = np.where(there, log, 0).sum(axis=2) / np.where(enough, count, np.nan)
    robust = usual.mean(axis=2) + median(log - usual, axis=2)
    return np.asarray(np.where(enough & ~np.isnan(robust), robust, plain))


def common_level(groups: Sequence[tuple[Meters, Ints]], holidays: ByDay) -> ByDay:
    """Return the median relative level of the chosen meters by day: mostly the weather.

    Zero on days of which few meters have a level.
    """
    local_times = [meters.local for meters, chosen in groups if len(chosen)]
    if sum(len(chosen) for _, chosen in groups) < ALIKE:
        return ByDay(0, np.zeros(0))
    first = int(min(local.min() for local in local_times) // DAY)
    first -= (first + 3) % 7
    days = -(-(int(max(local.max() for local in local_times) // DAY) + 1 - first) // 7) * 7
    off = holidays.of(np.array([first]), days) > 0
    parts = []
    for meters, chosen in groups:
        for part in _parts(chosen):
            daily = np.stack([_daily(meters, meter, first, days) for meter in part])
            parts.append(relative_levels(_log_level(daily, usual_mean(daily)), is_rest_day(daily, off)))
    return ByDay(first, np.nan_to_num(median(np.concatenate(parts), axis=0, least=ALIKE)))


def remove_common(level: Floats, daily: Floats, common: Floats) -> Floats:
    """Subtract each meter's part in the common level from its relative levels, all (meters, days).

    ``daily`` are the relative levels of the daily means, as ``common`` is made of: by these it is learnt how
    much a meter takes part, for a holiday that all keep moves the mean of a day far more than most hours
    of it. What others do explains what a meter does; it is no reason to find something where it does nothing.
    """
    known = ~np.isnan(daily)
    product, square = (
        _lagged(np.where(known, values, 0), LAG, 0.0) for values in (daily * common, common * common)
    )
    shared, moved = (
        np.cumsum(values, axis=1) - _lagged(np.cumsum(values, axis=1), LOADING_DAYS, 0.0)
        for values in (product, square)
    )
    loading = (shared + PRIOR * LOADING) / (moved + PRIOR)
    part = np.clip(loading, -0.5, 2.0) * common
    return np.asarray(level - np.clip(part, np.minimum(level, 0), np.maximum(level, 0)))


def trailing(values: Floats, days: int) -> Floats:
    """Return windows of the last days up to each, (meters, days, so many)."""
    padded = np.pad(values, ((0, 0), (days - 1, 0)), constant_values=np.nan)
    return sliding_window_view(padded, days, axis=1)


def _lagged(values: Floats, days: int, before: float = np.nan) -> Floats:
    """Shift values (meters, days, ...) by so many days."""
    width = ((0, 0), (days, 0), *[(0, 0)] * (values.ndim - 2))
    return np.pad(values, width, constant_values=before)[:, : values.shape[1]]


def _parts(chosen: Ints) -> Iterator[Ints]:
    for begin in range(0, len(chosen), AT_ONCE):
        yield chosen[begin : begin + AT_ONCE]


def _daily(meters: Meters, meter: int, first: int, days: int) -> Floats:
    """Return the mean reading of each day, (days,), NaN where too few readings are there."""
    rows = slice(meters.bounds[meter], meters.bounds[meter + 1])
    day = meters.local[rows] // DAY - first
    sums, counts = np.bincount(day, meters.kwh[rows], days), np.bincount(day, minlength=days)
    return np.where(counts >= WHOLE * counts.max(), sums / np.maximum(counts, 1), np.nan)


SHIFT_DAYS, SHIFT_LEAST = 7, 5
"""A week has each weekday once; the level of so many of its days tells of a shift: ..."""
MOST_DAYS = 0.3
"""... upwards the level that all but this part of its days reach, downwards the mean, ..."""
STEP = 0.5
"""... less this part of the mean level of the week before: seasons creep, a shift is a step."""
UP, UP_FLOOR = 1.2, 0.15
DOWN, DOWN_FLOOR = 3.5, 0.1
"""A shift surpasses (natural log) by so much, and so many times what that usually strays by; downwards by
more, for rooms stand empty more often than that something is left on."""
SHIFT_CLIP = 0.5
"""A single day counts as no more than this: one bad day is no shift."""
USUAL_DAYS, LEAST_DAYS = 150, 14


def find_level_shifts(grid: Grid, past: Profile, common: Floats) -> Runs:
    """Find runs of days above or below what such days used, by more than weeks usually vary.

    ``common`` is the common level, (meters, days). What is usual rests on no day of a shift, so that a
    shift lasts until its end, up to the six weeks or so after which it is the usual, and its end is none.
    """
    raw = _robust_level(grid, past)
    level = relative_levels(raw, past.resting)
    plain = relative_levels(_log_level(past.daily, past.mean), past.resting)
    freed = remove_common(level, plain, common)
    weeks = trailing(_clipped(freed), SHIFT_DAYS)
    stretch = _stretch(weeks, _lagged(weeks, SHIFT_DAYS))
    bounds = np.array(
        [
            factor * _usual(of) + floor
            for of, factor, floor in zip(stretch, (UP, DOWN), (UP_FLOOR, DOWN_FLOOR), strict=True)
        ]
    )
    found = _shifted(freed, stretch, bounds)
    held = _hold_usual(raw - (level - freed), past.resting, freed, bounds, found)
    # Both: what is found only beside the few days that are left may be of these.
    parts = [
        runs_of(now, grid).meeting(runs_of(at_first, grid)) for now, at_first in zip(held, found, strict=True)
    ]
    slots = grid.kwh.shape[2]
    return Runs(
        np.concatenate([part.meter for part in parts]),
        np.concatenate([part.begin for part in parts]) * slots,
        np.concatenate([part.end for part in parts]) * slots,
    )


def _stretch(weeks: Floats, before: Floats) -> Floats:
    """Return how far weeks of levels (meters, ..., days) are above, and below, the usual, (2, meters, ...).

    ``before``, of the same shape, are the weeks before.
    """
    step = STEP * np.nan_to_num(_mean_of(before, 1))
    up = quantile(weeks, MOST_DAYS, axis=weeks.ndim - 1, least=SHIFT_LEAST) - step
    return np.array([up, -_mean_of(weeks, SHIFT_LEAST)])


def _usual(stretch: Floats) -> Floats:
    usual = median(trailing(np.abs(stretch), USUAL_DAYS), axis=2, least=LEAST_DAYS)
    return _lagged(usual, SHIFT_DAYS)


def _shifted(level: Floats, stretch: Floats, bounds: Floats) -> Bools:
    """Tell which days are above, and below, (2, meters, days).

    ``level`` is that of each day, ``stretch`` (2, meters, days) how far the week that ends with it is above,
    and below, the usual; ``bounds`` is how far that may be.
    """
    around = sliding_window_view(np.pad(level, ((0, 0), (1, 1)), constant_values=np.nan), 3, axis=1)
    signed = np.array([1, -1])[:, None, None]
    ending = np.pad(stretch > bounds, ((0, 0), (0, 0), (0, SHIFT_DAYS - 1)))
    within = sliding_window_view(ending, SHIFT_DAYS, axis=2).any(axis=3)
    return np.asarray(within & (signed * median(around, axis=2) > bounds / 2))


def _hold_usual(raw: Floats, resting: Bools, level: Floats, bounds: Floats, found: Bools) -> Bools:
    """Tell which days are above, and below, what was usual on days that are neither, (2, meters, days).

    ``raw`` (meters, days) is each day's level before it is held against earlier ones, ``level`` what it is
    beside those, and ``found`` what is shifted then.
    """
    held = found.copy()
    (some,) = np.nonzero(found.any(axis=(0, 2)))
    if len(some):
        first = int(found.any(axis=(0, 1)).argmax())
        held[:, some] = _held_from(first, raw[some], resting[some], level[some].copy(), bounds[:, some])
    return held


def _held_from(first: int, raw: Floats, resting: Bools, level: Floats, bounds: Floats) -> Bools:
    """Do what `_hold_usual` does, day by day; of what a day is, no more is known until `LAG` days later."""
    weeks = trailing(_clipped(level), SHIFT_DAYS)
    stretch = _stretch(weeks, _lagged(weeks, SHIFT_DAYS))
    held = np.zeros(bounds.shape, bool)
    for day in range(first, raw.shape[1]):
        settled = day - LAG
        near = slice(max(settled - 1, 0), day)
        if settled >= 0 and (stretch[:, :, near] > bounds[:, :, near]).any():
            shifted = _shifted(level[:, near], stretch[:, :, near], bounds[:, :, near])
            held[:, :, settled] = shifted[:, :, settled - near.start]
        before = slice(max(settled + 1 - DAYS, 0), max(settled + 1, 0))
        alike = (resting[:, before] == resting[:, day, None]) & ~held[:, :, before].any(axis=0)
        level[:, day] = raw[:, day] - median(np.where(alike, raw[:, before], np.nan), axis=1, least=LEAST)
        week = slice(max(day - SHIFT_DAYS + 1, 0), day + 1)
        earlier = slice(max(settled - SHIFT_DAYS + 1, 0), max(settled + 1, 0))
        # Beside days of a shift, the next one is no step any more; it goes on all the same.
        calm = np.where(held[:, :, earlier].any(axis=0), 0, _clipped(level[:, earlier]))
        stretch[:, :, day] = _stretch(_clipped(level[:, week]), calm)
    return _shifted(level, stretch, bounds)


def _clipped(level: Floats) -> Floats:
    return np.clip(level, -SHIFT_CLIP, SHIFT_CLIP)


def _mean_of(windows: Floats, least: int) -> Floats:
    """Average the known values of each window, NaN where there are fewer than ``least``."""
    there = ~np.isnan(windows)
    count = there.sum(axis=-1)
    return np.asarray(np.where(there, windows, 0).sum(axis=-1) / np.where(count >= least, count, np.nan))
