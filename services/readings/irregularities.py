"""Find gaps, runs of one value, outliers and changes of interval in the readings of many meters at once."""

from dataclasses import dataclass
from typing import Any

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


def usual_intervals(meter: Ints, time: Ints) -> Intervals:
    """Find the intervals of readings sorted by meter (numbers from 0) and instant (µs), each instant once."""
    inside = np.diff(meter) == 0
    at = np.flatnonzero(inside)
    step, owner = np.diff(time)[at], meter[at]
    # A step that is there, unlike the mean of two.
    usual = pd.Series(step).groupby(owner).quantile(0.5, interpolation="lower")
    meters = range(int(meter.max(initial=-1)) + 1)
    of_meter: Ints = usual.reindex(meters, fill_value=0).to_numpy().astype("int64")
    here, changed = _interval_at_steps(owner, step, of_meter)
    each = np.maximum(of_meter, 1)[meter]
    each[at] = here
    # The last reading of a meter lasts as long as the one before it.
    last = np.flatnonzero(~np.append(inside, False) & np.append(False, inside))
    each[last] = each[last - 1]
    missing = np.zeros(len(meter), "int64")
    missing[at] = np.maximum(np.rint(step / here).astype("int64") - 1, 0)
    return Intervals(of_meter, each, missing, at[changed])


def _interval_at_steps(owner: Ints, step: Ints, of_meter: Ints) -> tuple[Ints, Ints]:
    """Return the interval (µs) that holds at each step, and where (steps) another begins."""
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


Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DAY = 86_400_000_000
"""In microseconds, as all times here."""
FEWEST_STUCK = 10
"""So many equal readings in a row are nothing yet: meters count in steps."""
FENCE = 3.0


@dataclass(frozen=True)
class Runs:
    """Stretches of readings: the meter's number, first instant, how many readings, how bad."""

    meter: Ints
    start: Ints
    readings: Ints
    badness: npt.NDArray[Any]


def find_gaps(meter: Ints, time: Ints, usual: Intervals) -> Runs:
    """Return readings that are missing between two others."""
    at = np.flatnonzero(usual.missing)
    missing = usual.missing[at]
    return Runs(meter[at], time[at] + usual.each[at], missing, missing)


def find_constant_runs(meter: Ints, time: Ints, kwh: Floats, usual: Intervals) -> tuple[Runs, Runs]:
    """Find remarkable runs of one value without a gap: those of zero, and those of another value."""
    differs = np.abs(np.diff(kwh)) > 1e-9 * np.abs(kwh[1:])
    begins = np.append(True, differs | (np.diff(meter) != 0) | (usual.missing[:-1] > 0))
    first = np.flatnonzero(begins)
    size = np.diff(np.append(first, len(kwh)))
    last = first + size - 1
    lasts = time[last] + usual.each[last] - time[first]
    runs = Runs(meter[first], time[first], size, size)
    zero = kwh[first] == 0
    nothing = zero & (lasts > np.maximum(DAY, _usual_zero_run(runs.meter, lasts, zero)))
    return _chosen(runs, nothing), _chosen(runs, ~zero & (size > _longest_by_chance(runs, ~zero)))


def _usual_zero_run(meter: Ints, lasts: Ints, zero: Flags) -> Floats:
    """Return three times each meter's usual run of zeros (µs); 0 where there are too few runs to know it."""
    lengths = pd.Series(lasts[zero]).groupby(meter[zero])
    usual = lengths.median().where(lengths.size() >= 5, 0) * 3
    habit: Floats = usual.reindex(meter, fill_value=0).to_numpy("float64")
    return habit


def _longest_by_chance(runs: Runs, counted: Flags) -> Floats:
    """Return twice the longest run by chance: log n / log(1/p), with p how often a value is repeated.

    p is taken from how many runs hold more than one reading, which a meter that is stuck hardly changes
    (Erdős and Rényi, 1970).
    """
    of = pd.DataFrame({"n": runs.readings, "again": runs.readings > 1})[counted].groupby(runs.meter[counted])
    repeats = of["again"].sum() / (of.size() + 1)
    longest = 2 * np.log(of["n"].sum()) / -np.log(repeats.clip(lower=1e-9))
    bound: Floats = longest.reindex(runs.meter, fill_value=0).to_numpy("float64")
    return np.maximum(FEWEST_STUCK, bound)


def find_outliers(meter: Ints, time: Ints, demand: Floats) -> Runs:
    """Return readings beyond a fence at three times the usual reach of the meter's demand from its median.

    The reach goes to the value that all but a hundredth of the readings, and at least two, stay within:
    a seasonal or seldom peak is no outlier, a decimal point that slipped is one.
    """
    ranked = demand[np.lexsort((demand, meter))]
    first = first_positions(meter)
    count = np.diff(np.append(first, len(meter)))
    spared = np.minimum(count // 100 + 2, (count - 1) // 2)
    middle = ranked[first + count // 2]
    high, low = ranked[first + count - 1 - spared], ranked[first + spared]
    # Never within twice the median: a steady meter's small changes are no outliers.
    above = np.maximum(high + FENCE * (high - middle), middle + np.abs(middle))
    below = np.minimum(low - FENCE * (middle - low), middle - np.abs(middle))
    out = (demand > above[meter]) | (demand < below[meter])
    out &= count[meter] >= 10
    return single_readings(meter[out], time[out], np.abs(demand - middle[meter])[out])


def single_readings(meter: Ints, start: Ints, badness: Floats | None = None) -> Runs:
    """Return readings each by itself; all equally bad unless told how bad."""
    ones = np.ones(len(meter), "int64")
    return Runs(meter, start, ones, ones if badness is None else badness)


def _chosen(spells: Runs, which: Flags) -> Runs:
    return Runs(*(column[which] for column in vars(spells).values()))


def first_positions(meter: Ints) -> Ints:
    """Return the position of each meter's first reading."""
    return np.flatnonzero(np.diff(meter, prepend=-1))
