"""Find spikes: readings far above what is expected of them."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ml.arrays import Floats
from ml.detection.grid import Grid, Runs, runs_of
from ml.detection.profile import Profile, median

SPIKE = 1.4
"""A spike is so many times as far above the expected as readings were at most around its time of day, ..."""
ERRATIC = 1.7
"""... and so many times as far, measured so, as the farthest reading of a usual week."""
FLOOR, PART = 0.05, 0.4
"""To that most this part of the meter's mean reading is added, and this part of what is expected: even what
goes like clockwork may stray so far."""
NEAR = 1
"""Around a time of day are so many hours before and after it."""
SPIKE_BUSY = 1.9
"""As long as no weeks tell what is usual: so many times what is seldom surpassed at any hour."""
SPIKE_SHOULDER, SPIKE_FLANK = 0.5, 0.25
"""Readings around it belong to a spike from this part of the bound, and of its highest, on."""
USUAL_WEEKS, LEAST_WEEKS = 26, 2
"""Usual is the median of so many weeks before, as soon as there are a few."""


def find_spikes(grid: Grid, past: Profile) -> Runs:
    """Find readings far above the expected, by what was so around this time of day and in usual weeks."""
    most = _around(past.surplus, grid) + FLOOR * past.mean[:, :, None] + PART * past.expected
    above = (grid.kwh - past.expected) / most
    height = above / (SPIKE * np.maximum(ERRATIC * _usual_highest(above), 1))
    busy = grid.kwh / (SPIKE_BUSY * (past.busy + FLOOR * past.mean)[:, :, None])
    height = np.where(np.isnan(height), busy, height)
    height = np.nan_to_num(height.reshape(len(grid.kwh), -1), nan=-np.inf)
    found = runs_of(height > SPIKE_SHOULDER, grid)
    return _trimmed(found[found.reduce(np.maximum, height) > 1], height)


def _around(surplus: Floats, grid: Grid) -> Floats:
    """Return the highest surplus around each time of day."""
    near = min(round(NEAR / grid.hours), grid.kwh.shape[2] // 2)
    padded = np.pad(surplus, ((0, 0), (0, 0), (near, near)), mode="wrap")
    found = surplus
    for ahead in range(2 * near + 1):
        found = np.fmax(found, padded[:, :, ahead : ahead + surplus.shape[2]])
    return found


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
