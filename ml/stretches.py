"""Stretches of the readings of many meters."""

from dataclasses import dataclass

import numpy as np

from ml.load_grid import Floats, Grid, Ints
from ml.load_profile import Mask


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


def stretches_of(mask: Mask, grid: Grid) -> Stretches:
    """The stretches of True; a missing reading is as the one before it."""
    if not mask.any():
        nothing = np.zeros(0, np.int64)
        return Stretches(nothing, nothing, nothing)
    if mask.shape == grid.flat.shape:
        mask = filled(np.where(np.isnan(grid.flat), np.nan, mask)) > 0
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    meter, begin = np.nonzero(edges == 1)
    return Stretches(meter, begin, np.nonzero(edges == -1)[1])


def filled(flat: Floats) -> Floats:
    """With the reading before in place of one that is missing."""
    there = ~np.isnan(flat)
    if there.all():
        return flat
    last = np.maximum.accumulate(np.where(there, np.arange(flat.shape[1]), 0), axis=1)
    return np.take_along_axis(flat, last, axis=1)
