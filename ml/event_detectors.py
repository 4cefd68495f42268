"""One function for each way in which meters' readings can be out of order.

Each takes the readings of a grid of meters and their profile, and gives the stretches it finds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ml.load_grid import Floats, Grid, Ints
from ml.load_profile import WEEKS, Mask, Profile, median

SPIKE = 1.65
"""A spike surpasses what is expected by so many times what usual peaks do, ..."""
SPIKE_SHOULDER = 0.5
"""... and its neighbours belong to it from this part of that on."""
FLOOR = 0.3
"""Part of its mean consumption by which even the steadiest meter may stray."""

OUTAGE = 24.0
"""How improbable (minus log of the chance, summed over its hours) an outage is: six hours of a meter that
never stands still."""

STUCK_HOURS, STUCK_READINGS = 12, 4
STUCK_AGAINST_USUAL = 1.5
"""So many times longer than ever before is a run of one value that is no steady load."""

SHIFT_DAYS = 5
SHIFT = 4.0
"""A shift surpasses so many times what the level of so many days usually strays by, ..."""
STRAY = 0.75
SHIFT_FLOOR = 0.1
"""... and by this much (natural log) even that of the steadiest meter may stray on top."""
SHIFT_SLACK = 0.05
"""Part of its mean day that keeps days of next to nothing from counting for much."""
LEVEL_DAYS = 28
"""From so many days the usual level is taken, as they were before a stretch began."""


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
    """Readings far above what is expected, measured by how far usual peaks lie above it."""
    scale = np.fmax(past.top - past.expected, 0) + FLOOR * past.mean[:, :, None]
    height = ((grid.kwh - past.expected) / scale).reshape(len(grid.kwh), -1)
    height = np.nan_to_num(height, nan=-np.inf, posinf=np.inf, neginf=-np.inf)
    found = _stretches(height > SPIKE_SHOULDER * SPIKE, grid)
    return found[found.reduce(np.maximum, height) > SPIKE]


def outages(grid: Grid, past: Profile) -> Stretches:
    """Readings of nothing for so long as is improbable at these times of day."""
    known = ~np.isnan(past.off)
    found = _stretches((past.standing & known).reshape(len(grid.kwh), -1), grid)
    days = WEEKS * 7
    chance = (np.where(known, past.off, 1) * days + 1) / (days + 2)
    improbable = np.where(np.isnan(grid.kwh), 0, -np.log(chance) * grid.hours)
    return found[found.reduce(np.add, improbable.reshape(len(grid.kwh), -1)) > OUTAGE]


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


def shifts(grid: Grid, past: Profile) -> Stretches:
    """Days on end that use more, or less, than such days did, by more than such stretches usually stray."""
    level = _levels(past)
    stretch = median(_trailing(level, SHIFT_DAYS), axis=2, least=SHIFT_DAYS - 1)
    strays = np.sort(_trailing(np.abs(stretch), WEEKS * 7), axis=2)
    seen = (~np.isnan(strays)).sum(axis=2, keepdims=True)
    usual = np.take_along_axis(strays, np.maximum((STRAY * (seen - 1)).round().astype(int), 0), axis=2)
    usual = np.where(seen >= 2 * 7, usual, np.nan)[:, :, 0]
    bound = np.full(usual.shape, np.nan)
    bound[:, SHIFT_DAYS:] = SHIFT * usual[:, :-SHIFT_DAYS] + SHIFT_FLOOR
    smooth = median(
        sliding_window_view(np.pad(level, ((0, 0), (1, 1)), constant_values=np.nan), 3, 1), axis=2
    )
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


def _levels(past: Profile) -> Floats:
    """By how much (natural log) each day is above days of its kind as they were before its stretch."""
    level = np.log(np.maximum(past.daily, 0) + SHIFT_SLACK * past.mean)
    usual = np.full(level.shape, np.nan)
    for kind in (True, False):
        of_kind = np.where(past.resting == kind, level, np.nan)
        before = median(_trailing(of_kind, LEVEL_DAYS), axis=2, least=3)
        lagged = np.pad(before, ((0, 0), (SHIFT_DAYS + 2, 0)), constant_values=np.nan)[:, : level.shape[1]]
        usual = np.where(past.resting == kind, lagged, usual)
    return np.asarray(level - usual)


def _trailing(values: Floats, days: int) -> Floats:
    """The last days up to each (meters, days, so many)."""
    padded = np.pad(values, ((0, 0), (days - 1, 0)), constant_values=np.nan)
    return sliding_window_view(padded, days, axis=1)


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
