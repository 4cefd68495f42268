"""Tell habits from spikes: what a meter does again and again at the same hours is told once."""

import numpy as np

from ml.arrays import Floats
from ml.detection.grid import Grid, Runs
from ml.detection.profile import WEEKS

HABIT = 3
"""What happened so often at these hours is a habit; ..."""
APART = 8
"""... and one event, as long as no more days lie between the beginnings of two."""
HIGHER = 2.0
"""What is so many times as far above the expected as any before is another thing."""


def split_habits(spikes: Runs, excess: Floats, grid: Grid) -> tuple[Runs, Runs]:
    """Return the single spikes and the habits among spikes; ``excess`` (meters, cells) is kWh.

    A few spikes at the same hours, not many days apart, are one event, a habit. It is told by then: those
    that follow in the weeks after are neither.
    """
    group = np.arange(len(spikes.meter))
    highest = spikes.reduce(np.fmax, np.nan_to_num(excess))
    slots = grid.kwh.shape[2]
    told = np.zeros(len(group), bool)
    for this, first in enumerate(np.searchsorted(spikes.meter, spikes.meter)):
        begin, end = spikes.begin[this], spikes.end[this]
        before = slice(first + (spikes.begin[first:this] < begin - WEEKS * 7 * slots).sum(), this)
        like = _hours_shared(spikes[before], begin, end, slots) & (highest[this] <= HIGHER * highest[before])
        told[this] = like.sum() >= HABIT
        (same,) = np.nonzero(like & (begin - spikes.begin[before] <= APART * slots))
        if len(same) and not told[this]:
            group[this] = group[before][same[-1]]
    size = np.bincount(group[~told], minlength=len(group))[group]
    habits = Runs(spikes.meter, spikes.begin, spikes.end, group)[~told & (size >= HABIT)]
    return spikes[~told & (size < HABIT)], habits


def _hours_shared(before: Runs, begin: int, end: int, slots: int) -> np.ndarray:
    """Tell which of some runs share half of the hours of the day of the shorter with [begin, end)."""
    lengths, length = np.minimum(before.end - before.begin, slots), min(end - begin, slots)
    ahead = (begin - before.begin) % slots
    shared = np.clip(lengths - ahead, 0, length) + np.clip(ahead + length - slots, 0, lengths)
    return np.asarray(2 * shared >= np.minimum(lengths, length))
