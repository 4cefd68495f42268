"""One function for each way in which meters' readings can be out of order.

Each takes the readings of a grid of meters and their profile, and gives the stretches it finds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ml.levels import trailing
from ml.load_grid import Floats, Grid, Ints
from ml.load_profile import WEEKS, Mask, Profile, median

SPIKE, ERRATIC = 2.4, 1.3
"""A spike is so many times as far above what is expected as the farthest reading of a usual week; by more,
with the root of that, where usual weeks stray far, ..."""
SPIKE_BUSY = 1.9
"""... unless it is so many times what is seldom surpassed at any hour."""
SPIKE_BY_HOUR, STEADY = 2.2, 0.4
AMONG_BUSY = 0.3
SPIKE_SHOULDER, SPIKE_FLANK = 0.5, 0.25
"""Readings around it belong to a spike from this part of the bound, and of its highest, on."""
USUAL_WEEKS, LEAST_WEEKS = 26, 2
WEEK_OF_HOURS = 168
FLOOR = 0.02
"""Part of its mean consumption by which even the steadiest meter may stray."""

OUTAGE = 24.0
"""How improbable (minus log of the chance, summed over its hours) an outage is: six hours of a meter that
never stands still."""

HABIT = 2
"""What happened so often in the weeks before is no outage, but how the meter is used."""

STUCK_HOURS, STUCK_READINGS = 12, 4
STUCK_AGAINST_USUAL = 1.5
"""So many times longer than ever before is a run of one value that is no steady load."""

SHIFT_DAYS, SHIFT_LEAST = 5, 4
SHIFT, SHIFT_FLOOR = 2.3, 0.15
"""A shift surpasses (natural log) by so much, and so many times what the mean level of so many days usually
strays by."""
SHIFT_CLIP = 0.4
"""A single day counts as no more than this: one bad day is no shift."""
USUAL_DAYS, LEAST_DAYS = 150, 14


@dataclass(frozen=True)
class Stretches:
    """Cells [begin, end) of meters' flattened days, each of the three (n,)."""

    meter: Ints
    begin: Ints
    end: Ints

    def __getitem__(self, chosen: Mask) -> "Stretches":
        return Stretches(self.meter[chosen], self.begin[chosen], self.end[chosen])

    def reduce(self, how: np.ufunc, values: Floats) -> Floats:
        """The sum, maximum or the like of each stretch's values, which are given as (meters, cells)."""
        if len(self.meter) == 0:
            return np.zeros(0)
        offset = self.meter * values.shape[1]
        padded = np.append(values.ravel(), 0)
        bounds = np.column_stack([offset + self.begin, offset + self.end]).ravel()
        return np.asarray(how.reduceat(padded, bounds)[::2])


def spikes(grid: Grid, past: Profile) -> Stretches:
    """Readings further above what is expected than in usual weeks, or far above what is usual at any hour."""
    excess, busy = grid.kwh - past.expected, past.busy[:, :, None] + FLOOR * past.mean[:, :, None]
    by_hour, by_busy = excess / _strays(past), excess / busy
    usual_by_hour, usual_by_busy = _usual_highest(by_hour), _usual_highest(by_busy)
    # The highest of a few says less about what the highest may be.
    sample = np.log(WEEK_OF_HOURS) / np.log(7 * grid.kwh.shape[2])
    bound_by_busy = sample * usual_by_busy * (SPIKE + ERRATIC * usual_by_busy)
    bound_by_hour = sample * usual_by_hour * SPIKE_BY_HOUR * (1 + (usual_by_busy / STEADY) ** 4)
    share = grid.kwh / busy
    by_hour = np.minimum(by_hour / bound_by_hour, share / AMONG_BUSY)
    height = np.fmax(np.fmax(by_busy / bound_by_busy, by_hour), share / SPIKE_BUSY)
    height = np.nan_to_num(height.reshape(len(grid.kwh), -1), nan=-np.inf)
    found = _stretches(height > SPIKE_SHOULDER, grid)
    return _trimmed(found[found.reduce(np.maximum, height) > 1], height)


def _strays(past: Profile) -> Floats:
    """How far readings usually are from what is expected: around this time of day, and at all."""
    padded = np.pad(past.stray, ((0, 0), (0, 0), (1, 1)), mode="wrap")
    around = (padded[:, :, :-2] + padded[:, :, 1:-1] + padded[:, :, 2:]) / 3
    return around + past.stray.mean(axis=2, keepdims=True) + FLOOR * past.mean[:, :, None]


def _trimmed(found: Stretches, height: Floats) -> Stretches:
    """Without what is but a small part of the highest at either end."""
    begin, end = found.begin.copy(), found.end.copy()
    for i, meter in enumerate(found.meter):
        part = height[meter, begin[i] : end[i]]
        belong = np.flatnonzero(part > SPIKE_FLANK * part.max())
        begin[i], end[i] = begin[i] + belong[0], begin[i] + belong[-1] + 1
    return Stretches(found.meter, begin, end)


