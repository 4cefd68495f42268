"""Find spikes: readings far above what is expected of them."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ml.arrays import Floats
from ml.detection.grid import Grid, Runs, runs_of
from ml.detection.profile import Profile, median

SPIKE, ERRATIC = 2.4, 1.3
"""A spike is so many times as far above what is expected, measured by what the meter uses when it is busy, as
the farthest reading of a usual week; by more where that is much."""
SPIKE_BY_HOUR, STEADY = 2.2, 0.4
"""Or so many times as far, measured by how far readings of its time of day usually stray; by far more where
usual weeks' farthest is no small part of what the meter uses when it is busy: of an erratic meter, no hour
tells what to expect; ..."""
AMONG_BUSY = 0.3
"""... and no less than this part of it, so that a trifle in a dead hour is none."""
SPIKE_BUSY = 1.9
"""Or so many times what is seldom surpassed at any hour."""
SPIKE_SHOULDER, SPIKE_FLANK = 0.5, 0.25
"""Readings around it belong to a spike from this part of the bound, and of its highest, on."""
USUAL_WEEKS, LEAST_WEEKS = 26, 2
"""Usual is the median of so many weeks before, as soon as there are a few."""
LEAST_BY_HOUR = 0.5
"""Even a load that goes like clockwork may deviate so far, measured so."""
WEEK_OF_HOURS = 168
FLOOR = 0.02
"""Part of its mean consumption by which even the steadiest meter may stray."""


def find_spikes(grid: Grid, past: Profile) -> Runs:
    """Find readings above the expected by more than in usual weeks, or far above any usual one."""
    excess, busy = grid.kwh - past.expected, past.busy[:, :, None] + FLOOR * past.mean[:, :, None]
    by_hour, by_busy = excess / _usual_deviation(past), excess / busy
    usual_by_hour = np.maximum(_usual_highest(by_hour), LEAST_BY_HOUR)
    usual_by_busy = np.maximum(_usual_highest(by_busy), FLOOR)
    # The highest of a few says less about what the highest may be.
    sample = np.log(WEEK_OF_HOURS) / np.log(7 * grid.kwh.shape[2])
    bound_by_busy = sample * usual_by_busy * (SPIKE + ERRATIC * usual_by_busy)
    bound_by_hour = sample * usual_by_hour * SPIKE_BY_HOUR * (1 + (usual_by_busy / STEADY) ** 4)
    share = grid.kwh / busy
    by_hour = np.minimum(by_hour / bound_by_hour, share / AMONG_BUSY)
    height = np.fmax(np.fmax(by_busy / bound_by_busy, by_hour), share / SPIKE_BUSY)
    height = np.nan_to_num(height.reshape(len(grid.kwh), -1), nan=-np.inf)
    found = runs_of(height > SPIKE_SHOULDER, grid)
    return _trimmed(found[found.reduce(np.maximum, height) > 1], height)


def _usual_deviation(past: Profile) -> Floats:
    """Return how far readings usually are from the expected: around this time of day plus overall."""
    padded = np.pad(past.deviation, ((0, 0), (0, 0), (1, 1)), mode="wrap")
    around = (padded[:, :, :-2] + padded[:, :, 1:-1] + padded[:, :, 2:]) / 3
    return np.asarray(around + past.deviation.mean(axis=2, keepdims=True) + FLOOR * past.mean[:, :, None])


def _usual_highest(above: Floats) -> Floats:
    """Return the median of the highest values of the weeks before, (meters, days, 1)."""
    weekly = above.reshape(len(above), above.shape[1] // 7, -1)
    highest = np.fmax.reduce(weekly, axis=2)
    before = np.pad(highest, ((0, 0), (USUAL_WEEKS, 0)), constant_values=np.nan)[:, :-1]
    windows = sliding_window_view(before, USUAL_WEEKS, axis=1)
    return median(windows, axis=2, least=LEAST_WEEKS).repeat(7, axis=1)[:, :, None]


def _trimmed(found: Runs, height: Floats) -> Runs:
    """Cut off either end of each run what is but a small part of its highest."""
    begin, end = found.begin.copy(), found.end.copy()
    for i, meter in enumerate(found.meter):
        part = height[meter, begin[i] : end[i]]
        belong = np.flatnonzero(part > SPIKE_FLANK * part.max())
        begin[i], end[i] = begin[i] + belong[0], begin[i] + belong[-1] + 1
    return Runs(found.meter, begin, end)
