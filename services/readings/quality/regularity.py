"""The length of each reading's interval, told from the times of its meter's readings."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]

ALIKE = 0.15
"""Steps that differ by no more are one interval: days of 23 hours, months of 28 days."""
REGULAR = 3
"""So many alike steps in a row are a habit; fewer are gaps."""


@dataclass(frozen=True)
class Intervals:
    """Interval lengths in microseconds, and where a meter leaves them."""

    of_meter: Ints
    """The usual one of each meter; 0 where a single reading does not tell."""
    each: Ints
    """That of each reading; at least 1."""
    missing: Ints
    """How many readings are missing between each one and the next of its meter."""
    changes: Ints
    """Positions of the readings from which a meter reads in another interval than before."""


def intervals(meter: Ints, time: Ints) -> Intervals:
    """Intervals of readings that are sorted by meter (numbers from 0) and instant, each instant once."""
    inside = np.diff(meter) == 0
    at = np.flatnonzero(inside)
    step, owner = np.diff(time)[at], meter[at]
    # A step that is there, unlike the mean of two.
    usual = pd.Series(step).groupby(owner).quantile(0.5, interpolation="lower")
    meters = range(int(meter.max(initial=-1)) + 1)
    of_meter: Ints = usual.reindex(meters, fill_value=0).to_numpy().astype("int64")
    here, changed = _habits(owner, step, of_meter)
    each = np.maximum(of_meter, 1)[meter]
    each[at] = here
    # The last reading of a meter lasts as long as the one before it.
    last = np.flatnonzero(~np.append(inside, False) & np.append(False, inside))
    each[last] = each[last - 1]
    missing = np.zeros(len(meter), "int64")
    missing[at] = np.maximum(np.rint(step / here).astype("int64") - 1, 0)
    return Intervals(of_meter, each, missing, at[changed])


def _habits(owner: Ints, step: Ints, of_meter: Ints) -> tuple[Ints, Ints]:
    """The interval that holds at each step, and the positions of the steps at which another one begins."""
    if not len(step):
        return step, np.empty(0, "int64")
    other_meter = np.append(True, np.diff(owner) != 0)
    unlike = np.append(True, np.abs(np.diff(step)) > ALIKE * np.maximum(step[1:], step[:-1]))
    first = np.flatnonzero(other_meter | unlike)
    size = np.diff(np.append(first, len(step)))
    mean = np.rint(np.add.reduceat(step, first) / size).astype("int64")
    habit = np.flatnonzero(size >= REGULAR)
    same_meter = np.diff(owner[first[habit]]) == 0
    moved = np.abs(np.diff(mean[habit])) > ALIKE * np.maximum(mean[habit][1:], mean[habit][:-1])
    # Between two habits the earlier one holds; before a meter's first habit, its usual interval.
    latest = np.maximum.accumulate(np.where(size >= REGULAR, np.arange(len(size)), -1))
    held = (latest >= 0) & (owner[first[latest]] == owner[first])
    here = np.where(held, mean[latest], of_meter[owner[first]])
    return np.repeat(here, size), first[habit[1:][same_meter & moved]]