def _usual_highest(above: Floats) -> Floats:
    """The median of the highest of each of the weeks before, (meters, days, 1)."""
    weekly = above.reshape(len(above), above.shape[1] // 7, -1)
    highest = np.fmax.reduce(weekly, axis=2)
    before = np.pad(highest, ((0, 0), (USUAL_WEEKS, 0)), constant_values=np.nan)[:, :-1]
    windows = sliding_window_view(before, USUAL_WEEKS, axis=1)
    return median(windows, axis=2, least=LEAST_WEEKS).repeat(7, axis=1)[:, :, None]


def outages(grid: Grid, past: Profile) -> Stretches:
    """Readings of nothing for so long as is improbable at these times of day."""
    known = ~np.isnan(past.off)
    found = _stretches((past.standing & known).reshape(len(grid.kwh), -1), grid)
    days = WEEKS * 7
    chance = (np.where(known, past.off, 1) * days + 1) / (days + 2)
    improbable = np.where(np.isnan(grid.kwh), 0, -np.log(chance) * grid.hours)
    found = found[found.reduce(np.add, improbable.reshape(len(grid.kwh), -1)) > OUTAGE]
    return found[~_habits(found, 7 * WEEKS * grid.kwh.shape[2])]


def _habits(found: Stretches, cells: int) -> Mask:
    """Whether several stretches like it, half as long at least, began in so many cells before."""
    length = found.end - found.begin
    since = found.begin - np.minimum(found.begin, cells)
    return np.array(
        [
            (
                (found.meter == meter)
                & (found.begin >= since[i])
                & (found.begin < begin)
                & (2 * length >= length[i])
            ).sum()
            >= HABIT
            for i, (meter, begin) in enumerate(zip(found.meter, found.begin, strict=True))
        ],
        dtype=bool,
    )


def stuck(grid: Grid, past: Profile) -> Stretches:
    """Runs of one and the same value, longer than this meter ever ran at one before."""
    least = max(STUCK_READINGS, STUCK_HOURS / grid.hours)
    filled = _filled(grid.flat)
    same = (filled[:, 1:] == filled[:, :-1]) & ~past.standing.reshape(filled.shape)[:, 1:]
    runs = _stretches(np.pad(same, ((0, 0), (1, 0))), grid)
    runs = Stretches(runs.meter, runs.begin - 1, runs.end)
    lengths = runs.reduce(np.add, ~np.isnan(grid.flat) * 1.0)
    known = ~np.isnan(past.expected.reshape(filled.shape)[runs.meter, runs.begin])
    chosen = np.zeros(len(lengths), bool)
    for meter in np.unique(runs.meter[(lengths >= least) & known]):
        longest = 0.0
        for run in np.flatnonzero(runs.meter == meter):
            chosen[run] = known[run] and lengths[run] >= max(least, STUCK_AGAINST_USUAL * longest)
            longest = longest if chosen[run] else max(longest, lengths[run])
    return runs[chosen]


def shifts(grid: Grid, level: Floats) -> Stretches:
    """Days on end that use more, or less, than such days did, by more than such stretches usually stray."""
    stretch = _mean_of(trailing(np.clip(level, -SHIFT_CLIP, SHIFT_CLIP), SHIFT_DAYS), SHIFT_LEAST)
    usual = median(trailing(np.abs(stretch), USUAL_DAYS), axis=2, least=LEAST_DAYS)
    usual = np.pad(usual, ((0, 0), (SHIFT_DAYS, 0)), constant_values=np.nan)[:, : level.shape[1]]
    bound = SHIFT * usual + SHIFT_FLOOR
    around = sliding_window_view(np.pad(level, ((0, 0), (1, 1)), constant_values=np.nan), 3, axis=1)
    smooth = median(around, axis=2)
    parts = []
    for sign in (1, -1):
        ending = np.pad(sign * stretch > bound, ((0, 0), (0, SHIFT_DAYS - 1)))
        within = sliding_window_view(ending, SHIFT_DAYS, axis=1).any(axis=2)
        parts.append(_stretches(within & (sign * smooth > bound / 2), grid))
    slots = grid.kwh.shape[2]
    return Stretches(
        np.concatenate([part.meter for part in parts]),
        np.concatenate([part.begin for part in parts]) * slots,
        np.concatenate([part.end for part in parts]) * slots,
    )


def _mean_of(windows: Floats, least: int) -> Floats:
    """Of what is there in each window, NaN where less than so many are."""
    there = ~np.isnan(windows)
    count = there.sum(axis=-1)
    return np.asarray(np.where(there, windows, 0).sum(axis=-1) / np.where(count >= least, count, np.nan))


def _filled(flat: Floats) -> Floats:
    """With the reading before in place of one that is missing."""
    there = ~np.isnan(flat)
    if there.all():
        return flat
    last = np.maximum.accumulate(np.where(there, np.arange(flat.shape[1]), 0), axis=1)
    return np.take_along_axis(flat, last, axis=1)


def _stretches(mask: Mask, grid: Grid) -> Stretches:
    """The stretches of True; a missing reading is as the one before it."""
    if not mask.any():
        nothing = np.zeros(0, np.int64)
        return Stretches(nothing, nothing, nothing)
    if mask.shape == grid.flat.shape:
        mask = _filled(np.where(np.isnan(grid.flat), np.nan, mask)) > 0
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    meter, begin = np.nonzero(edges == 1)
    return Stretches(meter, begin, np.nonzero(edges == -1)[1])
