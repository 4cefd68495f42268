"""Shifts: days on end at another level than before."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ml.levels import trailing
from ml.load_grid import Floats, Grid
from ml.load_profile import median
from ml.stretches import Stretches, stretches_of

SHIFT_DAYS, SHIFT_LEAST = 7, 5
"""A week has each weekday once; the mean level of so many of its days tells of a shift."""
UP, UP_FLOOR = 1.5, 0.15
DOWN, DOWN_FLOOR = 3.5, 0.1
"""A shift surpasses (natural log) by so much, and so many times what the mean level of a week usually strays
by; downwards by more, for rooms stand empty more often than that something is left on."""
SHIFT_CLIP = 0.4
"""A single day counts as no more than this: one bad day is no shift."""
USUAL_DAYS, LEAST_DAYS = 150, 14


def shifts(grid: Grid, level: Floats) -> Stretches:
    """Days on end that use more, or less, than such days did, by more than such stretches usually stray."""
    stretch = _mean_of(trailing(np.clip(level, -SHIFT_CLIP, SHIFT_CLIP), SHIFT_DAYS), SHIFT_LEAST)
    usual = median(trailing(np.abs(stretch), USUAL_DAYS), axis=2, least=LEAST_DAYS)
    usual = np.pad(usual, ((0, 0), (SHIFT_DAYS, 0)), constant_values=np.nan)[:, : level.shape[1]]
    around = sliding_window_view(np.pad(level, ((0, 0), (1, 1)), constant_values=np.nan), 3, axis=1)
    smooth = median(around, axis=2)
    parts = []
    for sign, bound in ((1, UP * usual + UP_FLOOR), (-1, DOWN * usual + DOWN_FLOOR)):
        ending = np.pad(sign * stretch > bound, ((0, 0), (0, SHIFT_DAYS - 1)))
        within = sliding_window_view(ending, SHIFT_DAYS, axis=1).any(axis=2)
        parts.append(stretches_of(within & (sign * smooth > bound / 2), grid))
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
