"""Stretches of a meter's readings that are remarkable: gaps, runs of one value, outliers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from services.readings.quality.regularity import Intervals, Ints

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DAY = 86_400_000_000
"""In microseconds, as all times here."""
FEWEST_STUCK = 10
"""So many equal readings in a row are nothing yet: meters count in steps."""
FENCE = 3.0


@dataclass(frozen=True)
class Spells:
    """Stretches of readings: the meter's number, first instant, how many readings, how bad."""

    meter: Ints
    start: Ints
    readings: Ints
    badness: npt.NDArray[Any]


def gaps(meter: Ints, time: Ints, usual: Intervals) -> Spells:
    """Readings that are missing between two others."""
    at = np.flatnonzero(usual.missing)
    missing = usual.missing[at]
    return Spells(meter[at], time[at] + usual.each[at], missing, missing)


def runs(meter: Ints, time: Ints, kwh: Floats, usual: Intervals) -> tuple[Spells, Spells]:
    """Runs of one value without a gap: those of zero, and those of another value, that are remarkable."""
    differs = np.abs(np.diff(kwh)) > 1e-9 * np.abs(kwh[1:])
    begins = np.append(True, differs | (np.diff(meter) != 0) | (usual.missing[:-1] > 0))
    first = np.flatnonzero(begins)
    size = np.diff(np.append(first, len(kwh)))
    last = first + size - 1
    lasts = time[last] + usual.each[last] - time[first]
    runs = Spells(meter[first], time[first], size, size)
    zero = kwh[first] == 0
    nothing = zero & (lasts > np.maximum(DAY, _habit_of_zero(runs.meter, lasts, zero)))
    return _chosen(runs, nothing), _chosen(runs, ~zero & (size > _longest_by_chance(runs, ~zero)))


def _habit_of_zero(meter: Ints, lasts: Ints, zero: Flags) -> Floats:
    """Three times the meter's usual run of zeros; nothing where there are too few runs to call it usual."""
    lengths = pd.Series(lasts[zero]).groupby(meter[zero])
    usual = lengths.median().where(lengths.size() >= 5, 0) * 3
    habit: Floats = usual.reindex(meter, fill_value=0).to_numpy("float64")
    return habit


def _longest_by_chance(runs: Spells, counted: Flags) -> Floats:
    """Twice the longest run that chance brings: log n / log(1/p), with p how often a value is repeated.

    p is taken from how many runs hold more than one reading, which a meter that is stuck hardly changes
    (Erdős and Rényi, 1970).
    """
    of = pd.DataFrame({"n": runs.readings, "again": runs.readings > 1})[counted].groupby(runs.meter[counted])
    repeats = of["again"].sum() / (of.size() + 1)
    longest = 2 * np.log(of["n"].sum()) / -np.log(repeats.clip(lower=1e-9))
    bound: Floats = longest.reindex(runs.meter, fill_value=0).to_numpy("float64")
    return np.maximum(FEWEST_STUCK, bound)


def outliers(meter: Ints, time: Ints, demand: Floats) -> Spells:
    """Readings beyond a fence at three times the usual reach of the meter's demand from its median.

    The reach goes to the value that all but a hundredth of the readings, and at least two, stay within:
    a seasonal or seldom peak is no outlier, a decimal point that slipped is one.
    """
    ranked = demand[np.lexsort((demand, meter))]
    first = firsts(meter)
    count = np.diff(np.append(first, len(meter)))
    spared = np.minimum(count // 100 + 2, (count - 1) // 2)
    middle = ranked[first + count // 2]
    high, low = ranked[first + count - 1 - spared], ranked[first + spared]
    # Never within twice the median: a steady meter's small changes are no outliers.
    above = np.maximum(high + FENCE * (high - middle), middle + np.abs(middle))
    below = np.minimum(low - FENCE * (middle - low), middle - np.abs(middle))
    out = (demand > above[meter]) | (demand < below[meter])
    out &= count[meter] >= 10
    return single(meter[out], time[out], np.abs(demand - middle[meter])[out])


def single(meter: Ints, start: Ints, badness: Floats | None = None) -> Spells:
    """Readings each by itself; all equally bad unless told how bad."""
    ones = np.ones(len(meter), "int64")
    return Spells(meter, start, ones, ones if badness is None else badness)


def _chosen(spells: Spells, which: Flags) -> Spells:
    return Spells(*(column[which] for column in vars(spells).values()))


def firsts(meter: Ints) -> Ints:
    """The position of each meter's first reading."""
    return np.flatnonzero(np.diff(meter, prepend=-1))
